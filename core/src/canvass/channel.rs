//! Which results there are by which channel: nobody's line is busy at the door, and no call ends
//! at a gate.

use crate::survey::ContactChannel;
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

#[cfg(test)]
mod tests {
    use super::*;

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
