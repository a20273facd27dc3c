//! Lots: the buildings along the streets, from the dense centre to the last farm.
//!
//! Each stands beside its street at a setback, apart from its neighbours and from every street.
//! It knows buildings and how many homes are in each, not their addresses.

use super::StreetClass;
use super::building::{Building, MANY_PER_FLOOR};
use super::ground::Ground;
use super::kerb::{Kerb, Piece, pieces};
use super::plan::Plan;
use super::random::Random;
use super::shape::{CENTRE, Metres};
use super::streets::PlanStreet;

/// A building on its lot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lot {
    /// The street, as a place in the list of streets.
    pub(super) street: usize,
    /// How far along its street, in metres.
    pub(super) along_m: f64,
    /// On the left side as one walks away from the centre.
    pub(super) left: bool,
    pub(super) at: Metres,
    pub(super) building: Building,
    /// The lots with the greatest are left empty first.
    pub(super) remoteness: f64,
}

/// Every building that the streets have room for.
pub(super) fn lots_of(plan: &Plan, streets: &[PlanStreet], seed: u64, doors: u32) -> Vec<Lot> {
    let mut ground = Ground::new(streets.iter().flat_map(|street| &street.lines), &plan.river);
    let random = Random::stream(seed, "lots");
    let mut builder = Builder { plan, ground: &mut ground, random, lots: Vec::new() };
    builder.large_blocks(streets, doors);
    for (index, street) in streets.iter().enumerate() {
        match street.class {
            StreetClass::Lane => builder.trailers(index, street),
            _ => builder.houses(index, street),
        }
    }
    builder.lots
}

struct Builder<'a> {
    plan: &'a Plan,
    ground: &'a mut Ground,
    random: Random,
    lots: Vec<Lot>,
}

/// A town of this many doors has one large block of apartments, and one more for each so many.
const DOORS_PER_LARGE_BLOCK: u32 = 2_500;
const DOORS_FOR_A_LARGE_BLOCK: u32 = 1_500;

/// How much chance weighs beside distance where lots are left empty.
const SCATTER: f64 = 1.1;

