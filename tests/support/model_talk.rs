//! By the book: what a talk leaves behind. What is wanted and agreed to, when to come back, and
//! where literature was left.

use std::collections::{BTreeMap, BTreeSet};

use canvass_core::change::{Body, ConsentWord};
use canvass_core::id::{ChangeId, PersonId};
use canvass_core::merge::{HouseholdState, Write};
use canvass_core::survey::{AskState, Channels, Consent, ContactChannel};
use canvass_core::time::Timestamp;
use canvass_core::walklist::CanvassResult;

use crate::model::{Book, Meaning, Value, Word, name, rank};

/// One ask: how it stands and by which change, what is agreed to and by which, and whether
/// consent was withdrawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    state: Option<(ChangeId, AskState)>,
    consent: Option<(ChangeId, Consent)>,
    withdrawn: bool,
}

impl Asked {
    /// Whether someone agreed to something, and nobody took it back since.
    #[must_use]
    pub const fn is_agreed(&self) -> bool {
        self.consent.is_some()
    }

    /// Whether consent was withdrawn.
    #[must_use]
    pub const fn is_withdrawn(&self) -> bool {
        self.withdrawn
    }
}

/// Everyone's asks, by their names.
pub(crate) type Asks = BTreeMap<(PersonId, String), Asked>;

/// The words of a change that speaks of an ask.
pub(crate) fn words_of(write: &Write) -> Vec<Word<'_>> {
    let Body::Ask(ask) = &write.change.body else { return Vec::new() };
    let word = |what: &str, value| Word {
        write,
        field: name(write.change.member, &format!("{what} {}", ask.kind)),
        base: write.change.base.clone(),
        value,
    };
    let state = ask.state.map(|state| word("ask", Value::Asked(state)));
    let consent = ask.consent.clone().map(|said| word("consent", Value::Agreed(said)));
    state.into_iter().chain(consent).collect()
}

/// What a change goes with when that is taken back: an attempt, or an answer.
pub(crate) fn goes_with(book: &Book<'_>, write: &Write) -> BTreeSet<ChangeId> {
    let first = match &write.change.body {
        Body::Attempt(attempt) => attempt.corrects,
        Body::Note(note) => note.edits,
        Body::Answer(answer) => Some(answer.attempt),
        Body::Ask(ask) => ask.during,
        Body::FollowUp(follow_up) => follow_up.during,
        Body::Literature(attempt) => Some(*attempt),
        Body::Reach(reach) => Some(reach.attempt),
        _ => None,
    };
    let is_spoken = matches!(write.change.body, Body::Ask(_) | Body::FollowUp(_));
    let answered = first.and_then(|first| book.writes.get(&first)).filter(|_| is_spoken);
    let attempt = answered.and_then(|write| match &write.change.body {
        Body::Answer(answer) => Some(answer.attempt),
        _ => None,
    });
    first.into_iter().chain(attempt).collect()
}

/// Tells everything of a talk, once the attempts are told.
pub(crate) fn tell(meaning: &mut Meaning, book: &Book<'_>) {
    for word in book.words.iter().filter(|word| book.is_live(word)) {
        match &word.write.change.body {
            Body::Literature(attempt) if meaning.attempts.contains_key(attempt) => {
                meaning.literature.insert(*attempt);
            }
            Body::FollowUp(follow_up) => {
                let kept = kept_by(meaning, book, word.write, follow_up.window.from);
                meaning.follow_ups.insert(word.write.change.id, kept);
            }
            Body::Ask(ask) => {
                if let Some(person) = word.write.change.member {
                    let key = (person, ask.kind.name().to_owned());
                    let asked = asked(book, person, ask.kind.name());
                    meaning.asks.insert(key, asked);
                }
            }
            _ => {}
        }
    }
}

/// Tells which attempts were calls, and what came of them that only calls have.
pub(crate) fn tell_calls(meaning: &mut Meaning, book: &Book<'_>) {
    let said: BTreeSet<(PersonId, ChangeId)> = book
        .words
        .iter()
        .filter_map(|word| match &word.write.change.body {
            Body::Reach(reach) => Some((word.write.change.member?, reach.attempt)),
            _ => None,
        })
        .collect();
    // Of several people at one attempt, the first by id counts.
    for (person, attempt) in said {
        let heads = book.heads(&name(Some(person), &format!("reach {attempt}")));
        let shown = heads.into_iter().max_by_key(|word| rank(word));
        let Some(Body::Reach(reach)) = shown.map(|word| &word.write.change.body) else { continue };
        let Some((_, people)) = meaning.attempts.get_mut(&attempt) else { continue };
        if meaning.calls.contains_key(&attempt) {
            continue;
        }
        if let Some(result) = reach.result {
            people.insert(person, result);
            if matches!(result, CanvassResult::DoNotCall | CanvassResult::DoNotText) {
                meaning.closed.insert((person, result));
            }
        }
        meaning.calls.insert(attempt, (person, reach.channel, reach.number.clone()));
    }
}

