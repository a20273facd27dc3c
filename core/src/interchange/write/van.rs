//! Contacts as VAN takes them: a contact file, and the bodies of its canvass responses call.
//!
//! VAN knows people by their id in a source, results by name or number, and answers as listed
//! responses to survey questions. What it asks for, each of these a rule here with a test:
//! - a body has a result code or responses, never both;
//! - a code belongs to a type of contact and of input, and is known by number or full name;
//! - a call or a text message needs the number;
//! - an activist code alone also counts as a contact, unless the body says otherwise;
//! - some results suppress a number or a person for good: those are warned of.

use std::borrow::Borrow;
use std::io::Write;

use serde_json::{Value, json};

use super::cells::CsvFile;
use super::contact::{Contact, ContactAnswer, ContactOutcome};
use super::loss::{ExportWarning, LossReport, LossWhy, WarningWhy, warn};
use super::{ExportError, Exported, local_time};
use crate::interchange::codes::{ChannelCodes, ResultCodes};
use crate::survey::{AnswerValue, AskState};
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
/// Times are written in UTC until a campaign can say where it is.
pub const UTC_OFFSET_MINUTES: i32 = 0;

/// Writes a contact file in VAN's columns: one row for a result, or one for each answer; never
/// both for one person and attempt. Someone all of whose answers VAN cannot hold is
/// `Canvassed`. A result that the database is known not to have is left out.
///
/// `loss` is what [`contacts_of`](super::contacts_of) and the caller have counted before.
pub fn write_van_csv(
    out: impl Write,
    contacts: impl IntoIterator<Item = impl Borrow<Contact>>,
    codes: &ResultCodes,
    utc_offset_minutes: i32,
    mut loss: LossReport,
) -> Result<Exported, ExportError> {
    let mut file = CsvFile::new(out, &COLUMNS)?;
    let mut warnings = Vec::new();
    for contact in contacts {
        let contact = contact.borrow();
        let Some((key, channel)) = addressed(contact, codes, &mut loss) else { continue };
        let date = local_time(contact.at, utc_offset_minutes);
        let before = file.rows;
        for [result, question, response] in rows(contact, channel, &mut loss) {
            file.row([
                key,
                &contact.name,
                &date,
                &result,
                &question,
                &response,
                &channel.contact_type,
                &channel.input_type,
                &contact.canvasser,
            ])?;
        }
        let written = u64::from(file.rows > before);
        loss.add("attempt_id", written, LossWhy::NotInFormat);
        loss.add("door_id", written, LossWhy::NotInFormat);
        let number = u64::from(written > 0 && !contact.number.is_empty());
        loss.add("phone number", number, LossWhy::NotInFormat);
        for ask in &contact.asks {
            loss.add(&format!("ask {}", ask.kind), 1, LossWhy::NotInFormat);
        }
        if written > 0 {
            warn_of(contact, &mut warnings);
        }
    }
    Ok(Exported { records: file.finish()?, loss, warnings })
}

/// Writes what `POST /people/{vanId}/canvassResponses` is to be called with, a line of JSON for
/// each call: `{"vanId", "canvassResponses"}`.
///
/// `loss` is what [`contacts_of`](super::contacts_of) and the caller have counted before.
pub fn write_van_jsonl(
    mut out: impl Write,
    contacts: impl IntoIterator<Item = impl Borrow<Contact>>,
    codes: &ResultCodes,
    utc_offset_minutes: i32,
    mut loss: LossReport,
) -> Result<Exported, ExportError> {
    let (mut records, mut warnings) = (0, Vec::new());
    for contact in contacts {
        let contact = contact.borrow();
        let bodies = van_records(contact, codes, utc_offset_minutes, &mut loss, &mut warnings);
        for VanRecord { van_id, body } in bodies {
            writeln!(out, "{}", json!({ "vanId": van_id, "canvassResponses": body }))?;
            records += 1;
        }
    }
    out.flush()?;
    Ok(Exported { records, loss, warnings })
}

/// Whose contact it is, and what VAN calls its channel; nothing, and counted as lost, if VAN has
/// no place for it.
fn addressed<'a>(
    contact: &'a Contact,
    codes: &'a ResultCodes,
    loss: &mut LossReport,
) -> Option<(&'a str, &'a ChannelCodes)> {
    let Some(key) = &contact.person_key else {
        loss.add("contact", 1, LossWhy::PersonNotInSource);
        return None;
    };
    let Some(channel) = codes.channel(contact.channel) else {
        let field = format!("channel {}", contact.channel.name());
        loss.add(&field, 1, LossWhy::NotMapped);
        return None;
    };
    Some((key, channel))
}

