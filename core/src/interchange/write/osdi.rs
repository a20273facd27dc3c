//! Contacts as OSDI's `record_canvass_helper` takes them, one JSON object on each line.
//!
//! A line is `{"person_id", "record_canvass_helper"}`: the body, and whose it is. OSDI knows
//! neither households nor doors.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value, json};

use super::changes::answer_text;
use super::contact::{Contact, ContactAnswer, ContactOutcome};
use super::loss::{LossReport, LossWhy};
use super::{ExportError, Exported};
use crate::interchange::codes::{Backend, ChannelCodes, ResultCodes};
use crate::survey::{AnswerValue, AskState};
use crate::walklist::CanvassResult;

/// The names that an OSDI server goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OsdiNames {
    /// What the server shall call this campaign's records.
    pub origin_system: String,
    /// The URI of each question, by its name in the script.
    pub questions: BTreeMap<String, String>,
    /// What it calls results.
    pub codes: ResultCodes,
}

/// What OSDI servers are told that the records come from.
const ORIGIN_SYSTEM: &str = "canvass";

impl OsdiNames {
    /// Names for a server whose questions are not known: by this project's own.
    #[must_use]
    pub fn without_questions() -> Self {
        Self {
            origin_system: ORIGIN_SYSTEM.to_owned(),
            questions: BTreeMap::new(),
            codes: ResultCodes::usual(Backend::Osdi),
        }
    }
}

/// Writes one line for each contact.
///
/// `loss` is what [`contacts_of`](super::contacts_of) and the caller have counted before.
pub fn write_osdi_jsonl(
    mut out: impl Write,
    contacts: impl IntoIterator<Item = impl Borrow<Contact>>,
    names: &OsdiNames,
    mut loss: LossReport,
) -> Result<Exported, ExportError> {
    let mut records = 0;
    for contact in contacts {
        let contact = contact.borrow();
        let Some(key) = &contact.person_key else {
            loss.add("contact", 1, LossWhy::PersonNotInSource);
            continue;
        };
        let body = body(contact, names, &mut loss);
        loss.add("consent", contact.asks.len() as u64, LossWhy::NotInFormat);
        let line = json!({ "person_id": key, "record_canvass_helper": body });
        writeln!(out, "{line}")?;
        loss.add("attempt_id", 1, LossWhy::NotInFormat);
        loss.add("door_id", 1, LossWhy::NotInFormat);
        records += 1;
    }
    out.flush()?;
    Ok(Exported { records, loss, ..Exported::default() })
}

fn body(contact: &Contact, names: &OsdiNames, loss: &mut LossReport) -> Value {
    let channel = names.codes.channel(contact.channel);
    let (status, answers) = match &contact.outcome {
        ContactOutcome::Result(result) => (status_code(*result, channel, loss), Vec::new()),
        ContactOutcome::Answers(answers) => {
            let all = answers.all().iter();
            let answers = all.filter_map(|it| response(it, names, loss)).collect();
            (String::new(), answers)
        }
    };
    let mut body = json!({
        "canvass": {
            "origin_system": names.origin_system,
            "action_date": contact.at.to_string(),
            "contact_type": channel.map(|it| it.contact_type.as_str()),
            "input_type": channel.map(|it| it.input_type.as_str()),
            "success": status.is_empty(),
            "status_code": status,
            "canvasser": contact.canvasser,
        },
        "add_questions_responses_uri": answers,
        "triggers": { "autoresponse": { "enabled": false } },
    });
    if !contact.asks.is_empty() {
        body["add_tags"] = tags(contact, loss).into();
    }
    body
}

/// What someone wants, as tags; what they do not want is no tag.
fn tags(contact: &Contact, loss: &mut LossReport) -> Vec<String> {
    let (declined, wanted): (Vec<_>, Vec<_>) =
        contact.asks.iter().partition(|ask| ask.state == AskState::Declined);
    for ask in declined {
        loss.add(&format!("ask {} declined", ask.kind), 1, LossWhy::NotInFormat);
    }
    wanted.iter().map(|ask| ask.kind.name().replace('_', "-")).collect()
}

/// Empty for a success, as OSDI has it.
fn status_code(
    result: CanvassResult,
    channel: Option<&ChannelCodes>,
    loss: &mut LossReport,
) -> String {
    let code = channel.and_then(|channel| channel.code(result));
    if code.is_none() {
        loss.add(&format!("result {result}"), 1, LossWhy::NotMapped);
    }
    code.map_or_else(|| result.name().replace('_', "-"), |code| code.name.clone())
}

fn response(answer: &ContactAnswer, names: &OsdiNames, loss: &mut LossReport) -> Option<Value> {
    let Some(question) = names.questions.get(&answer.question) else {
        let field = format!("question {}", answer.question);
        loss.add(&field, 1, LossWhy::NotMapped);
        return None;
    };
    Some(match &answer.answer {
        AnswerValue::Choice { option } => json!({ "question": question, "responses": [option] }),
        AnswerValue::Choices { options } => json!({ "question": question, "responses": options }),
        other => json!({ "question": question, "value": answer_text(other) }),
    })
}
