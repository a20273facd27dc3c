//! Screens in words: what is said around the facts of a household, a sync, a bundle.

use crate::canvass::is_often;
use crate::engine::Engine;
use crate::engine::bundle::BundleReport;
use crate::engine::sync::{SyncOutcome, SyncReport};
use crate::engine::view::{
    AskChoice, AttemptView, CorrectionView, HouseholdView, NotContacted, NoticeKind, NoticeView,
    PersonView, ResultChoice,
};
use crate::id::PersonId;
use crate::say::{self, Exchange, KeptFrom, KnockFacts, Language, PersonFacts, SideBySide};
use crate::survey::AskKind;
use crate::time::Timestamp;
use crate::walklist::{Access, CanvassResult};

impl Engine {
    /// How a sync went, in words.
    #[must_use]
    pub fn sync_sentence(&self, report: &SyncReport) -> String {
        let ended = match report.outcome {
            SyncOutcome::Complete => Exchange::Complete,
            SyncOutcome::NoServer => Exchange::NoServer,
            SyncOutcome::Offline => Exchange::Offline,
            SyncOutcome::ServerTrouble => Exchange::Trouble,
            SyncOutcome::NotEnrolled => Exchange::NotEnrolled,
            SyncOutcome::InvitationRefused => Exchange::InvitationRefused,
            SyncOutcome::Refused => Exchange::Refused,
        };
        say::exchange(self.words(), ended, report.sent, report.received)
    }

    /// What a bundle of another phone brought, in words.
    #[must_use]
    pub fn bundle_sentence(&self, report: &BundleReport) -> String {
        say::bundle(self.words(), report.changes, report.refused)
    }
}

/// Puts its words into the view of a household, as they are at a moment.
pub(super) fn tell(view: &mut HouseholdView, words: Language, now: Timestamp) {
    view.title = say::address_line(words, &view.address);
    view.place = say::place_line(words, &view.address);
    for person in &mut view.people {
        person.name = say::person_name(words, &person.given_name, &person.family_name);
        person.sentence = person_sentence(words, person);
    }
    let names: Vec<(PersonId, String)> =
        view.people.iter().map(|person| (person.person, person.name.clone())).collect();
    for attempt in &mut view.attempts {
        attempt.sentence = attempt_sentence(words, attempt, now, &names);
    }
    for note in &mut view.notes {
        note.byline = say::byline(words, (&note.by, note.own), now.millis_since(note.at));
    }
    view.warnings = warnings(words, view, now);
    view.door_choices = choices(words, &view.door_results);
    view.person_choices = choices(words, &view.person_results);
    view.ask_choices = (1..)
        .map_while(AskKind::from_number)
        .map(|kind| AskChoice { name: say::ask_name(words, &kind), kind })
        .collect();
}

fn person_sentence(words: Language, person: &PersonView) -> String {
    let facts = PersonFacts {
        birth_year: person.birth_year,
        party: &person.party,
        language_not_spoken: person.language_not_spoken.then_some(person.language.as_str()),
        met: person.met,
        kept_from: person.not_contacted.map(|why| match why {
            NotContacted::DoNotContact => KeptFrom::Asked,
            NotContacted::Deceased => KeptFrom::Deceased,
            NotContacted::Exempt => KeptFrom::Exempt,
            NotContacted::Moved => KeptFrom::Moved,
            NotContacted::Voted => KeptFrom::Voted,
        }),
        result: person.result,
        answers: person.answers,
    };
    say::person(words, facts)
}

/// Results of people who are not shown are not told either.
fn attempt_sentence(
    words: Language,
    attempt: &AttemptView,
    now: Timestamp,
    names: &[(PersonId, String)],
) -> String {
    let named = attempt.people.iter().filter_map(|of| {
        let (_, name) = names.iter().find(|(person, _)| *person == of.person)?;
        Some((name.clone(), of.result))
    });
    let facts = KnockFacts {
        door: attempt.door,
        people: named.collect(),
        literature: attempt.literature && attempt.door != Some(CanvassResult::LeftLiterature),
    };
    say::knock(words, (&attempt.by, attempt.own), now.millis_since(attempt.at), &facts)
}

fn warnings(words: Language, view: &HouseholdView, now: Timestamp) -> Vec<String> {
    let mut warnings = Vec::new();
    if view.do_not_knock || view.do_not_contact {
        warnings.push(say::do_not_knock(words, view.do_not_contact));
    }
    let in_the_way = view.access.iter().filter(|said| said.access != Access::Open);
    warnings.extend(in_the_way.map(|said| said.sentence.clone()));
    warnings.extend(view.claim.as_ref().map(|claim| claim.sentence.clone()));
    warnings.extend(view.notices.iter().map(|notice| notice_sentence(words, notice, now)));
    let told = |said: &CorrectionView| say::proposal(words, &said.by, said.own, &said.value);
    warnings.extend(view.corrections.iter().map(told));
    warnings
}

fn notice_sentence(words: Language, notice: &NoticeView, now: Timestamp) -> String {
    let kind = match notice.kind {
        NoticeKind::DoubleKnock => SideBySide::Knocked,
        NoticeKind::WrittenOnSince => SideBySide::WrittenOn,
        NoticeKind::AnswerWentToo => SideBySide::AnswerWent,
        NoticeKind::MetTwice => SideBySide::Met,
        NoticeKind::AccessDiffers => SideBySide::Access,
        NoticeKind::ReachedThough => SideBySide::Reached,
    };
    say::notice(words, kind, &notice.by, now.millis_since(notice.at))
}

/// Results with their names, those that are tapped often first.
fn choices(words: Language, results: &[CanvassResult]) -> Vec<ResultChoice> {
    let choice = |result: &CanvassResult| ResultChoice {
        result: *result,
        name: say::result_name(words, *result),
        is_often: is_often(*result),
    };
    let mut choices: Vec<ResultChoice> = results.iter().map(choice).collect();
    choices.sort_by_key(|choice| !choice.is_often);
    choices
}
