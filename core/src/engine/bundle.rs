//! Phone to phone: handing work on without a server, and carrying that of others to it.
//!
//! Two phones exchange summaries and bundles in whatever way bytes travel: a file, QR codes, a
//! cable. What a bundle brings of lists that this phone holds is read at once; all of it is
//! carried, unread where the list is not held, until the campaign has signed that it has it.

use crate::change::{Envelope, Segment};
use crate::engine::error::Error;
use crate::engine::lists::OpenList;
use crate::engine::{Engine, Main, Opened, sealed, segments};
use crate::id::DeviceId;
use crate::seal::{enclose, is_segment_signed_by, open_for_list};
use crate::store::{
    CampaignKeys, Identity, ListEntry, ReceiptRow, RelayRow, StoreError, StoreFile,
};
use crate::sync::wire::{self, Mark};
use crate::sync::{Bundle, DeviceCard, Held, PeerSummary, Signed};

/// Most segments that are carried for others: a large team's day.
const MAX_RELAYED: usize = 10_000;

/// What a bundle brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct BundleReport {
    /// Changes that were new here.
    pub changes: u32,
    /// Of these, changes of lists that this phone holds: they are shown at once.
    pub shown: u32,
    /// Changes that this phone had already.
    pub known: u32,
    /// Segments that could not be taken: not signed by their author, or with others missing
    /// before them.
    pub refused: u32,
}

impl Engine {
    /// What this phone holds, for another phone to make a bundle from.
    pub fn peer_summary(&self) -> Result<Vec<u8>, Error> {
        let opened = self.opened()?;
        let main = opened.main();
        sealed::complete(&opened, &main, &self.ports)?;
        Ok(wire::encoded(&summary(&main)?))
    }

    /// A bundle of everything unacknowledged that this phone holds and the phone of this summary
    /// does not. It may be handed over as a file, or as QR codes ([`crate::sync::to_frames`]);
    /// to any phone of the campaign, any number of times.
    pub fn make_bundle(&self, summary: &[u8]) -> Result<Vec<u8>, Error> {
        let opened = self.opened()?;
        let mut main = opened.main();
        let peer = PeerSummary::read(summary).ok_or(Error::BadBundle)?;
        Self::note_peer(&main, &peer)?;
        // As a sync does: the work of a list whose key is lost goes as its sealed copy.
        opened.sweep_lost_keys(&mut main, &self.ports)?;
        sealed::complete(&opened, &main, &self.ports)?;
        segments::make_all(&opened, &main, &self.ports)?;
        let mut cards = vec![own_card(&keys_of(&main)?.card)?];
        let mut envelopes = self.own_envelopes(&opened, &main, &peer)?;
        for relay in main.db.relayed()? {
            if relay.end_seq - 1 > peer.held(&relay.device.to_bytes(), relay.incarnation) {
                envelopes.push(relay.envelope);
                let card = main.db.card(relay.device)?;
                cards.extend(card.and_then(|card| wire::decoded(&card)));
            }
        }
        cards.dedup();
        let bundle = Bundle {
            from: self::summary(&main)?,
            cards,
            envelopes: envelopes.into_iter().map(Into::into).collect(),
            receipts: main.db.receipts()?.iter().map(mark_of).collect(),
        };
        Ok(wire::encoded(&bundle))
    }

