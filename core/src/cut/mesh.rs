//! Which sites are neighbours on the map: the sides of a triangulation (Delaunay 1934).
//!
//! Two sites lie next to each other when no third lies in the disc between them (Gabriel and
//! Sokal 1969); those are some of the triangles' sides. The others join what is far apart. Knows
//! no barriers and no streets.

use delaunator::{EMPTY, next_halfedge, prev_halfedge, triangulate};

/// A line between two sites that no other such line crosses.
#[derive(Clone, Copy)]
pub(super) struct Side {
    /// The two sites, the lower number first.
    pub(super) ends: [u32; 2],
    pub(super) length_m: f64,
    /// Whether no third site lies in the disc between them.
    pub(super) is_next: bool,
}

/// The sides of all triangles, the shortest first.
pub(super) fn sides(at_m: &[[f64; 2]]) -> Vec<Side> {
    let points: Vec<_> = at_m.iter().map(|[x, y]| delaunator::Point { x: *x, y: *y }).collect();
    let mesh = triangulate(&points);
    let side = |a: usize, b: usize, is_next: bool| {
        let number = |site: usize| u32::try_from(site).unwrap_or(u32::MAX);
        let (a, b) = (number(a), number(b));
        Side { ends: [a.min(b), a.max(b)], length_m: straight_m(at_m, a, b), is_next }
    };
    let mut sides: Vec<Side> = if mesh.triangles.is_empty() {
        // All in one line, and sorted along it.
        mesh.hull.windows(2).map(|ends| side(ends[0], ends[1], true)).collect()
    } else {
        let ends = |half: usize| [mesh.triangles[half], mesh.triangles[next_halfedge(half)]];
        let is_between = |half: usize| {
            let ([a, b], third) = (ends(half), mesh.triangles[prev_halfedge(half)]);
            let (a, b, c) = (at_m[a], at_m[b], at_m[third]);
            (a[0] - c[0]) * (b[0] - c[0]) + (a[1] - c[1]) * (b[1] - c[1]) <= 0.0
        };
        let halves = mesh.halfedges.iter().enumerate();
        // Each side once: the half with the lower number, or the only one.
        let once = halves.filter(|(half, twin)| **twin == EMPTY || half < *twin);
        once.map(|(half, twin)| {
            let is_next = !is_between(half) && (*twin == EMPTY || !is_between(*twin));
            side(ends(half)[0], ends(half)[1], is_next)
        })
        .collect()
    };
    join_left_out(at_m, &mut sides);
    sides.sort_by(|a, b| a.length_m.total_cmp(&b.length_m).then(a.ends.cmp(&b.ends)));
    sides
}

/// Joins a site that is in no triangle to its nearest: rounding may leave one out.
fn join_left_out(at_m: &[[f64; 2]], sides: &mut Vec<Side>) {
    let mut is_in = vec![false; at_m.len()];
    sides.iter().flat_map(|side| side.ends).for_each(|site| is_in[site as usize] = true);
    let all = || (0_u32..).take(at_m.len());
    for site in all().filter(|site| !is_in[*site as usize]) {
        let others = all().filter(|other| *other != site).map(|other| {
            let ends = [site.min(other), site.max(other)];
            Side { ends, length_m: straight_m(at_m, site, other), is_next: true }
        });
        sides.extend(others.min_by(|a, b| a.length_m.total_cmp(&b.length_m)));
    }
}

pub(super) fn straight_m(at_m: &[[f64; 2]], from: u32, to: u32) -> f64 {
    let (a, b) = (at_m[from as usize], at_m[to as usize]);
    let (east, north) = (a[0] - b[0], a[1] - b[1]);
    (east * east + north * north).sqrt()
}
