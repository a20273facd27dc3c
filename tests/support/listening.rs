//! A backend on a socket: for what only a connection can show.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;

use canvass_backend::sqlite::SqliteStorage;
use canvass_backend::{App, operator_token, router, serve};
use canvass_cli::clock::SetClock;
use canvass_core::ports::{IdSource, SeededIds};
use canvass_core::seal::FileKeyVault;
use tokio::sync::oneshot;

use crate::campaign::MORNING;

/// A backend that listens until it is dropped.
pub struct Listening {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Listening {
    /// Starts a backend in this directory, on a free port of loopback.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(directory: &Path) -> Self {
        let directory = directory.to_owned();
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let ids: Arc<dyn IdSource> = Arc::new(SeededIds::new(1, "listening"));
                let vault = FileKeyVault::new(&directory.join("keys"), SeededIds::new(1, "vault"));
                let storage = SqliteStorage::open(&directory, &vault, &*ids).expect("storage");
                operator_token(&storage, &*ids, &directory).await.expect("a token");
                let clock = Arc::new(SetClock::at(MORNING));
                let routes = router(App { storage, clock, ids });
                let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
                let serving = serve(any_port, routes).await.expect("a port");
                tell.send(serving.address().expect("an address")).expect("the test waits");
                tokio::select! {
                    ended = serving.run() => ended.expect("it serves"),
                    _ = stopped => {}
                }
            });
        });
        let address = told.recv().expect("an address");
        Self { address, stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _already_gone = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}
