//! The outbox in `main.db`: changes of this phone that no list's file holds yet, and the segments
//! in which they travel.
//!
//! Rows in and out, in transactions: numbers are given without gaps, and what has been given
//! stays. What may leave, and when, is decided elsewhere.

use rusqlite::{Row, TransactionBehavior, params};

use crate::id::ListId;
use crate::store::conversation_db::ConversationRow;
use crate::store::error::{InFile, StoreError};
use crate::store::main_db::{FILE, MainDb, from_sql, to_sql};

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

impl MainDb {
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
