//! What talks left behind: what people asked for, when to come back, and leaflets.

use canvass_core::say::{Language, ask_name};
use canvass_core::survey::AskKind;

use crate::demo::tally::ExportedRow;
use crate::report::{AskTally, LeftBehind};

/// Counted from the exported changes: those that stand, an ask for each person who wants it.
pub(super) fn tally(rows: &[ExportedRow]) -> LeftBehind {
    let standing = |kind: &'static str| {
        rows.iter().filter(move |row| row.kind == kind && row.state == "standing")
    };
    let mut asks: Vec<AskTally> = Vec::new();
    for row in standing("ask") {
        // A row without a kind is of someone who has not agreed: no file says what it was.
        let Some(kind) = AskKind::named(&row.field) else { continue };
        let label = ask_name(Language::En, &kind);
        let place = asks.iter().position(|known| known.label == label).unwrap_or_else(|| {
            asks.push(AskTally { label, wanted: 0, declined: 0 });
            asks.len() - 1
        });
        match row.value.as_str() {
            "declined" => asks[place].declined += 1,
            _ => asks[place].wanted += 1,
        }
    }
    asks.sort_by(|a, b| b.wanted.cmp(&a.wanted).then_with(|| a.label.cmp(&b.label)));
    let count = |kind| u32::try_from(standing(kind).count()).unwrap_or(u32::MAX);
    LeftBehind { asks, follow_ups: count("follow_up"), literature: count("literature") }
}
