//! `canvass cut`: doors into balanced turfs.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use canvass_core::cut::{Cut, CutDoor, CutError, CutGround, CutOrder, CutSize, CutTurf, cut};
use canvass_core::interchange::{TurfFeature, TurfOutline, write_turfs_geojson};
use serde_json::{Value, json};

use crate::cpu::CpuClock;
use crate::doors_file::{Doors, all_doors};
use crate::output::{Done, Failure};
use crate::street_pack;

/// Cut doors into turfs that take about the same minutes.
///
/// Example: canvass cut --doors doors.csv --turfs 12 --geojson turfs.geojson
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("size").required(true))]
pub(super) struct Args {
    /// A CSV file of doors.
    #[arg(long)]
    doors: PathBuf,
    /// The file's profile; by its header without it.
    #[arg(long)]
    profile: Option<String>,
    /// A street pack, of `canvass streets build`; straight lines without it.
    #[arg(long)]
    streets: Option<PathBuf>,
    /// How many turfs.
    #[arg(long, group = "size", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    turfs: Option<u32>,
    /// Or how many minutes each at most, at the doors and between them.
    #[arg(long, group = "size")]
    minutes: Option<f64>,
    /// Where to write the turfs as polygons.
    #[arg(long)]
    geojson: Option<PathBuf>,
    /// Another number gives another cut, about as good.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

pub(super) fn run(args: &Args) -> Result<Done, Failure> {
    let streets = args.streets.as_deref().map(street_pack::open).transpose()?;
    let file = all_doors(&args.doors, args.profile.as_deref())?;
    let cpu = CpuClock::start();
    let doors: Vec<CutDoor<'_>> = file
        .doors
        .iter()
        .map(|door| CutDoor::behind(door.access, door.point, door.unit_count, &door.address))
        .collect();
    let ground = CutGround { streets: streets.as_ref(), barriers: &[] };
    let order = CutOrder { seed: args.seed, ground, ..CutOrder::of(size(args)) };
    let cut = cut(&doors, &order).map_err(|error| usage(&error))?;
    let cpu_ms = cpu.millis();
    if let Some(path) = &args.geojson {
        write_geojson(path, &cut)?;
    }
    let attribution = streets.map(|streets| streets.info().attribution);
    Ok(done(&file, &cut, cpu_ms, attribution.as_deref()))
}

fn size(args: &Args) -> CutSize {
    match (args.turfs, args.minutes) {
        (Some(turfs), _) => CutSize::Turfs(turfs),
        (None, minutes) => CutSize::Minutes(minutes.unwrap_or(0.0)),
    }
}

fn usage(error: &CutError) -> Failure {
    match error {
        CutError::NoMinutes { .. } => Failure::Usage("--minutes is a number above zero".to_owned()),
        other => Failure::Usage(other.to_string()),
    }
}

fn done(file: &Doors, cut: &Cut, cpu_ms: f64, attribution: Option<&str>) -> Done {
    let key = |door: &u32| file.doors[*door as usize].key.as_str();
    let turf = |(turf, id): (&CutTurf, u32)| {
        let ids: Vec<&str> = turf.doors.iter().map(key).collect();
        json!({ "id": id, "door_ids": ids, "walk_m": turf.walk_m, "minutes": turf.minutes })
    };
    let turfs: Vec<Value> = cut.turfs.iter().zip(1..).map(turf).collect();
    let minutes = || cut.turfs.iter().map(|turf| turf.minutes);
    let off: Vec<&str> = cut.off_network.iter().map(key).collect();
    let text = format!(
        "{} doors in {} turfs of {:.0} to {:.0} minutes; {} reached by a straight line, {} across \
         a barrier.\n{}",
        file.doors.len(),
        turfs.len(),
        minutes().reduce(f64::min).unwrap_or(0.0),
        minutes().reduce(f64::max).unwrap_or(0.0),
        if attribution.is_some() { off.len() } else { file.doors.len() },
        cut.across.len(),
        attribution.unwrap_or_default(),
    );
    let across: Vec<&str> = cut.across.iter().map(key).collect();
    let json = json!({
        "turfs": turfs, "skipped": file.skipped, "across": across, "off_network": off,
        "model": if attribution.is_some() { "streets" } else { "straight_line" },
        "attribution": attribution, "cpu_ms": cpu_ms,
    });
    Done { json, text }
}

fn write_geojson(path: &Path, cut: &Cut) -> Result<(), Failure> {
    let failed = |why: String| Failure::System(format!("{}: {why}", path.display()));
    let file = File::create(path).map_err(|error| failed(error.to_string()))?;
    let feature = |(turf, id): (&CutTurf, u32)| TurfFeature {
        id: id.to_string(),
        outline: TurfOutline {
            name: format!("Turf {id}"),
            polygons: vec![turf.outline.rings().to_vec()],
        },
        properties: BTreeMap::from([
            ("doors".to_owned(), turf.doors.len().into()),
            ("walk_m".to_owned(), turf.walk_m.into()),
            ("minutes".to_owned(), turf.minutes.into()),
        ]),
    };
    write_turfs_geojson(BufWriter::new(file), cut.turfs.iter().zip(1..).map(feature))
        .map_err(|error| failed(error.to_string()))?;
    Ok(())
}
