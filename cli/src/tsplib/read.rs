//! Reading a TSPLIB file.

use std::collections::BTreeSet;
use std::io::BufRead;

use canvass_core::route::Matrix;

use super::near::Grid;
use super::weight::Weight;
use super::{Instance, Weights};

/// Why a file is no instance that can be solved, and the line that says so.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct TsplibError {
    /// The line, counted from 1.
    pub line: u64,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with a line of a TSPLIB file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file could not be read on, or is not text.
    #[error("the file cannot be read here")]
    Unreadable,
    /// No number, or none that is used here, where one was expected.
    #[error("a number was expected, at most a billion and, for costs, whole")]
    Number,
    /// A kind of instance that is not known here.
    #[error("{0} is not known here")]
    Unknown(String),
    /// What must be said before this line.
    #[error("{0} must come first")]
    Missing(&'static str),
    /// More nodes than are taken in.
    #[error("more nodes than are taken in: {MOST_NODES}, with a table of costs {MOST_IN_TABLE}")]
    TooLarge,
    /// A node's number stands twice.
    #[error("node {0} for the second time")]
    Twice(u32),
    /// Not as many nodes or costs as `DIMENSION` asks for.
    #[error("{found} numbers, {expected} expected")]
    Count {
        /// How many were there.
        found: u64,
        /// How many belong there.
        expected: u64,
    },
}

impl Fault {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Number => "bad_number",
            Self::Unknown(_) => "unknown_kind",
            Self::Missing(_) => "missing_header",
            Self::TooLarge => "too_large",
            Self::Twice(_) => "node_twice",
            Self::Count { .. } => "wrong_count",
        }
    }
}

/// The most nodes that are taken in.
const MOST_NODES: u32 = 1_000_000;
/// The most nodes of an instance with a table: it takes 400 MB.
const MOST_IN_TABLE: u32 = 10_000;
/// Coordinates and costs beyond this are refused, so that every distance fits in 32 bits.
const LARGEST: f64 = 1e9;
/// No file is read any further.
const MOST_BYTES: u64 = 1 << 30;

/// Which costs of a table a file lists, row by row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Full,
    /// Above the diagonal, with it or without.
    Upper {
        diagonal: bool,
    },
    /// Below the diagonal, with it or without.
    Lower {
        diagonal: bool,
    },
}

impl Shape {
    fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "FULL_MATRIX" => Self::Full,
            "UPPER_ROW" => Self::Upper { diagonal: false },
            "UPPER_DIAG_ROW" => Self::Upper { diagonal: true },
            "LOWER_ROW" => Self::Lower { diagonal: false },
            "LOWER_DIAG_ROW" => Self::Lower { diagonal: true },
            _ => return None,
        })
    }

    /// The columns that a row lists.
    fn columns(self, row: u32, nodes: u32) -> std::ops::Range<u32> {
        match self {
            Self::Full => 0..nodes,
            Self::Upper { diagonal } => row + u32::from(!diagonal)..nodes,
            Self::Lower { diagonal } => 0..row + u32::from(diagonal),
        }
    }
}

/// What follows a section's headline.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Header,
    Nodes,
    Costs,
    /// Numbers that are for drawing only.
    Drawing,
}

/// What was read so far.
struct Reading {
    line: u64,
    section: Section,
    nodes: Option<u32>,
    weight: Option<Weight>,
    is_table: bool,
    shape: Option<Shape>,
    numbers: Vec<u32>,
    seen: BTreeSet<u32>,
    at: Vec<(f64, f64)>,
    costs: Vec<u32>,
}

/// Reads an instance.
pub fn read(input: impl BufRead) -> Result<Instance, TsplibError> {
    let mut reading = Reading {
        line: 0,
        section: Section::Header,
        nodes: None,
        weight: None,
        is_table: false,
        shape: None,
        numbers: Vec::new(),
        seen: BTreeSet::new(),
        at: Vec::new(),
        costs: Vec::new(),
    };
    let instance = reading.all(input);
    instance.map_err(|fault| TsplibError { line: reading.line, fault })
}

impl Reading {
    fn all(&mut self, input: impl BufRead) -> Result<Instance, Fault> {
        for line in input.take(MOST_BYTES).lines() {
            self.line += 1;
            let line = line.map_err(|_| Fault::Unreadable)?;
            let line = line.trim();
            if line == "EOF" {
                break;
            }
            let is_word = line.starts_with(|first: char| first.is_ascii_alphabetic());
            match self.section {
                _ if line.is_empty() => {}
                _ if is_word => self.headline(line)?,
                Section::Header => return Err(Fault::Missing("a headline")),
                Section::Nodes => self.node(line)?,
                Section::Costs => self.costs(line)?,
                Section::Drawing => {}
            }
        }
        self.finish()
    }

