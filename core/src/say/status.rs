//! Where a phone's work is, and what needs attention.

use crate::merge::SetAsideReason;
use crate::say::Language;

/// What is known of a phone's work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusFacts {
    /// Changes that are on this phone and nowhere else.
    pub on_this_phone: u32,
    /// Changes that another phone has as well, and the campaign not yet.
    pub on_another_phone: u32,
    /// Changes that the campaign has, and that are still to come back from it.
    pub at_campaign: u32,
    /// Changes that the campaign keeps and could not use.
    pub set_aside: u32,
    /// Fields on which people disagree.
    pub conflicts: u32,
    /// Lists that have closed here and come anew with the next sync.
    pub lists_closed: u32,
    /// The campaign has a server.
    pub has_server: bool,
    /// This phone has joined it.
    pub enrolled: bool,
}

/// Where the work is, and what someone should look at.
#[must_use]
pub fn status(language: Language, facts: StatusFacts) -> String {
    let mut said = whereabouts(language, facts);
    if facts.has_server && !facts.enrolled {
        said.push(language.fixed("status-not-joined"));
    }
    for (key, count) in [
        ("status-lists-closed", facts.lists_closed),
        ("status-set-aside", facts.set_aside),
        ("status-conflicts", facts.conflicts),
    ] {
        said.extend(counted(language, key, count));
    }
    said.join(" ")
}

fn whereabouts(language: Language, facts: StatusFacts) -> Vec<String> {
    if !facts.has_server {
        return vec![language.fixed("status-phone-alone")];
    }
    if facts.on_this_phone + facts.on_another_phone == 0 {
        return vec![language.fixed("status-all-safe")];
    }
    let places = [
        ("status-at-campaign", facts.at_campaign),
        ("status-on-another-phone", facts.on_another_phone),
        ("status-on-this-phone", facts.on_this_phone),
    ];
    places.into_iter().filter_map(|(key, count)| counted(language, key, count)).collect()
}

/// A sentence about so many things; nothing about none.
fn counted(language: Language, key: &'static str, count: u32) -> Option<String> {
    (count > 0).then(|| language.text(key, [("count", count.into())]))
}

/// Why the campaign could not use a change.
#[must_use]
pub fn set_aside(language: Language, reason: Option<SetAsideReason>) -> String {
    language.fixed(match reason {
        Some(SetAsideReason::Unreadable) => "set-aside-unreadable",
        Some(SetAsideReason::UnknownEntity) => "set-aside-unknown-entity",
        Some(SetAsideReason::UnknownQuestion) => "set-aside-unknown-question",
        Some(SetAsideReason::NotTheirList) => "set-aside-not-their-list",
        Some(SetAsideReason::NotTheirs) => "set-aside-not-theirs",
        Some(SetAsideReason::TooLate) => "set-aside-too-late",
        None => "set-aside-unknown",
    })
}
