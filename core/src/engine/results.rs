//! One-tap results: of a door, of one person beside it, or of many doors at once.

use std::collections::BTreeMap;

use crate::canvass::{Purpose, RecordError, check_many_doors, fits_many_doors};
use crate::change::Body;
use crate::engine::Engine;
use crate::engine::draft::{At, Draft, Drafted};
use crate::engine::error::{Error, What};
use crate::engine::offers::Offers;
use crate::engine::record::AttemptInput;
use crate::engine::view::{DoorView, PersonResult, Saved};
use crate::id::{ChangeId, HouseholdId, ListId, PersonId};
use crate::say;
use crate::walklist::CanvassResult;

/// A result that was tapped.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ResultInput {
    /// The list.
    pub list: ListId,
    /// The household.
    pub household: HouseholdId,
    /// The person it is of; nothing for the door as a whole.
    pub person: Option<PersonId>,
    /// The result.
    pub result: CanvassResult,
    /// The knock that it belongs to, which keeps its other results and its answers; nothing for a
    /// new knock.
    #[cfg_attr(feature = "uniffi", uniffi(default = None))]
    pub attempt: Option<ChangeId>,
}

/// A door at which a knock was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DoorSaved {
    /// The household.
    pub household: HouseholdId,
    /// The knock.
    pub attempt: ChangeId,
}

/// The doors of one floor of a building.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FloorView {
    /// The floor as the units' numbers tell it; nothing for doors whose number tells none.
    pub floor: Option<u32>,
    /// Its doors that may be walked to, in walking order.
    pub doors: Vec<DoorView>,
    /// Of these, the ones that are still to be knocked on now.
    pub open: Vec<HouseholdId>,
    /// What it is called, and how many doors are still to be knocked on, in words.
    pub sentence: String,
}

impl Engine {
    /// Records one result with one tap. With the knock named, it stands side by side with what
    /// was recorded of that knock before: someone answered, and the others were not at home.
    pub fn record_result(&self, input: &ResultInput) -> Result<Saved, Error> {
        let saved = self.record(input.list, input.household, |at| {
            let begun = AttemptInput::at_door(input.list, input.household, None);
            let mut knock = match input.attempt {
                Some(attempt) => at.knock(input, attempt)?,
                None => begun,
            };
            match input.person {
                None => knock.door = Some(input.result),
                Some(person) => {
                    knock.people.retain(|known| known.person != person);
                    knock.people.push(PersonResult { person, result: input.result });
                }
            }
            at.attempt(&knock)
        })?;
        let attempt = Some(input.attempt.unwrap_or(saved.first));
        Ok(Saved { change: saved.first, attempt, person: None })
    }

    /// Records the same result at many doors, as one knock at each: all of them or none. Only
    /// results that nobody has to be asked for; at most 500 doors, each once.
    pub fn record_results(
        &self,
        list: ListId,
        households: &[HouseholdId],
        result: CanvassResult,
    ) -> Result<Vec<DoorSaved>, Error> {
        check_many_doors(households)?;
        if !fits_many_doors(result) {
            return Err(RecordError::NotForManyDoors(result).into());
        }
        let mut saved = Vec::with_capacity(households.len());
        self.record_doors(list, households, |at| {
            if !at.door.projection().eligibility.allows(Purpose::Walk) {
                return Err(Error::NotFound(What::Household));
            }
            let household = at.door.row.household.id;
            let drafts = at.attempt(&AttemptInput::at_door(list, household, Some(result)))?;
            saved.push(DoorSaved { household, attempt: at.first });
            Ok(Drafted { drafts, conversation: None })
        })?;
        Ok(saved)
    }

    /// Takes back what [`Engine::record_results`] recorded: all of it or nothing.
    pub fn undo_results(&self, list: ListId, saved: &[DoorSaved]) -> Result<(), Error> {
        let households: Vec<HouseholdId> = saved.iter().map(|door| door.household).collect();
        check_many_doors(&households)?;
        let mut attempts = saved.iter().map(|door| door.attempt);
        self.record_doors(list, &households, |at| {
            let attempt = attempts.next().ok_or(Error::NotFound(What::Change))?;
            let member = at.check_undo(attempt)?;
            let drafts = vec![Draft { member, body: Body::Undo(attempt) }];
            Ok(Drafted { drafts, conversation: None })
        })?;
        Ok(())
    }

    /// The floors of a household's building, lowest first; doors of no known floor come last.
    pub fn floors(&self, list: ListId, household: HouseholdId) -> Result<Vec<FloorView>, Error> {
        let clock = self.claim_clock()?;
        let words = self.words();
        self.read(list, |reader| {
            let building = reader.door(household)?.row.household.building;
            let offers = Offers::of(reader, clock);
            let mut floors: BTreeMap<(bool, Option<u32>), FloorView> = BTreeMap::new();
            for row in reader.db.doors_of_building(Purpose::Walk, building)? {
                let floor = row.address.floor();
                let view = floors.entry((floor.is_none(), floor));
                let view = view.or_insert_with(|| FloorView { floor, ..FloorView::default() });
                if !row.done && !offers.waits(&row) {
                    view.open.push(row.id);
                }
                view.doors.push(offers.view(reader, row, words));
            }
            let told = |mut view: FloorView| {
                let counted = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
                let (doors, open) = (counted(view.doors.len()), counted(view.open.len()));
                view.sentence = say::floor(words, view.floor, doors, open);
                view
            };
            Ok(floors.into_values().map(told).collect())
        })
    }
}

impl At<'_> {
    /// A knock as it stands, to be put right: without what only its answers imply.
    fn knock(&self, input: &ResultInput, attempt: ChangeId) -> Result<AttemptInput, Error> {
        let state = &self.door.state;
        let id = state.names.change(attempt);
        let known = state.attempts.iter().find(|known| known.id == id);
        let known = known.ok_or(Error::NotFound(What::Change))?;
        let is_implied = |person: PersonId, result: CanvassResult| {
            let mut answers = state.answers.iter();
            result == CanvassResult::Contacted
                && answers.any(|((who, ..), answer)| *who == person && answer.attempt == id)
        };
        let people = known.people.iter().filter(|(person, result)| !is_implied(*person, *result));
        Ok(AttemptInput {
            door: known.door,
            people: people.map(|&(person, result)| PersonResult { person, result }).collect(),
            corrects: Some(attempt),
            ..AttemptInput::at_door(input.list, input.household, None)
        })
    }
}
