//! The rules by kind, and that the order of arrival never matters.

use proptest::prelude::*;

use super::*;
use crate::change::{
    AnswerBody, AskBody, AttemptBody, Body, ConsentWord, ContactBody, ContactMark, ContactMedium,
    FollowUpBody, ImportedBody, ImportedField, ImportedWrite, NoteBody, PersonMetBody, ReachBody,
    SuppressionBody,
};
use crate::id::{CampaignId, ChangeId, DeviceId, HouseholdId, PersonId, ScriptHash};
use crate::survey::{
    AnswerCode, AskKind, AskState, Channels, Consent, ConsentWords, ContactChannel,
};
use crate::walklist::{CanvassResult, TimeWindow};

fn campaign() -> CampaignId {
    CampaignId::derive(&[b"campaign"])
}

fn household() -> HouseholdId {
    HouseholdId::derive(&[b"household"])
}

fn person() -> PersonId {
    PersonId::derive(&[b"person"])
}

fn id(who: u8, seq: u64) -> ChangeId {
    ChangeId { device: DeviceId::derive(&[&[who]]), incarnation: 0, seq }
}

/// A sequenced change of canvasser `who`, `minute` minutes into the day.
fn write(who: u8, seq: u64, minute: i64, base: &[ChangeId], body: Body<PersonId>) -> Write {
    let at = Timestamp::from_seconds(1_790_000_000 + minute * 60);
    let of_household = matches!(
        body,
        Body::Attempt(_)
            | Body::Note(_)
            | Body::Imported(_)
            | Body::Claim
            | Body::FollowUp(_)
            | Body::Literature(_)
    );
    let mut base = base.to_vec();
    base.sort();
    Write {
        change: Change {
            id: id(who, seq),
            was: None,
            door: household(),
            member: (!of_household).then(person),
            base,
            recorded_at: at,
            body,
        },
        canvasser: CanvasserId::derive(&[&[who]]),
        effective: Some(at),
        cell_seq: Some(seq),
        marks: EventMarks::default(),
    }
}

fn by_organiser(mut write: Write) -> Write {
    write.marks = EventMarks(EventMarks::ORGANISER);
    write
}

fn answer(value: AnswerCode) -> Body<PersonId> {
    answer_in(value, id(9, 9))
}

fn answer_in(value: AnswerCode, attempt: ChangeId) -> Body<PersonId> {
    let script = ScriptHash::derive(&[b"script"]);
    Body::Answer(AnswerBody { script, question: 3, value: Some(value), attempt })
}

fn attempt(door: CanvassResult) -> Body<PersonId> {
    Body::Attempt(AttemptBody { door: Some(door), people: Vec::new(), corrects: None })
}

fn suppression(set: bool) -> Body<PersonId> {
    Body::Suppression(SuppressionBody { set })
}

fn primary(value: &str) -> Body<PersonId> {
    contact(ContactMark::Primary, value)
}

fn contact(mark: ContactMark, value: &str) -> Body<PersonId> {
    Body::Contact(ContactBody { medium: ContactMedium::Phone, mark, value: value.into() })
}

fn state(writes: &[Write]) -> HouseholdState {
    fold(campaign(), household(), &[], writes)
}

fn only_answer(state: &HouseholdState) -> &AnswerState {
    state.answers.values().next().expect("one answer")
}

#[test]
fn two_answers_unseen_by_each_other_conflict_once_and_the_later_is_shown() {
    let first = write(1, 1, 10, &[], answer(AnswerCode::Choice(0)));
    let second = write(2, 1, 5, &[], answer(AnswerCode::Choice(1)));
    let both = state(&[first.clone(), second.clone(), first.clone()]);
    assert_eq!(both.conflicts.len(), 1);
    let conflict = &both.conflicts[0];
    assert_eq!(conflict.candidates.len(), 2);
    assert_eq!(conflict.shown, first.change.id, "the later by effective time");
    assert_eq!(only_answer(&both).value, Some(AnswerCode::Choice(0)));
    assert_eq!(state(&[second, first]).conflicts[0].id, conflict.id);
}

