//! Campaigns, their scripts, and counts over them.

use canvass_core::canvass::Purpose;
use canvass_core::id::CampaignId;
use canvass_core::survey::Script;
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::rows::{all, execute, first, from_sql};
use crate::storage::{CampaignCounts, CampaignSeeds, ScriptSaved, SecretHash};

/// Longest name of a campaign, in bytes of UTF-8.
const MAX_NAME_BYTES: usize = 200;

pub(super) fn put_operator(tx: &Transaction<'_>, token: SecretHash) -> Result<bool, Error> {
    let sql = "INSERT INTO operator SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM operator)";
    Ok(execute(tx, sql, [token])? > 0)
}

pub(super) fn is_operator(tx: &Transaction<'_>, token: SecretHash) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM operator WHERE token_hash = ?1";
    Ok(first(tx, sql, [token], |_| Ok(()))?.is_some())
}

pub(super) fn create(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    name: &str,
    seeds: &CampaignSeeds,
) -> Result<(), Error> {
    let name = name.trim();
    if name.is_empty() || name.len() > MAX_NAME_BYTES {
        return Err(Error::BadRequest("name"));
    }
    let sql = "INSERT OR IGNORE INTO campaign VALUES (?1, ?2, 1, 1, 1, ?3, ?4, ?5)";
    let CampaignSeeds { signing, sealing, share } = seeds;
    if execute(tx, sql, params![campaign.to_bytes(), name, signing, sealing, share])? == 0 {
        return Err(Error::Exists("campaign"));
    }
    let organiser = super::conflicts::organiser(campaign);
    let sql = "INSERT INTO canvasser VALUES (?1, ?2, 'Organiser')";
    execute(tx, sql, params![campaign.to_bytes(), organiser.to_bytes()])?;
    Ok(())
}

pub(super) fn check(tx: &Transaction<'_>, campaign: CampaignId) -> Result<(), Error> {
    let sql = "SELECT 1 FROM campaign WHERE campaign = ?1";
    first(tx, sql, [campaign.to_bytes()], |_| Ok(()))?.ok_or(Error::NotFound("campaign"))
}

pub(super) fn counts(tx: &Transaction<'_>, campaign: CampaignId) -> Result<CampaignCounts, Error> {
    check(tx, campaign)?;
    let key = campaign.to_bytes();
    let count = |sql: &str| {
        let number = first(tx, sql, [key], |row| row.get::<_, i64>(0))?;
        Ok::<u64, Error>(number.map_or(0, from_sql))
    };
    let small = |sql: &str| Ok::<u32, Error>(u32::try_from(count(sql)?).unwrap_or(u32::MAX));
    let (counted, walked) = (Purpose::Count.bit(), Purpose::Walk.bit());
    let doors = |condition: &str| {
        small(&format!(
            "SELECT count(*) FROM household WHERE campaign = ?1 AND mask & {counted} {condition}"
        ))
    };
    Ok(CampaignCounts {
        doors: doors("")?,
        people: small("SELECT count(*) FROM person WHERE campaign = ?1")?,
        changes: count("SELECT count(*) FROM event WHERE campaign = ?1 AND incarnation > 0")?,
        attempts: small("SELECT coalesce(sum(knocks), 0) FROM household WHERE campaign = ?1")?,
        contacted: doors(&format!("AND mask & {walked} AND contacted"))?,
        done: doors(&format!("AND mask & {walked} AND done"))?,
        conflicts: small("SELECT count(*) FROM conflict WHERE campaign = ?1 AND closed IS NULL")?,
        set_aside: small("SELECT count(*) FROM set_aside WHERE campaign = ?1")?,
    })
}

/// All versions of the script, oldest first.
pub(super) fn scripts(tx: &Transaction<'_>, campaign: CampaignId) -> Result<Vec<Script>, Error> {
    let sql = "SELECT json FROM script WHERE campaign = ?1 ORDER BY number";
    let scripts: Vec<String> = all(tx, sql, [campaign.to_bytes()], |row| row.get(0))?;
    let parsed = scripts.iter().map(|json| Script::parse(json));
    parsed.collect::<Result<_, _>>().map_err(|_| Error::Inconsistent("a stored script"))
}

pub(super) fn put_script(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    script: &Script,
) -> Result<ScriptSaved, Error> {
    check(tx, campaign)?;
    let (key, hash) = (campaign.to_bytes(), script.hash().to_bytes());
    let sql = "SELECT number FROM script WHERE campaign = ?1 AND hash = ?2";
    if let Some(number) = first(tx, sql, params![key, hash], |row| row.get(0))? {
        return Ok(ScriptSaved { number, warnings: Vec::new() });
    }
    let unreachable = script.unreachable();
    if !unreachable.is_empty() {
        return Err(Error::Script(unreachable));
    }
    let earlier = scripts(tx, campaign)?;
    let earlier: Vec<&Script> = earlier.iter().collect();
    let warnings = script.check_after(&earlier).map_err(Error::Script)?;
    let sql = "INSERT INTO script
               SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3 FROM script WHERE campaign = ?1
               RETURNING number";
    let number = first(tx, sql, params![key, hash, script.to_json()], |row| row.get(0))?;
    let number = number.ok_or(Error::Inconsistent("a script's number"))?;
    Ok(ScriptSaved { number, warnings })
}
