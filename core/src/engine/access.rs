//! How doors are reached: a gate, a dog, a locked entrance.

use crate::change::Body;
use crate::engine::Engine;
use crate::engine::draft::Draft;
use crate::engine::error::Error;
use crate::engine::language::Languages;
use crate::engine::lists::ListReader;
use crate::engine::view::{AccessView, Saved};
use crate::engine::whereabouts::Whereabouts;
use crate::id::{HouseholdId, ListId};
use crate::merge::AccessState;
use crate::say;
use crate::walklist::Access;

impl Engine {
    /// Records how a door is reached; [`Access::Open`] where nothing is in the way any more. The
    /// latest word counts, whoever's: whoever says something else unheard of it is told, and
    /// nobody has to choose. Orders, shifts and turfs go by it. Taken back with [`Engine::undo`].
    pub fn record_access(
        &self,
        list: ListId,
        household: HouseholdId,
        access: Access,
    ) -> Result<Saved, Error> {
        self.record(list, household, |_| Ok(vec![Draft::of_household(Body::Access(access))]))
            .map(Saved::from)
    }
}

/// How a door is reached, as screens show it.
pub(super) fn view(
    reader: &ListReader,
    said: &AccessState,
    (languages, known): (&Languages, &Whereabouts),
) -> AccessView {
    AccessView {
        access: said.access,
        sentence: say::access(languages.words, said.access),
        change: said.change,
        by: said.canvasser.map(|who| reader.name(who)).unwrap_or_default(),
        own: said.canvasser == Some(reader.me.canvasser),
        from_file: said.canvasser.is_none(),
        at: said.at,
        saved: known.saved(said.change, said.sequenced),
    }
}
