//! An invented small town, drawn from a seed: streets, homes and the people in them.
//!
//! For demonstrations, tests and benches. Equal seeds and sizes give equal towns, to the byte,
//! on every machine. No street, house or person in it is real; its place on the map is open
//! water. It does not read or write files of its own accord, and does not cut turf or order
//! doors.
//!
//! ```
//! use canvass_cli::town::Town;
//!
//! let town = Town::generate(7, 2_000);
//! assert_eq!(town.doors.len(), 2_000);
//! let mut doors = Vec::new();
//! town.write_doors(&mut doors)?;
//! # Ok::<(), std::io::Error>(())
//! ```

mod building;
mod files;
mod grid;
mod ground;
mod homes;
mod kerb;
mod lots;
mod people;
mod plan;
mod random;
mod shape;
mod street_map;
mod streets;
#[cfg(test)]
mod tests;
mod words;

pub use files::{DOOR_COLUMNS, PEOPLE_COLUMNS, write_people};
pub use people::{PARTIES, REFERENCE_YEAR, TownPerson, people_for};

use canvass_core::geometry::{Plane, Point};
use canvass_core::walklist::Address;
use serde::Serialize;

use lots::{Lot, lots_of, thin_out};
use plan::Plan;
use random::Random;
use shape::Metres;
use streets::{PlanStreet, streets_of};

/// Where generated towns lie: the middle of a lake.
const PLACE: (f64, f64) = (44.2, -73.4);

/// A canvassing script for a generated town, in English and Spanish, as `survey::Script` reads
/// it: support, issues, a yard sign for supporters, help offered, and a comment.
pub const SCRIPT_JSON: &str = include_str!("script.json");
/// A later version of it: one more branch, and another ask.
pub const NOON_SCRIPT_JSON: &str = include_str!("script_noon.json");

/// An invented town.
#[derive(Clone, Debug, PartialEq)]
pub struct Town {
    /// Its name.
    pub name: String,
    /// Its streets; lines that meet share a point exactly.
    pub streets: Vec<Street>,
    /// The middle line of its river, empty where there is none. Few streets cross it.
    pub river: Vec<Point>,
    /// Its homes, street by street.
    pub doors: Vec<TownDoor>,
    /// Everyone of age who lives in it, door by door.
    pub people: Vec<TownPerson>,
}

/// A street: its name, what it is to the town, and its centre lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Street {
    /// Its name with direction and suffix: `N Main St`.
    pub name: String,
    /// What it is to the town.
    pub class: StreetClass,
    /// Its lines, away from the centre where it can be; house numbers grow along them.
    pub lines: Vec<Vec<Point>>,
}

/// What a street is to its town.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreetClass {
    /// The main street, or the one across it.
    Main,
    /// A road that leads through the town.
    Through,
    /// An ordinary street.
    Residential,
    /// A street with one way out.
    CulDeSac,
    /// The lane of a trailer row.
    Lane,
}

impl StreetClass {
    /// The stable name, as `streets.geojson` has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Through => "through",
            Self::Residential => "residential",
            Self::CulDeSac => "cul_de_sac",
            Self::Lane => "lane",
        }
    }
}

/// A home: one row of `doors.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct TownDoor {
    /// Its id in the file: `D00001` and on.
    pub door_id: String,
    /// Its address. Apartments of one building differ in the unit alone.
    pub address: Address,
    /// Where it is. Apartments of one building share the point; trailers of one row do not.
    pub point: Point,
}

/// What `canvass town` says of a town.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Named streets.
    pub streets: usize,
    /// Homes.
    pub doors: usize,
    /// Homes behind which someone is known to live.
    pub households: usize,
    /// People.
    pub people: usize,
}

impl Town {
    /// Draws the town of this seed with exactly so many doors.
    #[must_use]
    pub fn generate(seed: u64, doors: u32) -> Self {
        let (plan, streets, lots) = ground_plan(seed, doors);
        let name = words::town_name(&mut Random::stream(seed, "name"));
        let (lat, lon) = PLACE;
        let plane = Plane::around([Point { lat, lon }]);
        let doors = homes::doors_of(seed, &name, &streets, &lots, &plane);
        let dwellings: Vec<(String, u32)> =
            doors.iter().map(|door| (door.door_id.clone(), 1)).collect();
        Self {
            name,
            streets: streets.into_iter().map(|street| drawn(street, &plane)).collect(),
            river: plan.river.iter().map(|at| plane.point(at.east, at.north)).collect(),
            people: people_for(seed, &dwellings),
            doors,
        }
    }

    /// Counts what is in the town.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut households = 0;
        let mut last = "";
        for person in &self.people {
            households += usize::from(person.door_id != last);
            last = &person.door_id;
        }
        Summary {
            streets: self.streets.len(),
            doors: self.doors.len(),
            households,
            people: self.people.len(),
        }
    }
}

fn drawn(street: PlanStreet, plane: &Plane) -> Street {
    let point = |at: &Metres| plane.point(at.east, at.north);
    let lines = street.lines.iter().map(|line| line.iter().map(point).collect()).collect();
    Street { name: street.name, class: street.class, lines }
}

/// A plan that has room for so many doors and hardly more, thinned out to exactly those.
fn ground_plan(seed: u64, doors: u32) -> (Plan, Vec<PlanStreet>, Vec<Lot>) {
    let wanted = doors + doors / 30;
    let mut radius_m = 110.0 + 10.0 * f64::from(doors).sqrt();
    loop {
        let plan = Plan::new(seed, radius_m);
        let streets = streets_of(&plan, seed);
        let mut lots = lots_of(&plan, &streets, seed, doors);
        let homes: u32 = lots.iter().map(|lot| lot.building.homes()).sum();
        if homes >= wanted {
            thin_out(&mut lots, doors);
            return (plan, streets, lots);
        }
        // Homes grow with the area; the last steps are small ones.
        let short = f64::from(wanted) / f64::from(homes.max(1));
        radius_m *= short.sqrt().clamp(1.01, 1.4);
    }
}
