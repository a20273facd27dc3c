//! The seeded stream of numbers that a town is drawn from.
//!
//! It reads no clock and no device: equal seeds give equal numbers on every machine. Not fit for
//! keys or ids.

/// `SplitMix64` (Steele, Lea and Flood, 2014): 64 bits of state, one multiply-mix per number.
pub(super) struct Random(u64);

impl Random {
    /// The stream of `seed` for one purpose. Streams of different names are independent, so
    /// that drawing one house more leaves the streets as they are.
    pub(super) fn stream(seed: u64, name: &str) -> Self {
        // FNV-1a spreads the name over the word; the mixer behind it does the rest.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(Self(seed ^ hash).next())
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, by multiply and shift; 0 if `bound` is 0.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let product = (self.next() >> 32) * u64::from(bound);
        u32::try_from(product >> 32).expect("the upper half of a product of two u32 fits")
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn whole(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// A number from `low` up to, but not including, `high`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        let share = f64::from(self.below(1 << 24)) / f64::from(1_u32 << 24);
        low + (high - low) * share
    }

    /// True in `per_mille` of 1,000 draws.
    pub(super) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// One of `items`.
    pub(super) fn pick<'a, T, const N: usize>(&mut self, items: &'a [T; N]) -> &'a T {
        const { assert!(N > 0) }
        &items[usize::try_from(self.next() >> 32).expect("32 bits fit") % N]
    }

    /// One of `items`, each as often as its weight says among 1,000; the last takes the rest.
    pub(super) fn weighted<T: Copy, const N: usize>(&mut self, items: &[(u32, T); N]) -> T {
        const { assert!(N > 0) }
        let mut left = self.below(1000);
        for &(weight, item) in &items[..N - 1] {
            match left.checked_sub(weight) {
                Some(rest) => left = rest,
                None => return item,
            }
        }
        items[N - 1].1
    }

    /// Brings `items` into a random order (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let bound = u32::try_from(at + 1).unwrap_or(u32::MAX);
            items.swap(at, self.below(bound) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_splitmix64() {
        // The first numbers of the published generator for seed 1234567.
        let mut random = Random(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn weights_are_shares_of_a_thousand() {
        let mut random = Random::stream(1, "weights");
        let mut counts = [0_u32; 3];
        for _ in 0..10_000 {
            counts[random.weighted(&[(700, 0), (200, 1), (0, 2)])] += 1;
        }
        assert!((6_800..7_200).contains(&counts[0]), "{counts:?}");
        assert!((1_850..2_150).contains(&counts[1]), "{counts:?}");
        assert!((850..1_150).contains(&counts[2]), "the last takes the rest: {counts:?}");
    }

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<u32> = (0..100).collect();
        Random::stream(2, "shuffle").shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }
}
