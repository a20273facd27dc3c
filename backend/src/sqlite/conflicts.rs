//! Disagreements: kept as they come and go, listed for the organiser, settled by a change.

use canvass_core::change::{Body, Change, EventMarks};
use canvass_core::id::{
    CampaignId, CanvasserId, ChangeId, ConflictId, DeviceId, HouseholdId, PersonId,
};
use canvass_core::merge::{
    Candidate, CandidateValue, Conflict, FieldKey, HouseholdState, SoftConflict, Write,
};
use canvass_core::survey::Script;
use canvass_core::time::Timestamp;
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::corrections;
use crate::sqlite::rows::{self, Door, SourceRow, all, execute, first, from_sql};
use crate::storage::{OpenCandidate, OpenConflict, OpenSoftConflict};

/// Notes which disagreements a household has now, and whether something is proposed. Those that
/// are gone are closed, not dropped.
pub(super) fn keep(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    household: HouseholdId,
    state: &HouseholdState,
    now: Timestamp,
) -> Result<(), Error> {
    corrections::keep(tx, campaign, household, state)?;
    keep_soft(tx, campaign, household, state)?;
    let (campaign, household) = (campaign.to_bytes(), household.to_bytes());
    let sql = "SELECT id FROM conflict WHERE campaign = ?1 AND household = ?2 AND closed IS NULL";
    let open: Vec<[u8; 16]> = all(tx, sql, params![campaign, household], |row| row.get(0))?;
    let there: Vec<[u8; 16]> = state.conflicts.iter().map(|known| known.id.to_bytes()).collect();
    for id in open.iter().filter(|id| !there.contains(id)) {
        let sql = "UPDATE conflict SET closed = ?3 WHERE campaign = ?1 AND id = ?2";
        execute(tx, sql, params![campaign, id, now.millis()])?;
    }
    for id in there.iter().filter(|id| !open.contains(id)) {
        let sql = "INSERT OR REPLACE INTO conflict VALUES (?1, ?2, ?3, ?4, NULL)";
        execute(tx, sql, params![campaign, id, household, now.millis()])?;
    }
    Ok(())
}

fn keep_soft(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    household: HouseholdId,
    state: &HouseholdState,
) -> Result<(), Error> {
    let sql = if state.soft_conflicts.is_empty() && state.double_knocks.is_empty() {
        "DELETE FROM soft_conflict WHERE campaign = ?1 AND household = ?2"
    } else {
        "INSERT OR IGNORE INTO soft_conflict VALUES (?1, ?2)"
    };
    execute(tx, sql, params![campaign.to_bytes(), household.to_bytes()]).map(|_| ())
}

/// What people did side by side, door by door: nothing waits for it.
pub(super) fn soft(
    tx: &Transaction<'_>,
    campaign: CampaignId,
) -> Result<Vec<OpenSoftConflict>, Error> {
    let sql = "SELECT household FROM soft_conflict WHERE campaign = ?1 ORDER BY household";
    let households: Vec<HouseholdId> =
        all(tx, sql, [campaign.to_bytes()], |row| Ok(HouseholdId::from_bytes(row.get(0)?)))?;
    let names = super::enrol::canvasser_names(tx, campaign)?;
    let sources = rows::sources(tx, campaign)?;
    let mut open = Vec::new();
    for household in households {
        let door = door(tx, campaign, household)?;
        let state = door.state(campaign, &sources);
        let knocks = state.double_knocks.iter();
        let knocks = knocks.map(|both| ("double_knock", [both.first, both.second]));
        let others = state.soft_conflicts.iter().map(|soft| (soft_name(*soft), soft.changes()));
        open.extend(knocks.chain(others).map(|(kind, changes)| OpenSoftConflict {
            kind,
            household,
            door_id: door.row.key.clone(),
            canvassers: changes.map(|change| author_name(&door, &names, change)).to_vec(),
            changes: changes.to_vec(),
        }));
    }
    Ok(open)
}

