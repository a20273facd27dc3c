//! Asks: what people want of the campaign, and what they agree to, recorded and shown.

use std::collections::BTreeMap;

use crate::canvass::{RecordError, check_ask, check_consent};
use crate::change::{AskBody, Body, ConsentWord};
use crate::engine::Engine;
use crate::engine::draft::{At, Draft};
use crate::engine::error::Error;
use crate::engine::language::Languages;
use crate::engine::lists::ListReader;
use crate::engine::view::{AskView, ConsentView, Saved};
use crate::engine::whereabouts::Whereabouts;
use crate::id::{ChangeId, HouseholdId, ListId, PersonId};
use crate::merge::{Ask, HouseholdState};
use crate::say::{self, AskFacts};
use crate::survey::{
    AnswerCode, AskKind, AskState, AskTag, Channels, Consent, ConsentWords, ContactChannel, Script,
};

/// What someone wants, to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AskInput {
    /// The list.
    pub list: ListId,
    /// The household.
    pub household: HouseholdId,
    /// Who wants it, or does not.
    pub person: PersonId,
    /// What.
    pub kind: AskKind,
    /// How it stands now.
    pub state: AskState,
    /// What they agreed to; nothing if that was not spoken of. Without consent, no file shows
    /// the ask.
    pub consent: Option<ConsentInput>,
    /// The attempt at which it was asked, and is taken back with; nothing if it was another
    /// occasion.
    pub attempt: Option<ChangeId>,
}

/// What someone agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ConsentInput {
    /// The words that were read out or shown, whole: their hash is recorded.
    pub words: String,
    /// Their language (BCP 47).
    pub language: String,
    /// By which channels they may be contacted; at least one.
    pub channels: Vec<ContactChannel>,
}

impl Engine {
    /// Records what someone wants, and what they agree to, if that was spoken of.
    pub fn record_ask(&self, input: &AskInput) -> Result<Saved, Error> {
        self.record(input.list, input.household, |at| {
            at.check_person(input.person)?;
            input.attempt.map_or(Ok(()), |attempt| at.check_attempt(attempt))?;
            check_ask(&input.kind)?;
            let consent = input.consent.as_ref().map(consent).transpose()?;
            let (kind, state) = (input.kind.clone(), Some(input.state));
            let consent = consent.map(ConsentWord::Given);
            let body = AskBody { kind, state, consent, during: input.attempt };
            Ok(vec![Draft::of_person(input.person, Body::Ask(body))])
        })
        .map(Saved::from)
    }

    /// Records that someone withdrew their consent to one kind of ask. It holds on this phone at
    /// once, and wins over every consent given by someone who had not seen this.
    pub fn withdraw_consent(
        &self,
        list: ListId,
        household: HouseholdId,
        person: PersonId,
        kind: &AskKind,
    ) -> Result<Saved, Error> {
        self.record(list, household, |at| {
            at.check_person(person)?;
            check_ask(kind)?;
            let consent = Some(ConsentWord::Withdrawn);
            let body = AskBody { kind: kind.clone(), state: None, consent, during: None };
            Ok(vec![Draft::of_person(person, Body::Ask(body))])
        })
        .map(Saved::from)
    }
}

fn consent(input: &ConsentInput) -> Result<Consent, RecordError> {
    let ConsentInput { words, language, channels } = input;
    let channels = Channels::of(channels);
    check_consent(words, language, channels)?;
    let words = ConsentWords::of_text(words);
    Ok(Consent { words, language: language.clone(), channels })
}

/// The asks that the answers among these drafts lead to, taken back with them.
pub(super) fn of_answers(at: &At<'_>, drafts: &[Draft]) -> Vec<Draft> {
    let mut asked = Vec::new();
    for (draft, seq) in drafts.iter().zip(at.first.seq..) {
        let (Body::Answer(answer), Some(person)) = (&draft.body, draft.member) else { continue };
        let Some(script) = at.reader.script_version(answer.script) else { continue };
        let said = (answer.question, answer.value.as_ref());
        asked.extend(of_answer(at, person, script, said, ChangeId { seq, ..at.first }));
    }
    asked
}

