//! What a talk leaves behind: asks with consent, windows in which to come back, literature.

use canvass_core::canvass::RecordError;
use canvass_core::engine::{
    AnswerInput, AskInput, AskView, AttemptInput, ConsentInput, Engine, Error, ExportFormat,
    FollowUpInput, FollowUpView, PersonView, SavedWhere, ShiftInput,
};
use canvass_core::id::{HouseholdId, ListId, PersonId};
use canvass_core::interchange::{Loss, LossWhy};
use canvass_core::ports::Clock;
use canvass_core::survey::{AnswerValue, AskKind, AskState, ContactChannel};
use canvass_core::time::Timestamp;
use canvass_core::walklist::{CanvassResult, TimeWindow, WindowPhase};
use canvass_tests::campaign::{MORNING, TestCampaign, TestPhone};
use canvass_tests::solo::Solo;
use serde_json::json;

const DOOR: &str = "6 Willow St";
const HOUR_MS: i64 = 60 * 60 * 1000;
const WORDS: &str = "May we call or text you about volunteering?";

/// From so many hours after the morning until so many.
fn window(from_h: i64, until_h: i64) -> TimeWindow {
    let [from, until] = [from_h, until_h].map(|hour| MORNING.plus_millis(hour * HOUR_MS));
    TimeWindow { from, until, utc_offset_minutes: -240 }
}

fn agreed(channels: &[ContactChannel]) -> ConsentInput {
    let (words, language) = (WORDS.to_owned(), "en".to_owned());
    ConsentInput { words, language, channels: channels.to_vec() }
}

/// Someone of a household, who wants to volunteer, or does not.
struct Asked<'a> {
    engine: &'a Engine,
    list: ListId,
    household: HouseholdId,
    person: PersonId,
}

impl<'a> Asked<'a> {
    fn at(phone: &'a TestPhone, address: &str) -> Self {
        let (engine, list, household) = (phone.engine(), phone.list(), phone.door(address));
        Self { engine, list, household, person: phone.person(household, 0) }
    }

    fn say(&self, state: AskState, consent: Option<ConsentInput>) {
        let input = AskInput {
            list: self.list,
            household: self.household,
            person: self.person,
            kind: AskKind::Volunteer,
            state,
            consent,
            attempt: None,
        };
        self.engine.record_ask(&input).expect("an ask");
    }

    fn withdraw(&self) {
        let Self { engine, list, household, person } = *self;
        let done = engine.withdraw_consent(list, household, person, &AskKind::Volunteer);
        done.expect("withdrawn");
    }

    fn view(&self) -> PersonView {
        let view = self.engine.household(self.list, self.household);
        let mut people = view.expect("a household").people.into_iter();
        people.find(|person| person.person == self.person).expect("a person")
    }

    fn ask(&self) -> AskView {
        self.view().asks.into_iter().next().expect("one ask")
    }
}

fn knock(phone: &TestPhone, door: HouseholdId, result: CanvassResult) {
    let input = AttemptInput::at_door(phone.list(), door, Some(result));
    phone.engine().record_attempt(&input).expect("a knock");
}

fn follow_ups(phone: &TestPhone) -> Vec<FollowUpView> {
    phone.engine().follow_ups(phone.list()).expect("follow-ups")
}

