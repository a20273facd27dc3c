//! A register: all that was ever written to one field, and which of it stands.
//!
//! The heads are the live entries that no other live entry has seen, directly or through
//! others. They depend on the set of entries alone: not on the order in which they came, and
//! not on repeats. Nothing here knows what the values mean.

use crate::id::ChangeId;
use crate::time::Timestamp;

/// One write to a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<V> {
    /// The change that wrote it.
    pub id: ChangeId,
    /// The changes whose value its author saw.
    pub base: Vec<ChangeId>,
    /// When it happened, as the server reckons; nothing while it has not been sequenced.
    pub effective: Option<Timestamp>,
    /// Taken back: it stands for nothing, but what it had seen stays seen.
    pub undone: bool,
    /// What was written.
    pub value: V,
}

impl<V> Entry<V> {
    /// The order in which values are preferred when one has to be shown: not yet sequenced on
    /// top, then the later by effective time, then the greater change id.
    pub(super) fn rank(&self) -> (bool, Option<Timestamp>, ChangeId) {
        (self.effective.is_none(), self.effective, self.id)
    }
}

/// Everything written to one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Register<V> {
    entries: Vec<Entry<V>>,
}

impl<V> Default for Register<V> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<V> Register<V> {
    /// Adds an entry; a repeat of one that is there already is told by `false`.
    pub fn insert(&mut self, entry: Entry<V>) -> bool {
        let known = self.entries.iter().any(|known| known.id == entry.id);
        if !known {
            // Nearly all fields are written once: there is room for one, and then for more.
            if self.entries.is_empty() {
                self.entries.reserve_exact(1);
            }
            self.entries.push(entry);
        }
        !known
    }

    /// Marks as undone the entries that `is_struck` names.
    pub(super) fn strike(&mut self, is_struck: impl Fn(ChangeId) -> bool) {
        for entry in &mut self.entries {
            entry.undone |= is_struck(entry.id);
        }
    }

    /// All entries, in no particular order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry<V>> {
        self.entries.iter()
    }

    /// The entries that were not taken back.
    pub fn live(&self) -> impl Iterator<Item = &Entry<V>> {
        self.entries.iter().filter(|entry| !entry.undone)
    }

    /// The entries that stand, by change id.
    #[must_use]
    pub fn heads(&self) -> Vec<&Entry<V>> {
        if let [only] = self.entries.as_slice() {
            return if only.undone { Vec::new() } else { vec![only] };
        }
        let seen = self.seen();
        let mut heads: Vec<_> =
            self.live().filter(|entry| seen.binary_search(&entry.id).is_err()).collect();
        heads.sort_unstable_by_key(|entry| entry.id);
        heads
    }

    /// Whether the author of `later` had seen `earlier`, directly or through others.
    #[must_use]
    pub fn has_seen(&self, later: &Entry<V>, earlier: ChangeId) -> bool {
        let mut seen = later.base.clone();
        self.follow(&mut seen);
        seen.contains(&earlier)
    }

    /// Every change that some live entry has seen, sorted.
    fn seen(&self) -> Vec<ChangeId> {
        let mut seen: Vec<ChangeId> =
            self.live().flat_map(|entry| entry.base.iter().copied()).collect();
        seen.sort_unstable();
        seen.dedup();
        self.follow(&mut seen);
        seen.sort_unstable();
        seen
    }

    /// Adds what the entries in `seen` had seen themselves, until nothing is new. An undone
    /// entry passes on what it had seen.
    fn follow(&self, seen: &mut Vec<ChangeId>) {
        let mut next = 0;
        while next < seen.len() {
            if let Some(entry) = self.entries.iter().find(|entry| entry.id == seen[next]) {
                for base in &entry.base {
                    if !seen.contains(base) {
                        seen.push(*base);
                    }
                }
            }
            next += 1;
        }
    }
}

impl<V: PartialEq> Register<V> {
    /// The heads, if two of them differ.
    #[must_use]
    pub fn conflict(&self) -> Option<Vec<&Entry<V>>> {
        // Nearly all fields were written once.
        if self.entries.len() < 2 {
            return None;
        }
        let heads = self.heads();
        let differ = heads.windows(2).any(|pair| pair[0].value != pair[1].value);
        differ.then_some(heads)
    }

