//! Asks and consent: what a person wants, and what they agree to.
//!
//! How an ask stands is one value, on which people may disagree like on an answer. Consent is a
//! field of its own, and is never in conflict: a withdrawal wins over whoever had not seen it, as
//! do-not-contact does, and only a consent given by someone who had seen exactly this withdrawal
//! stands again. Of several consents given side by side, what they all allow is allowed.
//!
//! Neither is part of a digest: a build that does not know asks compares alike.

use crate::change::{AskBody, Body, ConsentWord};
use crate::id::{CanvasserId, ChangeId, PersonId};
use crate::merge::fold::{Content, Registers};
use crate::merge::register::Register;
use crate::merge::state::HouseholdState;
use crate::merge::{FieldId, FieldKey, Write};
use crate::survey::{AskKind, AskState, Channels, Consent};
use crate::time::Timestamp;

/// One ask of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// How it stands; nothing if only consent was spoken of.
    pub state: Option<AskState>,
    /// People disagree on how it stands.
    pub conflicted: bool,
    /// The change that wrote what is shown.
    pub change: ChangeId,
    /// Who wrote it.
    pub canvasser: CanvasserId,
    /// When.
    pub at: Timestamp,
    /// Whether the server has sequenced it.
    pub sequenced: bool,
    /// The consent that stands.
    pub consent: Option<ConsentState>,
    /// Consent was withdrawn, and nobody who knows it has been given another.
    pub withdrawn: bool,
}

/// A consent that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentState {
    /// What was agreed to; the channels are those that all standing consents allow.
    pub consent: Consent,
    /// The change that wrote it.
    pub change: ChangeId,
    /// Who was told so.
    pub canvasser: CanvasserId,
    /// When it was given.
    pub at: Timestamp,
}

impl Ask {
    fn of(write: &Write) -> Self {
        Self {
            state: None,
            conflicted: false,
            change: write.change.id,
            canvasser: write.canvasser,
            at: write.at(),
            sequenced: write.effective.is_some(),
            consent: None,
            withdrawn: false,
        }
    }

    /// Whether it may leave in a file: nothing is an ask without consent.
    #[must_use]
    pub const fn may_leave(&self) -> bool {
        self.state.is_some() && self.consent.is_some()
    }
}

impl HouseholdState {
    /// The base for a change that writes an ask: what stands in each field that it writes to.
    #[must_use]
    pub fn ask_base(&self, person: PersonId, ask: &AskBody) -> Vec<ChangeId> {
        let fields = fields(ask).into_iter().map(|key| FieldId::of_person(person, key));
        let mut base: Vec<ChangeId> = fields.flat_map(|field| self.base(&field)).collect();
        base.sort_unstable();
        base.dedup();
        base
    }
}

/// The fields that a change to an ask writes to.
pub(super) fn fields(ask: &AskBody) -> Vec<FieldKey> {
    let state = ask.state.map(|_| FieldKey::Ask(ask.kind.clone()));
    let consent = ask.consent.as_ref().map(|_| FieldKey::Consent(ask.kind.clone()));
    state.into_iter().chain(consent).collect()
}

/// Adds how an ask stands.
pub(super) fn apply_state(
    state: &mut HouseholdState,
    registers: &Registers<'_>,
    (person, kind): (PersonId, &AskKind),
    register: &Register<Content<'_>>,
) {
    let Some(shown) = register.shown() else { return };
    let (Content::Ask(value), Some(write)) = (shown.value, registers.author(shown.id)) else {
        return;
    };
    let ask = entry(state, person, kind, write);
    ask.state = Some(value);
    ask.conflicted = register.conflict().is_some();
    (ask.change, ask.canvasser, ask.at) = (write.change.id, write.canvasser, write.at());
    ask.sequenced = write.effective.is_some();
}

/// Adds the consent that stands, or that it was withdrawn.
pub(super) fn apply_consent(
    state: &mut HouseholdState,
    registers: &Registers<'_>,
    (person, kind): (PersonId, &AskKind),
    register: &Register<Content<'_>>,
) {
    let heads = register.heads();
    let given: Option<Vec<&Consent>> = heads
        .iter()
        .map(|head| match head.value {
            Content::Consent(ConsentWord::Given(consent)) => Some(consent),
            _ => None,
        })
        .collect();
    let shown = register.shown().and_then(|shown| registers.author(shown.id));
    let Some(write) = shown else { return };
    let ask = entry(state, person, kind, write);
    let (Some(given), Body::Ask(said)) = (given, &write.change.body) else {
        ask.withdrawn = true;
        return;
    };
    let Some(ConsentWord::Given(consent)) = &said.consent else { return };
    let all = given.iter().fold(consent.channels, |all, other| Channels::and(all, other.channels));
    let consent = Consent { channels: all, ..consent.clone() };
    ask.consent = consent.is_sound().then_some(ConsentState {
        consent,
        change: write.change.id,
        canvasser: write.canvasser,
        at: write.at(),
    });
}

fn entry<'s>(
    state: &'s mut HouseholdState,
    person: PersonId,
    kind: &AskKind,
    write: &Write,
) -> &'s mut Ask {
    state.asks.entry((person, kind.clone())).or_insert_with(|| Ask::of(write))
}
