//! Results out: what this phone knows of a list, unsent work included, as a file.

use std::collections::BTreeSet;

use crate::canvass::Purpose;
use crate::engine::Engine;
use crate::engine::door::Door;
use crate::engine::error::Error;
use crate::engine::lists::ListReader;
use crate::id::{HouseholdId, ListId};
use crate::interchange::{
    Backend, ChangeRow, Contact, DoorFeature, ExportError, ExportWarning, Exported,
    HouseholdResults, Loss, LossReport, OsdiNames, PersonResults, ResultCodes, ResultNames,
    RouteStop, UTC_OFFSET_MINUTES, write_changes_csv, write_doors_geojson, write_osdi_jsonl,
    write_route_gpx, write_van_csv, write_van_jsonl,
};
use crate::merge::Write;
use crate::store::DoorRow;
use crate::walklist::CanvassResult;

/// A format that results leave in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum ExportFormat {
    /// One row per change, with its id: everything there is.
    Csv,
    /// Contacts as VAN takes them: per person a result or answers.
    Van,
    /// Contacts as VAN's canvass responses call takes them, a line each.
    VanApi,
    /// Contacts as OSDI takes them, a line each.
    Osdi,
    /// Doors with their results, for a map.
    GeoJson,
    /// The walking order, for a navigation app.
    Gpx,
}

/// A file that leaves.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ExportedFile {
    /// The file.
    pub bytes: Vec<u8>,
    /// Rows, lines or features in it.
    pub records: u64,
    /// What its format could not hold.
    pub loss: Vec<Loss>,
    /// What follows at the backend from what is in it.
    pub warnings: Vec<ExportWarning>,
}

/// Doors read at a time.
const PAGE: u32 = 1_000;

impl Engine {
    /// Writes what this phone knows of a list to a file. The same state gives the same bytes.
    pub fn export(&self, list: ListId, format: ExportFormat) -> Result<ExportedFile, Error> {
        self.export_with_codes(list, format, None)
    }

    /// The same with a table of what the backend calls results (JSON): what its database gave, or
    /// what was configured. Contacts for VAN and OSDI follow it; other formats have no use for it.
    /// Without one, results leave by their usual names, and by no number.
    pub fn export_with_codes(
        &self,
        list: ListId,
        format: ExportFormat,
        codes: Option<&str>,
    ) -> Result<ExportedFile, Error> {
        let backend = if format == ExportFormat::Osdi { Backend::Osdi } else { Backend::Van };
        let usual = || Ok(ResultCodes::usual(backend));
        let codes = codes.map_or_else(usual, |json| ResultCodes::parse(backend, json))?;
        self.read(list, |reader| match format {
            ExportFormat::Csv => changes(reader),
            ExportFormat::Van | ExportFormat::VanApi | ExportFormat::Osdi => {
                contacts(reader, format, codes)
            }
            ExportFormat::GeoJson => geojson(reader),
            ExportFormat::Gpx => gpx(reader),
        })
    }
}

fn file(
    write: impl FnOnce(&mut Vec<u8>) -> Result<Exported, ExportError>,
) -> Result<ExportedFile, Error> {
    let mut bytes = Vec::new();
    let Exported { records, loss, warnings } = write(&mut bytes)?;
    Ok(ExportedFile { bytes, records, loss: loss.losses().to_vec(), warnings })
}

fn changes(reader: &ListReader) -> Result<ExportedFile, Error> {
    let mut rows: Vec<ChangeRow> = Vec::new();
    for household in with_results(reader)? {
        with_household(reader, household, |results, names| {
            rows.extend(results.change_rows(names));
        })?;
    }
    file(|out| write_changes_csv(out, &rows))
}

