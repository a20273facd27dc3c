//! Lists held open: the mirror, with this phone's unsent work laid over it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::canvass::Purpose;
use crate::change::{Change, DoorRef, EventMarks, EventPage, MemberRef, PendingChange, Segment};
use crate::engine::bundle;
use crate::engine::door::{Campaign, Door};
use crate::engine::error::{Error, What};
use crate::engine::streets::HeldStreets;
use crate::id::{CanvasserId, DeviceId, HouseholdId, ListId, PersonId, ScriptHash};
use crate::merge::{ClaimState, FollowUpState, Write};
use crate::ports::IdSource;
use crate::seal::Key;
use crate::store::{
    Directory, Identity, ListDb, ListEntry, ListRows, MainDb, PendingRow, SegmentRow, StoreError,
    StoreFile,
};
use crate::survey::Script;
use crate::sync::DeviceCard;
use crate::sync::wire::part;

/// What a list's key is derived for: unsent changes, unsent segments, and its lease.
const PENDING_KEY: &str = "canvass pending change v1";
const SEGMENT_KEY: &str = "canvass unsent segment v1";
const LEASE_KEY: &str = "canvass lease v1";

/// A list whose file is open.
pub(super) struct OpenList {
    pub(super) entry: ListEntry,
    pub(super) key: Key,
    reader: Mutex<ListReader>,
    streets: Mutex<HeldStreets>,
    /// A second connection, which writes while others read: kept while a conversation lasts.
    writer: Mutex<Option<ListDb>>,
}

/// The connection that writes to a list's file.
pub(super) struct Writer {
    list: Arc<OpenList>,
    pub(super) db: ListDb,
}

impl Writer {
    /// The one that the list keeps, or a new one.
    pub(super) fn of(directory: &Directory, list: Arc<OpenList>) -> Result<Self, Error> {
        let kept = list.kept_writer().take();
        let open = || ListDb::open(directory, list.entry.id, &list.key, false);
        let db = kept.map_or_else(open, Ok)?;
        Ok(Self { list, db })
    }

    /// Leaves it with its list, for the next step of the conversation. One that failed is
    /// dropped instead.
    pub(super) fn rest(self) {
        *self.list.kept_writer() = Some(self.db);
    }
}

/// What reading a list needs.
pub(super) struct ListReader {
    pub(super) db: ListDb,
    pub(super) campaign: Campaign,
    pub(super) scripts: Vec<Arc<Script>>,
    pub(super) me: Me,
    names: BTreeMap<CanvasserId, String>,
    pending: BTreeMap<HouseholdId, Vec<Write>>,
    /// Claims of doors, unsent ones included.
    claims: BTreeMap<HouseholdId, Vec<ClaimState>>,
    /// When to come back to doors, where nobody has yet; unsent ones included.
    follow_ups: BTreeMap<HouseholdId, Vec<FollowUpState>>,
}

/// Who holds this phone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Me {
    pub(super) canvasser: CanvasserId,
    pub(super) device: DeviceId,
    pub(super) organiser: bool,
}

impl Me {
    pub(super) const fn of(identity: &Identity) -> Self {
        Self {
            canvasser: identity.canvasser,
            device: identity.device,
            organiser: identity.organiser,
        }
    }

    /// A change of ours, as the fold sees it before the server has sequenced it.
    pub(super) const fn pending(self, change: Change) -> Write {
        let marks = if self.organiser { EventMarks::ORGANISER } else { 0 };
        Write::pending(change, self.canvasser, EventMarks(marks))
    }
}

impl OpenList {
    pub(super) fn open(
        directory: &Directory,
        main: &MainDb,
        identity: &Identity,
        entry: ListEntry,
        key: Key,
    ) -> Result<Self, Error> {
        // A server gives the rows out anew; on a phone alone nobody can, and what was recorded
        // would be about doors that nobody knows.
        let is_alone = identity.server.is_none();
        if is_alone && directory.lacks_list_db(entry.id) && !main.pending(entry.id)?.is_empty() {
            return Err(StoreError::Corrupt { file: StoreFile::List }.into());
        }
        let db = ListDb::open(directory, entry.id, &key, directory.was_cut_short)?;
        db.begin_reading()?;
        let campaign = Campaign { id: identity.campaign, sources: Vec::new() };
        let reader = ListReader {
            db,
            campaign,
            scripts: Vec::new(),
            me: Me::of(identity),
            names: BTreeMap::new(),
            pending: BTreeMap::new(),
            claims: BTreeMap::new(),
            follow_ups: BTreeMap::new(),
        };
        let list = Self {
            entry,
            key,
            reader: Mutex::new(reader),
            writer: Mutex::default(),
            streets: Mutex::default(),
        };
        list.refresh(main, identity)?;
        Ok(list)
    }

