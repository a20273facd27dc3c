//! The map of one list: its turf, its walk with numbered stops, and what came of each.

use canvass_core::geometry::Point;

use super::drawing::{Unit, block, block_radius, dots, land, line_data, scale_bar};
use super::frame::{Frame, Spot};
use super::html::{Html, plural, put};
use super::label::{Area, Labels, text_width};
use super::model::{Report, ReportList, ReportStop, StreetWidth};
use super::outline::rings;
use super::street_names::street_names;

/// Half the side of a cross, in units.
const CROSS: f64 = 1.9;
/// A list of more stops has smaller dots, and counts on larger buildings only.
const MANY_STOPS: usize = 110;
const MARGIN: f64 = 24.0;
const HEIGHTS: (f64, f64) = (230.0, 400.0);
/// Size of numbers and of the words at the ends, in units.
const NUMBER_SIZE: f64 = 10.0;
/// Hues of lists in the style sheet; the numbers tell lists of one hue apart.
const HUES: usize = 10;

/// The class that colours the list at this place.
pub(super) fn hue(at: usize) -> String {
    format!("t{}", at % HUES)
}

/// The map of the first list alone, as a drawing that stands by itself; nothing without stops.
#[must_use]
pub fn route_svg(report: &Report) -> Option<String> {
    let list = report.lists.first().filter(|list| !list.stops.is_empty())?;
    let mut out = Html::default();
    list_map(&mut out, report, 0, list);
    let drawing = out.finish();
    let (tag, rest) = drawing.split_once('>')?;
    let alone = tag.replacen("<svg ", r#"<svg xmlns="http://www.w3.org/2000/svg" width="720" "#, 1);
    Some(format!("{alone}><style>{}</style>{rest}\n", super::page::STYLE))
}

/// Writes the map of the list at this place; nothing for a list without stops.
pub(super) fn list_map(out: &mut Html, report: &Report, at: usize, list: &ReportList) {
    let extent = list.stops.iter().map(|stop| stop.point).chain(list.start);
    let Some(frame) = Frame::around(extent, MARGIN, HEIGHTS) else { return };
    let stops = list.stops.len() as u64;
    put!(
        out,
        r#"<svg class="{}{}" viewBox="0 0 360 {}" role="img" aria-label="Map of list {}: the walk through {stops} {} in order">"#,
        hue(at),
        if list.stops.len() > MANY_STOPS { " many" } else { "" },
        Unit(frame.height),
        at + 1,
        plural(stops, "stop", "stops")
    );
    land(out, &frame, report);
    for ring in rings(&frame, list) {
        put!(out, r#"<path class="turf" d="{}"/>"#, line_data(&ring, true));
    }
    let mut map = ListMap::new(&frame, list);
    map.route(out);
    dots(out, &frame, list.stops.iter(), map.block_doors, CROSS);
    for stop in list.stops.iter().filter(|stop| stop.doors.len() >= map.block_doors) {
        block(out, &frame, stop);
    }
    map.ends(out);
    map.numbers(out);
    street_names(out, &frame, &mut map.labels, report, StreetWidth::Narrow);
    scale_bar(out, &frame);
    put!(out, "</svg>");
}

struct ListMap<'a> {
    frame: &'a Frame,
    list: &'a ReportList,
    spots: Vec<Spot>,
    labels: Labels,
    /// A stop of so many doors is drawn as a building with its count.
    block_doors: usize,
}

impl<'a> ListMap<'a> {
    fn new(frame: &'a Frame, list: &'a ReportList) -> Self {
        let spots: Vec<Spot> = list.stops.iter().map(|stop| frame.spot(stop.point)).collect();
        let block_doors = if list.stops.len() > MANY_STOPS { 4 } else { 2 };
        let mut labels = Labels::new(frame);
        for (centre, stop) in spots.iter().zip(&list.stops) {
            let wide = 2.0 * reach(stop.doors.len(), block_doors) - 1.0;
            labels.take(Area { centre: *centre, wide, high: wide });
        }
        // The scale's corner.
        let centre = Spot { x: 40.0, y: frame.height - 12.0 };
        labels.take(Area { centre, wide: 80.0, high: 24.0 });
        Self { frame, list, spots, labels, block_doors }
    }

    /// The walk as a line, with an arrow now and then to tell its direction.
    fn route(&self, out: &mut Html) {
        let straight = self.list.start.into_iter().chain(self.list.stops.iter().map(|s| s.point));
        let way: Vec<Point> =
            if self.list.way.is_empty() { straight.collect() } else { self.list.way.clone() };
        let walk: Vec<Spot> = way.into_iter().map(|point| self.frame.spot(point)).collect();
        put!(out, r#"<path class="route" d="{}"/>"#, line_data(&walk, false));
        let mut since = ARROW_EVERY / 2.0;
        let mut arrows = String::new();
        for ends in walk.windows(2) {
            let length = ends[0].distance(ends[1]);
            since += length;
            if since >= ARROW_EVERY && length >= ARROW_LEG {
                arrows.push_str(&arrow(ends[0], ends[1], length));
                since = 0.0;
            }
        }
        if !arrows.is_empty() {
            put!(out, r#"<path class="arrows" d="{arrows}"/>"#);
        }
    }

    /// Where the walk begins and ends, in words.
    fn ends(&mut self, out: &mut Html) {
        let (Some(first), Some(last)) = (self.spots.first(), self.spots.last()) else { return };
        let start = self.list.start.map_or(*first, |start| self.frame.spot(start));
        let last = *last;
        let gap = |stop: Option<&ReportStop>| {
            stop.map_or(0.0, |stop| reach(stop.doors.len(), self.block_doors)).max(5.5)
        };
        let gaps = (gap(self.list.stops.first()), gap(self.list.stops.last()));
        self.pill(out, start, gaps.0, "Start", "start");
        if self.spots.len() > 1 {
            self.pill(out, last, gaps.1, &format!("End {}", self.spots.len()), "end");
        }
    }

    fn pill(&mut self, out: &mut Html, dot: Spot, gap: f64, text: &str, class: &str) {
        let wide = text_width(text, NUMBER_SIZE) + 8.0;
        let near = [1.0, 6.0, 12.0].iter();
        let mut near = near.map(|more| self.labels.beside(dot, gap + more, wide, 15.0));
        // Where all is crowded, the end of the walk matters more than its neighbours.
        let spot = near.find_map(|spot| spot).unwrap_or_else(|| {
            let x = dot.x.clamp(wide / 2.0, super::frame::MAP_WIDTH - wide / 2.0);
            let centre = Spot { x, y: (dot.y - gap - 8.0).max(8.0) };
            self.labels.take(Area { centre, wide, high: 15.0 });
            centre
        });
        put!(
            out,
            r#"<g class="pill {class}"><circle class="at" cx="{}" cy="{}" r="{}"/><rect x="{}" y="{}" width="{}" height="14" rx="7"/><text x="{}" y="{}">{text}</text></g>"#,
            Unit(dot.x),
            Unit(dot.y),
            Unit(gap),
            Unit(spot.x - wide / 2.0),
            Unit(spot.y - 7.0),
            Unit(wide),
            Unit(spot.x),
            Unit(spot.y)
        );
    }

    /// Numbers of stops where there is room: tens first, then fives.
    fn numbers(&mut self, out: &mut Html) {
        let last = self.spots.len();
        put!(out, r#"<g class="numbers">"#);
        for step in [10, 5] {
            for number in (step..last).step_by(step).filter(|it| step == 10 || it % 10 != 0) {
                let dot = self.spots[number - 1];
                let reach = reach(self.list.stops[number - 1].doors.len(), self.block_doors);
                let text = number.to_string();
                let wide = text_width(&text, NUMBER_SIZE);
                if let Some(spot) = self.labels.beside(dot, reach, wide, NUMBER_SIZE) {
                    let (x, y) = (Unit(spot.x), Unit(spot.y));
                    put!(out, r#"<text x="{x}" y="{y}">{text}</text>"#);
                }
            }
        }
        put!(out, "</g>");
    }
}

/// How far a stop's dot reaches, in units.
fn reach(doors: usize, block_doors: usize) -> f64 {
    if doors < block_doors { 3.5 } else { block_radius(doors) + 1.5 }
}

/// Units of walk between two arrows, and the shortest leg that takes one.
const ARROW_EVERY: f64 = 46.0;
const ARROW_LEG: f64 = 13.0;

/// A small arrow head in the middle of a leg.
fn arrow(from: Spot, to: Spot, length: f64) -> String {
    let (east, south) = ((to.x - from.x) / length, (to.y - from.y) / length);
    let middle = Spot { x: f64::midpoint(from.x, to.x), y: f64::midpoint(from.y, to.y) };
    let corner = |ahead: f64, aside: f64| Spot {
        x: middle.x + east * ahead - south * aside,
        y: middle.y + south * ahead + east * aside,
    };
    line_data(&[corner(-2.4, 2.6), corner(2.4, 0.0), corner(-2.4, -2.6)], false)
}
