//! What is handed from turf to turf: the doors of one site, or a part of a large building.

use super::ground::Ground;

/// What it costs, in metres, that one more turf shares a building: as much as the way there
/// and the talk about who knocks where. An assumption.
const SHARED_BUILDING_M: f64 = 150.0;

/// What it costs, in metres, that one more turf shares the side of a block: about one crossing
/// more, and a list that is harder to read. An assumption.
const SHARED_FACE_M: f64 = 30.0;

/// Places that are better walked by one team.
struct Group {
    members: Vec<u32>,
    shared_m: f64,
}

/// The places of a town, numbered from 0.
pub(super) struct Places<'g> {
    ground: &'g Ground,
    /// The site each stands at.
    pub(super) site: Vec<u32>,
    /// Minutes at its doors.
    pub(super) minutes: Vec<f64>,
    /// The places next to each.
    next_to: Vec<Vec<u32>>,
    /// The building or the side of a block that each is a part of, if there are more parts.
    group_of: Vec<Option<u32>>,
    groups: Vec<Group>,
}

impl<'g> Places<'g> {
    /// Places at these sites, with these minutes at their doors; every site has one at least.
    pub(super) fn of(ground: &'g Ground, site: Vec<u32>, minutes: Vec<f64>) -> Self {
        let mut at: Vec<Vec<u32>> = vec![Vec::new(); ground.sites()];
        for (place, site) in (0..).zip(&site) {
            at[*site as usize].push(place);
        }
        let next_to = (0..)
            .zip(&site)
            .map(|(place, site)| {
                let here = at[*site as usize].iter().copied().filter(|other| *other != place);
                let there = ground.next_to(*site).iter().flat_map(|site| &at[*site as usize]);
                here.chain(there.copied()).collect()
            })
            .collect();
        let mut group_of: Vec<Option<u32>> = vec![None; site.len()];
        let mut groups = Vec::new();
        let buildings = at.iter().cloned().map(|members| (members, SHARED_BUILDING_M));
        let at_sites = |sites: Vec<u32>| {
            sites.iter().flat_map(|s| at[*s as usize].clone()).collect::<Vec<_>>()
        };
        let faces = ground.faces().map(|sites| (at_sites(sites), SHARED_FACE_M));
        for (mut members, shared_m) in buildings.chain(faces) {
            // A part of a large building is in that group alone.
            members.retain(|place| group_of[*place as usize].is_none());
            if members.len() > 1 {
                let number = u32::try_from(groups.len()).unwrap_or(u32::MAX);
                members.iter().for_each(|place| group_of[*place as usize] = Some(number));
                groups.push(Group { members, shared_m });
            }
        }
        Self { ground, site, minutes, next_to, group_of, groups }
    }

    pub(super) fn count(&self) -> usize {
        self.site.len()
    }

    /// Metres of walking between two places.
    #[inline]
    pub(super) fn walk_m(&self, from: u32, to: u32) -> f64 {
        self.ground.walk_m(self.site[from as usize], self.site[to as usize])
    }

    pub(super) fn next_to(&self, place: u32) -> &[u32] {
        &self.next_to[place as usize]
    }

    /// What it costs more, in metres, that groups are shared once `moved` goes from one turf
    /// to another; below 0 if fewer are.
    pub(super) fn sharing_m(&self, moved: &[u32], turf_of: &[u32], from: u32, to: u32) -> f64 {
        let mut change_m = 0.0;
        for (rank, place) in moved.iter().enumerate() {
            let Some(group) = self.group_of[*place as usize] else { continue };
            let is_same = |other: &u32| self.group_of[*other as usize] == Some(group);
            if moved[..rank].iter().any(is_same) {
                continue;
            }
            let Group { members, shared_m } = &self.groups[group as usize];
            let turf = |member: &u32| turf_of[*member as usize];
            let is_new = !members.iter().any(|member| turf(member) == to);
            let stays =
                members.iter().any(|member| turf(member) == from && !moved.contains(member));
            change_m += shared_m * (f64::from(u8::from(is_new)) - f64::from(u8::from(!stays)));
        }
        change_m
    }
}
