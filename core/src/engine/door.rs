//! One household as it stands: its row, its people, and what its changes amount to.

use crate::change::{ImportedField, MemberRef};
use crate::id::{CampaignId, ChangeId, DeviceId, PersonId};
use crate::merge::{Digest, HouseholdState, ImportedValue, Projection, Write, fold};
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
}

impl Campaign {
    /// Reads a household and folds its events, with what this phone recorded since.
    pub(super) fn door(
        &self,
        rows: ListRows<'_>,
        row: HouseholdRow,
        pending: &[Write],
    ) -> Result<Door, StoreError> {
        let people = rows.people(&row)?;
        let imported = self.imported(&people);
        let sequenced: Vec<Write> = rows.events(row.num)?.into_iter().map(Write::from).collect();
        let state = fold(
            self.id,
            row.household.id,
            &imported,
            sequenced.iter().chain(pending),
        );
        Ok(Door { row, people, state })
    }

    /// The first values of the fields to which canvassers write as well.
    fn imported(&self, people: &[PersonRow]) -> Vec<ImportedValue> {
        let value = |row: &PersonRow, field, value: &str| {
            let device = self.source(row.source)?;
            let file = ChangeId {
                device,
                incarnation: 0,
                seq: row.file,
            };
            let (member, value) = (Some(row.person.id), value.to_owned());
            (!value.is_empty()).then_some(ImportedValue {
                member,
                field,
                file,
                value,
            })
        };
        people
            .iter()
            .flat_map(|row| {
                [
                    value(row, ImportedField::Phone, &row.person.phone),
                    value(row, ImportedField::Email, &row.person.email),
                ]
            })
            .flatten()
            .collect()
    }

    fn source(&self, num: i64) -> Option<DeviceId> {
        source_device(&self.sources, num)
    }

    /// The digest of what files brought of this household: its row and its people's.
    pub(super) fn rows_digest(&self, row: &HouseholdRow, people: &[PersonRow]) -> Digest {
        let file = |source, seq| {
            let device = self.source(source)?;
            Some(ChangeId {
                device,
                incarnation: 0,
                seq,
            })
        };
        let household = row.household.id;
        let own = file(row.source, row.file).map(|file| Digest::of_row(household, None, file));
        let people = people.iter().filter_map(|person| {
            let id = Some(person.person.id);
            file(person.source, person.file).map(|file| Digest::of_row(household, id, file))
        });
        own.into_iter().chain(people).sum()
    }
}

impl Door {
    pub(super) fn projection(&self) -> Projection {
        let people: Vec<(PersonId, Standing)> = self
            .people
            .iter()
            .map(|row| (row.person.id, row.person.standing))
            .collect();
        self.state.project(self.row.household.control, &people)
    }

    /// Everyone at this household: whom files know, then those met.
    pub(super) fn person_ids(&self) -> Vec<PersonId> {
        let met = self.state.people_met.iter().map(|met| met.person);
        self.people
            .iter()
            .map(|row| row.person.id)
            .chain(met)
            .collect()
    }

    /// What files say of a person's standing; nothing for people met.
    pub(super) fn standing(&self, person: PersonId) -> Standing {
        let row = self.people.iter().find(|row| row.person.id == person);
        row.map_or(Standing::default(), |row| row.person.standing)
    }

    /// How segments name the people of this household.
    pub(super) fn member_refs(&self) -> Vec<(PersonId, MemberRef)> {
        let known = self
            .people
            .iter()
            .map(|row| (row.person.id, MemberRef::Number(row.member)));
        let met = self
            .state
            .people_met
            .iter()
            .map(|met| (met.person, MemberRef::Met(met.change)));
        known.chain(met).collect()
    }
}
