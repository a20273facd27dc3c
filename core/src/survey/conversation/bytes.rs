//! A conversation as bytes: the form in which a phone keeps it. CBOR with integer keys; what a
//! later version adds has a new key.

use minicbor::{Decode, Encode};

use super::super::answer::{AnswerCode, Answers};
use super::super::limits::MAX_QUESTIONS;
use super::{Conversation, ConversationEnd, MAX_TRAIL};
use crate::id::ScriptHash;

#[derive(Encode, Decode)]
#[cbor(map)]
struct Kept {
    #[cbor(n(0), with = "minicbor::bytes")]
    script: [u8; 16],
    #[n(1)]
    at: Option<u16>,
    #[n(2)]
    trail: Vec<Option<u16>>,
    #[n(3)]
    skipped: Vec<u16>,
    #[n(4)]
    aside: Vec<KeptAnswer>,
    #[n(5)]
    ended: u8,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct KeptAnswer {
    #[n(0)]
    question: u16,
    #[n(1)]
    value: KeptValue,
}

#[derive(Encode, Decode)]
enum KeptValue {
    #[n(0)]
    Choice(#[n(0)] u16),
    #[n(1)]
    Choices(#[n(0)] Vec<u16>),
    #[n(2)]
    Number(#[n(0)] f64),
    #[n(3)]
    Text(#[n(0)] String),
    #[n(4)]
    Scale(#[n(0)] i32),
    #[n(5)]
    Date(#[n(0)] i32),
}

impl Conversation {
    /// The conversation as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let aside = self.aside.iter().map(|(question, value)| KeptAnswer {
            question: *question,
            value: KeptValue::from(value.clone()),
        });
        let kept = Kept {
            script: self.script.to_bytes(),
            at: self.at,
            trail: self.trail.clone(),
            skipped: self.skipped.iter().copied().collect(),
            aside: aside.collect(),
            ended: match self.ended {
                None => 0,
                Some(ConversationEnd::Finished) => 1,
                Some(ConversationEnd::Stopped) => 2,
            },
        };
        minicbor::to_vec(kept).unwrap_or_default()
    }

    /// The conversation that `to_bytes` wrote; nothing if these bytes are none.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let kept: Kept = minicbor::decode(bytes).ok()?;
        let too_long = kept.trail.len() > MAX_TRAIL
            || kept.skipped.len() > MAX_QUESTIONS
            || kept.aside.len() > MAX_QUESTIONS;
        if too_long {
            return None;
        }
        let aside = kept.aside.into_iter().map(|it| (it.question, AnswerCode::from(it.value)));
        Some(Self {
            script: ScriptHash::from_bytes(kept.script),
            at: kept.at,
            trail: kept.trail,
            skipped: kept.skipped.into_iter().collect(),
            aside: aside.collect::<Answers>(),
            ended: match kept.ended {
                0 => None,
                1 => Some(ConversationEnd::Finished),
                _ => Some(ConversationEnd::Stopped),
            },
        })
    }
}

impl From<AnswerCode> for KeptValue {
    fn from(code: AnswerCode) -> Self {
        match code {
            AnswerCode::Choice(option) => Self::Choice(option),
            AnswerCode::Choices(options) => Self::Choices(options),
            AnswerCode::Number(number) => Self::Number(number),
            AnswerCode::Text(text) => Self::Text(text),
            AnswerCode::Scale(point) => Self::Scale(point),
            AnswerCode::Date(days) => Self::Date(days),
        }
    }
}

impl From<KeptValue> for AnswerCode {
    fn from(value: KeptValue) -> Self {
        match value {
            KeptValue::Choice(option) => Self::Choice(option),
            KeptValue::Choices(options) => Self::Choices(options),
            KeptValue::Number(number) => Self::Number(number),
            KeptValue::Text(text) => Self::Text(text),
            KeptValue::Scale(point) => Self::Scale(point),
            KeptValue::Date(days) => Self::Date(days),
        }
    }
}
