//! Conversations at the door: every step is durable, what became irrelevant does not leave the
//! phone as an answer, and a version of the script holds to the end of a talk.

use canvass_core::engine::{
    AnswerInput, AttemptInput, ConversationInput, ConversationScreen, Engine, Error, ExportFormat,
    PersonResult, ResultInput,
};
use canvass_core::id::{HouseholdId, ListId, PersonId};
use canvass_core::survey::{AnswerCause, AnswerValue, ConversationEnd, ConversationStep};
use canvass_core::walklist::CanvassResult;
use canvass_tests::campaign::{TestCampaign, TestPhone, read};
use canvass_tests::files::{files, files_with};
use canvass_tests::solo::Solo;
use serde_json::Value;

/// One person at one door.
#[derive(Clone, Copy)]
struct At<'a> {
    engine: &'a Engine,
    list: ListId,
    household: HouseholdId,
    person: PersonId,
}

impl<'a> At<'a> {
    fn solo(solo: &'a Solo) -> Self {
        let household = solo.door("6 Willow St");
        let person = solo.person(household, 0);
        Self { engine: solo.engine(), list: solo.list, household, person }
    }

    fn phone(phone: &'a TestPhone) -> Self {
        let household = phone.door("6 Willow St");
        let person = phone.person(household, 0);
        Self { engine: phone.phone.engine(), list: phone.list(), household, person }
    }

    fn screen(self) -> ConversationScreen {
        let Self { list, household, person, .. } = self;
        self.engine.conversation(list, household, person, "en").expect("a conversation")
    }

    fn asks(self) -> Option<String> {
        self.screen().view.question.map(|question| question.name)
    }

    fn step(self, step: ConversationStep) -> Result<ConversationScreen, Error> {
        let Self { list, household, person, .. } = self;
        let language = "en".to_owned();
        let input = ConversationInput { list, household, person, step, language, attempt: None };
        self.engine.converse(&input)
    }

    fn choose(self, question: &str, option: &str) -> ConversationScreen {
        let value = AnswerValue::Choice { option: option.into() };
        self.step(ConversationStep::Answer { question: question.into(), value }).expect("taken")
    }

    fn go_to(self, question: &str) {
        self.step(ConversationStep::GoTo { question: question.into() }).expect("asked");
    }

    /// Up to the questions about the yard sign, and past them.
    fn talk_about_a_sign(self) {
        self.choose("support", "1");
        self.step(ConversationStep::Skip { question: "issues".into() }).expect("passed over");
        self.choose("sign", "yes");
        let value = AnswerValue::Date { date: "2026-10-20".into() };
        let day = ConversationStep::Answer { question: "sign_date".into(), value };
        self.step(day).expect("a day");
        self.choose("consent", "OK");
    }

    fn standing(self) -> Vec<(String, String)> {
        let file = self.engine.export(self.list, ExportFormat::Csv).expect("a file");
        standing(&file.bytes)
    }
}

/// Questions and answers that stand, as the exported changes tell; nothing here holds a comma.
fn standing(csv: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(csv).expect("text");
    let mut rows = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = rows.next().expect("a header");
    let place = |name: &str| header.iter().position(|known| *known == name).expect("a column");
    let (kind, state) = (place("kind"), place("state"));
    let (question, value) = (place("question"), place("value"));
    rows.filter(|row| row[kind] == "answer" && row[state] == "standing" && !row[value].is_empty())
        .map(|row| (row[question].to_owned(), row[value].to_owned()))
        .collect()
}

fn second_version() -> Value {
    let mut script: Value = serde_json::from_slice(&read("script.json")).expect("JSON");
    script["version"] = "2026-10-03 noon".into();
    let elements = script["elements"].as_array_mut().expect("elements");
    let question = serde_json::json!({"question": {
        "name": "early_vote", "required": true,
        "label": {"en": "Will you vote early?", "es": "¿Votará por anticipado?"},
        "kind": {"single": {"options": [
            {"name": "yes", "label": {"en": "Yes", "es": "Sí"}},
            {"name": "no", "label": {"en": "No", "es": "No"}}]}}
    }});
    elements.insert(1, question);
    script
}

#[test]
fn a_phone_that_was_killed_asks_the_same_question_again() {
    let mut solo = Solo::small();
    let at = At::solo(&solo);
    let (household, person) = (at.household, at.person);
    at.talk_about_a_sign();
    at.go_to("sign");
    let before = at.screen();
    let engine_folder = files(&solo.directory());
    solo.reopen().expect("opened");
    let at = At { household, person, ..At::solo(&solo) };
    let after = at.screen();
    assert_eq!(after, before);
    assert_eq!(after.view.question.as_ref().map(|it| it.name.as_str()), Some("sign"));
    assert!(after.view.may_go_back && after.attempt.is_some());
    at.step(ConversationStep::Back).expect("back");
    assert_eq!(at.asks().as_deref(), Some("voters"));
    assert!(files_with(&engine_folder, b"sign_date").is_empty());
}

