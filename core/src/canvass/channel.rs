//! Which results there are by which channel, and which channels are closed: nobody's line is busy
//! at the door, no call ends at a gate, and who asked not to be called is called no more.

use crate::canvass::{Eligibility, Purpose};
use crate::survey::{Channels, ContactChannel};
use crate::walklist::CanvassResult;

/// The results that may be recorded for a person who is reached so, in the order in which a
/// screen offers them.
pub fn offered(channel: ContactChannel) -> impl Iterator<Item = CanvassResult> {
    CanvassResult::all().filter(move |result| is_offered(channel, *result))
}

/// Whether a result may be recorded for a person who is reached so.
#[must_use]
pub const fn is_offered(channel: ContactChannel, result: CanvassResult) -> bool {
    use CanvassResult as R;
    match channel {
        ContactChannel::Door => super::fits_person(result),
        ContactChannel::Phone => {
            super::fits_person(result) && !matches!(result, R::ComeBack | R::LeftLiterature)
                || result.is_of_calls() && !matches!(result, R::DoNotText)
        }
        ContactChannel::Text => matches!(
            result,
            R::Contacted
                | R::Refused
                | R::Moved
                | R::Deceased
                | R::LanguageBarrier
                | R::Hostile
                | R::WrongPerson
                | R::DoNotContact
                | R::Disconnected
                | R::WrongNumber
                | R::DoNotText
                | R::LeftMessage
        ),
        // Nobody canvasses by e-mail here.
        ContactChannel::Email => false,
    }
}

/// Whether a result says that the number does not reach the person: nobody is to try it again.
#[must_use]
pub const fn spoils_number(result: CanvassResult) -> bool {
    matches!(result, CanvassResult::Disconnected | CanvassResult::WrongNumber)
}

/// By which channels someone is not to be reached: those they asked not to be reached by, and all
/// of them for whoever is in no list of people to be contacted.
///
/// A word on calls says nothing of text messages, and the other way round: backends and the law
/// keep them apart.
#[must_use]
pub fn closed_channels(verdict: Eligibility, do_not_call: bool, do_not_text: bool) -> Channels {
    if !verdict.allows(Purpose::ListOut) {
        return Channels::of(&ContactChannel::ALL);
    }
    let closed = [(do_not_call, ContactChannel::Phone), (do_not_text, ContactChannel::Text)];
    let closed = closed.into_iter().filter(|(is_closed, _)| *is_closed);
    Channels::of(&closed.map(|(_, channel)| channel).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_on_one_channel_closes_that_one() {
        let closed = |verdict, call, text| closed_channels(verdict, call, text).list();
        assert_eq!(closed(Eligibility::ALL, false, false), []);
        assert_eq!(closed(Eligibility::ALL, true, false), [ContactChannel::Phone]);
        assert_eq!(closed(Eligibility::APART, false, true), [ContactChannel::Text]);
        assert_eq!(closed(Eligibility::RECORD_ONLY, false, false), ContactChannel::ALL);
    }

    #[test]
    fn each_channel_offers_what_can_happen_there() {
        let names = |channel| offered(channel).map(CanvassResult::name).collect::<Vec<_>>();
        let door = names(ContactChannel::Door);
        assert!(door.contains(&"come_back") && door.contains(&"left_literature"));
        for only_by_call in ["busy", "disconnected", "wrong_number", "call_back", "do_not_call"] {
            assert!(!door.contains(&only_by_call), "{only_by_call}");
            assert!(names(ContactChannel::Phone).contains(&only_by_call), "{only_by_call}");
        }
        assert_eq!(
            names(ContactChannel::Text),
            [
                "contacted",
                "refused",
                "moved",
                "deceased",
                "language_barrier",
                "hostile",
                "wrong_person",
                "do_not_contact",
                "disconnected",
                "wrong_number",
                "do_not_text",
                "left_message"
            ]
        );
        assert!(!names(ContactChannel::Phone).contains(&"do_not_text"));
        assert!(ContactChannel::ALL.iter().all(|it| !is_offered(*it, CanvassResult::Vacant)));
    }
}
