//! `canvass route`: the walking order of the doors in a file.

mod draw;

use std::collections::BTreeMap;
use std::path::PathBuf;

use canvass_core::geometry::Point;
use canvass_core::id::{CampaignId, HouseholdId};
use canvass_core::route::Effort;
use canvass_core::say::{Language, LengthUnit, walk_step};
use canvass_core::street::StreetPack;
use canvass_core::walk::{Ground, Terrain, Walk, WalkEnds, WalkStop, WorkCosts};
use canvass_core::walklist::{Access, Address, Door, Stop, stops_of};
use serde_json::{Value, json};

use crate::cpu::CpuClock;
use crate::doors_file::{Doors, all_doors};
use crate::output::{Done, Failure};
use crate::street_pack;

/// Put doors into a walking order.
///
/// Example: canvass route --doors doors.csv --streets town.pack --start 44.49,-73.19 --svg walk.svg
#[derive(clap::Args)]
pub(super) struct Args {
    /// A CSV file of doors.
    #[arg(long)]
    doors: PathBuf,
    /// The file's profile; by its header without it.
    #[arg(long)]
    profile: Option<String>,
    /// A street pack of `canvass streets build`; straight lines without it.
    #[arg(long)]
    streets: Option<PathBuf>,
    /// Where the walk begins, as LAT,LON.
    #[arg(long, value_parser = point, allow_hyphen_values = true)]
    start: Option<Point>,
    /// Where the walk ends, as LAT,LON.
    #[arg(long, value_parser = point, allow_hyphen_values = true)]
    end: Option<Point>,
    /// Come back to where the walk began.
    #[arg(long, conflicts_with = "end")]
    closed: bool,
    /// The fewest metres, rather than the least time with waits at crossings.
    #[arg(long)]
    shortest: bool,
    /// Look some three times as long for a better order.
    #[arg(long)]
    thorough: bool,
    /// The doors worth most within so many minutes.
    #[arg(long, conflicts_with = "shortest")]
    minutes: Option<f64>,
    /// The language of the directions.
    #[arg(long, value_enum, default_value = "en")]
    language: Words,
    /// Tell distances in feet.
    #[arg(long)]
    feet: bool,
    /// The same seed gives the same order.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Draw the walk.
    #[arg(long)]
    svg: Option<PathBuf>,
    /// Write the order for a navigation app.
    #[arg(long)]
    gpx: Option<PathBuf>,
    /// Write the walk as a GeoJSON line.
    #[arg(long)]
    geojson: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Words {
    En,
    Es,
}

impl From<Words> for Language {
    fn from(words: Words) -> Self {
        match words {
            Words::En => Self::En,
            Words::Es => Self::Es,
        }
    }
}

fn point(text: &str) -> Result<Point, String> {
    let parts = text.split_once(',').ok_or("write it as LAT,LON")?;
    let degree = |text: &str| text.trim().parse::<f64>().map_err(|_| "write it as LAT,LON");
    Point::new(degree(parts.0)?, degree(parts.1)?).map_err(|error| error.to_string())
}

/// The doors of a file, grouped into stops.
struct Given {
    doors: Doors,
    stops: Vec<Stop>,
    keys: BTreeMap<HouseholdId, (String, Address, Access)>,
}

pub(super) fn run(args: &Args) -> Result<Done, Failure> {
    let given = given(all_doors(&args.doors, args.profile.as_deref())?);
    let streets = args.streets.as_deref().map(street_pack::open).transpose()?;
    let cpu = CpuClock::start();
    let stops: Vec<WalkStop<'_>> = given.stops.iter().map(|stop| given.walk_stop(stop)).collect();
    let ends = WalkEnds { start: args.start, end: args.end, closed: args.closed };
    let ground = Ground { streets: streets.as_ref(), shortest: args.shortest, ..Ground::default() };
    let terrain = Terrain::new(&stops, ends, ground, &WorkCosts::default());
    let effort = if args.thorough { Effort::Thorough } else { Effort::Quick };
    let (walk, shift) = match args.minutes {
        Some(minutes) => chosen(&terrain, &given, minutes, args.seed)?,
        None if args.shortest => (terrain.walk(effort, args.seed), None),
        None => (terrain.legible_walk(effort, args.seed), None),
    };
    let cpu_ms = cpu.millis();
    draw::write(args, &given, &terrain, &walk)?;
    let mut done = told(&given, streets.as_ref(), &walk, cpu_ms);
    done.json["directions"] = json!(directions(args, &terrain, &walk));
    if let Some(shift) = shift {
        done.json["shift"] = shift;
    }
    Ok(done)
}

/// The way in sentences.
fn directions(args: &Args, terrain: &Terrain<'_, '_>, walk: &Walk) -> Vec<String> {
    let unit = if args.feet { LengthUnit::Feet } else { LengthUnit::Metres };
    let said = |step| walk_step(args.language.into(), unit, &step);
    terrain.directions(&walk.order).into_iter().map(said).collect()
}

/// The doors worth most within the minutes: each door counts as one.
fn chosen(
    terrain: &Terrain<'_, '_>,
    given: &Given,
    minutes: f64,
    seed: u64,
) -> Result<(Walk, Option<Value>), Failure> {
    let worth = |stop: &Stop| u32::try_from(stop.doors.len()).unwrap_or(u32::MAX);
    let values: Vec<u32> = given.stops.iter().map(worth).collect();
    let shift = terrain
        .shift(minutes * 60.0, &values, Effort::Thorough, seed)
        .map_err(|error| Failure::Usage(format!("--minutes {minutes}: {error}")))?;
    let json = json!({
        "minutes": minutes, "doors": shift.value, "at_most_doors": shift.bound,
        "plain_order_doors": shift.plain_value,
    });
    Ok((shift.walk, Some(json)))
}

fn told(given: &Given, streets: Option<&StreetPack>, walk: &Walk, cpu_ms: f64) -> Done {
    let order: Vec<&str> = given.doors_at(&walk.order).collect();
    let straight = given.doors_at(&walk.by_straight_line).count();
    let model = if streets.is_some() { "streets" } else { "straight_line" };
    let json = json!({
        "order": order, "stops": walk.order.len(), "length_m": walk.length_m,
        "time_s": walk.walk_s.round(), "work_s": walk.work_s.round(), "model": model,
        "straight_line_doors": straight, "skipped": skipped(given, walk), "cpu_ms": cpu_ms,
        "legibility": walk.legibility.map(|legibility| json!({
            "returns": legibility.returns, "plain_returns": legibility.plain_returns,
            "price": legibility.price,
        })),
        "attribution": streets.map(|streets| streets.info().attribution),
    });
    let on = match (streets, straight) {
        (None, _) => "straight lines with a detour factor".to_owned(),
        (Some(_), 0) => "along the streets".to_owned(),
        (Some(_), doors) => format!("along the streets; straight line, {doors} doors"),
    };
    let text = format!(
        "{} doors at {} stops: {:.0} m in {:.0} minutes of walking ({on}).",
        order.len(),
        walk.order.len(),
        walk.length_m,
        walk.walk_s / 60.0
    );
    Done { json, text }
}

/// What of the file is not in the order, and why.
fn skipped(given: &Given, walk: &Walk) -> Value {
    let mut skipped = json!(given.doors.skipped);
    let left_out = given.doors_at(&walk.left_out).count();
    if let (Some(reasons), true) = (skipped.as_array_mut(), left_out > 0) {
        reasons.push(json!({ "reason": "cannot_be_reached", "count": left_out }));
    }
    skipped
}

fn given(doors: Doors) -> Given {
    let campaign = CampaignId::derive(&[b"route"]);
    let mut keys = BTreeMap::new();
    let all = doors.doors.iter().map(|door| {
        let household = HouseholdId::of_row(campaign, "file", &door.key);
        keys.insert(household, (door.key.clone(), door.address.clone(), door.access));
        Door {
            household,
            building: door.address.building(campaign),
            address: door.address.clone(),
            point: door.point,
            access: door.access,
        }
    });
    let stops = stops_of(all.collect());
    Given { doors, stops, keys }
}

impl Given {
    /// The keys of the doors at these stops.
    fn doors_at<'a>(&'a self, stops: &'a [u32]) -> impl Iterator<Item = &'a str> {
        let doors = stops.iter().flat_map(|stop| &self.stops[*stop as usize].doors);
        doors.filter_map(|door| Some(self.keys.get(door)?.0.as_str()))
    }

    /// The address that a stop is found by.
    fn address(&self, stop: &Stop) -> Option<&Address> {
        Some(&self.keys.get(stop.doors.first()?)?.1)
    }

    fn walk_stop<'a>(&'a self, stop: &'a Stop) -> WalkStop<'a> {
        let doors = stop.doors.iter().filter_map(|door| self.keys.get(door));
        let work = WorkCosts::default().behind(doors.map(|(_, _, access)| *access));
        match self.address(stop) {
            Some(address) => {
                WalkStop { work, ..WalkStop::at_address(stop.point, address, stop.doors.len()) }
            }
            None => WalkStop { work, ..WalkStop::at(stop.point) },
        }
    }
}
