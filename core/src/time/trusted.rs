//! The time that a phone can be sure has passed, whatever its wall clock says.
//!
//! It starts from a moment that the campaign signed and grows by what the clock since boot has
//! shown. What passed while the phone was off is not known and not counted. The wall clock
//! opens and closes nothing: it is only told to be off. Reads no clock and stores nothing.

/// Unkept news of less than this may be lost with the boot it was seen in.
const GRAIN_MS: u64 = 60_000;
/// A wall clock that differs by less than this is not worth a word.
const OFF_MS: i64 = 5 * 60_000;
/// After a restart nobody knows how long the phone was off: a wall clock is far ahead beyond
/// this.
const FAR_AHEAD_MS: i64 = 30 * 24 * 60 * 60_000;

/// How long something may be read: whichever of the two ends first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Not beyond this moment of the campaign's.
    pub expires_ms: i64,
    /// Nor for longer than this without a newer signed moment.
    pub offline_budget_ms: u64,
}

/// The trusted time: a signed moment, and what has been counted since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedTime {
    /// The newest moment that the campaign has signed.
    pub floor_ms: i64,
    /// What the clocks of all boots have shown since that moment was heard.
    pub counted_ms: u64,
    /// The boot of the last reading.
    pub boot: String,
    /// The last reading.
    pub since_boot_ms: u64,
    /// The phone has been started anew since the signed moment.
    pub restarted: bool,
}

impl TrustedTime {
    /// Begins at a moment that the campaign has signed, heard just now.
    #[must_use]
    pub fn begin(signed_ms: i64, boot: &str, since_boot_ms: u64) -> Self {
        Self {
            floor_ms: signed_ms,
            counted_ms: 0,
            boot: boot.to_owned(),
            since_boot_ms,
            restarted: false,
        }
    }

    /// Takes in a reading of the clock since boot.
    pub fn observe(&mut self, boot: &str, since_boot_ms: u64) {
        let passed = match since_boot_ms.checked_sub(self.since_boot_ms) {
            Some(passed) if boot == self.boot => passed,
            // Another boot: all that it shows has passed. The last boot went on after its last
            // reading that was kept, by less than the grain: that is counted too, or starting
            // the phone again and again would be a way to read for ever.
            _ => {
                self.restarted = true;
                since_boot_ms.saturating_add(GRAIN_MS)
            }
        };
        self.counted_ms = self.counted_ms.saturating_add(passed);
        boot.clone_into(&mut self.boot);
        self.since_boot_ms = since_boot_ms;
    }

    /// Hears a signed moment; an older one says nothing new.
    pub fn signed(&mut self, signed_ms: i64) {
        if signed_ms > self.floor_ms {
            self.floor_ms = signed_ms;
            self.counted_ms = 0;
            self.restarted = false;
        }
    }

