//! Seals: keys, authenticated encryption, and signatures.
//!
//! Keys are made here from the `IdSource` port, wiped when dropped, and never leave the core
//! but wrapped by the `KeyVault`. This module does not store anything.

mod envelope;
mod sealing;
mod vault;

pub use envelope::{enclose, open_for_campaign, open_for_list};
pub use sealing::{OpeningKey, seal_to};
pub use vault::FileKeyVault;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::{Signature, Signer, VerifyingKey};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::change::{SIGNATURE_BYTES, SIGNATURE_DOMAIN, Segment};
use crate::ports::IdSource;

/// Bytes of a symmetric key.
pub const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// What was to be opened was made with another key, or altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sealed with another key, or altered")]
pub struct SealError;

/// A symmetric key. It has no `Debug` and no `Clone`, and is wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; KEY_BYTES]);

impl Key {
    /// A new random key.
    pub fn random(ids: &dyn IdSource) -> Self {
        let mut bytes = [0; KEY_BYTES];
        ids.fill(&mut bytes);
        Self(bytes)
    }

    /// The key with these bytes, if there are exactly 32.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes, to be wrapped by the vault or given to the cipher.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// Another key, for one purpose, that says nothing about this one.
    #[must_use]
    pub fn derived(&self, purpose: &str) -> Self {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(purpose.as_bytes());
        Self(*hasher.finalize().as_bytes())
    }

    /// Four bytes that tell a wrong key from a right one, and nothing more.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 4] {
        let print = self.derived("canvass key fingerprint");
        [print.0[0], print.0[1], print.0[2], print.0[3]]
    }

    /// Encrypts `plain`; `context` must be the same when it is opened.
    ///
    /// # Panics
    /// With a message of 256 GiB or more, which does not fit in memory.
    #[must_use]
    pub fn seal(&self, ids: &dyn IdSource, context: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        ids.fill(&mut nonce);
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: context })
            .expect("a message far below 256 GiB");
        [&nonce[..], &sealed].concat()
    }

    /// Decrypts what `seal` made.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, body) = sealed.split_at_checked(NONCE_BYTES).ok_or(SealError)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| SealError)?;
        let payload = Payload { msg: body, aad: context };
        self.cipher().decrypt(&XNonce::from(nonce), payload).map_err(|_| SealError)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&self.0).into())
    }
}

/// A device's key for signing its segments.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// The key that grows from this seed.
    #[must_use]
    pub fn from_seed(seed: &Key) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(&seed.0))
    }

    /// The public key by which others check its signatures.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs `message` within a domain, so that the signature is good for nothing else.
    #[must_use]
    pub fn sign(&self, domain: &[u8], message: &[u8]) -> [u8; SIGNATURE_BYTES] {
        self.0.sign(&[domain, message].concat()).to_bytes()
    }

    /// Signs the signed part of a segment.
    #[must_use]
    pub fn sign_segment(&self, signed_part: &[u8]) -> [u8; SIGNATURE_BYTES] {
        self.sign(SIGNATURE_DOMAIN, signed_part)
    }
}

/// Whether `signature` over `message` in `domain` was made by the holder of `public`.
#[must_use]
pub fn is_signed_by(
    public: &[u8; 32],
    domain: &[u8],
    message: &[u8],
    signature: &[u8; SIGNATURE_BYTES],
) -> bool {
    VerifyingKey::from_bytes(public).is_ok_and(|key| {
        let message = [domain, message].concat();
        key.verify_strict(&message, &Signature::from_bytes(signature)).is_ok()
    })
}

/// Whether a segment was signed by the holder of `public`.
#[must_use]
pub fn is_segment_signed_by(public: &[u8; 32], segment: &Segment) -> bool {
    let (signature, message) = segment.signature();
    is_signed_by(public, SIGNATURE_DOMAIN, message, &signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SeededIds;

    #[test]
    fn what_is_sealed_opens_with_its_key_and_context_only() {
        let ids = SeededIds::new(1, "seal");
        let (key, other) = (Key::random(&ids), Key::random(&ids));
        let sealed = key.seal(&ids, b"row 1", b"a note");
        assert_eq!(key.open(b"row 1", &sealed).as_deref(), Ok(&b"a note"[..]));
        assert_eq!(key.open(b"row 2", &sealed), Err(SealError));
        assert_eq!(other.open(b"row 1", &sealed), Err(SealError));
        assert_eq!(key.derived("other").open(b"row 1", &sealed), Err(SealError));
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(key.open(b"row 1", &altered), Err(SealError));
        }
        assert_eq!(key.open(b"row 1", &sealed[..10]), Err(SealError));
    }

    #[test]
    fn a_signature_holds_for_its_domain_and_message() {
        let ids = SeededIds::new(2, "seal");
        let key = SigningKey::from_seed(&Key::random(&ids));
        let signature = key.sign(b"a", b"message");
        assert!(is_signed_by(&key.public(), b"a", b"message", &signature));
        assert!(!is_signed_by(&key.public(), b"b", b"message", &signature));
        assert!(!is_signed_by(&key.public(), b"a", b"massage", &signature));
        let other = SigningKey::from_seed(&Key::random(&ids));
        assert!(!is_signed_by(&other.public(), b"a", b"message", &signature));
    }
}
