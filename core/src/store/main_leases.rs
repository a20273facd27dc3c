//! What `main.db` holds of leases and orders: the trusted time, orders carried out, and what is
//! left of a list that is being erased.

use rusqlite::{OptionalExtension, params};

use crate::id::ListId;
use crate::store::MainDb;
use crate::store::database;
use crate::store::error::{InFile, StoreError, StoreFile};
use crate::store::main_db::{from_sql, to_sql};
use crate::time::TrustedTime;

const FILE: StoreFile = StoreFile::Main;

/// An order that this phone has carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderDoneRow {
    /// Its number.
    pub number: u32,
    /// This device's signature over it.
    pub signature: [u8; 64],
}

impl MainDb {
    /// The trusted time as it was last kept; nothing before the campaign has signed a moment.
    pub fn trusted_time(&self) -> Result<Option<TrustedTime>, StoreError> {
        let sql = "SELECT floor_ms, counted_ms, boot, since_boot_ms, restarted FROM trusted_time";
        self.0
            .query_row(sql, [], |row| {
                Ok(TrustedTime {
                    floor_ms: row.get(0)?,
                    counted_ms: from_sql(row.get(1)?),
                    boot: row.get(2)?,
                    since_boot_ms: from_sql(row.get(3)?),
                    restarted: row.get(4)?,
                })
            })
            .optional()
            .in_file(FILE)
    }

    /// Keeps the trusted time.
    pub fn put_trusted_time(&self, time: &TrustedTime) -> Result<(), StoreError> {
        self.0
            .execute(
                "INSERT OR REPLACE INTO trusted_time VALUES (1, ?1, ?2, ?3, ?4, ?5)",
                params![
                    time.floor_ms,
                    to_sql(time.counted_ms),
                    time.boot,
                    to_sql(time.since_boot_ms),
                    time.restarted,
                ],
            )
            .in_file(FILE)
            .map(|_| ())
    }

    /// Orders that are carried out and of which the server has not heard.
    pub fn orders_untold(&self) -> Result<Vec<OrderDoneRow>, StoreError> {
        let sql = "SELECT number, signature FROM order_done WHERE NOT told ORDER BY number";
        let mut statement = self.0.prepare_cached(sql).in_file(FILE)?;
        let rows = statement
            .query_map([], |row| Ok(OrderDoneRow { number: row.get(0)?, signature: row.get(1)? }))
            .in_file(FILE)?;
        rows.collect::<rusqlite::Result<_>>().in_file(FILE)
    }

    /// The number of the newest order that is carried out; 0 for none.
    pub fn last_order(&self) -> Result<u32, StoreError> {
        self.0
            .query_row("SELECT coalesce(max(number), 0) FROM order_done", [], |row| row.get(0))
            .in_file(FILE)
    }

    /// Notes that an order is carried out, or, of one that is known, that it is to be told again.
    pub fn put_order_done(&self, done: &OrderDoneRow) -> Result<(), StoreError> {
        self.0
            .execute(
                "INSERT OR REPLACE INTO order_done VALUES (?1, ?2, 0)",
                params![done.number, done.signature],
            )
            .in_file(FILE)
            .map(|_| ())
    }

    /// Notes that the server has heard of all orders carried out up to this number.
    pub fn orders_told(&self, upto: u32) -> Result<(), StoreError> {
        self.0
            .execute("UPDATE order_done SET told = 1 WHERE number <= ?1 AND NOT told", [upto])
            .in_file(FILE)
            .map(|_| ())
    }

    /// Whether a list has changes that the server may lack and that are not sealed to the
    /// campaign in a segment of their own.
    pub fn has_unsealed(&self, list: ListId) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM pending p WHERE list = ?1 AND state = 0
                     AND NOT EXISTS (SELECT 1 FROM segment s WHERE s.enclosed
                       AND p.seq >= s.first_seq AND p.seq < s.first_seq + s.count))";
        self.0.query_row(sql, [list.to_bytes()], |row| row.get(0)).in_file(FILE)
    }

    /// Drops the segments of a list that only its key can open: they can be made again of what
    /// is sealed to the campaign.
    pub fn drop_unsealed_segments(&self, list: ListId) -> Result<(), StoreError> {
        let sql = "DELETE FROM segment WHERE list = ?1 AND NOT enclosed";
        self.0.execute(sql, [list.to_bytes()]).in_file(FILE).map(|_| ())
    }

    /// Drops what is kept here of a list that is being erased: its wrapped key, its lease, its
    /// name, its conversations and the bodies of its changes. The numbers of those that are unsent stay, and the
    /// segments that are sealed to the campaign.
    pub fn strip_list(&self, list: ListId) -> Result<(), StoreError> {
        let transaction = self.0.unchecked_transaction().in_file(FILE)?;
        let key = [list.to_bytes()];
        let steps = || -> rusqlite::Result<()> {
            transaction.execute(
                "UPDATE list SET wrapped_key = x'', name = '', lease = NULL, lent_ms = NULL,
                   expires_ms = NULL, budget_ms = NULL WHERE id = ?1",
                key,
            )?;
            transaction.execute("DELETE FROM pending WHERE list = ?1 AND state <> 0", key)?;
            transaction.execute("UPDATE pending SET sealed = x'' WHERE list = ?1", key)?;
            transaction.execute("DELETE FROM segment WHERE list = ?1 AND NOT enclosed", key)?;
            transaction.execute("DELETE FROM conversation WHERE list = ?1", key)?;
            Ok(())
        };
        steps().in_file(FILE)?;
        transaction.commit().in_file(FILE)
    }

    /// Empties the write-ahead log, so that no older copy of a page stays in it.
    pub fn empty_log(&self) -> Result<(), StoreError> {
        database::empty_log(&self.0, FILE)
    }
}
