//! What really happened, noted from outside: which changes were recorded, and which of them
//! their author had seen at that moment.
//!
//! From that follows which fields must be in conflict. Nothing here looks at a change's `base`,
//! and nothing of the core's merge is used.

use std::collections::{BTreeMap, BTreeSet};

use canvass_core::id::{ChangeId, DeviceId, HouseholdId, PersonId};
use canvass_core::survey::AskKind;

/// What someone has seen: how far of every author, by (device, incarnation), and single changes
/// beyond.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Vantage {
    marks: BTreeMap<(DeviceId, u32), u64>,
    single: BTreeSet<ChangeId>,
}

impl Vantage {
    /// Notes that this change, and all before it by the same author, are seen.
    pub(super) fn see(&mut self, change: ChangeId) {
        let mark = self.marks.entry((change.device, change.incarnation)).or_default();
        *mark = (*mark).max(change.seq);
    }

    /// Notes that this change is seen, whatever is before it.
    pub(super) fn see_single(&mut self, change: ChangeId) {
        if !self.has(change) {
            self.single.insert(change);
        }
    }

    /// Notes all that another has seen.
    pub(super) fn join(&mut self, other: &Self) {
        for (author, seq) in &other.marks {
            let mark = self.marks.entry(*author).or_default();
            *mark = (*mark).max(*seq);
        }
        self.single.extend(&other.single);
        let marks = &self.marks;
        let is_covered = |change: &ChangeId| {
            marks.get(&(change.device, change.incarnation)).is_some_and(|seq| *seq >= change.seq)
        };
        self.single.retain(|change| !is_covered(change));
    }

    /// The last change of each incarnation of a device before this one.
    pub(super) fn before(
        &self,
        device: DeviceId,
        incarnation: u32,
    ) -> impl Iterator<Item = ChangeId> + '_ {
        let earlier = self.marks.range((device, 0)..(device, incarnation));
        earlier.map(|(&(device, incarnation), &seq)| ChangeId { device, incarnation, seq })
    }

    /// Whether it has seen a change.
    #[must_use]
    pub(super) fn has(&self, change: ChangeId) -> bool {
        let mark = self.marks.get(&(change.device, change.incarnation));
        mark.is_some_and(|seq| *seq >= change.seq) || self.single.contains(&change)
    }
}

/// What an author had seen: for certain, and perhaps (a call that failed may have done its
/// work all the same).
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// For certain.
    pub(super) sure: Vantage,
    /// At most.
    pub(super) perhaps: Vantage,
}

impl Seen {
    pub(super) fn see(&mut self, change: ChangeId) {
        self.sure.see(change);
        self.perhaps.see(change);
    }
}

/// A field on which people can disagree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Field {
    /// The household.
    pub(super) household: HouseholdId,
    /// The person.
    pub(super) person: PersonId,
    /// What about them.
    pub(super) subject: Subject,
}

/// What people can disagree on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    /// The answer to a question, in a version of the script.
    Answer(u32, &'static str),
    /// The phone number to use first.
    Phone,
    /// How an ask stands.
    Ask(AskKind),
}

/// A change, as the driver knows it.
#[derive(Clone, Debug)]
pub(super) struct Noted {
    /// Its id.
    pub(super) id: ChangeId,
    /// The field it wrote to, if people can disagree on it.
    pub(super) field: Option<(Field, String)>,
    /// What its author had seen.
    pub(super) seen: Seen,
    /// The attempt it belongs to: taken back with it.
    pub(super) attempt: Option<ChangeId>,
    /// What it takes back.
    pub(super) takes_back: Option<ChangeId>,
    /// The household it speaks of.
    pub(super) household: Option<HouseholdId>,
}

impl Noted {
    /// A change whose recording call returned, by someone who had seen nothing.
    #[must_use]
    pub(super) fn sure(id: ChangeId, field: Option<(Field, String)>) -> Self {
        let household = field.as_ref().map(|(field, _)| field.household);
        Self { id, field, seen: Seen::default(), attempt: None, takes_back: None, household }
    }

    /// Whether it takes a write back, alone or with its attempt.
    fn undoes(&self, write: &Self) -> bool {
        self.takes_back.is_some_and(|target| write.id == target || write.attempt == Some(target))
    }

