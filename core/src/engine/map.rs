//! The map of a list: streets, names, pins, the turf and the way, ready to draw.

use std::sync::Arc;

use crate::canvass::Purpose;
use crate::engine::Engine;
use crate::engine::ahead::{StopAhead, attribution, walk_stops};
use crate::engine::error::Error;
use crate::engine::order::ground;
use crate::engine::read::page_from;
use crate::geometry::{Bounds, Point};
use crate::id::ListId;
use crate::say;
use crate::store::StopRow;
use crate::street::StreetPack;
use crate::turf::TurfPolygon;
use crate::walk::{
    MapLabel, MapLine, MapPin, PinStop, Terrain, WalkEnds, WorkCosts, Zoom, labels, lines, pins,
};

/// What a map shows of a walk list. Everything is in the order in which to draw it.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MapFeatures {
    /// The turf: its outer ring, then its holes.
    pub turf: Vec<Vec<Point>>,
    /// Streets and paths; none where no street is known.
    pub streets: Vec<MapLine>,
    /// The names of the streets.
    pub labels: Vec<MapLabel>,
    /// The way that lies ahead, from the next stop to the last one that is not done.
    pub route: Vec<Point>,
    /// One pin per building; where pins would cover each other, one for several.
    pub pins: Vec<MapPin>,
    /// Where the next stop is; nothing when every door is done.
    pub next: Option<Point>,
    /// All of the list's stops lie within: what to show at first. Nothing for a list without any.
    pub whole: Option<Bounds>,
    /// Whom to thank for the streets: to be shown on the map, as the data's licence asks. Empty
    /// where no street is known.
    pub attribution: String,
}

impl Engine {
    /// What a map of a list shows within `bounds` at a zoom level (see [`Zoom`]), in one call.
    ///
    /// Works without a network: where the list came with its streets they are drawn, else the
    /// way is straight from stop to stop.
    pub fn map_features(
        &self,
        list: ListId,
        bounds: Bounds,
        zoom: f64,
    ) -> Result<MapFeatures, Error> {
        let zoom = Zoom::new(zoom);
        let streets: Option<Arc<StreetPack>> = self.streets(list)?;
        let (stops, told) = self.read(list, |reader| {
            let about = reader.db.about()?.map(|(about, _)| about.outline);
            Ok((reader.db.stops(Purpose::Walk)?, about.unwrap_or_default()))
        })?;
        let ahead = self.ahead(list)?.stops;
        let next = ahead.first().map(|stop| stop.stop);
        let pinned: Vec<PinStop> = stops.iter().map(PinStop::from).collect();
        let mut features = MapFeatures {
            turf: if told.is_empty() { around(&stops) } else { told },
            route: way(&ahead, streets.as_ref(), &bounds),
            next: ahead.first().map(|stop| stop.point),
            pins: pins(&pinned, next, bounds, zoom),
            whole: (!stops.is_empty()).then(|| Bounds::around(stops.iter().map(|stop| stop.point))),
            ..MapFeatures::default()
        };
        let words = self.words();
        for pin in &mut features.pins {
            pin.sentence = say::doors_done(words, pin.doors, pin.done);
            pin.from = page_from(pin.stop, 0);
        }
        if let Some(streets) = streets {
            let pieces = pieces(&streets, &bounds);
            features.labels = labels(&pieces, zoom);
            features.streets = lines(pieces, zoom);
            features.attribution = attribution(Some(&streets));
        }
        Ok(features)
    }
}

/// The turf of a list whose outline was not told: the ground around its stops.
fn around(stops: &[StopRow]) -> Vec<Vec<Point>> {
    let points: Vec<Point> = stops.iter().map(|stop| stop.point).collect();
    TurfPolygon::around(&points).map(|turf| turf.rings().to_vec()).unwrap_or_default()
}

/// The way past the stops ahead: along the streets near the part of the map that is shown,
/// straight elsewhere, where nobody sees it.
fn way(ahead: &[StopAhead], streets: Option<&Arc<StreetPack>>, bounds: &Bounds) -> Vec<Point> {
    let is_shown = |stop: &StopAhead| bounds.contains(stop.point);
    let first = ahead.iter().position(is_shown);
    let last = ahead.iter().rposition(is_shown);
    let (Some(streets), Some(first), Some(last)) = (streets, first, last) else {
        return ahead.iter().map(|stop| stop.point).collect();
    };
    // One stop more on either side: the way into and out of what is shown.
    let (from, to) = (first.saturating_sub(1), (last + 2).min(ahead.len()));
    let walked = walk_stops(&ahead[from..to]);
    let ground = ground(Some(streets));
    let terrain = Terrain::new(&walked, WalkEnds::default(), ground, &WorkCosts::default());
    let order: Vec<u32> = (0..).zip(&walked).map(|(at, _)| at).collect();
    let points = |stops: &[StopAhead]| stops.iter().map(|stop| stop.point).collect::<Vec<_>>();
    [points(&ahead[..from]), terrain.line(&order), points(&ahead[to..])].concat()
}

fn pieces(streets: &StreetPack, bounds: &Bounds) -> Vec<MapLine> {
    let edges = streets.edges_in(bounds).into_iter().filter_map(|edge| streets.edge(edge));
    edges
        .map(|edge| MapLine {
            kind: edge.kind,
            name: edge.name.unwrap_or_default(),
            points: edge.line,
        })
        .collect()
}

impl From<&StopRow> for PinStop {
    fn from(row: &StopRow) -> Self {
        let StopRow { stop, point, doors, done, hindered } = *row;
        Self { stop, point, doors, done, hindered }
    }
}
