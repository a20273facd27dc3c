//! What the campaign signs: no other bytes, and nobody else's signature, pass for it.

use canvass_core::id::{CampaignId, DeviceId, ListId};
use canvass_core::ports::SeededIds;
use canvass_core::seal::{Key, SigningKey};
use canvass_core::sync::wire::{self, Mark};
use canvass_core::sync::{DeviceCard, Lease, Order, Signed};
use canvass_tests::campaign::MORNING;

use super::feed;

fn key(whose: &str) -> SigningKey {
    SigningKey::from_seed(&Key::random(&SeededIds::new(1, whose)))
}

fn campaign() -> CampaignId {
    CampaignId::derive(&[b"campaign"])
}

fn device() -> DeviceId {
    DeviceId::derive(&[b"ash"])
}

/// The statements that open by the campaign's key are the very ones that it signed; seeds are
/// its own, and the same signed by someone else.
fn only_its_own<T: PartialEq + std::fmt::Debug>(
    name: &str,
    make: impl Fn(&SigningKey) -> Signed,
    open: impl Fn(&Signed, &[u8; 32]) -> Option<T>,
) {
    let (own, other) = (key("campaign"), key("other"));
    let (signed, public) = (make(&own), own.public());
    let statement = open(&signed, &public).expect("its own");
    let forged = make(&other);
    assert_eq!(open(&forged, &public), None, "someone else's");
    let seeds = [wire::encoded(&signed), wire::encoded(&forged)];
    feed(name, &seeds, |bytes| {
        let Some(read) = wire::decoded::<Signed>(bytes) else { return };
        if let Some(opened) = open(&read, &public) {
            assert_eq!(opened, statement);
        }
    });
}

#[test]
fn fuzz_lease() {
    let share = Key::random(&SeededIds::new(1, "share"));
    let list = (1, ListId::derive(&[b"list"]), 2);
    let lease = Lease::usual(campaign(), device(), list, MORNING.millis(), &share);
    let open = |signed: &Signed, public: &[u8; 32]| {
        assert_eq!(Lease::of(signed, campaign(), DeviceId::derive(&[b"b"]), public), None);
        Lease::of(signed, campaign(), device(), public)
    };
    only_its_own("lease", |key| lease.signed(key), open);
}

#[test]
fn fuzz_order() {
    let order = Order::new(campaign(), device(), 3, Some((1, 2)), MORNING.millis());
    let open = |signed: &Signed, public: &[u8; 32]| {
        assert_eq!(Lease::of(signed, campaign(), device(), public), None, "of another domain");
        Order::of(signed, campaign(), device(), public)
    };
    only_its_own("order", |key| order.signed(key), open);
}

#[test]
fn fuzz_card() {
    let card = DeviceCard {
        campaign: campaign().to_bytes().into(),
        device: device().to_bytes().into(),
        public_key: key("ash").public().into(),
        canvasser: [3; 16].into(),
        canvasser_name: "Ash".to_owned(),
    };
    let open = |signed: &Signed, public: &[u8; 32]| DeviceCard::of(signed, campaign(), public);
    only_its_own("card", |key| card.signed(key), open);
}

#[test]
fn fuzz_receipt() {
    let (own, other) = (key("campaign"), key("other"));
    let mark = |key: &SigningKey| Mark::signed(campaign(), device(), 1, 7, key);
    let seeds = [wire::encoded(&mark(&own)), wire::encoded(&mark(&other))];
    feed("receipt", &seeds, |bytes| {
        let Some(read) = wire::decoded::<Mark>(bytes) else { return };
        if read.is_signed_by(campaign(), &own.public()) {
            assert_eq!(read, mark(&own));
        }
    });
}
