//! Corrections: what canvassers propose to put right in what files say, and the organiser's
//! decision, which holds.
//!
//! Before the first decision at a household, what its source had said of it first is sequenced as
//! that file's own change: the rows show something else from then on, and a file that repeats
//! itself must still be seen to say nothing new.

use canvass_core::canvass::check_correction;
use canvass_core::change::{
    Body, Change, CorrectedField, CorrectionBody, ImportedField, ImportedWrite,
};
use canvass_core::id::{CampaignId, ChangeId, HouseholdId, PersonId};
use canvass_core::interchange::import::FileRef;
use canvass_core::interchange::{household_fields, known_person_fields};
use canvass_core::merge::{FIRST_VALUES, FieldId, HouseholdState};
use canvass_core::time::Timestamp;
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::rows::{self, Door, SourceRow, all, execute};
use crate::sqlite::{conflicts, import};
use crate::storage::{CorrectionOrder, OpenCorrection};

/// Notes whether something proposed at a household waits for a decision.
pub(super) fn keep(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    household: HouseholdId,
    state: &HouseholdState,
) -> Result<(), Error> {
    let sql = if state.proposals.is_empty() {
        "DELETE FROM proposal WHERE campaign = ?1 AND household = ?2"
    } else {
        "INSERT OR IGNORE INTO proposal VALUES (?1, ?2)"
    };
    execute(tx, sql, params![campaign.to_bytes(), household.to_bytes()]).map(|_| ())
}

/// What was proposed and nobody has decided, door by door.
pub(super) fn list(
    tx: &Transaction<'_>,
    campaign: CampaignId,
) -> Result<Vec<OpenCorrection>, Error> {
    super::campaign::check(tx, campaign)?;
    let sql = "SELECT household FROM proposal WHERE campaign = ?1 ORDER BY household";
    let households =
        all(tx, sql, [campaign.to_bytes()], |row| Ok(HouseholdId::from_bytes(row.get(0)?)))?;
    let names = super::enrol::canvasser_names(tx, campaign)?;
    let sources = rows::sources(tx, campaign)?;
    let mut open = Vec::new();
    for household in households {
        let door = conflicts::door(tx, campaign, household)?;
        let state = door.state(campaign, &sources);
        open.extend(state.proposals.iter().map(|proposal| {
            OpenCorrection {
                household,
                door_id: door.row.key.clone(),
                person: proposal.member,
                field: proposal.field.imported().name().to_owned(),
                now: stands(&door, &state, proposal.member, proposal.field),
                value: proposal.value.clone(),
                canvassers: proposal
                    .canvassers
                    .iter()
                    .filter_map(|who| names.iter().find(|(known, _)| known == who))
                    .map(|(_, name)| name.clone())
                    .collect(),
                at: proposal.at,
            }
        }));
    }
    Ok(open)
}

/// What stands in a field now.
fn stands(
    door: &Door,
    state: &HouseholdState,
    member: Option<PersonId>,
    field: CorrectedField,
) -> String {
    let field = field.imported();
    if let Some(value) = state.imported.get(&(member, field)) {
        return value.clone();
    }
    let of = |fields: Vec<(ImportedField, String)>| {
        fields.into_iter().find(|(known, _)| *known == field).map(|(_, value)| value)
    };
    let Some(member) = member else {
        return of(household_fields(&door.row.household)).unwrap_or_default();
    };
    let row = door.people.iter().find(|row| row.person.id == member);
    row.and_then(|row| of(known_person_fields(&row.person))).unwrap_or_default()
}

/// Puts a field right, and settles whatever was proposed for it.
pub(super) fn decide(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    order: &CorrectionOrder,
    now: Timestamp,
) -> Result<ChangeId, Error> {
    super::campaign::check(tx, campaign)?;
    let (member, value) = (order.person, order.value.trim().to_owned());
    let field = CorrectedField::ALL.into_iter().find(|it| it.imported().name() == order.field);
    let field = field.filter(|field| field.is_persons() == member.is_some());
    let field = field.ok_or(Error::BadRequest("a field"))?;
    check_correction(&value, field.may_be_empty()).map_err(|_| Error::BadRequest("a value"))?;
    let sources = rows::sources(tx, campaign)?;
    let mut door = conflicts::door(tx, campaign, order.household)?;
    let state = door.state(campaign, &sources);
    let is_known = |person| door.is_member(&state, person) && !state.erased.has(person);
    if member.is_some_and(|person| !is_known(person)) {
        return Err(Error::NotFound("person"));
    }
    first_values(tx, campaign, &sources, &mut door, now)?;
    let base = door.state(campaign, &sources).correction_base(member, field);
    let body = Body::Correction(CorrectionBody { field, value });
    let id = conflicts::organiser_change(tx, campaign)?;
    let change = Change {
        id,
        was: None,
        door: order.household,
        member,
        base,
        recorded_at: now.whole_second(),
        body,
    };
    conflicts::sequence(tx, campaign, &mut door, change, now)?;
    let state = door.state(campaign, &sources);
    keep_standing(tx, campaign, &door, &state)?;
    conflicts::keep_state(tx, campaign, &door, &state, &sources, now)?;
    Ok(id)
}

/// Sequences what files said first of a household and its people, for each file once.
fn first_values(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    sources: &[SourceRow],
    door: &mut Door,
    now: Timestamp,
) -> Result<(), Error> {
    let state = door.state(campaign, sources);
    let untouched = |member, (field, value)| {
        let known = CorrectedField::of(field).is_some()
            && !state.heads.contains_key(&FieldId::of_imported(member, field));
        known.then_some(ImportedWrite { member, field, previous: None, value })
    };
    let row = &door.row;
    let own = household_fields(&row.household).into_iter().map(|said| (None, said));
    let mut files = vec![(row.source, row.file, own.collect::<Vec<_>>())];
    for row in door.people.iter().filter(|row| !state.erased.has(row.person.id)) {
        let member = Some(row.person.id);
        let said = known_person_fields(&row.person).into_iter().map(|said| (member, said));
        match files.iter_mut().find(|(s, f, _)| (*s, *f) == (row.source, row.file)) {
            Some((_, _, known)) => known.extend(said),
            None => files.push((row.source, row.file, said.collect())),
        }
    }
    for (source, file, said) in files {
        let writes: Vec<_> =
            said.into_iter().filter_map(|(member, said)| untouched(member, said)).collect();
        let Some(id) = rows::file(sources, source, file) else { continue };
        let id = ChangeId { incarnation: FIRST_VALUES, ..id };
        if writes.is_empty() || door.writes.iter().any(|write| write.change.id == id) {
            continue;
        }
        let file = FileRef { source: "", id };
        let mut write = file.write(row.household.id, now, writes);
        super::ingest::sequence(tx, campaign, door, &mut write, now)?;
        door.writes.push(write);
    }
    Ok(())
}

/// Has the rows of a household show what stands in the fields of files.
pub(super) fn keep_standing(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    door: &Door,
    state: &HouseholdState,
) -> Result<(), Error> {
    import::keep_altered(tx, campaign, door, &state.imported_writes())
}
