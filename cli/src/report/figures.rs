//! Figures that follow from the facts of a day: counted once, shown in several places.

use std::collections::BTreeMap;

use canvass_core::say::{Language, result_name};
use canvass_core::walklist::CanvassResult;

use super::model::{Report, ReportDoor, ReportList};

/// What came of a door, in the five kinds that a map can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    Spoken,
    NobodyHome,
    Declined,
    Other,
    NotYet,
}

impl Mark {
    pub(super) const ALL: [Self; 5] =
        [Self::Spoken, Self::NobodyHome, Self::Declined, Self::Other, Self::NotYet];

    pub(super) const fn of(door: ReportDoor) -> Self {
        use CanvassResult as R;
        match door.result {
            _ if door.knocks == 0 => Self::NotYet,
            Some(R::Refused | R::Hostile | R::DoNotContact) => Self::Declined,
            _ if door.contacted => Self::Spoken,
            Some(R::NotHome | R::LeftLiterature) => Self::NobodyHome,
            _ => Self::Other,
        }
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Spoken => "Spoken with",
            Self::NobodyHome => "Nobody home",
            Self::Declined => "Declined",
            Self::Other => "Other result",
            Self::NotYet => "Not knocked on",
        }
    }

    /// The class of its dots in the style sheet.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Spoken => "spoken",
            Self::NobodyHome => "nobody",
            Self::Declined => "declined",
            Self::Other => "other",
            Self::NotYet => "notyet",
        }
    }
}

/// Counts over one list, or over the day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Figures {
    pub(super) doors: u32,
    pub(super) knocked: u32,
    pub(super) contacted: u32,
    pub(super) length_m: f64,
    pub(super) alphabetical_m: f64,
}

impl Figures {
    pub(super) fn of_list(list: &ReportList) -> Self {
        let mut figures = Self {
            length_m: list.length_m,
            alphabetical_m: list.alphabetical_m,
            ..Self::default()
        };
        for door in list.stops.iter().flat_map(|stop| &stop.doors) {
            figures.doors += 1;
            figures.knocked += u32::from(door.knocks > 0);
            figures.contacted += u32::from(door.contacted);
        }
        figures
    }

    pub(super) fn of_day(report: &Report) -> Self {
        report.lists.iter().map(Self::of_list).fold(Self::default(), Self::and)
    }

    fn and(self, other: Self) -> Self {
        Self {
            doors: self.doors + other.doors,
            knocked: self.knocked + other.knocked,
            contacted: self.contacted + other.contacted,
            length_m: self.length_m + other.length_m,
            alphabetical_m: self.alphabetical_m + other.alphabetical_m,
        }
    }

    /// How much shorter the walk is than in alphabetical order, in hundredths; negative if it
    /// is longer, none if there is nothing to compare.
    pub(super) fn saved_percent(&self) -> Option<f64> {
        let comparable = self.alphabetical_m > 0.0 && self.length_m.is_finite();
        comparable.then(|| (1.0 - self.length_m / self.alphabetical_m) * 100.0)
    }
}

/// How many doors ended with each result, by the most frequent; doors nobody knocked on are
/// not among them.
pub(super) fn results_of(report: &Report) -> Vec<(String, u32)> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let stops = report.lists.iter().flat_map(|list| &list.stops);
    for door in stops.flat_map(|stop| &stop.doors).filter(|door| door.knocks > 0) {
        let named = door.result.map(|result| result_name(Language::En, result));
        let label = named.unwrap_or_else(|| "Knocked, no result written".to_owned());
        *counts.entry(label).or_default() += 1;
    }
    let mut results: Vec<_> = counts.into_iter().collect();
    results.sort_by(|(a, fewer), (b, more)| more.cmp(fewer).then_with(|| a.cmp(b)));
    results
}

/// How many doors carry each mark.
pub(super) fn marks_of<'a>(lists: impl IntoIterator<Item = &'a ReportList>) -> [u32; 5] {
    let mut counts = [0; 5];
    for door in lists.into_iter().flat_map(|list| &list.stops).flat_map(|stop| &stop.doors) {
        counts[Mark::of(*door) as usize] += 1;
    }
    counts
}
