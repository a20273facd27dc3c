//! Contacts as VAN takes them: a contact file, and the body of its canvass responses call.
//!
//! VAN knows people by their id in a source, results by name or number, and answers as listed
//! responses to survey questions. Result and responses exclude each other.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value, json};

use super::cells::CsvFile;
use super::contact::{Contact, ContactAnswer, ContactOutcome};
use super::loss::{LossReport, LossWhy};
use super::{ExportError, Exported, local_time};
use crate::survey::AnswerValue;
use crate::walklist::CanvassResult;

/// The columns of VAN's contact history and survey reports, set together.
const COLUMNS: [&str; 9] = [
    "Voter File VANID",
    "Contact Name",
    "Date Canvassed",
    "Result",
    "Survey Question Name",
    "Survey Response",
    "Contact Type",
    "Input Type Name",
    "Canvassed By",
];
const CONTACT_TYPE: &str = "Walk";
const INPUT_TYPE: &str = "API";

/// The numbers that a VAN database gives to what this campaign calls by name. They differ from
/// one database to the next, and with the contact type: fetch them, never guess.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VanIds {
    /// `contactTypeId` of walking.
    pub contact_type_id: u32,
    /// `inputTypeId`; 11 is the API's own.
    pub input_type_id: u32,
    /// `resultCodeId` of each result that the database has for this contact type.
    pub result_codes: BTreeMap<CanvassResult, u32>,
    /// Survey questions by their name in the script.
    pub questions: BTreeMap<String, VanQuestion>,
}

/// A survey question of a VAN database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VanQuestion {
    /// `surveyQuestionId`.
    pub survey_question_id: u32,
    /// `surveyResponseId` by the option's name in the script, or the scale's number.
    pub responses: BTreeMap<String, u32>,
}

/// VAN's name for a result of walking; nothing if VAN has none (`docs/glossary.md`).
#[must_use]
pub const fn van_result_name(result: CanvassResult) -> Option<&'static str> {
    Some(match result {
        CanvassResult::Contacted => "Canvassed",
        CanvassResult::NotHome => "Not Home",
        CanvassResult::Refused => "Refused",
        CanvassResult::Moved => "Moved",
        CanvassResult::Deceased => "Deceased",
        CanvassResult::Inaccessible => "Inaccessible",
        CanvassResult::NoSuchAddress => "No Such Address",
        CanvassResult::LanguageBarrier => "Language Barrier",
        CanvassResult::ComeBack => "Come Back",
        CanvassResult::Hostile => "Hostile",
        CanvassResult::LeftLiterature => "Left Message / Lit",
        CanvassResult::DoNotContact => "Do Not Walk",
        CanvassResult::WrongPerson | CanvassResult::Vacant | CanvassResult::NotResidential => {
            return None;
        }
    })
}

/// Times are written in UTC until a campaign can say where it is.
pub const UTC_OFFSET_MINUTES: i32 = 0;

/// Writes a contact file in VAN's columns: one row for a result, or one for each answer; never
/// both for one person and attempt. Someone all of whose answers VAN cannot hold is
/// `Canvassed`.
///
/// `loss` is what [`contacts_of`](super::contacts_of) and the caller have counted before.
pub fn write_van_csv(
    out: impl Write,
    contacts: impl IntoIterator<Item = impl Borrow<Contact>>,
    utc_offset_minutes: i32,
    mut loss: LossReport,
) -> Result<Exported, ExportError> {
    let mut file = CsvFile::new(out, &COLUMNS)?;
    for contact in contacts {
        let contact = contact.borrow();
        let Some(key) = &contact.person_key else {
            loss.add("contact", 1, LossWhy::PersonNotInSource);
            continue;
        };
        let date = local_time(contact.at, utc_offset_minutes);
        let before = file.rows;
        for [result, question, response] in rows(contact, &mut loss) {
            file.row([
                key.as_str(),
                &contact.name,
                &date,
                &result,
                &question,
                &response,
                CONTACT_TYPE,
                INPUT_TYPE,
                &contact.canvasser,
            ])?;
        }
        let written = u64::from(file.rows > before);
        for ask in &contact.asks {
            loss.add(&format!("ask {}", ask.kind), 1, LossWhy::NotInFormat);
        }
        loss.add("attempt_id", written, LossWhy::NotInFormat);
        loss.add("door_id", written, LossWhy::NotInFormat);
    }
    Ok(Exported { records: file.finish()?, loss })
}

