//! The walk as files: a drawing, a route for navigation apps, a line for maps.

use std::fs;
use std::path::Path;

use canvass_core::geometry::Point;
use canvass_core::interchange::{RouteStop, write_route_gpx};
use canvass_core::time::Timestamp;
use canvass_core::walk::{Terrain, Walk};
use canvass_core::walklist::Stop;
use serde_json::json;

use super::{Args, Given};
use crate::output::Failure;
use crate::report::{
    Distances, LeftBehind, Report, ReportDoor, ReportList, ReportStop, ReportStreet, drawn,
    route_svg,
};

pub(super) fn write(
    args: &Args,
    given: &Given,
    terrain: &Terrain<'_, '_>,
    walk: &Walk,
) -> Result<(), Failure> {
    if args.svg.is_none() && args.gpx.is_none() && args.geojson.is_none() {
        return Ok(());
    }
    let stops: Vec<&Stop> = walk.order.iter().map(|stop| &given.stops[*stop as usize]).collect();
    let way = terrain.line(&walk.order);
    if let Some(path) = &args.svg {
        let list = list(args, &stops, &way, walk);
        let streets = terrain.streets().map_or_else(Vec::new, |pack| drawn(pack, &way));
        put(path, route_svg(&report(list, streets)).unwrap_or_default().as_bytes())?;
    }
    if let Some(path) = &args.gpx {
        let named = stops.iter().map(|stop| RouteStop {
            point: stop.point,
            name: given
                .address(stop)
                .map(|address| format!("{} {}", address.house_number, address.street))
                .unwrap_or_default(),
            description: match stop.doors.len() {
                1 => String::new(),
                doors => format!("{doors} doors"),
            },
        });
        let mut bytes = Vec::new();
        write_route_gpx(&mut bytes, "Walk", named).map_err(|error| failed(path, &error))?;
        put(path, &bytes)?;
    }
    if let Some(path) = &args.geojson {
        let line: Vec<[f64; 2]> = way.iter().map(|point| [point.lon, point.lat]).collect();
        let feature = json!({ "type": "FeatureCollection", "features": [{
            "type": "Feature", "properties": {},
            "geometry": { "type": "LineString", "coordinates": line },
        }]});
        put(path, feature.to_string().as_bytes())?;
    }
    Ok(())
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::System(format!("{}: {error}", path.display()))
}

fn list(args: &Args, stops: &[&Stop], way: &[Point], walk: &Walk) -> ReportList {
    ReportList {
        name: "Walk".to_owned(),
        canvassers: Vec::new(),
        outline: Vec::new(),
        start: args.start,
        stops: stops
            .iter()
            .map(|stop| ReportStop {
                point: stop.point,
                doors: vec![ReportDoor::default(); stop.doors.len()],
            })
            .collect(),
        way: way.to_vec(),
        length_m: walk.length_m,
        alphabetical_m: 0.0,
        apart: 0,
    }
}

fn report(list: ReportList, streets: Vec<ReportStreet>) -> Report {
    Report {
        campaign: String::new(),
        place: String::new(),
        day: Timestamp(0),
        utc_offset_minutes: 0,
        distances: Distances::Network,
        streets,
        water: Vec::new(),
        lists: vec![list],
        answers: 0,
        conflicts: Vec::new(),
        double_knocks: Vec::new(),
        questions: Vec::new(),
        left_behind: LeftBehind::default(),
        versions: Vec::new(),
        phones: Vec::new(),
        proof: crate::report::Proof::default(),
        checks: Vec::new(),
    }
}
