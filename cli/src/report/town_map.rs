//! The map of the whole day: streets, turfs with their numbers, and every door by its result.

use canvass_core::geometry::Point;

use super::drawing::{Unit, block, dots, land, line_data, scale_bar};
use super::figures::{Mark, marks_of};
use super::frame::{Frame, MAP_WIDTH, Spot};
use super::html::{Count, Html, Text, plural, put};
use super::label::Labels;
use super::list_map::hue;
use super::model::{Report, ReportList, StreetWidth};
use super::outline::rings;
use super::street_names::street_names;

/// A stop of so many doors is drawn as a building with its count.
const BLOCK_DOORS: usize = 6;
/// More lists have smaller numbers.
const MANY_LISTS: usize = 14;
/// Half the side of a cross, in units: smaller than on a list's map, which is not enlarged.
const CROSS: f64 = 1.25;
const MARGIN: f64 = 12.0;
const HEIGHTS: (f64, f64) = (220.0, 470.0);

/// Writes the map and its legend; nothing for a day without doors.
pub(super) fn town_map(out: &mut Html, report: &Report) {
    let Some(frame) = Frame::around(extent(report), MARGIN, HEIGHTS) else { return };
    let lists = report.lists.len() as u64;
    put!(
        out,
        r#"<figure class="card map town{}"><svg viewBox="0 0 360 {}" style="max-width:calc(90vh*{:.3})" role="group" aria-label="Map of {lists} {} and their doors; the same figures stand in the table of lists">"#,
        if report.lists.len() > MANY_LISTS { " crowd" } else { "" },
        Unit(frame.height),
        // A wide screen shows the whole map at once.
        MAP_WIDTH / frame.height,
        plural(lists, "list", "lists"),
    );
    put!(out, r#"<g aria-hidden="true">"#);
    land(out, &frame, report);
    for (at, list) in report.lists.iter().enumerate() {
        turf(out, &frame, at, list);
    }
    street_names(out, &frame, &mut Labels::new(&frame), report, StreetWidth::Broad);
    let stops = || report.lists.iter().flat_map(|list| &list.stops);
    dots(out, &frame, stops(), BLOCK_DOORS, CROSS);
    for stop in stops().filter(|stop| stop.doors.len() >= BLOCK_DOORS) {
        block(out, &frame, stop);
    }
    scale_bar(out, &frame);
    put!(out, "</g>");
    for (at, list) in report.lists.iter().enumerate() {
        badge(out, &frame, at, list);
    }
    put!(out, "</svg>");
    legend(out, report);
    put!(out, "</figure>");
}

/// What the map must show: the doors. Streets and turfs may run out of it.
fn extent(report: &Report) -> impl Iterator<Item = Point> + Clone {
    report.lists.iter().flat_map(|list| list.stops.iter().map(|stop| stop.point))
}

fn turf(out: &mut Html, frame: &Frame, at: usize, list: &ReportList) {
    let data: String = rings(frame, list).iter().map(|ring| line_data(ring, true)).collect();
    if !data.is_empty() {
        put!(out, r#"<path class="turf {}" d="{data}"/>"#, hue(at));
    }
}

/// The list's number in the middle of its doors, leading to its own map.
fn badge(out: &mut Html, frame: &Frame, at: usize, list: &ReportList) {
    let Some(spot) = middle(frame, list) else { return };
    let number = at + 1;
    put!(
        out,
        r##"<a class="badge {}" href="#list-{number}" aria-label="List {number}, {}"><g transform="translate({} {})"><g><circle r="8.5"/><text aria-hidden="true">{number}</text></g></g></a>"##,
        hue(at),
        Text(&list.name),
        Unit(spot.x),
        Unit(spot.y)
    );
}

/// The stop nearest to the mean of all stops: always inside the turf.
fn middle(frame: &Frame, list: &ReportList) -> Option<Spot> {
    let spots: Vec<Spot> = list.stops.iter().map(|stop| frame.spot(stop.point)).collect();
    let share = 1.0 / spots.len().max(1) as f64;
    let mean = Spot {
        x: spots.iter().map(|spot| spot.x * share).sum(),
        y: spots.iter().map(|spot| spot.y * share).sum(),
    };
    spots.into_iter().min_by(|a, b| a.distance(mean).total_cmp(&b.distance(mean)))
}

/// The signs of the map in words, with how many doors carry each.
fn legend(out: &mut Html, report: &Report) {
    let counts = marks_of(&report.lists);
    put!(out, r#"<figcaption><ul class="legend">"#);
    for mark in Mark::ALL {
        let count = Count(u64::from(counts[mark as usize]));
        put!(out, "<li>{} {} <b>{count}</b></li>", sign(mark), mark.label());
    }
    let has_blocks = report
        .lists
        .iter()
        .flat_map(|list| &list.stops)
        .any(|stop| stop.doors.len() >= BLOCK_DOORS);
    if has_blocks {
        put!(out, "<li>{BLOCK_SIGN} Building: its doors, and how many were knocked on</li>");
    }
    put!(
        out,
        r#"<li><svg class="sign badge t0" viewBox="-9 -9 18 18" aria-hidden="true"><circle r="8.5"/><text>1</text></svg> List, by number</li></ul></figcaption>"#
    );
}

const BLOCK_SIGN: &str = concat!(
    r#"<svg class="sign" viewBox="-8 -8 16 16" aria-hidden="true"><g class="block">"#,
    r#"<circle r="6.5"/><circle class="share" r="6.5" pathLength="100" "#,
    r#"stroke-dasharray="65 100" transform="rotate(-90)"/><text>9</text></g></svg>"#
);

/// A mark as it looks on the maps.
fn sign(mark: Mark) -> String {
    let path = match mark {
        Mark::Declined => "M-3-3l6 6m0-6l-6 6",
        _ => "M0 0h.01",
    };
    let hole = if mark == Mark::NobodyHome { r#"<path class="hole" d="M0 0h.01"/>"# } else { "" };
    format!(
        r#"<svg class="sign" viewBox="-6 -6 12 12" aria-hidden="true"><g class="dots"><path class="{}" d="{path}"/>{hole}</g></svg>"#,
        mark.class()
    )
}
