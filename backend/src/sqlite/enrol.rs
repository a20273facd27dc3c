//! Invitations, and the devices that redeem them.

use canvass_core::id::{CampaignId, CanvasserId, DeviceId};
use canvass_core::seal::is_signed_by;
use canvass_core::sync::DeviceCard;
use canvass_core::sync::wire::{self, ENROL_DOMAIN, EnrolReply, EnrolRequest};
use canvass_core::time::Timestamp;
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::secret;
use crate::sqlite::keys;
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
    now: Timestamp,
) -> Result<EnrolReply, Error> {
    let hash = secret::hash(&request.invitation);
    let (device, proof) = (*request.device, *request.proof);
    let proved = [&request.invitation[..], &device].concat();
    if !is_signed_by(&request.public_key, ENROL_DOMAIN, &proved, &proof) {
        return Err(Error::Invitation);
    }
    let Taken { campaign, canvasser, lists } = take(tx, &hash, &device, now)?;
    let token = &token_of(tx, CampaignId::from_bytes(campaign), &hash, &device)?;
    put_device(tx, request, &campaign, &canvasser, token, now)?;
    let lists: Vec<u32> =
        serde_json::from_str(&lists).map_err(|_| Error::Inconsistent("an invitation"))?;
    for list in lists {
        super::assign::give(
            tx,
            CampaignId::from_bytes(campaign),
            DeviceId::from_bytes(*request.device),
            list,
        )?;
    }
    reply(tx, request, campaign, canvasser, token, now)
}

/// The token that this invitation gives this device: the same one whenever it is asked for, so
/// that a request that comes twice, even after its answer, shuts nobody out.
fn token_of(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    invitation: &SecretHash,
    device: &[u8; 16],
) -> Result<String, Error> {
    let (invitation, device) = (secret::hex(invitation), secret::hex(device));
    let key = keys::of(tx, campaign)?.share;
    let token = key.derived(&format!("canvass device token v1 {invitation} {device}"));
    Ok(secret::hex(token.bytes()))
}

/// An invitation that this device has taken.
struct Taken {
    campaign: [u8; 16],
    canvasser: [u8; 16],
    lists: String,
}

/// Takes an invitation: the row that is taken decides which of two phones it was. The one that
/// took it may ask again while it has written nothing: the answer may have been lost on its way.
fn take(
    tx: &Transaction<'_>,
    hash: &SecretHash,
    device: &[u8; 16],
    now: Timestamp,
) -> Result<Taken, Error> {
    let sql = "UPDATE invitation SET used_by = ?2
               WHERE secret_hash = ?1 AND expires > ?3 AND (used_by IS NULL OR used_by = ?2
                 AND NOT EXISTS (SELECT 1 FROM author a WHERE a.campaign = invitation.campaign
                                   AND a.device = ?2)
                 AND NOT EXISTS (SELECT 1 FROM device d WHERE d.campaign = invitation.campaign
                                   AND d.id = ?2 AND d.revoked))
               RETURNING campaign, canvasser, lists";
    let taken = first(tx, sql, params![hash, device, now.millis()], |row| {
        Ok(Taken { campaign: row.get(0)?, canvasser: row.get(1)?, lists: row.get(2)? })
    })?;
    taken.ok_or(Error::Invitation)
}

/// Makes the device, or gives it another token. One that is there already must hold the same
/// key and be the same canvasser's: its token was lost or shut out, its work was not.
fn put_device(
    tx: &Transaction<'_>,
    request: &EnrolRequest,
    campaign: &[u8; 16],
    canvasser: &[u8; 16],
    token: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let sql = "INSERT INTO device VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)
               ON CONFLICT (campaign, id) DO UPDATE SET token_hash = excluded.token_hash,
                 offset_ms = excluded.offset_ms, revoked = 0
               WHERE public_key = excluded.public_key AND canvasser = excluded.canvasser";
    let values = params![
        campaign,
        *request.device,
        *request.public_key,
        canvasser,
        secret::hash(token.as_bytes()),
        now.millis().saturating_sub(request.wall_ms),
    ];
    if execute(tx, sql, values)? == 0 { Err(Error::Invitation) } else { Ok(()) }
}

fn reply(
    tx: &Transaction<'_>,
    request: &EnrolRequest,
    campaign: [u8; 16],
    canvasser: [u8; 16],
    token: &str,
    now: Timestamp,
) -> Result<EnrolReply, Error> {
    let device = *request.device;
    let name = |sql: &str, key: &[u8]| {
        first(tx, sql, params![campaign, key], |row| row.get::<_, String>(0))
            .map(Option::unwrap_or_default)
    };
    let canvasser_name =
        name("SELECT name FROM canvasser WHERE campaign = ?1 AND id = ?2", &canvasser)?;
    let keys = keys::of(tx, CampaignId::from_bytes(campaign))?;
    let card = DeviceCard {
        campaign: campaign.into(),
        device: device.into(),
        public_key: request.public_key,
        canvasser: canvasser.into(),
        canvasser_name: canvasser_name.clone(),
    };
    Ok(EnrolReply {
        protocol: wire::PROTOCOL,
        campaign: campaign.into(),
        campaign_name: name("SELECT name FROM campaign WHERE campaign = ?1 AND ?2 = ?2", b"")?,
        canvasser: canvasser.into(),
        canvasser_name,
        token: token.to_owned(),
        server_ms: now.millis(),
        signing_key: keys.signing.public().into(),
        sealing_key: keys.opening.public().into(),
        card: card.signed(&keys.signing),
        capabilities: Some(wire::capability::ALL),
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
    now: Timestamp,
) -> Result<(), Error> {
    super::leases::erase_all(tx, campaign, device, now)?;
    let sql = "UPDATE device SET revoked = ?3 WHERE campaign = ?1 AND id = ?2 AND NOT revoked";
    let since = now.millis().max(1);
    execute(tx, sql, params![campaign.to_bytes(), device.to_bytes(), since]).map(|_| ())
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