    /// Whether a call panicked while it held something of this list.
    pub(super) fn is_broken(&self) -> bool {
        self.reader.is_poisoned() || self.streets.is_poisoned() || self.writer.is_poisoned()
    }

    pub(super) fn held_streets(&self) -> MutexGuard<'_, HeldStreets> {
        self.streets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn read(&self) -> MutexGuard<'_, ListReader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept_writer(&self) -> MutexGuard<'_, Option<ListDb>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the connection that writes: the conversation is over.
    pub(super) fn end_writing(&self) {
        drop(self.kept_writer().take());
    }

    /// Reads anew what stands: after a pull or an import, and when the list is opened.
    pub(super) fn refresh(&self, main: &MainDb, identity: &Identity) -> Result<(), Error> {
        let mut reader = self.read();
        let reader = &mut *reader;
        reader.me = Me::of(identity);
        reader.campaign =
            Campaign { id: identity.campaign, sources: reader.db.lookup().sources()? };
        reader.names = reader.db.canvassers()?.into_iter().collect();
        reader.names.insert(identity.canvasser, identity.canvasser_name.clone());
        reader.scripts.clear();
        for row in reader.db.scripts()? {
            // A script that this build does not read is one that it cannot ask: a newer one.
            reader.scripts.extend(Script::parse(&row.json).ok().map(Arc::new));
        }
        reader.pending.clear();
        for row in main.pending(self.entry.id)? {
            let write = reader.me.pending(self.unseal(&row)?.change);
            reader.pending.entry(write.change.door).or_default().push(write);
        }
        for (card, segment) in
            bundle::carried(main, identity, self, share_of(&reader.db)?.as_ref())?
        {
            reader.take_carried(&card, &segment)?;
        }
        for page in reader.db.lookup().staged_of(part::URGENT)? {
            reader.take_urgent(&page)?;
        }
        reader.db.clear_overlay()?;
        reader.claims = reader.db.claims()?;
        reader.follow_ups = reader.db.follow_ups()?;
        let households: Vec<HouseholdId> = reader.pending.keys().copied().collect();
        households.into_iter().try_for_each(|household| reader.lay_over(household))
    }

    /// The key that the holders of this list share; nothing without a server.
    pub(super) fn share_key(&self) -> Result<Option<Key>, Error> {
        Ok(share_of(&self.read().db)?)
    }

    /// What a sealed change was sealed for: the list, and its place in the outbox.
    fn context(list: ListId, incarnation: u32, seq: u64) -> [u8; 28] {
        let mut context = [0; 28];
        context[..16].copy_from_slice(&list.to_bytes());
        context[16..20].copy_from_slice(&incarnation.to_be_bytes());
        context[20..].copy_from_slice(&seq.to_be_bytes());
        context
    }

    /// A change of a household as `door` has it, with the numbers under which it travels.
    ///
    /// Fails where there are none: it could never be sent, and all that comes after it would wait.
    pub(super) fn pending(
        &self,
        reader: &ListReader,
        door: &Door,
        change: &Change,
    ) -> Result<PendingChange, Error> {
        let mut people = door.member_refs();
        let is_known = |person: &PersonId| people.iter().any(|(known, _)| known == person);
        if let Some(person) = change.member.filter(|person| !is_known(person)) {
            let met = reader.writes(door)?.into_iter().map(|write| write.change.id);
            let met = met.filter(|id| PersonId::met(*id) == person);
            people.extend(met.map(|id| (person, MemberRef::Met(id))));
        }
        let pending = PendingChange {
            change: change.clone(),
            epoch: self.entry.epoch,
            door: DoorRef::Number { cell: door.row.cell, ordinal: door.row.ordinal },
            people,
        };
        if pending.to_wire().is_none() {
            return Err(Error::NotFound(What::Person));
        }
        Ok(pending)
    }