#[test]
fn equal_answers_do_not_conflict() {
    let both = state(&[
        write(1, 1, 10, &[], answer(AnswerCode::Choice(1))),
        write(2, 1, 5, &[], answer(AnswerCode::Choice(1))),
    ]);
    assert_eq!(both.conflicts, []);
    assert!(!only_answer(&both).conflicted);
}

#[test]
fn an_answer_that_saw_the_other_replaces_it() {
    let replaced = state(&[
        write(1, 1, 10, &[], answer(AnswerCode::Choice(0))),
        write(2, 1, 5, &[id(1, 1)], answer(AnswerCode::Choice(1))),
    ]);
    assert_eq!(replaced.conflicts, []);
    assert_eq!(only_answer(&replaced).value, Some(AnswerCode::Choice(1)));
}

#[test]
fn a_resolution_ends_the_conflict_for_everyone() {
    let resolved = state(&[
        write(1, 1, 10, &[], answer(AnswerCode::Choice(0))),
        write(2, 1, 5, &[], answer(AnswerCode::Choice(1))),
        write(3, 1, 90, &[id(1, 1), id(2, 1)], answer(AnswerCode::Choice(0))),
    ]);
    assert_eq!(resolved.conflicts, []);
    assert_eq!(only_answer(&resolved).change, id(3, 1));
}

#[test]
fn several_choices_merge_option_by_option() {
    let chosen = |options: &[u16]| answer(AnswerCode::Choices(options.to_vec()));
    let merged = state(&[
        write(1, 1, 1, &[], chosen(&[0, 1])),
        write(2, 1, 2, &[id(1, 1)], chosen(&[0, 1, 2])),
        write(3, 1, 3, &[id(1, 1)], chosen(&[1, 4])),
    ]);
    assert_eq!(merged.conflicts, []);
    let expected = AnswerCode::Choices(vec![1, 2, 4]);
    assert_eq!(only_answer(&merged).value, Some(expected), "2 and 4 added, 0 removed");
}

#[test]
fn do_not_contact_wins_over_an_offline_clearing() {
    let set = write(1, 1, 10, &[], suppression(true));
    let cleared_unseen = by_organiser(write(2, 1, 60, &[], suppression(false)));
    let cleared_by_canvasser = write(3, 1, 60, &[id(1, 1)], suppression(false));
    let still_set = state(&[set.clone(), cleared_unseen, cleared_by_canvasser]);
    assert_eq!(still_set.people_do_not_contact, [person()]);
    let eligible = still_set.eligible_person(person(), crate::walklist::Standing::default());
    assert_eq!(eligible, crate::canvass::Eligibility::RECORD_ONLY);

    let lifted = by_organiser(write(2, 2, 60, &[id(1, 1)], suppression(false)));
    assert_eq!(state(&[set.clone(), lifted.clone()]).people_do_not_contact, []);
    let set_again = write(4, 1, 5, &[], suppression(true));
    let both = state(&[set, lifted, set_again]);
    assert_eq!(both.people_do_not_contact, [person()], "a mark the organiser had not seen");
}

#[test]
fn knocks_are_added_and_doubles_are_told() {
    let both = state(&[
        write(1, 1, 0, &[], attempt(CanvassResult::NotHome)),
        write(2, 1, 90, &[], attempt(CanvassResult::Refused)),
    ]);
    assert_eq!(both.attempts.len(), 2);
    assert_eq!(both.conflicts, []);
    assert_eq!(both.double_knocks, [DoubleKnock { first: id(1, 1), second: id(2, 1) }]);
    assert_eq!(both.standing.result, Some(CanvassResult::Refused));
}