#[test]
fn consent_that_is_withdrawn_wins_over_one_given_unseen() {
    use ContactChannel::{Phone, Text};
    let campaign = TestCampaign::small(71);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let [with_ash, with_birch] = [&ash, &birch].map(|phone| Asked::at(phone, DOOR));
    with_ash.say(AskState::Wanted, Some(agreed(&[Text, Phone])));
    let ask = with_ash.ask();
    let consent = ask.consent.expect("given");
    assert_eq!((ask.state, ask.own), (Some(AskState::Wanted), true));
    assert_eq!(ask.saved, SavedWhere::OnThisPhone);
    assert_eq!((consent.channels, &*consent.language), (vec![Phone, Text], "en"));
    assert!(consent.words.starts_with("blake3:"), "{}", consent.words);
    for phone in [&ash, &birch, &ash] {
        phone.sync(&campaign);
    }
    assert_eq!(with_birch.ask().by, "Ash");
    assert_eq!(with_ash.ask().saved, SavedWhere::AtCampaign);
    with_birch.withdraw();
    with_ash.say(AskState::Wanted, Some(agreed(&[Phone])));
    for phone in [&ash, &birch, &ash] {
        phone.sync(&campaign);
    }
    for at in [&with_ash, &with_birch] {
        let ask = at.ask();
        assert!(ask.withdrawn && ask.consent.is_none() && !ask.conflicted);
    }
    with_ash.say(AskState::Wanted, Some(agreed(&[Phone])));
    assert!(with_ash.ask().consent.is_some(), "asked anew by one who knew");
    campaign.assert_all_agree(&[&ash]);
}

#[test]
fn what_two_say_of_an_ask_unseen_is_a_conflict_that_either_settles() {
    let campaign = TestCampaign::small(72);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let [with_ash, with_birch] = [&ash, &birch].map(|phone| Asked::at(phone, DOOR));
    with_ash.say(AskState::Wanted, None);
    with_birch.say(AskState::Declined, None);
    for phone in [&ash, &birch, &ash] {
        phone.sync(&campaign);
    }
    let conflicts = ash.engine().conflicts(ash.list()).expect("conflicts");
    let [conflict] = conflicts.as_slice() else { panic!("{conflicts:?}") };
    let open = campaign.get("/conflicts");
    assert_eq!(open["conflicts"][0]["subject"], "volunteer");
    let declined = conflict.candidates.iter().find(|one| one.value == ["declined"]);
    let chosen = declined.expect("Birch's word").change;
    let (list, household) = (ash.list(), with_ash.household);
    ash.engine().resolve_conflict(list, household, conflict.conflict, chosen).expect("settled");
    for phone in [&ash, &birch] {
        phone.sync(&campaign);
    }
    for at in [&with_ash, &with_birch] {
        let ask = at.ask();
        assert_eq!((ask.state, ask.conflicted), (Some(AskState::Declined), false));
    }
    campaign.assert_all_agree(&[&ash, &birch]);
}

