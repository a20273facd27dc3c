//! `main.db`: what this phone carries for others, and what it knows of where its own work is.
//!
//! Rows in and out; what is carried and when it is dropped is decided elsewhere.

use rusqlite::{Row, params};

use crate::id::DeviceId;
use crate::store::error::{InFile, StoreError, StoreFile};
use crate::store::main_db::{MainDb, from_sql, to_sql};

const FILE: StoreFile = StoreFile::Main;

/// A sealed segment of another phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayRow {
    /// Its author's device.
    pub device: DeviceId,
    /// That device's incarnation.
    pub incarnation: u32,
    /// The number of its first change.
    pub first_seq: u64,
    /// The number after its last change.
    pub end_seq: u64,
    /// The list's number within the campaign.
    pub list: u32,
    /// The envelope, as it came.
    pub envelope: Vec<u8>,
}

/// The campaign's signed word on how far it has an author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRow {
    /// The author's device.
    pub device: DeviceId,
    /// Its incarnation.
    pub incarnation: u32,
    /// The number.
    pub seq: u64,
    /// The signature.
    pub signature: [u8; 64],
}

impl MainDb {
    /// What this phone carries, each author's in order.
    pub fn relayed(&self) -> Result<Vec<RelayRow>, StoreError> {
        let sql = "SELECT * FROM relay ORDER BY device, incarnation, first_seq";
        self.all(sql, [], |row| {
            Ok(RelayRow {
                device: DeviceId::from_bytes(row.get("device")?),
                incarnation: row.get("incarnation")?,
                first_seq: from_sql(row.get("first_seq")?),
                end_seq: from_sql(row.get("end_seq")?),
                list: row.get("list")?,
                envelope: row.get("envelope")?,
            })
        })
    }

    /// Takes a segment to carry.
    pub fn put_relayed(&self, relay: &RelayRow) -> Result<(), StoreError> {
        self.run(
            "INSERT OR REPLACE INTO relay VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                relay.device.to_bytes(),
                relay.incarnation,
                to_sql(relay.first_seq),
                to_sql(relay.end_seq),
                relay.list,
                relay.envelope,
            ],
        )
    }

    /// Drops a segment that was carried.
    pub fn drop_relayed(&self, relay: &RelayRow) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM relay WHERE device = ?1 AND incarnation = ?2 AND first_seq = ?3",
            params![relay.device.to_bytes(), relay.incarnation, to_sql(relay.first_seq)],
        )
    }

    /// The card of another phone, as it was signed.
    pub fn card(&self, device: DeviceId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT card FROM peer WHERE device = ?1";
        Ok(self.all(sql, [device.to_bytes()], |row| row.get(0))?.into_iter().next())
    }

    /// Keeps the card of another phone.
    pub fn put_card(&self, device: DeviceId, card: &[u8]) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO peer VALUES (?1, ?2)";
        self.run(sql, params![device.to_bytes(), card])
    }

    /// All receipts.
    pub fn receipts(&self) -> Result<Vec<ReceiptRow>, StoreError> {
        self.all("SELECT * FROM receipt ORDER BY device, incarnation", [], |row| {
            Ok(ReceiptRow {
                device: DeviceId::from_bytes(row.get("device")?),
                incarnation: row.get("incarnation")?,
                seq: from_sql(row.get("seq")?),
                signature: row.get("signature")?,
            })
        })
    }

    /// Keeps a receipt, unless a later one is there.
    pub fn put_receipt(&self, receipt: &ReceiptRow) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO receipt VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (device, incarnation) DO UPDATE
               SET seq = excluded.seq, signature = excluded.signature WHERE seq < excluded.seq",
            params![
                receipt.device.to_bytes(),
                receipt.incarnation,
                to_sql(receipt.seq),
                receipt.signature,
            ],
        )
    }

    /// Notes that another phone holds this one's changes up to a number.
    pub fn put_peer_mark(
        &self,
        peer: DeviceId,
        incarnation: u32,
        seq: u64,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO peer_mark VALUES (?1, ?2, ?3)
             ON CONFLICT (peer, incarnation) DO UPDATE SET seq = max(seq, excluded.seq)",
            params![peer.to_bytes(), incarnation, to_sql(seq)],
        )
    }

    /// Up to which of this phone's present changes some other phone holds them.
    pub fn held_elsewhere(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(max(m.seq), 0) FROM peer_mark m, identity i
                   WHERE m.incarnation = i.incarnation";
        Ok(self.all(sql, [], |row| row.get(0).map(from_sql))?.into_iter().next().unwrap_or(0))
    }

    fn run(&self, sql: &str, values: impl rusqlite::Params) -> Result<(), StoreError> {
        let statement = self.0.prepare_cached(sql);
        statement.and_then(|mut statement| statement.execute(values)).in_file(FILE).map(|_| ())
    }

    fn all<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.0.prepare_cached(sql).in_file(FILE)?;
        let rows = statement.query_map(values, read).in_file(FILE)?;
        rows.collect::<rusqlite::Result<_>>().in_file(FILE)
    }
}
