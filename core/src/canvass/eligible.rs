//! The read gate: for which purposes a door or a person may be seen.
//!
//! Every row that a person sees, or that a file carries, passes here. The verdict is kept with
//! the row as a bit mask, one bit per purpose, and queries filter on the mask alone.

/// What a row is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Purpose {
    /// To be walked to and knocked on.
    Walk = 0,
    /// To be put into a walking order, or cut into a turf.
    Route = 1,
    /// To be offered as the next door, call or follow-up.
    Queue = 2,
    /// To be counted among a list's doors.
    Count = 3,
    /// To be shown when someone opens exactly this door.
    View = 4,
    /// To leave in a file of results.
    ResultsOut = 5,
    /// To leave in a file of addresses or people to be contacted.
    ListOut = 6,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Self; 7] = [
        Self::Walk,
        Self::Route,
        Self::Queue,
        Self::Count,
        Self::View,
        Self::ResultsOut,
        Self::ListOut,
    ];

    /// The bit of the mask that stands for this purpose.
    #[must_use]
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The purposes for which something may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eligibility(u8);

impl Eligibility {
    /// Every purpose.
    pub const ALL: Self = Self((1 << Purpose::ALL.len()) - 1);
    /// What always remains: to be looked at when opened, and to be reported on.
    pub const RECORD_ONLY: Self = Self(Purpose::View.bit() | Purpose::ResultsOut.bit());
    /// No purpose.
    pub const NONE: Self = Self(0);
    /// Everything but being walked to: counted apart from the doors to walk.
    pub const APART: Self =
        Self(Self::ALL.0 & !(Purpose::Walk.bit() | Purpose::Route.bit() | Purpose::Queue.bit()));

    /// Whether this purpose is among them.
    #[must_use]
    pub const fn allows(self, purpose: Purpose) -> bool {
        self.0 & purpose.bit() != 0
    }

    /// The mask to store.
    #[must_use]
    pub const fn mask(self) -> u8 {
        self.0
    }

    /// The verdict that was stored as this mask.
    #[must_use]
    pub const fn from_mask(mask: u8) -> Self {
        Self(mask & Self::ALL.0)
    }

    const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What is known of a person that bears on who may see them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersonFacts {
    /// Asked not to be contacted: themselves, or their household as a whole.
    pub do_not_contact: bool,
    /// Has died, by a file or by a result at the door.
    pub deceased: bool,
    /// Has an exempt (confidential) record.
    pub exempt: bool,
    /// Belongs to another household now, by a file.
    pub moved: bool,
    /// Has voted already.
    pub voted: bool,
}

/// What is known of a door that bears on who may see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DoorFacts {
    /// The household asked not to be contacted.
    pub do_not_contact: bool,
    /// A control door of an experiment.
    pub control: bool,
}

/// For which purposes a person may be seen.
///
/// Do-not-contact, deceased and exempt people are only looked at and reported on, and so are
/// those who live elsewhere now; people who have voted are not walked to, and are counted apart.
#[must_use]
pub const fn eligible_person(facts: PersonFacts) -> Eligibility {
    if facts.do_not_contact || facts.deceased || facts.exempt || facts.moved {
        Eligibility::RECORD_ONLY
    } else if facts.voted {
        Eligibility::APART
    } else {
        Eligibility::ALL
    }
}

/// For which purposes a door may be seen, given the verdicts on the people behind it.
///
/// A door serves a purpose when it does so itself and someone behind it does, or nobody is
/// known to live there: an address without people is still a door.
#[must_use]
pub fn eligible_door(facts: DoorFacts, people: &[Eligibility]) -> Eligibility {
    let own = if facts.do_not_contact {
        Eligibility::RECORD_ONLY
    } else if facts.control {
        Eligibility::APART
    } else {
        Eligibility::ALL
    };
    match people.iter().copied().reduce(Eligibility::or) {
        Some(people) => own.and(people),
        None => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WALKING: [Purpose; 3] = [Purpose::Walk, Purpose::Route, Purpose::Queue];

    #[test]
    fn suppressed_people_are_only_viewed_and_reported_on() {
        let suppressed = [
            PersonFacts { do_not_contact: true, ..PersonFacts::default() },
            PersonFacts { deceased: true, voted: true, ..PersonFacts::default() },
            PersonFacts { exempt: true, ..PersonFacts::default() },
            PersonFacts { moved: true, ..PersonFacts::default() },
        ];
        for facts in suppressed {
            for purpose in Purpose::ALL {
                let expected = matches!(purpose, Purpose::View | Purpose::ResultsOut);
                assert_eq!(eligible_person(facts).allows(purpose), expected, "{purpose:?}");
            }
        }
    }

    #[test]
    fn people_who_voted_and_control_doors_are_counted_but_not_walked_to() {
        let voted = eligible_person(PersonFacts { voted: true, ..PersonFacts::default() });
        let control = eligible_door(DoorFacts { control: true, ..DoorFacts::default() }, &[]);
        for verdict in [voted, control] {
            assert!(WALKING.iter().all(|purpose| !verdict.allows(*purpose)));
            assert!(verdict.allows(Purpose::Count) && verdict.allows(Purpose::ListOut));
        }
    }

    #[test]
    fn a_door_is_walked_to_while_someone_behind_it_may_be() {
        let dnc = eligible_person(PersonFacts { do_not_contact: true, ..PersonFacts::default() });
        let open = DoorFacts::default();
        assert!(eligible_door(open, &[dnc, Eligibility::ALL]).allows(Purpose::Walk));
        assert!(!eligible_door(open, &[dnc, dnc]).allows(Purpose::Walk));
        assert!(eligible_door(open, &[]).allows(Purpose::Walk));
        let closed = DoorFacts { do_not_contact: true, ..open };
        assert_eq!(eligible_door(closed, &[Eligibility::ALL]), Eligibility::RECORD_ONLY);
    }

    #[test]
    fn a_mask_gives_the_verdict_back() {
        for verdict in [Eligibility::ALL, Eligibility::APART, Eligibility::RECORD_ONLY] {
            assert_eq!(Eligibility::from_mask(verdict.mask()), verdict);
        }
    }
}
