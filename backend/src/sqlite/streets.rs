//! The campaign's streets: one pack, and the piece of it that rides with each list.

use std::sync::Arc;

use canvass_core::geometry::Point;
use canvass_core::id::CampaignId;
use canvass_core::street::{StreetError, StreetPack};
use canvass_core::sync::wire::{
    MAX_STREETS_BYTES, PROTOCOL, StreetsReply, StreetsRequest, capability,
};
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::rows::{all, execute, first};
use crate::storage::{DeviceScope, Streets};

/// How far around its doors a list's streets reach, in metres: three blocks, so that walks
/// around a block stay inside. Our choice.
const MARGIN_M: f64 = 300.0;

/// Takes the campaign's pack, in place of an earlier one, and cuts each list's piece of it.
pub(super) fn put(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    bytes: &[u8],
) -> Result<Streets, Error> {
    super::campaign::check(tx, campaign)?;
    let pack = StreetPack::open(Arc::from(bytes)).map_err(|_| Error::BadRequest("street pack"))?;
    let hash = blake3::hash(bytes);
    execute(
        tx,
        "INSERT OR REPLACE INTO street_pack VALUES (?1, ?2, ?3)",
        params![campaign.to_bytes(), hash.as_bytes(), bytes],
    )?;
    let sql = "SELECT number FROM list WHERE campaign = ?1 AND NOT withdrawn";
    let numbers: Vec<u32> = all(tx, sql, [campaign.to_bytes()], |row| row.get(0))?;
    let mut lists = 0;
    for number in numbers {
        lists += u32::from(clip(tx, campaign, number, &pack)?);
    }
    let info = pack.info();
    let hash = hash.to_hex().to_string();
    Ok(Streets { hash, nodes: info.nodes, edges: info.edges, attribution: info.attribution, lists })
}

/// Cuts a list's piece out of the campaign's pack, if it has one.
pub(super) fn of_new_list(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    number: u32,
    pack: Option<&StreetPack>,
) -> Result<(), Error> {
    pack.map_or(Ok(false), |pack| clip(tx, campaign, number, pack)).map(|_| ())
}

/// The campaign's pack, if it has one.
pub(super) fn of_campaign(
    tx: &Transaction<'_>,
    campaign: CampaignId,
) -> Result<Option<StreetPack>, Error> {
    let sql = "SELECT pack FROM street_pack WHERE campaign = ?1";
    let bytes: Option<Vec<u8>> = first(tx, sql, [campaign.to_bytes()], |row| row.get(0))?;
    Ok(bytes.and_then(|bytes| StreetPack::open(Arc::from(bytes)).ok()))
}

/// Whether there are streets around a list's doors; a list without them is walked by straight
/// lines.
fn clip(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    number: u32,
    pack: &StreetPack,
) -> Result<bool, Error> {
    let key = params![campaign.to_bytes(), number];
    execute(tx, "DELETE FROM list_streets WHERE campaign = ?1 AND list = ?2", key)?;
    let sql = "SELECT h.* FROM list_member m
               JOIN household h ON h.campaign = m.campaign AND h.id = m.household
               WHERE m.campaign = ?1 AND m.list = ?2";
    let members = all(tx, sql, key, super::rows::household_of)?;
    let points: Vec<Point> = members.iter().map(|row| row.household.point).collect();
    let piece = match pack.clip(&points, MARGIN_M) {
        Ok(piece) if piece.len() <= MAX_STREETS_BYTES => piece,
        Ok(_) | Err(StreetError::NoWays) => return Ok(false),
        Err(_) => return Err(Error::BadRequest("street pack")),
    };
    execute(
        tx,
        "INSERT INTO list_streets VALUES (?1, ?2, ?3, ?4)",
        params![campaign.to_bytes(), number, blake3::hash(&piece).as_bytes(), piece],
    )?;
    Ok(true)
}

/// The name of a list's piece.
pub(super) fn hash_of(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    number: u32,
) -> Result<Option<[u8; 32]>, Error> {
    let sql = "SELECT hash FROM list_streets WHERE campaign = ?1 AND list = ?2";
    first(tx, sql, params![campaign.to_bytes(), number], |row| row.get(0))
}

/// A list's piece, for a device that has the list.
pub(super) fn give(
    tx: &Transaction<'_>,
    scope: DeviceScope,
    request: &StreetsRequest,
) -> Result<StreetsReply, Error> {
    let lists = super::pull::lists(tx, scope)?;
    let pack = if lists.iter().any(|list| list.number == request.list) {
        let sql = "SELECT pack FROM list_streets WHERE campaign = ?1 AND list = ?2";
        let key = params![scope.campaign.to_bytes(), request.list];
        first(tx, sql, key, |row| row.get::<_, Vec<u8>>(0))?
    } else {
        None
    };
    let capabilities = Some(capability::ALL);
    Ok(StreetsReply { protocol: PROTOCOL, pack: pack.map(Into::into), capabilities })
}
