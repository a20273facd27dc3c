//! Invitations, and the devices that redeem them.

use canvass_core::id::{CampaignId, CanvasserId, DeviceId};
use canvass_core::seal::is_signed_by;
use canvass_core::sync::wire::{self, ENROL_DOMAIN, EnrolReply, EnrolRequest};
use canvass_core::time::Timestamp;
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::secret;
use crate::sqlite::rows::{all, execute, first};
use crate::storage::{DeviceScope, InvitationOrder, SecretHash};

/// An invitation is good for a day unless said otherwise, and never for more than a week.
const TTL_S: u32 = 24 * 60 * 60;
const MAX_TTL_S: u32 = 7 * TTL_S;
/// Longest name of a canvasser, in bytes of UTF-8.
const MAX_NAME_BYTES: usize = 200;

pub(super) fn invite(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    order: &InvitationOrder,
    secret: SecretHash,
    now: Timestamp,
) -> Result<CanvasserId, Error> {
    let name = order.canvasser.trim();
    if name.is_empty() || name.len() > MAX_NAME_BYTES {
        return Err(Error::BadRequest("canvasser"));
    }
    for list in &order.lists {
        let sql = "SELECT 1 FROM list WHERE campaign = ?1 AND number = ?2 AND NOT withdrawn";
        let known = first(tx, sql, params![campaign.to_bytes(), list], |_| Ok(()))?;
        known.ok_or(Error::NotFound("list"))?;
    }
    let canvasser = CanvasserId::derive(&[&campaign.to_bytes(), name.as_bytes()]);
    let sql = "INSERT OR IGNORE INTO canvasser VALUES (?1, ?2, ?3)";
    execute(tx, sql, params![campaign.to_bytes(), canvasser.to_bytes(), name])?;
    let ttl_s = order.ttl_s.unwrap_or(TTL_S).min(MAX_TTL_S);
    let expires = now.plus_millis(i64::from(ttl_s) * 1000);
    let lists = serde_json::to_string(&order.lists).expect("numbers are JSON");
    execute(
        tx,
        "INSERT INTO invitation VALUES (?1, ?2, ?3, ?4, ?5, NULL)",
        params![campaign.to_bytes(), secret, canvasser.to_bytes(), lists, expires.millis()],
    )?;
    Ok(canvasser)
}

pub(super) fn enrol(
    tx: &Transaction<'_>,
    request: &EnrolRequest,
    token: &str,
    now: Timestamp,
) -> Result<EnrolReply, Error> {
    let hash = secret::hash(&request.invitation);
    let (device, proof) = (*request.device, *request.proof);
    let proved = [&request.invitation[..], &device].concat();
    if !is_signed_by(&request.public_key, ENROL_DOMAIN, &proved, &proof) {
        return Err(Error::Invitation);
    }
    // The row that is taken decides which of two phones it was; the rest follows from it. The
    // one that took it may ask again: the answer may have been lost on its way.
    let sql = "UPDATE invitation SET used_by = ?2
               WHERE secret_hash = ?1 AND coalesce(used_by, ?2) = ?2 AND expires > ?3
               RETURNING campaign, canvasser, lists";
    let taken = first(tx, sql, params![hash, device, now.millis()], |row| {
        Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, [u8; 16]>(1)?, row.get::<_, String>(2)?))
    })?;
    let (campaign, canvasser, lists) = taken.ok_or(Error::Invitation)?;
    let offset_ms = now.millis().saturating_sub(request.wall_ms);
    // A device that is there already gets another token, if it holds the same key and has not
    // written yet: then it has never had one.
    let enrolled = execute(
        tx,
        "INSERT INTO device VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0)
         ON CONFLICT (campaign, id) DO UPDATE
           SET token_hash = excluded.token_hash, offset_ms = excluded.offset_ms
           WHERE public_key = excluded.public_key AND incarnation = excluded.incarnation
             AND canvasser = excluded.canvasser AND mark = 0 AND NOT revoked",
        params![
            campaign,
            device,
            request.incarnation,
            *request.public_key,
            canvasser,
            secret::hash(token.as_bytes()),
            offset_ms,
        ],
    )?;
    if enrolled == 0 {
        return Err(Error::Invitation);
    }
    let lists: Vec<u32> =
        serde_json::from_str(&lists).map_err(|_| Error::Inconsistent("an invitation"))?;
    for list in lists {
        let sql = "INSERT OR IGNORE INTO device_list VALUES (?1, ?2, ?3, 0)";
        execute(tx, sql, params![campaign, device, list])?;
    }
    let name = |sql: &str, key: &[u8]| {
        first(tx, sql, params![campaign, key], |row| row.get::<_, String>(0))
            .map(Option::unwrap_or_default)
    };
    Ok(EnrolReply {
        protocol: wire::PROTOCOL,
        campaign: campaign.into(),
        campaign_name: name("SELECT name FROM campaign WHERE campaign = ?1 AND ?2 = ?2", b"")?,
        canvasser: canvasser.into(),
        canvasser_name: name(
            "SELECT name FROM canvasser WHERE campaign = ?1 AND id = ?2",
            &canvasser,
        )?,
        token: token.to_owned(),
        server_ms: now.millis(),
    })
}

pub(super) fn device_of(
    tx: &Transaction<'_>,
    token: SecretHash,
) -> Result<Option<DeviceScope>, Error> {
    let sql = "SELECT campaign, id FROM device WHERE token_hash = ?1 AND NOT revoked";
    first(tx, sql, [token], |row| {
        Ok(DeviceScope {
            campaign: CampaignId::from_bytes(row.get(0)?),
            device: DeviceId::from_bytes(row.get(1)?),
        })
    })
}

pub(super) fn revoke(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    device: DeviceId,
) -> Result<(), Error> {
    let sql = "UPDATE device SET revoked = 1 WHERE campaign = ?1 AND id = ?2";
    match execute(tx, sql, params![campaign.to_bytes(), device.to_bytes()])? {
        0 => Err(Error::NotFound("device")),
        _ => Ok(()),
    }
}

/// All devices of a campaign with the canvasser's name and how far each is received.
pub(super) fn canvasser_names(
    tx: &Transaction<'_>,
    campaign: CampaignId,
) -> Result<Vec<(CanvasserId, String)>, Error> {
    let sql = "SELECT id, name FROM canvasser WHERE campaign = ?1";
    all(tx, sql, [campaign.to_bytes()], |row| {
        Ok((CanvasserId::from_bytes(row.get(0)?), row.get(1)?))
    })
}
