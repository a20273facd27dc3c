//! What came of a knock or a call, what was asked for and by which channel, as people read it on
//! a button or in a table.

use crate::say::Language;
use crate::survey::{AskKind, Channels, ContactChannel};
use crate::walklist::{Access, CanvassResult};

/// A result's name.
#[must_use]
pub fn result_name(language: Language, result: CanvassResult) -> String {
    language.fixed(match result {
        CanvassResult::Contacted => "result-contacted",
        CanvassResult::NotHome => "result-not-home",
        CanvassResult::Refused => "result-refused",
        CanvassResult::Moved => "result-moved",
        CanvassResult::Deceased => "result-deceased",
        CanvassResult::Inaccessible => "result-inaccessible",
        CanvassResult::NoSuchAddress => "result-no-such-address",
        CanvassResult::LanguageBarrier => "result-language-barrier",
        CanvassResult::ComeBack => "result-come-back",
        CanvassResult::Hostile => "result-hostile",
        CanvassResult::LeftLiterature => "result-left-literature",
        CanvassResult::WrongPerson => "result-wrong-person",
        CanvassResult::DoNotContact => "result-do-not-contact",
        CanvassResult::Vacant => "result-vacant",
        CanvassResult::NotResidential => "result-not-residential",
        CanvassResult::Busy => "result-busy",
        CanvassResult::Disconnected => "result-disconnected",
        CanvassResult::WrongNumber => "result-wrong-number",
        CanvassResult::CallBack => "result-call-back",
        CanvassResult::DoNotCall => "result-do-not-call",
        CanvassResult::DoNotText => "result-do-not-text",
        CanvassResult::LeftMessage => "result-left-message",
    })
}

/// What an ask is called; a campaign's own kind goes by its own name.
#[must_use]
pub fn ask_name(language: Language, kind: &AskKind) -> String {
    language.fixed(match kind {
        AskKind::Volunteer => "ask-volunteer",
        AskKind::YardSign => "ask-yard-sign",
        AskKind::PledgeToVote => "ask-pledge-to-vote",
        AskKind::RideToPolls => "ask-ride-to-polls",
        AskKind::ContactMe => "ask-contact-me",
        AskKind::Own { name } => return language.written(name),
    })
}

/// How a channel is called.
#[must_use]
pub fn channel_name(language: Language, channel: ContactChannel) -> String {
    language.fixed(match channel {
        ContactChannel::Door => "channel-door",
        ContactChannel::Phone => "channel-phone",
        ContactChannel::Text => "channel-text",
        ContactChannel::Email => "channel-email",
    })
}

/// By which channels someone is not to be reached, as sentences; empty when there is none.
#[must_use]
pub fn closed_channels(language: Language, closed: Channels) -> String {
    let closed = closed.list();
    if closed.contains(&ContactChannel::Door) {
        return language.fixed("closed-all");
    }
    let said = closed.into_iter().map(|channel| {
        language.fixed(match channel {
            ContactChannel::Text => "closed-text",
            ContactChannel::Email => "closed-email",
            ContactChannel::Phone | ContactChannel::Door => "closed-phone",
        })
    });
    said.collect::<Vec<_>>().join(" ")
}

/// How a door is reached, as a sentence.
#[must_use]
pub fn access(language: Language, access: Access) -> String {
    language.fixed(match access {
        Access::Open => "access-open",
        Access::Gate => "access-gate",
        Access::Dog => "access-dog",
        Access::Locked => "access-locked",
    })
}