    /// The moment that it is at least.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.floor_ms.saturating_add_unsigned(self.counted_ms)
    }

    /// Whether what has these terms may be read now.
    #[must_use]
    pub fn allows(&self, terms: Terms) -> bool {
        self.now_ms() < terms.expires_ms && self.counted_ms <= terms.offline_budget_ms
    }

    /// The latest moment at which these terms allow reading, as things stand.
    #[must_use]
    pub fn readable_until_ms(&self, terms: Terms) -> i64 {
        terms.expires_ms.min(self.floor_ms.saturating_add_unsigned(terms.offline_budget_ms))
    }

    /// Whether there is more news since `kept` than may be lost.
    #[must_use]
    pub fn is_news_since(&self, kept: &Self) -> bool {
        (self.floor_ms, &self.boot) != (kept.floor_ms, &kept.boot)
            || self.counted_ms.abs_diff(kept.counted_ms) >= GRAIN_MS
    }

    /// Whether the wall clock is certainly wrong: earlier than what has passed, or far ahead.
    #[must_use]
    pub fn is_off(&self, wall_ms: i64) -> bool {
        let ahead_ms = wall_ms.saturating_sub(self.now_ms());
        let slack = if self.restarted { FAR_AHEAD_MS } else { OFF_MS };
        // What restarts have added on suspicion is not held against the clock.
        ahead_ms < -OFF_MS.saturating_mul(if self.restarted { 12 } else { 1 }) || ahead_ms > slack
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUR_MS: u64 = 60 * 60_000;
    const BUDGET_MS: u64 = 36 * HOUR_MS;
    const SIGNED_MS: i64 = 1_790_000_000_000;
    const TERMS: Terms =
        Terms { expires_ms: SIGNED_MS + 36 * 3_600_000, offline_budget_ms: BUDGET_MS };

    /// What happens to a phone, as far as its clocks tell.
    #[derive(Clone, Debug)]
    enum Happens {
        /// It is on for so long, and someone reads.
        Passes(u64),
        /// It is on for so long, and the app's process is killed with what was not kept.
        Killed(u64),
        /// It is on for so long unread, off for so long, and starts.
        Restarts { on_ms: u64, off_ms: u64, boot_ms: u64, same_name: bool },
    }

    fn happens() -> impl Strategy<Value = Happens> {
        let on = || prop_oneof![0..GRAIN_MS, 0..HOUR_MS, 0..30 * HOUR_MS];
        prop_oneof![
            on().prop_map(Happens::Passes),
            on().prop_map(Happens::Killed),
            (on(), 0..40 * HOUR_MS, 0..120_000_u64, any::<bool>()).prop_map(
                |(on_ms, off_ms, boot_ms, same_name)| Happens::Restarts {
                    on_ms,
                    off_ms,
                    boot_ms,
                    same_name
                }
            ),
        ]
    }

    /// A phone, with what really passed beside what it knows.
    struct Phone {
        trusted: TrustedTime,
        kept: TrustedTime,
        boot: u32,
        since_boot_ms: u64,
        /// How long it has been on since the signed moment.
        on_ms: u64,
        /// How long ago that is.
        real_ms: u64,
        restarts: u64,
    }

    impl Phone {
        fn new() -> Self {
            let trusted = TrustedTime::begin(SIGNED_MS, "0", 5_000);
            let (boot, since_boot_ms) = (0, 5_000);
            Self {
                kept: trusted.clone(),
                trusted,
                boot,
                since_boot_ms,
                on_ms: 0,
                real_ms: 0,
                restarts: 0,
            }
        }

        fn run(&mut self, ms: u64) {
            self.since_boot_ms += ms;
            self.on_ms += ms;
            self.real_ms += ms;
        }

        /// A call: whether it may read.
        fn reads(&mut self) -> bool {
            self.trusted.observe(&self.boot.to_string(), self.since_boot_ms);
            if self.trusted.is_news_since(&self.kept) {
                self.kept = self.trusted.clone();
            }
            self.trusted.allows(TERMS)
        }

        fn happens(&mut self, event: &Happens) {
            match *event {
                Happens::Passes(ms) => self.run(ms),
                Happens::Killed(ms) => {
                    self.run(ms);
                    self.trusted = self.kept.clone();
                }
                Happens::Restarts { on_ms, off_ms, boot_ms, same_name } => {
                    self.run(on_ms);
                    self.real_ms += off_ms;
                    self.trusted = self.kept.clone();
                    self.boot += u32::from(!same_name);
                    self.since_boot_ms = 0;
                    self.restarts += 1;
                    self.run(boot_ms);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn nothing_is_gained_beyond_the_budget(
            story in prop::collection::vec(happens(), 1..60),
        ) {
            let mut phone = Phone::new();
            // What calls have seen pass: between two readings, and since each boot. Time that
            // no call has seen is time in which nobody has read.
            let mut watched_ms = 0;
            let mut last = (phone.boot, phone.restarts, phone.since_boot_ms);
            let mut was_shut = false;
            for event in &story {
                phone.happens(event);
                let now = (phone.boot, phone.restarts, phone.since_boot_ms);
                let renamed = now.0 != last.0 || now.1 == last.1;
                let reads = phone.reads();
                prop_assert!(!(reads && was_shut), "closed, and open again");
                was_shut = !reads;
                // A platform that gives two boots one name can hide the time of one boot.
                if renamed {
                    watched_ms += if now.1 == last.1 { now.2 - last.2 } else { now.2 };
                }
                prop_assert!(!reads || watched_ms <= BUDGET_MS);
                last = now;
            }
        }

        #[test]
        fn an_honest_phone_is_not_locked_within_its_lease(
            story in prop::collection::vec(happens(), 1..60),
        ) {
            let mut phone = Phone::new();
            for event in &story {
                let honest = match event.clone() {
                    Happens::Restarts { on_ms, off_ms, boot_ms, .. } => {
                        Happens::Restarts { on_ms, off_ms, boot_ms, same_name: false }
                    }
                    other => other,
                };
                phone.happens(&honest);
                let due_ms = phone.real_ms + GRAIN_MS * phone.restarts;
                if phone.reads() {
                    prop_assert!(phone.on_ms <= BUDGET_MS + HOUR_MS * 30 * phone.restarts);
                } else {
                    prop_assert!(due_ms >= BUDGET_MS, "locked after {} ms", phone.real_ms);
                    break;
                }
            }
        }

        #[test]
        fn a_phone_that_is_never_off_is_locked_at_the_very_end(
            story in prop::collection::vec((any::<bool>(), 0..4 * HOUR_MS), 1..40),
        ) {
            let mut phone = Phone::new();
            for (killed, ms) in story {
                phone.happens(&if killed { Happens::Killed(ms) } else { Happens::Passes(ms) });
                prop_assert_eq!(phone.reads(), phone.real_ms < BUDGET_MS);
            }
        }

        #[test]
        fn arbitrary_readings_only_ever_add(
            readings in prop::collection::vec((0..3_u8, any::<u64>()), 1..40),
        ) {
            let mut trusted = TrustedTime::begin(SIGNED_MS, "0", 0);
            for (boot, since_boot_ms) in readings {
                let before = trusted.clone();
                trusted.observe(&boot.to_string(), since_boot_ms);
                prop_assert!(trusted.now_ms() >= before.now_ms());
                prop_assert!(before.allows(TERMS) || !trusted.allows(TERMS));
            }
        }
    }

    #[test]
    fn restarting_every_half_minute_uses_the_budget_up() {
        let mut phone = Phone::new();
        let mut restarts = 0;
        while phone.reads() {
            phone.happens(&Happens::Passes(30_000));
            assert!(phone.on_ms <= BUDGET_MS, "read beyond the budget");
            let restart =
                Happens::Restarts { on_ms: 0, off_ms: 0, boot_ms: 20_000, same_name: false };
            phone.happens(&restart);
            restarts += 1;
        }
        assert!(restarts > 1_000);
    }

    #[test]
    fn only_a_newer_signed_moment_counts() {
        let mut trusted = TrustedTime::begin(SIGNED_MS, "a", 0);
        trusted.observe("a", BUDGET_MS + 1);
        assert!(!trusted.allows(TERMS));
        trusted.signed(SIGNED_MS);
        trusted.signed(SIGNED_MS - 1);
        assert!(!trusted.allows(TERMS), "an old answer that is shown again");
        trusted.signed(SIGNED_MS + 40 * 3_600_000);
        assert_eq!((trusted.counted_ms, trusted.allows(TERMS)), (0, false), "another lease");
    }

    #[test]
    fn a_wall_clock_is_told_to_be_off() {
        let mut trusted = TrustedTime::begin(SIGNED_MS, "a", 0);
        trusted.observe("a", HOUR_MS);
        let now = trusted.now_ms();
        for (wall_ms, off) in [(0, false), (-OFF_MS - 1, true), (OFF_MS + 1, true)] {
            assert_eq!(trusted.is_off(now + wall_ms), off, "{wall_ms}");
        }
        trusted.observe("b", 10_000);
        assert!(!trusted.is_off(trusted.now_ms() + 48 * 3_600_000), "it may have been off");
        assert!(trusted.is_off(trusted.now_ms() + FAR_AHEAD_MS + 1));
        assert!(trusted.is_off(0));
    }
}
