//! What a later file alters: the change it writes, and the rows brought up to date by it.
//!
//! One rule for phone and server. Rows are only altered in memory; keeping them is the store's.

use crate::change::{Body, Change, EventMarks, ImportedBody, ImportedField, ImportedWrite};
use crate::id::{CampaignId, CanvasserId, ChangeId, HouseholdId, PersonId};
use crate::interchange::import::FileRef;
use crate::interchange::{set_household_field, set_person_field};
use crate::merge::{LATER_FIELDS, Write};
use crate::time::Timestamp;
use crate::walklist::{Household, Person};

impl FileRef<'_> {
    /// The changes that this file writes to one household: one of the fields that the first
    /// builds of version 1 know, and one of those that came later ([`LATER_FIELDS`]).
    #[must_use]
    pub fn writes(
        &self,
        household: HouseholdId,
        now: Timestamp,
        writes: Vec<ImportedWrite<PersonId>>,
    ) -> Vec<Write> {
        let later = FileRef { id: ChangeId { incarnation: LATER_FIELDS, ..self.id }, ..*self };
        let (of_later, of_first): (Vec<_>, Vec<_>) =
            writes.into_iter().partition(|write| write.field.is_later());
        let both = [(*self, of_first), (later, of_later)].into_iter();
        both.filter(|(_, writes)| !writes.is_empty())
            .map(|(file, writes)| file.write(household, now, writes))
            .collect()
    }

    /// The change that this file writes to one household; no canvasser wrote it. Its fields are
    /// later ones, or none of them is.
    #[must_use]
    pub fn write(
        &self,
        household: HouseholdId,
        now: Timestamp,
        writes: Vec<ImportedWrite<PersonId>>,
    ) -> Write {
        Write {
            change: Change {
                id: self.id,
                was: None,
                door: household,
                member: None,
                base: Vec::new(),
                recorded_at: now.whole_second(),
                body: Body::Imported(ImportedBody { writes }),
            },
            canvasser: CanvasserId::from_bytes([0; 16]),
            effective: Some(now),
            cell_seq: None,
            marks: EventMarks::default(),
        }
    }
}

/// Brings a household and its people up to date with a later file's fields.
///
/// A value that this build cannot take stays in the event, for one that can; so does what is
/// said of someone who is not among `people`.
pub fn take_in<'p>(
    campaign: CampaignId,
    household: &mut Household,
    people: impl IntoIterator<Item = &'p mut Person>,
    writes: &[ImportedWrite<PersonId>],
) {
    let mut people: Vec<&mut Person> = people.into_iter().collect();
    for write in writes {
        let Some(member) = write.member else {
            let _kept = set_household_field(household, campaign, write.field, &write.value);
            continue;
        };
        let Some(person) = people.iter_mut().find(|person| person.id == member) else { continue };
        if write.field == ImportedField::Household {
            person.standing.moved = write.value != household.id.to_string();
        } else {
            let _kept = set_person_field(person, write.field, &write.value);
        }
    }
}