#[test]
fn an_answer_implies_a_contact_at_its_attempt() {
    let open = Body::Attempt(AttemptBody { door: None, people: Vec::new(), corrects: None });
    let spoken = state(&[
        write(1, 1, 0, &[], open),
        write(1, 2, 1, &[], answer_in(AnswerCode::Choice(0), id(1, 1))),
    ]);
    assert_eq!(spoken.attempts[0].people, [(person(), CanvassResult::Contacted)]);
    assert!(spoken.standing.contacted);
}

#[test]
fn taking_back_a_knock_takes_its_answers_along() {
    let knock = write(1, 1, 0, &[], attempt(CanvassResult::Contacted));
    let given = write(1, 2, 1, &[], answer_in(AnswerCode::Choice(0), id(1, 1)));
    let undo = write(1, 3, 2, &[], Body::Undo(id(1, 1)));
    let undone = state(&[undo.clone(), knock.clone(), given.clone()]);
    assert!(undone.attempts.is_empty() && undone.answers.is_empty());

    let by_other = write(2, 1, 2, &[], Body::Undo(id(1, 1)));
    assert_eq!(state(&[by_other, knock.clone(), given.clone()]).attempts.len(), 1);
    let too_late = write(1, 4, 24 * 60 + 1, &[], Body::Undo(id(1, 1)));
    assert_eq!(state(&[too_late, knock.clone(), given]).attempts.len(), 1);
    let organiser = by_organiser(write(3, 1, 9999, &[], Body::Undo(id(1, 1))));
    assert_eq!(state(&[organiser, knock]).attempts.len(), 0);
}

#[test]
fn taking_back_an_answer_shows_the_one_before_unless_someone_built_on_it() {
    let first = write(1, 1, 0, &[], answer(AnswerCode::Choice(0)));
    let second = write(2, 1, 1, &[id(1, 1)], answer(AnswerCode::Choice(1)));
    let undo = write(2, 2, 2, &[], Body::Undo(id(2, 1)));
    let undone = state(&[first.clone(), second.clone(), undo.clone()]);
    assert_eq!(only_answer(&undone).value, Some(AnswerCode::Choice(0)));
    let later = write(3, 1, 3, &[id(2, 1)], answer(AnswerCode::Choice(2)));
    let kept = state(&[first, second, undo, later]);
    assert_eq!(only_answer(&kept).value, Some(AnswerCode::Choice(2)));
    assert_eq!(kept.conflicts, []);
}

#[test]
fn a_correction_replaces_the_result_and_keeps_the_attempt() {
    let knock = write(1, 1, 0, &[], attempt(CanvassResult::NotHome));
    let corrected = |who, seq| {
        let people = vec![(person(), CanvassResult::Refused)];
        let body = AttemptBody { door: None, people, corrects: Some(id(1, 1)) };
        write(who, seq, 5, &[id(1, 1)], Body::Attempt(body))
    };
    let own = state(&[knock.clone(), corrected(1, 2)]);
    assert_eq!(own.attempts.len(), 1);
    assert_eq!(own.attempts[0].id, id(1, 1));
    assert_eq!(own.standing.result, Some(CanvassResult::Refused));
    assert_eq!(own.attempts[0].at, knock.at());
    let foreign = state(&[knock, corrected(2, 1)]);
    assert_eq!(foreign.standing.result, Some(CanvassResult::NotHome));
}

#[test]
fn a_wrong_number_stays_wrong_for_those_who_had_not_seen_the_mark() {
    let wrong = write(1, 1, 0, &[], contact(ContactMark::Wrong, "555-0100"));
    let unseen = write(2, 1, 9, &[], contact(ContactMark::Good, "555-0100"));
    let both = state(&[wrong.clone(), unseen]);
    assert_eq!(both.contacts[0].mark, ContactMark::Wrong);
    let seen = write(2, 1, 9, &[id(1, 1)], contact(ContactMark::Good, "555-0100"));
    assert_eq!(state(&[wrong, seen]).contacts[0].mark, ContactMark::Good);
}

