//! What a talk left behind: what someone wants and agrees to, and when to come back.

use super::{Language, ask_name};
use crate::survey::{AskKind, AskState, ContactChannel};
use crate::time::Timestamp;
use crate::walklist::{TimeWindow, WindowPhase};

/// What is to be said of an ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskFacts {
    /// What.
    pub kind: AskKind,
    /// How it stands; nothing if only consent was spoken of.
    pub state: Option<AskState>,
    /// People disagree on how it stands.
    pub conflicted: bool,
    /// The channels by which the person agreed to be contacted; nothing if they did not.
    pub agreed: Option<Vec<ContactChannel>>,
    /// They withdrew their consent.
    pub withdrawn: bool,
}

/// What someone wants of the campaign, and what they agree to, in words.
#[must_use]
pub fn ask(language: Language, facts: &AskFacts) -> String {
    let name = ask_name(language, &facts.kind);
    let state = facts.state.map_or("ask-only-consent", |state| match state {
        AskState::Wanted => "ask-wanted",
        AskState::Declined => "ask-declined",
        AskState::Done => "ask-done",
    });
    let mut said = vec![language.text(state, [("ask", name.into())])];
    said.extend(facts.conflicted.then(|| language.fixed("ask-conflicted")));
    said.push(match &facts.agreed {
        _ if facts.withdrawn => language.fixed("ask-withdrawn"),
        Some(channels) if !channels.is_empty() => {
            let by: Vec<String> = channels.iter().map(|channel| by(language, *channel)).collect();
            language.text("ask-agreed", [("channels", language.listed(&by).into())])
        }
        _ => language.fixed("ask-not-agreed"),
    });
    said.join(" ")
}

/// A channel within a sentence.
fn by(language: Language, channel: ContactChannel) -> String {
    language.fixed(match channel {
        ContactChannel::Door => "by-door",
        ContactChannel::Phone => "by-phone",
        ContactChannel::Text => "by-text",
        ContactChannel::Email => "by-email",
    })
}

/// Where this moment lies in respect to a window in which to come back, in words.
#[must_use]
pub fn follow_up(language: Language, window: TimeWindow, kept: bool, now: Timestamp) -> String {
    if kept {
        return language.fixed("come-back-kept");
    }
    let (key, left_ms) = match window.phase(now) {
        WindowPhase::NotYet => ("come-back-not-yet", window.from.millis_since(now)),
        WindowPhase::Open => ("come-back-open", window.until.millis_since(now)),
        WindowPhase::Over => return language.fixed("come-back-over"),
    };
    language.text(key, [("time", lasting(language, left_ms).into())])
}

/// So much time: whole minutes below an hour, at least one, and whole hours and days above.
fn lasting(language: Language, left_ms: i64) -> String {
    let minutes = u32::try_from(left_ms / 60_000).unwrap_or(u32::MAX).max(1);
    let (key, count) = match minutes {
        1..60 => ("lasting-minutes", minutes),
        60..2880 => ("lasting-hours", minutes / 60),
        _ => ("lasting-days", minutes / 1440),
    };
    language.text(key, [("count", count.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_and_agreed_to_is_said_together() {
        let facts = AskFacts {
            kind: AskKind::YardSign,
            state: Some(AskState::Wanted),
            conflicted: false,
            agreed: Some(vec![ContactChannel::Phone, ContactChannel::Text]),
            withdrawn: false,
        };
        let wanted = "Yard sign: yes. Agreed to be contacted by phone and by text message.";
        assert_eq!(ask(Language::En, &facts), wanted);
        assert_eq!(
            ask(Language::Es, &facts),
            "Letrero para el jardín: sí. \
             Aceptó que se le contacte por teléfono y por mensaje de texto."
        );
        let gone = AskFacts { withdrawn: true, agreed: None, conflicted: true, ..facts.clone() };
        assert_eq!(
            ask(Language::En, &gone),
            "Yard sign: yes. People disagree on it. Withdrew the consent to be contacted."
        );
        let none = AskFacts { state: Some(AskState::Declined), agreed: None, ..facts };
        assert_eq!(
            ask(Language::En, &none),
            "Yard sign: no. Has not agreed to be contacted about it."
        );
    }

    #[test]
    fn windows_are_said_by_what_is_left_of_them() {
        let at = |minutes: i64| Timestamp::from_seconds(minutes * 60);
        let window = TimeWindow { from: at(120), until: at(240), utc_offset_minutes: -240 };
        let said = |now| follow_up(Language::En, window, false, at(now));
        assert_eq!(said(0), "Come back in 2 hours, not before.");
        assert_eq!(said(119), "Come back in 1 minute, not before.");
        assert_eq!(said(125), "Expected now: the window closes in 1 hour.");
        assert_eq!(said(300), "The window in which to come back is over.");
        assert_eq!(
            follow_up(Language::En, window, true, at(0)),
            "Somebody has come back, as was agreed."
        );
        assert_eq!(
            follow_up(Language::Es, window, false, at(200)),
            "Le esperan ahora: el plazo termina dentro de 40 minutos."
        );
    }
}
