//! Tours of TSPLIB's and of generated instances, beside LKH, OR-tools and VROOM.
//!
//! Both sides are told in CPU time; all tours, ours too, are measured anew by a script that
//! shares no code with us. Open walks and costs that differ by direction stand beside LKH on
//! the same tables. No generated instance was used to tune the solver.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use canvass_cli::cpu::CpuClock;
use canvass_cli::tsplib::{Instance, Run, kicks_within, read};
use canvass_core::route::{Costs, Effort, Ends, Matrix, Replan, WORTH_PER_MILLE, replan, solve};
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::figures::{Figures, median};
use crate::{Failure, peers, scratch};

const SEEDS: u64 = 20;
/// LKH is given no instance above this: its package wants a table of all costs.
const MOST_LKH: usize = 1_002;

/// A size of instance: up to so many nodes, the budget, and what may be above the best known.
struct Bar {
    most: usize,
    budget_ms: f64,
    above: f64,
    /// Runs out of [`SEEDS`] that must find the best known.
    best: u64,
}

const BARS: [Bar; 5] = [
    Bar { most: 100, budget_ms: 20.0, above: 0.0, best: 20 },
    Bar { most: 200, budget_ms: 10.0, above: 0.3, best: 0 },
    Bar { most: 200, budget_ms: 200.0, above: 0.3, best: 19 },
    Bar { most: 1_002, budget_ms: 1_000.0, above: 0.5, best: 0 },
    Bar { most: usize::MAX, budget_ms: 1_000.0, above: 1.5, best: 0 },
];

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    let given = instances(&scratch::shared_data("tsplib")?)?;
    beside_peers(figures, &given, true)?;
    beside_peers(figures, &generated()?, false)?;
    beside_lkh_on_tables(figures)?;
    replanned(figures)
}

fn instances(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "tsp") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// How far above the best each run ended, in per cent, and its CPU milliseconds.
type Runs = Vec<(f64, f64)>;

/// A tour to be measured anew.
struct Told {
    file: PathBuf,
    by: String,
    /// Which of [`BARS`] it is held to, if it is ours.
    bar: Option<usize>,
    cpu_ms: f64,
    tour: Vec<u32>,
    /// What its finder says, where it says it.
    length: Option<u64>,
}

/// Our tours and the peers', measured anew; against TSPLIB's optima, else against the best of
/// all that were found.
fn beside_peers(figures: &mut Figures, files: &[PathBuf], known: bool) -> Result<(), Failure> {
    let mut told = Vec::new();
    let mut small = Vec::new();
    for file in files {
        let instance = read(BufReader::new(File::open(file)?))?;
        if instance.numbers.len() <= MOST_LKH {
            small.push(file.display().to_string());
        }
        told.extend(ours(file, &instance)?);
    }
    let theirs = peers::run("tours.py", &json!({ "files": small }))?;
    for row in theirs["tours"].as_array().into_iter().flatten() {
        let tour = row["tour"].as_array().into_iter().flatten().filter_map(Value::as_u64);
        told.push(Told {
            file: row["file"].as_str().unwrap_or_default().into(),
            by: row["peer"].as_str().unwrap_or_default().to_owned(),
            bar: None,
            cpu_ms: row["cpu_ms"].as_f64().unwrap_or(f64::NAN),
            tour: tour.filter_map(|node| u32::try_from(node).ok()).collect(),
            length: None,
        });
    }
    let (lengths, optima) = measured(&told)?;
    for file in files {
        let of_file = || told.iter().zip(&lengths).filter(|(told, _)| told.file == *file);
        let name = file.file_stem().unwrap_or_default().to_string_lossy().to_string();
        let found = of_file().map(|(_, length)| *length).min().unwrap_or(0);
        let best = if known { optima.get(&name).copied().unwrap_or(found) } else { found };
        let mut rows: BTreeMap<(Option<usize>, &str), Runs> = BTreeMap::new();
        for (told, &length) in of_file() {
            if told.length.is_some_and(|own| own != length) {
                return Err(format!("{name}: a length is not what the script measures").into());
            }
            let above = (length as f64 / best as f64 - 1.0) * 100.0;
            rows.entry((told.bar, &told.by)).or_default().push((above, told.cpu_ms));
        }
        for ((bar, by), runs) in rows {
            tell(figures, &format!("{name}, {by}"), bar.map(|bar| &BARS[bar]), &runs);
        }
    }
    Ok(())
}

