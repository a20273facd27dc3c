//! Turfs: cut from all doors, or drawn; each a polygon and the doors frozen inside it.

use canvass_core::canvass::Purpose;
use canvass_core::cut::{CutDoor, CutGround, CutOrder, CutSize};
use canvass_core::geometry::Point;
use canvass_core::id::{CampaignId, HouseholdId, TurfId};
use canvass_core::turf::TurfPolygon;
use canvass_core::walklist::{Access, Address};
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::rows::{execute, first};
use crate::storage::{Turf, TurfOrder};

/// Most turfs of one cut.
const MAX_TURFS: u32 = 10_000;

struct DoorAt {
    household: HouseholdId,
    point: Point,
    address: Address,
    units: u32,
    access: Access,
}

pub(super) fn create(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    order: &TurfOrder,
) -> Result<Vec<Turf>, Error> {
    super::campaign::check(tx, campaign)?;
    let doors = doors(tx, campaign)?;
    match (order.turfs, &order.outline) {
        (Some(count @ 1..=MAX_TURFS), None) => cut(tx, campaign, &doors, count),
        (None, Some(outline)) => {
            let rings = outline
                .iter()
                .map(|ring| ring.iter().map(|[lat, lon]| Point::new(*lat, *lon)).collect())
                .collect::<Result<Vec<Vec<Point>>, _>>()
                .map_err(|_| Error::BadRequest("outline"))?;
            let (outer, holes) = rings.split_first().ok_or(Error::BadRequest("outline"))?;
            let polygon = TurfPolygon::new(outer, holes)?;
            let inside: Vec<&DoorAt> =
                doors.iter().filter(|door| polygon.contains(door.point)).collect();
            let name = order.name.clone().unwrap_or_else(|| "Turf".to_owned());
            let households = inside.iter().map(|door| door.household);
            Ok(vec![put(tx, campaign, &name, polygon.rings().to_vec(), households)?])
        }
        _ => Err(Error::BadRequest("turfs or outline")),
    }
}

fn cut(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    doors: &[DoorAt],
    count: u32,
) -> Result<Vec<Turf>, Error> {
    let to_cut: Vec<CutDoor<'_>> = doors
        .iter()
        .map(|it| CutDoor::behind(it.access, it.point, it.units, &it.address))
        .collect();
    let streets = super::streets::of_campaign(tx, campaign)?;
    let ground = CutGround { streets: streets.as_ref(), ..CutGround::default() };
    let order = CutOrder { ground, ..CutOrder::of(CutSize::Turfs(count)) };
    let cut = canvass_core::cut::cut(&to_cut, &order).map_err(|_| Error::BadRequest("turfs"))?;
    let mut made = Vec::new();
    for (turf, number) in cut.turfs.into_iter().zip(1..) {
        let households = turf.doors.iter().map(|door| doors[*door as usize].household);
        let name = format!("Turf {number}");
        made.push(put(tx, campaign, &name, turf.outline.rings().to_vec(), households)?);
    }
    Ok(made)
}

fn doors(tx: &Transaction<'_>, campaign: CampaignId) -> Result<Vec<DoorAt>, Error> {
    let sql = "SELECT id, lat, lon, unit_count, house_number, street, unit, town, zip, access
               FROM household WHERE campaign = ?1 AND mask & ?2 ORDER BY cell, ordinal";
    let key = params![campaign.to_bytes(), Purpose::Route.bit()];
    super::rows::all(tx, sql, key, |row| {
        Ok(DoorAt {
            household: HouseholdId::from_bytes(row.get(0)?),
            point: Point::from_e7(row.get(1)?, row.get(2)?),
            units: row.get(3)?,
            access: Access::from_number(row.get(9)?).unwrap_or_default(),
            address: Address {
                house_number: row.get(4)?,
                street: row.get(5)?,
                unit: row.get(6)?,
                town: row.get(7)?,
                zip: row.get(8)?,
            },
        })
    })
}

fn put(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    name: &str,
    outline: Vec<Vec<Point>>,
    households: impl Iterator<Item = HouseholdId>,
) -> Result<Turf, Error> {
    let sql = "UPDATE campaign SET next_turf = next_turf + 1 WHERE campaign = ?1
               RETURNING next_turf - 1";
    let number: Option<u32> = first(tx, sql, [campaign.to_bytes()], |row| row.get(0))?;
    let number = number.ok_or(Error::NotFound("campaign"))?;
    let turf = TurfId::derive(&[&campaign.to_bytes(), &number.to_be_bytes()]);
    let rings = serde_json::to_string(&outline).expect("points are JSON");
    execute(
        tx,
        "INSERT INTO turf VALUES (?1, ?2, ?3, ?4, ?5)",
        params![campaign.to_bytes(), number, turf.to_bytes(), name, rings],
    )?;
    let mut doors = 0;
    for household in households {
        let sql = "INSERT INTO turf_member VALUES (?1, ?2, ?3)";
        execute(tx, sql, params![campaign.to_bytes(), number, household.to_bytes()])?;
        doors += 1;
    }
    Ok(Turf { number, turf, name: name.to_owned(), outline, doors })
}

pub(super) fn all(tx: &Transaction<'_>, campaign: CampaignId) -> Result<Vec<Turf>, Error> {
    super::campaign::check(tx, campaign)?;
    let sql = "SELECT t.number, t.id, t.name, t.outline,
                 (SELECT count(*) FROM turf_member m
                  WHERE m.campaign = t.campaign AND m.turf = t.number)
               FROM turf t WHERE t.campaign = ?1 ORDER BY t.number";
    let rows = super::rows::all(tx, sql, [campaign.to_bytes()], |row| {
        let (turf, outline): ([u8; 16], String) = (row.get(1)?, row.get(3)?);
        Ok((row.get(0)?, TurfId::from_bytes(turf), row.get(2)?, outline, row.get(4)?))
    })?;
    rows.into_iter()
        .map(|(number, turf, name, outline, doors)| {
            let outline = rings(&outline)?;
            Ok(Turf { number, turf, name, outline, doors })
        })
        .collect()
}

/// The rings of an outline as it is stored.
pub(super) fn rings(stored: &str) -> Result<Vec<Vec<Point>>, Error> {
    serde_json::from_str(stored).map_err(|_| Error::Inconsistent("a turf's outline"))
}
