//! What each backend calls a result, by channel: data, not code.
//!
//! A table gives for each channel the backend's types of contact and of input, and its codes. What
//! a backend's database numbers a result by is fetched from it (for VAN
//! `GET /canvassResponses/resultCodes`) or configured, in one file; numbers differ from one
//! database to the next and with the types, and none is ever guessed. A code is known by its
//! number or its full name, never by its short name: VAN uses `CB` for two.
//!
//! It does not fetch anything, and does not know how a code is written into a file.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::survey::ContactChannel;
use crate::walklist::CanvassResult;

/// A kind of backend that results leave for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backend {
    /// VAN, and `EveryAction`.
    Van,
    /// A server of the Open Supporter Data Interface.
    Osdi,
    /// Any other: by this project's own names until a table gives its.
    Generic,
}

impl Backend {
    /// Its name in tables and addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Van => "van",
            Self::Osdi => "osdi",
            Self::Generic => "generic",
        }
    }
}

/// What a backend calls results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultCodes {
    channels: BTreeMap<ContactChannel, ChannelCodes>,
    /// Survey questions by their name in the script.
    pub questions: BTreeMap<String, QuestionCodes>,
    /// Activist codes by the name of what someone asks for.
    pub activist_codes: BTreeMap<String, u32>,
}

/// What a backend calls what happens by one channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelCodes {
    /// The type of contact, by name.
    pub contact_type: String,
    /// The type of contact, by number; 0 where the backend numbers nothing.
    pub contact_type_id: u32,
    /// The type of input, by name.
    pub input_type: String,
    /// The type of input, by number; 0 where the backend numbers nothing.
    pub input_type_id: u32,
    /// What its database has for these types; nothing as long as that was not fetched.
    pub fetched: bool,
    codes: BTreeMap<CanvassResult, ResultCode>,
}

/// What a backend calls one result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultCode {
    /// By number, if its database was asked.
    pub id: Option<u32>,
    /// By name.
    pub name: String,
}

/// A survey question as a backend numbers it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuestionCodes {
    /// The question's number.
    pub survey_question_id: u32,
    /// Response numbers by the option's name in the script, or the scale's number.
    pub responses: BTreeMap<String, u32>,
}

/// Why a table cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct CodesError {
    /// Where: `channels[1].results.busy`.
    pub place: String,
    /// What is wrong there.
    pub problem: CodesProblem,
}

/// What is wrong with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodesProblem {
    /// It is not JSON, or not of the shape of a table.
    #[error("not a table of codes, at line {line}, column {column}")]
    Shape {
        /// The line, from 1.
        line: u32,
        /// The column, from 1.
        column: u32,
    },
    /// The table is another backend's.
    #[error("this table is for another backend")]
    OtherBackend,
    /// No channel has this name.
    #[error("there is no such channel: it is door, phone or text")]
    UnknownChannel,
    /// A channel is given twice.
    #[error("this channel is given twice")]
    ChannelTwice,
    /// Two channels have the same types of contact and of input: their codes would be mixed up.
    #[error("another channel has the same types of contact and of input")]
    TypesTwice,
    /// No result has this name.
    #[error("there is no such result")]
    UnknownResult,
    /// The channel does not offer this result.
    #[error("this channel does not offer this result")]
    NotOffered,
    /// A number that the fetched codes do not have.
    #[error("the fetched codes have no such number")]
    NotFetched,
    /// Two of the fetched codes have the number or the name that is looked for.
    #[error("two of the fetched codes have this number or name")]
    CodeTwice,
}

impl CodesProblem {
    /// A stable code for apps and logs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shape { .. } => "codes_shape",
            Self::OtherBackend => "codes_other_backend",
            Self::UnknownChannel => "codes_unknown_channel",
            Self::ChannelTwice => "codes_channel_twice",
            Self::TypesTwice => "codes_types_twice",
            Self::UnknownResult => "codes_unknown_result",
            Self::NotOffered => "codes_not_offered",
            Self::NotFetched => "codes_not_fetched",
            Self::CodeTwice => "codes_code_twice",
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Table {
    backend: Backend,
    channels: Vec<ChannelTable>,
    #[serde(default)]
    questions: BTreeMap<String, QuestionCodes>,
    #[serde(default)]
    activist_codes: BTreeMap<String, u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChannelTable {
    channel: String,
    contact_type_id: Option<u32>,
    contact_type: Option<String>,
    input_type_id: Option<u32>,
    input_type: Option<String>,
    /// Names in place of the usual ones, by result.
    #[serde(default)]
    names: BTreeMap<String, String>,
    /// The codes as the database gave them.
    result_codes: Option<Vec<FetchedCode>>,
    /// Numbers that were chosen by hand, by result.
    #[serde(default)]
    results: BTreeMap<String, u32>,
}

/// A code as `GET /canvassResponses/resultCodes` gives it. Its short name is not read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FetchedCode {
    result_code_id: u32,
    name: String,
}

impl ResultCodes {
    /// What a backend calls results by itself: names, and no number of any database.
    #[must_use]
    pub fn usual(backend: Backend) -> Self {
        let table = match backend {
            Backend::Van => include_str!("van.json"),
            Backend::Osdi => include_str!("osdi.json"),
            Backend::Generic => include_str!("generic.json"),
        };
        // The tests of this module read all of them.
        Self::empty().with(backend, table).unwrap_or_else(|_| Self::empty())
    }