fn ours(file: &Path, instance: &Instance) -> Result<Vec<Told>, Failure> {
    let nodes = instance.numbers.len();
    let smallest = BARS.iter().map(|bar| bar.most).find(|most| nodes <= *most);
    let mut told = Vec::new();
    for (at, bar) in BARS.iter().enumerate().filter(|(_, bar)| Some(bar.most) == smallest) {
        let kicks = kicks_within(instance, bar.budget_ms)?;
        for seed in 0..SEEDS {
            let run = Run::of(instance, kicks, seed)?;
            let tour = run.tour.iter().map(|node| instance.numbers[*node as usize]).collect();
            told.push(Told {
                file: file.to_owned(),
                by: format!("ours in {} ms", bar.budget_ms),
                bar: Some(at),
                cpu_ms: run.cpu_ms,
                tour,
                length: Some(run.length),
            });
        }
    }
    Ok(told)
}

/// The script's lengths, and TSPLIB's optima.
fn measured(told: &[Told]) -> Result<(Vec<u64>, BTreeMap<String, u64>), Failure> {
    let tours: Vec<Value> =
        told.iter().map(|told| json!({ "file": told.file, "tour": told.tour })).collect();
    let solutions = scratch::shared_data("tsplib/solutions.txt")?;
    let answer = peers::run("remeasure.py", &json!({ "tours": tours, "solutions": solutions }))?;
    let lengths = answer["lengths"].as_array().into_iter().flatten();
    let lengths: Vec<u64> = lengths.filter_map(Value::as_u64).collect();
    if lengths.len() != told.len() {
        return Err("the script left a tour out".into());
    }
    let optima = answer["optima"].as_object().into_iter().flatten();
    let optima = optima.filter_map(|(name, best)| Some((name.clone(), best.as_u64()?)));
    Ok((lengths, optima.collect()))
}

/// The worst run of a row, against its bar if it is ours.
fn tell(figures: &mut Figures, what: &str, bar: Option<&Bar>, runs: &[(f64, f64)]) {
    let worst = runs.iter().map(|run| run.0).fold(f64::MIN, f64::max);
    let slowest = runs.iter().map(|run| run.1).fold(f64::MIN, f64::max);
    match bar {
        None => figures.tell(&format!("{what}: above the best"), worst, "%"),
        Some(bar) => {
            figures.at_most(&format!("{what}: worst above the best"), worst, bar.above, "%");
        }
    }
    if let Some(bar) = bar.filter(|bar| bar.best > 0) {
        let missed = runs.iter().filter(|run| run.0 > 0.0).count() as f64;
        let most = SEEDS.saturating_sub(bar.best) as f64;
        figures.at_most(&format!("{what}: runs without the best"), missed, most, "");
    }
    figures.tell(&format!("{what}: slowest, CPU"), slowest, "ms");
}

/// Instances of our own: scattered, clustered, and along streets.
fn generated() -> Result<Vec<PathBuf>, Failure> {
    let folder = scratch::folder("tours")?;
    let mut files = Vec::new();
    for nodes in [100_u32, 150, 200, 500, 1_000, 12_000] {
        for kind in ["scattered", "clustered", "streets"] {
            let mut chance = stream(u64::from(nodes));
            let mut text = format!("TYPE: TSP\nDIMENSION: {nodes}\nEDGE_WEIGHT_TYPE: EUC_2D\n");
            text += "NODE_COORD_SECTION\n";
            let side = 100.0 * f64::from(nodes).sqrt();
            for node in 1..=nodes {
                let (x, y) = place(kind, node, side, &mut chance);
                let _ = writeln!(text, "{node} {x:.0} {y:.0}");
            }
            let file = folder.join(format!("{kind}{nodes}.tsp"));
            fs::write(&file, text + "EOF\n")?;
            files.push(file);
        }
    }
    Ok(files)
}

