//! `main.db`: who this phone is, which lists it holds, and its unsent work.
//!
//! Rows in and out, in transactions; what they mean is decided elsewhere. A door write touches
//! this file and no other.

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use crate::id::{CampaignId, CanvasserId, DeviceId, ListId};
use crate::seal::Key;
use crate::store::Directory;
use crate::store::conversation_db::ConversationRow;
use crate::store::database::{self, Migrations};
use crate::store::error::{InFile, StoreError, StoreFile};
use crate::time::{Terms, Timestamp};

pub(super) const MIGRATIONS: Migrations = Migrations {
    file: StoreFile::Main,
    steps: &[include_str!("sql/main_001.sql"), include_str!("sql/main_002.sql")],
};
const FILE: StoreFile = StoreFile::Main;
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

/// A list that this phone holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListEntry {
    /// Its id.
    pub id: ListId,
    /// Its number within the campaign.
    pub number: u32,
    /// Counts how often it was cut anew.
    pub epoch: u32,
    /// Its name.
    pub name: String,
    /// Its key, wrapped by the vault.
    pub wrapped_key: Vec<u8>,
    /// Tells a wrong key from a damaged file.
    pub fingerprint: [u8; 4],
    /// The campaign does not name it any more: it is not shown.
    pub withdrawn: bool,
    /// For how long it is lent, if it comes from a server.
    pub loan: Option<Loan>,
    /// Why it may not be read any more.
    pub closed: Option<ClosedBecause>,
    /// Nothing of a closed list is left here.
    pub erased: bool,
}

/// For how long a list is lent to this phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loan {
    /// When the campaign signed it, in milliseconds.
    pub issued_ms: i64,
    /// How long it lets the list be read.
    pub terms: Terms,
    /// The lease whole, sealed under the list's key.
    pub sealed: Vec<u8>,
}

/// Why a list may not be read any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum ClosedBecause {
    /// Its time is over: the next sync brings it anew, if it is still this phone's.
    Expired,
    /// The campaign has taken it back.
    Withdrawn,
    /// The campaign has had all lists of this phone erased.
    Wiped,
    /// The platform has lost its key: the next sync brings it anew.
    KeyLost,
}

impl ClosedBecause {
    const fn number(why: Option<Self>) -> u8 {
        match why {
            None => 0,
            Some(Self::Expired) => 1,
            Some(Self::Withdrawn) => 2,
            Some(Self::Wiped) => 3,
            Some(Self::KeyLost) => 4,
        }
    }

    const fn of(number: u8) -> Option<Self> {
        match number {
            0 => None,
            1 => Some(Self::Expired),
            2 => Some(Self::Withdrawn),
            3 => Some(Self::Wiped),
            _ => Some(Self::KeyLost),
        }
    }
}

/// Where a change of this phone stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingState {
    /// Nowhere but here.
    OnThisPhone,
    /// At the campaign, and not yet seen in what came down.
    AtCampaign,
    /// At the campaign, and set aside there: the number of the reason.
    SetAside(u8),
}

/// How many changes of this phone stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PendingCounts {
    /// Nowhere but here.
    pub on_this_phone: u32,
    /// On another phone as well.
    pub on_another_phone: u32,
    /// At the campaign.
    pub at_campaign: u32,
    /// Set aside there.
    pub set_aside: u32,
}

/// A change of this phone that its list's file does not hold yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRow {
    /// The incarnation under which it was numbered.
    pub incarnation: u32,
    /// Its number.
    pub seq: u64,
    /// The list it speaks of.
    pub list: ListId,
    /// The change, sealed under the list's key.
    pub sealed: Vec<u8>,
    /// Where it stands.
    pub state: PendingState,
}