impl Builder<'_> {
    /// 1 in the centre, 0 at the town's edge and beyond.
    fn centrality(&self, at: Metres) -> f64 {
        let from_centre_m = at.distance_m(CENTRE);
        (1.0 - from_centre_m / self.plan.radius_m).clamp(0.0, 1.0)
    }

    /// Puts a building beside the kerb, if it finds room.
    fn build(&mut self, street: usize, kerb: &Kerb, left: bool, building: Building) -> bool {
        let centrality = self.centrality(kerb.at);
        let (room_m, mut back_m) = building.size(&mut self.random, centrality);
        if building == Building::Rear {
            back_m += 15.0;
        }
        let at = kerb.beside(left, back_m);
        if !self.ground.claim(at, room_m) {
            return false;
        }
        let mut remoteness = 1.0 - centrality + self.random.between(0.0, SCATTER);
        if matches!(building, Building::Rear | Building::Trailer(_)) || room_m > 15.0 {
            remoteness = 0.0;
        }
        let along_m = kerb.along_m;
        self.lots.push(Lot { street, along_m, left, at, building, remoteness });
        true
    }

    /// Large blocks stand halfway out, where the town had room for them.
    fn large_blocks(&mut self, streets: &[PlanStreet], doors: u32) {
        if doors < DOORS_FOR_A_LARGE_BLOCK {
            return;
        }
        let mut sites: Vec<(usize, Kerb)> = streets
            .iter()
            .enumerate()
            .filter(|(_, it)| !matches!(it.class, StreetClass::Lane | StreetClass::CulDeSac))
            .flat_map(|(index, it)| pieces(it).into_iter().map(move |piece| (index, piece)))
            .map(|(index, piece)| (index, piece.kerb(piece.length_m() / 2.0)))
            .collect();
        self.random.shuffle(&mut sites);
        let halfway = |it: &Self, kerb: &Kerb| (0.3..0.75).contains(&it.centrality(kerb.at));
        let mut left_to_build = 1 + (doors - DOORS_FOR_A_LARGE_BLOCK) / DOORS_PER_LARGE_BLOCK;
        for (street, kerb) in sites {
            if left_to_build == 0 {
                break;
            }
            let floors = self.random.whole(5, 7);
            let per_floor = self.random.whole(MANY_PER_FLOOR, MANY_PER_FLOOR + 2);
            let left = self.random.chance(500);
            let block = Building::Block { floors, per_floor };
            if halfway(self, &kerb) && self.build(street, &kerb, left, block) {
                left_to_build -= 1;
            }
        }
    }

    fn trailers(&mut self, index: usize, street: &PlanStreet) {
        let mut number = 0;
        for piece in pieces(street) {
            let mut at_m = 14.0;
            while at_m < piece.length_m() {
                for left in [true, false] {
                    let home = Building::Trailer(number + 1);
                    if self.build(index, &piece.kerb(at_m), left, home) {
                        number += 1;
                    }
                }
                at_m += 12.5;
            }
        }
    }

    fn houses(&mut self, index: usize, street: &PlanStreet) {
        let pieces = pieces(street);
        for left in [true, false] {
            for piece in &pieces {
                let mut at_m = self.random.between(10.0, 16.0);
                while at_m < piece.length_m() - 9.0 {
                    let kerb = piece.kerb(at_m);
                    let centrality = self.centrality(kerb.at);
                    at_m += self.frontage_m(street.class, kerb.at, centrality);
                    self.lot(index, street.class, &kerb, left);
                }
            }
        }
        if let (StreetClass::CulDeSac, Some(last)) = (street.class, pieces.last()) {
            self.turning_circle(index, last);
        }
    }

    /// How far it is to the next house: close together in the centre, far apart out of town.
    fn frontage_m(&mut self, class: StreetClass, at: Metres, centrality: f64) -> f64 {
        let from_centre_m = at.distance_m(CENTRE);
        if from_centre_m > self.plan.radius_m * 1.1 {
            return self.random.between(38.0, 95.0);
        }
        let wide_m = if class == StreetClass::CulDeSac { 17.0 } else { 14.0 };
        (wide_m + 13.0 * (1.0 - centrality)) * self.random.between(0.85, 1.25)
    }

    fn lot(&mut self, index: usize, class: StreetClass, kerb: &Kerb, left: bool) {
        let centrality = self.centrality(kerb.at);
        let high_street = class == StreetClass::Main && centrality > 0.72;
        // Shops are no homes: on the high street they leave gaps between the doors.
        if self.random.chance(if high_street { 330 } else { 35 }) {
            return;
        }
        let building = self.building(class, high_street, centrality);
        let built = self.build(index, kerb, left, building)
            || (building != Building::House && self.build(index, kerb, left, Building::House));
        if built && building == Building::House && centrality > 0.4 && self.random.chance(22) {
            self.build(index, kerb, left, Building::Rear);
        }
    }

    fn building(&mut self, class: StreetClass, high_street: bool, centrality: f64) -> Building {
        let block =
            Building::Block { floors: self.random.whole(2, 4), per_floor: self.random.whole(2, 5) };
        let (house, two, three) = (Building::House, Building::Family(2), Building::Family(3));
        match class {
            StreetClass::CulDeSac => house,
            _ if high_street => {
                self.random.weighted(&[(300, house), (250, two), (200, three), (0, block)])
            }
            _ if centrality > 0.62 => {
                self.random.weighted(&[(600, house), (240, two), (110, three), (0, block)])
            }
            _ if centrality > 0.25 => {
                self.random.weighted(&[(855, house), (105, two), (25, three), (0, block)])
            }
            _ => self.random.weighted(&[(957, house), (38, two), (0, block)]),
        }
    }

    /// The houses around the end of a cul-de-sac.
    fn turning_circle(&mut self, index: usize, last: &Piece) {
        let end = last.kerb(last.length_m());
        for (left, forward_m, aside_m) in
            [(true, 12.0, 13.0), (false, 12.0, 13.0), (true, 20.0, 0.0)]
        {
            let (east, north) = end.ahead;
            let at = Metres {
                east: end.at.east + east * forward_m,
                north: end.at.north + north * forward_m,
            };
            let kerb = Kerb { along_m: end.along_m + forward_m, at, ahead: end.ahead };
            let at = kerb.beside(left, aside_m);
            if self.ground.claim(at, 5.5) {
                let (along_m, building) = (kerb.along_m, Building::House);
                let remoteness = 1.0 - self.centrality(at) + self.random.between(0.0, SCATTER);
                self.lots.push(Lot { street: index, along_m, left, at, building, remoteness });
            }
        }
    }
}

/// Leaves lots empty until `doors` homes stand, the remote ones first; keeps what there is if
/// that is fewer.
pub(super) fn thin_out(lots: &mut Vec<Lot>, doors: u32) {
    let homes: u32 = lots.iter().map(|lot| lot.building.homes()).sum();
    let mut spare = homes.saturating_sub(doors);
    let mut order: Vec<usize> = (0..lots.len()).collect();
    order.sort_by(|&a, &b| lots[b].remoteness.total_cmp(&lots[a].remoteness).then(a.cmp(&b)));
    let mut empty = vec![false; lots.len()];
    for at in order {
        let homes = lots[at].building.homes();
        if homes <= spare {
            spare -= homes;
            empty[at] = true;
        } else if spare > 0 && !matches!(lots[at].building, Building::Block { .. }) {
            // Two of three homes too many: the house is smaller.
            lots[at].building = Building::Family(homes - spare);
            spare = 0;
        }
    }
    // Only large buildings are left: their topmost floors go, then single apartments.
    for (lot, _) in lots.iter_mut().zip(&empty).filter(|(_, is_empty)| !**is_empty) {
        if spare == 0 {
            break;
        }
        let homes = lot.building.homes();
        let fewer = homes.saturating_sub(spare).max(1);
        spare -= homes - fewer;
        lot.building = Building::Family(fewer);
    }
    let mut at = 0;
    lots.retain(|_| {
        at += 1;
        !empty[at - 1]
    });
}
