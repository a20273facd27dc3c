//! Figures as lines of text, and whether they meet their goals.

/// The figures of a run.
#[derive(Default)]
pub(crate) struct Figures {
    missed: u32,
}

impl Figures {
    /// A figure without a goal: a peer's, or a part of another.
    #[expect(clippy::unused_self, reason = "figures are told to one place")]
    pub(crate) fn tell(&self, what: &str, value: f64, unit: &str) {
        println!("  {what:<52} {value:>10.3} {unit}");
    }

    /// A figure that must not be above its goal.
    pub(crate) fn at_most(&mut self, what: &str, value: f64, goal: f64, unit: &str) {
        self.judge(what, value, unit, value <= goal, &format!("at most {goal}"));
    }

    /// How many times less than a peer's; must be above 1.
    pub(crate) fn ahead_of(&mut self, peer: &str, own: f64, theirs: f64) {
        let ratio = theirs / own;
        self.judge(&format!("ratio to {peer}"), ratio, "x", ratio > 1.0, "above 1");
    }

    /// Two answers that must be the same.
    pub(crate) fn same(&mut self, what: &str, found: u64, expected: u64) {
        let is_same = found == expected;
        let goal = format!("{expected} expected");
        self.judge(what, found as f64, "", is_same, &goal);
    }

    fn judge(&mut self, what: &str, value: f64, unit: &str, is_met: bool, goal: &str) {
        let verdict = if is_met { "met" } else { "MISSED" };
        println!("  {what:<52} {value:>10.3} {unit:<4} {goal}: {verdict}");
        self.missed += u32::from(!is_met);
    }

    pub(crate) const fn missed(&self) -> u32 {
        self.missed
    }
}

/// The middle of some figures.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
