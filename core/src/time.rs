//! Moments: counted in microseconds, shown as ISO 8601.
//!
//! Nothing here reads a clock. A phone's clock is evidence about when something happened;
//! it never orders changes.

mod trusted;

pub use trusted::{Terms, TrustedTime};

use std::fmt;

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_MILLI: i64 = 1_000;

/// A moment in UTC, in microseconds since 1970-01-01. It crosses to apps as `Instant` (Kotlin)
/// and `Date` (Swift).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment `seconds` after 1970; saturates at the ends of the range.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS_PER_SECOND))
    }

    /// The moment `millis` milliseconds after 1970; saturates at the ends of the range.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(MICROS_PER_MILLI))
    }

    /// Whole seconds since 1970, rounded down: the grain in which changes record time.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }

    /// Whole milliseconds since 1970, rounded down.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(MICROS_PER_MILLI)
    }

    /// This moment without its fraction of a second.
    #[must_use]
    pub const fn whole_second(self) -> Self {
        Self::from_seconds(self.seconds())
    }

    /// This moment, later by `millis` (earlier if negative); saturates.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis.saturating_mul(MICROS_PER_MILLI)))
    }

    /// Milliseconds from `earlier` to this moment; negative if it is later. Saturates.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(MICROS_PER_MILLI)
    }

    /// The calendar year in UTC.
    #[must_use]
    pub fn year(self) -> u32 {
        u32::try_from(self.utc().year()).unwrap_or(0)
    }

    fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or(if self.0 < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        })
    }

    /// The moment written as an ISO 8601 text, as this type's `Display` writes it.
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|t| Self(t.timestamp_micros()))
    }
}

impl fmt::Display for Timestamp {
    /// ISO 8601 in UTC to the second: `2026-10-03T21:04:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_before_1970_round_down() {
        assert_eq!(Timestamp(-1).seconds(), -1);
        assert_eq!(Timestamp(-1).whole_second(), Timestamp(-1_000_000));
        assert_eq!(Timestamp::from_millis(-1).to_string(), "1969-12-31T23:59:59Z");
    }

    #[test]
    fn text_and_moment_agree() {
        let moment = Timestamp::from_seconds(1_791_061_440);
        assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment));
        assert_eq!(Timestamp::parse("tomorrow"), None);
    }
}