    /// Whether it came after another write to its field: its author had seen that one, or one
    /// that came after it and stood. A bundle brings what its giver still had, so that a write
    /// can be seen without those that it replaced.
    fn is_after(&self, earlier: &Self, writes: &[&Self], undos: &[&Self]) -> bool {
        let stood = |by: &Self, write: &Self| {
            let has = |change: ChangeId| by.seen.sure.has(change);
            has(write.id) && !undos.iter().any(|undo| undo.undoes(write) && has(undo.id))
        };
        let (mut ways, mut reached) = (vec![self], BTreeSet::new());
        while let Some(write) = ways.pop() {
            if write.seen.sure.has(earlier.id) {
                return true;
            }
            let further = writes.iter().copied().filter(|&other| stood(write, other));
            let further = further.filter(|other| reached.insert(other.id));
            ways.extend(further.collect::<Vec<_>>());
        }
        false
    }
}

/// Everything that was recorded.
#[derive(Default)]
pub(super) struct Truth {
    noted: BTreeMap<ChangeId, Noted>,
    /// What files wrote: one id for many fields.
    files: Vec<Noted>,
    /// Fields of which nothing can be said.
    doubted: BTreeSet<Field>,
    has_doubts: bool,
    /// Notes of phones that were copied, while two of them gave the same numbers: known by
    /// their text alone.
    texts: BTreeMap<String, HouseholdId>,
    /// Households of which the campaign has promised to forget what was said.
    erased: BTreeSet<HouseholdId>,
}

/// What the changes that reached the campaign amount to.
#[derive(Debug, Default)]
pub(super) struct Expected {
    /// The heads of each field in conflict, with their values.
    pub(super) conflicts: BTreeMap<BTreeSet<ChangeId>, (Field, BTreeMap<ChangeId, String>)>,
    /// Fields of which it cannot be said.
    pub(super) unsure: BTreeSet<Field>,
    fields: BTreeMap<ChangeId, Field>,
}

impl Expected {
    /// Whether these heads are of a field of which it cannot be said.
    #[must_use]
    pub(super) fn is_unsure(&self, heads: &BTreeSet<ChangeId>) -> bool {
        heads.iter().any(|id| self.fields.get(id).is_some_and(|field| self.unsure.contains(field)))
    }
}

impl Truth {
    /// Notes a change.
    pub(super) fn note(&mut self, noted: Noted) {
        self.noted.insert(noted.id, noted);
    }

    /// Notes what a file wrote.
    pub(super) fn note_file(&mut self, writes: Vec<Noted>) {
        self.files.extend(writes);
    }

    /// The field in which these heads stand against each other, and what `chosen` wrote to it.
    /// Nothing can be said of the field if it is not known yet that `chosen` was recorded: its
    /// author's call failed.
    pub(super) fn written(
        &mut self,
        chosen: ChangeId,
        mut heads: impl Iterator<Item = ChangeId>,
    ) -> Option<(Field, String)> {
        let field = heads.find_map(|head| self.noted.get(&head)?.field.as_ref());
        let field = field?.0.clone();
        let all = self.files.iter().chain(self.noted.get(&chosen));
        let mut writes = all.filter(|noted| noted.id == chosen);
        let written = writes.find_map(|noted| noted.field.clone().filter(|(of, _)| *of == field));
        if written.is_none() {
            self.doubted.insert(field);
        }
        written
    }

    /// Notes a note that is known by its text alone.
    pub(super) fn note_text(&mut self, text: String, household: HouseholdId) {
        self.texts.insert(text, household);
    }

    /// Notes that are known by their text alone.
    pub(super) const fn texts(&self) -> &BTreeMap<String, HouseholdId> {
        &self.texts
    }

    /// What was said of a household is to be forgotten: none of it needs to be found again.
    pub(super) fn erase(&mut self, household: HouseholdId) {
        self.erased.insert(household);
    }

    /// Whether what was said of a household is forgotten.
    #[must_use]
    pub(super) fn is_erased(&self, household: HouseholdId) -> bool {
        self.erased.contains(&household)
    }