/// The asks that an answer leads to by the tags of its options: what was not wanted before is
/// now, and what the answer before led to is declined.
fn of_answer(
    at: &At<'_>,
    person: PersonId,
    script: &Script,
    (question, value): (u16, Option<&AnswerCode>),
    answer: ChangeId,
) -> Vec<Draft> {
    let state = &at.door.state;
    let words = ConsentWords::Question { script: script.hash(), question };
    let before = state.answers.get(&(person, script.hash(), question));
    let mut gone = tags(script, question, before.and_then(|answer| answer.value.as_ref()));
    // As `Engine::survey` chooses it.
    let language = script.choose_language("", at.door.language_of(person), at.spoken).0;
    let mut drafts = Vec::new();
    let mut say = |kind: AskKind, ask_state, consent| {
        let during = Some(answer);
        let body = AskBody { kind, state: ask_state, consent, during };
        drafts.push(Draft::of_person(person, Body::Ask(body)));
    };
    for (kind, channels) in tags(script, question, value) {
        gone.remove(&kind);
        let agreed = (!channels.is_empty()).then(|| Consent {
            words,
            language: language.to_owned(),
            channels,
        });
        let known = state.asks.get(&(person, kind.clone()));
        let is_wanted = known.is_some_and(|ask| ask.state == Some(AskState::Wanted));
        let is_agreed = known.is_some_and(|ask| says(ask, agreed.as_ref()));
        if !is_wanted || !is_agreed {
            say(kind, Some(AskState::Wanted), agreed.map(ConsentWord::Given));
        }
    }
    for kind in gone.into_keys() {
        let known = state.asks.get(&(person, kind.clone()));
        if known.is_some_and(|ask| ask.state == Some(AskState::Wanted)) {
            let given = known.and_then(|ask| ask.consent.as_ref());
            let by_this = given.is_some_and(|given| given.consent.words == words);
            say(kind, Some(AskState::Declined), by_this.then_some(ConsentWord::Withdrawn));
        }
    }
    drafts
}

/// Whether this consent stands already; so does none at all.
fn says(ask: &Ask, agreed: Option<&Consent>) -> bool {
    let given = ask.consent.as_ref().map(|given| &given.consent);
    agreed.is_none_or(|agreed| given == Some(agreed))
}

/// The asks among the tags of the options that were chosen.
fn tags(script: &Script, question: u16, value: Option<&AnswerCode>) -> BTreeMap<AskKind, Channels> {
    let chosen = match value {
        Some(AnswerCode::Choice(option)) => std::slice::from_ref(option),
        Some(AnswerCode::Choices(options)) => options.as_slice(),
        _ => &[],
    };
    let options = script.question(question).map_or(&[][..], |question| question.kind.options());
    let chosen = chosen.iter().filter_map(|option| options.get(usize::from(*option)));
    let tags = chosen.filter_map(|option| AskTag::read(option.tag.as_deref()?).ok().flatten());
    tags.map(|tag| (tag.kind, tag.channels)).collect()
}

/// A person's asks as screens show them.
pub(super) fn views(
    reader: &ListReader,
    state: &HouseholdState,
    person: PersonId,
    told: (&Languages, &Whereabouts),
) -> Vec<AskView> {
    let of_person = state.asks.iter().filter(|((who, _), _)| *who == person);
    of_person.map(|((_, kind), ask)| view(reader, kind, ask, told)).collect()
}

fn view(
    reader: &ListReader,
    kind: &AskKind,
    ask: &Ask,
    (languages, known): (&Languages, &Whereabouts),
) -> AskView {
    let facts = AskFacts {
        kind: kind.clone(),
        state: ask.state,
        conflicted: ask.conflicted,
        agreed: ask.consent.as_ref().map(|given| given.consent.channels.list()),
        withdrawn: ask.withdrawn,
    };
    let consent = ask.consent.as_ref().map(|given| ConsentView {
        words: given.consent.words.to_string(),
        language: given.consent.language.clone(),
        channels: given.consent.channels.list(),
        by: reader.name(given.canvasser),
        at: given.at,
    });
    AskView {
        kind: kind.clone(),
        state: ask.state,
        conflicted: ask.conflicted,
        change: ask.change,
        by: reader.name(ask.canvasser),
        own: ask.canvasser == reader.me.canvasser,
        at: ask.at,
        consent,
        withdrawn: ask.withdrawn,
        sentence: say::ask(languages.words, &facts),
        saved: known.saved(ask.change, ask.sequenced),
    }
}
