//! One attempt, saved for good: beside the least that the same database needs for a row.

use canvass_cli::cpu::CpuClock;
use canvass_core::engine::AttemptInput;
use canvass_core::walklist::CanvassResult;
use rusqlite::Connection;

use crate::figures::{Figures, median};
use crate::{Failure, scratch};

const SAVES: u32 = 400;

/// What a save writes, more or less: an id, a time, and the change's bytes.
const BARE_ROW: [u8; 120] = [7; 120];

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    let (phone, list) = scratch::town_campaign("save", 2_000)?;
    let bare = bare_database()?;
    let page = phone.engine().doors(list, None, 500)?;
    let (mut own, mut floor) = (Vec::new(), Vec::new());
    for (door, number) in page.doors.iter().cycle().zip(0..SAVES) {
        let input = AttemptInput::at_door(list, door.household, Some(CanvassResult::NotHome));
        let clock = CpuClock::start();
        phone.engine().record_attempt(&input)?;
        own.push(clock.millis());
        let clock = CpuClock::start();
        bare.execute("INSERT INTO row VALUES (?1, ?2)", (number, BARE_ROW))?;
        floor.push(clock.millis());
    }
    let (own, floor) = (median(own), median(floor));
    figures.at_most("an attempt saved, CPU, median", own, 1.0, "ms");
    figures.tell("a bare encrypted row, FULL, CPU, median", floor, "ms");
    figures.tell("times the bare row", own / floor, "x");
    Ok(())
}

fn bare_database() -> Result<Connection, Failure> {
    let database = Connection::open(scratch::folder("save-bare")?.join("bare.db"))?;
    database.execute_batch(
        "PRAGMA key = \"x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'\";
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         CREATE TABLE row (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;",
    )?;
    Ok(database)
}