/// A segment that has been made and not yet acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRow {
    /// The number of its first change.
    pub first_seq: u64,
    /// How many changes it holds.
    pub count: u32,
    /// The list it speaks of.
    pub list: ListId,
    /// Its bytes, sealed under the list's key, or an envelope sealed to the campaign.
    pub sealed: Vec<u8>,
    /// It is an envelope.
    pub enclosed: bool,
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

    /// All lists, by number.
    pub fn lists(&self) -> Result<Vec<ListEntry>, StoreError> {
        let mut statement =
            self.0.prepare_cached("SELECT * FROM list ORDER BY number").in_file(FILE)?;
        let rows = statement.query_map([], list_of).in_file(FILE)?;
        rows.collect::<rusqlite::Result<_>>().in_file(FILE)
    }

    /// A list, if it is known here.
    pub fn list(&self, id: ListId) -> Result<Option<ListEntry>, StoreError> {
        self.0
            .prepare_cached("SELECT * FROM list WHERE id = ?1")
            .and_then(|mut statement| statement.query_row([id.to_bytes()], list_of).optional())
            .in_file(FILE)
    }

    /// Adds a list, or changes what is known of it.
    pub fn put_list(&self, list: &ListEntry) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "INSERT OR REPLACE INTO list VALUES
                   (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )
            .and_then(|mut statement| {
                let loan = list.loan.as_ref();
                statement.execute(params![
                    list.id.to_bytes(),
                    list.number,
                    list.epoch,
                    list.name,
                    list.wrapped_key,
                    list.fingerprint,
                    list.withdrawn,
                    loan.map(|loan| loan.issued_ms),
                    loan.map(|loan| loan.terms.expires_ms),
                    loan.map(|loan| to_sql(loan.terms.offline_budget_ms)),
                    loan.map(|loan| &loan.sealed),
                    ClosedBecause::number(list.closed),
                    list.erased,
                ])
            })
            .in_file(FILE)
            .map(|_| ())
    }

    /// The number of the next change of this phone.
    pub fn next_seq(&self) -> Result<u64, StoreError> {
        self.0
            .prepare_cached("SELECT next_seq FROM identity")
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
            .in_file(FILE)
            .map(from_sql)
    }

    /// Records sealed changes with the numbers from `first_seq` on, and where conversations stand
    /// with them, and returns once all of it is durable. Either all of it is, or nothing.
    ///
    /// Numbers are given without gaps: `first_seq` must be the next one.
    pub fn record(
        &mut self,
        list: ListId,
        first_seq: u64,
        sealed: &[Vec<u8>],
        conversations: &[ConversationRow],
    ) -> Result<(), StoreError> {
        let transaction =
            self.0.transaction_with_behavior(TransactionBehavior::Immediate).in_file(FILE)?;
        let steps = || -> rusqlite::Result<usize> {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO pending (incarnation, seq, list, sealed, state)
                 SELECT incarnation, ?1, ?2, ?3, 0 FROM identity",
            )?;
            let mut seq = first_seq;
            for sealed in sealed {
                insert.execute(params![to_sql(seq), list.to_bytes(), sealed])?;
                seq += 1;
            }
            conversations.iter().try_for_each(|row| row.put(&transaction, list))?;
            transaction
                .prepare_cached("UPDATE identity SET next_seq = ?2 WHERE next_seq = ?1")?
                .execute([to_sql(first_seq), to_sql(seq)])
        };
        if steps().in_file(FILE)? != 1 {
            return Err(StoreError::Database { code: rusqlite::ffi::SQLITE_CONSTRAINT });
        }
        transaction.commit().in_file(FILE)
    }

    /// The changes that a list's file does not hold yet, in their order.
    pub fn pending(&self, list: ListId) -> Result<Vec<PendingRow>, StoreError> {
        let mut statement = self
            .0
            .prepare_cached(
                "SELECT * FROM pending WHERE list = ?1 AND length(sealed) > 0
                 ORDER BY incarnation, seq",
            )
            .in_file(FILE)?;
        let rows = statement.query_map([list.to_bytes()], pending_of).in_file(FILE)?;
        rows.collect::<rusqlite::Result<_>>().in_file(FILE)
    }

    /// The changes that have not been put into a segment, in their order; at most `limit`.
    pub fn unsegmented(&self, limit: u32) -> Result<Vec<PendingRow>, StoreError> {
        let mut statement = self
            .0
            .prepare_cached(
                "SELECT p.* FROM pending p, identity i
                 WHERE p.incarnation = i.incarnation AND p.state = 0 AND p.seq > i.acked_seq
                   AND NOT EXISTS (SELECT 1 FROM segment s
                                   WHERE s.first_seq <= p.seq AND s.first_seq + s.count > p.seq)
                 ORDER BY p.seq LIMIT ?1",
            )
            .in_file(FILE)?;
        let rows = statement.query_map([limit], pending_of).in_file(FILE)?;
        rows.collect::<rusqlite::Result<_>>().in_file(FILE)
    }

    /// How many changes stand where. The campaign is known to have the present ones up to
    /// `received`, some other phone up to `elsewhere`.
    pub fn pending_counts(
        &self,
        received: u64,
        elsewhere: u64,
    ) -> Result<PendingCounts, StoreError> {
        let sql = "SELECT count(*) FILTER (WHERE state = 0 AND seq > max(?1, ?2)),
                     count(*) FILTER (WHERE state = 0 AND seq > ?1 AND seq <= ?2),
                     count(*) FILTER (WHERE state = 1 OR (state = 0 AND seq <= ?1)),
                     count(*) FILTER (WHERE state >= 2) FROM pending";
        self.0
            .prepare_cached(sql)
            .and_then(|mut statement| {
                statement.query_row([to_sql(received), to_sql(elsewhere)], |row| {
                    Ok(PendingCounts {
                        on_this_phone: row.get(0)?,
                        on_another_phone: row.get(1)?,
                        at_campaign: row.get(2)?,
                        set_aside: row.get(3)?,
                    })
                })
            })
            .in_file(FILE)
    }

    /// The changes that the campaign set aside, in their order.
    pub fn set_aside(&self) -> Result<Vec<PendingRow>, StoreError> {
        let mut statement = self
            .0
            .prepare_cached("SELECT * FROM pending WHERE state >= 2 ORDER BY incarnation, seq")
            .in_file(FILE)?;
        let rows = statement.query_map([], pending_of).in_file(FILE)?;
        rows.collect::<rusqlite::Result<_>>().in_file(FILE)
    }

    /// Has the campaign asked, with the next push, to try again what it set aside.
    pub fn ask_for_set_aside(&self) -> Result<(), StoreError> {
        self.0.execute("UPDATE pending SET state = 3 WHERE state = 2", []).in_file(FILE).map(|_| ())
    }

    /// The numbers of the changes that the campaign is to try again.
    pub fn asked_for(&self) -> Result<Vec<(u32, u64)>, StoreError> {
        let sql = "SELECT incarnation, seq FROM pending WHERE state = 3 ORDER BY incarnation, seq";
        let mut statement = self.0.prepare_cached(sql).in_file(FILE)?;
        let id_of = |row: &Row<'_>| Ok((row.get(0)?, from_sql(row.get(1)?)));
        let rows = statement.query_map([], id_of).in_file(FILE)?;
        rows.collect::<rusqlite::Result<_>>().in_file(FILE)
    }

    /// Notes that the campaign has tried again: what it has taken in now, or none of it.
    pub fn tried_again(&self, taken_in: &[(u32, u64)]) -> Result<(), StoreError> {
        let sql = "UPDATE pending SET state = 1 WHERE incarnation = ?1 AND seq = ?2";
        let mut statement = self.0.prepare_cached(sql).in_file(FILE)?;
        for (incarnation, seq) in taken_in {
            statement.execute(params![incarnation, to_sql(*seq)]).in_file(FILE)?;
        }
        self.0.execute("UPDATE pending SET state = 2 WHERE state = 3", []).in_file(FILE).map(|_| ())
    }

    /// Drops a change that was set aside and has come down as an event since.
    pub fn drop_set_aside(&self, incarnation: u32, seq: u64) -> Result<(), StoreError> {
        let sql = "DELETE FROM pending WHERE incarnation = ?1 AND seq = ?2 AND state >= 2";
        self.0.execute(sql, params![incarnation, to_sql(seq)]).in_file(FILE).map(|_| ())
    }

    /// Segments that wait to be acknowledged, in order.
    pub fn segments(&self) -> Result<Vec<SegmentRow>, StoreError> {
        let mut statement =
            self.0.prepare_cached("SELECT * FROM segment ORDER BY first_seq").in_file(FILE)?;
        let rows = statement.query_map([], segment_of).in_file(FILE)?;
        rows.collect::<rusqlite::Result<_>>().in_file(FILE)
    }

    /// Keeps a segment: from now on these changes travel as these bytes and no others.
    pub fn put_segment(&self, segment: &SegmentRow) -> Result<(), StoreError> {
        self.0
            .prepare_cached("INSERT OR REPLACE INTO segment VALUES (?1, ?2, ?3, ?4, ?5)")
            .and_then(|mut statement| {
                statement.execute(params![
                    to_sql(segment.first_seq),
                    segment.count,
                    segment.list.to_bytes(),
                    segment.sealed,
                    segment.enclosed,
                ])
            })
            .in_file(FILE)
            .map(|_| ())
    }

    /// Notes that the server has every change up to `acked`, and which of them it set aside.
    /// Acknowledged segments are dropped: their changes stay until their list's file holds them.
    pub fn acknowledge(&mut self, acked: u64, set_aside: &[(u64, u8)]) -> Result<(), StoreError> {
        let transaction =
            self.0.transaction_with_behavior(TransactionBehavior::Immediate).in_file(FILE)?;
        let steps = || -> rusqlite::Result<()> {
            let upto = to_sql(acked);
            transaction.execute("UPDATE identity SET acked_seq = max(acked_seq, ?1)", [upto])?;
            transaction.execute("DELETE FROM segment WHERE first_seq + count <= ?1 + 1", [upto])?;
            transaction.execute(
                &format!("UPDATE pending SET state = 1 WHERE state = 0 AND {OWN}"),
                [upto],
            )?;
            for (seq, reason) in set_aside {
                transaction.execute(
                    "UPDATE pending SET state = 2, reason = ?2 WHERE seq = ?1
                       AND incarnation = (SELECT incarnation FROM identity)",
                    params![to_sql(*seq), reason],
                )?;
            }
            // Of a list that was erased: no file will ever hold them.
            transaction
                .execute("DELETE FROM pending WHERE state = 1 AND length(sealed) = 0", [])?;
            Ok(())
        };
        steps().in_file(FILE)?;
        transaction.commit().in_file(FILE)
    }

    /// Drops the changes of a list that its file holds now: those up to `seq` of the present
    /// incarnation, and those of earlier ones, as far as they are acknowledged. What was set
    /// aside stays, for someone to look at.
    pub fn trim(&self, list: ListId, seq: u64) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "DELETE FROM pending WHERE list = ?1 AND state = 1 AND (seq <= ?2
                   OR incarnation <> (SELECT incarnation FROM identity))",
            )
            .and_then(|mut statement| statement.execute(params![list.to_bytes(), to_sql(seq)]))
            .in_file(FILE)
            .map(|_| ())
    }

    /// The incarnation before the present one, 0 for none.
    pub fn was_incarnation(&self) -> Result<u32, StoreError> {
        self.0
            .prepare_cached("SELECT was_incarnation FROM identity")
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
            .in_file(FILE)
    }

    /// The changes that nobody has but this phone, in their order: those whose number `is_asked`
    /// for.
    pub fn unsent(&self, is_asked: impl Fn(u64) -> bool) -> Result<Vec<PendingRow>, StoreError> {
        let mut statement = self
            .0
            .prepare_cached(
                "SELECT * FROM pending WHERE state = 0
                   AND incarnation = (SELECT incarnation FROM identity) ORDER BY seq",
            )
            .in_file(FILE)?;
        let mut rows = statement.query([]).in_file(FILE)?;
        let mut unsent = Vec::new();
        while let Some(row) = rows.next().in_file(FILE)? {
            // Most are not asked for: only their number is looked at.
            if is_asked(from_sql(row.get("seq").in_file(FILE)?)) {
                unsent.push(pending_of(row).in_file(FILE)?);
            }
        }
        Ok(unsent)
    }

    /// Begins another incarnation: unsent changes stand under new numbers, from 1 on, and those
    /// of the old one that `kept` does not name are gone. Either all of it, or nothing.
    pub fn begin_incarnation(
        &mut self,
        incarnation: u32,
        kept: &[(ListId, Vec<u8>)],
    ) -> Result<(), StoreError> {
        let transaction =
            self.0.transaction_with_behavior(TransactionBehavior::Immediate).in_file(FILE)?;
        let steps = || -> rusqlite::Result<()> {
            transaction.execute(
                "DELETE FROM pending WHERE state = 0
                   AND incarnation = (SELECT incarnation FROM identity)",
                [],
            )?;
            transaction.execute("DELETE FROM segment", [])?;
            let mut seq = 1;
            for (list, sealed) in kept {
                transaction.execute(
                    "INSERT INTO pending (incarnation, seq, list, sealed, state)
                     VALUES (?1, ?2, ?3, ?4, 0)",
                    params![incarnation, to_sql(seq), list.to_bytes(), sealed],
                )?;
                seq += 1;
            }
            transaction.execute(
                "UPDATE identity SET was_incarnation = incarnation, incarnation = ?1,
                   next_seq = ?2, acked_seq = 0",
                params![incarnation, to_sql(seq)],
            )?;
            Ok(())
        };
        steps().in_file(FILE)?;
        transaction.commit().in_file(FILE)
    }
}

