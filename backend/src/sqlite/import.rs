//! Imports: the campaign's tables as a roster, in the transaction of one file.

use std::collections::BTreeSet;

use canvass_core::change::ImportedWrite;
use canvass_core::geometry::Point;
use canvass_core::id::{CampaignId, DeviceId, HouseholdId, PersonId, source_device};
use canvass_core::interchange::import::{
    FileRef, KnownPerson, Roster, Said, import_doors, import_people, said, take_in,
};
use canvass_core::interchange::{
    DoorProfile, DoorReader, ImportTally, PersonProfile, PersonReader, ReadLimits,
    household_fields, known_person_fields, set_household_field,
};
use canvass_core::merge::{Erased, HouseholdState, Write, rows_digest};
use canvass_core::time::Timestamp;
use canvass_core::walklist::{Household, Person};
use rusqlite::{Transaction, params};

use crate::error::Error;
use crate::sqlite::erase;
use crate::sqlite::rows::{self, Door, SourceRow, all, execute, first, to_sql};
use crate::storage::{ImportBody, ImportKind, ImportOrder};

/// Most rows of one file.
const LIMITS: ReadLimits = ReadLimits { rows: 500_000 };

pub(super) fn import(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    order: &ImportOrder,
    body: ImportBody,
    now: Timestamp,
) -> Result<ImportTally, Error> {
    super::campaign::check(tx, campaign)?;
    let sources = rows::sources(tx, campaign)?;
    let mut roster =
        Tables { tx, campaign, now, sources, touched: BTreeSet::new(), grown: BTreeSet::new() };
    let (profile, source) = (order.profile.as_deref(), order.source.as_deref());
    let imported = match order.kind {
        ImportKind::Doors => {
            let profile = profile.map(DoorProfile::built_in).transpose()?;
            import_doors(&mut roster, DoorReader::open(body, profile.as_ref(), LIMITS)?, source)?
        }
        ImportKind::People => {
            let profile = profile.map(PersonProfile::built_in).transpose()?;
            let reader = PersonReader::open(body, profile.as_ref(), LIMITS, now.year())?;
            import_people(&mut roster, reader, source)?
        }
    };
    if !imported.tally.is_clean() {
        return Err(Error::Rejected(Box::new(imported.tally)));
    }
    roster.finish()?;
    Ok(imported.tally)
}

/// The tables of a campaign, as an import sees them.
struct Tables<'a> {
    tx: &'a Transaction<'a>,
    campaign: CampaignId,
    now: Timestamp,
    sources: Vec<SourceRow>,
    /// Households to be folded anew.
    touched: BTreeSet<HouseholdId>,
    /// Households with people who were not there before.
    grown: BTreeSet<HouseholdId>,
}

