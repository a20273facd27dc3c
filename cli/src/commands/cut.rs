//! `canvass cut`: doors into balanced turfs.

use std::path::PathBuf;

use canvass_core::cut::{cut_by_weight, cut_into, minutes_at};
use canvass_core::geometry::Point;
use canvass_core::route::Effort;
use canvass_core::walk::{WalkEnds, plan, walk_time_s};
use serde_json::{Value, json};

use crate::cpu::CpuClock;
use crate::doors_file::all_doors;
use crate::output::{Done, Failure};

/// Cut doors into balanced turfs.
///
/// Example: canvass cut --doors doors.csv --turfs 12
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("size").required(true))]
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
    /// How many turfs.
    #[arg(long, group = "size", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    turfs: Option<u32>,
    /// Or how many minutes of work each, at the doors.
    #[arg(long, group = "size")]
    minutes: Option<f64>,
}

pub(super) fn run(args: &Args) -> Result<Done, Failure> {
    if args.streets.is_some() {
        return Err(super::not_yet("canvass cut --streets"));
    }
    let file = all_doors(&args.doors, args.profile.as_deref())?;
    let cpu = CpuClock::start();
    let points: Vec<Point> = file.doors.iter().map(|door| door.point).collect();
    let minutes: Vec<f64> = file.doors.iter().map(|door| minutes_at(door.unit_count)).collect();
    let cut = match (args.turfs, args.minutes) {
        (Some(count), _) => cut_into(&points, &minutes, count),
        (None, Some(most)) if most.is_finite() && most > 0.0 => {
            cut_by_weight(&points, &minutes, most)
        }
        _ => return Err(Failure::Usage("--minutes is a number above zero".to_owned())),
    };
    let turfs: Vec<Value> = cut
        .iter()
        .zip(1_u32..)
        .map(|(turf, id)| {
            let doors: Vec<usize> = turf.doors.iter().map(|door| *door as usize).collect();
            let stops: Vec<Point> = doors.iter().map(|door| points[*door]).collect();
            let walk_m = plan(&stops, WalkEnds::default(), Effort::Quick, 0).length_m;
            let at_doors: f64 = doors.iter().map(|door| minutes[*door]).sum();
            let ids: Vec<&str> = doors.iter().map(|door| file.doors[*door].key.as_str()).collect();
            let minutes = at_doors + walk_time_s(walk_m) / 60.0;
            json!({ "id": id, "door_ids": ids, "walk_m": walk_m, "minutes": minutes })
        })
        .collect();
    let text = format!("{} doors in {} turfs.", file.doors.len(), turfs.len());
    let json = json!({ "turfs": turfs, "skipped": file.skipped, "cpu_ms": cpu.millis() });
    Ok(Done { json, text })
}