    /// Seals a change for the outbox.
    pub(super) fn seal(&self, ids: &dyn IdSource, pending: &PendingChange) -> Vec<u8> {
        let id = pending.change.id;
        let context = Self::context(self.entry.id, id.incarnation, id.seq);
        self.key.derived(PENDING_KEY).seal(ids, &context, &pending.to_bytes())
    }

    pub(super) fn unseal(&self, row: &PendingRow) -> Result<PendingChange, StoreError> {
        let context = Self::context(row.list, row.incarnation, row.seq);
        let opened = self.key.derived(PENDING_KEY).open(&context, &row.sealed);
        opened
            .ok()
            .and_then(|bytes| PendingChange::from_bytes(&bytes).ok())
            .ok_or(StoreError::Corrupt { file: StoreFile::Main })
    }

    /// Seals a segment's bytes for the outbox.
    pub(super) fn seal_segment(&self, ids: &dyn IdSource, first_seq: u64, bytes: &[u8]) -> Vec<u8> {
        let context = Self::context(self.entry.id, 0, first_seq);
        self.key.derived(SEGMENT_KEY).seal(ids, &context, bytes)
    }

    /// Seals the list's lease, which names the key that its holders share: it dies with the list.
    pub(super) fn seal_lease(&self, ids: &dyn IdSource, lease: &[u8]) -> Vec<u8> {
        self.key.derived(LEASE_KEY).seal(ids, &self.entry.id.to_bytes(), lease)
    }

    pub(super) fn unseal_segment(&self, row: &SegmentRow) -> Result<Vec<u8>, StoreError> {
        let context = Self::context(row.list, 0, row.first_seq);
        let opened = self.key.derived(SEGMENT_KEY).open(&context, &row.sealed);
        opened.map_err(|_| StoreError::Corrupt { file: StoreFile::Main })
    }
}

fn share_of(db: &ListDb) -> Result<Option<Key>, StoreError> {
    let about = db.about()?.and_then(|(about, _)| about.share_key);
    Ok(about.and_then(|bytes| Key::from_slice(&bytes)))
}

impl ListReader {
    /// Lays over what came ahead of its page: the rest of the answer is still on its way.
    fn take_urgent(&mut self, page: &[u8]) -> Result<(), Error> {
        let Ok(page) = EventPage::read(page) else { return Ok(()) };
        for event in page.events {
            let row = super::apply::row_of(self.db.lookup(), event.change.door)?;
            let Some(row) = row else { continue };
            let people = super::apply::people_of(self.db.lookup(), &row)?;
            if let Some(event) = super::apply::named(event, &row, &people) {
                let write = Write::from(event);
                self.pending.entry(row.household.id).or_default().push(write);
            }
        }
        Ok(())
    }

    /// Lays over what another phone has handed on and the campaign has not told yet.
    fn take_carried(&mut self, card: &DeviceCard, segment: &Segment) -> Result<(), Error> {
        // What cannot be read here is carried all the same.
        for change in segment.changes().unwrap_or_default() {
            let Some(row) = super::apply::row_of(self.db.lookup(), change.door)? else { continue };
            let people = super::apply::people_of(self.db.lookup(), &row)?;
            let household = row.household.id;
            let change = change.renamed(|_| Some(household), super::apply::person_in(&people));
            if let Some(change) = change {
                let write = Write::pending(change, card.canvasser(), EventMarks::default());
                self.pending.entry(household).or_default().push(write);
            }
        }
        let name = || card.canvasser_name.clone();
        self.names.entry(card.canvasser()).or_insert_with(name);
        Ok(())
    }

