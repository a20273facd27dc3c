//! The storage on embedded SQLite: one thread writes, another reads beside it.
//!
//! The file is encrypted under a key kept in the data directory: a copied database alone tells
//! nothing. This is the only place of the backend that knows SQL.

mod assign;
mod campaign;
mod codes;
mod compare;
mod conflicts;
mod corrections;
mod enrol;
mod erase;
mod export;
mod import;
mod ingest;
mod keys;
mod leases;
mod lists;
mod pull;
mod push;
mod rows;
mod set_aside;
mod streets;
mod turfs;
mod worker;

use std::path::Path;
use std::sync::Arc;

use canvass_core::id::{CampaignId, CanvasserId, ChangeId, ConflictId, DeviceId};
use canvass_core::interchange::{Backend, ImportTally};
use canvass_core::merge::Digest;
use canvass_core::ports::{IdSource, KeyVault};
use canvass_core::store::database::{self, Migrations};
use canvass_core::store::{Directory, StoreError, StoreFile};
use canvass_core::survey::Script;
use canvass_core::sync::wire::{
    CompareReply, CompareRequest, DropRequest, EnrolReply, EnrolRequest, PullReply, PullRequest,
    PushReply, PushRequest, RevokedReply, StreetsReply, StreetsRequest,
};
use canvass_core::time::Timestamp;

use crate::error::Error;
use crate::sqlite::worker::Worker;
use crate::storage::{
    CampaignCounts, CampaignSeeds, CorrectionOrder, DeviceOrder, DeviceScope, ErasureOrder,
    ExportFormat, Exported, ImportBody, ImportOrder, InvitationOrder, List, ListOrder,
    OpenConflict, OpenCorrection, OpenSoftConflict, Recovered, Retried, ScriptSaved, SecretHash,
    SetAside, Storage, Streets, Turf, TurfOrder,
};

const MIGRATIONS: Migrations = Migrations {
    file: StoreFile::Main,
    steps: &[
        include_str!("sql/001_init.sql"),
        include_str!("sql/002_streets.sql"),
        include_str!("sql/003_result_codes.sql"),
        include_str!("sql/004_access.sql"),
    ],
};

/// The storage on embedded SQLite.
#[derive(Clone)]
pub struct SqliteStorage {
    writer: Worker,
    reader: Worker,
    _directory: Arc<Directory>,
}

impl SqliteStorage {
    /// Opens the data directory, which is made if it is absent; no other process may have it
    /// open.
    pub fn open(
        directory: &Path,
        vault: &dyn KeyVault,
        ids: &dyn IdSource,
    ) -> Result<Self, StoreError> {
        let directory = Directory::lock(directory)?;
        let keys = directory.keys(vault, ids)?;
        let path = directory.main_db();
        let writer = database::open(&path, &keys.main, &MIGRATIONS)?;
        // If it does not succeed now it is tried again after the next erasure or opening.
        let _later = erase::drop_remains(&writer);
        let writer = Worker::start(writer);
        let reader = Worker::start(database::open(&path, &keys.main, &MIGRATIONS)?);
        Ok(Self { writer, reader, _directory: Arc::new(directory) })
    }
}

impl Storage for SqliteStorage {
    async fn put_operator(&self, token: SecretHash) -> Result<bool, Error> {
        self.writer.write(move |tx| campaign::put_operator(tx, token)).await
    }

    async fn is_operator(&self, token: SecretHash) -> Result<bool, Error> {
        self.reader.read(move |tx| campaign::is_operator(tx, token)).await
    }

    async fn device_of(&self, token: SecretHash) -> Result<Option<DeviceScope>, Error> {
        self.reader.read(move |tx| enrol::device_of(tx, token)).await
    }

    async fn create_campaign(
        &self,
        campaign: CampaignId,
        name: String,
        seeds: CampaignSeeds,
    ) -> Result<(), Error> {
        self.writer.write(move |tx| campaign::create(tx, campaign, &name, &seeds)).await
    }

    async fn opening_seed(&self, campaign: CampaignId) -> Result<[u8; 32], Error> {
        self.reader.read(move |tx| keys::opening_seed(tx, campaign)).await
    }