fn file_says(n: u64, minute: i64, previous: Option<u64>, phone: &str) -> Write {
    let field = ImportedField::Phone;
    let write_of = ImportedWrite { member: Some(person()), field, previous, value: phone.into() };
    let body = Body::Imported(ImportedBody { writes: vec![write_of] });
    let mut write = write(200, n, minute, &[], body);
    write.change.id = ChangeId::import(campaign(), "voters", n);
    write
}

fn first_file() -> ImportedValue {
    ImportedValue {
        member: Some(person()),
        field: ImportedField::Phone,
        file: ChangeId::import(campaign(), "voters", 1),
        value: "555-0100".into(),
    }
}

#[test]
fn a_later_file_merges_three_ways_with_the_field() {
    let seen = ChangeId::import(campaign(), "voters", 1);
    let field_edit = write(1, 1, 10, &[seen], primary("555-0101"));
    let imported = [first_file()];
    let shown = |writes: &[Write]| {
        let state = fold(campaign(), household(), &imported, writes);
        let primary = state.contacts.iter().find(|c| c.mark == ContactMark::Primary);
        (primary.map(|c| c.value.clone()), state.conflicts.len())
    };
    assert_eq!(shown(&[]), (Some("555-0100".into()), 0));
    let unaltered: &[Write] = std::slice::from_ref(&field_edit);
    assert_eq!(shown(unaltered), (Some("555-0101".into()), 0), "the file repeats itself");
    let agrees = file_says(2, 20, Some(1), "555-0101");
    assert_eq!(shown(&[field_edit.clone(), agrees]), (Some("555-0101".into()), 0));
    let alters = file_says(2, 20, Some(1), "555-0102");
    assert_eq!(shown(&[field_edit, alters.clone()]).1, 1, "both said something new");
    assert_eq!(shown(&[alters]), (Some("555-0102".into()), 0));
}

#[test]
fn what_the_server_set_aside_is_shown_to_nobody() {
    let mut aside = write(1, 1, 0, &[], attempt(CanvassResult::NotHome));
    aside.marks = EventMarks(EventMarks::SET_ASIDE);
    assert_eq!(state(&[aside]), HouseholdState::default());
}

#[test]
fn people_met_and_notes_are_kept_side_by_side() {
    let met = |who, name: &str| {
        let given_name = name.to_owned();
        let body = PersonMetBody { given_name, ..PersonMetBody::default() };
        write(who, 1, 0, &[], Body::PersonMet(body))
    };
    let note = |who, seq, edits, text: &str| {
        let text = text.to_owned();
        write(
            who,
            seq,
            i64::try_from(seq).expect("small"),
            &[],
            Body::Note(NoteBody { edits, text }),
        )
    };
    let both = state(&[
        met(1, "Ana"),
        met(2, "Bo"),
        note(1, 2, None, "dog"),
        note(2, 3, None, "gate"),
        note(1, 4, Some(id(1, 2)), "friendly dog"),
        note(3, 5, Some(id(2, 3)), "not mine to edit"),
    ]);
    let texts: Vec<_> = both.notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(texts, ["gate", "friendly dog"]);
    assert_eq!(both.people_met.len(), 2);
    let retracted = state(&[note(1, 2, None, "dog"), note(1, 3, Some(id(1, 2)), "")]);
    assert_eq!(retracted.notes, []);
}

