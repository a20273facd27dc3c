//! Streets: the plan's ways joined into named lines, and cul-de-sacs off them.
//!
//! Lines that meet share a point exactly, so that a network can be built from them. Each street
//! runs away from the town's centre where it can, as house numbers do. It places no houses.

use std::collections::{BTreeMap, BTreeSet};

use super::StreetClass;
use super::grid::{Block, Rank, Way};
use super::plan::{Plan, per_mille};
use super::random::Random;
use super::shape::{CENTRE, Metres};
use super::words::{StreetWords, ordinal};

/// A street with its lines in metres; a gap lies between one line and the next.
#[derive(Clone, Debug)]
pub(super) struct PlanStreet {
    pub(super) name: String,
    pub(super) class: StreetClass,
    pub(super) lines: Vec<Vec<Metres>>,
}

/// All streets of a plan, by line of the grid, cul-de-sacs after them.
pub(super) fn streets_of(plan: &Plan, seed: u64) -> Vec<PlanStreet> {
    let mut random = Random::stream(seed, "streets");
    let closes = closes(plan, &mut random);
    let mouths = closes.iter().map(|close| (close.block, close.line[0])).collect();
    let words = StreetWords::new(&mut random);
    let mut naming = Naming { plan, random, words, mouths, streets: Vec::new() };
    for way in [Way::Column, Way::Row] {
        for line in 0..plan.lines(way) {
            naming.line(way, line);
        }
    }
    naming.closes(closes);
    naming.streets
}

/// A stretch of one grid line from one crossing to another.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    from: usize,
    to: usize,
}

struct Naming<'a> {
    plan: &'a Plan,
    random: Random,
    words: StreetWords,
    mouths: BTreeMap<Block, Metres>,
    streets: Vec<PlanStreet>,
}

impl Naming<'_> {
    fn line(&mut self, way: Way, line: usize) {
        let mut stretches = self.stretches(way, line).into_iter().peekable();
        while let Some(first) = stretches.next() {
            let mut parts = vec![first];
            // A street often goes on behind a gap of one block.
            while let Some(next) =
                stretches.next_if(|it| parts.last().is_some_and(|last| last.to + 1 == it.from))
            {
                parts.push(next);
                if self.random.chance(500) {
                    break;
                }
            }
            for parts in self.cut(way, line, &parts) {
                self.street(way, line, &parts);
            }
        }
    }

    /// The unbroken stretches of a line, from its low end to its high end.
    fn stretches(&self, way: Way, line: usize) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        for step in 0..self.plan.steps(way) {
            if self.plan.is_kept(Block { way, line, step }) {
                match stretches.last_mut() {
                    Some(last) if last.to == step => last.to = step + 1,
                    _ => stretches.push(Stretch { from: step, to: step + 1 }),
                }
            }
        }
        stretches
    }

    /// Side streets longer than anyone would name alike are cut in two.
    fn cut(&mut self, way: Way, line: usize, parts: &[Stretch]) -> Vec<Vec<Stretch>> {
        let [only] = parts else { return vec![parts.to_vec()] };
        let after = self.random.whole(5, 8) as usize;
        if self.plan.rank(way, line) != Rank::Side || only.to - only.from < after + 4 {
            return vec![parts.to_vec()];
        }
        let middle = only.from + after;
        vec![
            vec![Stretch { from: only.from, to: middle }],
            vec![Stretch { from: middle, to: only.to }],
        ]
    }

    fn street(&mut self, way: Way, line: usize, parts: &[Stretch]) {
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return };
        let centre = self.plan.centre(way);
        let rank = self.plan.rank(way, line);
        let over = parts.len() == 1 && first.from + 2 <= centre && centre + 2 <= last.to;
        let class = match rank {
            Rank::Main => StreetClass::Main,
            Rank::Through => StreetClass::Through,
            Rank::Side => StreetClass::Residential,
        };
        let name = self.name(way, line, rank);
        let whole = rank != Rank::Main && !(over && self.random.chance(250));
        let on_both_sides = first.from < centre && centre < last.to;
        if whole || !on_both_sides {
            self.push(way, line, parts, name, class);
            return;
        }
        let (low, high) = match way {
            Way::Column => ("S", "N"),
            Way::Row => ("W", "E"),
        };
        let halves = [
            (low, Stretch { from: first.from, to: centre }),
            (high, Stretch { from: centre, to: last.to }),
        ];
        for (side, half) in halves {
            self.push(way, line, &[half], format!("{side} {name}"), class);
        }
    }

    /// The main street is `Main St`; rows north of the centre count from `2nd St`.
    fn name(&mut self, way: Way, line: usize, rank: Rank) -> String {
        let centre = self.plan.centre(Way::Column);
        let north_of_centre = line.checked_sub(centre).filter(|_| way == Way::Row);
        match (rank, way, north_of_centre) {
            (Rank::Main, Way::Column, _) => "Main St".to_owned(),
            (Rank::Side, _, Some(rows @ 1..=4)) if self.is_free(&numbered(rows)) => numbered(rows),
            _ => {
                let suffix = match rank {
                    Rank::Main => "St",
                    Rank::Through => *self.random.pick(&["Ave", "Rd", "Rd", "Pike"]),
                    Rank::Side => *self.random.pick(&["St", "St", "St", "Ave", "Rd", "Dr", "Way"]),
                };
                format!("{} {suffix}", self.words.next(self.streets.len()))
            }
        }
    }

    fn is_free(&self, name: &str) -> bool {
        self.streets.iter().all(|street| street.name != name)
    }

    fn push(&mut self, way: Way, line: usize, parts: &[Stretch], name: String, class: StreetClass) {
        let mut lines: Vec<Vec<Metres>> =
            parts.iter().map(|part| self.points(way, line, *part)).collect();
        let centre = self.plan.centre(way);
        // Away from the centre: a stretch that lies wholly below it is walked backwards.
        if parts.iter().all(|part| part.to <= centre) {
            lines.reverse();
            for line in &mut lines {
                line.reverse();
            }
        }
        self.streets.push(PlanStreet { name, class, lines });
    }

    fn points(&self, way: Way, line: usize, part: Stretch) -> Vec<Metres> {
        let mut points = Vec::new();
        for step in part.from..part.to {
            points.push(self.plan.crossing(way, line, step));
            points.extend(self.mouths.get(&Block { way, line, step }));
        }
        points.push(self.plan.crossing(way, line, part.to));
        points
    }

    /// Cul-de-sacs take their names last; the one farthest out is the lane of the trailers.
    fn closes(&mut self, closes: Vec<Close>) {
        let far = |close: &Close| close.line[0].distance_m(CENTRE);
        let farthest = closes.iter().map(far).fold(0.0, f64::max);
        let mut lane_given = self.streets.len() < MIN_STREETS_FOR_TRAILERS;
        for close in closes {
            let lane = !lane_given && far(&close) >= farthest;
            lane_given |= lane;
            let class = if lane { StreetClass::Lane } else { StreetClass::CulDeSac };
            let suffix = if lane { "Ln" } else { self.random.pick(&["Ct", "Cir", "Pl", "Ter"]) };
            let name = self.close_name(&close, suffix);
            self.streets.push(PlanStreet { name, class, lines: vec![close.line] });
        }
    }

    /// One in four is called after the street that it leaves: `Alder Ct` off `Alder St`.
    fn close_name(&mut self, close: &Close, suffix: &str) -> String {
        let leaves = |street: &&PlanStreet| {
            let mut lines = street.lines.iter();
            street.class == StreetClass::Residential
                && lines.any(|line| line.contains(&close.line[0]))
        };
        if self.random.chance(250)
            && let Some(street) = self.streets.iter().find(leaves)
            && let Some((base, _)) = street.name.rsplit_once(' ')
        {
            let bare = DIRECTIONS.iter().find_map(|side| base.strip_prefix(side)).unwrap_or(base);
            let name = format!("{bare} {suffix}");
            if self.is_free(&name) {
                return name;
            }
        }
        format!("{} {suffix}", self.words.next(self.streets.len()))
    }
}

