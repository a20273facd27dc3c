//! A script beside the campaign's earlier versions: whether a name still means what it meant.
//!
//! Answers name the version in which they were given, so none changes its meaning; but exports,
//! tallies and tags go by names. A name that now takes another kind of answer is refused: nobody
//! could add the two up. A name whose text has changed may be a corrected spelling or another
//! question, which only a person can tell: it is warned of.

use super::super::error::{ScriptError, ScriptField, ScriptProblem};
use super::super::model::{Kind, Question, ScriptElement, ScriptSource, Texts};
use super::super::script::Script;
use super::faults::Faults;
use super::outline::{Entry, outline};

/// The warnings, or the faults for which the script is refused. `earlier` has the latest last;
/// of each question, the last version that asked it counts.
pub(in crate::survey) fn compare(
    source: &ScriptSource,
    earlier: &[&Script],
) -> Result<Vec<ScriptError>, Vec<ScriptError>> {
    let (mut faults, mut warnings) = (Faults::default(), Faults::default());
    for entry in &outline(source, &mut Faults::default()) {
        let ScriptElement::Question(question) = entry.element else { continue };
        let last = earlier.iter().rev().find_map(|script| {
            let known = script.question(script.question_no(&question.name)?)?;
            Some((script.source().version.as_str(), known))
        });
        let Some((version, before)) = last else { continue };
        if means_alike(&before.kind, &question.kind) {
            compare_texts(entry, version, (before, question), &mut warnings);
        } else {
            let problem = ScriptProblem::KindChanged { version: version.to_owned() };
            faults.of_element(entry, ScriptField::Name, problem);
        }
    }
    faults.done()?;
    Ok(warnings.done().err().unwrap_or_default())
}

/// Whether answers to both can be added up.
fn means_alike(before: &Kind, now: &Kind) -> bool {
    match (before, now) {
        (Kind::Scale(before), Kind::Scale(now)) => (before.min, before.max) == (now.min, now.max),
        _ => std::mem::discriminant(before) == std::mem::discriminant(now),
    }
}

fn compare_texts(
    entry: &Entry<'_>,
    version: &str,
    (before, now): (&Question, &Question),
    warnings: &mut Faults,
) {
    let mut warn = |option_no, before: &Texts, now: &Texts| {
        if let Some(language) = differing(before, now) {
            let problem = ScriptProblem::TextChanged { version: version.to_owned(), language };
            warnings.of_option(entry, option_no, ScriptField::Label, problem);
        }
    };
    warn(None, &before.label, &now.label);
    for (option, no) in now.kind.options().iter().zip(0_u32..) {
        let known = before.kind.options().iter().find(|known| known.name == option.name);
        if let Some(known) = known {
            warn(Some(no), &known.label, &option.label);
        }
    }
}

/// The first language of both in which they differ; white space does not count.
fn differing(before: &Texts, now: &Texts) -> Option<String> {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let Texts(before) = before;
    let mut both =
        before.iter().filter_map(|(language, text)| Some((language, text, now.0.get(language)?)));
    both.find(|(_, text, now)| words(text) != words(now)).map(|(language, ..)| language.clone())
}
