//! The campaign's record as CSV: one row for each change, nothing left out.

use std::borrow::Borrow;
use std::io::Write;

use serde_json::{Value, json};

use super::cells::CsvFile;
use super::loss::{LossReport, LossWhy};
use super::{ExportError, Exported, local_time};
use crate::change::{
    AnswerBody, AskBody, Body, ConsentWord, ContactBody, ContactMark, ContactMedium, DoorMetBody,
    FollowUpBody, ImportedBody, ImportedField, PersonMetBody,
};
use crate::id::{ChangeId, HouseholdId, PersonId, ScriptHash};
use crate::merge;
use crate::survey::{AnswerCode, AnswerValue, Consent, ContactChannel, Date};
use crate::time::Timestamp;
use crate::walklist::{CanvassResult, TimeWindow};

/// What kind of change a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// A knock.
    Attempt,
    /// An answer, or its taking back.
    Answer,
    /// A do-not-contact mark, set or lifted.
    Suppression,
    /// A note, a later version of one, or its taking back.
    Note,
    /// The taking back of a change.
    Undo,
    /// A phone number or e-mail address, added or judged.
    Contact,
    /// A person met at a door.
    PersonMet,
    /// A door that no file knew.
    DoorMet,
    /// What a file said anew.
    Imported,
    /// What a file says was put right, or proposed to be.
    Correction,
    /// What was said of someone, or at a door, was erased.
    Erasure,
    /// What it said was erased.
    Erased,
    /// Its author goes to the door.
    Claim,
    /// What a person wants, or agrees to.
    Ask,
    /// When to come back to a door.
    FollowUp,
    /// Literature was left at an attempt.
    Literature,
    /// How someone was reached at an attempt.
    Reach,
    /// How a door is reached.
    Access,
    /// A kind that this build does not know.
    Unknown,
}

/// What has become of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeState {
    /// It holds.
    Standing,
    /// It was taken back.
    Undone,
    /// A later change, whose author had seen it, took its place.
    Replaced,
    /// Another change, unseen by its author, says something else, and nobody has decided.
    Conflicted,
    /// It writes what the rules do not allow.
    SetAside,
}

/// One change, as a row of the export. Texts that do not apply are empty.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeRow {
    /// The id under which it is known.
    pub change_id: ChangeId,
    /// The id under which a restored or cloned phone sent it anew, when the change of this id
    /// never came itself.
    pub sent_as: Option<ChangeId>,
    /// Its kind.
    pub kind: ChangeKind,
    /// When its author's clock said it happened.
    pub recorded_at: Timestamp,
    /// When it happened, as the server reckons; nothing while it has not been sequenced.
    pub effective_at: Option<Timestamp>,
    /// Who held the phone.
    pub canvasser: String,
    /// The source's key of the door; the household's id if no file knows it.
    pub door_id: String,
    /// The household.
    pub household_id: HouseholdId,
    /// The source's key of the person; the person's id if no file knows them; empty when the
    /// change speaks of the household.
    pub person_id: String,
    /// The person.
    pub person_uuid: Option<PersonId>,
    /// The attempt that it is, puts right, or belongs to.
    pub attempt_id: Option<ChangeId>,
    /// An attempt's result for the door as a whole; of a call one that only calls have.
    pub result: Option<CanvassResult>,
    /// An attempt's results for single people, by `person_id`.
    pub person_results: Vec<(String, CanvassResult)>,
    /// The question's name; its number in the script while the script is not known.
    pub question: String,
    /// Of a contact detail `phone` or `email`; of a call its channel; of an ask its kind; of an
    /// unknown kind its number.
    pub field: String,
    /// The answer, the phone number or address (also the one called), `set` or `lifted`; of an ask `wanted`, `declined`
    /// or `done`; of a follow-up its window, as local times with `/` between; of an unknown kind
    /// its bytes in hexadecimal digits.
    pub value: String,
    /// The version of the script in which the question was asked.
    pub script_hash: Option<ScriptHash>,
    /// What the campaign calls that version; empty while the script is not known.
    pub script_version: String,
    /// A note's text; of a contact detail `good`, `wrong` or `primary`; of an ask the consent as
    /// JSON, or `withdrawn`; what a file said, and people and doors met, as JSON.
    pub text: String,
    /// The change that this one takes back, puts right or replaces; of an ask, what it came of.
    pub target: Option<ChangeId>,
    /// The changes whose value its author saw.
    pub base: Vec<ChangeId>,
    /// What has become of it.
    pub state: ChangeState,
    /// What it says is left out: someone's ask, without their consent.
    pub withheld: bool,
}

