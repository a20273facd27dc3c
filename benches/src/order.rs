//! Walking orders beside those of LKH (Helsgaun), on the same straight-line costs.

use canvass_cli::cpu::CpuClock;
use canvass_core::geometry::{Plane, Point};
use canvass_core::route::{Costs, Effort, Ends, Matrix, solve};
use canvass_core::turf::DoorIndex;
use serde_json::{Value, json};

use crate::figures::{Figures, median};
use crate::{Failure, peers, scratch, turfs};

const DOORS: u32 = 120;
const LISTS: usize = 20;
/// Every so many doors a list begins.
const STEP: usize = 1_171;

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    let doors = turfs::positions(&scratch::shared_data("cambridge_doors.csv")?)?;
    let lists = lists(&doors);
    let theirs =
        peers::run("order.py", &json!({ "lists": lists.iter().map(cells).collect::<Vec<_>>() }))?;
    for (effort, name) in [(Effort::Quick, "quick"), (Effort::Thorough, "thorough")] {
        let (mut times, mut above, mut speed) = (Vec::new(), Vec::new(), Vec::new());
        for (list, theirs) in lists.iter().zip(theirs["lists"].as_array().into_iter().flatten()) {
            let (best, their_ms) = (number(&theirs["length"])?, number(&theirs["cpu_ms"])?);
            let clock = CpuClock::start();
            let order = solve(list, Ends::Closed, effort, 0)?;
            let own_ms = clock.millis();
            times.push(own_ms);
            speed.push(their_ms / own_ms);
            above.push((length(list, &order) as f64 / best - 1.0) * 100.0);
        }
        let worst = above.iter().copied().fold(f64::MIN, f64::max);
        if effort == Effort::Quick {
            figures.at_most("quick order of 120 doors, CPU, median", median(times), 10.0, "ms");
        } else {
            figures.tell("thorough order of 120 doors, CPU, median", median(times), "ms");
        }
        figures.at_most(&format!("{name}: worst of 20 lists above LKH"), worst, 2.0, "%");
        let mean = above.iter().sum::<f64>() / above.len() as f64;
        figures.tell(&format!("{name}: mean above LKH"), mean, "%");
        figures.tell(&format!("{name}: LKH's CPU time over ours, median"), median(speed), "x");
    }
    Ok(())
}

/// Lists of neighbouring doors at different positions, as tables of centimetres.
fn lists(doors: &[Point]) -> Vec<Matrix> {
    let mut places: Vec<Point> = Vec::new();
    for stack in DoorIndex::load((0..).zip(doors.iter().copied())).stacks() {
        places.push(doors[stack[0] as usize]);
    }
    let index = DoorIndex::load((0..).zip(places.iter().copied()));
    let starts = (0..LISTS).map(|list| places[list * STEP % places.len()]);
    starts
        .map(|start| {
            let near = index.nearest(start, DOORS);
            let points: Vec<Point> = near.iter().map(|near| places[near.door as usize]).collect();
            matrix(&points)
        })
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a town in centimetres"
)]
fn matrix(points: &[Point]) -> Matrix {
    let plane = Plane::around(points.iter().copied());
    let at: Vec<(f64, f64)> = points.iter().map(|point| plane.metres(*point)).collect();
    let cost = |a: (f64, f64), b: (f64, f64)| ((a.0 - b.0).hypot(a.1 - b.1) * 100.0).round() as u32;
    let cells = at.iter().flat_map(|a| at.iter().map(move |b| cost(*a, *b))).collect();
    Matrix::new(DOORS, cells).expect("a cell for each pair of doors")
}

fn cells(list: &Matrix) -> Vec<Vec<u32>> {
    (0..list.len()).map(|a| (0..list.len()).map(|b| list.cost(a, b)).collect()).collect()
}

fn length(list: &Matrix, order: &[u32]) -> u64 {
    let next = order.iter().cycle().skip(1);
    order.iter().zip(next).map(|(a, b)| u64::from(list.cost(*a, *b))).sum()
}

fn number(value: &Value) -> Result<f64, Failure> {
    value.as_f64().ok_or_else(|| "the peer left a number out".into())
}