impl Tables<'_> {
    fn finish(self) -> Result<(), Error> {
        let Self { tx, campaign, now, sources, touched, grown } = self;
        for household in touched {
            let door = door(tx, campaign, household)?;
            let state = door.state(campaign, &sources);
            super::conflicts::keep_state(tx, campaign, &door, &state, &sources, now)?;
        }
        // Lists with new people are given out anew; what is recorded meanwhile still counts.
        let mut lists: BTreeSet<u32> = BTreeSet::new();
        let sql = "SELECT list FROM list_member WHERE campaign = ?1 AND household = ?2";
        for household in grown {
            let key = params![campaign.to_bytes(), household.to_bytes()];
            lists.extend(all(tx, sql, key, |row| row.get::<_, u32>(0))?);
        }
        for list in lists {
            let sql = "UPDATE list SET epoch = epoch + 1 WHERE campaign = ?1 AND number = ?2";
            execute(tx, sql, params![campaign.to_bytes(), list])?;
        }
        Ok(())
    }

    fn source(&mut self, name: &str) -> Result<u32, Error> {
        if let Some(known) = self.sources.iter().find(|known| known.name == name) {
            return Ok(known.number);
        }
        let number = self.sources.iter().map(|known| known.number).max().unwrap_or(0) + 1;
        let device = source_device(self.campaign, name);
        execute(
            self.tx,
            "INSERT INTO source VALUES (?1, ?2, ?3, ?4, 0)",
            params![self.campaign.to_bytes(), number, name, device.to_bytes()],
        )?;
        self.sources.push(SourceRow { number, name: name.to_owned(), device, files: 0 });
        Ok(number)
    }

    /// Whether someone was erased, here or at the door where they lived before.
    fn is_erased(&self, person: &Person) -> Result<bool, Error> {
        let sql = "SELECT household FROM person WHERE campaign = ?1 AND id = ?2";
        let key = params![self.campaign.to_bytes(), person.id.to_bytes()];
        let mut doors = all(self.tx, sql, key, |row| Ok(HouseholdId::from_bytes(row.get(0)?)))?;
        doors.push(person.household);
        for door in doors {
            if erase::is_noted(self.tx, self.campaign, door)?
                && Erased::of(&writes(self.tx, self.campaign, door)?).has(person.id)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Gives a new door of a cell its ordinal; the cell is made with its first door.
    fn ordinal(&self, cell: u32) -> Result<u32, Error> {
        let sql = "INSERT INTO cell VALUES (?1, ?2, 0, 1)
                   ON CONFLICT (campaign, cell) DO UPDATE SET doors = doors + 1
                   RETURNING doors - 1";
        let ordinal =
            first(self.tx, sql, params![self.campaign.to_bytes(), cell], |row| row.get(0))?;
        ordinal.ok_or(Error::Inconsistent("a cell"))
    }
}

fn door(tx: &Transaction<'_>, campaign: CampaignId, household: HouseholdId) -> Result<Door, Error> {
    let row = rows::household(tx, campaign, household)?;
    rows::door(tx, campaign, row.ok_or(Error::Inconsistent("an imported household"))?)
}

impl Roster for Tables<'_> {
    type Error = Error;

    fn campaign(&self) -> CampaignId {
        self.campaign
    }

    fn files(&mut self, source: &str) -> Result<u64, Error> {
        self.source(source)?;
        let known = self.sources.iter().find(|known| known.name == source);
        Ok(known.map_or(0, |known| known.files))
    }

    fn accept_file(&mut self, source: &str, number: u64) -> Result<(), Error> {
        let sql = "UPDATE source SET files = ?3 WHERE campaign = ?1 AND name = ?2";
        execute(self.tx, sql, params![self.campaign.to_bytes(), source, to_sql(number)])?;
        for known in self.sources.iter_mut().filter(|known| known.name == source) {
            known.files = number;
        }
        Ok(())
    }

    fn household(&mut self, id: HouseholdId, source: DeviceId) -> Result<Option<Said>, Error> {
        let Some(row) = rows::household(self.tx, self.campaign, id)? else { return Ok(None) };
        let writes = writes(self.tx, self.campaign, id)?;
        Ok(Some(said(source, household_fields(&row.household), row.file, None, &writes)))
    }

    fn household_of_key(&mut self, key: &str) -> Result<Option<HouseholdId>, Error> {
        let sql = "SELECT id FROM household WHERE campaign = ?1 AND key = ?2";
        only_household(self.tx, sql, self.campaign, key)
    }

    fn household_at(&mut self, address: &str) -> Result<Option<HouseholdId>, Error> {
        // Files go on calling a door by the address that they gave it.
        let sql = "SELECT id FROM household WHERE campaign = ?1 AND address_key = ?2
                   UNION SELECT id FROM household WHERE campaign = ?1 AND shown_key = ?2 LIMIT 2";
        only_household(self.tx, sql, self.campaign, address)
    }

    fn placed(&mut self) -> Result<Vec<(Point, u32)>, Error> {
        let sql = "SELECT lat, lon, cell FROM household WHERE campaign = ?1 ORDER BY cell, ordinal";
        all(self.tx, sql, [self.campaign.to_bytes()], |row| {
            Ok((Point::from_e7(row.get(0)?, row.get(1)?), row.get(2)?))
        })
    }

    fn add_household(
        &mut self,
        household: &Household,
        key: &str,
        cell: u32,
        file: FileRef<'_>,
    ) -> Result<(), Error> {
        let source = self.source(file.source)?;
        let ordinal = self.ordinal(cell)?;
        let address = &household.address;
        let (lat, lon) = household.point.to_e7();
        let projection = HouseholdState::default().project(household.control, &[]);
        execute(
            self.tx,
            "INSERT INTO household VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
               ?14, ?15, ?16, ?17, ?18, ?18, ?19, ?20, 0, 0, 0, 0, NULL, ?21, 0)",
            params![
                self.campaign.to_bytes(),
                household.id.to_bytes(),
                key,
                cell,
                ordinal,
                household.building.to_bytes(),
                address.house_number,
                address.street,
                address.unit,
                address.town,
                address.zip,
                lat,
                lon,
                household.unit_count,
                household.control,
                source,
                to_sql(file.id.seq),
                address.matching_key(),
                projection.eligibility.mask(),
                projection.people,
                rows_digest(household.id, file.id, []).to_bytes(),
            ],
        )
        .map(|_| ())
    }

    fn person(&mut self, id: PersonId, source: DeviceId) -> Result<Option<KnownPerson>, Error> {
        let sql = "SELECT * FROM person WHERE campaign = ?1 AND id = ?2";
        let key = params![self.campaign.to_bytes(), id.to_bytes()];
        let rows = all(self.tx, sql, key, rows::person_of)?;
        let here = rows.into_iter().find(|row| !row.person.standing.moved);
        let Some(row) = here else { return Ok(None) };
        let household = row.person.household;
        let writes = writes(self.tx, self.campaign, household)?;
        let fields = known_person_fields(&row.person);
        let said = said(source, fields, row.file, Some(id), &writes);
        let erased = self.is_erased(&row.person)?;
        Ok(Some(KnownPerson { household, said, erased }))
    }

    fn add_person(&mut self, person: &Person, key: &str, file: FileRef<'_>) -> Result<(), Error> {
        if self.is_erased(person)? {
            return Ok(());
        }
        let source = self.source(file.source)?;
        execute(
            self.tx,
            "INSERT INTO person SELECT ?1, ?2, ?3, ?4, coalesce(max(member), 0) + 1, ?5, ?6, ?7,
               ?8, ?9, ?10, ?11, ?12, ?13, ?14
             FROM person WHERE campaign = ?1 AND household = ?3",
            params![
                self.campaign.to_bytes(),
                person.id.to_bytes(),
                person.household.to_bytes(),
                key,
                person.given_name,
                person.family_name,
                person.birth_year,
                person.party,
                person.phone,
                person.email,
                person.language,
                person.standing.bits(),
                source,
                to_sql(file.id.seq),
            ],
        )?;
        self.touched.insert(person.household);
        self.grown.insert(person.household);
        Ok(())
    }

    fn alter(
        &mut self,
        household: HouseholdId,
        file: FileRef<'_>,
        writes: Vec<ImportedWrite<PersonId>>,
    ) -> Result<(), Error> {
        let door = door(self.tx, self.campaign, household)?;
        // A file does not bring back who was erased.
        let erased = Erased::of(&door.writes);
        let is_erased =
            |write: &ImportedWrite<PersonId>| write.member.is_some_and(|person| erased.has(person));
        let writes: Vec<_> = writes.into_iter().filter(|write| !is_erased(write)).collect();
        if writes.is_empty() {
            return Ok(());
        }
        keep_altered(self.tx, self.campaign, &door, &writes)?;
        let sql = "UPDATE household SET address_key = ?3 WHERE campaign = ?1 AND id = ?2";
        let key = address_in_files(self.campaign, &self.sources, &door, &writes);
        execute(self.tx, sql, params![self.campaign.to_bytes(), household.to_bytes(), key])?;
        for mut write in file.writes(household, self.now, writes) {
            super::ingest::sequence(self.tx, self.campaign, &door, &mut write, self.now)?;
        }
        self.touched.insert(household);
        Ok(())
    }
}

