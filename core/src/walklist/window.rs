//! Times between which someone wants to be found at home.

use crate::time::Timestamp;

/// Longest window: a week.
pub const MAX_WINDOW_MINUTES: i64 = 7 * 24 * 60;
/// Local time is at most so far from UTC.
const MAX_OFFSET_MINUTES: i32 = 14 * 60;
const MILLIS_PER_MINUTE: i64 = 60_000;

/// From when until when to come back to a door, in whole minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct TimeWindow {
    /// From this moment on.
    pub from: Timestamp,
    /// Before this moment.
    pub until: Timestamp,
    /// By how many minutes the campaign's local time, in which the window was agreed, is ahead
    /// of UTC: it is shown so to everyone.
    pub utc_offset_minutes: i32,
}

/// Where a moment lies in respect to a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum WindowPhase {
    /// It is open now.
    Open,
    /// It has not begun.
    NotYet,
    /// It is over.
    Over,
}

impl TimeWindow {
    /// The window cut to whole minutes; nothing if it is empty, longer than a week, or its offset
    /// is none.
    #[must_use]
    pub fn checked(self) -> Option<Self> {
        let [from, until] =
            [self.from, self.until].map(|it| it.millis().div_euclid(MILLIS_PER_MINUTE));
        Self::from_minutes(from, until.checked_sub(from)?, self.utc_offset_minutes)
    }

    /// The window that begins so many minutes after 1970 and lasts so many; nothing if it cannot
    /// be.
    #[must_use]
    pub fn from_minutes(from: i64, length: i64, utc_offset_minutes: i32) -> Option<Self> {
        let until = from.checked_add(length)?;
        let moment =
            |minute: i64| minute.checked_mul(MILLIS_PER_MINUTE).map(Timestamp::from_millis);
        let window = Self { from: moment(from)?, until: moment(until)?, utc_offset_minutes };
        let is_sound = (1..=MAX_WINDOW_MINUTES).contains(&length)
            && (-MAX_OFFSET_MINUTES..=MAX_OFFSET_MINUTES).contains(&utc_offset_minutes)
            && window.minutes() == (from, length);
        is_sound.then_some(window)
    }

    /// Its beginning in minutes after 1970, and its length in minutes.
    #[must_use]
    pub const fn minutes(self) -> (i64, i64) {
        let from = self.from.millis().div_euclid(MILLIS_PER_MINUTE);
        (from, self.until.millis().div_euclid(MILLIS_PER_MINUTE) - from)
    }

    /// Where `now` lies.
    #[must_use]
    pub fn phase(self, now: Timestamp) -> WindowPhase {
        if now < self.from {
            WindowPhase::NotYet
        } else if now < self.until {
            WindowPhase::Open
        } else {
            WindowPhase::Over
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from_s: i64, until_s: i64, utc_offset_minutes: i32) -> TimeWindow {
        let [from, until] = [from_s, until_s].map(Timestamp::from_seconds);
        TimeWindow { from, until, utc_offset_minutes }
    }

    #[test]
    fn a_window_has_whole_minutes_and_a_length() {
        let checked = window(60, 121, -240).checked().expect("a minute");
        assert_eq!((checked.minutes(), checked.until), ((1, 1), Timestamp::from_seconds(120)));
        let week = MAX_WINDOW_MINUTES * 60;
        assert!(window(0, week, 840).checked().is_some());
        for (from, until, offset) in
            [(60, 60, 0), (120, 60, 0), (0, 59, 0), (0, week + 60, 0), (0, 60, 841)]
        {
            assert_eq!(window(from, until, offset).checked(), None, "{from} {until} {offset}");
        }
        assert_eq!(TimeWindow::from_minutes(i64::MAX / 60_000, 2, 0), None);
    }

    #[test]
    fn it_is_open_from_its_beginning_and_not_at_its_end() {
        let phases =
            [59, 60, 119, 120].map(|s| window(60, 120, 0).phase(Timestamp::from_seconds(s)));
        assert_eq!(
            phases,
            [WindowPhase::NotYet, WindowPhase::Open, WindowPhase::Open, WindowPhase::Over]
        );
    }
}
