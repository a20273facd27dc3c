//! Whatever is tapped, in whatever order: nothing panics, and the invariants hold.

use proptest::prelude::*;

use super::*;
use crate::survey::{AnswerCause, AnswerValue};
use crate::time::Timestamp;

const EXAMPLE: &str = include_str!("../example.json");

fn example() -> Script {
    Script::parse(EXAMPLE).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn now() -> LocalTime {
    LocalTime::at(Timestamp::parse("2026-10-03T18:00:00Z").unwrap(), -240)
}

/// A conversation and the answers that stand, as a store would hold them.
#[derive(Clone, Debug, PartialEq)]
struct Talk {
    at: Conversation,
    answers: Answers,
}

impl Talk {
    fn begin(script: &Script) -> Self {
        let answers = Answers::new();
        Self { at: Conversation::begin(script, &answers, now()), answers }
    }

    fn step(&mut self, script: &Script, step: &ConversationStep) -> Result<(), AnswerCause> {
        let language = script.choose_language("en", "", &[]);
        let after = script.script_step_in(&self.at, &self.answers, step, language, now());
        let (after, shown) = after.map_err(|error| error.cause)?;
        let looked = script.conversation_view(&after.conversation, &after.answers, "en", now());
        assert_eq!(shown, looked, "what is shown with a step is what is shown after it");
        (self.at, self.answers) = (after.conversation, after.answers);
        Ok(())
    }

    fn view(&self, script: &Script) -> ConversationView {
        script.conversation_view(&self.at, &self.answers, "en", now())
    }

    fn asks(&self, script: &Script) -> Option<String> {
        self.view(script).question.map(|question| question.name)
    }
}

fn answer(question: &str, value: AnswerValue) -> ConversationStep {
    ConversationStep::Answer { question: question.into(), value }
}

fn choose(question: &str, option: &str) -> ConversationStep {
    answer(question, AnswerValue::Choice { option: option.into() })
}

fn choose_all(question: &str, options: &[&str]) -> ConversationStep {
    let options = options.iter().map(|it| (*it).into()).collect();
    answer(question, AnswerValue::Choices { options })
}

fn go_to(question: &str) -> ConversationStep {
    ConversationStep::GoTo { question: question.into() }
}

fn skip(question: &str) -> ConversationStep {
    ConversationStep::Skip { question: question.into() }
}

fn names() -> impl Strategy<Value = String> {
    let names = [
        "support",
        "issues",
        "main_issue",
        "sign",
        "sign_date",
        "consent",
        "voters",
        "mood",
        "comment",
        "greeting",
        "nothing",
    ];
    proptest::sample::select(names.to_vec()).prop_map(str::to_owned)
}

fn values() -> impl Strategy<Value = AnswerValue> {
    let options = ["1", "2", "4", "yes", "no", "schools", "roads", "none", "OK"];
    let option = proptest::sample::select(options.to_vec()).prop_map(str::to_owned);
    let options = proptest::collection::vec(option.clone(), 0..4);
    prop_oneof![
        4 => option.prop_map(|option| AnswerValue::Choice { option }),
        3 => options.prop_map(|options| AnswerValue::Choices { options }),
        1 => any::<f64>().prop_map(|value| AnswerValue::Number { value }),
        2 => (-2_i32..25).prop_map(|n| AnswerValue::Number { value: f64::from(n) }),
        2 => ".{0,12}".prop_map(|text| AnswerValue::Text { text }),
        2 => (-1_i32..7).prop_map(|value| AnswerValue::Scale { value }),
        1 => Just(AnswerValue::Date { date: "2026-10-09".into() }),
    ]
}

fn steps() -> impl Strategy<Value = Vec<ConversationStep>> {
    let step = prop_oneof![
        8 => (names(), values())
            .prop_map(|(question, value)| ConversationStep::Answer { question, value }),
        1 => names().prop_map(|question| ConversationStep::Clear { question }),
        3 => names().prop_map(|question| ConversationStep::Skip { question }),
        3 => Just(ConversationStep::Back),
        2 => names().prop_map(|question| ConversationStep::GoTo { question }),
        1 => Just(ConversationStep::Next),
        1 => Just(ConversationStep::Finish),
        1 => Just(ConversationStep::Stop),
    ];
    proptest::collection::vec(step, 0..40)
}

/// The steps, each with the talk before it; those that are refused are left out.
fn walked(script: &Script, steps: &[ConversationStep]) -> (Vec<(Talk, ConversationStep)>, Talk) {
    let mut talk = Talk::begin(script);
    let mut walked = Vec::new();
    for step in steps {
        let before = talk.clone();
        match talk.step(script, step) {
            Ok(()) => walked.push((before, step.clone())),
            Err(_) => assert_eq!(talk, before, "what is refused changes nothing"),
        }
    }
    (walked, talk)
}

fn assert_sound(script: &Script, talk: &Talk) {
    let view = talk.view(script);
    let flat = script.view(&talk.at.all(&talk.answers), "en", now());
    let asked = |name: &str| flat.questions.iter().any(|it| it.name == name && it.relevant);
    if let Some(question) = &view.question {
        assert!(question.relevant && asked(&question.name), "{question:?}");
    }
    assert_eq!(view.may_finish, view.missing.is_empty());
    assert!(view.done <= view.asked && view.place <= view.asked);
    for given in &view.given {
        let no = script.question_no(&given.question).unwrap();
        assert_eq!(given.counts, !talk.at.aside().contains_key(&no), "{given:?}");
    }
    let may_leave = script.relevant_answers(&talk.answers, now());
    assert_eq!(may_leave, talk.answers, "only what counts stands");
    if view.ended == Some(ConversationEnd::Finished) {
        assert!(view.may_finish && view.question.is_none());
    }
}

proptest! {
    #[test]
    fn any_steps_leave_a_sound_conversation(steps in steps()) {
        let script = example();
        let (walked, last) = walked(&script, &steps);
        for (talk, _) in &walked {
            assert_sound(&script, talk);
        }
        assert_sound(&script, &last);
    }

    #[test]
    fn back_returns_to_what_was_shown_before(steps in steps()) {
        let script = example();
        let (walked, last) = walked(&script, &steps);
        let afters = walked.iter().skip(1).map(|(talk, _)| talk).chain([&last]);
        for ((before, step), after) in walked.iter().zip(afters) {
            let moved = before.at.at != after.at.at;
            let is_back = matches!(step, ConversationStep::Back);
            if is_back || !moved || !before.asks_the_same(&script, after) {
                continue;
            }
            let mut back = after.clone();
            back.step(&script, &ConversationStep::Back).unwrap();
            prop_assert_eq!(back.at.at, before.at.at, "{:?}", step);
            prop_assert_eq!(&back.at.trail, &before.at.trail);
            let unanswered = matches!(step, ConversationStep::Skip { .. } | ConversationStep::GoTo { .. });
            if unanswered && before.at.ended.is_none() && !before.skipped_at_hand() {
                prop_assert_eq!(&back.at.aside, &before.at.aside);
                prop_assert_eq!(&back.answers, &before.answers);
            }
        }
    }

    #[test]
    fn an_answer_changed_and_changed_back_restores_what_it_made_irrelevant(
        steps in steps(), other in proptest::sample::select(vec!["1", "2", "3", "4", "5"])
    ) {
        let script = example();
        let (_, mut talk) = walked(&script, &steps);
        talk.step(&script, &choose("support", "1")).unwrap();
        let before = talk.clone();
        talk.step(&script, &choose("support", other)).unwrap();
        talk.step(&script, &choose("support", "1")).unwrap();
        prop_assert_eq!(&talk.answers, &before.answers);
        prop_assert_eq!(&talk.at.aside, &before.at.aside);
    }

    #[test]
    fn a_conversation_survives_its_bytes_and_is_bounded(steps in steps()) {
        let script = example();
        let (walked, last) = walked(&script, &steps);
        for talk in walked.iter().map(|(talk, _)| talk).chain([&last]) {
            let bytes = talk.at.to_bytes();
            prop_assert_eq!(Conversation::from_bytes(&bytes), Some(talk.at.clone()));
            prop_assert!(talk.at.trail.len() <= walked.len());
            prop_assert!(talk.at.aside.len() + talk.at.skipped.len() <= 20);
        }
    }

    #[test]
    fn arbitrary_bytes_are_a_conversation_that_can_be_gone_on_with_or_none(
        bytes in proptest::collection::vec(any::<u8>(), 0..80), at in 0_usize..80, other in any::<u8>(),
        steps in steps()
    ) {
        let script = example();
        let _none = Conversation::from_bytes(&bytes);
        let mut damaged = walked(&script, &steps).1.at.to_bytes();
        let at = at % damaged.len();
        damaged[at] = other;
        if let Some(found) = Conversation::from_bytes(&damaged) {
            let mut talk = Talk { at: found, answers: Answers::new() };
            let _ended = talk.step(&script, &ConversationStep::Back);
            let _shown = talk.view(&script);
            talk.step(&script, &choose("support", "1")).unwrap();
            let view = talk.view(&script);
            prop_assert!(view.question.is_none_or(|question| question.relevant));
        }
    }
}

impl Talk {
    /// Whether both ask the question at hand here: an answer may have made it irrelevant.
    fn asks_the_same(&self, script: &Script, other: &Self) -> bool {
        let Some(no) = self.at.at else { return true };
        let all = other.at.all(&other.answers);
        Flow::new(script, &all, now()).asks(no)
    }

    fn skipped_at_hand(&self) -> bool {
        self.at.at.is_some_and(|no| self.at.skipped.contains(&no))
    }
}

#[test]
fn a_talk_goes_from_question_to_question_and_ends() {
    let script = example();
    let mut talk = Talk::begin(&script);
    let view = talk.view(&script);
    assert_eq!(view.notes.first().map(|note| note.name.as_str()), Some("greeting"));
    assert_eq!((view.place, view.asked, view.done, view.may_skip), (1, 5, 0, false));
    assert_eq!(talk.step(&script, &skip("support")), Err(AnswerCause::Required));
    assert_eq!(talk.step(&script, &ConversationStep::Finish), Err(AnswerCause::Required));
    talk.step(&script, &choose("support", "4")).unwrap();
    talk.step(&script, &skip("issues")).unwrap();
    talk.step(&script, &skip("voters")).unwrap();
    let mood = answer("mood", AnswerValue::Scale { value: 4 });
    talk.step(&script, &mood).unwrap();
    talk.step(&script, &skip("comment")).unwrap();
    let view = talk.view(&script);
    assert!(view.question.is_none() && view.may_finish);
    assert_eq!(view.notes.first().map(|note| note.name.as_str()), Some("thanks"));
    talk.step(&script, &ConversationStep::Finish).unwrap();
    assert_eq!(talk.view(&script).ended, Some(ConversationEnd::Finished));
    talk.step(&script, &go_to("mood")).unwrap();
    assert_eq!(talk.view(&script).ended, None);
}

#[test]
fn what_becomes_irrelevant_is_kept_and_does_not_stand() {
    let script = example();
    let mut talk = Talk::begin(&script);
    for step in [
        choose("support", "1"),
        choose_all("issues", &["schools", "roads"]),
        choose("main_issue", "roads"),
        choose("sign", "yes"),
        answer("sign_date", AnswerValue::Date { date: "2026-10-09".into() }),
        choose("consent", "OK"),
    ] {
        talk.step(&script, &step).unwrap();
    }
    assert_eq!(talk.asks(&script).as_deref(), Some("voters"));
    let whole = talk.answers.clone();
    talk.step(&script, &go_to("support")).unwrap();
    talk.step(&script, &choose("support", "5")).unwrap();
    assert_eq!(talk.asks(&script).as_deref(), Some("voters"), "on to where it had been");
    let kept: Vec<String> = talk
        .view(&script)
        .given
        .into_iter()
        .filter(|it| !it.counts)
        .map(|it| it.question)
        .collect();
    assert_eq!(kept, ["sign", "sign_date", "consent"]);
    assert_eq!(talk.answers.len(), whole.len() - 3);
    talk.step(&script, &choose("support", "1")).unwrap();
    assert_eq!(talk.answers, whole);
    assert!(talk.at.aside().is_empty());
}

#[test]
fn an_option_that_is_not_offered_any_more_is_asked_about_again() {
    let script = example();
    let mut talk = Talk::begin(&script);
    talk.step(&script, &choose("support", "4")).unwrap();
    talk.step(&script, &choose_all("issues", &["schools", "roads"])).unwrap();
    talk.step(&script, &choose("main_issue", "roads")).unwrap();
    talk.step(&script, &choose_all("issues", &["schools", "safety"])).unwrap();
    let view = talk.view(&script);
    assert_eq!(view.question.map(|it| it.name).as_deref(), Some("main_issue"));
    assert!(view.may_finish, "it needs no answer");
    assert!(!talk.answers.contains_key(&script.question_no("main_issue").unwrap()));
}

#[test]
fn the_same_tap_twice_falls_on_no_other_question() {
    let script = example();
    let mut talk = Talk::begin(&script);
    for _ in 0..2 {
        talk.step(&script, &choose("support", "4")).unwrap();
        assert_eq!(talk.asks(&script).as_deref(), Some("issues"));
    }
    for _ in 0..2 {
        talk.step(&script, &skip("issues")).unwrap();
        assert_eq!(talk.asks(&script).as_deref(), Some("voters"));
    }
}