const COLUMNS: [&str; 22] = [
    "change_id",
    "sent_as",
    "kind",
    "recorded_at",
    "effective_at",
    "canvasser",
    "door_id",
    "household_id",
    "person_id",
    "person_uuid",
    "attempt_id",
    "result",
    "person_results",
    "question",
    "field",
    "value",
    "script_hash",
    "script_version",
    "text",
    "target",
    "base",
    "state",
];

/// Writes the rows as CSV. The format holds all of a row; only what was withheld is missing.
pub fn write_changes_csv(
    out: impl Write,
    rows: impl IntoIterator<Item = impl Borrow<ChangeRow>>,
) -> Result<Exported, ExportError> {
    let mut file = CsvFile::new(out, &COLUMNS)?;
    let mut loss = LossReport::default();
    for row in rows {
        let row = row.borrow();
        loss.add("asks", u64::from(row.withheld), LossWhy::NoConsent);
        file.row(row.cells().iter().map(String::as_str))?;
    }
    Ok(Exported { records: file.finish()?, loss, ..Exported::default() })
}

impl ChangeKind {
    /// The kind's name in the file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attempt => "attempt",
            Self::Answer => "answer",
            Self::Suppression => "suppression",
            Self::Note => "note",
            Self::Undo => "undo",
            Self::Contact => "contact",
            Self::PersonMet => "person_met",
            Self::DoorMet => "door_met",
            Self::Imported => "imported",
            Self::Correction => "correction",
            Self::Erasure => "erasure",
            Self::Erased => "erased",
            Self::Claim => "claim",
            Self::Ask => "ask",
            Self::FollowUp => "follow_up",
            Self::Literature => "literature",
            Self::Reach => "reach",
            Self::Access => "access",
            Self::Unknown => "unknown",
        }
    }

    /// The kind of a change that says this.
    #[must_use]
    pub const fn of(body: &Body<PersonId>) -> Self {
        match body {
            Body::Attempt(_) => Self::Attempt,
            Body::Answer(_) => Self::Answer,
            Body::Suppression(_) => Self::Suppression,
            Body::Note(_) => Self::Note,
            Body::Undo(_) => Self::Undo,
            Body::Contact(_) => Self::Contact,
            Body::PersonMet(_) => Self::PersonMet,
            Body::DoorMet(_) => Self::DoorMet,
            Body::Imported(_) => Self::Imported,
            Body::Correction(_) => Self::Correction,
            Body::Erasure => Self::Erasure,
            Body::Erased => Self::Erased,
            Body::Claim => Self::Claim,
            Body::Ask(_) => Self::Ask,
            Body::FollowUp(_) => Self::FollowUp,
            Body::Literature(_) => Self::Literature,
            Body::Reach(_) => Self::Reach,
            Body::Access(_) => Self::Access,
            Body::Unknown { .. } => Self::Unknown,
        }
    }
}

impl ChangeState {
    /// The state's name in the file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::Undone => "undone",
            Self::Replaced => "replaced",
            Self::Conflicted => "conflicted",
            Self::SetAside => "set_aside",
        }
    }
}

impl ChangeRow {
    /// The row of a change, with ids where a store knows names: the canvasser, door and person
    /// keys, and, through the script, the question and the answer.
    #[must_use]
    pub fn of(write: &merge::Write, state: ChangeState) -> Self {
        let change = &write.change;
        let mut row = Self {
            change_id: change.id,
            sent_as: None,
            kind: ChangeKind::of(&change.body),
            recorded_at: change.recorded_at,
            effective_at: write.effective,
            canvasser: write.canvasser.to_string(),
            door_id: change.door.to_string(),
            household_id: change.door,
            person_id: change.member.map_or(String::new(), |it| it.to_string()),
            person_uuid: change.member,
            attempt_id: None,
            result: None,
            person_results: Vec::new(),
            question: String::new(),
            field: String::new(),
            value: String::new(),
            script_hash: None,
            script_version: String::new(),
            text: String::new(),
            target: None,
            base: change.base.clone(),
            state,
            withheld: false,
        };
        row.fill(&change.body);
        row
    }