fn contacts(
    reader: &ListReader,
    format: ExportFormat,
    codes: ResultCodes,
) -> Result<ExportedFile, Error> {
    let mut loss = LossReport::default();
    let mut contacts: Vec<Contact> = Vec::new();
    for household in with_results(reader)? {
        with_household(reader, household, |results, names| {
            contacts.extend(results.contacts(names, &mut loss));
        })?;
    }
    match format {
        ExportFormat::Osdi => {
            let names = OsdiNames { codes, ..OsdiNames::without_questions() };
            file(|out| write_osdi_jsonl(out, &contacts, &names, loss))
        }
        ExportFormat::VanApi => {
            file(|out| write_van_jsonl(out, &contacts, &codes, UTC_OFFSET_MINUTES, loss))
        }
        _ => file(|out| write_van_csv(out, &contacts, &codes, UTC_OFFSET_MINUTES, loss)),
    }
}

/// Households that something was written to, by the mirror's order, then unsent ones.
fn with_results(reader: &ListReader) -> Result<Vec<HouseholdId>, Error> {
    let mut households = reader.rows().households_with_events()?;
    let known: BTreeSet<HouseholdId> = households.iter().copied().collect();
    households.extend(reader.pending_households().filter(|id| !known.contains(id)));
    Ok(households)
}

fn with_household(
    reader: &ListReader,
    household: HouseholdId,
    read: impl FnOnce(&HouseholdResults<'_>, &ResultNames<'_>),
) -> Result<(), Error> {
    let door = match reader.door(household) {
        Ok(door) => door,
        // A door that is not on the list any more: its unsent work still leaves by sync.
        Err(Error::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    if !door.projection().eligibility.allows(Purpose::ResultsOut) {
        return Ok(());
    }
    let writes: Vec<Write> = reader.writes(&door)?;
    let canvassers = |id| reader.name(id);
    let script = |hash| reader.script_version(hash).map(|script| &**script);
    let names = ResultNames { canvassers: &canvassers, script: &script };
    read(&results(&door, &writes), &names);
    Ok(())
}

fn results<'a>(door: &'a Door, writes: &'a [Write]) -> HouseholdResults<'a> {
    HouseholdResults {
        household: door.row.household.id,
        door_key: &door.row.key,
        people: door.people.iter().map(|row| PersonResults::of(&row.person, &row.key)).collect(),
        writes,
        state: &door.state,
    }
}

/// All doors for a purpose, in walking order.
fn all_doors(reader: &ListReader, purpose: Purpose) -> Result<Vec<DoorRow>, Error> {
    let mut doors: Vec<DoorRow> = Vec::new();
    loop {
        let after = doors.last().map(|door| (door.stop, door.place));
        let page = reader.db.doors(purpose, after, PAGE)?;
        if page.is_empty() {
            return Ok(doors);
        }
        doors.extend(page);
    }
}

fn geojson(reader: &ListReader) -> Result<ExportedFile, Error> {
    let doors = all_doors(reader, Purpose::ListOut)?.into_iter().map(|door| {
        let properties = [
            ("stop".to_owned(), door.stop.into()),
            ("result".to_owned(), door.result.map(CanvassResult::name).into()),
            ("knocks".to_owned(), door.knocks.into()),
            ("done".to_owned(), door.done.into()),
        ];
        DoorFeature {
            id: door.id.to_string(),
            point: door.point,
            address: door.address,
            properties: properties.into_iter().collect(),
        }
    });
    file(|out| write_doors_geojson(out, doors))
}

fn gpx(reader: &ListReader) -> Result<ExportedFile, Error> {
    let mut stops: Vec<(u32, RouteStop)> = Vec::new();
    for door in all_doors(reader, Purpose::Walk)? {
        match stops.last_mut() {
            Some((stop, known)) if *stop == door.stop => {
                known.description = format!("{} {}", known.description, door.address.unit);
            }
            _ => {
                let address = &door.address;
                let stop = RouteStop {
                    point: door.point,
                    name: format!("{} {}", address.house_number, address.street),
                    description: address.unit.clone(),
                };
                stops.push((door.stop, stop));
            }
        }
    }
    let name = reader.db.about()?.map(|(about, _)| about.name).unwrap_or_default();
    file(|out| write_route_gpx(out, &name, stops.iter().map(|(_, stop)| stop)))
}