    /// These may be written anew under other numbers: who has seen them can no longer be told.
    pub(super) fn may_be_renumbered(&mut self, unsent: impl Fn(ChangeId) -> bool) {
        let unsent: Vec<Noted> =
            self.noted.values().filter(|noted| unsent(noted.id)).cloned().collect();
        unsent.iter().for_each(|noted| self.doubt_fields(noted));
    }

    /// It cannot be told whether this was recorded: nothing can be said of what it touches.
    pub(super) fn doubt(&mut self, noted: &Noted) {
        self.doubt_fields(noted);
        self.has_doubts = true;
    }

    fn doubt_fields(&mut self, noted: &Noted) {
        let undone = self.noted.values().filter(|known| noted.undoes(known));
        let touched = undone.filter_map(|known| known.field.as_ref());
        let fields = touched.chain(&noted.field).map(|(field, _)| field.clone());
        let fields: Vec<Field> = fields.collect();
        self.doubted.extend(fields);
    }

    /// Nothing can be said of this field.
    pub(super) fn doubt_field(&mut self, field: Field) {
        self.doubted.insert(field);
    }

    /// Whether there are changes of which it cannot be told whether they were recorded.
    #[must_use]
    pub(super) fn is_doubted(&self) -> bool {
        self.has_doubts
    }

    /// The attempt that a decision for `chosen` names: the one of the answer that was chosen,
    /// with which it is taken back.
    pub(super) fn attempt_of(&self, chosen: ChangeId) -> Option<ChangeId> {
        self.noted.get(&chosen)?.attempt
    }

    /// What is known of a change.
    #[must_use]
    pub(super) fn get(&self, change: ChangeId) -> Option<&Noted> {
        self.noted.get(&change)
    }

    /// Changes whose recording call returned, or that turned out to be there.
    pub(super) fn noted(&self) -> impl Iterator<Item = &Noted> {
        self.noted.values()
    }

    /// Which fields must be in conflict, given what is at the campaign.
    #[must_use]
    pub(super) fn expected(&self, there: impl Fn(ChangeId) -> bool) -> Expected {
        let there = self.noted.values().filter(|noted| there(noted.id));
        let there: Vec<&Noted> = there.chain(&self.files).collect();
        let undos: Vec<&Noted> = there.iter().copied().filter(|n| n.takes_back.is_some()).collect();
        let mut fields: BTreeMap<&Field, Vec<&Noted>> = BTreeMap::new();
        let mut expected = Expected::default();
        for noted in there {
            if let Some((field, _)) = &noted.field {
                fields.entry(field).or_default().push(noted);
                expected.fields.insert(noted.id, field.clone());
            }
        }
        for (field, writes) in fields {
            let undos: Vec<&Noted> = undos
                .iter()
                .copied()
                .filter(|undo| writes.iter().any(|write| undo.undoes(write)))
                .collect();
            let is_live = |write: &&&Noted| !undos.iter().any(|undo| undo.undoes(write));
            let touching: Vec<ChangeId> = writes.iter().chain(&undos).map(|n| n.id).collect();
            let doubtful = |noted: &&Noted| {
                let seen = &noted.seen;
                touching.iter().any(|other| seen.perhaps.has(*other) != seen.sure.has(*other))
            };
            let is_forgotten = self.is_erased(field.household);
            if is_forgotten || self.doubted.contains(field) || writes.iter().any(doubtful) {
                expected.unsure.insert(field.clone());
                continue;
            }
            let live: Vec<&&Noted> = writes.iter().filter(is_live).collect();
            let is_head = |head: &&&&Noted| {
                !live
                    .iter()
                    .any(|later| later.id != head.id && later.is_after(head, &writes, &undos))
            };
            let values = live
                .iter()
                .filter(is_head)
                .filter_map(|head| head.field.as_ref().map(|(_, value)| (head.id, value.clone())));
            let values: BTreeMap<ChangeId, String> = values.collect();
            let distinct: BTreeSet<&String> = values.values().collect();
            if distinct.len() > 1 {
                let heads = values.keys().copied().collect();
                expected.conflicts.insert(heads, (field.clone(), values));
            }
        }
        expected
    }
}