/// Result, question and response of each row of a contact.
fn rows(contact: &Contact, loss: &mut LossReport) -> Vec<[String; 3]> {
    let mut rows = Vec::new();
    let result = match &contact.outcome {
        ContactOutcome::Result(result) => *result,
        ContactOutcome::Answers(answers) => {
            for answer in answers.all() {
                let responses = listed(answer, loss).into_iter();
                rows.extend(responses.map(|it| [String::new(), answer.question.clone(), it]));
            }
            CanvassResult::Contacted
        }
    };
    if rows.is_empty() {
        match van_result_name(result) {
            Some(name) => rows.push([name.to_owned(), String::new(), String::new()]),
            None => loss.add(&format!("result {result}"), 1, LossWhy::NotInFormat),
        }
    }
    rows
}

/// The listed responses that an answer stands for.
fn listed(answer: &ContactAnswer, loss: &mut LossReport) -> Vec<String> {
    match &answer.answer {
        AnswerValue::Choice { option } => vec![option.clone()],
        AnswerValue::Choices { options } => options.clone(),
        AnswerValue::Scale { value } => vec![value.to_string()],
        AnswerValue::Number { .. } | AnswerValue::Text { .. } | AnswerValue::Date { .. } => {
            let field = format!("question {}", answer.question);
            loss.add(&field, 1, LossWhy::NotAListedAnswer);
            Vec::new()
        }
    }
}

/// The body of `POST /people/{vanId}/canvassResponses` for one contact; nothing if the database
/// has nothing for it. Exactly one of `resultCodeId` and `responses` is not null.
///
/// What it cannot hold is counted in `loss`. Someone all of whose answers it cannot hold is
/// sent as contacted.
pub fn van_canvass_body(
    contact: &Contact,
    ids: &VanIds,
    utc_offset_minutes: i32,
    loss: &mut LossReport,
) -> Option<Value> {
    for ask in &contact.asks {
        loss.add(&format!("ask {}", ask.kind), 1, LossWhy::NotMapped);
    }
    let (result, responses) = match &contact.outcome {
        ContactOutcome::Result(result) => (Some(result_code(*result, ids, loss)?), None),
        ContactOutcome::Answers(answers) => {
            let responses = survey_responses(answers.all(), ids, loss);
            if responses.is_empty() {
                let code = result_code(CanvassResult::Contacted, ids, loss)?;
                (Some(code), None)
            } else {
                (None, Some(responses))
            }
        }
    };
    Some(json!({
        "canvassContext": {
            "contactTypeId": ids.contact_type_id,
            "inputTypeId": ids.input_type_id,
            "dateCanvassed": local_time(contact.at, utc_offset_minutes),
        },
        "resultCodeId": result,
        "responses": responses,
    }))
}

fn result_code(result: CanvassResult, ids: &VanIds, loss: &mut LossReport) -> Option<u32> {
    let code = ids.result_codes.get(&result).copied();
    if code.is_none() {
        loss.add(&format!("result {result}"), 1, LossWhy::NotMapped);
    }
    code
}

fn survey_responses(answers: &[ContactAnswer], ids: &VanIds, loss: &mut LossReport) -> Vec<Value> {
    let mut responses = Vec::new();
    for answer in answers {
        let question = ids.questions.get(&answer.question);
        for name in listed(answer, loss) {
            let response = question.and_then(|it| Some((it, it.responses.get(&name)?)));
            match response {
                Some((question, response)) => responses.push(json!({
                    "type": "SurveyResponse",
                    "surveyQuestionId": question.survey_question_id,
                    "surveyResponseId": response,
                })),
                None => loss.add(&format!("question {}", answer.question), 1, LossWhy::NotMapped),
            }
        }
    }
    responses
}
