//! One attempt, saved for good: encrypted, synced, with its frame in the sealed copy; beside the
//! least that the same database needs for a row.

use std::path::Path;

use canvass_cli::cpu::CpuClock;
use canvass_cli::phone::Phone;
use canvass_cli::simulate::vfs::Recording;
use canvass_core::engine::AttemptInput;
use canvass_core::walklist::CanvassResult;
use rusqlite::Connection;

use crate::campaign::Campaign;
use crate::figures::{Figures, median};
use crate::{Failure, scratch};

const SAVES: usize = 400;

/// What a save writes, more or less: an id, a time, and the change's bytes.
const BARE_ROW: [u8; 120] = [7; 120];

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    let folder = scratch::folder("save")?;
    let campaign = Campaign::new(&folder)?;
    let phone = campaign.phone(&folder.join("walker"), "Ash")?;
    campaign.sync(&phone)?;
    let bare = bare_database()?;
    let (mut own, mut floor) = (Vec::new(), Vec::new());
    each_save(&phone, |number, save| {
        let clock = CpuClock::start();
        save()?;
        own.push(clock.millis());
        let clock = CpuClock::start();
        bare.execute("INSERT INTO row VALUES (?1, ?2)", (i64::try_from(number)?, BARE_ROW))?;
        floor.push(clock.millis());
        Ok(())
    })?;
    let (own, floor) = (median(own), median(floor));
    figures.at_most("an attempt saved, CPU, median", own, 1.0, "ms");
    figures.tell("a bare encrypted row, FULL, CPU, median", floor, "ms");
    figures.tell("times the bare row", own / floor, "x");
    barriers(figures, &campaign, &folder)
}

/// Saves at one door after the other.
fn each_save(
    phone: &Phone,
    mut around: impl FnMut(usize, &dyn Fn() -> Result<(), Failure>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let list = phone.engine().walk_lists()?[0].list;
    let page = phone.engine().doors(list, None, 500)?;
    for (door, number) in page.doors.iter().cycle().zip(0..SAVES) {
        let input = AttemptInput::at_door(list, door.household, Some(CanvassResult::NotHome));
        around(number, &|| {
            phone.engine().record_attempt(&input)?;
            Ok(())
        })?;
    }
    Ok(())
}

/// How often a save waits for the disk, for its databases and for the files beside them.
fn barriers(figures: &mut Figures, campaign: &Campaign, folder: &Path) -> Result<(), Failure> {
    // Heard by its whole path, without `..`.
    let folder = &folder.canonicalize()?.join("watched");
    let recording = Recording::of(folder);
    let phone = campaign.phone(folder, "Birch")?;
    campaign.sync(&phone)?;
    let mut counted = Vec::new();
    each_save(&phone, |_, save| {
        let before = recording.syncs();
        save()?;
        counted.push((recording.syncs() - before) as f64);
        Ok(())
    })?;
    let most = counted.iter().copied().fold(0.0, f64::max);
    figures.tell("fsync barriers of a save, median", median(counted), "");
    figures.at_most("the most of any save", most, 2.0, "");
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