/// The address of a door as its own source has it with this file, whatever was put right since.
fn address_in_files(
    campaign: CampaignId,
    sources: &[SourceRow],
    door: &Door,
    writes: &[ImportedWrite<PersonId>],
) -> String {
    let mut household = door.row.household.clone();
    if let Some(file) = rows::file(sources, door.row.source, door.row.file) {
        let fields = household_fields(&household);
        for (field, value, _) in said(file.device, fields, file.seq, None, &door.writes) {
            let _kept = set_household_field(&mut household, campaign, field, &value);
        }
    }
    take_in(campaign, &mut household, [], writes);
    household.address.matching_key()
}

fn only_household(
    tx: &Transaction<'_>,
    sql: &str,
    campaign: CampaignId,
    key: &str,
) -> Result<Option<HouseholdId>, Error> {
    let found = all(tx, sql, params![campaign.to_bytes(), key], |row| {
        Ok(HouseholdId::from_bytes(row.get(0)?))
    })?;
    Ok(found.first().copied().filter(|_| found.len() == 1))
}

fn writes(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    household: HouseholdId,
) -> Result<Vec<Write>, Error> {
    Ok(rows::events(tx, campaign, household)?.into_iter().map(Write::from).collect())
}

/// Keeps what a later file's fields make of a household's rows. Phone numbers and e-mail stay
/// as first given: what is said of them later is in the events.
pub(super) fn keep_altered(
    tx: &Transaction<'_>,
    campaign: CampaignId,
    door: &Door,
    writes: &[ImportedWrite<PersonId>],
) -> Result<(), Error> {
    let mut household = door.row.household.clone();
    let mut people: Vec<Person> = door.people.iter().map(|row| row.person.clone()).collect();
    take_in(campaign, &mut household, &mut people, writes);
    let address = &household.address;
    let (lat, lon) = household.point.to_e7();
    execute(
        tx,
        "UPDATE household SET building = ?3, house_number = ?4, street = ?5, unit = ?6, town = ?7,
           zip = ?8, lat = ?9, lon = ?10, unit_count = ?11, control = ?12, shown_key = ?13
         WHERE campaign = ?1 AND id = ?2",
        params![
            campaign.to_bytes(),
            household.id.to_bytes(),
            household.building.to_bytes(),
            address.house_number,
            address.street,
            address.unit,
            address.town,
            address.zip,
            lat,
            lon,
            household.unit_count,
            household.control,
            address.matching_key(),
        ],
    )?;
    for person in people {
        execute(
            tx,
            "UPDATE person SET given_name = ?4, family_name = ?5, birth_year = ?6, party = ?7,
               language = ?8, standing = ?9
             WHERE campaign = ?1 AND household = ?2 AND id = ?3",
            params![
                campaign.to_bytes(),
                household.id.to_bytes(),
                person.id.to_bytes(),
                person.given_name,
                person.family_name,
                person.birth_year,
                person.party,
                person.language,
                person.standing.bits(),
            ],
        )?;
    }
    Ok(())
}
