//! The checks a script passes before anyone is shown a question.
//!
//! They find everything that could go wrong later, so that evaluating a checked script cannot
//! fail; and they find as much as they can at once, each fault with its place. Work is bounded
//! by the size of the script: lists that are too long are not looked into.

mod earlier;
mod expressions;
mod faults;
mod graph;
mod kinds;
mod outline;
mod reach;
#[cfg(test)]
mod tests;
mod texts;

pub(super) use self::earlier::compare;
use self::faults::Faults;
use self::outline::outline;
pub(super) use self::reach::unreachable;
use super::error::ScriptError;
use super::model::{Kind, ScriptElement, ScriptSource};
use super::script::Step;

/// Checks `source` and makes it ready to be evaluated.
pub(super) fn check(source: &ScriptSource) -> Result<Vec<Step>, Vec<ScriptError>> {
    let mut faults = Faults::default();
    let entries = outline(source, &mut faults);
    faults.done()?;
    texts::check_header(source, &mut faults);
    let names = outline::names(&entries, &mut faults);
    for entry in &entries {
        texts::check(entry, &source.languages, &mut faults);
        kinds::check(entry, &mut faults);
    }
    let bound = expressions::check(&entries, &names, &mut faults);
    faults.done()?;
    Ok(entries.iter().zip(bound).map(|(entry, bound)| bound.step(entry)).collect())
}

/// Brings what has two forms into one: a bound of -0 becomes 0.
pub(super) fn normalise(source: &mut ScriptSource) {
    normalise_elements(&mut source.elements, 0);
}

fn normalise_elements(elements: &mut [ScriptElement], depth: usize) {
    for element in elements {
        match element {
            ScriptElement::Question(question) => {
                if let Kind::Integer(bounds) | Kind::Decimal(bounds) = &mut question.kind {
                    for bound in [&mut bounds.min, &mut bounds.max].into_iter().flatten() {
                        *bound += 0.0;
                    }
                }
            }
            ScriptElement::Group(group) if depth < super::limits::MAX_GROUP_DEPTH => {
                normalise_elements(&mut group.elements, depth + 1);
            }
            _ => {}
        }
    }
}
