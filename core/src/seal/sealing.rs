//! Sealing to a public key: anyone may seal, only the holder of the private key opens.
//!
//! HPKE (RFC 9180) in base mode: X25519, HKDF-SHA256, ChaCha20-Poly1305. A phone seals its
//! unsent work to its campaign with it. Nothing here says who sealed: what is inside is signed.

use std::convert::Infallible;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use zeroize::Zeroizing;

use crate::ports::IdSource;
use crate::seal::{Key, SealError};

type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type EncappedKey = <X25519HkdfSha256 as Kem>::EncappedKey;

/// Bytes of a public key, and of what precedes a sealed text.
const PUBLIC_BYTES: usize = 32;
const INFO: &[u8] = b"canvass sealed to a campaign v1";

/// The private key that opens what was sealed to its public key.
pub struct OpeningKey(PrivateKey);

impl OpeningKey {
    /// The key that grows from this seed.
    #[must_use]
    pub fn from_seed(seed: &Key) -> Self {
        Self(X25519HkdfSha256::derive_keypair(seed.bytes()).0)
    }

    /// The public key to seal to.
    #[must_use]
    pub fn public(&self) -> [u8; PUBLIC_BYTES] {
        X25519HkdfSha256::sk_to_pk(&self.0).to_bytes().into()
    }

    /// Opens what was sealed to this key with the same `context`.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (encapped, body) = sealed.split_at_checked(PUBLIC_BYTES).ok_or(SealError)?;
        let encapped = EncappedKey::from_bytes(encapped).map_err(|_| SealError)?;
        hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &self.0,
            &encapped,
            INFO,
            body,
            context,
        )
        .map_err(|_| SealError)
    }
}

/// Seals `plain` so that only the holder of `public`'s private key opens it; `context` must be
/// the same then. An error means that `public` is no key.
pub fn seal_to(
    public: &[u8; PUBLIC_BYTES],
    ids: &dyn IdSource,
    context: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, SealError> {
    let public = PublicKey::from_bytes(public).map_err(|_| SealError)?;
    let (encapped, body) = hpke::single_shot_seal_with_rng::<
        ChaCha20Poly1305,
        HkdfSha256,
        X25519HkdfSha256,
    >(&OpModeS::Base, &public, INFO, plain, context, &mut FromIds(ids))
    .map_err(|_| SealError)?;
    Ok([&encapped.to_bytes()[..], &body].concat())
}

/// The port's bytes, as HPKE asks for them.
struct FromIds<'a>(&'a dyn IdSource);

impl TryRng for FromIds<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = Zeroizing::new([0; 8]);
        self.0.fill(&mut *bytes);
        Ok(u64::from_le_bytes(*bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for FromIds<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SeededIds;

    #[test]
    fn only_the_private_key_opens_and_only_in_its_context() {
        let ids = SeededIds::new(3, "sealing");
        let (own, other) =
            (OpeningKey::from_seed(&Key::random(&ids)), OpeningKey::from_seed(&Key::random(&ids)));
        let sealed = seal_to(&own.public(), &ids, b"frame 1", b"a note").expect("a key");
        assert_eq!(own.open(b"frame 1", &sealed).as_deref(), Ok(&b"a note"[..]));
        assert_eq!(own.open(b"frame 2", &sealed), Err(SealError));
        assert_eq!(other.open(b"frame 1", &sealed), Err(SealError));
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(own.open(b"frame 1", &altered), Err(SealError), "byte {at}");
            assert_eq!(own.open(b"frame 1", &sealed[..at]), Err(SealError));
        }
    }
}
