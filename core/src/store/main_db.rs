//! `main.db`: the file, who this phone is, and what is counted. Its lists are in `main_lists`, its
//! unsent work in `outbox`, leases and the wipe in `main_leases`.
//!
//! Rows in and out, in transactions; what they mean is decided elsewhere. A door write touches
//! this file and no other.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::id::{CampaignId, CanvasserId, DeviceId};
use crate::seal::Key;
use crate::store::Directory;
use crate::store::database::{self, Migrations};
use crate::store::error::{InFile, StoreError, StoreFile};
use crate::store::main_lists::ListEntry;
use crate::time::Timestamp;

pub(super) const MIGRATIONS: Migrations = Migrations {
    file: StoreFile::Main,
    steps: &[include_str!("sql/main_001.sql"), include_str!("sql/main_002.sql")],
};
pub(super) const FILE: StoreFile = StoreFile::Main;
/// Pages of the write-ahead log from which on a save writes it back by itself: more than a
/// shift writes. Doing so waits for the disk twice more; a sync does it before, where nobody
/// waits.
const LOG_PAGES: u32 = 8_000;

/// Who this phone is within its campaign, and where it stands with the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The campaign.
    pub campaign: CampaignId,
    /// Its name.
    pub campaign_name: String,
    /// This device.
    pub device: DeviceId,
    /// How often its database was started anew.
    pub incarnation: u32,
    /// Who holds the phone.
    pub canvasser: CanvasserId,
    /// Their name, as others see it.
    pub canvasser_name: String,
    /// Whether they decide conflicts: so without a server.
    pub organiser: bool,
    /// The server, if there is one.
    pub server: Option<ServerLink>,
    /// The server has every change up to this number.
    pub acked_seq: u64,
    /// Failed syncs in a row.
    pub attempts: u32,
    /// No sync is tried before this moment, unless someone asks for it.
    pub next_sync: Timestamp,
    /// When the last complete sync ended.
    pub last_sync: Option<Timestamp>,
    /// The campaign's keys, once this device is enrolled.
    pub keys: Option<CampaignKeys>,
}

/// What the campaign is known by, pinned at enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignKeys {
    /// The public key that signs its statements.
    pub signing: [u8; 32],
    /// The public key to which unsent work is sealed.
    pub sealing: [u8; 32],
    /// Who this device is, as the campaign signed it.
    pub card: Vec<u8>,
}

/// How the campaign's server is reached.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerLink {
    /// Its address, without a slash at the end.
    pub url: String,
    /// The device's token, once it is enrolled.
    pub token: Option<String>,
    /// An invitation that is still to be redeemed.
    pub invitation: Option<Vec<u8>>,
}

impl std::fmt::Debug for ServerLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerLink")
            .field("url", &self.url)
            .field("enrolled", &self.token.is_some())
            .finish_non_exhaustive()
    }
}

/// What is counted for whoever looks after phones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// A list's digest did not agree with the campaign's.
    Diverged,
}

impl Counter {
    const fn name(self) -> &'static str {
        match self {
            Self::Diverged => "diverged",
        }
    }
}

/// The open file.
pub struct MainDb(pub(super) Connection);

