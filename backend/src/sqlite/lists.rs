//! Walk lists: the doors of a turf in walking order.

use std::collections::BTreeMap;

use canvass_core::canvass::Purpose;
use canvass_core::id::{CampaignId, HouseholdId, ListId};
use canvass_core::merge::Digest;
use canvass_core::route::Effort;
use canvass_core::street::StreetPack;
use canvass_core::time::Timestamp;
use canvass_core::walk::{AddressedStop, Ground, Terrain, WalkEnds, WalkStop, WorkCosts};
use canvass_core::walklist::{Door, Stop};
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::rows::{self, HouseholdRow, execute, first};
use crate::storage::{List, ListOrder};

/// The same turf gives the same order.
const ORDER_SEED: u64 = 0;

pub(super) fn create(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    order: &ListOrder,
) -> Result<List, Error> {
    let sql = "SELECT name FROM turf WHERE campaign = ?1 AND number = ?2";
    let turf_name: Option<String> =
        first(tx, sql, params![campaign.to_bytes(), order.turf], |row| row.get(0))?;
    let turf_name = turf_name.ok_or(Error::NotFound("turf"))?;
    let name = order.name.clone().unwrap_or(turf_name);
    let planned = Planned::of(tx, campaign, order.turf)?;
    let number = number(tx, campaign)?;
    let list = ListId::derive(&[&campaign.to_bytes(), &number.to_be_bytes()]);
    execute(
        tx,
        "INSERT INTO list VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, 0)",
        params![
            campaign.to_bytes(),
            number,
            list.to_bytes(),
            name,
            order.turf,
            order.with_contacts,
            planned.length_m,
        ],
    )?;
    put_members(tx, campaign, number, &planned)?;
    super::streets::of_new_list(tx, campaign, number, planned.streets.as_ref())?;
    Ok(planned.list(number, list, name, 1))
}

