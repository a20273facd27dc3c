//! Claims: telling the others which doors one goes to, so that nobody is asked twice.
//!
//! The nearest doors that nobody has claimed are found on this phone alone. Who holds a door is
//! `merge`'s to say; here it is only looked at with this phone's clocks. A claim hides a door
//! from the others' queues and nothing more: it never refuses what anybody records.

use crate::canvass::Purpose;
use crate::change::Body;
use crate::engine::draft::Draft;
use crate::engine::error::{Error, What};
use crate::engine::lists::ListReader;
use crate::engine::offers::Offers;
use crate::engine::view::{ClaimOutcome, ClaimResult, ClaimView, NearbyDoor};
use crate::engine::{Engine, Main, Ports};
use crate::geometry::Point;
use crate::id::{CanvasserId, HouseholdId, ListId};
use crate::merge::{ClaimState, holder};
use crate::say::{self, ClaimFacts, Language};
use crate::store::DoorRow;
use crate::time::Timestamp;
use crate::turf::DoorIndex;

/// The clocks that claims end by. What the server has sequenced is told in its time, and is
/// compared with the campaign's time as this phone can be sure of it; what it has not, in this
/// phone's.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClaimClock {
    campaign: Timestamp,
    pub(super) own: Timestamp,
}

impl ClaimClock {
    pub(super) fn of(main: &Main, ports: &Ports) -> Result<Self, Error> {
        let own = ports.clock.wall();
        let campaign = main.trusted(ports)?.map(|time| Timestamp::from_millis(time.now_ms()));
        Ok(Self { campaign: campaign.unwrap_or(own), own })
    }

    fn holds(self, claim: &ClaimState) -> bool {
        claim.holds(if claim.cell_seq.is_some() { self.campaign } else { self.own })
    }

    /// The claim that holds a door.
    pub(super) fn holder(self, claims: &[ClaimState], is_done: bool) -> Option<&ClaimState> {
        holder(claims, is_done, |claim| self.holds(claim))
    }
}

impl Engine {
    /// The nearest doors, at most `count` of them and at most `radius_m` metres away in a straight
    /// line, that are still to be knocked on now and that nobody has claimed; nearest first. Needs
    /// no network.
    ///
    /// A position that is none, or a radius that is no number from 0 on, is
    /// [`Error::NotFound`]`(What::Place)`.
    pub fn nearest_unclaimed(
        &self,
        list: ListId,
        from: Point,
        count: u32,
        radius_m: f64,
    ) -> Result<Vec<NearbyDoor>, Error> {
        let from = Point::new(from.lat, from.lon).map_err(|_| Error::NotFound(What::Place))?;
        if radius_m.is_nan() || radius_m < 0.0 {
            return Err(Error::NotFound(What::Place));
        }
        let clock = self.claim_clock()?;
        let words = self.words();
        self.read(list, |reader| {
            let mut doors = reader.db.doors(Purpose::Queue, None, u32::MAX)?;
            let offers = Offers::of(reader, clock);
            doors.retain(|door| {
                let claims = reader.claims_of(door.id);
                !door.done && !offers.waits(door) && clock.holder(claims, false).is_none()
            });
            let places = (0_u32..).zip(&doors).map(|(number, door)| (number, door.point));
            let nearest = DoorIndex::load(places).nearest_within(from, count, radius_m);
            let view = |near: crate::turf::NearDoor| NearbyDoor {
                door: offers.view(reader, doors[near.door as usize].clone(), words),
                distance_m: near.distance_m,
            };
            Ok(nearest.into_iter().map(view).collect())
        })
    }

    /// Claims doors: whoever hears of it leaves them out of their queue for four hours, or until
    /// they are done or released. Works without a network; of two who claim one door unheard of
    /// each other, the one whose claim reaches the campaign first holds it, and both can see so.
    /// Tells for each door what came of it, in the order asked.
    pub fn claim(
        &self,
        list: ListId,
        households: &[HouseholdId],
    ) -> Result<Vec<ClaimResult>, Error> {
        households.iter().map(|household| self.claim_one(list, *household)).collect()
    }