/// Days as several people might have them: each change has seen some of the field's earlier ones.
fn days() -> impl Strategy<Value = Vec<Write>> {
    let body = prop_oneof![
        (0_u16..3).prop_map(|n| answer(AnswerCode::Choice(n))),
        (1_u8..16).prop_map(|n| attempt(CanvassResult::from_number(n).expect("1 to 15"))),
        any::<bool>().prop_map(suppression),
        "[ab]".prop_map(|value| primary(&value)),
        "[ab]".prop_map(|value| contact(ContactMark::Wrong, &value)),
        Just(Body::Undo(id(0, 0))),
    ];
    let step = (0_u8..3, 0_i64..3000, body, any::<bool>(), any::<bool>(), any::<usize>());
    proptest::collection::vec(step, 1..10).prop_map(|steps| {
        let mut day: Vec<Write> = Vec::new();
        for (seq, (who, minute, mut body, saw, organiser, pick)) in (1..).zip(steps) {
            if let Body::Undo(target) = &mut body {
                *target = day.get(pick % (day.len() + 1)).map_or(id(7, 7), |w| w.change.id);
            }
            let mut next = write(who, seq, minute, &[], body);
            let field = FieldId::of(&next.change);
            if saw {
                next.change.base = state(&day).base(&field);
            }
            if organiser {
                next = by_organiser(next);
            }
            day.push(next);
        }
        day
    })
}

proptest! {
    #[test]
    fn order_and_repeats_never_matter(day in days(), turn: prop::sample::Index) {
        let there = state(&day);
        let mut again = day.clone();
        again.reverse();
        again.rotate_left(turn.index(day.len()));
        again.extend(day.iter().cloned());
        prop_assert_eq!(state(&again), there);
    }

    #[test]
    fn a_conflict_is_there_exactly_when_differing_heads_are(day in days()) {
        let state = state(&day);
        for conflict in &state.conflicts {
            let ids: Vec<_> = conflict.candidates.iter().map(|c| c.change).collect();
            prop_assert_eq!(Some(&ids), state.heads.get(&conflict.field));
            prop_assert!(ids.contains(&conflict.shown));
            let first = &conflict.candidates[0].value;
            prop_assert!(conflict.candidates.iter().any(|c| c.value != *first));
        }
    }

    #[test]
    fn one_who_has_seen_everything_ends_every_conflict(day in days()) {
        let before = state(&day);
        let mut after = day.clone();
        for (seq, conflict) in (100..).zip(&before.conflicts) {
            let shown = day.iter().find(|w| w.change.id == conflict.shown).expect("shown");
            let mut resolution = by_organiser(write(50, seq, 5000, &[], shown.change.body.clone()));
            resolution.change.base = before.base(&conflict.field);
            after.push(resolution);
        }
        prop_assert_eq!(state(&after).conflicts, vec![]);
    }
}

/// Builds that do not know claims, asks, follow-ups or literature compare their digests with those that do.
#[test]
fn what_came_after_the_first_builds_is_no_part_of_a_digest() {
    let knock = write(1, 1, 5, &[], attempt(CanvassResult::NotHome));
    let claim = write(2, 2, 6, &[], Body::Claim);
    let unknown = write(2, 2, 6, &[], Body::Unknown { kind: 12, bytes: Vec::new() });
    let digest = |writes: &[Write]| fold(campaign(), household(), &[], writes).digest;
    let without = digest(std::slice::from_ref(&knock));
    assert_eq!(digest(&[knock.clone(), claim]), without);
    let left = write(1, 2, 6, &[], Body::Literature(knock.change.id));
    let agreed = Some(given(&[ContactChannel::Phone]));
    let talk = [ask(1, 3, &[], Some(AskState::Wanted), agreed), left, come_back(1, 4, 5, 60)];
    assert_eq!(digest(&[&[knock.clone()][..], &talk].concat()), without);
    assert_eq!(digest(&[knock, unknown]), without);
}

fn given(channels: &[ContactChannel]) -> ConsentWord {
    let (words, language) = (ConsentWords::of_text("May we call you?"), "en".to_owned());
    let channels = Channels::of(channels);
    ConsentWord::Given(Consent { words, language, channels })
}

fn ask(
    who: u8,
    seq: u64,
    base: &[ChangeId],
    state: Option<AskState>,
    consent: Option<ConsentWord>,
) -> Write {
    let body = AskBody { kind: AskKind::Volunteer, state, consent, during: None };
    write(who, seq, 10, base, Body::Ask(body))
}