fn numbered(rows_from_centre: usize) -> String {
    format!("{} St", ordinal(rows_from_centre + 1))
}

const DIRECTIONS: [&str; 4] = ["N ", "S ", "E ", "W "];

/// A village smaller than this has no trailer row.
const MIN_STREETS_FOR_TRAILERS: usize = 8;

/// A cul-de-sac: the block that it leaves, and its line from there inwards.
struct Close {
    block: Block,
    line: Vec<Metres>,
}

/// Shortest cul-de-sac worth a name, and the longest, in metres.
const CLOSE_M: (f64, f64) = (58.0, 150.0);
/// Cul-de-sacs begin beyond this share of the town's radius.
const CLOSES_FROM: f64 = 0.42;

fn closes(plan: &Plan, random: &mut Random) -> Vec<Close> {
    let mut closes = Vec::new();
    let mut taken = BTreeSet::new();
    for way in [Way::Column, Way::Row] {
        for line in 0..plan.lines(way) {
            for step in 0..plan.steps(way) - 1 {
                let block = Block { way, line, step };
                if let Some(close) = close(plan, random, block, &mut taken) {
                    closes.push(close);
                }
            }
        }
    }
    closes
}

/// A cul-de-sac off this block, into the larger block beside it, if chance and room allow.
fn close(
    plan: &Plan,
    random: &mut Random,
    block: Block,
    taken: &mut BTreeSet<(usize, usize)>,
) -> Option<Close> {
    let Block { way, line, step } = block;
    if !plan.is_kept(block) || plan.crosses_river(block) {
        return None;
    }
    let from = plan.crossing(way, line, step);
    let mouth = from.towards(plan.crossing(way, line, step + 1), random.between(0.44, 0.56));
    let share = mouth.distance_m(CENTRE) / plan.radius_m;
    let beyond = random.chance(500);
    let other = if beyond { line + 1 } else { line.checked_sub(1)? };
    if share < CLOSES_FROM || other >= plan.lines(way) || !random.chance(250) {
        return None;
    }
    let across = Block { way, line: line.min(other), step };
    let cell = match way {
        Way::Column => (across.line, step),
        Way::Row => (step, across.line),
    };
    let over_river = plan.crosses_river(Block { way: Way::Column, line: cell.0, step: cell.1 });
    if over_river || !taken.insert(cell) {
        return None;
    }
    let facing = plan
        .crossing(way, other, step)
        .towards(plan.crossing(way, other, step + 1), random.between(0.4, 0.6));
    let open = !plan.is_kept(Block { way, line: other, step });
    let depth_m = mouth.distance_m(facing);
    let length_m = (depth_m * if open { 0.8 } else { 0.56 }).min(CLOSE_M.1);
    if length_m < CLOSE_M.0 || per_mille(share) == 1000 {
        return None;
    }
    let swing = random.between(-9.0, 9.0);
    let middle = mouth.towards(facing, 0.5 * length_m / depth_m);
    let bent = Metres { east: middle.east + swing, north: middle.north - swing };
    Some(Close { block, line: vec![mouth, bent, mouth.towards(facing, length_m / depth_m)] })
}