#[test]
fn what_becomes_irrelevant_is_kept_here_and_counts_nowhere_until_it_is_relevant_again() {
    let campaign = TestCampaign::small(3);
    let phone = campaign.joined("Ash");
    let other = campaign.joined("Birch");
    let at = At::phone(&phone);
    at.talk_about_a_sign();
    phone.sync(&campaign);
    let whole = at.standing();
    assert_eq!(whole.len(), 4);

    at.go_to("support");
    let screen = at.choose("support", "5");
    assert_eq!(screen.recorded.len(), 4, "an answer, and three that are taken back");
    let kept = |screen: &ConversationScreen| -> Vec<String> {
        let aside = screen.view.given.iter().filter(|given| !given.counts);
        aside.map(|given| given.question.clone()).collect()
    };
    assert_eq!(kept(&screen), ["sign", "sign_date", "consent"]);
    phone.sync(&campaign);
    other.sync(&campaign);
    campaign.assert_all_agree(&[&phone, &other]);
    for seen in [at.standing(), At::phone(&other).standing()] {
        assert_eq!(seen, [("support".to_owned(), "5".to_owned())]);
    }
    assert!(At::phone(&other).screen().view.given.iter().all(|given| given.counts));

    let screen = at.choose("support", "1");
    assert!(kept(&screen).is_empty());
    phone.sync(&campaign);
    other.sync(&campaign);
    campaign.assert_all_agree(&[&phone, &other]);
    let sorted = |mut all: Vec<(String, String)>| {
        all.sort();
        all
    };
    assert_eq!(sorted(At::phone(&other).standing()), sorted(whole));
    assert_eq!(campaign.conflicts(), 0);
}

#[test]
fn a_step_that_only_moves_records_nothing_and_one_that_is_refused_changes_nothing() {
    let solo = Solo::small();
    let at = At::solo(&solo);
    let unsent = || solo.engine().sync_status().expect("a status").on_this_phone;
    let before = at.screen();
    for (step, cause) in [
        (ConversationStep::Skip { question: "support".into() }, AnswerCause::Required),
        (ConversationStep::Finish, AnswerCause::Required),
        (ConversationStep::GoTo { question: "sign".into() }, AnswerCause::NotAsked),
        (ConversationStep::Clear { question: "nothing".into() }, AnswerCause::UnknownQuestion),
    ] {
        let refused = at.step(step);
        assert!(matches!(refused, Err(Error::Answer(error)) if error.cause == cause));
    }
    assert_eq!((at.screen(), unsent()), (before, 0));
    at.choose("support", "4");
    assert_eq!(unsent(), 2, "a knock and an answer");
    let moved = at.step(ConversationStep::Skip { question: "issues".into() }).expect("moved");
    assert!(moved.recorded.is_empty());
    let same = at.choose("support", "4");
    assert!(same.recorded.is_empty(), "what stands already is not recorded again");
    assert_eq!(unsent(), 2);
    at.step(ConversationStep::Stop).expect("the door is closed");
    assert_eq!(at.screen().view.ended, Some(ConversationEnd::Stopped));
}

#[test]
fn a_tap_in_passing_settles_no_conflict() {
    let campaign = TestCampaign::small(4);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let (at, other) = (At::phone(&ash), At::phone(&birch));
    at.talk_about_a_sign();
    other.choose("support", "1");
    other.choose("sign", "no");
    ash.sync(&campaign);
    birch.sync(&campaign);
    ash.sync(&campaign);
    assert_eq!(campaign.conflicts(), 1);
    at.choose("support", "5");
    ash.sync(&campaign);
    birch.sync(&campaign);
    assert_eq!(campaign.conflicts(), 1, "what they disagree on is left to be settled");
    campaign.assert_all_agree(&[&ash, &birch]);
}

#[test]
fn someone_answered_and_the_spouse_was_not_home() {
    let solo = Solo::small();
    let household = solo.door("2 Willow St");
    let (person, spouse) = (solo.person(household, 0), solo.person(household, 1));
    let at = At { household, person, ..At::solo(&solo) };
    let attempt = at.choose("support", "2").attempt;
    let result = ResultInput {
        list: solo.list,
        household,
        person: Some(spouse),
        result: CanvassResult::NotHome,
        attempt,
    };
    at.engine.record_result(&result).expect("side by side");
    let door = ResultInput { person: None, result: CanvassResult::LeftLiterature, ..result };
    at.engine.record_result(&door).expect("side by side");
    let view = at.engine.household(solo.list, household).expect("a household");
    assert_eq!(view.attempts.len(), 1);
    let knock = &view.attempts[0];
    assert_eq!(knock.door, Some(CanvassResult::LeftLiterature));
    let of = |who| knock.people.iter().find(|known| known.person == who).map(|it| it.result);
    assert_eq!(of(person), Some(CanvassResult::Contacted));
    assert_eq!(of(spouse), Some(CanvassResult::NotHome));

    let at_home = PersonResult { person: spouse, result: CanvassResult::Refused };
    let changed = ResultInput { person: Some(spouse), result: at_home.result, ..result };
    at.engine.record_result(&changed).expect("put right");
    let view = at.engine.household(solo.list, household).expect("a household");
    assert_eq!(view.attempts[0].people.len(), 2);
    assert!(view.attempts[0].people.contains(&at_home));
}