#[test]
fn no_file_shows_an_ask_without_consent() {
    let solo = Solo::small();
    let (engine, list, household) = (solo.engine(), solo.list, solo.door(DOOR));
    let asked = Asked { engine, list, household, person: solo.person(household, 0) };
    let told = |asked: &Asked<'_>, format| {
        let file = asked.engine.export(asked.list, format).expect("a file");
        let lost = file.loss.into_iter().filter(|loss| loss.field.starts_with("ask"));
        (String::from_utf8(file.bytes).expect("text"), lost.collect::<Vec<Loss>>())
    };
    let withheld = |why| vec![Loss { field: "asks".to_owned(), count: 1, why }];
    let not_home = AttemptInput::at_door(list, household, Some(CanvassResult::NotHome));
    engine.record_attempt(&not_home).expect("a knock");
    asked.say(AskState::Wanted, None);
    for format in [ExportFormat::Csv, ExportFormat::Van, ExportFormat::Osdi] {
        let (text, lost) = told(&asked, format);
        assert!(!text.contains("volunteer") && !text.contains("wanted"), "{text}");
        assert_eq!(lost, withheld(LossWhy::NoConsent), "{format:?}");
    }
    asked.say(AskState::Wanted, Some(agreed(&[ContactChannel::Phone])));
    let (text, lost) = told(&asked, ExportFormat::Osdi);
    assert!(text.contains(r#""add_tags":["volunteer"]"#), "{text}");
    assert_eq!(lost, []);
    let (text, lost) = told(&asked, ExportFormat::Csv);
    assert!(text.contains("wanted") && text.contains("blake3:"), "{text}");
    assert_eq!(lost, [], "the ask holds, whichever change says so");
    let (_, lost) = told(&asked, ExportFormat::Van);
    let (field, why) = ("ask volunteer".to_owned(), LossWhy::NotInFormat);
    assert_eq!(lost, [Loss { field, count: 1, why }]);
    engine.set_do_not_contact(list, household, Some(asked.person)).expect("marked");
    let (text, lost) = told(&asked, ExportFormat::Osdi);
    assert!(!text.contains("volunteer"));
    assert_eq!(lost, withheld(LossWhy::NotToBeContacted));
    asked.withdraw();
    let (text, lost) = told(&asked, ExportFormat::Osdi);
    assert!(!text.contains("volunteer"));
    assert_eq!(lost, withheld(LossWhy::NoConsent));
}

#[test]
fn who_is_erased_wants_nothing_any_more() {
    let campaign = TestCampaign::small(74);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let asked = Asked::at(&ash, DOOR);
    asked.say(AskState::Wanted, Some(agreed(&[ContactChannel::Phone])));
    let input = FollowUpInput {
        list: ash.list(),
        household: asked.household,
        person: Some(asked.person),
        window: window(2, 3),
        attempt: None,
    };
    ash.engine().record_follow_up(&input).expect("a follow-up");
    for phone in [&ash, &birch] {
        phone.sync(&campaign);
    }
    assert_eq!(follow_ups(&birch).len(), 1);
    let order = json!({ "household": asked.household, "person": asked.person });
    campaign.post("/erasures", &order);
    for phone in [&ash, &birch] {
        phone.sync(&campaign);
        let view = phone.engine().household(phone.list(), asked.household).expect("a household");
        assert!(view.people.iter().all(|person| person.asks.is_empty()));
        assert_eq!(view.follow_ups, []);
        let file = phone.engine().export(phone.list(), ExportFormat::Csv).expect("a file");
        assert!(!String::from_utf8(file.bytes).expect("text").contains("volunteer"));
    }
    assert!(campaign.exported().iter().all(|row| !row.contains("volunteer")));
    campaign.assert_all_agree(&[&ash, &birch]);
}

#[test]
fn a_door_is_left_out_until_its_window_begins_and_is_worth_more_within_it() {
    let campaign = TestCampaign::small(75);
    let ash = campaign.joined("Ash");
    let (engine, list) = (ash.engine(), ash.list());
    let shift = |engine: &Engine| {
        let input = ShiftInput {
            minutes: 600.0,
            start: None,
            end: None,
            back: false,
            local_hour: 10,
            utc_offset_minutes: -240,
        };
        engine.plan_shift(list, &input).expect("a shift")
    };
    let first = || engine.next_stop(list, None).expect("a stop").map(|stop| stop.doors);
    let door = first().expect("a door")[0].household;
    let (doors, plain) = (engine.progress(list).expect("progress").doors, shift(engine));
    let come_back = AttemptInput {
        come_back: Some(window(2, 3)),
        ..AttemptInput::at_door(list, door, Some(CanvassResult::ComeBack))
    };
    engine.record_attempt(&come_back).expect("a knock");
    let is_next = || first().is_some_and(|doors| doors.iter().any(|next| next.household == door));
    let shown = || {
        let page = engine.doors(list, None, 500).expect("doors").doors;
        page.into_iter().find(|shown| shown.household == door).expect("a door")
    };
    assert!(!is_next());
    assert_eq!(shown().come_back.map(|it| it.phase), Some(WindowPhase::NotYet));
    let walk = engine.walk_list(list, None).expect("a list");
    assert_eq!((walk.waiting, walk.waiting_until), (1, Some(window(2, 3).from)));
    let early = shift(engine);
    assert_eq!((early.waiting, early.doors), (1, plain.doors - 1));
    let here = shown().point;
    assert_eq!(engine.replan(list, here).expect("an order").waiting, 1);
    let near = engine.nearest_unclaimed(list, here, 500, 1e6).expect("doors");
    assert!(near.iter().all(|near| near.door.household != door));
    let planned = engine.plan_order(list, None, None).expect("an order");
    assert_eq!(planned.waiting, 1);

    ash.clock.advance_ms(2 * HOUR_MS);
    assert!(is_next() || engine.plan_order(list, None, None).is_ok() && is_queued(&ash, door));
    let open = shift(engine);
    assert_eq!((open.waiting, open.doors), (0, plain.doors));
    assert!(open.conversations > plain.conversations, "{open:?} {plain:?}");
    assert_eq!(shown().come_back.map(|it| it.phase), Some(WindowPhase::Open));

    ash.clock.advance_ms(2 * HOUR_MS);
    assert_eq!(shown().come_back.map(|it| it.phase), Some(WindowPhase::Over));
    assert!(is_queued(&ash, door), "nobody came: it is offered like any other");
    knock(&ash, door, CanvassResult::NotHome);
    assert_eq!((follow_ups(&ash), shown().come_back), (vec![], None));
    assert!(shown().done);
    let kept = engine.household(list, door).expect("a household").follow_ups;
    assert!(kept.len() == 1 && kept[0].kept);
    assert_eq!(engine.progress(list).expect("progress").doors, doors);
}

#[test]
fn a_window_is_met_before_it_closes_and_changes_nothing_while_there_is_time() {
    let campaign = TestCampaign::small(78);
    let ash = campaign.joined("Ash");
    let (engine, list) = (ash.engine(), ash.list());
    engine.plan_order(list, None, None).expect("an order");
    let doors = || engine.doors(list, None, 500).expect("doors").doors;
    let here = doors()[0].point;
    let replan = || engine.replan(list, here).expect("an order");
    replan();
    let order = || doors().into_iter().map(|door| door.household).collect::<Vec<_>>();
    let before = order();
    let stop = doors().last().expect("a door").stop;
    let last = doors().into_iter().find(|door| door.stop == stop).expect("a door").household;
    let input =
        FollowUpInput { list, household: last, person: None, window: window(0, 3), attempt: None };
    engine.record_follow_up(&input).expect("a follow-up");
    let again = replan();
    assert!(!again.is_new && again.brought_forward == 0, "there is time: {again:?}");
    assert_eq!(order(), before);
    let next = || engine.next_stop(list, None).expect("a stop").expect("a stop").doors[0].household;
    assert_eq!(next(), before[0]);

    ash.clock.advance_ms(3 * HOUR_MS - 15 * 60_000);
    assert_eq!(next(), last, "before the list is planned anew, too");
    let again = replan();
    assert!(again.is_new && again.brought_forward == 1, "{again:?}");
    let now = order();
    assert_eq!(now[0], last);
    let others = |order: &[HouseholdId]| {
        let same_stop: Vec<HouseholdId> =
            doors().iter().filter(|it| it.stop == 0).map(|it| it.household).collect();
        order.iter().filter(|it| !same_stop.contains(it)).copied().collect::<Vec<_>>()
    };
    assert_eq!(others(&now), others(&before), "the others stay as they were");
    let again = replan();
    assert!(!again.is_new && again.brought_forward == 0, "it is in front already: {again:?}");

    knock(&ash, last, CanvassResult::Refused);
    assert_eq!(next(), before[0], "kept: the list goes on");
}

/// Whether a door is offered at all: near, however far.
fn is_queued(phone: &TestPhone, door: HouseholdId) -> bool {
    let (engine, list) = (phone.engine(), phone.list());
    let here = engine.household(list, door).expect("a household").point;
    let near = engine.nearest_unclaimed(list, here, 500, 1e6).expect("doors");
    near.iter().any(|near| near.door.household == door)
}

#[test]
fn windows_agreed_on_by_two_are_each_kept_and_are_taken_back_with_their_knock() {
    let campaign = TestCampaign::small(76);
    let (ash, birch) = (campaign.joined("Ash"), campaign.joined("Birch"));
    let door = ash.door(DOOR);
    let come_back = |phone: &TestPhone, window| {
        let input = AttemptInput {
            come_back: Some(window),
            ..AttemptInput::at_door(phone.list(), door, Some(CanvassResult::ComeBack))
        };
        phone.engine().record_attempt(&input).expect("a knock").change
    };
    let knocked = come_back(&ash, window(2, 3));
    come_back(&birch, window(5, 6));
    for phone in [&ash, &birch, &ash] {
        phone.sync(&campaign);
    }
    for phone in [&ash, &birch] {
        let views = follow_ups(phone);
        let windows: Vec<_> = views.iter().map(|it| it.window).collect();
        assert_eq!(windows, [window(2, 3), window(5, 6)]);
        assert_eq!(phone.engine().conflicts(phone.list()).expect("conflicts"), []);
    }
    ash.engine().undo(ash.list(), door, knocked).expect("taken back");
    assert_eq!(follow_ups(&ash).len(), 1);
    for phone in [&ash, &birch] {
        phone.sync(&campaign);
    }
    for phone in [&ash, &birch] {
        assert_eq!(follow_ups(phone).len(), 1);
        phone.clock.set(MORNING.plus_millis(5 * HOUR_MS));
    }
    campaign.clock.set(MORNING.plus_millis(5 * HOUR_MS));
    knock(&ash, door, CanvassResult::Refused);
    for phone in [&ash, &birch] {
        phone.sync(&campaign);
    }
    assert_eq!(follow_ups(&birch), []);
    campaign.assert_all_agree(&[&ash, &birch]);
}

#[test]
fn literature_stands_beside_any_result_and_goes_with_it() {
    let mut solo = Solo::small();
    let (list, door) = (solo.list, solo.door(DOOR));
    let left = AttemptInput {
        literature: true,
        ..AttemptInput::at_door(list, door, Some(CanvassResult::NotHome))
    };
    let knock = solo.engine().record_attempt(&left).expect("a knock").change;
    let shows = |solo: &Solo| {
        let view = solo.engine().household(list, door).expect("a household");
        view.attempts.first().map(|attempt| (attempt.door, attempt.literature))
    };
    assert_eq!(shows(&solo), Some((Some(CanvassResult::NotHome), true)));
    solo.reopen().expect("opens again");
    assert_eq!(shows(&solo), Some((Some(CanvassResult::NotHome), true)));
    let van = solo.engine().export(list, ExportFormat::Van).expect("a file");
    assert!(String::from_utf8(van.bytes).expect("text").contains("Left Message / Lit"));
    solo.engine().set_literature(list, door, knock, false).expect("taken back");
    assert_eq!(shows(&solo), Some((Some(CanvassResult::NotHome), false)));
    let nothing = solo.engine().set_literature(list, door, knock, false);
    assert!(matches!(nothing, Err(Error::Record(RecordError::NothingToUndo))), "{nothing:?}");
    solo.engine().set_literature(list, door, knock, true).expect("after all");
    assert_eq!(shows(&solo), Some((Some(CanvassResult::NotHome), true)));
    solo.engine().undo(list, door, knock).expect("taken back");
    assert_eq!(shows(&solo), None);
}

const SCRIPT: &str = r#"{"name": "asks", "version": "1", "languages": ["en", "es"], "elements": [
  {"question": {"name": "help", "label": {"en": "May we call you about helping?", "es": "¿Podemos llamarle?"},
    "kind": {"multiple": {"options": [
      {"name": "calls", "label": {"en": "Calls", "es": "Llamadas"}, "tag": "ask.volunteer.phone"},
      {"name": "host", "label": {"en": "Host", "es": "Recibir"}, "tag": "ask.own.host"},
      {"name": "no", "label": {"en": "No", "es": "No"}, "tag": "no_help"}]}}}}]}"#;

