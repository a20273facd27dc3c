//! A step of a conversation on a script of 300 questions.

use std::fmt::Write as _;

use canvass_cli::cpu::CpuClock;
use canvass_core::survey::{
    AnswerValue, Answers, Conversation, ConversationStep, LocalTime, QuestionKind, Script,
};
use canvass_core::time::Timestamp;

use crate::Failure;
use crate::figures::{Figures, median};

const QUESTIONS: usize = 300;

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    let script = Script::parse(&long_script()?).map_err(|errors| format!("{errors:?}"))?;
    let now = LocalTime::at(Timestamp::from_seconds(1_791_036_000), -240);
    let mut answers = Answers::new();
    let mut talk = Conversation::begin(&script, &answers, now);
    let mut view = script.conversation_view(&talk, &answers, "es", now);
    let mut times = Vec::new();
    while let Some(question) = view.question.take() {
        let option = |place: usize| question.options.get(place).map(|it| it.name.clone());
        let value = match question.kind {
            QuestionKind::MultipleChoice => {
                AnswerValue::Choices { options: (0..2).filter_map(option).collect() }
            }
            QuestionKind::Integer { .. } => AnswerValue::Number { value: 3.0 },
            QuestionKind::Text { .. } => AnswerValue::Text { text: "A word or two.".to_owned() },
            _ => AnswerValue::Choice { option: option(0).unwrap_or_default() },
        };
        let step = ConversationStep::Answer { question: question.name.clone(), value };
        let clock = CpuClock::start();
        let language = script.choose_language("es", "", &[]);
        let (after, shown) = script.script_step_in(&talk, &answers, &step, language, now)?;
        times.push(clock.millis() * 1_000.0);
        (talk, answers, view) = (after.conversation, after.answers, shown);
    }
    figures.same("questions answered", answers.len() as u64, QUESTIONS as u64);
    let worst = times.iter().copied().fold(0.0, f64::max);
    figures.at_most("a step and its view, 300 questions, CPU", median(times.clone()), 100.0, "us");
    figures.tell("the slowest step", worst, "us");
    let ends = times.split_off(times.len() - 20);
    figures.at_most("with all questions answered", median(ends), 100.0, "us");
    figures.tell("bytes of its state", talk.to_bytes().len() as f64, "");
    Ok(())
}

/// Branches, groups, calculations, filters and constraints, in two languages.
fn long_script() -> Result<String, std::fmt::Error> {
    let mut elements = String::new();
    for no in 0..QUESTIONS {
        let label = format!(r#"{{"en": "Question number {no}?", "es": "¿Pregunta número {no}?"}}"#);
        let before = no.saturating_sub(1) / 4 * 4;
        let relevant = format!(r#""relevant": "${{q{before}}} != 'no' or ${{q{before}}} = ''","#);
        let relevant = if no == 0 { String::new() } else { relevant };
        let kind = match no % 4 {
            0 => option_list("single", ""),
            1 => option_list("multiple", &format!(r#", "relevant": "${{q{before}}} != 'no'""#)),
            2 => r#"{"integer": {"min": 0, "max": 20}}, "constraint": ". <= 10""#.to_owned(),
            _ => r#"{"text": {"max_length": 200}}"#.to_owned(),
        };
        let comma = if no == 0 { "" } else { "," };
        write!(
            elements,
            r#"{comma}{{"question": {{"name": "q{no}", "label": {label}, {relevant} "kind": {kind}}}}}"#
        )?;
    }
    Ok(format!(
        r#"{{"name": "long", "version": "1", "languages": ["en", "es"], "elements": [{elements}]}}"#
    ))
}

fn option_list(kind: &str, filter: &str) -> String {
    let option = |name: &str| {
        format!(r#"{{"name": "{name}", "label": {{"en": "{name}", "es": "{name}"}}{filter}}}"#)
    };
    let options: Vec<String> = ["yes", "no", "unsure", "later"].map(option).into();
    format!(r#"{{"{kind}": {{"options": [{}]}}}}"#, options.join(", "))
}