#[test]
fn a_talk_ends_on_the_version_it_began_with_and_the_next_begins_with_the_new_one() {
    let campaign = TestCampaign::small(5);
    let phone = campaign.joined("Ash");
    let at = At::phone(&phone);
    let first = at.choose("support", "4").view.script;
    let answered = campaign.post("/scripts", &second_version());
    assert_eq!(answered["number"], 2);
    phone.sync(&campaign);

    let screen = at.screen();
    assert_eq!(screen.view.script, first);
    assert_eq!(screen.newer_version.as_deref(), Some("2026-10-03 noon"));
    for question in ["issues", "voters", "mood", "comment"] {
        at.step(ConversationStep::Skip { question: question.into() }).expect("passed over");
    }
    assert_eq!(at.screen().view.script, first);
    at.step(ConversationStep::Finish).expect("finished on its own version");

    let next = at.screen();
    assert_ne!(next.view.script, first);
    assert_eq!(next.newer_version, None);
    assert_eq!(at.asks().as_deref(), Some("early_vote"));
    assert!(next.view.given.is_empty(), "what was said to one version is not said to another");
    at.choose("early_vote", "yes");
    phone.sync(&campaign);
    assert_eq!(at.standing().len(), 2, "both stand, each under its version");
}

#[test]
fn a_screen_that_was_open_when_a_version_came_answers_what_it_asked() {
    let campaign = TestCampaign::small(6);
    let phone = campaign.joined("Ash");
    let at = At::phone(&phone);
    let At { list, household, person, .. } = at;
    let shown = at.engine.survey(list, household, person, "en").expect("a survey");
    campaign.post("/scripts", &second_version());
    phone.sync(&campaign);
    let input = AnswerInput {
        list,
        household,
        person,
        question: "support".into(),
        value: Some(AnswerValue::Choice { option: "2".into() }),
        attempt: None,
        script: Some(shown.script),
    };
    at.engine.record_answer(&input).expect("an answer to what was asked");
    let now = at.engine.survey(list, household, person, "en").expect("a survey");
    assert_ne!(now.script, shown.script);
    assert!(now.questions.iter().all(|question| question.answer.is_none()));
    assert_eq!(at.standing(), [("support".to_owned(), "2".to_owned())]);
}

#[test]
fn a_talk_left_half_a_day_ago_is_another_visit() {
    let campaign = TestCampaign::small(7);
    let phone = campaign.joined("Ash");
    let at = At::phone(&phone);
    let first = at.choose("support", "1");
    phone.clock.advance_ms(13 * 60 * 60 * 1000);
    let again = at.screen();
    assert_eq!((again.attempt, again.view.question.map(|it| it.name)), (None, at.asks()));
    let second = at.choose("sign", "no");
    assert!(second.attempt.is_some() && second.attempt != first.attempt);
}

#[test]
fn a_knock_that_the_app_began_is_gone_on_with_and_a_conversation_ends_with_its_person() {
    let campaign = TestCampaign::small(8);
    let phone = campaign.joined("Ash");
    let at = At::phone(&phone);
    let knock = AttemptInput::at_door(at.list, at.household, None);
    let knock = at.engine.record_attempt(&knock).expect("a knock").attempt;
    let step = ConversationStep::Answer {
        question: "support".into(),
        value: AnswerValue::Choice { option: "1".into() },
    };
    let input = ConversationInput {
        list: at.list,
        household: at.household,
        person: at.person,
        step,
        language: "es".into(),
        attempt: knock,
    };
    let screen = at.engine.converse(&input).expect("an answer");
    assert_eq!((screen.attempt, screen.recorded.len()), (knock, 1));
    assert_eq!(screen.view.language, "es");

    at.engine.undo(at.list, at.household, knock.expect("a knock")).expect("taken back");
    let after = at.screen();
    assert_eq!((after.attempt, after.view.given.len()), (None, 0));
    phone.sync(&campaign);
    let order = serde_json::json!({ "household": at.household, "person": at.person });
    campaign.post("/erasures", &order);
    phone.sync(&campaign);
    let gone = at.engine.conversation(at.list, at.household, at.person, "en");
    assert!(matches!(gone, Err(Error::NotFound(_))));
}
