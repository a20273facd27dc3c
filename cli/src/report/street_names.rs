//! Names along streets, where a street is straight and free for long enough.

use super::drawing::Unit;
use super::frame::{Frame, Spot};
use super::html::{Html, Text, put};
use super::label::{Area, Chord, Labels, longest_chord, text_width};
use super::model::{Report, ReportStreet, StreetWidth};

/// Size of a street's name, in units.
const SIZE: f64 = 9.0;

/// Writes the names of streets at least so broad, broad ones first, then the longest.
pub(super) fn street_names(
    out: &mut Html,
    frame: &Frame,
    labels: &mut Labels,
    report: &Report,
    at_least: StreetWidth,
) {
    let streets = report.streets.iter();
    let named = streets.filter(|it| it.width >= at_least && !it.name.is_empty());
    let mut chords: Vec<(&ReportStreet, Chord)> =
        named.filter_map(|street| Some((street, chord_of(frame, street)?))).collect();
    chords.sort_by(|(a, a_chord), (b, b_chord)| {
        b.width.cmp(&a.width).then(b_chord.length.total_cmp(&a_chord.length))
    });
    put!(out, r#"<g class="names">"#);
    for (street, chord) in chords {
        let wide = text_width(&street.name, SIZE);
        if let Some(spot) = free_on(labels, &chord, wide) {
            put!(
                out,
                r#"<text transform="translate({} {}) rotate({:.0})">{}</text>"#,
                Unit(spot.x),
                Unit(spot.y),
                upright(&chord),
                Text(&street.name)
            );
        }
    }
    put!(out, "</g>");
}

/// The longest straight part of a street inside the frame.
fn chord_of(frame: &Frame, street: &ReportStreet) -> Option<Chord> {
    let parts = street.lines.iter().flat_map(|line| frame.clip(line));
    let chords = parts.filter_map(|part| longest_chord(&inside(frame, &part)));
    chords.max_by(|a, b| a.length.total_cmp(&b.length))
}

/// The places of a line that lie inside the frame; long pieces in steps, so that a name can lie
/// on the part that is seen.
fn inside(frame: &Frame, line: &[Spot]) -> Vec<Spot> {
    const STEPS: u32 = 8;
    let mut inside = Vec::new();
    for ends in line.windows(2) {
        for step in 0..=STEPS {
            let share = f64::from(step) / f64::from(STEPS);
            let spot = ends[0].towards(ends[1], share);
            if frame.holds(spot) {
                inside.push(spot);
            }
        }
    }
    inside
}

/// The angle of a chord in degrees, turned so that nobody reads upside down.
fn upright(chord: &Chord) -> f64 {
    let (dx, dy) = (chord.to.x - chord.from.x, chord.to.y - chord.from.y);
    let angle = libm::atan2(dy, dx).to_degrees();
    if angle.abs() > 90.0 { angle - 180.0 * angle.signum() } else { angle }
}

/// A free place for a text of this width along the chord, from its middle outwards.
fn free_on(labels: &mut Labels, chord: &Chord, wide: f64) -> Option<Spot> {
    let room = (chord.length - wide) / chord.length / 2.0;
    if room < 0.0 {
        return None;
    }
    let middles = [0.5, 0.5 - room / 2.0, 0.5 + room / 2.0, 0.5 - room, 0.5 + room];
    let free = |middle: &f64| labels.claim_all(&areas(chord, *middle, wide));
    let middle = middles.into_iter().find(free)?;
    Some(chord.from.towards(chord.to, middle))
}

/// The ground that a slanted text covers: a row of small boxes.
fn areas(chord: &Chord, middle: f64, wide: f64) -> Vec<Area> {
    let count = (wide / SIZE).ceil().max(1.0);
    let half = wide / chord.length / 2.0;
    let mut areas = Vec::new();
    let mut at = 0.0;
    while at <= count {
        let share = middle - half + 2.0 * half * at / count;
        let centre = chord.from.towards(chord.to, share);
        areas.push(Area { centre, wide: SIZE * 0.8, high: SIZE * 0.8 });
        at += 1.0;
    }
    areas
}
