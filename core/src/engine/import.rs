//! Imports on the phone itself: a campaign without a server, and a later file's changes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use crate::change::{Body, Event, ImportedWrite};
use crate::engine::apply::put_state;
use crate::engine::door::Campaign;
use crate::engine::error::{Error, What};
use crate::engine::{Engine, Main, NewList, Opened, order};
use crate::id::{
    CampaignId, CanvasserId, DeviceId, HouseholdId, ListId, PersonId, ScriptHash, source_device,
};
use crate::interchange::import::{
    FileRef, Imported, KnownPerson, Roster, Said, import_doors, import_people, said, take_in,
};
use crate::interchange::{
    AnyReader, FileError, Profile, ReadLimits, household_fields, known_person_fields,
};
use crate::merge::{Digest, HouseholdState, Write};
use crate::store::{HouseholdRow, Identity, ListAbout, ListDb, ListWriter, PersonRow, StoreError};
use crate::survey::Script;
use crate::time::Timestamp;
use crate::walklist::{Household, Person};

/// Who makes a campaign on this phone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct NewCampaign {
    /// The campaign's name.
    pub name: String,
    /// The name under which the one who holds the phone is shown.
    pub canvasser: String,
}

/// How a file is imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ImportOptions {
    /// A built-in profile: `doors`, `cambridge`, `vermont-e911`, `people`, `van`. By the file's
    /// header when absent.
    pub profile: Option<String>,
    /// The name under which the file counts; the profile's own when absent.
    pub source: Option<String>,
    /// Keep nothing; the account is the same.
    pub dry_run: bool,
}

/// Is told how far long work is.
pub trait ProgressListener {
    /// So much of so much is done. The work is cancelled when this says `false`; nothing of it
    /// stays then.
    fn go_on(&self, done: u64, total: u64) -> bool;
}

/// A file that tells how far it is read.
struct Watched<'a> {
    file: File,
    read: u64,
    total: u64,
    progress: Option<&'a dyn ProgressListener>,
}

/// Bytes read at a time: so often is progress told.
const READ_BYTES: usize = 64 << 10;

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read += count as u64;
        match self.progress {
            Some(progress) if !progress.go_on(self.read, self.total) => {
                Err(std::io::Error::from(CANCELLED))
            }
            _ => Ok(count),
        }
    }
}

/// How a cancelled file tells that it is: `Interrupted` would be read again by buffers.
const CANCELLED: std::io::ErrorKind = std::io::ErrorKind::ConnectionAborted;

/// The number and the name of the list that a campaign without a server has.
const ONLY_LIST: u32 = 1;
const ONLY_LIST_NAME: &str = "All doors";

impl Engine {
    /// Makes a campaign that lives on this phone alone: no server, no account. Gives the id of
    /// its one list, into which files are imported.
    pub fn create_campaign(&self, about: &NewCampaign) -> Result<ListId, Error> {
        let opened = self.opened()?;
        let mut main = opened.main();
        if main.identity.is_some() {
            return Err(Error::AlreadyInCampaign);
        }
        let mut bytes = [0; 16];
        self.ports.ids.fill(&mut bytes);
        let campaign = CampaignId::derive(&[&bytes]);
        let device = DeviceId::derive(&[b"phone", &bytes]);
        let identity = Identity {
            campaign,
            campaign_name: about.name.trim().to_owned(),
            device,
            incarnation: 1,
            canvasser: CanvasserId::derive(&[&device.to_bytes()]),
            canvasser_name: about.canvasser.trim().to_owned(),
            organiser: true,
            server: None,
            acked_seq: 0,
            attempts: 0,
            next_sync: Timestamp::default(),
            last_sync: None,
            keys: None,
        };
        let list = ListId::derive(&[&campaign.to_bytes(), b"all doors"]);
        let name = ONLY_LIST_NAME.to_owned();
        let about = NewList { id: list, number: ONLY_LIST, epoch: 1, name };
        main.put_with_list(identity, &about.entry(&self.ports)?)?;
        drop(main);
        self.listeners.tell(Some(list), None);
        Ok(list)
    }

    /// Imports a file at this path; see [`Engine::import`]. `progress` is told how far it is,
    /// and may have it cancelled: then nothing is imported.
    pub fn import_path(
        &self,
        path: &Path,
        options: &ImportOptions,
        progress: Option<&dyn ProgressListener>,
    ) -> Result<Imported, Error> {
        let profile = options.profile.as_deref().map(Profile::built_in).transpose()?;
        let unreadable = |error: &std::io::Error| {
            Error::File(FileError::Unreadable { kind: error.kind(), row: 1 })
        };
        let file = File::open(path).map_err(|error| unreadable(&error))?;
        let total = file.metadata().map_or(0, |about| about.len());
        let watched = Watched { file, read: 0, total, progress };
        let reader = BufReader::with_capacity(READ_BYTES, watched);
        let limits = ReadLimits::default();
        let file = AnyReader::open(reader, profile.as_ref(), limits, self.now().year());
        let imported = file
            .map_err(Error::from)
            .and_then(|file| self.import(file, options.source.as_deref(), options.dry_run));
        match imported {
            Err(Error::File(FileError::Unreadable { kind: CANCELLED, .. })) => {
                Err(Error::Cancelled)
            }
            other => other,
        }
    }

