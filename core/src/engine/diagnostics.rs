//! How the engine is doing, for whoever looks after phones: to be sent without a second thought.
//!
//! It holds counts, sizes, states and stable codes. It holds no name, address, answer or note, no
//! id of a person or door, and not the campaign's: that one only as a short hash, by which two
//! reports of one campaign are told together.

use std::collections::VecDeque;
use std::sync::{MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::engine::error::Error;
use crate::engine::whereabouts::Whereabouts;
use crate::engine::{Engine, Main, Opened, SyncOutcome};
use crate::store::{
    ClosedBecause, Counter, Identity, ListEntry, StoreError, StoreFile, schema_versions,
};
use crate::sync::wire::PROTOCOL;
use crate::time::Timestamp;

/// Errors of different codes that are remembered.
const MAX_ERRORS: usize = 16;

/// How a walk list stands on this phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum ListCondition {
    /// It can be read and written.
    Ready,
    /// It has not arrived yet.
    NotArrived,
    /// The campaign does not name it any more.
    Withdrawn,
    /// It may not be read any more, and is erased.
    Closed {
        /// Why.
        why: ClosedBecause,
    },
    /// The key store is locked until the phone is first unlocked.
    Locked,
    /// Its key is lost, or another one came in its place.
    KeyLost,
    /// Its file is damaged.
    Damaged,
    /// It cannot be read for another reason, which the errors tell.
    Unreadable,
}

/// How the app's key store answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum VaultCondition {
    /// It gives back the key that it was given.
    Working,
    /// It is locked until the phone is first unlocked.
    Locked,
    /// The key is lost, or another one came back.
    Lost,
    /// It fails.
    Failing,
}

/// A walk list, by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ListDiagnostics {
    /// Its number.
    pub number: u32,
    /// How it stands.
    pub condition: ListCondition,
    /// Doors on it; 0 where it cannot be read.
    pub doors: u32,
    /// Doors that are done.
    pub done: u32,
    /// When it closes without another sync.
    pub readable_until: Option<Timestamp>,
}

/// How much room files of one kind take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FileDiagnostics {
    /// The kind.
    pub file: StoreFile,
    /// How many there are.
    pub files: u32,
    /// Their bytes together.
    pub bytes: u64,
}

/// An error that calls have ended with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ErrorDiagnostics {
    /// Its stable code.
    pub code: String,
    /// How often, since the engine was opened.
    pub count: u32,
    /// When last.
    pub last_at: Timestamp,
}

/// How the engine is doing. Nothing in it is personal: it can be shown, logged and sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Diagnostics {
    /// The version of this library.
    pub version: String,
    /// The version of the conversation with the server.
    pub protocol: u32,
    /// The newest version of `main.db` that this build writes.
    pub main_schema: u32,
    /// The newest version of a walk list's file that this build writes.
    pub list_schema: u32,
    /// When this was asked for, by the phone's clock.
    pub at: Timestamp,
    /// A short hash that is the same on every phone of the campaign; nothing without one.
    pub campaign: Option<String>,
    /// The campaign has a server.
    pub has_server: bool,
    /// The server knows this phone.
    pub enrolled: bool,
    /// The walk lists, by number.
    pub lists: Vec<ListDiagnostics>,
    /// Changes that are safe on this phone only.
    pub on_this_phone: u32,
    /// Changes that another phone holds as well.
    pub on_another_phone: u32,
    /// Changes that the campaign has and this phone still keeps.
    pub at_campaign: u32,
    /// Changes that the campaign could not use.
    pub set_aside: u32,
    /// How often a list's digest did not agree with the campaign's.
    pub diverged: u32,
    /// What takes how much room.
    pub files: Vec<FileDiagnostics>,
    /// When everything was last exchanged.
    pub last_complete_sync: Option<Timestamp>,
    /// How the last sync since the engine was opened ended.
    pub last_outcome: Option<SyncOutcome>,
    /// When that was.
    pub last_outcome_at: Option<Timestamp>,
    /// Syncs that failed since the last one that did not.
    pub failed_syncs: u32,
    /// When the next one is due, if the last one failed.
    pub next_try: Option<Timestamp>,
    /// How the key store answers.
    pub vault: VaultCondition,
    /// The phone's clock does not agree with the campaign's.
    pub clock_is_off: bool,
    /// The app's clock fails, or tells no boot.
    pub clock_fails: bool,
    /// The errors since the engine was opened, the latest first.
    pub errors: Vec<ErrorDiagnostics>,
    /// All of this as JSON, for a log or a message.
    pub json: String,
}