const fn soft_name(soft: SoftConflict) -> &'static str {
    match soft {
        SoftConflict::WrittenOnSince { .. } => "written_on_since",
        SoftConflict::AnswerWentToo { .. } => "answer_went_too",
        SoftConflict::MetTwice { .. } => "met_twice",
        SoftConflict::AccessDiffers { .. } => "access_differs",
        SoftConflict::ReachedThough { .. } => "reached_though",
    }
}

fn author_name(door: &Door, names: &[(CanvasserId, String)], change: ChangeId) -> String {
    let write = door.writes.iter().find(|write| write.change.id == change);
    let known = names.iter().find(|(id, _)| write.is_some_and(|write| write.canvasser == *id));
    known.map(|(_, name)| name.clone()).unwrap_or_default()
}

/// What listing disagreements needs to know beside the household itself.
struct Names {
    scripts: Vec<Script>,
    canvassers: Vec<(CanvasserId, String)>,
}

/// All open disagreements.
pub(super) fn list(tx: &Transaction<'_>, campaign: CampaignId) -> Result<Vec<OpenConflict>, Error> {
    let sql = "SELECT DISTINCT household FROM conflict WHERE campaign = ?1 AND closed IS NULL";
    let households: Vec<HouseholdId> =
        all(tx, sql, [campaign.to_bytes()], |row| Ok(HouseholdId::from_bytes(row.get(0)?)))?;
    let names = Names {
        scripts: super::campaign::scripts(tx, campaign)?,
        canvassers: super::enrol::canvasser_names(tx, campaign)?,
    };
    let sources = rows::sources(tx, campaign)?;
    let mut open = Vec::new();
    for household in households {
        let door = door(tx, campaign, household)?;
        let state = door.state(campaign, &sources);
        open.extend(state.conflicts.iter().map(|conflict| open_conflict(&names, &door, conflict)));
    }
    Ok(open)
}

pub(super) fn door(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    household: HouseholdId,
) -> Result<Door, Error> {
    let row = rows::household(tx, campaign, household)?;
    rows::door(tx, campaign, row.ok_or(Error::NotFound("household"))?)
}

fn open_conflict(names: &Names, door: &Door, conflict: &Conflict) -> OpenConflict {
    let person = |id: PersonId| {
        let row = door.people.iter().find(|row| row.person.id == id);
        row.map_or_else(|| id.to_string(), |row| row.key.clone())
    };
    OpenConflict {
        conflict: conflict.id,
        household: conflict.household,
        door_id: door.row.key.clone(),
        address: door.row.household.address.clone(),
        person_id: conflict.field.member.map(person).unwrap_or_default(),
        subject: subject(names, &conflict.field.key),
        candidates: conflict
            .candidates
            .iter()
            .map(|candidate| open_candidate(names, conflict, candidate))
            .collect(),
    }
}

fn subject(names: &Names, key: &FieldKey) -> String {
    match key {
        FieldKey::Answer { script, question } => {
            let script = names.scripts.iter().find(|known| known.hash() == *script);
            let question = script.and_then(|script| script.question(*question));
            question.map(|question| question.name.clone()).unwrap_or_default()
        }
        FieldKey::PrimaryContact(medium) => format!("{medium:?}").to_lowercase(),
        FieldKey::Imported(field) => field.name().to_owned(),
        FieldKey::Ask(kind) => kind.name().to_owned(),
        _ => String::new(),
    }
}

fn open_candidate(names: &Names, conflict: &Conflict, candidate: &Candidate) -> OpenCandidate {
    let name = |id: CanvasserId| {
        let known = names.canvassers.iter().find(|(known, _)| *known == id);
        known.map(|(_, name)| name.clone()).unwrap_or_default()
    };
    OpenCandidate {
        change: candidate.change,
        value: value(names, &conflict.field.key, &candidate.value),
        canvasser: candidate.canvasser.map(name).unwrap_or_default(),
        at: candidate.at,
        clock_was_off: candidate.clock_was_off,
    }
}