/// A change of the present incarnation up to `?1`.
const OWN: &str = "seq <= ?1 AND incarnation = (SELECT incarnation FROM identity)";

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

fn list_of(row: &Row<'_>) -> rusqlite::Result<ListEntry> {
    Ok(ListEntry {
        id: ListId::from_bytes(row.get("id")?),
        number: row.get("number")?,
        epoch: row.get("epoch")?,
        name: row.get("name")?,
        wrapped_key: row.get("wrapped_key")?,
        fingerprint: row.get("fingerprint")?,
        withdrawn: row.get("withdrawn")?,
        loan: loan_of(row)?,
        closed: ClosedBecause::of(row.get("closed")?),
        erased: row.get("erased")?,
    })
}

fn loan_of(row: &Row<'_>) -> rusqlite::Result<Option<Loan>> {
    let issued: Option<i64> = row.get("lent_ms")?;
    let Some(issued_ms) = issued else { return Ok(None) };
    let expires_ms = row.get("expires_ms")?;
    let terms = Terms { expires_ms, offline_budget_ms: from_sql(row.get("budget_ms")?) };
    Ok(Some(Loan { issued_ms, terms, sealed: row.get("lease")? }))
}

fn pending_of(row: &Row<'_>) -> rusqlite::Result<PendingRow> {
    let state = match row.get("state")? {
        0 => PendingState::OnThisPhone,
        1 => PendingState::AtCampaign,
        _ => PendingState::SetAside(row.get("reason")?),
    };
    Ok(PendingRow {
        incarnation: row.get("incarnation")?,
        seq: from_sql(row.get("seq")?),
        list: ListId::from_bytes(row.get("list")?),
        sealed: row.get("sealed")?,
        state,
    })
}

fn segment_of(row: &Row<'_>) -> rusqlite::Result<SegmentRow> {
    Ok(SegmentRow {
        first_seq: from_sql(row.get("first_seq")?),
        count: row.get("count")?,
        list: ListId::from_bytes(row.get("list")?),
        sealed: row.get("sealed")?,
        enclosed: row.get("enclosed")?,
    })
}

/// Sequence numbers stay far below 2^63: at a thousand changes a second, for 292 million years.
pub(super) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn from_sql(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
