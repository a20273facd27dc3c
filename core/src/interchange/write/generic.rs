//! Contacts for any backend: a table of rows, with results by that backend's own names and
//! numbers.
//!
//! A row for a person's result at an attempt, or one for each answer, never both; what someone
//! wants stands in the first of them.

use std::borrow::Borrow;
use std::io::Write;

use super::cells::CsvFile;
use super::changes::answer_text;
use super::contact::{Contact, ContactOutcome};
use super::loss::{LossReport, LossWhy};
use super::{ExportError, Exported, local_time};
use crate::interchange::codes::ResultCodes;
use crate::survey::AskState;
use crate::walklist::CanvassResult;

const COLUMNS: [&str; 13] = [
    "attempt_id",
    "at",
    "person_id",
    "door_id",
    "contact_type",
    "input_type",
    "number",
    "result",
    "result_code",
    "question",
    "answer",
    "wants",
    "canvasser",
];

/// Writes contacts as CSV. Results are called as `codes` has them; one that it has no name for
/// is called by its neutral name, and counted as not mapped.
///
/// `loss` is what [`contacts_of`](super::contacts_of) and the caller have counted before.
pub fn write_contacts_csv(
    out: impl Write,
    contacts: impl IntoIterator<Item = impl Borrow<Contact>>,
    codes: &ResultCodes,
    utc_offset_minutes: i32,
    mut loss: LossReport,
) -> Result<Exported, ExportError> {
    let mut file = CsvFile::new(out, &COLUMNS)?;
    for contact in contacts {
        let contact = contact.borrow();
        let Some(person) = &contact.person_key else {
            loss.add("contact", 1, LossWhy::PersonNotInSource);
            continue;
        };
        let channel = codes.channel(contact.channel);
        let (attempt, at) =
            (contact.attempt.to_string(), local_time(contact.at, utc_offset_minutes));
        let kind = channel.map_or(contact.channel.name(), |it| it.contact_type.as_str());
        let input = channel.map_or("", |it| it.input_type.as_str());
        let mut wants = wanted(contact);
        for [result, code, question, answer] in rows(contact, codes, &mut loss) {
            file.row([
                attempt.as_str(),
                &at,
                person,
                &contact.door_key,
                kind,
                input,
                &contact.number,
                &result,
                &code,
                &question,
                &answer,
                &std::mem::take(&mut wants),
                &contact.canvasser,
            ])?;
        }
    }
    Ok(Exported { records: file.finish()?, loss, ..Exported::default() })
}

/// What someone wants, or does not: `volunteer, yard_sign:declined`.
fn wanted(contact: &Contact) -> String {
    let said = contact.asks.iter().map(|ask| match ask.state {
        AskState::Wanted => ask.kind.name().to_owned(),
        state => format!("{}:{}", ask.kind, state.name()),
    });
    said.collect::<Vec<_>>().join(", ")
}

/// Result, its number, question and answer of each row of a contact.
fn rows(contact: &Contact, codes: &ResultCodes, loss: &mut LossReport) -> Vec<[String; 4]> {
    match &contact.outcome {
        ContactOutcome::Result(result) => {
            let (name, id) = called(*result, contact, codes, loss);
            vec![[name, id, String::new(), String::new()]]
        }
        ContactOutcome::Answers(answers) => {
            let (name, id) = called(CanvassResult::Contacted, contact, codes, loss);
            let row = |answer: &super::ContactAnswer| {
                let said = answer_text(&answer.answer);
                [name.clone(), id.clone(), answer.question.clone(), said]
            };
            answers.all().iter().map(row).collect()
        }
    }
}

fn called(
    result: CanvassResult,
    contact: &Contact,
    codes: &ResultCodes,
    loss: &mut LossReport,
) -> (String, String) {
    let code = codes.channel(contact.channel).and_then(|channel| channel.code(result));
    match code {
        Some(code) if !code.name.is_empty() => {
            (code.name.clone(), code.id.map(|id| id.to_string()).unwrap_or_default())
        }
        _ => {
            loss.add(&format!("result {result}"), 1, LossWhy::NotMapped);
            (result.name().to_owned(), String::new())
        }
    }
}