    /// The head to show: the only one, or the preferred among several.
    #[must_use]
    pub fn shown(&self) -> Option<&Entry<V>> {
        self.heads().into_iter().max_by_key(|entry| entry.rank())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::DeviceId;
    use proptest::prelude::*;

    fn id(device: u8, seq: u64) -> ChangeId {
        ChangeId { device: DeviceId::derive(&[&[device]]), incarnation: 0, seq }
    }

    fn entry(id: ChangeId, base: &[ChangeId], value: u8) -> Entry<u8> {
        Entry { id, base: base.to_vec(), effective: None, undone: false, value }
    }

    fn register(entries: &[Entry<u8>]) -> Register<u8> {
        let mut register = Register::default();
        for entry in entries {
            register.insert(entry.clone());
        }
        register
    }

    fn head_ids(register: &Register<u8>) -> Vec<ChangeId> {
        register.heads().iter().map(|entry| entry.id).collect()
    }

    #[test]
    fn a_write_that_saw_the_other_stands_alone() {
        let (a, b) = (id(1, 1), id(2, 1));
        let register = register(&[entry(b, &[a], 2), entry(a, &[], 1)]);
        assert_eq!(head_ids(&register), [b]);
        assert_eq!(register.conflict(), None);
    }

    #[test]
    fn unseen_writes_conflict_unless_they_agree() {
        let differing = register(&[entry(id(1, 1), &[], 1), entry(id(2, 1), &[], 2)]);
        assert_eq!(differing.conflict().map(|heads| heads.len()), Some(2));
        let equal = register(&[entry(id(1, 1), &[], 1), entry(id(2, 1), &[], 1)]);
        assert_eq!(equal.conflict(), None);
        assert_eq!(equal.heads().len(), 2);
    }

    #[test]
    fn a_resolution_that_saw_both_ends_the_conflict() {
        let (a, b) = (id(1, 1), id(2, 1));
        let mut heads = [a, b];
        heads.sort();
        let resolved = register(&[entry(a, &[], 1), entry(b, &[], 2), entry(id(3, 1), &heads, 1)]);
        assert_eq!(head_ids(&resolved), [id(3, 1)]);
    }

    #[test]
    fn taking_back_a_write_brings_back_what_it_replaced() {
        let (a, b, c) = (id(1, 1), id(1, 2), id(2, 1));
        let mut undone = entry(b, &[a], 2);
        undone.undone = true;
        let taken_back = register(&[entry(a, &[], 1), undone.clone()]);
        assert_eq!(head_ids(&taken_back), [a]);
        let edited_since = register(&[entry(a, &[], 1), undone, entry(c, &[b], 3)]);
        assert_eq!(head_ids(&edited_since), [c], "an edit of it stays, and had seen the first");
    }

    /// Histories as authors make them: each write names some earlier writes of the field.
    fn histories() -> impl Strategy<Value = Vec<Entry<u8>>> {
        let write = (0_u8..4, any::<u8>(), 0_u8..3, any::<bool>(), any::<u16>());
        proptest::collection::vec(write, 1..9).prop_map(|writes| {
            let mut entries: Vec<Entry<u8>> = Vec::new();
            for (seq, (device, value, bases, undone, pick)) in (1..).zip(writes) {
                let mut base: Vec<ChangeId> = (0..usize::from(bases))
                    .filter(|_| !entries.is_empty())
                    .map(|n| entries[(usize::from(pick) + n) % entries.len()].id)
                    .collect();
                base.sort();
                base.dedup();
                entries.push(Entry {
                    undone: undone && pick % 4 == 0,
                    ..entry(id(device, seq), &base, value)
                });
            }
            entries
        })
    }

    proptest! {
        #[test]
        fn order_and_repeats_do_not_matter(history in histories(), turn: prop::sample::Index) {
            let there = register(&history);
            let mut again = history.clone();
            again.rotate_left(turn.index(history.len()));
            again.reverse();
            again.extend(history.iter().cloned());
            prop_assert_eq!(head_ids(&register(&again)), head_ids(&there));
        }

        #[test]
        fn heads_are_the_live_writes_that_no_live_write_has_seen(history in histories()) {
            let register = register(&history);
            let expected: Vec<ChangeId> = {
                let mut ids: Vec<_> = history
                    .iter()
                    .filter(|e| !e.undone)
                    .filter(|e| !history.iter().any(|d| !d.undone && reaches(&history, d.id, e.id)))
                    .map(|e| e.id)
                    .collect();
                ids.sort();
                ids
            };
            prop_assert_eq!(head_ids(&register), expected);
        }
    }

    /// By the book: whether a chain of bases leads from one write to another.
    fn reaches(history: &[Entry<u8>], from: ChangeId, to: ChangeId) -> bool {
        let from = history.iter().find(|e| e.id == from);
        from.is_some_and(|e| e.base.iter().any(|base| *base == to || reaches(history, *base, to)))
    }
}