    fn headline(&mut self, line: &str) -> Result<(), Fault> {
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        let (key, value) = (key.trim(), value.trim());
        self.section = Section::Header;
        let unknown = || Fault::Unknown(shortened(if value.is_empty() { key } else { value }));
        match key {
            "NAME" | "COMMENT" | "NODE_COORD_TYPE" | "DISPLAY_DATA_TYPE" => {}
            "TYPE" if matches!(value.split(' ').next(), Some("TSP" | "ATSP")) => {}
            "DIMENSION" => {
                let nodes = value.parse().map_err(|_| Fault::Number)?;
                if nodes > MOST_NODES {
                    return Err(Fault::TooLarge);
                }
                self.nodes = Some(nodes);
            }
            "EDGE_WEIGHT_TYPE" if value == "EXPLICIT" => self.is_table = true,
            "EDGE_WEIGHT_TYPE" => {
                self.weight = Some(Weight::of_name(value).ok_or_else(unknown)?);
            }
            "EDGE_WEIGHT_FORMAT" if value == "FUNCTION" => {}
            "EDGE_WEIGHT_FORMAT" => {
                self.shape = Some(Shape::of_name(value).ok_or_else(unknown)?);
            }
            "NODE_COORD_SECTION" => self.section = Section::Nodes,
            "EDGE_WEIGHT_SECTION" => self.section = Section::Costs,
            "DISPLAY_DATA_SECTION" => self.section = Section::Drawing,
            _ => return Err(unknown()),
        }
        Ok(())
    }

    fn node(&mut self, line: &str) -> Result<(), Fault> {
        let expected = self.nodes.ok_or(Fault::Missing("DIMENSION"))?;
        let mut words = line.split_ascii_whitespace();
        let mut word = || words.next().ok_or(Fault::Number);
        let number: u32 = word()?.parse().map_err(|_| Fault::Number)?;
        let at = (coordinate(word()?)?, coordinate(word()?)?);
        if !self.seen.insert(number) {
            return Err(Fault::Twice(number));
        }
        self.numbers.push(number);
        self.at.push(at);
        let found = self.at.len() as u64;
        if found > u64::from(expected) {
            return Err(Fault::Count { found, expected: expected.into() });
        }
        Ok(())
    }

    fn costs(&mut self, line: &str) -> Result<(), Fault> {
        let expected = self.cells()?;
        for word in line.split_ascii_whitespace() {
            let cost = coordinate(word)?;
            if cost < 0.0 || cost.fract() != 0.0 {
                return Err(Fault::Number);
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a whole number below a billion"
            )]
            self.costs.push(cost as u32);
        }
        let found = self.costs.len() as u64;
        if found > expected {
            return Err(Fault::Count { found, expected });
        }
        Ok(())
    }

    /// How many costs the file must list.
    fn cells(&self) -> Result<u64, Fault> {
        let nodes = self.nodes.ok_or(Fault::Missing("DIMENSION"))?;
        let shape = self.shape.ok_or(Fault::Missing("EDGE_WEIGHT_FORMAT"))?;
        if nodes > MOST_IN_TABLE {
            return Err(Fault::TooLarge);
        }
        Ok((0..nodes).map(|row| shape.columns(row, nodes).len() as u64).sum())
    }

    fn finish(&mut self) -> Result<Instance, Fault> {
        let nodes = self.nodes.ok_or(Fault::Missing("DIMENSION"))?;
        if self.is_table {
            return self.table(nodes);
        }
        let weight = self.weight.ok_or(Fault::Missing("EDGE_WEIGHT_TYPE"))?;
        let found = self.at.len() as u64;
        if found != u64::from(nodes) {
            return Err(Fault::Count { found, expected: nodes.into() });
        }
        let at = std::mem::take(&mut self.at);
        let grid = Grid::of(&at);
        let numbers = std::mem::take(&mut self.numbers);
        Ok(Instance { numbers, weights: Weights::Places { weight, at, grid } })
    }

    fn table(&mut self, nodes: u32) -> Result<Instance, Fault> {
        let shape = self.shape.ok_or(Fault::Missing("EDGE_WEIGHT_FORMAT"))?;
        let (found, expected) = (self.costs.len() as u64, self.cells()?);
        if found != expected {
            return Err(Fault::Count { found, expected });
        }
        let mut cells = vec![0; nodes as usize * nodes as usize];
        let mut listed = self.costs.iter();
        for row in 0..nodes {
            for (column, &cost) in shape.columns(row, nodes).zip(listed.by_ref()) {
                cells[row as usize * nodes as usize + column as usize] = cost;
                if shape != Shape::Full {
                    cells[column as usize * nodes as usize + row as usize] = cost;
                }
            }
        }
        let table = Matrix::new(nodes, cells).map_err(|_| Fault::TooLarge)?;
        Ok(Instance { numbers: (1..=nodes).collect(), weights: Weights::Table(table) })
    }
}

fn coordinate(word: &str) -> Result<f64, Fault> {
    let number: f64 = word.parse().map_err(|_| Fault::Number)?;
    if number.abs() <= LARGEST { Ok(number) } else { Err(Fault::Number) }
}

/// A word of the file, cut to what fits in a message.
fn shortened(word: &str) -> String {
    word.chars().take(40).collect()
}
