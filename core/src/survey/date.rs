//! Calendar days and the local time at the door, both handed in by the caller.

use chrono::{Datelike, NaiveDate};

use crate::time::Timestamp;

const SECONDS_PER_DAY: i64 = 86_400;
/// Days from 0001-01-01 (day 1) to 1970-01-01.
const DAYS_TO_1970: i32 = 719_163;

/// A calendar day, counted from 1970-01-01 (day 0); years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(i32);

impl Date {
    /// The day this many days after 1970-01-01, if its year is 1 to 9999.
    #[must_use]
    pub fn from_days(days: i32) -> Option<Self> {
        let date = NaiveDate::from_num_days_from_ce_opt(days.checked_add(DAYS_TO_1970)?)?;
        (1..=9999).contains(&date.year()).then_some(Self(days))
    }

    /// The day written as `2026-10-03`, exactly so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let shaped = text.len() == 10
            && text.bytes().enumerate().all(|(i, byte)| match i {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return None;
        }
        let date = NaiveDate::from_ymd_opt(
            text[..4].parse().ok()?,
            text[5..7].parse().ok()?,
            text[8..].parse().ok()?,
        )?;
        (date.year() > 0).then(|| Self(date.num_days_from_ce() - DAYS_TO_1970))
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match NaiveDate::from_num_days_from_ce_opt(self.0 + DAYS_TO_1970) {
            Some(day) => write!(f, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day()),
            None => Ok(()),
        }
    }
}

/// The date and time on the wall where the canvasser stands: what `today()` and `now()` read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    date: Date,
    second_of_day: i64,
}

impl LocalTime {
    /// The local time at `moment` in a place `utc_offset_minutes` ahead of UTC (behind it, if
    /// negative). Moments outside the years 1 to 9999 count as 1970-01-01.
    #[must_use]
    pub fn at(moment: Timestamp, utc_offset_minutes: i32) -> Self {
        let seconds = moment.seconds().saturating_add(i64::from(utc_offset_minutes) * 60);
        let date =
            i32::try_from(seconds.div_euclid(SECONDS_PER_DAY)).ok().and_then(Date::from_days);
        match date {
            Some(date) => Self { date, second_of_day: seconds.rem_euclid(SECONDS_PER_DAY) },
            None => Self { date: Date(0), second_of_day: 0 },
        }
    }

    /// The local day.
    #[must_use]
    pub const fn date(self) -> Date {
        self.date
    }

    /// Days since 1970-01-01, with the fraction of this day.
    #[must_use]
    pub fn days(self) -> f64 {
        f64::from(self.date.days()) + self.second_of_day as f64 / SECONDS_PER_DAY as f64
    }
}

impl std::fmt::Display for LocalTime {
    /// ISO 8601 without a zone: `2026-10-03T17:04:00`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (minutes, second) = (self.second_of_day / 60, self.second_of_day % 60);
        write!(f, "{}T{:02}:{:02}:{second:02}", self.date, minutes / 60, minutes % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_day_survives_its_text(days in -719_162..2_932_896_i32) {
            let date = Date::from_days(days).unwrap();
            prop_assert_eq!(Date::parse(&date.to_string()), Some(date));
        }

        #[test]
        fn any_text_is_a_day_only_if_it_is_written_as_one(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}|.{0,12}") {
            if let Some(date) = Date::parse(&text) {
                prop_assert_eq!(date.to_string(), text);
            }
        }
    }

    #[test]
    fn days_that_are_not_in_the_calendar_are_refused() {
        assert_eq!(Date::parse("1970-01-02").map(Date::days), Some(1));
        for text in ["2026-02-29", "2026-13-01", "0000-01-01", "2026-1-01", "+026-01-01", "２026-1"]
        {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert_eq!(Date::from_days(i32::MAX), None);
        assert_eq!(Date::from_days(-719_163), None);
    }

    #[test]
    fn local_time_follows_the_offset_across_midnight() {
        let evening = Timestamp::parse("2026-10-04T01:30:05Z").unwrap();
        assert_eq!(LocalTime::at(evening, -240).to_string(), "2026-10-03T21:30:05");
        assert_eq!(LocalTime::at(evening, 0).date().to_string(), "2026-10-04");
        assert_eq!(LocalTime::at(Timestamp(i64::MAX), 0).to_string(), "1970-01-01T00:00:00");
        assert!((LocalTime::at(Timestamp::from_seconds(43_200), 0).days() - 0.5).abs() < 1e-12);
    }
}
