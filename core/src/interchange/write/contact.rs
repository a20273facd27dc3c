//! Contacts: what an attempt says of each person, as contact files want it.
//!
//! For one person and one attempt it is either a result or answers, never both: backends refuse
//! a record that has both, or count it twice.

use super::loss::{LossReport, LossWhy};
use crate::id::{ChangeId, HouseholdId, PersonId};
use crate::merge::ReachState;
use crate::survey::{AnswerValue, AskKind, AskState, ContactChannel};
use crate::time::Timestamp;
use crate::walklist::CanvassResult;

/// One answer, by its question's name.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactAnswer {
    /// The question's name in the script.
    pub question: String,
    /// What was answered.
    pub answer: AnswerValue,
}

/// At least one answer.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactAnswers(Vec<ContactAnswer>);

impl ContactAnswers {
    /// These answers; nothing if there are none.
    #[must_use]
    pub fn new(answers: Vec<ContactAnswer>) -> Option<Self> {
        (!answers.is_empty()).then_some(Self(answers))
    }

    /// The answers, in the order given.
    #[must_use]
    pub fn all(&self) -> &[ContactAnswer] {
        &self.0
    }
}

/// What came of an attempt for one person.
#[derive(Clone, Debug, PartialEq)]
pub enum ContactOutcome {
    /// A result and no answers.
    Result(CanvassResult),
    /// Answers, which imply that they were spoken with.
    Answers(ContactAnswers),
}

/// What someone wants and agrees to, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactAsk {
    /// What.
    pub kind: AskKind,
    /// How it stands.
    pub state: AskState,
}

/// One person and one attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// The attempt.
    pub attempt: ChangeId,
    /// When, by the best reckoning there is.
    pub at: Timestamp,
    /// Who held the phone.
    pub canvasser: String,
    /// The household.
    pub household: HouseholdId,
    /// The source's key of the door.
    pub door_key: String,
    /// The person.
    pub person: PersonId,
    /// The source's key of the person; none for someone whom no file knows.
    pub person_key: Option<String>,
    /// The person's name.
    pub name: String,
    /// By which channel they were reached.
    pub channel: ContactChannel,
    /// The number that was called; empty for a knock.
    pub number: String,
    /// What came of it.
    pub outcome: ContactOutcome,
    /// What they want, with their consent: with their last contact only.
    pub asks: Vec<ContactAsk>,
}

/// An attempt and all it led to: what [`contacts_of`] works from.
#[derive(Clone, Debug, PartialEq)]
pub struct AttemptFacts {
    /// The attempt.
    pub attempt: ChangeId,
    /// When, by the best reckoning there is.
    pub at: Timestamp,
    /// Who held the phone.
    pub canvasser: String,
    /// The household.
    pub household: HouseholdId,
    /// The source's key of the door.
    pub door_key: String,
    /// The result for the door as a whole.
    pub door: Option<CanvassResult>,
    /// Literature was left, whatever the result is.
    pub literature: bool,
    /// How someone was reached, if it was no knock.
    pub reach: Option<ReachState>,
    /// Those behind the door who may leave in this file.
    pub people: Vec<PersonAtDoor>,
}

/// A person behind the door of an attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonAtDoor {
    /// The person.
    pub person: PersonId,
    /// The source's key of the person; none for someone whom no file knows.
    pub key: Option<String>,
    /// The person's name.
    pub name: String,
    /// Their own result at this attempt.
    pub result: Option<CanvassResult>,
    /// The answers they gave during it.
    pub answers: Vec<ContactAnswer>,
}

/// Whether a result for a door holds for each person behind it.
const fn is_door_wide(result: CanvassResult) -> bool {
    matches!(
        result,
        CanvassResult::NotHome
            | CanvassResult::Inaccessible
            | CanvassResult::NoSuchAddress
            | CanvassResult::LeftLiterature
            | CanvassResult::DoNotContact
            | CanvassResult::Vacant
            | CanvassResult::NotResidential
    )
}

/// The contacts of one attempt, at most one for each person.
///
/// Answers win over a result; one's own result wins over the door's. The door's result goes to
/// those who have nothing of their own, where it holds for everyone (nobody home, a locked
/// gate) and not for whoever opened (refused, hostile). Those left with nothing have no
/// contact. Literature left where nobody was home is that result; beside any other it is lost.
/// What no contact holds is counted in `loss`.
pub fn contacts_of(attempt: &AttemptFacts, loss: &mut LossReport) -> Vec<Contact> {
    let for_all = attempt.door.filter(|result| is_door_wide(*result));
    let contacts: Vec<Contact> = attempt
        .people
        .iter()
        .filter_map(|person| {
            let answers = ContactAnswers::new(person.answers.clone());
            let result = person.result.or(for_all).map(|result| with_literature(attempt, result));
            let outcome = match (answers, result) {
                (Some(answers), _) => ContactOutcome::Answers(answers),
                (None, Some(result)) => ContactOutcome::Result(result),
                (None, None) => return None,
            };
            Some(contact(attempt, person, outcome))
        })
        .collect();
    count_losses(attempt, &contacts, loss);
    contacts
}

/// Nobody home and literature left is one result.
const fn with_literature(attempt: &AttemptFacts, result: CanvassResult) -> CanvassResult {
    match result {
        CanvassResult::NotHome if attempt.literature => CanvassResult::LeftLiterature,
        other => other,
    }
}

fn contact(attempt: &AttemptFacts, person: &PersonAtDoor, outcome: ContactOutcome) -> Contact {
    let reach = attempt.reach.as_ref();
    Contact {
        attempt: attempt.attempt,
        at: attempt.at,
        canvasser: attempt.canvasser.clone(),
        household: attempt.household,
        door_key: attempt.door_key.clone(),
        person: person.person,
        person_key: person.key.clone(),
        name: person.name.clone(),
        outcome,
        channel: reach.map_or(ContactChannel::Door, |reach| reach.channel),
        number: reach.map_or(String::new(), |reach| reach.number.clone()),
        asks: Vec::new(),
    }
}

fn count_losses(attempt: &AttemptFacts, contacts: &[Contact], loss: &mut LossReport) {
    let says = |result, contact: &Contact| match &contact.outcome {
        ContactOutcome::Result(own) => *own == result,
        ContactOutcome::Answers(_) => result == CanvassResult::Contacted,
    };
    let left = attempt.literature && attempt.door != Some(CanvassResult::LeftLiterature);
    if left && !contacts.iter().any(|contact| says(CanvassResult::LeftLiterature, contact)) {
        loss.add("literature left", 1, LossWhy::NotInFormat);
    }
    match attempt.door.map(|result| with_literature(attempt, result)) {
        Some(result) if !contacts.iter().any(|contact| says(result, contact)) => {
            loss.add(&format!("door result {result}"), 1, LossWhy::NobodyNamed);
        }
        None if contacts.is_empty() => loss.add("attempt", 1, LossWhy::NoOutcome),
        _ => {}
    }
    for person in &attempt.people {
        let implied = matches!(person.result, None | Some(CanvassResult::Contacted));
        if let (false, false, Some(result)) = (person.answers.is_empty(), implied, person.result) {
            loss.add(&format!("result {result}"), 1, LossWhy::NotInFormat);
        }
    }
}