    /// Imports doors into the campaign's own list, or people at doors that are there already:
    /// all of the file, or nothing. With `dry_run` nothing is kept, and the account is the same.
    ///
    /// `source` is the name under which the file counts; the profile's own when absent.
    pub fn import<R: Read>(
        &self,
        file: AnyReader<R>,
        source: Option<&str>,
        dry_run: bool,
    ) -> Result<Imported, Error> {
        let opened = self.opened()?;
        let (list, campaign, key_holder) = {
            let main = opened.main();
            let list = own_list(&main)?;
            (list, main.identity()?.campaign, opened.list(&main, &self.ports, list)?)
        };
        let mut db = ListDb::open(&opened.directory, list, &key_holder.key, false)?;
        let writer = db.write()?;
        let mut roster = ListRoster::new(&writer, campaign, list, self.now())?;
        let imported = match file {
            AnyReader::Doors(reader) => import_doors(&mut roster, reader, source)?,
            AnyReader::People(reader) => import_people(&mut roster, reader, source)?,
        };
        if imported.file.is_none() || dry_run {
            return Ok(imported);
        }
        roster.finish()?;
        if imported.added > 0 {
            order::put_default(&writer, key_holder.streets(&opened).as_ref())?;
        }
        writer.commit()?;
        self.refresh(&opened, list)?;
        Ok(imported)
    }

    /// Gives the campaign's own list a version of the script; the one in use from now on, while
    /// conversations that were begun end on theirs. A name that took another kind of answer in an
    /// earlier version is refused ([`Error::Script`]).
    pub fn put_script(&self, json: &str) -> Result<ScriptHash, Error> {
        let script = Script::parse(json).map_err(Error::Script)?;
        let opened = self.opened()?;
        let list = own_list(&opened.main())?;
        let open = opened.list(&opened.main(), &self.ports, list)?;
        let number = {
            let reader = open.read();
            let earlier: Vec<&Script> = reader.scripts.iter().map(|known| &**known).collect();
            if earlier.iter().all(|known| known.hash() != script.hash()) {
                script.check_after(&earlier).map_err(Error::Script)?;
            }
            let versions = reader.db.scripts()?;
            match versions.iter().find(|version| version.hash == script.hash()) {
                Some(version) => version.number,
                None => versions.last().map_or(0, |last| last.number) + 1,
            }
        };
        let mut db = ListDb::open(&opened.directory, list, &open.key, false)?;
        let writer = db.write()?;
        writer.put_script(script.hash(), number, &script.to_json())?;
        writer.commit()?;
        self.refresh(&opened, list)?;
        Ok(script.hash())
    }

    /// Shows what was written to a list beside its reader.
    pub(super) fn refresh(&self, opened: &Opened, list: ListId) -> Result<(), Error> {
        {
            let main = opened.main();
            let open = opened.list(&main, &self.ports, list)?;
            open.refresh(&main.db, main.identity()?)?;
        }
        self.listeners.tell(Some(list), None);
        Ok(())
    }
}

/// The list of a campaign without a server. One with a server gets its rows from there.
pub(super) fn own_list(main: &Main) -> Result<ListId, Error> {
    if main.identity()?.server.is_some() {
        return Err(Error::NotYours);
    }
    let entry = main.db.lists()?.into_iter().find(|entry| entry.number == ONLY_LIST);
    entry.map(|entry| entry.id).ok_or(Error::NotFound(What::List))
}

/// A list's file, as an import sees it. Without a server, it gives the numbers itself.
struct ListRoster<'a> {
    writer: &'a ListWriter<'a>,
    campaign: Campaign,
    now: Timestamp,
    next_ordinals: BTreeMap<u32, u32>,
    touched: Vec<i64>,
}

impl<'a> ListRoster<'a> {
    fn new(
        writer: &'a ListWriter<'a>,
        campaign: CampaignId,
        list: ListId,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let name = ONLY_LIST_NAME.to_owned();
        let (number, share_key, outline) = (ONLY_LIST, None, Vec::new());
        let about = ListAbout { campaign, list, number, epoch: 1, name, share_key, outline };
        writer.put_about(&about, true)?;
        let campaign = Campaign { id: campaign, sources: writer.rows().sources()? };
        Ok(Self { writer, campaign, now, next_ordinals: BTreeMap::new(), touched: Vec::new() })
    }

    /// Folds what was touched anew.
    fn finish(&mut self) -> Result<(), Error> {
        self.touched.sort_unstable();
        self.touched.dedup();
        for num in std::mem::take(&mut self.touched) {
            put_state(self.writer, &self.campaign, num)?;
        }
        Ok(())
    }

    fn writes(&self, household: i64) -> Result<Vec<Write>, StoreError> {
        Ok(self.writer.rows().events(household)?.into_iter().map(Write::from).collect())
    }