#[test]
fn an_answer_makes_the_asks_that_its_options_are_tagged_with() {
    use AskState::{Declined, Wanted};
    let solo = Solo::small();
    let engine = solo.engine();
    engine.put_script(SCRIPT).expect("a sound script");
    let (list, door) = (solo.list, solo.door(DOOR));
    let person = solo.person(door, 0);
    let say = |options: &[&str]| {
        let options = options.iter().map(|it| (*it).to_owned()).collect();
        let input = AnswerInput {
            list,
            household: door,
            person,
            question: "help".to_owned(),
            value: Some(AnswerValue::Choices { options }),
            attempt: None,
            script: None,
        };
        engine.record_answer(&input).expect("an answer").change
    };
    let asks = || {
        let view = engine.household(list, door).expect("a household");
        let asks = view.people.into_iter().find(|it| it.person == person).expect("them").asks;
        let told = |ask: AskView| {
            let channels = ask.consent.map(|consent| consent.channels).unwrap_or_default();
            (ask.kind.name().to_owned(), ask.state, channels)
        };
        asks.into_iter().map(told).collect::<Vec<_>>()
    };
    let ask = |name: &str, state, channels: &[ContactChannel]| {
        (name.to_owned(), Some(state), channels.to_vec())
    };
    say(&["no"]);
    assert_eq!(asks(), []);
    say(&["calls", "host"]);
    let both = [ask("volunteer", Wanted, &[ContactChannel::Phone]), ask("host", Wanted, &[])];
    assert_eq!(asks(), both);
    let changes = |what: &str| {
        let file = engine.export(list, ExportFormat::Csv).expect("a file");
        let text = String::from_utf8(file.bytes).expect("text");
        text.lines().filter(|line| line.contains(what)).count()
    };
    let before = changes(",ask,");
    say(&["calls", "host"]);
    assert_eq!(changes(",ask,"), before, "what was said already is not said again");
    let changed = say(&["host"]);
    assert_eq!(asks(), [ask("volunteer", Declined, &[]), ask("host", Wanted, &[])]);
    engine.undo(list, door, changed).expect("taken back");
    assert_eq!(asks(), both, "and what it had led to goes with it");
}