/// What the engine remembers of how calls ended, in memory only.
#[derive(Debug, Default)]
pub(super) struct Health {
    last_sync: Option<(SyncOutcome, Timestamp)>,
    errors: VecDeque<ErrorDiagnostics>,
}

impl Health {
    fn told(&self) -> (Option<(SyncOutcome, Timestamp)>, Vec<ErrorDiagnostics>) {
        (self.last_sync, self.errors.iter().cloned().collect())
    }

    fn note(&mut self, code: &str, now: Timestamp) {
        let known = self.errors.iter().position(|error| error.code == code);
        let known = known.and_then(|place| self.errors.remove(place));
        let count = known.map_or(0, |error| error.count).saturating_add(1);
        self.errors.push_front(ErrorDiagnostics { code: code.to_owned(), count, last_at: now });
        self.errors.truncate(MAX_ERRORS);
    }
}

impl Engine {
    /// How the engine is doing: versions, counts, sizes, states and codes, without personal data.
    pub fn diagnostics(&self) -> Result<Diagnostics, Error> {
        let opened = self.opened()?;
        // The app's code, with no lock held.
        let vault = self.vault_condition(&opened);
        let clock_fails = self.ports.clock.boot_id().is_empty();
        let (main_schema, list_schema) = schema_versions();
        let lists = self.list_diagnostics(&opened)?;
        let (last_sync, errors) = self.health().told();
        let main = opened.main();
        let identity = main.identity.as_ref();
        let server = identity.and_then(|identity| identity.server.as_ref());
        let known = identity.map(|_| Whereabouts::of(&main)).transpose()?;
        let count = |known: Whereabouts| {
            main.db.pending_counts(known.own_received(), known.own_elsewhere())
        };
        let counts = known.map(count).transpose()?.unwrap_or_default();
        let mut told = Diagnostics {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            protocol: PROTOCOL,
            main_schema,
            list_schema,
            at: self.now(),
            campaign: identity.map(campaign_hash),
            has_server: server.is_some(),
            enrolled: server.is_some_and(|server| server.token.is_some()),
            lists,
            on_this_phone: counts.on_this_phone,
            on_another_phone: counts.on_another_phone,
            at_campaign: counts.at_campaign,
            set_aside: counts.set_aside,
            diverged: main.db.counted(Counter::Diverged)?,
            files: file_diagnostics(&opened)?,
            last_complete_sync: identity.and_then(|identity| identity.last_sync),
            last_outcome: last_sync.map(|(outcome, _)| outcome),
            last_outcome_at: last_sync.map(|(_, at)| at),
            failed_syncs: identity.map_or(0, |identity| identity.attempts),
            next_try: identity.filter(|it| it.attempts > 0).map(|identity| identity.next_sync),
            vault,
            clock_is_off: self.is_clock_off(&main)?,
            clock_fails,
            errors,
            json: String::new(),
        };
        told.json = told.to_json().to_string();
        Ok(told)
    }

    /// Remembers for [`Engine::diagnostics`] that a call ended with the error of this stable
    /// code: whoever wraps the engine knows the codes that apps see.
    pub fn note_trouble(&self, code: &str) {
        let now = self.now();
        self.health().note(code, now);
    }

    pub(super) fn note_outcome(&self, outcome: SyncOutcome) {
        let now = self.now();
        self.health().last_sync = Some((outcome, now));
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the phone's clock does not agree with the campaign's.
    pub(super) fn is_clock_off(&self, main: &Main) -> Result<bool, Error> {
        let trusted = main.trusted(&self.ports)?;
        Ok(trusted.is_some_and(|time| time.is_off(self.now().millis())))
    }

    fn vault_condition(&self, opened: &Opened) -> VaultCondition {
        match opened.directory.keys(&*self.ports.vault, &*self.ports.ids) {
            Ok(_) => VaultCondition::Working,
            Err(StoreError::Locked) => VaultCondition::Locked,
            Err(StoreError::KeyLost { .. } | StoreError::WrongKey { .. }) => VaultCondition::Lost,
            Err(_) => VaultCondition::Failing,
        }
    }

    fn list_diagnostics(&self, opened: &Opened) -> Result<Vec<ListDiagnostics>, Error> {
        let main = opened.main();
        let lists = main.db.lists()?;
        Ok(lists.iter().map(|entry| self.one_list(opened, &main, entry)).collect())
    }

    fn one_list(&self, opened: &Opened, main: &Main, entry: &ListEntry) -> ListDiagnostics {
        let bare = |condition| ListDiagnostics {
            number: entry.number,
            condition,
            doors: 0,
            done: 0,
            readable_until: None,
        };
        if entry.withdrawn {
            return bare(ListCondition::Withdrawn);
        }
        match self.summary(opened, main, entry) {
            Ok(summary) if summary.ready => ListDiagnostics {
                number: entry.number,
                condition: ListCondition::Ready,
                doors: summary.progress.doors,
                done: summary.progress.done,
                readable_until: summary.readable_until,
            },
            Ok(_) => bare(ListCondition::NotArrived),
            Err(error) => bare(condition_of(&error)),
        }
    }
}

fn condition_of(error: &Error) -> ListCondition {
    match error {
        Error::ListClosed { why } => ListCondition::Closed { why: *why },
        Error::Store(StoreError::Locked) => ListCondition::Locked,
        Error::Store(StoreError::KeyLost { .. } | StoreError::WrongKey { .. }) => {
            ListCondition::KeyLost
        }
        Error::Store(StoreError::Corrupt { .. }) => ListCondition::Damaged,
        _ => ListCondition::Unreadable,
    }
}

fn campaign_hash(identity: &Identity) -> String {
    let hash = blake3::derive_key("canvass diagnostics v1", &identity.campaign.to_bytes());
    format!("{:08x}", u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]))
}

