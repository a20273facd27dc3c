//! Doors: new ones into cells, known ones compared with what their source said before.

use std::io::Read;

use crate::cut::cells;
use crate::id::HouseholdId;
use crate::interchange::import::{FileRef, Imported, Roster, device, writes_of};
use crate::interchange::{DoorReader, DoorRecord, ImportTally, RowOutcome, door_fields};
use crate::merge::altered;
use crate::turf::DoorIndex;
use crate::walklist::Household;

/// Imports doors. `source` is the name under which the file counts; the profile's own when
/// absent.
pub fn import_doors<R: Roster>(
    roster: &mut R,
    mut reader: DoorReader<impl Read>,
    source: Option<&str>,
) -> Result<Imported, R::Error> {
    let source = source.unwrap_or(reader.source()).to_owned();
    let campaign = roster.campaign();
    let device = device(campaign, &source);
    let mut tally = ImportTally::new(reader.fields());
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for outcome in &mut reader {
        let door = match outcome? {
            RowOutcome::Row(door) => door,
            RowOutcome::Skipped(reason) => {
                tally.skip(reason);
                continue;
            }
            RowOutcome::Rejected(rejection) => {
                tally.reject(rejection);
                continue;
            }
        };
        tally.take();
        tally.doors += 1;
        tally.households += 1;
        if !tally.is_clean() {
            continue;
        }
        let id = HouseholdId::of_row(campaign, &source, &door.key);
        match roster.household(id, device)? {
            None => new.push(door),
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
    place(roster, new, file)?;
    for (household, altered) in changed {
        roster.alter(household, file, writes_of(None, altered))?;
    }
    Ok(Imported { tally, file: Some(number), added, altered })
}

/// Adds new doors to their cells: those of a first file are cut into cells, later ones join
/// the cell of the nearest door that has one.
fn place<R: Roster>(
    roster: &mut R,
    doors: Vec<DoorRecord>,
    file: FileRef<'_>,
) -> Result<(), R::Error> {
    if doors.is_empty() {
        return Ok(());
    }
    let placed = roster.placed()?;
    let cells = if placed.is_empty() {
        cells(&doors.iter().map(|door| door.point).collect::<Vec<_>>())
    } else {
        let index = DoorIndex::load((0..).zip(placed.iter().map(|(point, _)| *point)));
        let nearest = |door: &DoorRecord| index.nearest(door.point, 1).first().map(|n| n.door);
        doors.iter().map(|door| nearest(door).map_or(0, |n| placed[n as usize].1)).collect()
    };
    let mut in_cells: Vec<(u32, DoorRecord)> = cells.into_iter().zip(doors).collect();
    // Neighbours get neighbouring ordinals: changes at the next door then cost a byte less.
    in_cells.sort_by_cached_key(|(cell, door)| {
        (*cell, door.address.reading_order(), door.key.clone())
    });
    for (cell, door) in in_cells {
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
    }
    Ok(())
}
