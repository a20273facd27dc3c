//! The report of a canvassing day: one HTML page that stands by itself.
//!
//! It needs no network, no script and no other file, reads on a phone and on paper, by light and
//! by dark, and names no resident. Equal facts give an equal page, to the byte. It does not
//! gather the facts or write a file.

mod answers;
mod drawing;
mod figures;
mod frame;
mod html;
mod label;
mod list_map;
mod lists;
mod model;
mod outline;
mod page;
mod phones;
mod story;
mod street_names;
mod streets;
mod summary;
#[cfg(test)]
mod tests;
mod town_map;
mod versions;

pub use list_map::route_svg;
pub use model::{
    AskTally, Check, Distances, DoubleKnock, LeftBehind, OptionTally, Proof, QuestionTally, Report,
    ReportConflict, ReportDoor, ReportKnock, ReportList, ReportPhone, ReportStop, ReportStreet,
    Settlement, StreetWidth, VersionTally, Writing,
};
pub use page::render;
pub use streets::drawn;
