//! What a conversation asks of the stores, and what becomes of what went up.
//!
//! What came down is taken in by `take`.

use super::take::cursor;
use super::{EngineWork, drop_invitation};
use crate::change::Envelope;
use crate::engine::error::Error;
use crate::engine::join::no_campaign;
use crate::engine::{Main, bundle, incarnation, sealed, segments};
use crate::id::{CampaignId, CanvasserId};
use crate::store::{CampaignKeys, ListEntry};
use crate::sync::wire::{
    self, CompareReply, CompareRequest, DropRequest, ENROL_DOMAIN, EnrolReply, EnrolRequest,
    GapReply, ListCursor, PullReply, PushReply, RevokedReply, StreetsReply, StreetsRequest,
    capability, exception,
};
use crate::sync::{Order, OrderDone, PullProgress, Work};
use crate::time::Timestamp;
impl Work for EngineWork<'_> {
    type Error = Error;

    fn enrolment(&mut self) -> Result<Option<EnrolRequest>, Error> {
        let main = self.opened.main();
        let identity = main.identity()?;
        let server = identity.server.as_ref();
        let Some(secret) = server.and_then(|server| server.invitation.clone()) else {
            return Ok(None);
        };
        let device = identity.device.to_bytes();
        let proof = self.opened.signing.sign(ENROL_DOMAIN, &[&secret[..], &device].concat());
        Ok(Some(EnrolRequest {
            protocol: wire::PROTOCOL,
            invitation: secret.into(),
            device: device.into(),
            public_key: self.opened.signing.public().into(),
            proof: proof.into(),
            incarnation: identity.incarnation,
            wall_ms: self.engine.now().millis(),
            capabilities: Some(capability::ALL),
        }))
    }

    fn enrolled(&mut self, reply: EnrolReply) -> Result<(), Error> {
        let mut main = self.opened.main();
        let mut identity = main.identity()?.clone();
        let campaign = CampaignId::from_bytes(*reply.campaign);
        if identity.campaign != no_campaign() && identity.campaign != campaign {
            drop_invitation(&mut main)?;
            return Err(Error::AlreadyInCampaign);
        }
        identity.campaign = campaign;
        identity.campaign_name = reply.campaign_name;
        identity.canvasser = CanvasserId::from_bytes(*reply.canvasser);
        identity.canvasser_name = reply.canvasser_name;
        identity.keys = Some(CampaignKeys {
            signing: *reply.signing_key,
            sealing: *reply.sealing_key,
            card: wire::encoded(&reply.card),
        });
        if let Some(server) = &mut identity.server {
            server.token = Some(reply.token);
            server.invitation = None;
        }
        main.put(identity)?;
        sealed::open(self.opened, &mut main, &self.engine.ports)
    }

    fn segments(&mut self, max_bytes: usize) -> Result<Vec<Vec<u8>>, Error> {
        let main = self.opened.main();
        let (opened, ports) = (self.opened, &self.engine.ports);
        sealed::complete(opened, &main, ports)?;
        segments::make_all(opened, &main, ports)?;
        let batch = segments::next_batch(opened, &main, ports, max_bytes, Some(&*self.skipped))?;
        self.sent.clear();
        self.sent.extend(batch.iter().map(|bytes| segments::header_of_sealed(bytes)));
        Ok(batch)
    }

    fn retries(&mut self) -> Result<Vec<wire::OwnChange>, Error> {
        let main = self.opened.main();
        let asked = main.db.asked_for()?.into_iter();
        Ok(asked.map(|(incarnation, seq)| wire::OwnChange { incarnation, seq }).collect())
    }

    fn orders_done(&mut self) -> Result<Vec<OrderDone>, Error> {
        let done = self.opened.main().db.orders_untold()?.into_iter();
        let done: Vec<OrderDone> = done
            .map(|row| OrderDone { number: row.number, signature: row.signature.into() })
            .collect();
        self.tally.told = done.last().map_or(0, |done| done.number);
        Ok(done)
    }

    fn revoked(&mut self, reply: RevokedReply) -> Result<bool, Error> {
        let main = self.opened.main();
        let identity = main.identity()?;
        let (campaign, device) = (identity.campaign, identity.device);
        let signed = identity
            .keys
            .as_ref()
            .is_some_and(|keys| Order::of(&reply.order, campaign, device, &keys.signing).is_some());
        drop(main);
        self.engine.obey(self.opened, &[reply.order])?;
        Ok(signed)
    }

    fn sealed(&mut self, max_bytes: usize) -> Result<Option<DropRequest>, Error> {
        let main = self.opened.main();
        let identity = main.identity()?;
        let segments =
            segments::next_batch(self.opened, &main, &self.engine.ports, max_bytes, None)?;
        if segments.is_empty() || !segments.iter().all(|bytes| Envelope::is_one(bytes)) {
            return Ok(None);
        }
        Ok(Some(DropRequest {
            protocol: wire::PROTOCOL,
            campaign: identity.campaign.to_bytes().into(),
            segments: segments.into_iter().map(Into::into).collect(),
            device: identity.device.to_bytes().into(),
        }))
    }

    fn pushed(&mut self, reply: PushReply) -> Result<bool, Error> {
        self.heard()?;
        self.engine.obey(self.opened, &reply.orders)?;
        let mut main = self.opened.main();
        let identity = main.identity()?.clone();
        let is_own = |of: &wire::Bytes16| **of == identity.device.to_bytes();
        if let Some(keys) = &identity.keys {
            bundle::take_receipts(&main, &identity, keys, &reply.marks)?;
        }
        let mut moved = self.drop_refused(&mut main, &reply)?;
        for mark in reply.marks.iter().filter(|mark| is_own(&mark.device)) {
            sealed::drop_up_to(&main, mark.incarnation, mark.seq)?;
        }
        moved |= reply
            .marks
            .iter()
            .any(|mark| !is_own(&mark.device) || mark.incarnation != identity.incarnation);
        let is_present = |of: &wire::Bytes16, i: u32| is_own(of) && i == identity.incarnation;
        let before = identity.acked_seq;
        let mark = reply.marks.iter().filter(|mark| is_present(&mark.device, mark.incarnation));
        let acked = mark.map(|mark| mark.seq).max().unwrap_or(before).max(before);
        let mut set_aside = Vec::new();
        for told in
            reply.exceptions.iter().filter(|told| is_present(&told.device, told.incarnation))
        {
            match told.code {
                exception::SET_ASIDE => set_aside.push((told.seq, told.reason.unwrap_or(0))),
                exception::CONFLICT => self.tally.conflicts += 1,
                exception::STALE_SCOPE => self.tally.late += 1,
                exception::HELD => self.tally.claims_lost += 1,
                _ => {}
            }
        }
        let asked = Self::tried_again(&main, &reply)?;
        main.db.acknowledge(acked, &set_aside)?;
        main.identity = main.db.identity()?;
        self.tally.sent += u32::try_from(acked - before).unwrap_or(u32::MAX);
        set_aside.retain(|(seq, _)| !asked.contains(&(identity.incarnation, *seq)));
        self.tally.set_aside += u32::try_from(set_aside.len()).unwrap_or(u32::MAX);
        Ok(acked > before || moved || !asked.is_empty())
    }

    fn refused(&mut self, gap: GapReply) -> Result<bool, Error> {
        let mut main = self.opened.main();
        let identity = main.identity()?;
        let is_own = *gap.device == identity.device.to_bytes();
        // Behind what it had acknowledged: the server has lost something, and this phone has
        // nothing to put in its place.
        if !is_own || gap.incarnation != identity.incarnation || gap.mark < identity.acked_seq {
            return Ok(false);
        }
        incarnation::begin(self.opened, &mut main, &self.engine.ports)?;
        Ok(true)
    }

    fn cursors(&mut self) -> Result<Vec<ListCursor>, Error> {
        let main = self.opened.main();
        let mut cursors = Vec::new();
        let held = |entry: &ListEntry| !entry.withdrawn && entry.closed.is_none();
        for entry in main.db.lists()?.into_iter().filter(held) {
            let list = self.opened.open_list(&main, &self.engine.ports, &entry)?;
            cursors.push(cursor(&list.read().db, entry.number)?);
        }
        Ok(cursors)
    }

    fn pulled(&mut self, reply: PullReply) -> Result<PullProgress, Error> {
        self.heard()?;
        let ordered = self.engine.obey(self.opened, &reply.orders)?;
        self.stage(&reply)?;
        let Some(checkpoints) = reply.checkpoint else {
            return Ok(PullProgress::More);
        };
        self.notice_restored(reply.mark)?;
        let compares = reply.capabilities.unwrap_or(0) & capability::COMPARE != 0;
        let mut progress = PullProgress::Complete;
        for checkpoint in &checkpoints {
            if self.apply(checkpoint, reply.mark)? {
                continue;
            }
            if compares && self.repairs.begin(checkpoint.number) {
                progress = PullProgress::Compare;
            } else if self.fetch_anew(checkpoint.number)? && progress == PullProgress::Complete {
                progress = PullProgress::More;
            }
        }
        self.withdraw_all_but(&checkpoints)?;
        self.want_streets(&checkpoints)?;
        // An order that was carried out is told at once.
        if ordered && progress == PullProgress::Complete {
            progress = PullProgress::More;
        }
        Ok(progress)
    }

    fn comparison(&mut self) -> Result<Option<CompareRequest>, Error> {
        self.next_comparison()
    }

    fn compared(&mut self, reply: CompareReply) -> Result<(), Error> {
        self.take_comparison(&reply)
    }

    fn streets(&mut self) -> Result<Option<StreetsRequest>, Error> {
        Ok(self.wanted.next())
    }

    fn streets_came(&mut self, reply: StreetsReply) -> Result<(), Error> {
        self.keep_streets(reply)
    }

    fn set_backoff(&mut self, attempts: u32, next: Timestamp) -> Result<(), Error> {
        let mut main = self.opened.main();
        let mut identity = main.identity()?.clone();
        if (identity.attempts, identity.next_sync) != (attempts, next) {
            (identity.attempts, identity.next_sync) = (attempts, next);
            main.put(identity)?;
        }
        Ok(())
    }
}