    fn source(&mut self, name: &str) -> Result<i64, Error> {
        if let Some(known) = self.campaign.sources.iter().find(|known| known.name == name) {
            return Ok(known.num);
        }
        let source = self.writer.source(name, source_device(self.campaign.id, name))?;
        let num = source.num;
        self.campaign.sources.push(source);
        Ok(num)
    }

    fn row(&self, id: HouseholdId) -> Result<HouseholdRow, Error> {
        self.writer.rows().household(id)?.ok_or(Error::NotFound(What::Household))
    }
}

impl Roster for ListRoster<'_> {
    type Error = Error;

    fn campaign(&self) -> CampaignId {
        self.campaign.id
    }

    fn files(&mut self, source: &str) -> Result<u64, Error> {
        self.source(source)?;
        let known = self.campaign.sources.iter().find(|known| known.name == source);
        Ok(known.map_or(0, |known| known.files))
    }

    fn accept_file(&mut self, source: &str, number: u64) -> Result<(), Error> {
        self.writer.put_source_files(source, number)?;
        for known in self.campaign.sources.iter_mut().filter(|known| known.name == source) {
            known.files = number;
        }
        Ok(())
    }

    fn household(&mut self, id: HouseholdId, source: DeviceId) -> Result<Option<Said>, Error> {
        let Some(row) = self.writer.rows().household(id)? else { return Ok(None) };
        let writes = self.writes(row.num)?;
        Ok(Some(said(source, household_fields(&row.household), row.file, None, &writes)))
    }

    fn household_of_key(&mut self, key: &str) -> Result<Option<HouseholdId>, Error> {
        Ok(self.writer.rows().household_of_key(key)?)
    }

    fn household_at(&mut self, address: &str) -> Result<Option<HouseholdId>, Error> {
        Ok(self.writer.rows().household_at_address(address)?)
    }

    fn placed(&mut self) -> Result<Vec<(crate::geometry::Point, u32)>, Error> {
        Ok(self.writer.rows().places()?)
    }

    fn add_household(
        &mut self,
        household: &Household,
        key: &str,
        cell: u32,
        file: FileRef<'_>,
    ) -> Result<(), Error> {
        let source = self.source(file.source)?;
        let ordinal = match self.next_ordinals.get(&cell) {
            Some(next) => *next,
            None => self.writer.rows().next_ordinal(cell)?,
        };
        self.next_ordinals.insert(cell, ordinal + 1);
        let row = HouseholdRow {
            num: 0,
            household: household.clone(),
            key: key.to_owned(),
            cell,
            ordinal,
            source,
            file: file.id.seq,
            stop: 0,
            place: 0,
        };
        let nothing_yet = HouseholdState::default().project(household.control, &[]);
        let digest: Digest = self.campaign.rows_digest(&row, &[]);
        self.writer.add_household(&row, &nothing_yet, digest)?;
        Ok(())
    }

    fn person(&mut self, id: PersonId, source: DeviceId) -> Result<Option<KnownPerson>, Error> {
        let Some((num, row)) = self.writer.rows().person(id)? else { return Ok(None) };
        let writes = self.writes(num)?;
        let fields = known_person_fields(&row.person);
        let said = said(source, fields, row.file, Some(id), &writes);
        Ok(Some(KnownPerson { household: row.person.household, said, erased: false }))
    }

    fn add_person(&mut self, person: &Person, key: &str, file: FileRef<'_>) -> Result<(), Error> {
        let household = self.row(person.household)?.num;
        let row = PersonRow {
            num: 0,
            person: person.clone(),
            key: key.to_owned(),
            member: self.writer.rows().next_member(household)?,
            source: self.source(file.source)?,
            file: file.id.seq,
        };
        self.writer.add_person(household, &row)?;
        self.touched.push(household);
        Ok(())
    }

    fn alter(
        &mut self,
        household: HouseholdId,
        file: FileRef<'_>,
        writes: Vec<ImportedWrite<PersonId>>,
    ) -> Result<(), Error> {
        let row = self.row(household)?;
        for Write { change, canvasser, marks, .. } in file.writes(household, self.now, writes) {
            let cell_seq = self.writer.rows().next_cell_seq(row.cell)?;
            let event = Event { cell_seq, canvasser, effective: self.now, marks, change };
            self.writer.add_event(row.cell, Some(row.num), &event)?;
            keep_altered(self.writer, self.campaign.id, &self.row(household)?, &event)?;
        }
        self.touched.push(row.num);
        Ok(())
    }
}

/// Keeps what a later file's fields make of a household's rows.
pub(super) fn keep_altered(
    writer: &ListWriter<'_>,
    campaign: CampaignId,
    row: &HouseholdRow,
    event: &Event,
) -> Result<(), StoreError> {
    let Body::Imported(file) = &event.change.body else { return Ok(()) };
    let mut household = row.household.clone();
    let mut people = writer.rows().people(row)?;
    let altered = people.iter_mut().map(|row| &mut row.person);
    take_in(campaign, &mut household, altered, &file.writes);
    if household != row.household {
        writer.update_household(row.num, &household)?;
    }
    for person in people {
        writer.update_person(person.num, &person.person)?;
    }
    Ok(())
}
