//! Leases and orders: for how long a device may read a list, and what it is to erase.
//!
//! Both are signed with the campaign's key. An order is sent with every answer until the device
//! has signed that it has carried it out.

use canvass_core::change::Envelope;
use canvass_core::id::{CampaignId, DeviceId, ListId};
use canvass_core::sync::wire::{self, DropRequest, PushReply, RevokedReply};
use canvass_core::sync::{Lease, Order, OrderDone, Signed, share_key};
use canvass_core::time::Timestamp;
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::keys::{self, CampaignKeys};
use crate::sqlite::rows::{all, execute, first};
use crate::storage::{DeviceOrder, DeviceScope, SecretHash};

/// What a device had sealed before it was shut out is taken in for this long afterwards.
const DROP_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// Lends a list to a device, from now on.
pub(super) fn lease(
    keys: &CampaignKeys,
    scope: DeviceScope,
    list: (u32, ListId, u32),
    now: Timestamp,
) -> Signed {
    let (number, _, epoch) = list;
    let share = share_key(&keys.share, number, epoch);
    Lease::usual(scope.campaign, scope.device, list, now.millis(), &share).signed(&keys.signing)
}

/// Orders a device to erase a list of an epoch, or all lists.
pub(super) fn order(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    device: DeviceId,
    list: Option<(u32, u32)>,
    now: Timestamp,
) -> Result<(), Error> {
    let key = params![campaign.to_bytes(), device.to_bytes()];
    let sql = "SELECT coalesce(max(number), 0) + 1 FROM device_order
               WHERE campaign = ?1 AND device = ?2";
    let number = first(tx, sql, key, |row| row.get(0))?.unwrap_or(1);
    let order = Order::new(campaign, device, number, list, now.millis());
    let signed = order.signed(&keys::of(tx, campaign)?.signing);
    let sql = "INSERT INTO device_order VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL)";
    let (campaign, device) = (campaign.to_bytes(), device.to_bytes());
    let list = list.map(|(number, _)| number);
    let bytes = wire::encoded(&signed);
    execute(tx, sql, params![campaign, device, number, list, now.millis(), bytes]).map(|_| ())
}

/// Orders everyone who has been given a list to erase it.
pub(super) fn take_from_all(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    list: u32,
    now: Timestamp,
) -> Result<(), Error> {
    let sql = "SELECT d.device, l.epoch FROM device_list d
               JOIN list l ON l.campaign = d.campaign AND l.number = d.list
               WHERE d.campaign = ?1 AND d.list = ?2 AND NOT d.taken ORDER BY d.device";
    let holders = all(tx, sql, params![campaign.to_bytes(), list], |row| {
        Ok((DeviceId::from_bytes(row.get(0)?), row.get::<_, u32>(1)?))
    })?;
    holders
        .into_iter()
        .try_for_each(|(device, epoch)| order(tx, campaign, device, Some((list, epoch)), now))
}

/// Orders a device to erase all its lists; those that are still its own come anew.
pub(super) fn erase_all(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    device: DeviceId,
    now: Timestamp,
) -> Result<(), Error> {
    let sql = "SELECT 1 FROM device WHERE campaign = ?1 AND id = ?2";
    let known = first(tx, sql, params![campaign.to_bytes(), device.to_bytes()], |_| Ok(()))?;
    known.ok_or(Error::NotFound("device"))?;
    order(tx, campaign, device, None, now)
}

/// The orders that a device has not told to be carried out.
pub(super) fn open_orders(tx: &Transaction<'_>, scope: DeviceScope) -> Result<Vec<Signed>, Error> {
    let sql = "SELECT bytes FROM device_order
               WHERE campaign = ?1 AND device = ?2 AND receipt IS NULL ORDER BY number";
    let key = params![scope.campaign.to_bytes(), scope.device.to_bytes()];
    let orders: Vec<Vec<u8>> = all(tx, sql, key, |row| row.get(0))?;
    orders.iter().map(|bytes| signed(bytes)).collect()
}

