//! Where a phone's work is, and what needs attention.

use crate::merge::SetAsideReason;
use crate::say::{Language, counted};

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
    match language {
        Language::En => english(facts),
    }
}

fn english(facts: StatusFacts) -> String {
    let mut said = whereabouts(facts);
    if facts.has_server && !facts.enrolled {
        said.push("This phone has not joined the campaign yet.".to_owned());
    }
    if facts.lists_closed > 0 {
        let lists = counted(facts.lists_closed, "list has", "lists have");
        let comes = if facts.lists_closed == 1 { "it comes" } else { "they come" };
        said.push(format!("{lists} closed on this phone: {comes} back with the next sync."));
    }
    if facts.set_aside > 0 {
        let changes = counted(facts.set_aside, "change needs", "changes need");
        let them = if facts.set_aside == 1 { "it" } else { "them" };
        said.push(format!(
            "{changes} attention: the campaign keeps {them} and could not use {them}."
        ));
    }
    if facts.conflicts > 0 {
        let answers = counted(facts.conflicts, "place", "places");
        said.push(format!("People disagree in {answers}."));
    }
    said.join(" ")
}

fn whereabouts(facts: StatusFacts) -> Vec<String> {
    if !facts.has_server {
        return vec!["Everything is saved on this phone.".to_owned()];
    }
    if facts.on_this_phone + facts.on_another_phone == 0 {
        return vec!["Everything you recorded is safe at the campaign.".to_owned()];
    }
    let mut said = Vec::new();
    let mut say = |count, where_: &str| {
        if count > 0 {
            said.push(format!("{} {where_}.", counted(count, "change is", "changes are")));
        }
    };
    say(facts.at_campaign, "safe at the campaign");
    say(facts.on_another_phone, "saved, and on another phone as well");
    say(facts.on_this_phone, "saved, and only on this phone");
    said
}

/// Why the campaign could not use a change.
#[must_use]
pub const fn set_aside(language: Language, reason: Option<SetAsideReason>) -> &'static str {
    let Language::En = language;
    match reason {
        Some(SetAsideReason::Unreadable) => {
            "The campaign could not read this. It will try again after its next update."
        }
        Some(SetAsideReason::UnknownEntity) => {
            "The campaign does not know this door or this person yet."
        }
        Some(SetAsideReason::UnknownQuestion) => {
            "The campaign does not have the question that this answers."
        }
        Some(SetAsideReason::NotTheirList) => "This door is not on a list that was given to you.",
        Some(SetAsideReason::NotTheirs) => "Only the campaign may write this.",
        Some(SetAsideReason::TooLate) => {
            "This came more than two weeks after the list had been closed. Someone at the \
             campaign will decide."
        }
        None => "The campaign could not use this, for a reason that this app does not know yet.",
    }
}