impl MainDb {
    /// Opens the file, checks it, and brings it to the newest version.
    pub fn open(directory: &Directory, key: &Key) -> Result<Self, StoreError> {
        if directory.lost_main_db()? {
            return Err(StoreError::Corrupt { file: FILE });
        }
        let connection = database::open(&directory.main_db(), key, &MIGRATIONS)?;
        // This file is small, and the only one that cannot be fetched again.
        database::check(&connection, FILE)?;
        connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES).in_file(FILE)?;
        Ok(Self(connection))
    }

    /// Moves what the write-ahead log holds into the file, as far as nobody reads it.
    pub fn write_back(&self) -> Result<(), StoreError> {
        self.0.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).in_file(FILE)
    }

    /// Who this phone is; nothing before it belongs to a campaign.
    pub fn identity(&self) -> Result<Option<Identity>, StoreError> {
        self.0
            .prepare_cached("SELECT * FROM identity")
            .and_then(|mut statement| statement.query_row([], identity_of).optional())
            .in_file(FILE)
    }

    /// Makes this phone part of a campaign, or changes how it stands with the server. What is
    /// acknowledged moves only in [`MainDb::acknowledge`].
    pub fn put_identity(&self, identity: &Identity) -> Result<(), StoreError> {
        let (server, keys) = (identity.server.as_ref(), identity.keys.as_ref());
        self.0
            .prepare_cached(
                "INSERT INTO identity VALUES
                   (1, ?1, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
                    ?15, ?16, ?17, 0)
                 ON CONFLICT (one) DO UPDATE SET
                   campaign = ?1, campaign_name = ?2, incarnation = ?4, canvasser = ?5,
                   canvasser_name = ?6, organiser = ?7, server = ?8, token = ?9,
                   invitation = ?10, attempts = ?12, next_sync_ms = ?13,
                   last_sync_us = ?14, signing_key = ?15, sealing_key = ?16, card = ?17",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    identity.campaign.to_bytes(),
                    identity.campaign_name,
                    identity.device.to_bytes(),
                    identity.incarnation,
                    identity.canvasser.to_bytes(),
                    identity.canvasser_name,
                    identity.organiser,
                    server.map(|s| &s.url),
                    server.and_then(|s| s.token.as_ref()),
                    server.and_then(|s| s.invitation.as_ref()),
                    to_sql(identity.acked_seq),
                    identity.attempts,
                    identity.next_sync.millis(),
                    identity.last_sync.map(|at| at.0),
                    keys.map(|keys| keys.signing),
                    keys.map(|keys| keys.sealing),
                    keys.map(|keys| &keys.card),
                ])
            })
            .in_file(FILE)
            .map(|_| ())
    }

    /// Makes this phone part of a campaign that has this list; both, or neither.
    pub fn put_identity_and_list(
        &self,
        identity: &Identity,
        list: &ListEntry,
    ) -> Result<(), StoreError> {
        let transaction = self.0.unchecked_transaction().in_file(FILE)?;
        self.put_identity(identity)?;
        self.put_list(list)?;
        transaction.commit().in_file(FILE)
    }

    /// Notes that it happened once more.
    pub fn count(&self, counter: Counter) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "INSERT INTO counter VALUES (?1, 1)
                 ON CONFLICT (name) DO UPDATE SET count = count + 1",
            )
            .and_then(|mut statement| statement.execute([counter.name()]))
            .in_file(FILE)
            .map(|_| ())
    }

    /// How often it has happened.
    pub fn counted(&self, counter: Counter) -> Result<u32, StoreError> {
        let count = self
            .0
            .prepare_cached("SELECT count FROM counter WHERE name = ?1")
            .and_then(|mut statement| {
                statement.query_row([counter.name()], |row| row.get(0)).optional()
            })
            .in_file(FILE)?;
        Ok(count.unwrap_or(0))
    }
}

fn identity_of(row: &Row<'_>) -> rusqlite::Result<Identity> {
    let url: Option<String> = row.get("server")?;
    let (token, invitation) = (row.get("token")?, row.get("invitation")?);
    Ok(Identity {
        campaign: CampaignId::from_bytes(row.get("campaign")?),
        campaign_name: row.get("campaign_name")?,
        device: DeviceId::from_bytes(row.get("device")?),
        incarnation: row.get("incarnation")?,
        canvasser: CanvasserId::from_bytes(row.get("canvasser")?),
        canvasser_name: row.get("canvasser_name")?,
        organiser: row.get("organiser")?,
        server: url.map(|url| ServerLink { url, token, invitation }),
        acked_seq: from_sql(row.get("acked_seq")?),
        attempts: row.get("attempts")?,
        next_sync: Timestamp::from_millis(row.get("next_sync_ms")?),
        last_sync: row.get::<_, Option<i64>>("last_sync_us")?.map(Timestamp),
        keys: keys_of(row)?,
    })
}

fn keys_of(row: &Row<'_>) -> rusqlite::Result<Option<CampaignKeys>> {
    let signing: Option<[u8; 32]> = row.get("signing_key")?;
    let (sealing, card) = (row.get("sealing_key")?, row.get("card")?);
    let keys = signing.zip(sealing).zip(card);
    Ok(keys.map(|((signing, sealing), card)| CampaignKeys { signing, sealing, card }))
}

/// Sequence numbers stay far below 2^63: at a thousand changes a second, for 292 million years.
pub(super) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn from_sql(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
