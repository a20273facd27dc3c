//! Exports: the campaign's results as files, through the read gate.

use std::collections::BTreeMap;

use canvass_core::canvass::Purpose;
use canvass_core::id::{CampaignId, CanvasserId, HouseholdId, ScriptHash};
use canvass_core::interchange::{
    ChangeRow, Contact, ExportError, Exported as Written, HouseholdResults, LossReport, OsdiNames,
    PersonResults, ResultNames, TurfFeature, TurfOutline, UTC_OFFSET_MINUTES, write_changes_csv,
    write_contacts_csv, write_osdi_jsonl, write_turfs_geojson, write_van_csv, write_van_jsonl,
};
use canvass_core::survey::Script;
use rusqlite::{Transaction, params};
use serde_json::json;

use crate::error::Error;
use crate::sqlite::rows::{self, SourceRow};
use crate::storage::{ExportFormat, Exported, Turf};

pub(super) fn export(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    format: ExportFormat,
) -> Result<Exported, Error> {
    super::campaign::check(tx, campaign)?;
    if format == ExportFormat::Geojson {
        return turfs(&super::turfs::all(tx, campaign)?);
    }
    let all = All::read(tx, campaign)?;
    let mut rows: Vec<ChangeRow> = Vec::new();
    let mut contacts: Vec<Contact> = Vec::new();
    let mut loss = LossReport::default();
    let households = with_events(tx, campaign, format.purpose())?;
    for household in households {
        all.with_household(tx, household, |results, names| match format {
            ExportFormat::Csv => rows.extend(results.change_rows(names)),
            _ => contacts.extend(results.contacts(names, &mut loss)),
        })?;
    }
    let codes = super::codes::table(tx, campaign, format.backend())?;
    file(|out| match format {
        ExportFormat::Csv => write_changes_csv(out, &rows),
        ExportFormat::Osdi => {
            let names = OsdiNames { codes, ..OsdiNames::without_questions() };
            write_osdi_jsonl(out, &contacts, &names, loss)
        }
        ExportFormat::Contacts => {
            write_contacts_csv(out, &contacts, &codes, UTC_OFFSET_MINUTES, loss)
        }
        ExportFormat::VanApi => write_van_jsonl(out, &contacts, &codes, UTC_OFFSET_MINUTES, loss),
        _ => write_van_csv(out, &contacts, &codes, UTC_OFFSET_MINUTES, loss),
    })
}

fn file(
    write: impl FnOnce(&mut Vec<u8>) -> Result<Written, ExportError>,
) -> Result<Exported, Error> {
    let mut bytes = Vec::new();
    let written = write(&mut bytes).map_err(|_| Error::Inconsistent("an export in memory"))?;
    let Written { records, loss, warnings } = written;
    Ok(Exported { bytes, records, loss: json!(loss), warnings: json!(warnings) })
}

fn turfs(turfs: &[Turf]) -> Result<Exported, Error> {
    let features = turfs.iter().map(|turf| TurfFeature {
        id: turf.turf.to_string(),
        outline: TurfOutline { name: turf.name.clone(), polygons: vec![turf.outline.clone()] },
        properties: BTreeMap::from([("doors".to_owned(), turf.doors.into())]),
    });
    file(|out| write_turfs_geojson(out, features))
}

/// Households that something was written to and that may leave for this purpose.
fn with_events(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    purpose: Purpose,
) -> Result<Vec<HouseholdId>, Error> {
    let sql = "SELECT id FROM household h WHERE campaign = ?1 AND mask & ?2 AND EXISTS
                 (SELECT 1 FROM event e WHERE e.campaign = h.campaign AND e.household = h.id)
               ORDER BY cell, ordinal";
    let key = params![campaign.to_bytes(), purpose.bit()];
    rows::all(tx, sql, key, |row| Ok(HouseholdId::from_bytes(row.get(0)?)))
}

/// What all households of an export share.
struct All {
    campaign: CampaignId,
    sources: Vec<SourceRow>,
    scripts: Vec<Script>,
    canvassers: Vec<(CanvasserId, String)>,
}

impl All {
    fn read(tx: &Transaction<'_>, campaign: CampaignId) -> Result<Self, Error> {
        Ok(Self {
            campaign,
            sources: rows::sources(tx, campaign)?,
            scripts: super::campaign::scripts(tx, campaign)?,
            canvassers: super::enrol::canvasser_names(tx, campaign)?,
        })
    }

    fn with_household(
        &self,
        tx: &Transaction<'_>,
        household: HouseholdId,
        read: impl FnOnce(&HouseholdResults<'_>, &ResultNames<'_>),
    ) -> Result<(), Error> {
        let row = rows::household(tx, self.campaign, household)?;
        let row = row.ok_or(Error::Inconsistent("an event's household"))?;
        let door = rows::door(tx, self.campaign, row)?;
        let state = door.state(self.campaign, &self.sources);
        let results = HouseholdResults {
            household,
            door_key: &door.row.key,
            people: door
                .people
                .iter()
                .map(|row| PersonResults::of(&row.person, &row.key))
                .collect(),
            writes: &door.writes,
            state: &state,
        };
        let canvassers = |id: CanvasserId| {
            let known = self.canvassers.iter().find(|(known, _)| *known == id);
            known.map(|(_, name)| name.clone()).unwrap_or_default()
        };
        let script = |hash: ScriptHash| self.scripts.iter().find(|script| script.hash() == hash);
        read(&results, &ResultNames { canvassers: &canvassers, script: &script });
        Ok(())
    }
}
