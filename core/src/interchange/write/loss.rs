//! What a format cannot hold: named, counted, with the reason.

use serde::Serialize;

/// Why something is not in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[non_exhaustive]
pub enum LossWhy {
    /// The format has no place for it.
    NotInFormat,
    /// The format takes listed answers only, and this one is in someone's own words or a
    /// measure.
    NotAListedAnswer,
    /// The table of ids or names that was given does not have it.
    NotMapped,
    /// It speaks of a door, and nobody behind it.
    NobodyNamed,
    /// It speaks of a person whom no file of the campaign knows.
    PersonNotInSource,
    /// The backend takes a call or a message only with the number, and there is none.
    NoNumber,
    /// There is nothing in it yet.
    NoOutcome,
    /// The person has not agreed to it, or has withdrawn their consent.
    NoConsent,
    /// The person is not to be contacted any more.
    NotToBeContacted,
}

/// One thing that a format cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Loss {
    /// What: a field, or a field and a value (`result vacant`, `question age`).
    pub field: String,
    /// How often.
    pub count: u64,
    /// Why.
    pub why: LossWhy,
}

/// What follows at the backend from what leaves, beyond what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[non_exhaustive]
pub enum WarningWhy {
    /// The backend suppresses the number for good.
    NumberSuppressed,
    /// The backend suppresses the person for this channel for good.
    PersonSuppressed,
    /// What they want leaves beside their result, as a record of its own that does not count as
    /// another contact.
    SentApart,
}

/// What follows at the backend, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ExportWarning {
    /// What leads to it: `result disconnected`.
    pub field: String,
    /// How often.
    pub count: u64,
    /// What follows.
    pub why: WarningWhy,
}

/// Counts one more warning.
pub(super) fn warn(warnings: &mut Vec<ExportWarning>, field: &str, why: WarningWhy) {
    match warnings.iter_mut().find(|known| known.field == field && known.why == why) {
        Some(known) => known.count += 1,
        None => warnings.push(ExportWarning { field: field.to_owned(), count: 1, why }),
    }
}

/// What an export's format cannot hold, by field and reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct LossReport {
    losses: Vec<Loss>,
}

/// What a campaign has beside its contacts, in numbers: no contact file holds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Notes about households.
    pub notes: u64,
    /// Do-not-contact marks.
    pub suppressions: u64,
    /// Phone numbers and e-mail addresses added or judged.
    pub contact_details: u64,
    /// Corrections, proposed or decided.
    pub corrections: u64,
    /// People met at a door.
    pub people_met: u64,
    /// Doors that no file knew.
    pub doors_met: u64,
    /// Windows in which to come back that nobody has kept.
    pub follow_ups: u64,
    /// Conflicts that nobody has settled.
    pub conflicts: u64,
    /// Changes of a kind that this build does not know.
    pub unknown: u64,
}

impl LossReport {
    /// Counts something that is not in the file.
    pub fn add(&mut self, field: &str, count: u64, why: LossWhy) {
        if count == 0 {
            return;
        }
        let key = |loss: &Loss| (loss.field.as_str(), loss.why).cmp(&(field, why));
        match self.losses.binary_search_by(key) {
            Ok(at) => self.losses[at].count += count,
            Err(at) => {
                let field = field.to_owned();
                self.losses.insert(at, Loss { field, count, why });
            }
        }
    }

    /// Counts what no contact file holds.
    pub fn add_beside(&mut self, beside: Beside) {
        for (field, count) in [
            ("notes", beside.notes),
            ("suppressions", beside.suppressions),
            ("contact details", beside.contact_details),
            ("corrections", beside.corrections),
            ("people met", beside.people_met),
            ("doors met", beside.doors_met),
            ("follow-ups", beside.follow_ups),
            ("conflicts", beside.conflicts),
            ("changes of unknown kinds", beside.unknown),
        ] {
            self.add(field, count, LossWhy::NotInFormat);
        }
    }

    /// Each loss, by field and reason.
    #[must_use]
    pub fn losses(&self) -> &[Loss] {
        &self.losses
    }

    /// Whether nothing is lost.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.losses.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_add_up_by_field_and_reason() {
        let mut report = LossReport::default();
        report.add("result vacant", 1, LossWhy::NotInFormat);
        report.add("notes", 0, LossWhy::NotInFormat);
        report.add_beside(Beside { notes: 2, ..Beside::default() });
        report.add("result vacant", 1, LossWhy::NotMapped);
        report.add("result vacant", 3, LossWhy::NotInFormat);
        let expected = serde_json::json!([
            {"field": "notes", "count": 2, "why": "not_in_format"},
            {"field": "result vacant", "count": 4, "why": "not_in_format"},
            {"field": "result vacant", "count": 1, "why": "not_mapped"},
        ]);
        assert_eq!(serde_json::to_value(&report).unwrap(), expected);
    }
}