    pub(super) fn rows(&self) -> ListRows<'_> {
        self.db.lookup()
    }

    /// A household as it stands, unsent work included.
    pub(super) fn door(&self, household: HouseholdId) -> Result<Door, Error> {
        let row = self.rows().household(household)?.ok_or(Error::NotFound(What::Household))?;
        let pending = self.pending.get(&household).map_or(&[][..], Vec::as_slice);
        let door = self.campaign.door(self.rows(), row, pending)?;
        if !door.projection().eligibility.allows(Purpose::View) {
            return Err(Error::NotFound(What::Household));
        }
        Ok(door)
    }

    /// Notes changes to a door that have just become durable.
    pub(super) fn recorded(&mut self, door: Door, changes: Vec<Change>) -> Result<(), Error> {
        let household = door.row.household.id;
        let me = self.me;
        let writes = changes.into_iter().map(|change| me.pending(change));
        self.pending.entry(household).or_default().extend(writes);
        let Some(row) = self.rows().household(household)? else { return Ok(()) };
        let (num, pending) = (row.num, &self.pending[&household]);
        let door = self.campaign.folded(self.rows(), row, door.sequenced, pending)?;
        self.show(num, door)
    }

    /// Lays over the mirror what a door amounts to.
    fn show(&mut self, num: i64, door: Door) -> Result<(), Error> {
        self.db.overlay(num, &door.projection(), &door.row.household.address)?;
        let household = door.row.household.id;
        if door.state.claims.is_empty() {
            self.claims.remove(&household);
        } else {
            self.claims.insert(household, door.state.claims);
        }
        let mut follow_ups = door.state.follow_ups;
        follow_ups.retain(|it| it.kept_by.is_none());
        if follow_ups.is_empty() {
            self.follow_ups.remove(&household);
        } else {
            self.follow_ups.insert(household, follow_ups);
        }
        Ok(())
    }

    fn lay_over(&mut self, household: HouseholdId) -> Result<(), Error> {
        // A door that is not on the list any more has no row to lay anything over.
        let Some(row) = self.rows().household(household)? else {
            return Ok(());
        };
        let num = row.num;
        let pending = self.pending.get(&household).map_or(&[][..], Vec::as_slice);
        let door = self.campaign.door(self.rows(), row, pending)?;
        self.show(num, door)
    }

    /// Claims of a door that were not taken back, in their order.
    pub(super) fn claims_of(&self, household: HouseholdId) -> &[ClaimState] {
        self.claims.get(&household).map_or(&[], Vec::as_slice)
    }

    /// When to come back to a door, where nobody has yet.
    pub(super) fn follow_ups_of(&self, household: HouseholdId) -> &[FollowUpState] {
        self.follow_ups.get(&household).map_or(&[], Vec::as_slice)
    }

    /// Every door to which somebody is to come back, with these.
    pub(super) fn followed_up(&self) -> impl Iterator<Item = (HouseholdId, &[FollowUpState])> {
        self.follow_ups.iter().map(|(household, all)| (*household, all.as_slice()))
    }

    /// Every door that has claims, with these.
    pub(super) fn claimed(&self) -> impl Iterator<Item = (HouseholdId, &[ClaimState])> {
        self.claims.iter().map(|(household, claims)| (*household, claims.as_slice()))
    }

    /// All writes to a household, as the fold takes them.
    pub(super) fn writes(&self, door: &Door) -> Result<Vec<Write>, Error> {
        let events = self.rows().events(door.row.num)?;
        let pending = self.pending.get(&door.row.household.id).cloned().unwrap_or_default();
        Ok(events.into_iter().map(Write::from).chain(pending).collect())
    }

    /// Whether a household has unsent work, or some that others have not sent.
    pub(super) fn has_pending(&self, household: HouseholdId) -> bool {
        self.pending.contains_key(&household)
    }

    /// Households with unsent work.
    pub(super) fn pending_households(&self) -> impl Iterator<Item = HouseholdId> + '_ {
        self.pending.keys().copied()
    }

    /// The script in use.
    pub(super) fn script(&self) -> Result<&Arc<Script>, Error> {
        self.scripts.last().ok_or(Error::NotFound(What::Script))
    }

    /// A version of the script.
    pub(super) fn script_version(&self, hash: ScriptHash) -> Option<&Arc<Script>> {
        self.scripts.iter().find(|script| script.hash() == hash)
    }

    /// The name under which a canvasser is shown; empty when it is not known here.
    pub(super) fn name(&self, canvasser: CanvasserId) -> String {
        self.names.get(&canvasser).cloned().unwrap_or_default()
    }
}