    async fn recover(
        &self,
        campaign: CampaignId,
        segments: Vec<Vec<u8>>,
        now: Timestamp,
    ) -> Result<Recovered, Error> {
        self.writer.write(move |tx| push::recover(tx, campaign, &segments, now)).await
    }

    async fn counts(&self, campaign: CampaignId) -> Result<CampaignCounts, Error> {
        self.reader.read(move |tx| campaign::counts(tx, campaign)).await
    }

    async fn import(
        &self,
        campaign: CampaignId,
        order: ImportOrder,
        body: ImportBody,
        now: Timestamp,
    ) -> Result<ImportTally, Error> {
        self.writer
            .write(move |tx| {
                let tally = import::import(tx, campaign, &order, body, now)?;
                set_aside::retry(tx, campaign, None, false, now)?;
                Ok(tally)
            })
            .await
    }

    async fn create_turfs(
        &self,
        campaign: CampaignId,
        order: TurfOrder,
    ) -> Result<Vec<Turf>, Error> {
        self.writer.write(move |tx| turfs::create(tx, campaign, &order)).await
    }

    async fn turfs(&self, campaign: CampaignId) -> Result<Vec<Turf>, Error> {
        self.reader.read(move |tx| turfs::all(tx, campaign)).await
    }

    async fn put_script(
        &self,
        campaign: CampaignId,
        script: Script,
        now: Timestamp,
    ) -> Result<ScriptSaved, Error> {
        self.writer
            .write(move |tx| {
                let saved = campaign::put_script(tx, campaign, &script)?;
                set_aside::retry(tx, campaign, None, false, now)?;
                Ok(saved)
            })
            .await
    }

    async fn create_list(&self, campaign: CampaignId, order: ListOrder) -> Result<List, Error> {
        self.writer.write(move |tx| lists::create(tx, campaign, &order)).await
    }

    async fn lists(&self, campaign: CampaignId) -> Result<Vec<List>, Error> {
        self.reader.read(move |tx| lists::all(tx, campaign)).await
    }

    async fn recut_list(
        &self,
        campaign: CampaignId,
        number: u32,
        turf: u32,
    ) -> Result<List, Error> {
        self.writer.write(move |tx| lists::recut(tx, campaign, number, turf)).await
    }

    async fn assign_list(
        &self,
        campaign: CampaignId,
        number: u32,
        device: DeviceId,
    ) -> Result<(), Error> {
        self.writer.write(move |tx| assign::assign(tx, campaign, device, number)).await
    }

    async fn take_list(
        &self,
        campaign: CampaignId,
        number: u32,
        device: DeviceId,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.writer.write(move |tx| assign::take(tx, campaign, device, number, now)).await
    }

    async fn set_aside(&self, campaign: CampaignId) -> Result<Vec<SetAside>, Error> {
        self.reader.read(move |tx| set_aside::list(tx, campaign)).await
    }

    async fn retry_set_aside(
        &self,
        campaign: CampaignId,
        now: Timestamp,
    ) -> Result<Retried, Error> {
        self.writer.write(move |tx| set_aside::retry(tx, campaign, None, true, now)).await
    }

    async fn withdraw_list(
        &self,
        campaign: CampaignId,
        number: u32,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.writer.write(move |tx| lists::withdraw(tx, campaign, number, now)).await
    }

    async fn list_digest(&self, campaign: CampaignId, number: u32) -> Result<Digest, Error> {
        self.reader.read(move |tx| lists::digest(tx, campaign, number)).await
    }

    async fn invite(
        &self,
        campaign: CampaignId,
        order: InvitationOrder,
        secret: SecretHash,
        now: Timestamp,
    ) -> Result<CanvasserId, Error> {
        self.writer.write(move |tx| enrol::invite(tx, campaign, &order, secret, now)).await
    }

    async fn enrol(&self, request: EnrolRequest, now: Timestamp) -> Result<EnrolReply, Error> {
        self.writer.write(move |tx| enrol::enrol(tx, &request, now)).await
    }

