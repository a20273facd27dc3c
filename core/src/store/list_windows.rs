//! `list-<id>.db`: the windows in which to come back to its doors, in and out.

use std::collections::BTreeMap;

use rusqlite::params;

use crate::id::{CanvasserId, ChangeId, HouseholdId, PersonId};
use crate::merge::FollowUpState;
use crate::store::error::StoreError;
use crate::store::list_db::{ListDb, ListWriter};
use crate::time::Timestamp;
use crate::walklist::TimeWindow;

impl ListWriter<'_> {
    /// Keeps the windows in which to come back to a door; those that were kept are left out.
    pub fn put_follow_ups(&self, num: i64, follow_ups: &[FollowUpState]) -> Result<(), StoreError> {
        self.execute("DELETE FROM follow_up WHERE household = ?1", [num])?;
        let open = follow_ups.iter().filter(|it| it.kept_by.is_none());
        for (place, follow_up) in (0_u32..).zip(open) {
            let (start, length) = follow_up.window.minutes();
            self.execute(
                "INSERT INTO follow_up VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    num,
                    place,
                    follow_up.change.to_bytes(),
                    follow_up.canvasser.to_bytes(),
                    follow_up.at.millis(),
                    follow_up.person.map(PersonId::to_bytes),
                    start,
                    length,
                    follow_up.window.utc_offset_minutes,
                ],
            )?;
        }
        Ok(())
    }
}

impl ListDb {
    /// When to come back to which door, where nobody has yet; the earliest window first.
    pub fn follow_ups(&self) -> Result<BTreeMap<HouseholdId, Vec<FollowUpState>>, StoreError> {
        let sql =
            "SELECT h.id, f.change, f.canvasser, f.at, f.person, f.start, f.length, f.utc_ahead
                   FROM follow_up f JOIN household h ON h.num = f.household
                   ORDER BY f.household, f.place";
        let rows = self.rows(sql, [], |row| {
            let window = TimeWindow::from_minutes(row.get(5)?, row.get(6)?, row.get(7)?);
            let person: Option<[u8; 16]> = row.get(4)?;
            let follow_up = |window| -> rusqlite::Result<FollowUpState> {
                Ok(FollowUpState {
                    change: ChangeId::from_bytes(&row.get(1)?),
                    canvasser: CanvasserId::from_bytes(row.get(2)?),
                    at: Timestamp::from_millis(row.get(3)?),
                    person: person.map(PersonId::from_bytes),
                    window,
                    sequenced: true,
                    kept_by: None,
                })
            };
            Ok((HouseholdId::from_bytes(row.get(0)?), window.map(follow_up).transpose()?))
        })?;
        let mut follow_ups: BTreeMap<HouseholdId, Vec<FollowUpState>> = BTreeMap::new();
        for (household, follow_up) in rows {
            follow_ups.entry(household).or_default().extend(follow_up);
        }
        Ok(follow_ups)
    }
}
