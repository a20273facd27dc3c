//! From a closed app to the first screen.

use canvass_cli::cpu::CpuClock;

use crate::figures::{Figures, median};
use crate::{Failure, scratch};

const RUNS: usize = 21;

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    let (mut phone, list) = scratch::town_campaign("open", 2_000)?;
    let doors = phone.engine().progress(list)?.doors;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let clock = CpuClock::start();
        phone.restart()?;
        let view = phone.engine().walk_list(list, None)?;
        times.push(clock.millis());
        if view.page.doors.is_empty() {
            return Err("the first screen is empty".into());
        }
    }
    figures.tell("doors of the encrypted list", f64::from(doors), "");
    figures.at_most("open to the first view model, CPU", median(times), 20.0, "ms");
    Ok(())
}