    const fn empty() -> Self {
        Self {
            channels: BTreeMap::new(),
            questions: BTreeMap::new(),
            activist_codes: BTreeMap::new(),
        }
    }

    /// The usual names with a table laid over them: what a database gave, or what was configured.
    pub fn parse(backend: Backend, json: &str) -> Result<Self, CodesError> {
        Self::usual(backend).with(backend, json)
    }

    /// What a channel's codes are; nothing if the backend does not know the channel.
    #[must_use]
    pub fn channel(&self, channel: ContactChannel) -> Option<&ChannelCodes> {
        self.channels.get(&channel)
    }

    fn with(mut self, backend: Backend, json: &str) -> Result<Self, CodesError> {
        let table: Table = serde_json::from_str(json).map_err(|error| of_json(&error))?;
        if table.backend != backend {
            return fault("backend", CodesProblem::OtherBackend);
        }
        let mut seen: Vec<ContactChannel> = Vec::new();
        for (at, table) in table.channels.into_iter().enumerate() {
            let place = format!("channels[{at}]");
            let Some(channel) = ContactChannel::named(&table.channel) else {
                return fault(&place, CodesProblem::UnknownChannel);
            };
            if seen.contains(&channel) {
                return fault(&place, CodesProblem::ChannelTwice);
            }
            seen.push(channel);
            self.channels.entry(channel).or_default().lay_over(channel, table, &place)?;
        }
        self.questions.extend(table.questions);
        self.activist_codes.extend(table.activist_codes);
        self.check_types()?;
        Ok(self)
    }

    fn check_types(&self) -> Result<(), CodesError> {
        let mut known: Vec<(u32, u32)> = Vec::new();
        for (channel, codes) in &self.channels {
            let types = (codes.contact_type_id, codes.input_type_id);
            if types != (0, 0) && known.contains(&types) {
                return fault(channel.name(), CodesProblem::TypesTwice);
            }
            known.push(types);
        }
        Ok(())
    }
}

impl ChannelCodes {
    /// What a result is called; nothing if the backend has nothing for it.
    #[must_use]
    pub fn code(&self, result: CanvassResult) -> Option<&ResultCode> {
        self.codes.get(&result)
    }

    fn lay_over(
        &mut self,
        channel: ContactChannel,
        table: ChannelTable,
        place: &str,
    ) -> Result<(), CodesError> {
        self.contact_type = table.contact_type.unwrap_or_else(|| self.contact_type.clone());
        self.input_type = table.input_type.unwrap_or_else(|| self.input_type.clone());
        self.contact_type_id = table.contact_type_id.unwrap_or(self.contact_type_id);
        self.input_type_id = table.input_type_id.unwrap_or(self.input_type_id);
        for (name, code) in table.names {
            let result = result_of(channel, &name, &format!("{place}.names.{name}"))?;
            self.codes.insert(result, ResultCode { id: None, name: code });
        }
        if let Some(fetched) = table.result_codes {
            self.fetched = true;
            self.number(&fetched, &format!("{place}.resultCodes"))?;
            for (name, id) in table.results {
                let place = format!("{place}.results.{name}");
                let result = result_of(channel, &name, &place)?;
                let mut named = fetched.iter().filter(|code| code.result_code_id == id);
                let Some(code) = named.next() else {
                    return fault(&place, CodesProblem::NotFetched);
                };
                if named.next().is_some() {
                    return fault(&place, CodesProblem::CodeTwice);
                }
                self.codes.insert(result, ResultCode { id: Some(id), name: code.name.clone() });
            }
            return Ok(());
        }
        for (name, id) in table.results {
            let result = result_of(channel, &name, &format!("{place}.results.{name}"))?;
            self.codes.entry(result).or_default().id = Some(id);
        }
        Ok(())
    }

    /// Gives each result the number that the database has under its name.
    fn number(&mut self, fetched: &[FetchedCode], place: &str) -> Result<(), CodesError> {
        for code in self.codes.values_mut() {
            let is_it =
                |known: &&FetchedCode| known.name.trim().eq_ignore_ascii_case(code.name.trim());
            let mut named = fetched.iter().filter(is_it);
            let known = named.next();
            if named.next().is_some() {
                return fault(&format!("{place} {}", code.name), CodesProblem::CodeTwice);
            }
            code.id = known.map(|known| known.result_code_id);
        }
        Ok(())
    }
}

fn result_of(
    channel: ContactChannel,
    name: &str,
    place: &str,
) -> Result<CanvassResult, CodesError> {
    let Ok(result) = name.parse::<CanvassResult>() else {
        return fault(place, CodesProblem::UnknownResult);
    };
    let fits = match channel {
        ContactChannel::Door => {
            crate::canvass::fits_door(result) || crate::canvass::fits_person(result)
        }
        other => crate::canvass::is_offered(other, result),
    };
    if fits { Ok(result) } else { fault(place, CodesProblem::NotOffered) }
}

fn fault<T>(place: &str, problem: CodesProblem) -> Result<T, CodesError> {
    Err(CodesError { place: place.to_owned(), problem })
}

fn of_json(error: &serde_json::Error) -> CodesError {
    let number = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    let (line, column) = (number(error.line()), number(error.column()));
    CodesError { place: "table".to_owned(), problem: CodesProblem::Shape { line, column } }
}

#[cfg(test)]
mod tests;
