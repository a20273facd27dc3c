//! Leases and orders: how long a list may be read, and what is to be erased.
//!
//! Both are statements of the campaign ([`Signed`]): they hold without the connection they came
//! over, and nothing else does. What they lead to on a phone is decided in `engine`.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use crate::id::{CampaignId, DeviceId, ListId};
use crate::seal::{Key, SigningKey, is_signed_by};
use crate::sync::Signed;
use crate::sync::wire::Bytes16;
use crate::time::Terms;

/// What is put before the bytes of a lease.
const LEASE_DOMAIN: &[u8] = b"canvass lease v1\0";
/// What is put before the bytes of an order.
const ORDER_DOMAIN: &[u8] = b"canvass order v1\0";
/// What a device puts before an order's bytes when it says that it has carried it out.
const DONE_DOMAIN: &[u8] = b"canvass order done v1\0";
/// What a list's share key is derived for.
const SHARE_PURPOSE: &str = "canvass share key of a list v1";

/// A list may be read for this long after the campaign has given it out: a weekend's shifts
/// without a network, and no more for whoever finds the phone.
pub const LEASE_MS: i64 = 36 * 60 * 60 * 1000;
/// Nor for longer than this by the phone's own count. As long as the lease: a phone that is off
/// meanwhile loses nothing, and one whose clock is turned gains nothing.
pub const OFFLINE_BUDGET_MS: u64 = 36 * 60 * 60 * 1000;

/// A list is lent to a device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Lease {
    /// The version of leases.
    #[n(0)]
    pub version: u32,
    /// The campaign.
    #[n(1)]
    pub campaign: Bytes16,
    /// The list's number.
    #[n(2)]
    pub number: u32,
    /// The list.
    #[n(3)]
    pub list: Bytes16,
    /// Its epoch.
    #[n(4)]
    pub epoch: u32,
    /// The device.
    #[n(5)]
    pub device: Bytes16,
    /// When it was given, by the campaign's clock.
    #[n(6)]
    pub issued_ms: i64,
    /// When it ends.
    #[n(7)]
    pub expires_ms: i64,
    /// For how long it holds by the phone's own count.
    #[n(8)]
    pub offline_budget_ms: u64,
    /// The key that all holders of this list and epoch share.
    #[n(9)]
    pub share_key: ByteArray<32>,
}

/// The version of leases and orders that this build knows.
const VERSION: u32 = 1;

impl Lease {
    /// A lease of the usual length that begins now.
    #[must_use]
    pub fn usual(
        campaign: CampaignId,
        device: DeviceId,
        list: (u32, ListId, u32),
        now_ms: i64,
        share_key: &Key,
    ) -> Self {
        let (number, id, epoch) = list;
        Self {
            version: VERSION,
            campaign: campaign.to_bytes().into(),
            number,
            list: id.to_bytes().into(),
            epoch,
            device: device.to_bytes().into(),
            issued_ms: now_ms,
            expires_ms: now_ms.saturating_add(LEASE_MS),
            offline_budget_ms: OFFLINE_BUDGET_MS,
            share_key: (*share_key.bytes()).into(),
        }
    }

    /// Signs it with the campaign's key.
    #[must_use]
    pub fn signed(&self, key: &SigningKey) -> Signed {
        Signed::make(LEASE_DOMAIN, self, key)
    }

    /// The lease, if this campaign's key signed it for this device.
    #[must_use]
    pub fn of(
        signed: &Signed,
        campaign: CampaignId,
        device: DeviceId,
        public: &[u8; 32],
    ) -> Option<Self> {
        let lease: Self = signed.open(LEASE_DOMAIN, public)?;
        let ours = *lease.campaign == campaign.to_bytes() && *lease.device == device.to_bytes();
        (ours && lease.version == VERSION).then_some(lease)
    }

    /// How long it lets the list be read.
    #[must_use]
    pub const fn terms(&self) -> Terms {
        Terms { expires_ms: self.expires_ms, offline_budget_ms: self.offline_budget_ms }
    }
}

/// The key that all holders of a list and its epoch share, as a campaign derives it.
#[must_use]
pub fn share_key(secret: &Key, list: u32, epoch: u32) -> Key {
    secret.derived(&format!("{SHARE_PURPOSE} {list} {epoch}"))
}

/// A device is to erase something.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Order {
    /// The version of orders.
    #[n(0)]
    pub version: u32,
    /// The campaign.
    #[n(1)]
    pub campaign: Bytes16,
    /// The device.
    #[n(2)]
    pub device: Bytes16,
    /// Counts the orders to this device, from 1.
    #[n(3)]
    pub number: u32,
    /// The number of the list to erase; nothing: all of them.
    #[n(4)]
    pub list: Option<u32>,
    /// The epoch of that list.
    #[n(5)]
    pub epoch: u32,
    /// When it was given. What is lent later is not meant.
    #[n(6)]
    pub issued_ms: i64,
}

impl Order {
    /// An order to a device: to erase a list of an epoch, or all lists.
    #[must_use]
    pub fn new(
        campaign: CampaignId,
        device: DeviceId,
        number: u32,
        list: Option<(u32, u32)>,
        now_ms: i64,
    ) -> Self {
        Self {
            version: VERSION,
            campaign: campaign.to_bytes().into(),
            device: device.to_bytes().into(),
            number,
            list: list.map(|(number, _)| number),
            epoch: list.map_or(0, |(_, epoch)| epoch),
            issued_ms: now_ms,
        }
    }

    /// Signs it with the campaign's key.
    #[must_use]
    pub fn signed(&self, key: &SigningKey) -> Signed {
        Signed::make(ORDER_DOMAIN, self, key)
    }

