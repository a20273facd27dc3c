//! How likely someone opens: by the hour, and by what earlier knocks found.
//!
//! Figures are parameters: a campaign that has measured its own gives them.

/// How likely a door is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerChances {
    /// For each local hour from 0 to 23, the chance in thousandths. Default: 250 by day, one door
    /// in four (vendors' and campaigns' pages); 300 from 17 to 20 hours, when people are home
    /// from work, an assumption; nothing before 9 and from 21 on, when nobody knocks (i360's
    /// hours, 9 to 21 local time).
    pub by_hour_per_mille: [u16; 24],
    /// What an earlier knock without an answer leaves of the chance if it was within two hours of
    /// this time of day, in thousandths. Default 700, an assumption: whoever is out at noon is
    /// out at noon the next day.
    pub same_hours_per_mille: u16,
    /// The chance where someone said to come back about now, in thousandths. Default 750, an
    /// assumption: three promises of four are kept.
    pub expected_per_mille: u16,
}

impl Default for AnswerChances {
    fn default() -> Self {
        let mut by_hour_per_mille = [0; 24];
        by_hour_per_mille[9..21].fill(250);
        by_hour_per_mille[17..20].fill(300);
        Self { by_hour_per_mille, same_hours_per_mille: 700, expected_per_mille: 750 }
    }
}

/// Hours within which two knocks are at the same time of day.
const SAME_HOURS: u8 = 2;

impl AnswerChances {
    /// The chance in thousandths at a local hour, where nobody answered at `unanswered` hours.
    #[must_use]
    pub fn at(&self, hour: u8, unanswered: &[u8]) -> u32 {
        let base = self.by_hour_per_mille.get(usize::from(hour)).copied().unwrap_or(0);
        let left = u32::from(self.same_hours_per_mille.min(1_000));
        let same = unanswered.iter().filter(|earlier| apart(hour, **earlier) <= SAME_HOURS);
        same.fold(u32::from(base), |chance, _| chance * left / 1_000)
    }

    /// The chance in thousandths where someone said to come back about now; whatever the hour,
    /// and whatever earlier knocks found.
    #[must_use]
    pub fn expected(&self) -> u32 {
        u32::from(self.expected_per_mille.min(1_000))
    }
}

/// Hours between two times of day, the shorter way round the clock.
fn apart(hour: u8, other: u8) -> u8 {
    let apart = (hour % 24).abs_diff(other % 24);
    apart.min(24 - apart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evenings_are_better_and_an_earlier_miss_at_that_hour_counts() {
        let chances = AnswerChances::default();
        assert_eq!(chances.at(11, &[]), 250);
        assert_eq!(chances.at(18, &[]), 300);
        assert_eq!(chances.at(18, &[11]), 300);
        assert_eq!(chances.at(11, &[12, 10]), 250 * 7 / 10 * 7 / 10);
        assert_eq!(chances.at(22, &[]), 0);
        assert_eq!(chances.at(99, &[]), 0);
        assert_eq!(apart(23, 1), 2);
        assert!(chances.expected() > chances.at(18, &[]));
    }
}