    /// Takes in a bundle of another phone. The same one twice changes nothing.
    pub fn apply_bundle(&self, bundle: &[u8]) -> Result<BundleReport, Error> {
        let opened = self.opened()?;
        let mut report = BundleReport::default();
        {
            let main = opened.main();
            let bundle = Bundle::read(bundle).ok_or(Error::BadBundle)?;
            Self::note_peer(&main, &bundle.from)?;
            let (identity, keys) = (main.identity()?.clone(), keys_of(&main)?);
            take_cards(&main, &identity, &keys, &bundle.cards)?;
            take_receipts(&main, &identity, &keys, &bundle.receipts)?;
            for bytes in &bundle.envelopes {
                self.take_envelope(&opened, &main, &identity, bytes, &mut report)?;
            }
            for entry in main.db.lists()?.iter().filter(|entry| is_readable(entry)) {
                match opened.list(&main, &self.ports, entry.id) {
                    Ok(list) => list.refresh(&main.db, &identity)?,
                    // Its time has just ended: what came for it is carried on.
                    Err(Error::ListClosed { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        self.listeners.tell(None, None);
        Ok(report)
    }

    /// Learns what another phone holds of this one's changes.
    fn note_peer(main: &Main, peer: &PeerSummary) -> Result<(), Error> {
        let identity = main.identity()?;
        if *peer.campaign != identity.campaign.to_bytes() {
            return Err(Error::BadBundle);
        }
        let device = identity.device.to_bytes();
        for held in peer.held.iter().filter(|held| *held.device == device) {
            let peer = DeviceId::from_bytes(*peer.device);
            main.db.put_peer_mark(peer, held.incarnation, held.seq)?;
        }
        Ok(())
    }

    /// This phone's own unacknowledged segments, sealed for the way.
    fn own_envelopes(
        &self,
        opened: &Opened,
        main: &Main,
        peer: &PeerSummary,
    ) -> Result<Vec<Vec<u8>>, Error> {
        let mut envelopes = sealed::of_earlier_incarnations(main)?;
        let (identity, keys) = (main.identity()?.clone(), keys_of(main)?);
        let held = peer.held(&identity.device.to_bytes(), identity.incarnation);
        for row in main.db.segments()? {
            if row.first_seq + u64::from(row.count) - 1 <= held {
                continue;
            }
            if row.enclosed {
                envelopes.push(row.sealed);
                continue;
            }
            let list = segments::of(opened, main, &self.ports, row.list)?;
            let segment = Segment::read(list.unseal_segment(&row)?);
            let segment = segment.map_err(|_| StoreError::Corrupt { file: StoreFile::Main })?;
            let share = list.share_key()?;
            let envelope = enclose(&segment, &keys.sealing, share.as_ref(), &*self.ports.ids);
            let envelope = envelope.map_err(|_| Error::BadBundle)?;
            envelopes.push(envelope.to_bytes());
        }
        Ok(envelopes)
    }

    fn take_envelope(
        &self,
        opened: &Opened,
        main: &Main,
        identity: &Identity,
        bytes: &[u8],
        report: &mut BundleReport,
    ) -> Result<(), Error> {
        let Ok(envelope) = Envelope::read(bytes) else {
            report.refused += 1;
            return Ok(());
        };
        let header = envelope.header;
        let author = (header.device, header.incarnation);
        let is_own = header.device == identity.device;
        let held = held_of(main, author)?;
        if is_own || header.end_seq() - 1 <= held {
            report.known += header.count;
            return Ok(());
        }
        let card = card_of(main, identity, header.device)?;
        let is_full = main.db.relayed()?.len() >= MAX_RELAYED;
        let is_sound = header.campaign == identity.campaign && header.first_seq <= held + 1;
        let Some(card) = card.filter(|_| is_sound && !is_full) else {
            report.refused += 1;
            return Ok(());
        };
        match self.opened_segment(opened, main, &envelope)? {
            Some(Ok(segment)) if is_segment_signed_by(&card.public_key, &segment) => {
                report.shown += header.count;
            }
            Some(_) => {
                report.refused += 1;
                return Ok(());
            }
            None => {}
        }
        report.changes += header.count;
        Ok(main.db.put_relayed(&RelayRow {
            device: header.device,
            incarnation: header.incarnation,
            first_seq: header.first_seq,
            end_seq: header.end_seq(),
            list: header.list,
            envelope: bytes.to_vec(),
        })?)
    }

    /// The segment inside, if it is meant for holders of a list that this phone holds.
    fn opened_segment(
        &self,
        opened: &Opened,
        main: &Main,
        envelope: &Envelope,
    ) -> Result<Option<Result<Segment, crate::seal::SealError>>, Error> {
        let entries = main.db.lists()?;
        let number = envelope.header.list;
        let entry = entries.iter().find(|entry| entry.number == number && is_readable(entry));
        let Some(entry) = entry.filter(|_| !envelope.for_list.is_empty()) else { return Ok(None) };
        let list = match opened.list(main, &self.ports, entry.id) {
            Err(Error::ListClosed { .. }) => return Ok(None),
            list => list?,
        };
        if list.entry.epoch != envelope.header.list_epoch {
            return Ok(None);
        }
        Ok(list.share_key()?.map(|share| open_for_list(envelope, &share)))
    }
}

/// Whether work of this list may be shown: it is given out, and has not been closed.
const fn is_readable(entry: &ListEntry) -> bool {
    !entry.withdrawn && entry.closed.is_none()
}

/// What this phone carries of a list and may read, with who wrote it.
pub(super) fn carried(
    main: &crate::store::MainDb,
    identity: &Identity,
    list: &OpenList,
    share: Option<&crate::seal::Key>,
) -> Result<Vec<(DeviceCard, Segment)>, Error> {
    let (Some(share), Some(keys)) = (share, &identity.keys) else { return Ok(Vec::new()) };
    let mut carried = Vec::new();
    for relay in main.relayed()?.into_iter().filter(|relay| relay.list == list.entry.number) {
        let segment = Envelope::read(&relay.envelope).ok();
        let segment = segment.and_then(|envelope| open_for_list(&envelope, share).ok());
        let card = main.card(relay.device)?.and_then(|card| wire::decoded::<Signed>(&card));
        let card = card.and_then(|card| DeviceCard::of(&card, identity.campaign, &keys.signing));
        carried.extend(card.zip(segment));
    }
    Ok(carried)
}

/// Keeps receipts of the campaign, and drops what they make needless to carry: all of it but
/// what is shown from it until the list's file has it.
pub(super) fn take_receipts(
    main: &Main,
    identity: &Identity,
    keys: &CampaignKeys,
    receipts: &[Mark],
) -> Result<(), Error> {
    for mark in receipts {
        if mark.is_signed_by(identity.campaign, &keys.signing) {
            main.db.put_receipt(&ReceiptRow {
                device: DeviceId::from_bytes(*mark.device),
                incarnation: mark.incarnation,
                seq: mark.seq,
                signature: *mark.receipt,
            })?;
        }
    }
    let held: Vec<u32> = main.db.lists()?.iter().map(|entry| entry.number).collect();
    drop_received(main, |relay| !held.contains(&relay.list))
}

/// Drops carried segments that the campaign has, as far as `is_done` says.
pub(super) fn drop_received(main: &Main, is_done: impl Fn(&RelayRow) -> bool) -> Result<(), Error> {
    let receipts = main.db.receipts()?;
    for relay in main.db.relayed()? {
        if has_receipt(&receipts, &relay) && is_done(&relay) {
            main.db.drop_relayed(&relay)?;
        }
    }
    Ok(())
}

/// Whether the campaign has all of a carried segment.
pub(super) fn has_receipt(receipts: &[ReceiptRow], relay: &RelayRow) -> bool {
    receipts.iter().any(|receipt| {
        (receipt.device, receipt.incarnation) == (relay.device, relay.incarnation)
            && receipt.seq >= relay.end_seq - 1
    })
}

fn keys_of(main: &Main) -> Result<CampaignKeys, Error> {
    main.identity()?.keys.clone().ok_or(Error::NoCampaign)
}

fn own_card(bytes: &[u8]) -> Result<Signed, Error> {
    wire::decoded(bytes).ok_or(Error::Store(StoreError::Corrupt { file: StoreFile::Main }))
}

fn mark_of(row: &ReceiptRow) -> Mark {
    let ReceiptRow { device, incarnation, seq, signature } = row;
    let device = device.to_bytes().into();
    Mark { device, incarnation: *incarnation, seq: *seq, receipt: (*signature).into() }
}

fn card_of(
    main: &Main,
    identity: &Identity,
    device: DeviceId,
) -> Result<Option<DeviceCard>, Error> {
    let Some(keys) = &identity.keys else { return Ok(None) };
    let card = main.db.card(device)?.and_then(|card| wire::decoded::<Signed>(&card));
    Ok(card.and_then(|card| DeviceCard::of(&card, identity.campaign, &keys.signing)))
}

fn take_cards(
    main: &Main,
    identity: &Identity,
    keys: &CampaignKeys,
    cards: &[Signed],
) -> Result<(), Error> {
    for signed in cards {
        if let Some(card) = DeviceCard::of(signed, identity.campaign, &keys.signing) {
            main.db.put_card(card.device(), &wire::encoded(signed))?;
        }
    }
    Ok(())
}

/// How far this phone holds an author's changes, or knows that the campaign has them.
fn held_of(main: &Main, author: (DeviceId, u32)) -> Result<u64, Error> {
    let receipts = main.db.receipts()?;
    let receipts = receipts.iter().filter(|row| (row.device, row.incarnation) == author);
    let relayed = main.db.relayed()?;
    let relayed = relayed.iter().filter(|row| (row.device, row.incarnation) == author);
    Ok(receipts.map(|row| row.seq).chain(relayed.map(|row| row.end_seq - 1)).max().unwrap_or(0))
}

fn summary(main: &Main) -> Result<PeerSummary, Error> {
    let identity = main.identity()?;
    let mut held: Vec<Held> = Vec::new();
    let mut add = |device: DeviceId, incarnation: u32, seq: u64| {
        let device = device.to_bytes().into();
        held.push(Held { device, incarnation, seq });
    };
    add(identity.device, identity.incarnation, main.db.next_seq()? - 1);
    for row in main.db.receipts()? {
        add(row.device, row.incarnation, row.seq);
    }
    for row in main.db.relayed()? {
        add(row.device, row.incarnation, row.end_seq - 1);
    }
    let (campaign, device) = (identity.campaign.to_bytes(), identity.device.to_bytes());
    let protocol = wire::PROTOCOL;
    Ok(PeerSummary { protocol, campaign: campaign.into(), device: device.into(), held })
}