impl EngineWork<'_> {
    /// What the campaign could not take of sealed copies is of no use there; whether there was
    /// any. Copies of this incarnation then go on under other numbers.
    fn drop_refused(&mut self, main: &mut Main, reply: &PushReply) -> Result<bool, Error> {
        let places = reply.refused.iter().filter_map(|place| usize::try_from(*place).ok());
        let headers: Vec<_> = places.filter_map(|p| self.sent.get(p).copied().flatten()).collect();
        let identity = main.identity()?;
        let (device, now) = (identity.device, identity.incarnation);
        for header in &headers {
            if header.device == device {
                sealed::drop_up_to(main, header.incarnation, header.end_seq() - 1)?;
            } else {
                // Its author's earlier work may still be on its way: tried again another time.
                self.skipped.insert((header.device, header.incarnation, header.first_seq));
            }
        }
        if headers.iter().any(|header| header.device == device && header.incarnation == now) {
            incarnation::begin(self.opened, main, &self.engine.ports)?;
        }
        Ok(!headers.is_empty())
    }

    /// The server knows of numbers that this database has not given: it is an older copy.
    fn notice_restored(&self, mark: u64) -> Result<(), Error> {
        let mut main = self.opened.main();
        if mark >= main.db.next_seq()? {
            incarnation::begin(self.opened, &mut main, &self.engine.ports)?;
        }
        Ok(())
    }

    /// Notes what the server has taken in now of what it was asked to try again; what was asked.
    fn tried_again(main: &Main, reply: &PushReply) -> Result<Vec<(u32, u64)>, Error> {
        let asked = main.db.asked_for()?;
        let device = main.identity()?.device.to_bytes();
        let can_retry = reply.capabilities.unwrap_or(0) & capability::RETRY != 0;
        let is_aside = |(incarnation, seq): &(u32, u64)| {
            reply.exceptions.iter().any(|told| {
                told.code == exception::SET_ASIDE
                    && *told.device == device
                    && (told.incarnation, told.seq) == (*incarnation, *seq)
            })
        };
        let taken_in: Vec<(u32, u64)> =
            asked.iter().copied().filter(|id| can_retry && !is_aside(id)).collect();
        main.db.tried_again(&taken_in)?;
        Ok(asked)
    }

    /// The server has answered: it has heard what the last request told.
    fn heard(&self) -> Result<(), Error> {
        match self.tally.told {
            0 => Ok(()),
            upto => Ok(self.opened.main().db.orders_told(upto)?),
        }
    }
}
