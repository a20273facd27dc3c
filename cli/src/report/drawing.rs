//! What all maps share: land, streets, water, dots by result, buildings with a count, a scale.
//!
//! Dots of one kind are one path, each a stroke of no length with round ends, so that a map of
//! thousands of doors stays small. Sizes and colours are the style sheet's.

use std::fmt;

use super::figures::Mark;
use super::frame::{Frame, MAP_WIDTH, Spot};
use super::html::{Html, put};
use super::model::{Report, ReportStop, StreetWidth};

/// A coordinate: one decimal, without a final zero.
pub(super) struct Unit(pub(super) f64);

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = (self.0 * 10.0).round() / 10.0;
        // Minus zero would be written with its sign.
        write!(f, "{}", if rounded == 0.0 { 0.0 } else { rounded })
    }
}

/// The path data of a line.
pub(super) fn line_data(line: &[Spot], closed: bool) -> String {
    let mut data = Html::default();
    for (at, spot) in line.iter().enumerate() {
        let before = if at == 0 { "M" } else { "L" };
        put!(data, "{before}{} {}", Unit(spot.x), Unit(spot.y));
    }
    if closed {
        put!(data, "Z");
    }
    data.finish()
}

/// Water and streets, the narrow ones below the broad ones.
pub(super) fn land(out: &mut Html, frame: &Frame, report: &Report) {
    put!(out, r#"<rect class="land" width="{MAP_WIDTH}" height="{}"/>"#, Unit(frame.height));
    let water: String = report.water.iter().map(|line| clipped(frame, line)).collect();
    if !water.is_empty() {
        put!(
            out,
            r#"<path class="water" style="stroke-width:{}" d="{water}"/>"#,
            Unit(frame.units(RIVER_M).clamp(2.0, 26.0))
        );
    }
    for (width, class, metres) in [
        (StreetWidth::Path, "street", 2.5),
        (StreetWidth::Narrow, "street", 9.0),
        (StreetWidth::Broad, "street broad", 13.0),
    ] {
        let streets = report.streets.iter().filter(|street| street.width == width);
        let lines = streets.flat_map(|street| &street.lines);
        let data: String = lines.map(|line| clipped(frame, line)).collect();
        if !data.is_empty() {
            let units = Unit(frame.units(metres).clamp(0.9, 9.0));
            put!(out, r#"<path class="{class}" style="stroke-width:{units}" d="{data}"/>"#);
        }
    }
}

/// How broad a river is drawn, in metres.
const RIVER_M: f64 = 32.0;

fn clipped(frame: &Frame, line: &[canvass_core::geometry::Point]) -> String {
    frame.clip(line).iter().map(|part| line_data(part, false)).collect()
}

/// Dots for the stops of fewer than `block_doors` doors, one path for each kind, the most
/// telling on top. `half_cross` is half the side of the cross that stands for a refusal.
pub(super) fn dots<'a>(
    out: &mut Html,
    frame: &Frame,
    stops: impl Iterator<Item = &'a ReportStop>,
    block_doors: usize,
    half_cross: f64,
) {
    let mut data: [Html; 5] = Default::default();
    for stop in stops.filter(|stop| stop.doors.len() < block_doors) {
        let mark = mark_of(stop);
        let spot = frame.spot(stop.point);
        let data = &mut data[mark as usize];
        if mark == Mark::Declined {
            cross(data, spot, half_cross);
        } else {
            put!(data, "M{} {}h.01", Unit(spot.x), Unit(spot.y));
        }
    }
    put!(out, r#"<g class="dots">"#);
    for (mark, data) in Mark::ALL.into_iter().zip(data).rev() {
        let data = data.finish();
        if data.is_empty() {
            continue;
        }
        put!(out, r#"<path class="{}" d="{data}"/>"#, mark.class());
        if mark == Mark::NobodyHome {
            put!(out, r#"<path class="hole" d="{data}"/>"#);
        }
    }
    put!(out, "</g>");
}

fn cross(out: &mut Html, spot: Spot, half: f64) {
    let (x, y) = (Unit(spot.x - half), Unit(spot.y - half));
    let (side, back) = (Unit(2.0 * half), Unit(-2.0 * half));
    put!(out, "M{x} {y}l{side} {side}m0 {back}l{back} {side}");
}

/// The mark of a whole stop: the most telling of its doors'.
fn mark_of(stop: &ReportStop) -> Mark {
    stop.doors.iter().map(|door| Mark::of(*door)).min().unwrap_or(Mark::NotYet)
}

/// A building with its count of doors; the ring around it shows how many were knocked on.
pub(super) fn block(out: &mut Html, frame: &Frame, stop: &ReportStop) {
    let spot = frame.spot(stop.point);
    let doors = stop.doors.len();
    let knocked = stop.doors.iter().filter(|door| door.knocks > 0).count();
    let percent = knocked * 100 / doors.max(1);
    let radius = Unit(block_radius(doors));
    put!(
        out,
        r#"<g class="block" transform="translate({} {})"><g><circle r="{radius}"/>"#,
        Unit(spot.x),
        Unit(spot.y)
    );
    if percent > 0 {
        put!(
            out,
            r#"<circle class="share" r="{radius}" pathLength="100" stroke-dasharray="{percent} 100" transform="rotate(-90)"/>"#
        );
    }
    put!(out, "<text>{doors}</text></g></g>");
}

/// Half the width of a building's dot, in units.
pub(super) fn block_radius(doors: usize) -> f64 {
    match doors {
        ..10 => 6.0,
        10..100 => 7.5,
        _ => 9.0,
    }
}

/// A bar of a round length in the lower left corner, and what it measures.
pub(super) fn scale_bar(out: &mut Html, frame: &Frame) {
    let fits = |metres: &&f64| frame.units(**metres) <= MAP_WIDTH / 4.0;
    let metres = SCALES_M.iter().rev().find(fits).copied().unwrap_or(SCALES_M[0]);
    let (y, end) = (Unit(frame.height - 8.0), Unit(8.0 + frame.units(metres)));
    let label = super::html::Length(metres);
    put!(
        out,
        r#"<g class="scale"><path d="M8 {y}v-3m0 3H{end}v-3"/><text x="8" y="{}">{label}</text></g>"#,
        Unit(frame.height - 14.0)
    );
}

const SCALES_M: [f64; 9] = [10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0];