/// A window from this minute to that one.
fn come_back(who: u8, seq: u64, from: i64, until: i64) -> Write {
    let minutes = 1_790_000_000 / 60 + from;
    let window = TimeWindow::from_minutes(minutes, until - from, 0).expect("a window");
    write(who, seq, 1, &[], Body::FollowUp(FollowUpBody { window, during: None }))
}

fn only_ask(writes: &[Write]) -> Ask {
    state(writes).asks.into_values().next().expect("one ask")
}

#[test]
fn withdrawn_consent_wins_over_whoever_had_not_seen_it() {
    use ContactChannel::{Phone, Text};
    let wanted = ask(1, 1, &[], Some(AskState::Wanted), Some(given(&[Phone, Text])));
    assert!(only_ask(std::slice::from_ref(&wanted)).may_leave());
    let withdrawn = ask(2, 1, &[id(1, 1)], None, Some(ConsentWord::Withdrawn));
    let unseen = ask(3, 1, &[id(1, 1)], None, Some(given(&[Phone])));
    let gone = only_ask(&[wanted.clone(), withdrawn.clone(), unseen.clone()]);
    assert!(gone.withdrawn && !gone.may_leave());
    assert_eq!(gone.state, Some(AskState::Wanted), "what is wanted is another field");
    let again = ask(3, 2, &[id(2, 1), id(3, 1)], None, Some(given(&[Text])));
    let told = only_ask(&[wanted.clone(), withdrawn.clone(), unseen.clone(), again]);
    assert!(told.may_leave() && !told.withdrawn);
    assert_eq!(told.consent.expect("given anew").consent.channels.list(), [Text]);
    assert!(is_urgent(&withdrawn.change) && !is_urgent(&unseen.change));
    let side_by_side = only_ask(&[wanted, ask(3, 1, &[], None, Some(given(&[Text])))]);
    let channels = side_by_side.consent.expect("both agree").consent.channels;
    assert_eq!(channels.list(), [Text], "what both allow");
    let apart =
        [ask(1, 1, &[], None, Some(given(&[Phone]))), ask(2, 1, &[], None, Some(given(&[Text])))];
    assert_eq!(only_ask(&apart).consent, None, "they allow nothing together");
}

#[test]
fn people_may_disagree_on_an_ask_and_one_who_saw_both_settles_it() {
    let wanted = ask(1, 1, &[], Some(AskState::Wanted), None);
    let declined = ask(2, 1, &[], Some(AskState::Declined), None);
    let both = state(&[wanted.clone(), declined.clone()]);
    let conflict = &both.conflicts[0];
    assert_eq!(both.conflicts.len(), 1);
    let values: Vec<_> = conflict.candidates.iter().map(|it| it.value.clone()).collect();
    assert!(values.contains(&CandidateValue::Ask(AskState::Declined)), "{values:?}");
    let body = conflict.decision(id(2, 1), &[wanted.clone(), declined.clone()]);
    let mut decided = write(3, 1, 20, &both.base(&conflict.field), body.expect("a decision"));
    decided.change.member = Some(person());
    let settled = state(&[wanted, declined, decided]);
    assert_eq!(settled.conflicts, []);
    assert_eq!(settled.asks.into_values().next().expect("one").state, Some(AskState::Declined));
}

