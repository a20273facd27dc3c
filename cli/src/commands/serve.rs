//! `canvass serve`: the backend on a socket.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use canvass_backend::sqlite::SqliteStorage;
use canvass_backend::{App, operator_token, router};
use canvass_core::ports::{Clock, IdSource, SeededIds, SystemIds};
use canvass_core::seal::FileKeyVault;
use canvass_core::time::Timestamp;
use serde_json::json;

use crate::clock::{SetClock, SystemClock};
use crate::faults::behind_faults;
use crate::output::{Done, Failure};

/// Run the backend.
///
/// Example: canvass serve --data campaign --listen 127.0.0.1:8080
#[derive(clap::Args)]
pub(super) struct Args {
    /// The data directory; made if it is absent. The operator's token is written there once.
    #[arg(long)]
    data: PathBuf,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// For tests, on loopback only: ids, keys and tokens follow from this number.
    #[arg(long, requires = "test_clock")]
    test_seed: Option<u64>,
    /// For tests: the clock stands at this many milliseconds since 1970.
    #[arg(long, requires = "test_seed")]
    test_clock: Option<i64>,
    /// For tests, on loopback only: the seed of a bad network between phones and the backend.
    /// What happens to a request is told on standard error.
    #[arg(long)]
    faults: Option<u64>,
}

pub(super) fn run(args: &Args) -> Result<Done, Failure> {
    if args.test_seed.is_some() && !args.listen.ip().is_loopback() {
        let hint = "--test-seed makes secrets guessable: listen on loopback with it";
        return Err(Failure::Usage(hint.to_owned()));
    }
    if args.faults.is_some() && !args.listen.ip().is_loopback() {
        return Err(Failure::Usage("--faults is for tests: listen on loopback with it".to_owned()));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::System(error.to_string()))?;
    runtime.block_on(serve(args))
}

async fn serve(args: &Args) -> Result<Done, Failure> {
    let ids: Arc<dyn IdSource> = match args.test_seed {
        Some(seed) => Arc::new(SeededIds::new(seed, "server")),
        None => Arc::new(SystemIds),
    };
    let clock: Arc<dyn Clock> = match args.test_clock {
        Some(millis) => Arc::new(SetClock::at(Timestamp::from_millis(millis))),
        None => Arc::new(SystemClock::new()),
    };
    let system = |error: &dyn std::fmt::Display| Failure::System(error.to_string());
    let vault = FileKeyVault::new(&args.data.join("keys"), SystemIds);
    let storage = SqliteStorage::open(&args.data, &vault, &*ids).map_err(|e| system(&e))?;
    operator_token(&storage, &*ids, &args.data).await.map_err(|e| system(&e))?;
    let mut routes = router(App { storage, clock, ids });
    if let Some(seed) = args.faults {
        routes = behind_faults(routes, seed);
    }
    let serving = canvass_backend::serve(args.listen, routes).await.map_err(|e| system(&e))?;
    let address = serving.address().map_err(|e| system(&e))?;
    announce(address).map_err(|e| system(&e))?;
    tokio::select! {
        ended = serving.run() => ended.map_err(|e| system(&e))?,
        _interrupted = tokio::signal::ctrl_c() => {}
    }
    let json = json!({ "address": address.to_string() });
    Ok(Done { json, text: "stopped".to_owned() })
}

/// Whoever started it waits for this line.
fn announce(address: SocketAddr) -> std::io::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on http://{address}")?;
    out.flush()
}
