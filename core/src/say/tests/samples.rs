//! One of each thing that is said: a sentence that is new is added here.

use crate::merge::SetAsideReason;
use crate::say::{
    About, AskFacts, ClaimFacts, DoorFacts, Exchange, KeptFrom, KnockFacts, Language, LengthUnit,
    PersonFacts, Said, SideBySide, StatusFacts, Trouble, access, address_line, ago, answer_fault,
    ask, ask_name, bundle, byline, channel_name, claim, closed_channels, conflict, conflict_title,
    do_not_knock, door_state, doors_done, exchange, floor, follow_up, knock, last_exchange,
    list_title, next_stop, notice, person, person_name, place_line, progress, proposal,
    question_frame, result_name, set_aside, status, trouble, waiting, walk_step,
};
use crate::street::RoadSide;
use crate::survey::{
    AnswerCause, AskKind, AskState, Channels, ContactChannel, QuestionKind, QuestionView,
};
use crate::time::Timestamp;
use crate::walk::{Heading, Parity, Turn, WalkMove, WalkStep};
use crate::walklist::{Access, Address, CanvassResult, Progress, TimeWindow, WindowPhase};

/// All that can be said in a language.
pub(super) fn everything(language: Language) -> Vec<String> {
    let mut said = Vec::new();
    said.extend([0, 1, 2, 60, 120, 1440, 9000].map(|minutes| ago(language, minutes * 60_000)));
    said.extend(claims(language));
    said.push(conflicts(language));
    said.extend(states(language));
    said.extend((0..=u8::MAX).map(|n| set_aside(language, SetAsideReason::from_number(n))));
    said.extend(walks(language));
    said.extend(CanvassResult::all().map(|result| result_name(language, result)));
    said.extend(ContactChannel::ALL.map(|channel| channel_name(language, channel)));
    said.extend(Access::ALL.map(|it| access(language, it)));
    let closed = (1..16).filter_map(Channels::from_bits);
    said.extend(closed.map(|channels| closed_channels(language, channels)));
    let own = AskKind::Own { name: "phone_bank".to_owned() };
    let asks = (1..).map_while(AskKind::from_number).chain([own]);
    said.extend(asks.map(|kind| ask_name(language, &kind)));
    said.extend(asks_told(language));
    said.extend(windows(language));
    said.extend(questions(language));
    said.extend(faults().map(|cause| answer_fault(language, &cause)));
    said.extend(troubles().map(|it| trouble(language, it)));
    said.extend(doors(language));
    said.extend(people(language));
    said.extend(exchanges(language));
    said
}

fn doors(language: Language) -> Vec<String> {
    let address = |unit: &str| Address {
        house_number: "12".to_owned(),
        street: "Elm Street".to_owned(),
        unit: unit.to_owned(),
        town: "Lakewater".to_owned(),
        zip: "00000".to_owned(),
    };
    let mut said: Vec<String> =
        ["", "4", "# 4"].map(|unit| address_line(language, &address(unit))).to_vec();
    said.push(place_line(language, &address("")));
    let door = |count, knocked, come_back| DoorFacts {
        people: count,
        unit_count: count,
        knocked,
        held_by: None,
        come_back: Some(come_back),
    };
    let doors = [
        door(1, None, WindowPhase::Open),
        door(2, Some((None, 0)), WindowPhase::NotYet),
        door(2, Some((Some(CanvassResult::NotHome), 0)), WindowPhase::Over),
    ];
    said.extend(doors.iter().map(|facts| door_state(language, facts)));
    said.extend([1, 2].map(|count| next_stop(language, count)));
    said.extend([0, 1, 2].map(|done| doors_done(language, 3, done)));
    said.extend([Some(2), None].map(|number| floor(language, number, 6, 4)));
    said.extend(["", "North"].map(|name| list_title(language, 4, name)));
    said.extend([1, 2].map(|count| {
        let walked = Progress { doors: count, contacted: count, ..Progress::default() };
        progress(language, walked)
    }));
    said.extend([1, 2].map(|count| waiting(language, count)));
    said
}