#[test]
fn a_follow_up_keeps_the_door_open_until_someone_knocks_in_time() {
    let knock = |seq, minute| write(1, seq, minute, &[], attempt(CanvassResult::NotHome));
    let first = write(1, 1, 0, &[], attempt(CanvassResult::ComeBack));
    let promise = come_back(1, 2, 60, 120);
    let agreed = [first.clone(), promise.clone()];
    assert!(!state(&agreed).standing.is_done());
    let early = state(&[&agreed[..], &[knock(3, 59)]].concat());
    assert!(!early.standing.is_done() && early.follow_ups[0].kept_by.is_none());
    let kept = state(&[&agreed[..], &[knock(3, 60)]].concat());
    assert_eq!(kept.follow_ups[0].kept_by, Some(id(1, 3)));
    assert!(kept.standing.is_done(), "the earlier wish to be come back to is met");
    let late = state(&[&agreed[..], &[knock(3, 600)]].concat());
    assert!(late.standing.is_done());
    let again = write(2, 1, 70, &[], attempt(CanvassResult::ComeBack));
    assert!(!state(&[&agreed[..], &[again]].concat()).standing.is_done(), "asked once more");
    let other = come_back(2, 1, 300, 360);
    let both = state(&[&agreed[..], &[other, knock(3, 60)]].concat());
    let open: Vec<_> = both.follow_ups.iter().map(|it| it.kept_by.is_none()).collect();
    assert_eq!((open, both.conflicts.len()), (vec![false, true], 0), "each on its own");
    let undo = write(1, 4, 3, &[], Body::Undo(id(1, 2)));
    assert_eq!(state(&[first, promise, undo]).follow_ups, []);
}

#[test]
fn what_came_of_a_knock_is_taken_back_with_it() {
    let knock = write(1, 1, 0, &[], attempt(CanvassResult::NotHome));
    let left = |who, seq| write(who, seq, 1, &[], Body::Literature(id(1, 1)));
    let mut promise = come_back(1, 3, 60, 120);
    let Body::FollowUp(body) = &mut promise.change.body else { unreachable!() };
    body.during = Some(id(1, 1));
    let said = write(1, 4, 1, &[], answer_in(AnswerCode::Choice(0), id(1, 1)));
    let mut asked = ask(1, 5, &[], Some(AskState::Wanted), Some(given(&[ContactChannel::Door])));
    let Body::Ask(body) = &mut asked.change.body else { unreachable!() };
    body.during = Some(id(1, 4));
    let day = [knock.clone(), left(1, 2), promise, said, asked];
    let stands = state(&day);
    assert!(stands.attempts[0].literature && stands.follow_ups.len() == 1);
    assert_eq!(stands.asks.len(), 1);
    let undo = write(1, 6, 2, &[], Body::Undo(id(1, 1)));
    let gone = state(&[&day[..], &[undo]].concat());
    assert!(gone.attempts.is_empty() && gone.follow_ups.is_empty() && gone.asks.is_empty());
    let of_other = state(&[knock, left(2, 1)]);
    assert!(!of_other.attempts[0].literature, "only one's own attempt");
}

#[test]
fn a_call_leaves_the_door_as_it_stood() {
    let reach = |who, seq| {
        let (attempt, channel) = (id(1, 1), ContactChannel::Phone);
        let (number, result) = ("555 0100".to_owned(), Some(CanvassResult::Busy));
        write(who, seq, 1, &[], Body::Reach(ReachBody { attempt, channel, number, result }))
    };
    let began = Body::Attempt(AttemptBody { door: None, people: Vec::new(), corrects: None });
    let began = write(1, 1, 0, &[], began);
    let promise = come_back(2, 1, -60, 120);
    let day = [promise, began, reach(1, 2)];
    let called = state(&day);
    let [call] = called.attempts.as_slice() else { panic!("{:?}", called.attempts) };
    assert_eq!(call.people, [(person(), CanvassResult::Busy)]);
    assert_eq!(call.reach.as_ref().map(|reach| reach.number.as_str()), Some("555 0100"));
    assert_eq!((called.standing.knocks, called.standing.result), (0, None));
    assert_eq!(called.follow_ups[0].kept_by, None, "nobody came back");
    assert_eq!(called.digest, state(&day[..2]).digest);
    let of_other = state(&[&day[..2], &[reach(2, 2)]].concat());
    assert_eq!(of_other.attempts[0].reach, None, "only one's own attempt");
    let undo = write(1, 3, 2, &[], Body::Undo(id(1, 1)));
    let gone = state(&[&day[..], &[undo]].concat());
    assert!(gone.attempts.is_empty() && gone.taken_back.contains(&id(1, 2)));
}
