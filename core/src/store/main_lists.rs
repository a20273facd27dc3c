//! The lists that `main.db` knows: which this phone holds or held, their wrapped keys, and for
//! how long each is lent.
//!
//! Rows in and out; who may read a list and when is decided elsewhere.

use rusqlite::{OptionalExtension, Row, params};

use crate::id::ListId;
use crate::store::error::{InFile, StoreError};
use crate::store::main_db::{FILE, MainDb, from_sql, to_sql};
use crate::time::Terms;

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

impl MainDb {
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
