//! From a closed app to the first screen.

use canvass_cli::cpu::CpuClock;

use canvass_cli::phone::Phone;
use canvass_core::id::ListId;

use crate::figures::{Figures, median};
use crate::{Failure, scratch};

const RUNS: usize = 21;
const ROWS: u32 = 100;

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
    rows(figures, &phone, list)
}

/// A page of a list as a shell asks for it, without the way through JNA or into Swift.
fn rows(figures: &mut Figures, phone: &Phone, list: ListId) -> Result<(), Failure> {
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let clock = CpuClock::start();
        let page = phone.engine().doors(list, None, ROWS)?;
        times.push(clock.millis());
        figures.same("doors of the page", page.doors.len() as u64, u64::from(ROWS));
    }
    figures.tell("100 rows read and put into words, CPU", median(times), "ms");
    Ok(())
}
