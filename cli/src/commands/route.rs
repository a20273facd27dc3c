//! `canvass route`: the walking order of the doors in a file.

use std::path::PathBuf;

use canvass_core::geometry::Point;
use canvass_core::interchange::{RouteStop, write_route_gpx};
use canvass_core::route::Effort;
use canvass_core::walk::{WalkEnds, plan, walk_time_s};
use canvass_core::walklist::{Door, Stop, stops_of};
use serde_json::json;

use crate::cpu::CpuClock;
use crate::doors_file::{Doors, all_doors};
use crate::output::{Done, Failure};

/// Put doors into a walking order.
///
/// Example: canvass route --doors doors.csv --start 44.49,-73.19 --gpx walk.gpx
#[derive(clap::Args)]
pub(super) struct Args {
    /// A CSV file of doors.
    #[arg(long)]
    doors: PathBuf,
    /// The file's profile; by its header without it.
    #[arg(long)]
    profile: Option<String>,
    /// A street pack (comes with the street network).
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
    /// The doors worth most within so many minutes (comes with the street network).
    #[arg(long)]
    minutes: Option<f64>,
    /// The same seed gives the same order.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Draw the order (comes with the map).
    #[arg(long)]
    svg: Option<PathBuf>,
    /// Write the order for a navigation app.
    #[arg(long)]
    gpx: Option<PathBuf>,
    /// Write the order as a GeoJSON line.
    #[arg(long)]
    geojson: Option<PathBuf>,
}

fn point(text: &str) -> Result<Point, String> {
    let parts = text.split_once(',').ok_or("write it as LAT,LON")?;
    let degree = |text: &str| text.trim().parse::<f64>().map_err(|_| "write it as LAT,LON");
    Point::new(degree(parts.0)?, degree(parts.1)?).map_err(|error| error.to_string())
}

pub(super) fn run(args: &Args) -> Result<Done, Failure> {
    for (given, flag) in [
        (args.streets.is_some(), "--streets"),
        (args.minutes.is_some(), "--minutes"),
        (args.svg.is_some(), "--svg"),
    ] {
        if given {
            return Err(super::not_yet(&format!("canvass route {flag}")));
        }
    }
    let file = all_doors(&args.doors, args.profile.as_deref())?;
    let cpu = CpuClock::start();
    let (stops, keys) = stops(&file);
    let points: Vec<Point> = stops.iter().map(|stop| stop.point).collect();
    let ends = WalkEnds { start: args.start, end: args.end, closed: args.closed };
    let route = plan(&points, ends, Effort::Thorough, args.seed);
    let cpu_ms = cpu.millis();
    let in_order: Vec<&Stop> = route.order.iter().map(|stop| &stops[*stop as usize]).collect();
    let order: Vec<&str> = in_order
        .iter()
        .flat_map(|stop| stop.doors.iter())
        .filter_map(|household| keys.get(household).copied())
        .collect();
    write(args, &in_order, &file)?;
    let time_s = walk_time_s(route.length_m).round();
    let json = json!({
        "order": order, "stops": stops.len(), "length_m": route.length_m, "time_s": time_s,
        "model": "straight_line", "skipped": file.skipped, "cpu_ms": cpu_ms,
    });
    let text = format!(
        "{} doors at {} stops: {:.0} m in {:.0} minutes (straight lines with a detour factor).",
        order.len(),
        stops.len(),
        route.length_m,
        time_s / 60.0
    );
    Ok(Done { json, text })
}

type Keys<'a> = std::collections::BTreeMap<canvass_core::id::HouseholdId, &'a str>;

/// The stops of a file's doors, and each door's key.
fn stops(file: &Doors) -> (Vec<Stop>, Keys<'_>) {
    let campaign = canvass_core::id::CampaignId::derive(&[b"route"]);
    let mut keys = Keys::new();
    let doors = file.doors.iter().map(|door| {
        let household = canvass_core::id::HouseholdId::of_row(campaign, "file", &door.key);
        keys.insert(household, &door.key);
        Door {
            household,
            building: door.address.building(campaign),
            address: door.address.clone(),
            point: door.point,
        }
    });
    let stops = stops_of(doors.collect());
    (stops, keys)
}

fn write(args: &Args, stops: &[&Stop], file: &Doors) -> Result<(), Failure> {
    let io = |path: &PathBuf, error: &dyn std::fmt::Display| {
        Failure::System(format!("{}: {error}", path.display()))
    };
    if let Some(path) = &args.gpx {
        let names: std::collections::BTreeMap<(i32, i32), String> = file
            .doors
            .iter()
            .map(|door| {
                let address = &door.address;
                (door.point.to_e7(), format!("{} {}", address.house_number, address.street))
            })
            .collect();
        let stops = stops.iter().map(|stop| RouteStop {
            point: stop.point,
            name: names.get(&stop.point.to_e7()).cloned().unwrap_or_default(),
            description: match stop.doors.len() {
                1 => String::new(),
                doors => format!("{doors} doors"),
            },
        });
        let mut bytes = Vec::new();
        write_route_gpx(&mut bytes, "Walk", stops).map_err(|error| io(path, &error))?;
        std::fs::write(path, bytes).map_err(|error| io(path, &error))?;
    }
    if let Some(path) = &args.geojson {
        let line: Vec<[f64; 2]> =
            stops.iter().map(|stop| [stop.point.lon, stop.point.lat]).collect();
        let feature = json!({ "type": "FeatureCollection", "features": [{
            "type": "Feature", "properties": {},
            "geometry": { "type": "LineString", "coordinates": line },
        }]});
        std::fs::write(path, feature.to_string()).map_err(|error| io(path, &error))?;
    }
    Ok(())
}
