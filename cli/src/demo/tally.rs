//! The end of the day, counted from outside: what was noted against what left in the file.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use canvass_core::id::ChangeId;
use serde_json::{Value, json};

use crate::demo::campaign::Campaign;
use crate::demo::story::Settled;
use crate::demo::walk::{Canvasser, Notes};
use crate::demo::{DayError, DayPlan, page, versions};
use crate::local_server::LocalServer;
use crate::report::{Proof, Report};

/// A day that was played to its end.
pub struct Day {
    /// What `canvass demo --json` prints, but for the report's path.
    pub json: Value,
    /// The report.
    pub report: Report,
    /// The exported changes.
    pub changes_csv: Vec<u8>,
    /// The exported contacts.
    pub contacts_csv: Vec<u8>,
    /// The checks that the day exists for all hold.
    pub is_proved: bool,
}

/// A row of the exported changes, as far as counting needs it.
pub(super) struct ExportedRow {
    pub(super) change: String,
    pub(super) kind: String,
    pub(super) state: String,
    pub(super) question: String,
    pub(super) value: String,
    pub(super) field: String,
    /// The version of the script in which it was asked.
    pub(super) version: String,
}

/// Counts, compares, and writes the report.
pub(super) fn close(
    plan: &DayPlan,
    campaign: &Campaign,
    server: &LocalServer,
    canvassers: &[Canvasser],
    notes: &Notes,
    settled: &Settled,
) -> Result<Day, DayError> {
    let changes_csv = export(server, campaign, "csv")?;
    let contacts_csv = export(server, campaign, "van")?;
    let rows = rows(&changes_csv)?;
    let proof = proof(notes, &rows);
    let digests = digests(server, campaign, canvassers)?;
    let digests_equal = digests.iter().all(|equal| *equal);
    let counts = server.operator(Method::GET, &campaign.path(""), &Value::Null)?;
    let route = |field: &str| campaign.lists.iter().filter_map(|list| list[field].as_f64()).sum();
    let (length_m, alphabetical_m): (f64, f64) = (route("length_m"), route("alphabetical_m"));
    let doors: u64 = campaign.lists.iter().filter_map(|list| list["doors"].as_u64()).sum();
    let versions = versions::answers_of(&rows)?;
    let told: Vec<Value> = versions
        .iter()
        .map(|(version, answers)| json!({ "version": version, "answers": answers }))
        .collect();
    let json = json!({
        "versions": told, "ended_on": notes.ended_on,
        "households": campaign.doors, "people": campaign.people, "doors": campaign.doors,
        "turfs": campaign.turfs.len(), "lists": campaign.lists.len(), "phones": canvassers.len(),
        "attempts": notes.attempts, "answers": notes.answers,
        "conflicts": settled.conflicts.len(), "conflicts_open": counts["conflicts"],
        "acked": proof.recorded, "lost": proof.lost, "duplicated": proof.duplicated,
        "set_aside": counts["set_aside"], "digests_equal": digests_equal,
        "route": {
            "doors": doors, "length_m": length_m.round(), "alphabetical_m": alphabetical_m.round(),
        },
    });
    let is_proved = proof.lost == 0
        && proof.duplicated == 0
        && digests_equal
        && counts["set_aside"] == 0
        && versions.iter().all(|(_, answers)| *answers > 0)
        && notes.ended_on.is_some()
        && !settled.conflicts.is_empty();
    let facts = page::Facts {
        plan,
        campaign,
        canvassers,
        settled,
        rows: &rows,
        proof,
        digests: &digests,
        ended_on: notes.ended_on.as_deref(),
    };
    let report = page::report(&facts)?;
    Ok(Day { json, report, changes_csv, contacts_csv, is_proved })
}

fn export(server: &LocalServer, campaign: &Campaign, format: &str) -> Result<Vec<u8>, DayError> {
    let path = campaign.path(&format!("/export/{format}"));
    match server.operator_bytes(Method::GET, &path, Vec::new()) {
        (200, bytes) => Ok(bytes),
        (status, _) => Err(crate::local_server::Refused { status, body: Value::Null }.into()),
    }
}

fn rows(csv: &[u8]) -> Result<Vec<ExportedRow>, DayError> {
    let mut reader = csv::Reader::from_reader(csv);
    let lacks = |_| DayError::Answer("rows");
    let header = reader.headers().map_err(lacks)?.clone();
    let column = |name: &'static str| {
        header.iter().position(|known| known == name).ok_or(DayError::Answer(name))
    };
    let columns = [
        column("change_id")?,
        column("kind")?,
        column("state")?,
        column("question")?,
        column("value")?,
        column("script_version")?,
        column("field")?,
    ];
    reader
        .records()
        .map(|record| {
            let record = record.map_err(lacks)?;
            let [change, kind, state, question, value, version, field] =
                columns.map(|at| record.get(at).unwrap_or_default().to_owned());
            Ok(ExportedRow { change, kind, state, question, value, field, version })
        })
        .collect()
}

/// Every id that a recording call returned must be in the file, once.
fn proof(notes: &Notes, rows: &[ExportedRow]) -> Proof {
    let mut times: BTreeMap<&str, u64> = BTreeMap::new();
    for row in rows {
        *times.entry(&row.change).or_default() += 1;
    }
    let saved: BTreeSet<&ChangeId> = notes.saved.iter().collect();
    let found = saved.iter().filter(|id| times.contains_key(id.to_string().as_str())).count();
    Proof {
        recorded: saved.len() as u64,
        exported: rows.len() as u64,
        lost: (saved.len() - found) as u64,
        duplicated: times.values().filter(|times| **times > 1).count() as u64,
    }
}

/// For each phone, whether it holds what the backend holds of its list.
fn digests(
    server: &LocalServer,
    campaign: &Campaign,
    canvassers: &[Canvasser],
) -> Result<Vec<bool>, DayError> {
    canvassers
        .iter()
        .map(|canvasser| {
            let own = canvasser.engine().state_digest(canvasser.list()?)?.to_string();
            let path = campaign.path(&format!("/lists/{}/digest", canvasser.list_number));
            let theirs = server.operator(Method::GET, &path, &Value::Null)?;
            Ok(theirs["digest"].as_str() == Some(own.as_str()))
        })
        .collect()
}