fn people(language: Language) -> Vec<String> {
    let mut said = vec![
        person_name(language, "Ana", "Díaz"),
        person_name(language, "", ""),
        byline(language, ("", false), 0),
        do_not_knock(language, true),
        do_not_knock(language, false),
        proposal(language, &["Ana".to_owned()], false, "Díaz"),
    ];
    let why =
        [KeptFrom::Asked, KeptFrom::Deceased, KeptFrom::Exempt, KeptFrom::Moved, KeptFrom::Voted];
    for (why, answers) in why.into_iter().zip([0, 1, 2, 3, 4]) {
        let facts = PersonFacts {
            birth_year: 1957,
            party: "Hill",
            language_not_spoken: Some("fr"),
            met: true,
            kept_from: Some(why),
            result: None,
            answers,
        };
        said.push(person(language, facts));
    }
    let facts = KnockFacts {
        door: Some(CanvassResult::NotHome),
        people: vec![("Ana".to_owned(), CanvassResult::Refused)],
        literature: true,
    };
    said.push(knock(language, ("Kim", false), 0, &facts));
    said.push(knock(language, ("Kim", true), 0, &KnockFacts::default()));
    let kinds = [
        SideBySide::Knocked,
        SideBySide::WrittenOn,
        SideBySide::AnswerWent,
        SideBySide::Met,
        SideBySide::Access,
        SideBySide::Reached,
    ];
    let both = ["Kim".to_owned(), String::new()];
    said.extend(kinds.map(|kind| notice(language, kind, &both, 0)));
    let about =
        [About::Named("Will you vote?".to_owned()), About::Phone, About::Email, About::Field];
    said.extend(about.iter().map(|about| conflict_title(language, "Ana", about)));
    said
}

fn exchanges(language: Language) -> Vec<String> {
    let ends = [
        Exchange::Complete,
        Exchange::NoServer,
        Exchange::Offline,
        Exchange::Trouble,
        Exchange::NotEnrolled,
        Exchange::InvitationRefused,
        Exchange::Refused,
    ];
    let mut said: Vec<String> = ends
        .into_iter()
        .zip(0..)
        .map(|(end, count)| exchange(language, end, count, count))
        .collect();
    said.extend([None, Some(0)].map(|elapsed_ms| last_exchange(language, elapsed_ms)));
    said.extend([0, 1, 2].map(|count| bundle(language, count, count)));
    said
}

/// One of each message, and of each input that has one of its own.
pub(super) fn troubles() -> impl Iterator<Item = Trouble<'static>> {
    const INPUTS: [&str; 19] = [
        "not_for_door",
        "door_twice",
        "person_twice",
        "empty_text",
        "too_long",
        "no_such_ask",
        "no_channel",
        "bad_window",
        "not_yours_to_undo",
        "nothing_to_undo",
        "too_small",
        "bad_invitation",
        "insecure_server",
        "bad_bundle",
        "bundle_too_large",
        "bad_street_pack",
        "too_little_time",
        "codes_shape",
        "a code of a later build",
    ];
    const OTHERS: [Trouble<'static>; 21] = [
        Trouble::File(None),
        Trouble::File(Some(7)),
        Trouble::Script,
        Trouble::Cancelled,
        Trouble::NotFound,
        Trouble::NotYours,
        Trouble::NoCampaign,
        Trouble::AlreadyInCampaign,
        Trouble::NotArrived,
        Trouble::ListClosed { comes_back: true },
        Trouble::ListClosed { comes_back: false },
        Trouble::TryLater,
        Trouble::KeyLost,
        Trouble::Damaged,
        Trouble::Newer,
        Trouble::Full,
        Trouble::Forbidden,
        Trouble::InUse,
        Trouble::Closed,
        Trouble::Defect { goes_on: true },
        Trouble::Defect { goes_on: false },
    ];
    INPUTS.into_iter().map(Trouble::Input).chain(OTHERS)
}

fn asks_told(language: Language) -> Vec<String> {
    let states = [None, Some(AskState::Wanted), Some(AskState::Declined), Some(AskState::Done)];
    let told = |state, agreed: Option<Vec<ContactChannel>>, withdrawn| AskFacts {
        kind: AskKind::Volunteer,
        state,
        conflicted: withdrawn,
        agreed,
        withdrawn,
    };
    let all = Some(ContactChannel::ALL.to_vec());
    let facts = states.map(|state| told(state, all.clone(), state.is_none()));
    let more = [told(Some(AskState::Wanted), None, false), told(None, all.clone(), false)];
    facts.iter().chain(&more).map(|facts| ask(language, facts)).collect()
}

fn windows(language: Language) -> Vec<String> {
    let at = |minutes: i64| Timestamp::from_seconds(minutes * 60);
    let window = TimeWindow { from: at(10_000), until: at(10_100), utc_offset_minutes: 0 };
    let said = [0, 9_800, 9_930, 9_998, 9_999, 10_050, 20_000]
        .map(|now| follow_up(language, window, false, at(now)));
    said.into_iter().chain([follow_up(language, window, true, at(0))]).collect()
}

fn claims(language: Language) -> Vec<String> {
    let facts = |by: &str, own, lost, also: &[&str]| ClaimFacts {
        by: by.to_owned(),
        own,
        lost,
        also: also.iter().map(|name| (*name).to_owned()).collect(),
    };
    let cases = [
        facts("Kim", true, false, &[]),
        facts("Kim", true, false, &["Inés"]),
        facts("Kim", true, false, &["Ben", "Ana", ""]),
        facts("Kim", false, true, &[]),
        facts("", false, false, &[]),
    ];
    cases.iter().map(|facts| claim(language, facts)).collect()
}

