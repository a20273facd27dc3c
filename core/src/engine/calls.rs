//! Calls and text messages: the same people, reached without a knock.
//!
//! A call is an attempt that leaves the door as it stands: it is still to be knocked on. What a
//! call says of a number, or of being called, is recorded with it.

use crate::canvass::{RecordError, check_contact, is_offered, offered, spoils_number};
use crate::change::SuppressionBody;
use crate::change::{AttemptBody, Body, ContactBody, ContactMark, ContactMedium, ReachBody};
use crate::engine::Engine;
use crate::engine::draft::{At, Draft};
use crate::engine::error::Error;
use crate::engine::view::Saved;
use crate::id::{HouseholdId, ListId, PersonId};
use crate::say::result_name;
use crate::survey::ContactChannel;
use crate::walklist::CanvassResult;

/// A call or a text message to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CallInput {
    /// The list.
    pub list: ListId,
    /// The household.
    pub household: HouseholdId,
    /// The person.
    pub person: PersonId,
    /// By phone, or by text message.
    pub channel: ContactChannel,
    /// The number that was called.
    pub number: String,
    /// What came of it; nothing while a conversation goes on.
    pub result: Option<CanvassResult>,
}

/// A result that may be recorded, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct OfferedResult {
    /// The result.
    pub result: CanvassResult,
    /// Its name, in the canvasser's language.
    pub name: String,
}

impl Engine {
    /// The results that may be recorded for a person who is reached by this channel, with their
    /// names.
    #[must_use]
    pub fn offered_results(&self, channel: ContactChannel) -> Vec<OfferedResult> {
        let language = self.words();
        let named = |result| OfferedResult { result, name: result_name(language, result) };
        offered(channel).map(named).collect()
    }

    /// Records a call or a text message to one person: an attempt, to which answers may belong.
    /// It is no knock, and leaves the door to be walked to. A number that is out of service or
    /// someone else's is marked as wrong with it, and `do_not_contact` also sets that mark.
    pub fn record_call(&self, input: &CallInput) -> Result<Saved, Error> {
        let saved = self.record(input.list, input.household, |at| at.call(input))?;
        Ok(Saved { change: saved.first, attempt: Some(saved.first), person: None })
    }
}

impl At<'_> {
    fn call(&self, input: &CallInput) -> Result<Vec<Draft>, Error> {
        let CallInput { person, channel, result, .. } = *input;
        self.check_person(person)?;
        if !matches!(channel, ContactChannel::Phone | ContactChannel::Text) {
            return Err(RecordError::NotACall.into());
        }
        if let Some(result) = result.filter(|result| !is_offered(channel, *result)) {
            return Err(RecordError::NotForChannel(result).into());
        }
        check_contact(&input.number)?;
        let number = input.number.trim().to_owned();
        let of_calls = result.filter(|result| result.is_of_calls());
        let of_all = result.filter(|result| !result.is_of_calls());
        let people = of_all.map(|result| (person, result)).into_iter().collect();
        let attempt = Body::Attempt(AttemptBody { door: None, people, corrects: None });
        let reach =
            ReachBody { attempt: self.first, channel, number: number.clone(), result: of_calls };
        let mut drafts =
            vec![Draft::of_household(attempt), Draft::of_person(person, Body::Reach(reach))];
        if result.is_some_and(spoils_number) {
            let (medium, mark) = (ContactMedium::Phone, ContactMark::Wrong);
            let contact = ContactBody { medium, mark, value: number };
            drafts.push(Draft::of_person(person, Body::Contact(contact)));
        }
        if result == Some(CanvassResult::DoNotContact) {
            let mark = SuppressionBody { set: true };
            drafts.push(Draft::of_person(person, Body::Suppression(mark)));
        }
        Ok(drafts)
    }
}
