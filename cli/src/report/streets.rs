//! The streets of a pack, to draw under maps.

use canvass_core::geometry::{Bounds, Point};
use canvass_core::street::{StreetPack, WayKind};

use super::model::{ReportStreet, StreetWidth};

/// The streets around some points, to draw under a map.
#[must_use]
pub fn drawn(streets: &StreetPack, points: &[Point]) -> Vec<ReportStreet> {
    let around = Bounds::around(points.iter().copied());
    let edges = streets.edges_in(&around).into_iter().filter_map(|edge| streets.edge(edge));
    edges
        .map(|edge| ReportStreet {
            name: edge.name.unwrap_or_default(),
            width: match edge.kind {
                WayKind::Path | WayKind::Sidewalk | WayKind::Crossing | WayKind::Steps => {
                    StreetWidth::Path
                }
                WayKind::Service | WayKind::Residential => StreetWidth::Narrow,
                WayKind::Tertiary | WayKind::Secondary | WayKind::Primary => StreetWidth::Broad,
            },
            lines: vec![edge.line],
        })
        .collect()
}
