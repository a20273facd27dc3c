//! Phone to phone: one hands another what it holds, and what the other has seen by that.

use canvass_core::change::Envelope;
use canvass_core::engine::{BundleReport, Engine, Error};
use canvass_core::id::ChangeId;
use canvass_core::store::StoreError;
use canvass_core::sync::Bundle;

use crate::simulate::Trouble;
use crate::simulate::world::{World, is_refusal};

impl World {
    /// One phone hands another what it holds and the other does not.
    pub(super) fn hand_over(&mut self, from: usize) -> Result<(), Trouble> {
        let to = self.chance.place(self.phones.len());
        let has_joined = |phone: usize| !self.phones[phone].seen.is_empty();
        if to == from || !has_joined(from) || !has_joined(to) || !self.phones[to].open()? {
            return Ok(());
        }
        let fault = self.chance.permille(100).then(|| self.storage_fault(20));
        let (Some(giver), Some(taker)) = (self.phones[from].engine(), self.phones[to].engine())
        else {
            return Ok(());
        };
        let bundle = match bundle(giver, taker) {
            Ok(bundle) => bundle,
            Err(error) if is_not_now(&error) => return Ok(()),
            Err(error) => return Err(Trouble::engine("make a bundle", &error)),
        };
        self.trace.bytes("bundle", &bundle);
        self.phones[to].talks_may_have_moved();
        let (report, fired) = self.with_fault(to, fault, |taker| taker.apply_bundle(&bundle))?;
        self.trace.value("bundle report", &report);
        match report {
            Ok(report) => {
                self.fault("bundle");
                self.seen_in_bundle(to, &bundle, report)?;
                // Someone whom the other one met may be spoken of before the campaign knows them.
                self.phones[to].read_people();
                Ok(())
            }
            Err(_) if fired => self.seen_in_bundle(to, &bundle, BundleReport::default()),
            Err(error) if is_not_now(&error) => Ok(()),
            Err(error) => Err(Trouble::engine("take in a bundle", &error)),
        }
    }

    /// What the taker has seen of a bundle: for certain if all of it was new.
    fn seen_in_bundle(
        &mut self,
        to: usize,
        bundle: &[u8],
        report: BundleReport,
    ) -> Result<(), Trouble> {
        let all_new = report.changes > 0 && report.known == 0 && report.refused == 0;
        let Some(read) = Bundle::read(bundle) else { return Err(Trouble::Campaign) };
        let shown = match self.phones[to].shown_lists() {
            Ok(shown) => shown,
            Err(error) if is_not_now(&error) => return Ok(()),
            Err(error) => return Err(Trouble::engine("lists", &error)),
        };
        let mut meant = 0;
        let mut read_here = Vec::new();
        for bytes in &read.envelopes {
            let Ok(envelope) = Envelope::read(bytes) else { continue };
            let header = envelope.header;
            let list = self.campaign.list_id(header.list);
            let is_read = !envelope.for_list.is_empty() && shown.contains(&list);
            if !is_read {
                self.fault("relay");
                continue;
            }
            meant += header.count;
            read_here.push((list, header));
        }
        // What was cut anew since may be meant for holders of the list and not be read.
        let is_sure = all_new && report.shown == meant;
        for (list, header) in read_here {
            let Some(seen) = self.phones[to].seen.get_mut(&list) else { continue };
            // A phone that was put back writes anew what the campaign has of it by other numbers.
            for known in self.campaign.marks.before(header.device, header.incarnation) {
                seen.perhaps.see(known);
            }
            for seq in header.first_seq..header.end_seq() {
                let (device, incarnation) = (header.device, header.incarnation);
                let change = ChangeId { device, incarnation, seq };
                seen.perhaps.see_single(change);
                if is_sure {
                    seen.sure.see_single(change);
                }
            }
        }
        Ok(())
    }
}

/// A bundle; a list that closes while it is made is sealed, and the next try carries it so.
fn bundle(giver: &Engine, taker: &Engine) -> Result<Vec<u8>, Error> {
    let summary = taker.peer_summary()?;
    match giver.make_bundle(&summary) {
        Err(Error::ListClosed { .. }) => giver.make_bundle(&summary),
        made => made,
    }
}

fn is_not_now(error: &Error) -> bool {
    is_refusal(error) || matches!(error, Error::Store(StoreError::Locked))
}
