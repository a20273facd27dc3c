//! Where a phone's work is, and what needs attention.

use crate::merge::SetAsideReason;
use crate::say::{Language, counted};

/// What is known of a phone's work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusFacts {
    /// Changes that are on this phone and nowhere else.
    pub on_this_phone: u32,
    /// Changes that the campaign has, and that are still to come back from it.
    pub at_campaign: u32,
    /// Changes that the campaign keeps and could not use.
    pub set_aside: u32,
    /// Fields on which people disagree.
    pub conflicts: u32,
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
    let StatusFacts { on_this_phone, at_campaign, set_aside, conflicts, has_server, enrolled } =
        facts;
    let mut said = Vec::new();
    if !has_server {
        said.push("Everything is saved on this phone.".to_owned());
    } else if on_this_phone == 0 {
        said.push("Everything you recorded is safe at the campaign.".to_owned());
    } else {
        if at_campaign > 0 {
            let changes = counted(at_campaign, "change is", "changes are");
            said.push(format!("{changes} safe at the campaign."));
        }
        let changes = counted(on_this_phone, "change is", "changes are");
        said.push(format!("{changes} saved, and only on this phone."));
    }
    if has_server && !enrolled {
        said.push("This phone has not joined the campaign yet.".to_owned());
    }
    if set_aside > 0 {
        let changes = counted(set_aside, "change needs", "changes need");
        let them = if set_aside == 1 { "it" } else { "them" };
        said.push(format!(
            "{changes} attention: the campaign keeps {them} and could not use {them}."
        ));
    }
    if conflicts > 0 {
        let answers = counted(conflicts, "place", "places");
        said.push(format!("People disagree in {answers}."));
    }
    said.join(" ")
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
