//! A city's address list into a campaign.

use canvass_cli::cpu::CpuClock;
use canvass_core::engine::ImportOptions;

use crate::figures::{Figures, median};
use crate::{Failure, scratch};

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    let file = scratch::shared_data("cambridge_doors.csv")?;
    let mut times = Vec::new();
    let mut rows = 0;
    for _ in 0..3 {
        let folder = scratch::folder("import")?;
        let (phone, _) = scratch::campaign(&folder)?;
        let clock = CpuClock::start();
        let options = ImportOptions::default();
        let imported = phone.engine().import_path(&file, &options, None)?;
        times.push(clock.millis());
        rows = imported.tally.rows;
    }
    let time = median(times);
    figures.tell("rows of Cambridge's address list", rows as f64, "");
    figures.at_most("import, CPU", time, 1_000.0, "ms");
    figures.tell("units in a second", rows as f64 / time * 1e3, "");
    Ok(())
}
