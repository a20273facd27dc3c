//! Doors: new ones into cells, known ones compared with what their source said before.

use std::io::Read;

use crate::change::{ImportedField, ImportedWrite};
use crate::cut::cells;
use crate::id::{HouseholdId, source_device};
use crate::interchange::import::parked::{NewDoor, Parked};
use crate::interchange::import::{FileRef, Imported, Roster, writes_of};
use crate::interchange::read::access_text;
use crate::interchange::{DoorReader, ImportTally, door_fields};
use crate::merge::altered;
use crate::turf::DoorIndex;
use crate::walklist::{Access, Household};

/// Imports doors. `source` is the name under which the file counts; the profile's own when
/// absent.
pub fn import_doors<R: Roster>(
    roster: &mut R,
    mut reader: DoorReader<impl Read>,
    source: Option<&str>,
) -> Result<Imported, R::Error> {
    let source = source.unwrap_or(reader.source()).to_owned();
    let campaign = roster.campaign();
    let device = source_device(campaign, &source);
    let mut tally = ImportTally::new(reader.fields());
    let (mut new, mut changed) = (Parked::default(), Vec::new());
    for outcome in &mut reader {
        let Some(door) = tally.admit(outcome?) else { continue };
        tally.take();
        tally.doors += 1;
        tally.households += 1;
        if !tally.is_clean() {
            continue;
        }
        let id = HouseholdId::of_row(campaign, &source, &door.key);
        match roster.household(id, device)? {
            None => new.push(&NewDoor::from(door)),
            Some(said) => {
                let altered = altered(&said, &door_fields(&door));
                if !altered.is_empty() {
                    changed.push((id, altered));
                }
            }
        }
    }
    let (added, altered) = (new.len() as u64, changed.len() as u64);
    if !tally.is_clean() || added + altered == 0 {
        return Ok(Imported { tally, file: None, added: 0, altered: 0 });
    }
    let number = roster.files(&source)? + 1;
    roster.accept_file(&source, number)?;
    let file = FileRef::new(campaign, &source, number);
    place(roster, &new, file)?;
    for (household, altered) in changed {
        roster.alter(household, file, writes_of(None, altered))?;
    }
    Ok(Imported { tally, file: Some(number), added, altered })
}

/// Adds new doors to their cells.
fn place<R: Roster>(
    roster: &mut R,
    doors: &Parked<NewDoor>,
    file: FileRef<'_>,
) -> Result<(), R::Error> {
    let cells = cells_of(roster, doors)?;
    let mut by_cell: Vec<usize> = (0..doors.len()).collect();
    by_cell.sort_by_key(|place| cells[*place]);
    for of_cell in by_cell.chunk_by(|one, other| cells[*one] == cells[*other]) {
        let mut new: Vec<NewDoor> = of_cell.iter().map(|place| doors.get(*place)).collect();
        // Neighbours get neighbouring ordinals: changes at the next door then cost a byte less.
        new.sort_by_cached_key(|door| (door.address.reading_order(), door.key.clone()));
        for door in new {
            add(roster, door, cells[of_cell[0]], file)?;
        }
    }
    Ok(())
}

/// The cell of each new door: those of a first file are cut into cells, later ones join the
/// cell of the nearest door that has one.
fn cells_of<R: Roster>(roster: &mut R, doors: &Parked<NewDoor>) -> Result<Vec<u32>, R::Error> {
    if doors.is_empty() {
        return Ok(Vec::new());
    }
    let points = (0..doors.len()).map(|place| doors.get(place).point);
    let placed = roster.placed()?;
    if placed.is_empty() {
        return Ok(cells(&points.collect::<Vec<_>>()));
    }
    let index = DoorIndex::load((0..).zip(placed.iter().map(|(point, _)| *point)));
    let nearest = |point| index.nearest(point, 1).first().map(|nearest| nearest.door);
    Ok(points.map(|point| nearest(point).map_or(0, |near| placed[near as usize].1)).collect())
}

fn add<R: Roster>(
    roster: &mut R,
    door: NewDoor,
    cell: u32,
    file: FileRef<'_>,
) -> Result<(), R::Error> {
    let campaign = roster.campaign();
    let household = Household {
        id: HouseholdId::of_row(campaign, file.source, &door.key),
        building: door.address.building(campaign),
        address: door.address,
        point: door.point,
        unit_count: door.unit_count,
        control: false,
    };
    roster.add_household(&household, &door.key, cell, file)?;
    if door.access == Access::Open {
        return Ok(());
    }
    // No row holds it: the first word on it is a change as well.
    let (field, value) = (ImportedField::Access, access_text(door.access));
    let said = ImportedWrite { member: None, field, previous: None, value };
    roster.alter(household.id, file, vec![said])
}
