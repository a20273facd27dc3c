//! A phone in this process: the engine that runs in the apps, with a file-backed key vault.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use canvass_core::engine::{Engine, Error, Ports, SyncInput, SyncReport, SyncRequest, SyncStep};
use canvass_core::ports::{Clock, IdSource, KeyVault, SeededIds, SystemIds};
use canvass_core::seal::FileKeyVault;
use canvass_core::sync::Reply;

/// A phone: a directory, its keys beside it, and the engine.
pub struct Phone {
    directory: PathBuf,
    ports: Ports,
    engine: Engine,
}

impl Phone {
    /// A phone whose ids and keys follow from a seed and its name: for tests and replays.
    pub fn seeded(
        directory: &Path,
        seed: u64,
        name: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let vault_ids = SeededIds::new(seed, &format!("vault {name}"));
        let vault: Arc<dyn KeyVault> =
            Arc::new(FileKeyVault::new(&keys_beside(directory), vault_ids));
        let ids: Arc<dyn IdSource> = Arc::new(SeededIds::new(seed, name));
        Self::open(directory, Ports { clock, ids, vault })
    }

    /// An engine directory on an organiser's own machine.
    pub fn system(directory: &Path, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let vault = Arc::new(FileKeyVault::new(&keys_beside(directory), SystemIds));
        Self::open(directory, Ports { clock, ids: Arc::new(SystemIds), vault })
    }

    /// A phone with ports of one's own.
    pub fn open(directory: &Path, ports: Ports) -> Result<Self, Error> {
        let engine = Engine::open(directory, ports.clone())?;
        Ok(Self { directory: directory.to_owned(), ports, engine })
    }

    /// The engine.
    #[must_use]
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Closes the engine and opens it again, as when the app is started anew.
    pub fn restart(&mut self) -> Result<(), Error> {
        self.engine.close();
        self.engine = Engine::open(&self.directory, self.ports.clone())?;
        Ok(())
    }

    /// Runs a sync to its end. `send` gives the server's answer, or nothing when there is none;
    /// waits are not waited for, but counted.
    pub fn sync(
        &self,
        mut send: impl FnMut(&SyncRequest) -> Option<Reply>,
    ) -> Result<SyncReport, Error> {
        let mut input = SyncInput::Begin { now: true };
        loop {
            input = match self.engine.sync_next(input)? {
                SyncStep::Send { request } => match send(&request) {
                    Some(Reply { status, retry_after_s, body }) => {
                        SyncInput::Reply { status, retry_after_s, body }
                    }
                    None => SyncInput::NoAnswer,
                },
                SyncStep::Wait { .. } => SyncInput::Waited,
                SyncStep::Done { report } => return Ok(report),
            };
        }
    }
}

/// Keys stand in the directory of the campaign, under a name of their own.
fn keys_beside(directory: &Path) -> PathBuf {
    directory.join("keys")
}
