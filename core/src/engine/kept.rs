//! Where conversations stand, kept on this phone: what is in the rows of `main.db`.
//!
//! Sealed under the list's key like all that is known of a list there; never sent.

use minicbor::{Decode, Encode};

use crate::engine::error::Error;
use crate::engine::lists::{ListReader, OpenList};
use crate::engine::{Main, Ports};
use crate::id::{ChangeId, HouseholdId, PersonId};
use crate::seal::Key;
use crate::store::{ConversationRow, StoreError, StoreFile};
use crate::survey::Conversation;
use crate::time::Timestamp;

/// What a list's key is derived for: conversations, and the names of their rows.
const CONVERSATION_KEY: &str = "canvass conversation v1";
const NAME_KEY: &str = "canvass conversation name v1";

/// Where the conversation with one person stands.
pub(super) struct KeptConversation {
    pub(super) household: HouseholdId,
    pub(super) person: PersonId,
    /// The knock to which its answers belong, once there is one.
    pub(super) attempt: Option<ChangeId>,
    /// The last step.
    pub(super) at: Timestamp,
    pub(super) conversation: Conversation,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Plain {
    #[cbor(n(0), with = "minicbor::bytes")]
    household: [u8; 16],
    #[cbor(n(1), with = "minicbor::bytes")]
    person: [u8; 16],
    #[cbor(n(2), with = "minicbor::bytes")]
    attempt: Vec<u8>,
    #[n(3)]
    at_ms: i64,
    #[cbor(n(4), with = "minicbor::bytes")]
    conversation: Vec<u8>,
}

impl KeptConversation {
    fn to_bytes(&self) -> Vec<u8> {
        let plain = Plain {
            household: self.household.to_bytes(),
            person: self.person.to_bytes(),
            attempt: self.attempt.map(|id| id.to_bytes().to_vec()).unwrap_or_default(),
            at_ms: self.at.millis(),
            conversation: self.conversation.to_bytes(),
        };
        minicbor::to_vec(plain).unwrap_or_default()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let plain: Plain = minicbor::decode(bytes).ok()?;
        let attempt = plain.attempt.as_slice().try_into().ok();
        Some(Self {
            household: HouseholdId::from_bytes(plain.household),
            person: PersonId::from_bytes(plain.person),
            attempt: attempt.map(ChangeId::from_bytes),
            at: Timestamp::from_millis(plain.at_ms),
            conversation: Conversation::from_bytes(&plain.conversation)?,
        })
    }
}

impl OpenList {
    /// The name of a row: only this list's key can make it.
    fn conversation_name(&self, household: HouseholdId, person: PersonId) -> [u8; 16] {
        let name = self.key.derived(NAME_KEY).derived(&format!("{household} {person}"));
        let mut first = [0; 16];
        first.copy_from_slice(&name.bytes()[..16]);
        first
    }

    fn conversation_key(&self) -> Key {
        self.key.derived(CONVERSATION_KEY)
    }

    fn conversation_context(&self, name: [u8; 16]) -> Vec<u8> {
        [self.entry.id.to_bytes(), name].concat()
    }

    /// Seals where a conversation stands.
    pub(super) fn seal_conversation(
        &self,
        ports: &Ports,
        kept: &KeptConversation,
    ) -> ConversationRow {
        let name = self.conversation_name(kept.household, kept.person);
        let context = self.conversation_context(name);
        let sealed = self.conversation_key().seal(&*ports.ids, &context, &kept.to_bytes());
        ConversationRow { name, sealed }
    }

    fn unseal_conversation(&self, row: &ConversationRow) -> Result<KeptConversation, StoreError> {
        let context = self.conversation_context(row.name);
        let opened = self.conversation_key().open(&context, &row.sealed).ok();
        opened
            .and_then(|bytes| KeptConversation::from_bytes(&bytes))
            .ok_or(StoreError::Corrupt { file: StoreFile::Main })
    }

    /// Where the conversation with a person stands, if one was begun on this phone.
    pub(super) fn kept_conversation(
        &self,
        main: &Main,
        household: HouseholdId,
        person: PersonId,
    ) -> Result<Option<KeptConversation>, Error> {
        let name = self.conversation_name(household, person);
        let row = main.db.conversation(self.entry.id, name)?;
        Ok(row.map(|row| self.unseal_conversation(&row)).transpose()?)
    }

    /// Drops the conversations with people who are not there any more: nothing of what they said
    /// is kept. Called once something was erased.
    pub(super) fn drop_erased_conversations(&self, main: &Main) -> Result<(), Error> {
        let reader = self.read();
        let mut any = false;
        for row in main.db.conversations(self.entry.id)? {
            let kept = self.unseal_conversation(&row)?;
            if !is_there(&reader, &kept) {
                main.db.drop_conversation(self.entry.id, row.name)?;
                any = true;
            }
        }
        if any {
            main.db.empty_log()?;
        }
        Ok(())
    }
}

fn is_there(reader: &ListReader, kept: &KeptConversation) -> bool {
    let door = reader.door(kept.household);
    door.is_ok_and(|door| door.person_ids().contains(&kept.person))
}