    async fn revoke_device(
        &self,
        campaign: CampaignId,
        device: DeviceId,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.writer.write(move |tx| enrol::revoke(tx, campaign, device, now)).await
    }

    async fn erase_device(
        &self,
        campaign: CampaignId,
        device: DeviceId,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.writer.write(move |tx| leases::erase_all(tx, campaign, device, now)).await
    }

    async fn orders(&self, campaign: CampaignId) -> Result<Vec<DeviceOrder>, Error> {
        self.reader.read(move |tx| leases::orders(tx, campaign)).await
    }

    async fn shut_out(&self, token: SecretHash) -> Result<Option<RevokedReply>, Error> {
        self.reader.read(move |tx| leases::shut_out(tx, token)).await
    }

    async fn drop_off(&self, request: DropRequest, now: Timestamp) -> Result<PushReply, Error> {
        self.writer.write(move |tx| leases::drop_off(tx, &request, now)).await
    }

    async fn push(
        &self,
        scope: DeviceScope,
        request: PushRequest,
        now: Timestamp,
    ) -> Result<PushReply, Error> {
        self.writer.write(move |tx| push::push(tx, scope, &request, now)).await
    }

    async fn pull(
        &self,
        scope: DeviceScope,
        request: PullRequest,
        now: Timestamp,
    ) -> Result<PullReply, Error> {
        if !request.done.is_empty() {
            let done = request.done.clone();
            self.writer.write(move |tx| leases::orders_done(tx, scope, &done)).await?;
        }
        self.reader.read(move |tx| pull::pull(tx, scope, &request, now)).await
    }

    async fn compare(
        &self,
        scope: DeviceScope,
        request: CompareRequest,
    ) -> Result<CompareReply, Error> {
        self.reader.read(move |tx| compare::compare(tx, scope, &request)).await
    }

    async fn put_streets(&self, campaign: CampaignId, pack: Vec<u8>) -> Result<Streets, Error> {
        self.writer.write(move |tx| streets::put(tx, campaign, &pack)).await
    }

    async fn streets(
        &self,
        scope: DeviceScope,
        request: StreetsRequest,
    ) -> Result<StreetsReply, Error> {
        self.reader.read(move |tx| streets::give(tx, scope, &request)).await
    }

    async fn conflicts(&self, campaign: CampaignId) -> Result<Vec<OpenConflict>, Error> {
        self.reader.read(move |tx| conflicts::list(tx, campaign)).await
    }

    async fn resolve(
        &self,
        campaign: CampaignId,
        conflict: ConflictId,
        chosen: ChangeId,
        now: Timestamp,
    ) -> Result<ChangeId, Error> {
        self.writer.write(move |tx| conflicts::resolve(tx, campaign, conflict, chosen, now)).await
    }

    async fn soft_conflicts(&self, campaign: CampaignId) -> Result<Vec<OpenSoftConflict>, Error> {
        self.reader.read(move |tx| conflicts::soft(tx, campaign)).await
    }

    async fn corrections(&self, campaign: CampaignId) -> Result<Vec<OpenCorrection>, Error> {
        self.reader.read(move |tx| corrections::list(tx, campaign)).await
    }

    async fn correct(
        &self,
        campaign: CampaignId,
        order: CorrectionOrder,
        now: Timestamp,
    ) -> Result<ChangeId, Error> {
        self.writer.write(move |tx| corrections::decide(tx, campaign, &order, now)).await
    }

    async fn erase(
        &self,
        campaign: CampaignId,
        order: ErasureOrder,
        now: Timestamp,
    ) -> Result<ChangeId, Error> {
        let change = self.writer.write(move |tx| erase::erase(tx, campaign, order, now)).await?;
        self.writer.tend(erase::drop_remains).await?;
        Ok(change)
    }

    async fn put_result_codes(
        &self,
        campaign: CampaignId,
        backend: Backend,
        json: String,
    ) -> Result<(), Error> {
        self.writer.write(move |tx| codes::put(tx, campaign, backend, &json)).await
    }

    async fn export(&self, campaign: CampaignId, format: ExportFormat) -> Result<Exported, Error> {
        self.reader.read(move |tx| export::export(tx, campaign, format)).await
    }
}