/// Cuts a list anew: it has the doors of this turf from now on, in an order planned anew. Phones
/// that hold it get it whole; what they write meanwhile at doors that left it still counts.
pub(super) fn recut(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    number: u32,
    turf: u32,
) -> Result<List, Error> {
    let (key, turf_key) = (campaign.to_bytes(), params![campaign.to_bytes(), turf]);
    let sql = "SELECT id, name, epoch FROM list
               WHERE campaign = ?1 AND number = ?2 AND NOT withdrawn";
    let known: Option<([u8; 16], String, u32)> =
        first(tx, sql, params![key, number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let (list, name, epoch) = known.ok_or(Error::NotFound("list"))?;
    let sql = "SELECT 1 FROM turf WHERE campaign = ?1 AND number = ?2";
    first(tx, sql, turf_key, |_| Ok(()))?.ok_or(Error::NotFound("turf"))?;
    let planned = Planned::of(tx, campaign, turf)?;
    execute(
        tx,
        "INSERT OR REPLACE INTO list_member_past
         SELECT campaign, list, household, ?3 FROM list_member WHERE campaign = ?1 AND list = ?2",
        params![key, number, epoch],
    )?;
    let sql = "DELETE FROM list_member WHERE campaign = ?1 AND list = ?2";
    execute(tx, sql, params![key, number])?;
    put_members(tx, campaign, number, &planned)?;
    super::streets::of_new_list(tx, campaign, number, planned.streets.as_ref())?;
    let sql = "UPDATE list SET epoch = ?3, turf = ?4, length_m = ?5
               WHERE campaign = ?1 AND number = ?2";
    execute(tx, sql, params![key, number, epoch + 1, turf, planned.length_m])?;
    Ok(planned.list(number, ListId::from_bytes(list), name, epoch + 1))
}

/// The doors of a turf in walking order.
struct Planned {
    members: Vec<HouseholdRow>,
    /// The campaign's streets: to open them takes as long as to walk them.
    streets: Option<StreetPack>,
    stops: Vec<Stop>,
    length_m: f64,
    alphabetical_m: f64,
}

impl Planned {
    fn of(tx: &Transaction<'_>, campaign: CampaignId, turf: u32) -> Result<Self, Error> {
        let members = members(tx, campaign, turf)?;
        let streets = super::streets::of_campaign(tx, campaign)?;
        let stops = AddressedStop::all_of(members.iter().map(door_of).collect());
        let costs = WorkCosts::default();
        let walked: Vec<WalkStop<'_>> = stops.iter().map(|it| it.walk_stop(&costs)).collect();
        let ground = Ground { streets: streets.as_ref(), ..Ground::default() };
        let ends = WalkEnds::default();
        let terrain = Terrain::new(&walked, ends, ground, &costs);
        let walk = terrain.legible_walk(Effort::Thorough, ORDER_SEED);
        // What cannot be reached is on the list all the same, after everything else.
        let all = walk.order.iter().chain(&walk.left_out);
        let in_order = all.map(|stop| stops[*stop as usize].stop.clone()).collect();
        // Stops are grouped in the order in which a list on paper would have them.
        let as_read = terrain.measured((0..).zip(&stops).map(|(at, _)| at).collect());
        let alphabetical_m = as_read.length_m;
        let length_m = walk.length_m;
        Ok(Self { members, stops: in_order, length_m, alphabetical_m, streets })
    }

    fn list(&self, number: u32, list: ListId, name: String, epoch: u32) -> List {
        List {
            number,
            list,
            name,
            epoch,
            doors: u32::try_from(self.members.len()).unwrap_or(u32::MAX),
            stops: u32::try_from(self.stops.len()).unwrap_or(u32::MAX),
            length_m: self.length_m,
            alphabetical_m: self.alphabetical_m,
        }
    }
}

/// The doors of a turf that may be given out: those to walk to, and those counted apart.
fn members(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    turf: u32,
) -> Result<Vec<HouseholdRow>, Error> {
    let sql = "SELECT h.* FROM turf_member m
               JOIN household h ON h.campaign = m.campaign AND h.id = m.household
               WHERE m.campaign = ?1 AND m.turf = ?2 AND h.mask & ?3 ORDER BY h.cell, h.ordinal";
    let key = params![campaign.to_bytes(), turf, Purpose::ListOut.bit()];
    rows::all(tx, sql, key, rows::household_of)
}

fn door_of(row: &HouseholdRow) -> Door {
    let household = &row.household;
    Door {
        household: household.id,
        building: household.building,
        address: household.address.clone(),
        point: household.point,
        access: row.access,
    }
}

fn number(tx: &Transaction<'_>, campaign: CampaignId) -> Result<u32, Error> {
    let sql = "UPDATE campaign SET next_list = next_list + 1 WHERE campaign = ?1
               RETURNING next_list - 1";
    let number = first(tx, sql, [campaign.to_bytes()], |row| row.get(0))?;
    number.ok_or(Error::NotFound("campaign"))
}

fn put_members(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    list: u32,
    planned: &Planned,
) -> Result<(), Error> {
    let mut places: BTreeMap<HouseholdId, (u32, u32)> = BTreeMap::new();
    for (stop, number) in planned.stops.iter().zip(0_u32..) {
        let doors = stop.doors.iter().zip(0_u32..);
        places.extend(doors.map(|(household, place)| (*household, (number, place))));
    }
    for row in &planned.members {
        let (stop, place) = places[&row.household.id];
        execute(
            tx,
            "INSERT INTO list_member VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                campaign.to_bytes(),
                list,
                row.household.id.to_bytes(),
                row.cell,
                row.ordinal,
                stop,
                place,
            ],
        )?;
    }
    Ok(())
}

pub(super) fn all(tx: &Transaction<'_>, campaign: CampaignId) -> Result<Vec<List>, Error> {
    super::campaign::check(tx, campaign)?;
    let sql = "SELECT l.number, l.id, l.name, l.epoch, l.length_m,
                 count(m.household), count(DISTINCT m.stop)
               FROM list l LEFT JOIN list_member m
                 ON m.campaign = l.campaign AND m.list = l.number
               WHERE l.campaign = ?1 AND NOT l.withdrawn GROUP BY l.number ORDER BY l.number";
    rows::all(tx, sql, [campaign.to_bytes()], |row| {
        Ok(List {
            number: row.get(0)?,
            list: ListId::from_bytes(row.get(1)?),
            name: row.get(2)?,
            epoch: row.get(3)?,
            length_m: row.get(4)?,
            doors: row.get(5)?,
            stops: row.get(6)?,
            alphabetical_m: 0.0,
        })
    })
}

pub(super) fn withdraw(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    number: u32,
    now: Timestamp,
) -> Result<(), Error> {
    let key = params![campaign.to_bytes(), number];
    let sql = "SELECT withdrawn FROM list WHERE campaign = ?1 AND number = ?2";
    let already: Option<bool> = first(tx, sql, key, |row| row.get(0))?;
    if already.ok_or(Error::NotFound("list"))? {
        return Ok(());
    }
    let sql = "UPDATE list SET withdrawn = ?3 WHERE campaign = ?1 AND number = ?2";
    execute(tx, sql, params![campaign.to_bytes(), number, now.millis()])?;
    super::leases::take_from_all(tx, campaign, number, now)
}

pub(super) fn digest(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    number: u32,
) -> Result<Digest, Error> {
    let sql = "SELECT 1 FROM list WHERE campaign = ?1 AND number = ?2";
    let known = first(tx, sql, params![campaign.to_bytes(), number], |_| Ok(()))?;
    known.ok_or(Error::NotFound("list"))?;
    super::pull::digest(tx, campaign, number)
}