fn signed(bytes: &[u8]) -> Result<Signed, Error> {
    wire::decoded(bytes).ok_or(Error::Inconsistent("an order"))
}

/// Notes that a device has carried out orders; what it has not signed says nothing.
pub(super) fn orders_done(
    tx: &Transaction<'_>,
    scope: DeviceScope,
    done: &[OrderDone],
) -> Result<(), Error> {
    let (campaign, device) = (scope.campaign.to_bytes(), scope.device.to_bytes());
    for done in done {
        let sql = "SELECT o.bytes, d.public_key FROM device_order o
                   JOIN device d ON d.campaign = o.campaign AND d.id = o.device
                   WHERE o.campaign = ?1 AND o.device = ?2 AND o.number = ?3";
        let order = first(tx, sql, params![campaign, device, done.number], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, [u8; 32]>(1)?))
        })?;
        let Some((bytes, public_key)) = order else { continue };
        if done.is_signed_by(&public_key, &signed(&bytes)?.bytes) {
            let sql = "UPDATE device_order SET receipt = ?4
                       WHERE campaign = ?1 AND device = ?2 AND number = ?3";
            execute(tx, sql, params![campaign, device, done.number, *done.signature])?;
        }
    }
    Ok(())
}

/// What a device that is shut out is told: nothing if this is no such device's token.
pub(super) fn shut_out(
    tx: &Transaction<'_>,
    token: SecretHash,
) -> Result<Option<RevokedReply>, Error> {
    let sql = "SELECT o.bytes FROM device d
               JOIN device_order o ON o.campaign = d.campaign AND o.device = d.id
               WHERE d.token_hash = ?1 AND d.revoked AND o.list IS NULL
               ORDER BY o.number DESC LIMIT 1";
    let bytes: Option<Vec<u8>> = first(tx, sql, [token], |row| row.get(0))?;
    let Some(bytes) = bytes else { return Ok(None) };
    Ok(Some(RevokedReply { protocol: wire::PROTOCOL, order: signed(&bytes)? }))
}

/// Takes in what a device hands in without a token: envelopes of its own, and not later than
/// two weeks after it was shut out.
pub(super) fn drop_off(
    tx: &Transaction<'_>,
    request: &DropRequest,
    now: Timestamp,
) -> Result<PushReply, Error> {
    let scope = DeviceScope {
        campaign: CampaignId::from_bytes(*request.campaign),
        device: DeviceId::from_bytes(*request.device),
    };
    let key = params![scope.campaign.to_bytes(), scope.device.to_bytes()];
    let sql = "SELECT revoked FROM device WHERE campaign = ?1 AND id = ?2";
    let revoked: Option<i64> = first(tx, sql, key, |row| row.get(0))?;
    let revoked = revoked.ok_or(Error::Forbidden)?;
    if revoked != 0 && now.millis().saturating_sub(revoked) > DROP_MS {
        return Err(Error::TooLate);
    }
    for bytes in &request.segments {
        let envelope = Envelope::read(bytes).map_err(|_| Error::BadRequest("an envelope"))?;
        if envelope.header.device != scope.device {
            return Err(Error::Forbidden);
        }
    }
    super::push::take_in(tx, scope, &request.segments, now)
}

/// All orders of a campaign, and whether the device has signed that it carried them out.
pub(super) fn orders(
    tx: &Transaction<'_>,
    campaign: CampaignId,
) -> Result<Vec<DeviceOrder>, Error> {
    super::campaign::check(tx, campaign)?;
    let sql = "SELECT device, number, list, issued, receipt IS NOT NULL FROM device_order
               WHERE campaign = ?1 ORDER BY device, number";
    all(tx, sql, [campaign.to_bytes()], |row| {
        Ok(DeviceOrder {
            device: DeviceId::from_bytes(row.get(0)?),
            number: row.get(1)?,
            list: row.get(2)?,
            issued: Timestamp::from_millis(row.get(3)?),
            done: row.get(4)?,
        })
    })
}
