//! Secrets: tokens and invitations, as texts for people and as hashes for the store.

use std::fmt::Write as _;

use canvass_core::ports::IdSource;

use crate::storage::SecretHash;

/// Bytes of a token's secret: nobody guesses 2^256.
const TOKEN_BYTES: usize = 32;
/// Bytes of an invitation's secret: it lives a day, and five tries a minute are many.
const INVITATION_BYTES: usize = 16;

/// A new token.
#[must_use]
pub(crate) fn token(ids: &dyn IdSource) -> String {
    let mut bytes = [0; TOKEN_BYTES];
    ids.fill(&mut bytes);
    hex(&bytes)
}

/// A new invitation: its secret, and the code that stands for it in a link.
#[must_use]
pub(crate) fn invitation(ids: &dyn IdSource) -> (Vec<u8>, String) {
    let mut bytes = vec![0; INVITATION_BYTES];
    ids.fill(&mut bytes);
    let code = hex(&bytes);
    (bytes, code)
}

/// What is stored in place of a secret. Secrets are random and long: a plain hash suffices,
/// and comparing hashes tells nothing about the secret by how long it takes.
#[must_use]
pub(crate) fn hash(secret: &[u8]) -> SecretHash {
    *blake3::hash(secret).as_bytes()
}

/// Bytes as people and files spell them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _infallible = write!(text, "{byte:02x}");
    }
    text
}
