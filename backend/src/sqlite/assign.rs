//! Which lists a device has: given, and taken back.
//!
//! A list that was taken back stays noted: what its device recorded before it heard still counts.

use canvass_core::id::{CampaignId, DeviceId};
use canvass_core::time::Timestamp;
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::rows::{execute, first};

/// Gives a device a list, for the first time or again.
pub(super) fn give(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    device: DeviceId,
    list: u32,
) -> Result<(), Error> {
    let sql = "INSERT INTO device_list
               SELECT ?1, ?2, number, 0, epoch FROM list WHERE campaign = ?1 AND number = ?3
               ON CONFLICT (campaign, device, list) DO UPDATE SET taken = 0";
    match execute(tx, sql, params![campaign.to_bytes(), device.to_bytes(), list])? {
        0 => Err(Error::NotFound("list")),
        _ => Ok(()),
    }
}

/// Gives a device that is enrolled a list that is not withdrawn.
pub(super) fn assign(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    device: DeviceId,
    list: u32,
) -> Result<(), Error> {
    let sql = "SELECT 1 FROM device WHERE campaign = ?1 AND id = ?2 AND NOT revoked";
    let key = params![campaign.to_bytes(), device.to_bytes()];
    first(tx, sql, key, |_| Ok(()))?.ok_or(Error::NotFound("device"))?;
    let sql = "SELECT 1 FROM list WHERE campaign = ?1 AND number = ?2 AND NOT withdrawn";
    let key = params![campaign.to_bytes(), list];
    first(tx, sql, key, |_| Ok(()))?.ok_or(Error::NotFound("list"))?;
    give(tx, campaign, device, list)
}

/// Takes a list back from a device, which is ordered to erase it. Twice is once.
pub(super) fn take(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    device: DeviceId,
    list: u32,
    now: Timestamp,
) -> Result<(), Error> {
    let key = params![campaign.to_bytes(), device.to_bytes(), list];
    let sql = "SELECT d.taken, l.epoch FROM device_list d
               JOIN list l ON l.campaign = d.campaign AND l.number = d.list
               WHERE d.campaign = ?1 AND d.device = ?2 AND d.list = ?3";
    let known: Option<(i64, u32)> = first(tx, sql, key, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (taken, epoch) = known.ok_or(Error::NotFound("device or list"))?;
    if taken > 0 {
        return Ok(());
    }
    let sql = "UPDATE device_list SET taken = ?4
               WHERE campaign = ?1 AND device = ?2 AND list = ?3";
    execute(tx, sql, params![campaign.to_bytes(), device.to_bytes(), list, now.millis()])?;
    super::leases::order(tx, campaign, device, Some((list, epoch)), now)
}
