//! The town's streets as a map to pack.

use std::collections::BTreeMap;

use canvass_core::geometry::Point;
use canvass_core::street::{Barrier, BarrierKind, StreetMap, Way, WayKind};

use super::{StreetClass, Town};

impl Town {
    /// Its streets and its river, as a file of ways would tell them.
    #[must_use]
    pub fn street_map(&self) -> StreetMap {
        let mut points = Points::default();
        let ways =
            self.streets.iter().flat_map(|street| street.lines.iter().map(move |l| (street, l)));
        let ways = ways
            .map(|(street, line)| Way {
                points: line.iter().map(|point| points.place_of(*point)).collect(),
                kind: kind(street.class),
                name: Some(street.name.clone()),
                numbers: None,
            })
            .collect();
        let river = Barrier { points: self.river.clone(), kind: BarrierKind::Water };
        let barriers = if self.river.len() > 1 { vec![river] } else { Vec::new() };
        let attribution = "A generated town".to_owned();
        StreetMap { points: points.all, ways, barriers, attribution }
    }
}

const fn kind(class: StreetClass) -> WayKind {
    match class {
        StreetClass::Main => WayKind::Secondary,
        StreetClass::Through => WayKind::Tertiary,
        StreetClass::Residential | StreetClass::CulDeSac => WayKind::Residential,
        StreetClass::Lane => WayKind::Service,
    }
}

/// Each point once: lines that meet share one.
#[derive(Default)]
struct Points {
    all: Vec<Point>,
    places: BTreeMap<(i32, i32), u32>,
}

impl Points {
    fn place_of(&mut self, point: Point) -> u32 {
        let next = u32::try_from(self.all.len()).expect("fewer points than doors");
        *self.places.entry(point.to_e7()).or_insert_with(|| {
            self.all.push(point);
            next
        })
    }
}
