//! Things that turn out to hang together, told a pair at a time (union-find by size, Galler and
//! Fischer 1964).
//!
//! Knows no streets and no costs: who is to be joined, and in which order, is the caller's.
#![expect(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "numbers of things stand beside sizes below zero; there are fewer than 2^31"
)]

/// So many things, each by itself at first.
pub(crate) struct Sets {
    /// What each is below; of those on top, the size of the set, below zero.
    above: Vec<i32>,
}

impl Sets {
    pub(crate) fn of(count: usize) -> Self {
        Self { above: vec![-1; count] }
    }

    /// Each is by itself again.
    pub(crate) fn part(&mut self) {
        self.above.fill(-1);
    }

    /// The one on top of a set: the same for all that hang together, until one more is joined.
    #[inline]
    pub(crate) fn root(&mut self, mut node: u32) -> u32 {
        loop {
            let up = self.above[node as usize];
            if up < 0 {
                return node;
            }
            // Each is put below the one after next, so that no way up grows long.
            let further = self.above[up as usize];
            if further >= 0 {
                self.above[node as usize] = further;
            }
            node = up as u32;
        }
    }

    /// Joins the sets of two; answers whether they were two sets.
    #[inline]
    pub(crate) fn join(&mut self, a: u32, b: u32) -> bool {
        let (mut a, mut b) = (self.root(a), self.root(b));
        if a == b {
            return false;
        }
        if self.above[a as usize] < self.above[b as usize] {
            std::mem::swap(&mut a, &mut b);
        }
        self.above[b as usize] += self.above[a as usize];
        self.above[a as usize] = b as i32;
        true
    }

    /// The number of each one's set, counted from 0 as they come, and how many sets there are.
    pub(crate) fn numbers(mut self) -> (Vec<u32>, usize) {
        let mut number_of = vec![u32::MAX; self.above.len()];
        let mut next = 0;
        let numbers = (0..).take(self.above.len()).map(|node| {
            let number = &mut number_of[self.root(node) as usize];
            if *number == u32::MAX {
                *number = next;
                next += 1;
            }
            *number
        });
        (numbers.collect(), next as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_joined_hangs_together_and_sets_are_numbered_as_they_come() {
        let mut sets = Sets::of(6);
        assert!(sets.join(4, 1) && sets.join(3, 5) && sets.join(5, 4));
        assert!(!sets.join(1, 3), "one set already");
        assert_eq!(sets.root(1), sets.root(3));
        assert_eq!(sets.numbers(), (vec![0, 1, 2, 1, 1, 1], 3));
        let mut sets = Sets::of(2);
        assert!(sets.join(0, 1));
        sets.part();
        assert_eq!(sets.numbers(), (vec![0, 1], 2));
    }
}