fn stream(seed: u64) -> Chance {
    Chance::of((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn place(kind: &str, node: u32, side: f64, chance: &mut Chance) -> (f64, f64) {
    let (x, y) = (chance.share() * side, chance.share() * side);
    match kind {
        // Thirty to a cluster, a fifth of the way to the next.
        "clustered" => {
            let mut of_cluster = stream(u64::from(node / 30));
            let (east, north) = (of_cluster.share() * side, of_cluster.share() * side);
            (east + x / side * 100.0, north + y / side * 100.0)
        }
        // Along streets that run east, eight doors to a street's width.
        "streets" => (x, (y / 600.0).floor() * 600.0 + f64::from(node % 2) * 120.0),
        _ => (x, y),
    }
}

/// Open walks and costs that differ by direction, beside LKH on the same tables.
fn beside_lkh_on_tables(figures: &mut Figures) -> Result<(), Failure> {
    const DOORS: u32 = 120;
    let mut rows = Vec::new();
    for seed in 0..10 {
        let uphill = if seed % 2 == 0 { 0 } else { 300 };
        rows.push((if uphill == 0 { "open walk" } else { "open, uphill" }, ground(seed, uphill)));
    }
    // A depot that costs nothing to leave and to reach makes the open walk a tour for LKH.
    let with_depot = |costs: &Matrix| -> Vec<Vec<u32>> {
        let cell = |a, b| if a < DOORS && b < DOORS { costs.cost(a, b) } else { 0 };
        (0..=DOORS).map(|a| (0..=DOORS).map(|b| cell(a, b)).collect()).collect()
    };
    let tables: Vec<_> = rows.iter().map(|(_, costs)| with_depot(costs)).collect();
    let theirs = peers::run("walks.py", &json!({ "tables": tables }))?;
    let ends = Ends::Open { start: None, end: None };
    let mut told: BTreeMap<&str, Vec<(f64, f64, f64)>> = BTreeMap::new();
    for ((kind, costs), theirs) in
        rows.iter().zip(theirs["tables"].as_array().into_iter().flatten())
    {
        let best = theirs["length"].as_f64().ok_or("LKH left a length out")?;
        let clock = CpuClock::start();
        let order = solve(costs, ends, Effort::Thorough, 0)?;
        let own_ms = clock.millis();
        let own: u64 = order.windows(2).map(|leg| u64::from(costs.cost(leg[0], leg[1]))).sum();
        let above = (own as f64 / best - 1.0) * 100.0;
        let their_ms = theirs["cpu_ms"].as_f64().unwrap_or(f64::NAN);
        told.entry(kind).or_default().push((above, own_ms, their_ms));
    }
    for (kind, runs) in told {
        let worst = runs.iter().map(|run| run.0).fold(f64::MIN, f64::max);
        figures.at_most(&format!("{kind}, 120 doors: worst above LKH"), worst, 0.5, "%");
        figures.tell("ours, CPU", median(runs.iter().map(|run| run.1).collect()), "ms");
        figures.tell("LKH, CPU", median(runs.iter().map(|run| run.2).collect()), "ms");
    }
    Ok(())
}

/// Doors on the ground, in decimetres; northwards costs so much more.
fn ground(seed: u64, uphill: u32) -> Matrix {
    const DOORS: u32 = 120;
    let mut chance = stream(seed);
    let at: Vec<(f64, f64)> =
        (0..DOORS).map(|_| (chance.share() * 5e3, chance.share() * 5e3)).collect();
    let cell = |a: &(f64, f64), b: &(f64, f64)| {
        let climb = if b.1 > a.1 { uphill } else { 0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a town")]
        let way = (a.0 - b.0).hypot(a.1 - b.1) as u32;
        way + climb
    };
    let cells = at.iter().flat_map(|a| at.iter().map(move |b| cell(a, b))).collect();
    Matrix::new(DOORS, cells).expect("a cell for each pair of doors")
}

/// A walk of 120 doors goes on: two are done, one is added, the walker is at the third.
fn replanned(figures: &mut Figures) -> Result<(), Failure> {
    for (kind, uphill) in [("", 0), (", uphill", 300)] {
        let mut times = Vec::new();
        for seed in 0..SEEDS {
            let costs = ground(seed, uphill);
            let mut before =
                solve(&costs, Ends::Open { start: None, end: None }, Effort::Thorough, seed)?;
            let added = [before.remove(60)];
            let gone = [before[0], before[1]];
            let ends = Ends::Open { start: Some(before[2]), end: None };
            let asked = Replan {
                before: &before,
                gone: &gone,
                added: &added,
                ends,
                worth_per_mille: WORTH_PER_MILLE,
            };
            let clock = CpuClock::start();
            replan(&costs, &asked)?;
            times.push(clock.millis());
        }
        figures.at_most(&format!("replan 120 doors{kind}, CPU, median"), median(times), 1.0, "ms");
    }
    Ok(())
}
