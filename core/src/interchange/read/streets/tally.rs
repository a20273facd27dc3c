//! What was found in a file of streets, and what of it was left out and why.

use std::fmt;

/// What was found in a file of streets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreetTally {
    /// Points, whether a way names them or not.
    pub nodes: u64,
    /// Ways of all kinds, or edges of a list.
    pub ways: u64,
    /// Ways that a walker may use.
    pub walkable: u64,
    /// Lines that nobody walks across.
    pub barriers: u64,
    /// Ways that are neither streets nor barriers: buildings, fences, fields.
    pub other: u64,
    /// Motorways and other roads without walkers.
    pub motorways: u64,
    /// Ways that are closed to walkers: private, or not allowed on foot.
    pub closed: u64,
    /// Roads that do not exist: planned, being built, given up; and kinds that are not known.
    pub not_built: u64,
    /// Ways of which the file has not all nodes, as at the border of an extract. Each is cut
    /// there.
    pub cut: u64,
    /// Walkable ways that were left with fewer than two places.
    pub too_short: u64,
    /// Gates and other places on a way that nobody may pass. The way is cut there.
    pub shut: u64,
}

impl fmt::Display for StreetTally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} nodes and {} ways", self.nodes, self.ways)?;
        for (count, what) in [
            (self.motorways, "motorways"),
            (self.closed, "closed to walkers"),
            (self.not_built, "not built or of unknown kind"),
            (self.other, "no streets"),
            (self.barriers, "barriers"),
            (self.too_short, "without two known nodes"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}
