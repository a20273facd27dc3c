//! HTML text: escaping, and numbers, lengths and times as people read them.
//!
//! Whatever comes from outside passes through [`Text`]; what is written without it is a literal
//! of this crate or a number.

use std::fmt::{self, Write};

use canvass_core::time::Timestamp;

/// A page in the making.
#[derive(Default)]
pub(super) struct Html(String);

impl Html {
    /// Adds what `format_args!` says.
    pub(super) fn put(&mut self, args: fmt::Arguments<'_>) {
        self.0.write_fmt(args).expect("a String takes everything, and no Display here fails");
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// Adds formatted text to an [`Html`].
macro_rules! put {
    ($out:expr, $($args:tt)*) => { $out.put(format_args!($($args)*)) };
}
pub(super) use put;

/// A text from outside, safe in content and in quoted attributes.
pub(super) struct Text<'a>(pub(super) &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                // Control characters have no form in HTML.
                c if c.is_control() => f.write_char(' ')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// A whole number with a comma at each thousand.
pub(super) struct Count(pub(super) u64);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_char(',')?;
            }
            f.write_char(digit)?;
        }
        Ok(())
    }
}

/// A length on the ground: `840 m`, `3.1 km`.
pub(super) struct Length(pub(super) f64);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 995.0 {
            write!(f, "{:.0} m", self.0)
        } else {
            write!(f, "{:.1} km", self.0 / 1000.0)
        }
    }
}

/// A share of a whole: `27%`; a dash of nothing.
pub(super) struct Percent(pub(super) u32, pub(super) u32);

impl Percent {
    /// The share in hundredths, 0 of nothing.
    pub(super) fn value(&self) -> f64 {
        if self.1 == 0 { 0.0 } else { f64::from(self.0) * 100.0 / f64::from(self.1) }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.1 == 0 { f.write_str("–") } else { write!(f, "{:.0}%", self.value()) }
    }
}

/// `door` for 1, `doors` for any other number.
pub(super) const fn plural(count: u64, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}

/// `Ana, Ben and Carla`.
pub(super) fn joined(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// A moment of the day in local time: `10:42`.
pub(super) struct Hour {
    pub(super) at: Timestamp,
    pub(super) utc_offset_minutes: i32,
}

impl fmt::Display for Hour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = local_seconds(self.at, self.utc_offset_minutes).rem_euclid(86_400) / 60;
        write!(f, "{}:{:02}", minutes / 60, minutes % 60)
    }
}

fn local_seconds(at: Timestamp, utc_offset_minutes: i32) -> i64 {
    at.seconds().saturating_add(i64::from(utc_offset_minutes) * 60)
}

/// A date in words: `Saturday, 3 October 2026`.
pub(super) fn long_date(at: Timestamp, utc_offset_minutes: i32) -> String {
    const WEEKDAYS: [&str; 7] =
        ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let days = local_seconds(at, utc_offset_minutes).div_euclid(86_400);
    // 1970-01-01 was a Thursday.
    let weekday = usize::try_from(days.rem_euclid(7)).map_or("", |day| WEEKDAYS[day]);
    let local = Timestamp::from_seconds(days.saturating_mul(86_400)).to_string();
    let mut parts = local.get(..10).unwrap_or_default().split('-');
    let year = parts.next().unwrap_or_default();
    let month = parts.next().and_then(|month| month.parse::<usize>().ok());
    let month = month.and_then(|month| MONTHS.get(month.wrapping_sub(1))).unwrap_or(&"");
    let day = parts.next().unwrap_or_default().trim_start_matches('0');
    format!("{weekday}, {day} {month} {year}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_text_stays_text() {
        let text = Text("<b onload='x'>&\"\u{7}").to_string();
        assert_eq!(text, "&lt;b onload=&#39;x&#39;&gt;&amp;&quot; ");
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(Count(1_234_567).to_string(), "1,234,567");
        assert_eq!(Count(999).to_string(), "999");
        assert_eq!(Length(994.9).to_string(), "995 m");
        assert_eq!(Length(3_149.0).to_string(), "3.1 km");
        assert_eq!(Percent(1, 3).to_string(), "33%");
        assert_eq!(Percent(0, 0).to_string(), "–");
    }

    #[test]
    fn times_are_local_ones() {
        let at = Timestamp::parse("2026-10-03T02:05:00Z").expect("a time");
        assert_eq!(Hour { at, utc_offset_minutes: -240 }.to_string(), "22:05");
        assert_eq!(long_date(at, -240), "Friday, 2 October 2026");
        assert_eq!(long_date(at, 0), "Saturday, 3 October 2026");
        assert_eq!(long_date(Timestamp(-1), 0), "Wednesday, 31 December 1969");
    }
}
