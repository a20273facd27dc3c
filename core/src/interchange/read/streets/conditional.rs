//! Restrictions that hold at some hours only: `foot:conditional=no @ (22:00-06:00)`.
//!
//! A pack knows no time of day, so what counts is the hours in which anybody canvasses, 9 to 21.
//! A way that is closed at any of them is closed; one that is closed otherwise and open at all of
//! them, on every day, is open. What depends on anything but the hour (the season, the weather,
//! what a vehicle weighs) says nothing here, as if it were not written.

/// Minutes of the day in which anybody canvasses.
const FROM: u32 = 9 * 60;
const UNTIL: u32 = 21 * 60;
const DAY: u32 = 24 * 60;
const DAYS: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];

/// One condition: the value, and when it holds.
struct Clause<'a> {
    value: &'a str,
    /// From when until when, in minutes; the end may lie on the next day.
    hours: (u32, u32),
    /// It holds on every day of the week.
    daily: bool,
}

/// What the last clause says of the hours in which anybody canvasses: the value that holds, if
/// one does. `is_shut` tells which values close a way.
pub(super) fn by_day<'a>(text: &'a str, is_shut: impl Fn(&str) -> bool) -> Option<&'a str> {
    // A later clause takes the place of an earlier one, as the wiki has it.
    let clauses: Vec<Clause<'a>> = clauses(text).collect();
    let counts = |clause: &&Clause<'a>| {
        if is_shut(clause.value) { clause.touches() } else { clause.daily && clause.covers() }
    };
    clauses.iter().rev().find(counts).map(|clause| clause.value)
}

impl Clause<'_> {
    /// Whether it holds at any of the hours.
    fn touches(&self) -> bool {
        let (from, until) = self.hours;
        let overlap = |from: u32, until: u32| from < UNTIL && until > FROM;
        overlap(from, until.min(DAY)) || until > DAY && overlap(0, until - DAY)
    }

    /// Whether it holds at all of them.
    fn covers(&self) -> bool {
        let (from, until) = self.hours;
        from <= FROM && until >= UNTIL
    }
}

/// The clauses that go by the hour alone.
fn clauses(text: &str) -> impl Iterator<Item = Clause<'_>> {
    text.split(';').filter_map(|clause| {
        let (value, when) = clause.split_once('@')?;
        let when = when.trim().trim_start_matches('(').trim_end_matches(')');
        let (mut hours, mut daily) = (None, true);
        for word in when.split_whitespace() {
            match (hours_of(word), is_days(word)) {
                (Some(found), _) if hours.is_none() => hours = Some(found),
                (None, Some(all)) => daily = all,
                _ => return None,
            }
        }
        Some(Clause { value: value.trim(), hours: hours?, daily })
    })
}

/// `22:00-06:00` in minutes of a day and what follows it.
fn hours_of(word: &str) -> Option<(u32, u32)> {
    let minutes = |text: &str| {
        let (hours, minutes) = text.split_once(':')?;
        let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours <= 24 && minutes < 60).then_some(hours * 60 + minutes)
    };
    let (from, until) = word.split_once('-')?;
    let (from, until) = (minutes(from)?, minutes(until)?);
    Some((from, if until <= from { until + DAY } else { until }))
}

/// Whether the word names days, and if so, whether all of them.
fn is_days(word: &str) -> Option<bool> {
    let word = word.to_lowercase();
    let is_day = |text: &str| DAYS.contains(&text);
    let named = word.split(',').all(|part| part.split('-').all(is_day));
    named.then(|| word == "mo-su")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_is_the_hours_in_which_anybody_canvasses() {
        let said = |text| by_day(text, |value| value == "no" || value == "private");
        for (text, expected) in [
            ("no @ (22:00-06:00)", None),
            ("no @ (21:00-09:00)", None),
            ("no @ (20:00-06:00)", Some("no")),
            ("no @ 08:00-10:00", Some("no")),
            ("private @ (Mo-Fr 07:00-17:00)", Some("private")),
            ("yes @ (06:00-22:00)", Some("yes")),
            ("yes @ (Mo-Su 06:00-22:00)", Some("yes")),
            ("yes @ (Sa-Su 06:00-22:00)", None),
            ("yes @ (10:00-18:00)", None),
            ("no @ (snow)", None),
            ("no @ (sunset-sunrise)", None),
            ("no @ (weight>3.5)", None),
            ("no @ (Mo,We 12:00-13:00)", Some("no")),
            ("no @ (08:00-20:00); yes @ (00:00-24:00)", Some("yes")),
            ("no @ (99:00-10:00)", None),
            ("no", None),
            ("@", None),
            ("", None),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }
}