#[test]
fn what_may_not_be_recorded_says_why_and_leaves_nothing() {
    let campaign = TestCampaign::small(77);
    let ash = campaign.joined("Ash");
    let (engine, list) = (ash.engine(), ash.list());
    let asked = Asked::at(&ash, DOOR);
    let ask = AskInput {
        list,
        household: asked.household,
        person: asked.person,
        kind: AskKind::Volunteer,
        state: AskState::Wanted,
        consent: None,
        attempt: None,
    };
    let refused = |input: &AskInput| match engine.record_ask(input) {
        Err(Error::Record(why)) => why,
        other => panic!("{other:?}"),
    };
    let kind = AskKind::Own { name: "Host a party".to_owned() };
    assert_eq!(refused(&AskInput { kind, ..ask.clone() }), RecordError::NoSuchAsk);
    let none = AskInput { consent: Some(agreed(&[])), ..ask.clone() };
    assert_eq!(refused(&none), RecordError::NoChannel);
    let long = ConsentInput {
        words: "x".repeat(4001),
        language: "en".to_owned(),
        channels: vec![ContactChannel::Door],
    };
    let long = AskInput { consent: Some(long), ..ask.clone() };
    assert_eq!(refused(&long), RecordError::TextTooLong { limit: 4000 });
    let stranger = AskInput { person: PersonId::derive(&[b"nobody"]), ..ask };
    assert_eq!(refused(&stranger), RecordError::NotOfHousehold);
    let past = Timestamp::from_millis(ash.clock.wall().millis() - 2 * HOUR_MS);
    let over = TimeWindow { from: past, until: past.plus_millis(HOUR_MS), utc_offset_minutes: 0 };
    let input = AttemptInput {
        come_back: Some(over),
        ..AttemptInput::at_door(list, asked.household, Some(CanvassResult::ComeBack))
    };
    let refused = engine.record_attempt(&input);
    assert!(matches!(refused, Err(Error::Record(RecordError::BadWindow))), "{refused:?}");
    let view = engine.household(list, asked.household).expect("a household");
    assert!(view.attempts.is_empty() && view.people.iter().all(|it| it.asks.is_empty()));
    assert_eq!(engine.sync_status().expect("a status").on_this_phone, 0);
}