fn value(names: &Names, key: &FieldKey, value: &CandidateValue) -> Vec<String> {
    match (value, key) {
        (CandidateValue::Answer(Some(code)), FieldKey::Answer { script, question }) => {
            let script = names.scripts.iter().find(|known| known.hash() == *script);
            let value = script.and_then(|script| script.value(*question, code));
            value.map(|(_, value)| value.texts()).unwrap_or_default()
        }
        (CandidateValue::Answer(_), _) => Vec::new(),
        (CandidateValue::Ask(state), _) => vec![state.name().to_owned()],
        (CandidateValue::Contact(value) | CandidateValue::Imported(_, value), _) => {
            vec![value.clone()]
        }
    }
}

/// Settles a disagreement: the chosen value, written anew by the organiser, who has seen all.
pub(super) fn resolve(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    conflict: ConflictId,
    chosen: ChangeId,
    now: Timestamp,
) -> Result<ChangeId, Error> {
    let sql = "SELECT household FROM conflict
               WHERE campaign = ?1 AND id = ?2 AND closed IS NULL";
    let key = params![campaign.to_bytes(), conflict.to_bytes()];
    let household = first(tx, sql, key, |row| Ok(HouseholdId::from_bytes(row.get(0)?)))?;
    let household = household.ok_or(Error::NotFound("conflict"))?;
    let sources = rows::sources(tx, campaign)?;
    let mut door = door(tx, campaign, household)?;
    let state = door.state(campaign, &sources);
    let open = state.conflicts.iter().find(|known| known.id == conflict);
    let open = open.ok_or(Error::NotFound("conflict"))?;
    let id = organiser_change(tx, campaign)?;
    let body = open.decision(chosen, &door.writes).ok_or(Error::NotFound("candidate"))?;
    let member = open.field.member;
    let base = match &body {
        Body::Correction(correction) => state.correction_base(member, correction.field),
        _ => state.base(&open.field),
    };
    let change = Change {
        id,
        was: None,
        door: household,
        member,
        base,
        recorded_at: now.whole_second(),
        body,
    };
    sequence(tx, campaign, &mut door, change, now)?;
    let state = door.state(campaign, &sources);
    corrections::keep_standing(tx, campaign, &door, &state)?;
    keep_state(tx, campaign, &door, &state, &sources, now)?;
    Ok(id)
}

/// Sequences a change of the organiser's at its household.
pub(super) fn sequence(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    door: &mut Door,
    change: Change,
    now: Timestamp,
) -> Result<(), Error> {
    let mut write = Write {
        change,
        canvasser: organiser(campaign),
        effective: Some(now),
        marks: EventMarks(EventMarks::ORGANISER),
        cell_seq: None,
    };
    super::ingest::sequence(tx, campaign, door, &mut write, now)?;
    door.writes.push(write);
    Ok(())
}

/// Keeps what a household amounts to now, its digest, and what is open there.
pub(super) fn keep_state(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    door: &Door,
    state: &HouseholdState,
    sources: &[SourceRow],
    now: Timestamp,
) -> Result<(), Error> {
    let household = door.row.household.id;
    let digest = door.digest(state, sources);
    rows::put_state(tx, campaign, household, &door.projection(state), digest)?;
    keep(tx, campaign, household, state, now)
}

/// The organiser, as an author.
pub(super) fn organiser(campaign: CampaignId) -> CanvasserId {
    CanvasserId::derive(&[b"organiser", &campaign.to_bytes()])
}

/// The next change of the organiser's own.
pub(super) fn organiser_change(
    tx: &Transaction<'_>,
    campaign: CampaignId,
) -> Result<ChangeId, Error> {
    let sql = "UPDATE campaign SET next_change = next_change + 1 WHERE campaign = ?1
               RETURNING next_change - 1";
    let seq = first(tx, sql, [campaign.to_bytes()], |row| row.get(0).map(from_sql))?;
    Ok(ChangeId {
        device: DeviceId::derive(&[b"organiser", &campaign.to_bytes()]),
        incarnation: 1,
        seq: seq.ok_or(Error::NotFound("campaign"))?,
    })
}
