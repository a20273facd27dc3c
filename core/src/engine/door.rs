//! One household as it stands: its row, its people, and what its changes amount to.

use crate::change::MemberRef;
use crate::id::{CampaignId, ChangeId, PersonId};
use crate::interchange::import::take_in;
use crate::merge::{
    Digest, HouseholdState, ImportedValue, Projection, Write, first_values, fold, rows_digest,
};
use crate::store::{HouseholdRow, ListRows, PersonRow, SourceRow, StoreError, source_device};
use crate::walklist::Standing;

/// What every door of a list shares.
#[derive(Clone, Debug)]
pub(super) struct Campaign {
    pub(super) id: CampaignId,
    pub(super) sources: Vec<SourceRow>,
}

/// A household, folded.
#[derive(Debug)]
pub(super) struct Door {
    pub(super) row: HouseholdRow,
    pub(super) people: Vec<PersonRow>,
    pub(super) state: HouseholdState,
    /// Its events.
    pub(super) sequenced: Vec<Write>,
}

impl Campaign {
    /// Reads a household and folds its events, with what this phone recorded since.
    pub(super) fn door(
        &self,
        rows: ListRows<'_>,
        row: HouseholdRow,
        pending: &[Write],
    ) -> Result<Door, StoreError> {
        let sequenced = rows.events(row.num)?.into_iter().map(Write::from).collect();
        self.folded(rows, row, sequenced, pending)
    }

    /// Folds a household whose events are known.
    pub(super) fn folded(
        &self,
        rows: ListRows<'_>,
        mut row: HouseholdRow,
        sequenced: Vec<Write>,
        pending: &[Write],
    ) -> Result<Door, StoreError> {
        let mut people = rows.people(&row)?;
        let imported = self.imported(&people);
        let state = fold(self.id, row.household.id, &imported, sequenced.iter().chain(pending));
        // What stands may be a correction that the row does not show yet.
        let known = people.iter_mut().map(|row| &mut row.person);
        take_in(self.id, &mut row.household, known, &state.imported_writes());
        Ok(Door { row, people, state, sequenced })
    }

    /// The first values of the fields to which canvassers write as well.
    fn imported(&self, people: &[PersonRow]) -> Vec<ImportedValue> {
        let of_person = |row: &PersonRow| {
            self.file(row.source, row.file).map(|file| first_values(&row.person, file))
        };
        people.iter().filter_map(of_person).flatten().collect()
    }

    /// A source's file as an author.
    fn file(&self, source: i64, seq: u64) -> Option<ChangeId> {
        let device = source_device(&self.sources, source)?;
        Some(ChangeId { device, incarnation: 0, seq })
    }

    /// The digest of what files brought of this household: its row and its people's.
    pub(super) fn rows_digest(&self, row: &HouseholdRow, people: &[PersonRow]) -> Digest {
        let Some(file) = self.file(row.source, row.file) else {
            return Digest::default();
        };
        let people = people
            .iter()
            .filter_map(|person| Some((person.person.id, self.file(person.source, person.file)?)));
        rows_digest(row.household.id, file, people)
    }
}

impl Door {
    /// The digest of what has been sequenced of it: its changes, and the rows that files brought.
    /// Only of a door that was read without unsent work.
    pub(super) fn digest(&self, campaign: &Campaign) -> Digest {
        self.state.digest + campaign.rows_digest(&self.row, &self.people)
    }

    pub(super) fn projection(&self) -> Projection {
        let people: Vec<(PersonId, Standing)> =
            self.people.iter().map(|row| (row.person.id, row.person.standing)).collect();
        self.state.project(self.row.household.control, &people)
    }

    /// Everyone at this household: whom files know, then those met.
    pub(super) fn person_ids(&self) -> Vec<PersonId> {
        let met = self.state.people_met.iter().map(|met| met.person);
        let all = self.people.iter().map(|row| row.person.id).chain(met);
        all.filter(|person| !self.state.erased.has(*person)).collect()
    }

    /// What files say of a person's standing; nothing for people met.
    pub(super) fn standing(&self, person: PersonId) -> Standing {
        let row = self.people.iter().find(|row| row.person.id == person);
        row.map_or(Standing::default(), |row| row.person.standing)
    }

    /// The language that a person prefers, as it was written down; empty when it is not known.
    pub(super) fn language_of(&self, person: PersonId) -> &str {
        let known = self.people.iter().find(|row| row.person.id == person);
        let met = self.state.people_met.iter().find(|met| met.person == person);
        let known = known.map(|row| row.person.language.as_str());
        known.or(met.map(|met| met.language.as_str())).unwrap_or_default()
    }

    /// How segments name the people who are at this household.
    pub(super) fn member_refs(&self) -> Vec<(PersonId, MemberRef)> {
        let known = self.people.iter().map(|row| (row.person.id, MemberRef::Number(row.member)));
        let met = self.state.people_met.iter().map(|met| (met.person, MemberRef::Met(met.change)));
        known.chain(met).collect()
    }
}
