//! What the campaign signs: statements that hold without the connection they came over.
//!
//! A campaign has one signing key, pinned by each phone when it enrols. Statements of different
//! kinds are signed in different domains, so that none can stand for another. What a statement
//! means is decided where it is used; here it is only made and checked.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use crate::id::{CampaignId, CanvasserId, DeviceId};
use crate::seal::{SigningKey, is_signed_by};
use crate::sync::wire::{self, Bytes16, Mark};

/// What is put before the bytes of a receipt.
const RECEIPT_DOMAIN: &[u8] = b"canvass receipt v1\0";
/// What is put before the bytes of a device's card.
const CARD_DOMAIN: &[u8] = b"canvass device card v1\0";

/// A statement, as its signer wrote it, and the signature over these very bytes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Signed {
    /// The statement.
    #[n(0)]
    pub bytes: ByteVec,
    /// The Ed25519 signature over domain and statement.
    #[n(1)]
    pub signature: ByteArray<64>,
}

impl Signed {
    /// Signs a statement within a domain.
    pub fn make<T: Encode<()>>(domain: &[u8], statement: &T, key: &SigningKey) -> Self {
        let bytes = wire::encoded(statement);
        let signature = key.sign(domain, &bytes).into();
        Self { bytes: bytes.into(), signature }
    }

    /// The statement, if the holder of `public` signed it within this domain.
    pub fn open<T>(&self, domain: &[u8], public: &[u8; 32]) -> Option<T>
    where
        T: for<'b> Decode<'b, ()>,
    {
        let signed = is_signed_by(public, domain, &self.bytes, &self.signature);
        signed.then(|| wire::decoded(&self.bytes)).flatten()
    }
}

/// Who a device is: the campaign's word for it, good on any other phone of the campaign.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceCard {
    /// The campaign.
    #[n(0)]
    pub campaign: Bytes16,
    /// The device.
    #[n(1)]
    pub device: Bytes16,
    /// The key by which its segments are checked.
    #[n(2)]
    pub public_key: ByteArray<32>,
    /// Who holds it.
    #[n(3)]
    pub canvasser: Bytes16,
    /// Their name, as others see it.
    #[n(4)]
    pub canvasser_name: String,
}

impl DeviceCard {
    /// Signs the card with the campaign's key.
    #[must_use]
    pub fn signed(&self, key: &SigningKey) -> Signed {
        Signed::make(CARD_DOMAIN, self, key)
    }

    /// The card, if this campaign's key signed it for this campaign.
    #[must_use]
    pub fn of(signed: &Signed, campaign: CampaignId, public: &[u8; 32]) -> Option<Self> {
        let card: Self = signed.open(CARD_DOMAIN, public)?;
        (*card.campaign == campaign.to_bytes()).then_some(card)
    }

    /// The device.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        DeviceId::from_bytes(*self.device)
    }

    /// Who holds it.
    #[must_use]
    pub fn canvasser(&self) -> CanvasserId {
        CanvasserId::from_bytes(*self.canvasser)
    }
}

/// The bytes that a receipt signs: the campaign has every change of this author up to here.
fn receipt_bytes(campaign: CampaignId, device: &[u8; 16], incarnation: u32, seq: u64) -> Vec<u8> {
    let campaign = campaign.to_bytes();
    [&campaign[..], device, &incarnation.to_be_bytes(), &seq.to_be_bytes()].concat()
}

impl Mark {
    /// The mark with the campaign's signature: a receipt that any phone may hand on.
    #[must_use]
    pub fn signed(
        campaign: CampaignId,
        device: DeviceId,
        incarnation: u32,
        seq: u64,
        key: &SigningKey,
    ) -> Self {
        let device = device.to_bytes();
        let bytes = receipt_bytes(campaign, &device, incarnation, seq);
        let receipt = key.sign(RECEIPT_DOMAIN, &bytes).into();
        Self { device: device.into(), incarnation, seq, receipt }
    }

    /// Whether the holder of the campaign's key signed this.
    #[must_use]
    pub fn is_signed_by(&self, campaign: CampaignId, public: &[u8; 32]) -> bool {
        let bytes = receipt_bytes(campaign, &self.device, self.incarnation, self.seq);
        is_signed_by(public, RECEIPT_DOMAIN, &bytes, &self.receipt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SeededIds;
    use crate::seal::Key;

    fn key(stream: &str) -> SigningKey {
        SigningKey::from_seed(&Key::random(&SeededIds::new(4, stream)))
    }

    fn campaign() -> CampaignId {
        CampaignId::derive(&[b"campaign"])
    }

    #[test]
    fn a_receipt_holds_for_what_it_says_and_nothing_else() {
        let (own, other) = (key("campaign"), key("other"));
        let mark = Mark::signed(campaign(), DeviceId::derive(&[b"ash"]), 1, 7, &own);
        assert!(mark.is_signed_by(campaign(), &own.public()));
        assert!(!mark.is_signed_by(campaign(), &other.public()));
        assert!(!mark.is_signed_by(CampaignId::derive(&[b"else"]), &own.public()));
        assert!(!Mark { seq: 8, ..mark.clone() }.is_signed_by(campaign(), &own.public()));
        assert!(!Mark { incarnation: 2, ..mark }.is_signed_by(campaign(), &own.public()));
    }

    #[test]
    fn a_card_is_good_in_its_campaign_only() {
        let own = key("campaign");
        let card = DeviceCard {
            campaign: campaign().to_bytes().into(),
            device: [1; 16].into(),
            public_key: [2; 32].into(),
            canvasser: [3; 16].into(),
            canvasser_name: "Ash".to_owned(),
        };
        let signed = card.signed(&own);
        assert_eq!(DeviceCard::of(&signed, campaign(), &own.public()), Some(card));
        assert_eq!(DeviceCard::of(&signed, CampaignId::derive(&[b"x"]), &own.public()), None);
        assert_eq!(DeviceCard::of(&signed, campaign(), &key("other").public()), None);
        let forged = Signed { signature: [0; 64].into(), ..signed };
        assert_eq!(DeviceCard::of(&forged, campaign(), &own.public()), None);
    }
}