/// Result, question and response of each row of a contact.
fn rows(contact: &Contact, codes: &ChannelCodes, loss: &mut LossReport) -> Vec<[String; 3]> {
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
        let code = codes.code(result);
        match code.filter(|code| code.id.is_some() || !codes.fetched) {
            Some(code) => rows.push([code.name.clone(), String::new(), String::new()]),
            None => {
                let why = code.map_or(LossWhy::NotInFormat, |_| LossWhy::NotMapped);
                loss.add(&format!("result {result}"), 1, why);
            }
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

/// One call to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct VanRecord {
    /// Whose contact it is.
    pub van_id: String,
    /// The body. Exactly one of `resultCodeId` and `responses` in it is not null.
    pub body: Value,
}

/// The calls for one contact; none if the database has nothing for it. What they cannot hold is
/// counted in `loss`, what follows from them in `warnings`.
///
/// Someone all of whose answers VAN cannot hold is sent as contacted. What someone wants goes
/// with their answers; beside a result it is a call of its own, which does not count as another
/// contact.
pub fn van_records(
    contact: &Contact,
    codes: &ResultCodes,
    utc_offset_minutes: i32,
    loss: &mut LossReport,
    warnings: &mut Vec<ExportWarning>,
) -> Vec<VanRecord> {
    let Some((van_id, channel)) = addressed(contact, codes, loss) else { return Vec::new() };
    let needs_number = NEED_NUMBERS.contains(&channel.contact_type_id);
    let number: String = contact.number.chars().filter(char::is_ascii_digit).collect();
    if needs_number && number.is_empty() {
        loss.add("contact", 1, LossWhy::NoNumber);
        return Vec::new();
    }
    let mut context = json!({
        "contactTypeId": channel.contact_type_id,
        "inputTypeId": channel.input_type_id,
        "dateCanvassed": local_time(contact.at, utc_offset_minutes),
    });
    if !number.is_empty() {
        // North American numbers: what is before the last ten digits dials the country.
        let (prefix, rest) = number.split_at(number.len().saturating_sub(10));
        let prefix = if prefix.is_empty() { "1" } else { prefix };
        context["phone"] = json!({ "dialingPrefix": prefix, "phoneNumber": rest });
    }
    let record = |context: &Value, result: Option<u32>, responses: Option<&[Value]>| VanRecord {
        van_id: van_id.to_owned(),
        body: json!({
            "canvassContext": context, "resultCodeId": result, "responses": responses,
        }),
    };
    let asked = activist_codes(contact, codes, loss);
    let mut responses = match &contact.outcome {
        ContactOutcome::Result(_) => Vec::new(),
        ContactOutcome::Answers(answers) => survey_responses(answers.all(), codes, loss),
    };
    if !responses.is_empty() {
        responses.extend(asked);
        return vec![record(&context, None, Some(&responses))];
    }
    let result = match &contact.outcome {
        ContactOutcome::Result(result) => *result,
        ContactOutcome::Answers(_) => CanvassResult::Contacted,
    };
    let code = result_code(result, channel, loss);
    let mut records: Vec<VanRecord> =
        code.map(|code| record(&context, Some(code), None)).into_iter().collect();
    if !records.is_empty() {
        warn_of(contact, warnings);
    }
    if !asked.is_empty() {
        context["omitActivistCodeContactHistory"] = json!(true);
        warn(warnings, "asks", WarningWhy::SentApart);
        records.push(record(&context, None, Some(&asked)));
    }
    records
}

/// Types of contact that VAN takes with a phone number only: calls, and text messages.
const NEED_NUMBERS: [u32; 2] = [1, 37];

/// Warns of a result that keeps VAN from trying again.
fn warn_of(contact: &Contact, warnings: &mut Vec<ExportWarning>) {
    let ContactOutcome::Result(result) = contact.outcome else { return };
    let why = match result {
        CanvassResult::Disconnected => WarningWhy::NumberSuppressed,
        CanvassResult::DoNotCall | CanvassResult::DoNotText | CanvassResult::DoNotContact => {
            WarningWhy::PersonSuppressed
        }
        _ => return,
    };
    warn(warnings, &format!("result {result}"), why);
}

fn result_code(result: CanvassResult, codes: &ChannelCodes, loss: &mut LossReport) -> Option<u32> {
    let code = codes.code(result).and_then(|code| code.id);
    if code.is_none() {
        loss.add(&format!("result {result}"), 1, LossWhy::NotMapped);
    }
    code
}

fn activist_codes(contact: &Contact, codes: &ResultCodes, loss: &mut LossReport) -> Vec<Value> {
    let mut responses = Vec::new();
    for ask in &contact.asks {
        let code = codes.activist_codes.get(ask.kind.name());
        match code.filter(|_| ask.state != AskState::Declined) {
            Some(code) => responses
                .push(json!({ "type": "ActivistCode", "activistCodeId": code, "action": "Apply" })),
            None => loss.add(&format!("ask {}", ask.kind), 1, LossWhy::NotMapped),
        }
    }
    responses
}

fn survey_responses(
    answers: &[ContactAnswer],
    codes: &ResultCodes,
    loss: &mut LossReport,
) -> Vec<Value> {
    let mut responses = Vec::new();
    for answer in answers {
        let question = codes.questions.get(&answer.question);
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
