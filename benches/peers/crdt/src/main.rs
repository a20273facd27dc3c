//! One campaign day through Canvass Core's own codec and merge, and through automerge, yrs and
//! loro, side by side in one run: bytes up, bytes of a catch-up, CPU at the hub, and whether
//! people's disagreements can be read.
//!
//! CPU is process time, the median of three interleaved rounds. Peers' gzip is outside their
//! CPU; our compression is inside ours. It fails when a goal of ours is missed.

mod automerge;
mod loro;
mod ours;
mod peer;
mod world;
mod yrs;

use std::process::ExitCode;
use std::time::Duration;

use peer::{Peer, gzip};
use rustix::time::{ClockId, clock_gettime};
use world::{CONFLICTS, Day, PHONES, Turf, WRITES};

const SEED: u64 = 20_260_101;
const ROUNDS: usize = 3;
const ALL: usize = PHONES * WRITES;
/// Fields with an answer.
const ANSWERED: usize = PHONES * world::ANSWERS - CONFLICTS;

/// What one engine needed for the day. Bytes are those after gzip, for peers.
#[derive(Default)]
struct Row {
    name: &'static str,
    up: Vec<usize>,
    catch_up: usize,
    hub_us: Vec<f64>,
    readable: usize,
    answered: usize,
}

fn cpu_us() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default().as_secs_f64() * 1e6
}

/// The CPU of some work, a write.
fn per_write(work: impl FnOnce()) -> f64 {
    let begun = cpu_us();
    work();
    (cpu_us() - begun) / ALL as f64
}

fn median<T: PartialOrd + Copy>(values: &[T]) -> T {
    let mut values = values.to_vec();
    values.sort_by(|a, b| a.partial_cmp(b).expect("numbers"));
    values[values.len() / 2]
}

/// Our side, and what only it has: signatures, and a phone that reads the pages.
#[derive(Default)]
struct Ours {
    row: Row,
    make_us: Vec<f64>,
    signed_us: Vec<f64>,
    read_us: Vec<f64>,
}

impl Ours {
    fn round(&mut self, day: &Day) {
        let mut uploads = None;
        self.make_us.push(per_write(|| uploads = Some(ours::uploads(day))));
        let uploads = uploads.expect("made");
        self.signed_us.push(per_write(|| assert!(ours::are_signed(&uploads), "signed")));
        let mut hub = ours::Hub::new();
        let take = || uploads.segments.iter().for_each(|bytes| hub.take(bytes));
        self.row.hub_us.push(per_write(take));
        assert_eq!(hub.conflicts(), CONFLICTS, "told to the phones");
        let pages = hub.pages();
        self.read_us.push(per_write(|| assert_eq!(ours::read_pages(&pages), ALL, "events")));
        (self.row.readable, self.row.answered) = ours::Hub::readable(&pages);
        self.row.name = "canvass core, signed, compressed";
        self.row.up = uploads.segments.iter().map(Vec::len).collect();
        self.row.catch_up = pages.iter().map(Vec::len).sum();
    }
}

fn round<P: Peer>(row: &mut Row, day: &Day) {
    let peer = P::of(day);
    let batches: Vec<Vec<u8>> = (0..PHONES).map(|phone| peer.phone(day, phone)).collect();
    let sent = peer.hub(day, &batches, |work| row.hub_us.push(per_write(work)));
    row.name = P::NAME;
    row.up = batches.iter().map(|batch| gzip(batch)).collect();
    row.catch_up = gzip(&sent.catch_up);
    (row.readable, row.answered) = (sent.readable, sent.answered);
}

/// A figure of ours beside its goal; whether it is met.
fn judged(what: &str, value: f64, goal: f64) -> bool {
    let verdict = if value <= goal { "met" } else { "MISSED" };
    println!("  {what:<52} {value:>10.3}   at most {goal:<8} {verdict}");
    value <= goal
}

/// The goals: bytes up, bytes of the catch-up.
const fn goals(turf: Turf) -> (f64, f64) {
    match turf {
        Turf::Walked => (900.0, 30_000.0),
        Turf::Scattered => (1_400.0, 48_000.0),
    }
}

/// Each engine's figures, and in brackets how many times ours they are.
fn table(ours: &Row, peers: &[Row]) {
    println!(
        "  {:<36} {:>15} {:>17} {:>16} {:>12}",
        "", "up, B", "catch-up, B", "hub, us/write", "conflicts"
    );
    let (up, hub) = (median(&ours.up), median(&ours.hub_us));
    for row in std::iter::once(ours).chain(peers) {
        let name = row.name;
        let of_up = with_ratio(median(&row.up) as f64, up as f64, 0);
        let of_catch_up = with_ratio(row.catch_up as f64, ours.catch_up as f64, 0);
        let of_hub = with_ratio(median(&row.hub_us), hub, 2);
        let readable = row.readable;
        println!(
            "  {name:<36} {of_up:>15} {of_catch_up:>17} {of_hub:>16} {readable:>5} of {CONFLICTS}"
        );
        assert_eq!(row.answered, ANSWERED, "{name}: everybody has the same fields");
    }
}

fn with_ratio(value: f64, ours: f64, digits: usize) -> String {
    format!("{value:.digits$} ({:.1}x)", value / ours)
}

fn day(turf: Turf) -> bool {
    let day = Day::of(SEED, turf);
    let (mut ours, mut peers): (Ours, [Row; 3]) = Default::default();
    for _ in 0..ROUNDS {
        ours.round(&day);
        round::<automerge::Automerge>(&mut peers[0], &day);
        round::<yrs::Yrs>(&mut peers[1], &day);
        round::<loro::Loro>(&mut peers[2], &day);
    }
    println!("\n{turf:?}: {ALL} writes by {PHONES} phones");
    table(&ours.row, &peers);
    let per_write = [
        ("make and sign", &ours.make_us),
        ("check signatures", &ours.signed_us),
        ("a phone reads all pages", &ours.read_us),
    ];
    for (what, values) in per_write {
        println!("  {:<52} {:>10.3}", format!("{what}, CPU us a write"), median(values));
    }
    let (up, all) = goals(turf);
    let lost = CONFLICTS.abs_diff(ours.row.readable);
    let verdicts = [
        judged("200 writes up, bytes, median", median(&ours.row.up) as f64, up),
        judged("10,000 writes down, bytes", ours.row.catch_up as f64, all),
        judged("hub, decode and merge, CPU us a write", median(&ours.row.hub_us), 0.5),
        judged("conflicts missing or false", lost as f64, 0.0),
    ];
    verdicts.iter().all(|met| *met)
}

fn main() -> ExitCode {
    let met = [Turf::Walked, Turf::Scattered].map(day);
    if met == [true; 2] { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
