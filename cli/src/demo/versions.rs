//! What was answered, each answer under the version of the script that asked it.

use canvass_core::survey::{Kind, Script};

use crate::demo::tally::ExportedRow;
use crate::demo::{DayError, MORNING, NOON};
use crate::report::{OptionTally, QuestionTally, VersionTally};
use crate::town::{NOON_SCRIPT_JSON, SCRIPT_JSON};

/// The versions of the day, the first one first.
pub(super) fn scripts() -> Result<[Script; 2], DayError> {
    let parsed = |json| Script::parse(json).map_err(|_| DayError::Answer("a script"));
    Ok([parsed(SCRIPT_JSON)?, parsed(NOON_SCRIPT_JSON)?])
}

/// Answers that stand, by version.
pub(super) fn answers_of(rows: &[ExportedRow]) -> Result<Vec<(String, u32)>, DayError> {
    let count = |script: &Script| {
        let version = script.source().version.clone();
        let answers = standing(rows).filter(|row| row.version == version).count();
        (version, small(answers))
    };
    Ok(scripts()?.iter().map(count).collect())
}

/// The questions that offer options, with what was chosen, and how many answered them under each
/// version. A name under which another text is read is another question.
pub(super) fn tallies(
    rows: &[ExportedRow],
) -> Result<(Vec<QuestionTally>, Vec<VersionTally>), DayError> {
    let scripts = scripts()?;
    let mut questions: Vec<(String, QuestionTally)> = Vec::new();
    let mut answered: Vec<Vec<Option<u32>>> = vec![Vec::new(); scripts.len()];
    for (number, script) in scripts.iter().enumerate() {
        for question in (0..script.question_count()).filter_map(|no| script.question(no)) {
            if !matches!(question.kind, Kind::Single(_) | Kind::Multiple(_)) {
                continue;
            }
            let label = question.label.text("en");
            let is_same = |known: &(String, QuestionTally)| {
                known.0 == question.name && known.1.label == label
            };
            let place = questions.iter().position(is_same).unwrap_or(questions.len());
            if place == questions.len() {
                let tally =
                    QuestionTally { label: label.to_owned(), answered: 0, options: Vec::new() };
                questions.push((question.name.clone(), tally));
            }
            let version = &script.source().version;
            let of_question =
                |row: &&ExportedRow| row.version == *version && row.question == question.name;
            let given: Vec<&ExportedRow> = standing(rows).filter(of_question).collect();
            add(&mut questions[place].1, question.kind.options(), &given);
            answered[number].resize(questions.len(), None);
            answered[number][place] = Some(small(given.len()));
        }
    }
    let count = questions.len();
    let totals = answers_of(rows)?;
    let versions = totals.into_iter().zip(answered).zip([MORNING, NOON]);
    let versions = versions.map(|(((version, answers), mut answered), from)| {
        answered.resize(count, None);
        VersionTally { version, from, answers, answered }
    });
    Ok((questions.into_iter().map(|(_, tally)| tally).collect(), versions.collect()))
}

fn add(
    tally: &mut QuestionTally,
    options: &[canvass_core::survey::ResponseOption],
    given: &[&ExportedRow],
) {
    tally.answered += small(given.len());
    for option in options {
        let chosen = given
            .iter()
            .filter(|row| row.value.split([' ', ';', ',', '|']).any(|value| value == option.name));
        let (label, count) = (option.label.text("en"), small(chosen.count()));
        match tally.options.iter_mut().find(|known| known.label == label) {
            Some(known) => known.count += count,
            None => tally.options.push(OptionTally { label: label.to_owned(), count }),
        }
    }
}

fn standing(rows: &[ExportedRow]) -> impl Iterator<Item = &ExportedRow> {
    rows.iter()
        .filter(|row| row.kind == "answer" && row.state == "standing" && !row.value.is_empty())
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
