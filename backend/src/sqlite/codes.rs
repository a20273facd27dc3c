//! What backends call results: the campaign's tables, laid over the usual names.

use canvass_core::id::CampaignId;
use canvass_core::interchange::{Backend, ResultCodes};
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::rows::{execute, first};

/// Keeps a table in place of the one before. One that cannot be used is refused.
pub(super) fn put(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    backend: Backend,
    json: &str,
) -> Result<(), Error> {
    super::campaign::check(tx, campaign)?;
    ResultCodes::parse(backend, json)?;
    let sql = "INSERT OR REPLACE INTO result_codes VALUES (?1, ?2, ?3)";
    execute(tx, sql, params![campaign.to_bytes(), backend.name(), json]).map(|_| ())
}

/// The table that contacts for a backend leave by: the usual one where none was given.
pub(super) fn table(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    backend: Backend,
) -> Result<ResultCodes, Error> {
    let sql = "SELECT codes FROM result_codes WHERE campaign = ?1 AND backend = ?2";
    let key = params![campaign.to_bytes(), backend.name()];
    let json: Option<String> = first(tx, sql, key, |row| row.get(0))?;
    match json {
        Some(json) => {
            let codes = ResultCodes::parse(backend, &json);
            codes.map_err(|_| Error::Inconsistent("a table of result codes"))
        }
        None => Ok(ResultCodes::usual(backend)),
    }
}