    /// Gives up one's own claims of these doors; how many of them there were.
    pub fn release(&self, list: ListId, households: &[HouseholdId]) -> Result<u32, Error> {
        let clock = self.claim_clock()?;
        let mut released = 0;
        for household in households {
            let own = self.read(list, |reader| {
                let me = reader.me.canvasser;
                let claims = reader.claims_of(*household).iter();
                let own = claims.filter(|claim| claim.canvasser == me && clock.holds(claim));
                Ok(own.map(|claim| claim.change).collect::<Vec<_>>())
            })?;
            for change in &own {
                self.undo(list, *household, *change)?;
            }
            released += u32::from(!own.is_empty());
        }
        Ok(released)
    }

    /// The doors of a list that are claimed now: who holds each, and who else wanted it.
    pub fn claims(&self, list: ListId) -> Result<Vec<ClaimView>, Error> {
        let (clock, language) = (self.claim_clock()?, self.words());
        self.read(list, |reader| {
            let doors = reader.db.doors(Purpose::Queue, None, u32::MAX)?;
            let claimed = doors.iter().filter(|door| !door.done);
            let view = |door: &DoorRow| claim_view(reader, door.id, false, (clock, language));
            Ok(claimed.filter_map(view).collect())
        })
    }

    pub(super) fn claim_clock(&self) -> Result<ClaimClock, Error> {
        ClaimClock::of(&self.opened()?.main(), &self.ports)
    }

    fn claim_one(&self, list: ListId, household: HouseholdId) -> Result<ClaimResult, Error> {
        let clock = self.claim_clock()?;
        let told = |outcome, by| ClaimResult { household, outcome, by, change: None };
        let standing = self.read(list, |reader| {
            let door = reader.door(household)?;
            let is_offered = door.projection().eligibility.allows(Purpose::Queue);
            let holder = clock.holder(&door.state.claims, false);
            Ok(match holder {
                _ if !is_offered => Some(told(ClaimOutcome::NotOffered, String::new())),
                _ if door.state.standing.is_done() => Some(told(ClaimOutcome::Done, String::new())),
                Some(holder) if holder.canvasser == reader.me.canvasser => {
                    Some(told(ClaimOutcome::YoursAlready, String::new()))
                }
                Some(holder) => {
                    Some(told(ClaimOutcome::HeldByAnother, reader.name(holder.canvasser)))
                }
                None => None,
            })
        })?;
        if let Some(standing) = standing {
            return Ok(standing);
        }
        let draft = || vec![Draft { member: None, body: Body::Claim }];
        let change = Some(self.record(list, household, |_| Ok(draft()))?.last);
        Ok(ClaimResult { change, ..told(ClaimOutcome::Claimed, String::new()) })
    }
}

/// Who holds a door; nothing if nobody does.
pub(super) fn claim_view(
    reader: &ListReader,
    household: HouseholdId,
    is_done: bool,
    (clock, language): (ClaimClock, Language),
) -> Option<ClaimView> {
    let claims = reader.claims_of(household);
    let holder = clock.holder(claims, is_done)?;
    let me = reader.me.canvasser;
    let mut others: Vec<CanvasserId> = Vec::new();
    for claim in claims.iter().filter(|claim| clock.holds(claim)) {
        if claim.canvasser != holder.canvasser && !others.contains(&claim.canvasser) {
            others.push(claim.canvasser);
        }
    }
    let own = holder.canvasser == me;
    let lost = others.contains(&me);
    let by = reader.name(holder.canvasser);
    let also: Vec<String> =
        others.iter().filter(|who| **who != me).map(|who| reader.name(*who)).collect();
    let facts = ClaimFacts { by: by.clone(), own, lost, also: also.clone() };
    Some(ClaimView {
        household,
        by,
        own,
        lost,
        also,
        until: holder.until(),
        sentence: say::claim(language, &facts),
    })
}