    /// The order, if this campaign's key signed it for this device.
    #[must_use]
    pub fn of(
        signed: &Signed,
        campaign: CampaignId,
        device: DeviceId,
        public: &[u8; 32],
    ) -> Option<Self> {
        let order: Self = signed.open(ORDER_DOMAIN, public)?;
        let ours = *order.campaign == campaign.to_bytes() && *order.device == device.to_bytes();
        (ours && order.version == VERSION).then_some(order)
    }

    /// Whether it means a list as it is lent: this epoch or an older one, and not lent since.
    #[must_use]
    pub fn means(&self, number: u32, epoch: u32, lent_ms: Option<i64>) -> bool {
        let named = self.list.is_none_or(|list| list == number && epoch <= self.epoch);
        named && lent_ms.is_none_or(|lent_ms| lent_ms <= self.issued_ms)
    }
}

/// A device has carried out an order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OrderDone {
    /// The order's number.
    #[n(0)]
    pub number: u32,
    /// The device's signature over the order's bytes.
    #[n(1)]
    pub signature: ByteArray<64>,
}

impl OrderDone {
    /// The device's word that it has carried out this order.
    #[must_use]
    pub fn make(number: u32, order: &Signed, device: &SigningKey) -> Self {
        Self { number, signature: device.sign(DONE_DOMAIN, &order.bytes).into() }
    }

    /// Whether the holder of `device` has signed it for these bytes.
    #[must_use]
    pub fn is_signed_by(&self, device: &[u8; 32], order: &[u8]) -> bool {
        is_signed_by(device, DONE_DOMAIN, order, &self.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SeededIds;

    fn key(stream: &str) -> SigningKey {
        SigningKey::from_seed(&Key::random(&SeededIds::new(4, stream)))
    }

    fn campaign() -> CampaignId {
        CampaignId::derive(&[b"campaign"])
    }

    fn device(name: &str) -> DeviceId {
        DeviceId::derive(&[name.as_bytes()])
    }

    fn altered(signed: &Signed) -> impl Iterator<Item = Signed> + '_ {
        (0..signed.bytes.len()).map(|at| {
            let mut bytes = signed.bytes.to_vec();
            bytes[at] ^= 1;
            Signed { bytes: bytes.into(), signature: signed.signature }
        })
    }

    #[test]
    fn a_lease_holds_for_its_device_in_its_campaign() {
        let (own, other) = (key("campaign"), key("other"));
        let share = share_key(&Key::random(&SeededIds::new(1, "share")), 3, 2);
        let list = (3, ListId::derive(&[b"list"]), 2);
        let lease = Lease::usual(campaign(), device("ash"), list, 1_000, &share);
        let signed = lease.signed(&own);
        let public = own.public();
        let of = |signed: &Signed| Lease::of(signed, campaign(), device("ash"), &public);
        assert_eq!(of(&signed), Some(lease.clone()));
        assert_eq!(Lease::of(&signed, campaign(), device("bo"), &public), None);
        assert_eq!(Lease::of(&signed, campaign(), device("ash"), &other.public()), None);
        let elsewhere = CampaignId::derive(&[b"else"]);
        assert_eq!(Lease::of(&signed, elsewhere, device("ash"), &public), None);
        assert!(altered(&signed).all(|signed| of(&signed).is_none()));
        let newer = Lease { version: 2, ..lease }.signed(&own);
        assert_eq!(of(&newer), None, "what it says may mean something else");
    }

    #[test]
    fn an_order_is_no_lease_and_means_what_was_lent_before_it() {
        let own = key("campaign");
        let order = Order::new(campaign(), device("ash"), 1, Some((3, 2)), 1_000);
        let signed = order.signed(&own);
        let public = own.public();
        let of = |signed: &Signed| Order::of(signed, campaign(), device("ash"), &public);
        assert_eq!(of(&signed), Some(order.clone()));
        assert_eq!(Lease::of(&signed, campaign(), device("ash"), &public), None);
        assert_eq!(Order::of(&signed, campaign(), device("bo"), &public), None);
        assert!(altered(&signed).all(|signed| of(&signed).is_none()));
        assert!(order.means(3, 2, Some(999)) && order.means(3, 1, None));
        assert!(!order.means(3, 3, Some(999)), "cut anew since");
        assert!(!order.means(3, 2, Some(1_001)), "lent again since");
        assert!(!order.means(4, 2, Some(999)), "another list");
        let all = Order::new(campaign(), device("ash"), 2, None, 1_000);
        assert!(all.means(9, 9, Some(0)) && !all.means(9, 9, Some(2_000)));
    }

    #[test]
    fn only_the_device_says_that_an_order_is_carried_out() {
        let (campaign_key, own, other) = (key("campaign"), key("ash"), key("bo"));
        let order = Order::new(campaign(), device("ash"), 1, None, 1_000).signed(&campaign_key);
        let done = OrderDone::make(1, &order, &own);
        assert!(done.is_signed_by(&own.public(), &order.bytes));
        assert!(!done.is_signed_by(&other.public(), &order.bytes));
        assert!(!done.is_signed_by(&own.public(), b"another"));
    }

    #[test]
    fn holders_of_a_list_and_epoch_share_a_key() {
        let secret = Key::random(&SeededIds::new(1, "share"));
        let key = |list, epoch| *share_key(&secret, list, epoch).bytes();
        assert_eq!(key(1, 1), key(1, 1));
        assert_ne!(key(1, 1), key(1, 2));
        assert_ne!(key(1, 11), key(11, 1));
    }
}