fn file_diagnostics(opened: &Opened) -> Result<Vec<FileDiagnostics>, Error> {
    let mut all: Vec<FileDiagnostics> = Vec::new();
    for (file, bytes) in opened.directory.sizes()? {
        match all.iter_mut().find(|known| known.file == file) {
            Some(known) => {
                known.files += 1;
                known.bytes += bytes;
            }
            None => all.push(FileDiagnostics { file, files: 1, bytes }),
        }
    }
    Ok(all)
}

/// The lower snake case of a name as code writes it, without what it holds.
fn name_of(value: &impl std::fmt::Debug) -> String {
    let name = format!("{value:?}");
    let mut told = String::new();
    for c in name.chars().take_while(char::is_ascii_alphabetic) {
        if c.is_ascii_uppercase() && !told.is_empty() {
            told.push('_');
        }
        told.push(c.to_ascii_lowercase());
    }
    told
}

impl Diagnostics {
    fn to_json(&self) -> Value {
        let ms = |at: Option<Timestamp>| at.map(Timestamp::millis);
        let lists = self.lists.iter().map(|list| {
            let why = match list.condition {
                ListCondition::Closed { why } => Some(name_of(&why)),
                _ => None,
            };
            json!({
                "number": list.number, "condition": name_of(&list.condition), "why": why,
                "doors": list.doors, "done": list.done,
                "readable_until_ms": ms(list.readable_until),
            })
        });
        let files = self
            .files
            .iter()
            .map(|it| json!({ "file": name_of(&it.file), "files": it.files, "bytes": it.bytes }));
        let errors = self.errors.iter().map(
            |it| json!({ "code": it.code, "count": it.count, "last_at_ms": it.last_at.millis() }),
        );
        json!({
            "version": self.version, "protocol": self.protocol,
            "main_schema": self.main_schema, "list_schema": self.list_schema,
            "at_ms": self.at.millis(), "campaign": self.campaign,
            "has_server": self.has_server, "enrolled": self.enrolled,
            "lists": lists.collect::<Vec<_>>(),
            "on_this_phone": self.on_this_phone, "on_another_phone": self.on_another_phone,
            "at_campaign": self.at_campaign, "set_aside": self.set_aside,
            "diverged": self.diverged, "files": files.collect::<Vec<_>>(),
            "last_complete_sync_ms": ms(self.last_complete_sync),
            "last_outcome": self.last_outcome.as_ref().map(name_of),
            "last_outcome_at_ms": ms(self.last_outcome_at),
            "failed_syncs": self.failed_syncs, "next_try_ms": ms(self.next_try),
            "vault": name_of(&self.vault), "clock_is_off": self.clock_is_off,
            "clock_fails": self.clock_fails, "errors": errors.collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_errors_are_remembered_each_code_once() {
        let mut health = Health::default();
        for number in 0..40 {
            health.note(&format!("e{number}"), Timestamp::from_seconds(number));
        }
        health.note("e30", Timestamp::from_seconds(99));
        let first = ErrorDiagnostics {
            code: "e30".to_owned(),
            count: 2,
            last_at: Timestamp::from_seconds(99),
        };
        assert_eq!((health.errors.len(), health.errors.front()), (MAX_ERRORS, Some(&first)));
    }

    #[test]
    fn a_name_is_told_in_lower_snake_case() {
        assert_eq!(name_of(&ListCondition::NotArrived), "not_arrived");
        assert_eq!(name_of(&ListCondition::Closed { why: ClosedBecause::KeyLost }), "closed");
    }
}