    /// Leaves out what the change says; that there was one stays.
    pub fn withhold(&mut self) {
        self.withheld = true;
        for said in [&mut self.field, &mut self.value, &mut self.text] {
            said.clear();
        }
    }

    fn fill(&mut self, body: &Body<PersonId>) {
        match body {
            Body::Attempt(attempt) => {
                let people = attempt.people.iter();
                self.attempt_id = Some(attempt.corrects.unwrap_or(self.change_id));
                self.result = attempt.door;
                self.person_results =
                    people.map(|(it, result)| (it.to_string(), *result)).collect();
                self.target = attempt.corrects;
            }
            Body::Answer(answer) => self.fill_answer(answer),
            Body::Suppression(mark) => {
                self.value = String::from(if mark.set { "set" } else { "lifted" });
            }
            Body::Note(note) => {
                self.text.clone_from(&note.text);
                self.target = note.edits;
            }
            Body::Undo(target) => self.target = Some(*target),
            Body::Contact(contact) => self.fill_contact(contact),
            Body::PersonMet(met) => {
                let person = PersonId::met(self.change_id);
                self.person_id = person.to_string();
                self.person_uuid = Some(person);
                self.text = person_met_json(met).to_string();
            }
            Body::DoorMet(met) => self.text = door_met_json(met).to_string(),
            Body::Imported(imported) => self.text = imported_json(imported).to_string(),
            Body::Correction(correction) => {
                correction.field.imported().name().clone_into(&mut self.field);
                self.value.clone_from(&correction.value);
            }
            Body::Erasure | Body::Erased | Body::Claim => {}
            Body::Ask(ask) => self.fill_ask(ask),
            Body::FollowUp(follow_up) => self.fill_follow_up(follow_up),
            Body::Literature(attempt) => self.attempt_id = Some(*attempt),
            Body::Reach(reach) => {
                self.attempt_id = Some(reach.attempt);
                self.result = reach.result;
                reach.channel.name().clone_into(&mut self.field);
                self.value.clone_from(&reach.number);
            }
            Body::Access(access) => access.name().clone_into(&mut self.value),
            Body::Unknown { kind, bytes } => {
                self.field = kind.to_string();
                self.value = hexadecimal(bytes);
            }
        }
    }

    fn fill_answer(&mut self, answer: &AnswerBody) {
        self.attempt_id = Some(answer.attempt);
        self.script_hash = Some(answer.script);
        self.question = answer.question.to_string();
        self.value = answer.value.as_ref().map_or(String::new(), code_text);
    }

    /// What is asked for; without consent, nothing more is said.
    fn fill_ask(&mut self, ask: &AskBody) {
        ask.kind.name().clone_into(&mut self.field);
        self.target = ask.during;
        self.value = ask.state.map_or(String::new(), |state| state.name().to_owned());
        self.text = match &ask.consent {
            None => String::new(),
            Some(ConsentWord::Withdrawn) => "withdrawn".to_owned(),
            Some(ConsentWord::Given(consent)) => consent_json(consent).to_string(),
        };
    }

    fn fill_follow_up(&mut self, follow_up: &FollowUpBody) {
        let TimeWindow { from, until, utc_offset_minutes } = follow_up.window;
        let local = |moment| local_time(moment, utc_offset_minutes);
        self.attempt_id = follow_up.during;
        self.value = format!("{}/{}", local(from), local(until));
    }

    fn fill_contact(&mut self, contact: &ContactBody) {
        self.value.clone_from(&contact.value);
        self.field = String::from(match contact.medium {
            ContactMedium::Phone => "phone",
            ContactMedium::Email => "email",
        });
        self.text = String::from(match contact.mark {
            ContactMark::Good => "good",
            ContactMark::Wrong => "wrong",
            ContactMark::Primary => "primary",
        });
    }