fn conflicts(language: Language) -> String {
    let value = vec!["strong support".to_owned()];
    let when = ago(language, 0);
    let mine = Said { own: true, value: value.clone(), when, ..Said::default() };
    let back = Said { by: "Ana".to_owned(), ..Said::default() };
    let file = Said { from_file: true, value, ..Said::default() };
    conflict(language, &[mine, back, file, Said::default()])
}

fn states(language: Language) -> Vec<String> {
    let joined = StatusFacts { has_server: true, enrolled: true, ..StatusFacts::default() };
    let busy = |count| StatusFacts {
        on_this_phone: count,
        on_another_phone: count,
        at_campaign: count,
        set_aside: count,
        conflicts: count,
        lists_closed: count,
        has_server: true,
        enrolled: false,
    };
    let cases = [StatusFacts::default(), joined, busy(1), busy(2)];
    cases.into_iter().map(|facts| status(language, facts)).collect()
}

fn walks(language: Language) -> Vec<String> {
    let headings = [
        Heading::North,
        Heading::NorthEast,
        Heading::East,
        Heading::SouthEast,
        Heading::South,
        Heading::SouthWest,
        Heading::West,
        Heading::NorthWest,
    ];
    let along = |turn| WalkMove::Along { way: String::new(), turn, distance_m: 43.0 };
    let mut moves: Vec<WalkMove> =
        headings.map(|heading| along(Turn::SetOut { heading })).into_iter().collect();
    moves.extend([Turn::Ahead, Turn::Left, Turn::Right, Turn::Back].map(along));
    moves.push(WalkMove::Cross { way: String::new() });
    moves.push(WalkMove::Stairs { distance_m: 5.0 });
    moves.push(WalkMove::Straight { heading: Heading::West, distance_m: 512.0 });
    let step = |doors, first: &str, last: &str, street: &str| WalkStep {
        moves: Vec::new(),
        first_stop: 4,
        last_stop: 6,
        doors,
        street: street.to_owned(),
        first_number: first.to_owned(),
        last_number: last.to_owned(),
        side: Some(RoadSide::Left),
        parity: Some(Parity::Even),
        distance_m: 60.0,
    };
    let right = |step| WalkStep { side: Some(RoadSide::Right), parity: Some(Parity::Odd), ..step };
    let steps = [
        WalkStep { moves, ..step(3, "12", "16", "Elm Street") },
        step(1, "12", "12", "Elm Street"),
        right(step(3, "13", "17", "")),
        WalkStep { last_stop: 5, ..step(2, "12", "14", "Elm Street") },
    ];
    let units = [LengthUnit::Metres, LengthUnit::Feet];
    steps.iter().flat_map(|step| units.map(|unit| walk_step(language, unit, step))).collect()
}

fn questions(language: Language) -> Vec<String> {
    let (min, max) = (Some(1.0), Some(9.5));
    let label = Some("Strongly".to_owned());
    let kinds = [
        QuestionKind::SingleChoice,
        QuestionKind::MultipleChoice,
        QuestionKind::Integer { min, max: None },
        QuestionKind::Decimal { min, max },
        QuestionKind::Decimal { min: None, max },
        QuestionKind::Text { max_length: 200 },
        QuestionKind::Scale { min: 1, max: 5, min_label: None, max_label: label },
        QuestionKind::Date,
        QuestionKind::Acknowledge,
    ];
    let question = |kind| QuestionView {
        name: "q".to_owned(),
        kind,
        label: "Will you vote?".to_owned(),
        hint: None,
        headings: Vec::new(),
        required: true,
        relevant: true,
        options: Vec::new(),
        answer: None,
        error: None,
        constraint_message: None,
        tag: None,
        frame: String::new(),
        fault: String::new(),
    };
    kinds.map(|kind| question_frame(language, &question(kind), 3, 12)).to_vec()
}

fn faults() -> impl Iterator<Item = AnswerCause> {
    [
        AnswerCause::UnknownQuestion,
        AnswerCause::WrongKind,
        AnswerCause::UnknownOption,
        AnswerCause::Empty,
        AnswerCause::NotFinite,
        AnswerCause::NotWhole,
        AnswerCause::TooSmall { min: 1.0 },
        AnswerCause::TooLarge { max: 2.5 },
        AnswerCause::TooLong { max_length: 1 },
        AnswerCause::TooLong { max_length: 40 },
        AnswerCause::NotADate,
        AnswerCause::NotAsked,
        AnswerCause::OptionNotOffered,
        AnswerCause::ConstraintBroken,
        AnswerCause::Required,
    ]
    .into_iter()
}
