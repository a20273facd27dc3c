//! Homes: lots turned into addresses.
//!
//! Numbers grow away from the centre with the distance walked, odd on the left side, even on
//! the right, so that empty lots leave gaps in them. Every address in a town is different.

use canvass_core::geometry::Plane;
use canvass_core::walklist::Address;

use super::TownDoor;
use super::building::Building;
use super::lots::Lot;
use super::random::Random;
use super::streets::PlanStreet;

/// Postal codes below 00501 are given to nobody.
const ZIP: &str = "00144";
/// Metres of street for each pair of numbers.
const METRES_PER_PAIR: f64 = 8.0;
/// The house number that a trailer row has as a whole.
const TRAILER_NUMBER: u32 = 10;

/// All homes, street by street, by number.
pub(super) fn doors_of(
    seed: u64,
    town: &str,
    streets: &[PlanStreet],
    lots: &[Lot],
    plane: &Plane,
) -> Vec<TownDoor> {
    let mut random = Random::stream(seed, "homes");
    let mut doors = Vec::new();
    for (lot, number) in numbered(lots) {
        let house_number = match lot.building {
            Building::Rear => format!("{number} 1/2"),
            Building::Trailer(_) => TRAILER_NUMBER.to_string(),
            _ => number.to_string(),
        };
        let point = plane.point(lot.at.east, lot.at.north);
        for unit in units(&mut random, lot.building) {
            let address = Address {
                house_number: house_number.clone(),
                street: streets[lot.street].name.clone(),
                unit,
                town: town.to_owned(),
                zip: ZIP.to_owned(),
            };
            let door_id = format!("D{:05}", doors.len() + 1);
            doors.push(TownDoor { door_id, address, point });
        }
    }
    doors
}

/// The lots by street and number, each with its number.
fn numbered(lots: &[Lot]) -> Vec<(&Lot, u32)> {
    let mut in_order: Vec<&Lot> = lots.iter().collect();
    in_order.sort_by(|a, b| {
        let side = |lot: &Lot| (lot.street, lot.left);
        let rear = |lot: &Lot| lot.building == Building::Rear;
        side(a).cmp(&side(b)).then(a.along_m.total_cmp(&b.along_m)).then(rear(a).cmp(&rear(b)))
    });
    let mut numbered: Vec<(&Lot, u32)> = Vec::with_capacity(lots.len());
    for lot in in_order {
        let last = numbered.last().filter(|(it, _)| (it.street, it.left) == (lot.street, lot.left));
        let number = match last {
            // Behind its house it shares the number; where that lot is empty it has its own.
            Some((front, number)) if is_behind(lot, front) => *number,
            Some((_, number)) => number_at(lot).max(number + 2),
            None => number_at(lot),
        };
        numbered.push((lot, number));
    }
    numbered.sort_by_key(|(lot, number)| (lot.street, *number));
    numbered
}

#[expect(clippy::float_cmp, reason = "both were built at the very same kerb")]
fn is_behind(lot: &Lot, front: &Lot) -> bool {
    lot.building == Building::Rear && lot.along_m == front.along_m
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few kilometres")]
fn number_at(lot: &Lot) -> u32 {
    2 * (lot.along_m / METRES_PER_PAIR) as u32 + if lot.left { 1 } else { 2 }
}

/// What the homes of a building are called: one empty text for a house.
fn units(random: &mut Random, building: Building) -> Vec<String> {
    match building {
        Building::House | Building::Rear | Building::Family(1) => vec![String::new()],
        Building::Trailer(number) => vec![format!("Lot {number}")],
        Building::Family(homes) => {
            let letters = random.chance(400);
            (0..homes)
                .map(|home| if letters { letter(home) } else { (home + 1).to_string() })
                .collect()
        }
        Building::Block { floors, per_floor } => {
            // Large houses number by the hundred, small ones by floor and letter.
            let hundreds = per_floor > 6 || random.chance(350);
            let floor = |floor: u32| {
                (0..per_floor).map(move |home| {
                    if hundreds {
                        format!("{floor}{:02}", home + 1)
                    } else {
                        format!("{floor}{}", letter(home))
                    }
                })
            };
            (1..=floors).flat_map(floor).collect()
        }
    }
}

/// `A` for 0; past `Z`, the number itself.
fn letter(home: u32) -> String {
    u8::try_from(home)
        .ok()
        .filter(|home| *home < 26)
        .map_or_else(|| (home + 1).to_string(), |home| char::from(b'A' + home).to_string())
}
