//! `canvass matrix`: walking metres between all doors of a file.

use std::path::PathBuf;

use canvass_core::street::{Distances, Place, Snap, WalkCosts};
use serde_json::json;

use crate::cpu::CpuClock;
use crate::doors_file::{Doors, all_doors};
use crate::output::{BadInput, Done, Failure};
use crate::street_pack;

/// Walking metres between all doors, along the streets of a pack.
///
/// Doors snap to the nearest edge; a door's own few metres to the street are not counted, and
/// crossing costs nothing. `null` stands where no way leads. `cpu_ms` is for the table alone:
/// `snap_ms` and `prepare_ms` say what came before.
///
/// Example: canvass matrix --doors doors.csv --streets county.streets --json
#[derive(clap::Args)]
pub(super) struct Args {
    /// A CSV file of doors.
    #[arg(long)]
    doors: PathBuf,
    /// The file's profile; by its header without it.
    #[arg(long)]
    profile: Option<String>,
    /// A street pack, of `canvass streets build`.
    #[arg(long)]
    streets: PathBuf,
}

/// Most doors: their table takes 400 MB, and ten times that as text.
const MAX_DOORS: usize = 10_000;

pub(super) fn run(args: &Args) -> Result<Done, Failure> {
    let file = all_doors(&args.doors, args.profile.as_deref())?;
    if file.doors.len() > MAX_DOORS {
        return Err(Failure::Input(BadInput {
            code: "too_many_doors".to_owned(),
            file: args.doors.display().to_string(),
            hint: format!("A table has at most {MAX_DOORS} doors: cut the file."),
            ..BadInput::default()
        }));
    }
    let pack = street_pack::open(&args.streets)?;
    let clock = CpuClock::start();
    // By position alone, as routers do: an address would only choose among edges nearby.
    let points = file.doors.iter().map(|door| door.point);
    let snapped: Vec<Option<Snap>> = points.map(|point| pack.snap(&Place::at(point))).collect();
    let snap_ms = clock.millis();
    let clock = CpuClock::start();
    pack.prepare(&WalkCosts::Distance);
    let prepare_ms = clock.millis();
    let on_streets: Vec<Snap> = snapped.iter().copied().flatten().collect();
    let clock = CpuClock::start();
    let distances = pack.matrix(&on_streets, &WalkCosts::Distance);
    let spent = Spent { snap_ms, prepare_ms, cpu_ms: clock.millis() };
    Ok(told(&file, &snapped, &distances, &spent, &pack.info().attribution))
}

/// CPU milliseconds: for snapping all doors, for laying shortcuts once for a pack, and for the
/// table itself.
#[expect(clippy::struct_field_names, reason = "the names of the answer, units last")]
struct Spent {
    snap_ms: f64,
    prepare_ms: f64,
    cpu_ms: f64,
}

fn told(
    file: &Doors,
    snapped: &[Option<Snap>],
    distances: &Distances,
    spent: &Spent,
    attribution: &str,
) -> Done {
    // Of each door, its place among those on streets.
    let mut next = 0;
    let rows: Vec<Option<usize>> = snapped
        .iter()
        .map(|snap| {
            let row = snap.is_some().then_some(next);
            next += usize::from(snap.is_some());
            row
        })
        .collect();
    let metres = |from: Option<usize>, to: Option<usize>| {
        let cost = distances.get(from?, to?)?;
        Some(f64::from(cost) / 10.0)
    };
    let table: Vec<Vec<Option<f64>>> =
        rows.iter().map(|from| rows.iter().map(|to| metres(*from, *to)).collect()).collect();
    let n = file.doors.len();
    let pairs = n * n.saturating_sub(1) / 2;
    let none = |row: usize| table[row][..row].iter().filter(|cell| cell.is_none()).count();
    let unreachable: usize = (0..n).map(none).sum();
    let key = |at: usize| file.doors[at].key.as_str();
    let off: Vec<&str> = (0..n).filter(|at| snapped[*at].is_none()).map(key).collect();
    let keys: Vec<&str> = (0..n).map(key).collect();
    let total: f64 = table.iter().flatten().flatten().sum();
    let counted = (n * n).saturating_sub(n + 2 * unreachable);
    let mean = if counted > 0 { total / counted as f64 } else { 0.0 };
    let text = format!(
        "{n} doors, {pairs} pairs, {mean:.1} m on average; {unreachable} pairs without a way, {} \
         doors not on streets.\n{attribution}",
        off.len(),
    );
    let json = json!({
        "n": n, "metres": table, "unreachable": unreachable, "cpu_ms": spent.cpu_ms,
        "snap_ms": spent.snap_ms, "prepare_ms": spent.prepare_ms,
        "mean_m": mean, "doors": keys, "not_on_streets": off, "skipped": file.skipped,
        "attribution": attribution,
    });
    Done { json, text }
}