/// What the core says of calls.
pub(crate) fn calls(
    state: &HouseholdState,
) -> BTreeMap<ChangeId, (PersonId, ContactChannel, String)> {
    let calls = state.attempts.iter().filter_map(|it| Some((it.id, it.reach.as_ref()?)));
    calls.map(|(id, it)| (id, (it.person, it.channel, it.number.clone()))).collect()
}

/// Whom the core says not to call, or not to send text messages.
pub(crate) fn closed(state: &HouseholdState) -> BTreeSet<(PersonId, CanvassResult)> {
    let calls = state.people_do_not_call.iter().map(|who| (*who, CanvassResult::DoNotCall));
    let texts = state.people_do_not_text.iter().map(|who| (*who, CanvassResult::DoNotText));
    calls.chain(texts).collect()
}

pub(crate) fn at(write: &Write) -> Timestamp {
    write.effective.unwrap_or(write.change.recorded_at)
}

/// The first knock, by time, that came after the promise and not before its window.
fn kept_by(
    meaning: &Meaning,
    book: &Book<'_>,
    promise: &Write,
    from: Timestamp,
) -> Option<ChangeId> {
    let is_after = |knock: &Write| {
        let is_own = knock.change.id.device == promise.change.id.device;
        at(knock) > at(promise)
            || is_own && at(knock) == at(promise) && knock.change.id > promise.change.id
    };
    // Who calls does not come back.
    let knocks = meaning.attempts.keys().filter(|id| !meaning.calls.contains_key(id));
    let knocks = knocks.map(|id| book.writes[id]);
    let after = knocks.filter(|knock| at(knock) >= from && is_after(knock));
    after.min_by_key(|knock| (at(knock), knock.change.id)).map(|knock| knock.change.id)
}

fn asked(book: &Book<'_>, person: PersonId, kind: &str) -> Asked {
    let latest = |words: Vec<&Word<'_>>| {
        let word = words.into_iter().max_by_key(|word| rank(word))?;
        Some((word.write.change.id, word.value.clone()))
    };
    let mut asked = Asked::default();
    if let Some((id, Value::Asked(state))) =
        latest(book.heads(&name(Some(person), &format!("ask {kind}"))))
    {
        asked.state = Some((id, state));
    }
    let field = name(Some(person), &format!("consent {kind}"));
    let live = book.live(&field);
    let is_given = |word: &&&Word<'_>| matches!(word.value, Value::Agreed(ConsentWord::Given(_)));
    let is_seen_by = |earlier: &Word<'_>, later: &Word<'_>| {
        book.has_seen(&field, later.write.change.id, earlier.write.change.id)
    };
    // A withdrawal holds until someone who knew it was told otherwise.
    asked.withdrawn = live
        .iter()
        .filter(|word| word.value == Value::Agreed(ConsentWord::Withdrawn))
        .any(|gone| !live.iter().filter(is_given).any(|given| is_seen_by(gone, given)));
    if asked.withdrawn {
        return asked;
    }
    let stands = |word: &&&Word<'_>| !live.iter().any(|other| is_seen_by(word, other));
    let standing: Vec<&Word<'_>> = live.iter().filter(is_given).filter(stands).copied().collect();
    let all = standing.iter().filter_map(|word| match &word.value {
        Value::Agreed(ConsentWord::Given(consent)) => Some(consent.channels),
        _ => None,
    });
    let all = all.reduce(Channels::and);
    if let (Some((id, Value::Agreed(ConsentWord::Given(consent)))), Some(channels)) =
        (latest(standing), all)
    {
        let consent = Consent { channels, ..consent };
        asked.consent = (!channels.is_empty()).then_some((id, consent));
    }
    asked
}

/// What the core says of asks.
pub(crate) fn told(state: &HouseholdState) -> Asks {
    let asked = |ask: &canvass_core::merge::Ask| Asked {
        state: ask.state.map(|state| (ask.change, state)),
        consent: ask.consent.as_ref().map(|it| (it.change, it.consent.clone())),
        withdrawn: ask.withdrawn,
    };
    let asks = state.asks.iter();
    asks.map(|((person, kind), ask)| ((*person, kind.name().to_owned()), asked(ask))).collect()
}