    fn cells(&self) -> [String; COLUMNS.len()] {
        let change = |id: Option<ChangeId>| id.map_or(String::new(), |it| it.to_string());
        let results: serde_json::Map<String, Value> = self
            .person_results
            .iter()
            .map(|(person, result)| (person.clone(), result.name().into()))
            .collect();
        let base: Vec<String> = self.base.iter().map(ToString::to_string).collect();
        [
            self.change_id.to_string(),
            change(self.sent_as),
            self.kind.name().to_owned(),
            self.recorded_at.to_string(),
            self.effective_at.map_or(String::new(), |at| at.to_string()),
            self.canvasser.clone(),
            self.door_id.clone(),
            self.household_id.to_string(),
            self.person_id.clone(),
            self.person_uuid.map_or(String::new(), |it| it.to_string()),
            change(self.attempt_id),
            self.result.map_or(String::new(), |it| it.name().to_owned()),
            if results.is_empty() { String::new() } else { Value::Object(results).to_string() },
            self.question.clone(),
            self.field.clone(),
            self.value.clone(),
            self.script_hash.map_or(String::new(), |it| it.to_string()),
            self.script_version.clone(),
            self.text.clone(),
            change(self.target),
            base.join(" "),
            self.state.name().to_owned(),
        ]
    }
}

/// An answer as one text: an option's name, several with blanks between, a number, a date.
#[must_use]
pub fn answer_text(answer: &AnswerValue) -> String {
    match answer {
        AnswerValue::Choice { option } => option.clone(),
        AnswerValue::Choices { options } => options.join(" "),
        AnswerValue::Number { value } => value.to_string(),
        AnswerValue::Text { text } => text.clone(),
        AnswerValue::Scale { value } => value.to_string(),
        AnswerValue::Date { date } => date.clone(),
    }
}

/// An answer in its script's numbers, for want of the script.
fn code_text(code: &AnswerCode) -> String {
    match code {
        AnswerCode::Choice(number) => number.to_string(),
        AnswerCode::Choices(numbers) => {
            let numbers: Vec<String> = numbers.iter().map(u16::to_string).collect();
            numbers.join(" ")
        }
        AnswerCode::Number(value) => value.to_string(),
        AnswerCode::Text(text) => text.clone(),
        AnswerCode::Scale(value) => value.to_string(),
        AnswerCode::Date(days) => Date::from_days(*days).map_or(String::new(), |it| it.to_string()),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn person_met_json(met: &PersonMetBody) -> Value {
    json!({
        "given_name": met.given_name,
        "family_name": met.family_name,
        "language": met.language,
    })
}

fn consent_json(consent: &Consent) -> Value {
    let channels: Vec<&str> =
        consent.channels.list().into_iter().map(ContactChannel::name).collect();
    json!({
        "words": consent.words.to_string(),
        "language": consent.language,
        "channels": channels,
    })
}

fn door_met_json(met: &DoorMetBody) -> Value {
    json!({ "address": met.address, "point": met.point })
}

fn imported_json(imported: &ImportedBody<PersonId>) -> Value {
    let write = |it: &crate::change::ImportedWrite<PersonId>| {
        json!({
            "person_uuid": it.member.map(|person| person.to_string()),
            "field": field_name(it.field),
            "value": it.value,
        })
    };
    imported.writes.iter().map(write).collect()
}

const fn field_name(field: ImportedField) -> &'static str {
    match field {
        ImportedField::HouseNumber => "house_number",
        ImportedField::Street => "street",
        ImportedField::Unit => "unit",
        ImportedField::Town => "town",
        ImportedField::Zip => "zip",
        ImportedField::Position => "position",
        ImportedField::UnitCount => "unit_count",
        ImportedField::Control => "control",
        ImportedField::Access => "access",
        ImportedField::GivenName => "given_name",
        ImportedField::FamilyName => "family_name",
        ImportedField::BirthYear => "birth_year",
        ImportedField::Party => "party",
        ImportedField::Phone => "phone",
        ImportedField::Email => "email",
        ImportedField::Language => "language",
        ImportedField::DoNotCall => "do_not_call",
        ImportedField::DoNotText => "do_not_text",
        ImportedField::Voted => "voted",
        ImportedField::Deceased => "deceased",
        ImportedField::Exempt => "exempt",
        ImportedField::DoNotContact => "do_not_contact",
        ImportedField::Household => "household",
    }
}
