//! A campaign's own keys: what it signs with, and what opens work sealed to it.

use canvass_core::id::CampaignId;
use canvass_core::seal::{Key, OpeningKey, SigningKey};
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::rows::first;

/// The keys, as they grow from their seeds.
pub(super) struct CampaignKeys {
    /// Signs receipts, leases, orders and cards.
    pub(super) signing: SigningKey,
    /// Opens what phones have sealed to the campaign.
    pub(super) opening: OpeningKey,
    /// What the share keys of lists are derived from.
    pub(super) share: Key,
}

pub(super) fn of(tx: &Transaction<'_>, campaign: CampaignId) -> Result<CampaignKeys, Error> {
    let sql = "SELECT signing_seed, sealing_seed, share_seed FROM campaign WHERE campaign = ?1";
    let seeds = first(tx, sql, params![campaign.to_bytes()], |row| {
        Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, [u8; 32]>(1)?, row.get::<_, [u8; 32]>(2)?))
    })?;
    let (signing, sealing, share) = seeds.ok_or(Error::NotFound("campaign"))?;
    let key = |bytes: [u8; 32]| Key::from_slice(&bytes).ok_or(Error::Inconsistent("a key"));
    Ok(CampaignKeys {
        signing: SigningKey::from_seed(&key(signing)?),
        opening: OpeningKey::from_seed(&key(sealing)?),
        share: key(share)?,
    })
}

/// The seed of the key that opens sealed work: what `canvass recover` asks for.
pub(super) fn opening_seed(tx: &Transaction<'_>, campaign: CampaignId) -> Result<[u8; 32], Error> {
    let sql = "SELECT sealing_seed FROM campaign WHERE campaign = ?1";
    let seed = first(tx, sql, [campaign.to_bytes()], |row| row.get(0))?;
    seed.ok_or(Error::NotFound("campaign"))
}
