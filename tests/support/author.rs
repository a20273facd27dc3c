//! An author made by hand: a device that speaks the wire itself, so that it can say what no
//! engine of this build would say.

use axum::http::Method;
use canvass_core::change::{
    Body, Change, DoorRef, EventPage, MemberRef, PageEvent, Segment, SegmentHeader, WireChange,
};
use canvass_core::id::{CampaignId, ChangeId, DeviceId};
use canvass_core::ports::SeededIds;
use canvass_core::seal::{Key, SigningKey};
use canvass_core::sync::wire::{
    self, ENROL_DOMAIN, EnrolReply, EnrolRequest, ListCursor, PROTOCOL, PullReply, PullRequest,
    PushReply, PushRequest, part,
};
use serde_json::json;

use crate::campaign::{MORNING, TestCampaign};

/// A device that has enrolled and writes its own segments.
pub struct Author {
    /// The campaign.
    pub campaign: CampaignId,
    /// The device.
    pub device: DeviceId,
    /// Its `Authorization` header.
    pub bearer: String,
    signing: SigningKey,
    next_seq: u64,
}

/// An invitation that has not been redeemed, and what redeems it.
pub struct Invitation {
    /// The request's body.
    pub body: Vec<u8>,
    /// The secret.
    pub secret: Vec<u8>,
    /// The device that asks.
    pub device: DeviceId,
    signing: SigningKey,
}

/// What an author says: a door, someone behind it or nobody, and the content.
pub type Said = (DoorRef, Option<MemberRef>, Body<MemberRef>);

impl Invitation {
    /// Invites a canvasser to these lists.
    ///
    /// # Panics
    /// When the backend refuses.
    #[must_use]
    pub fn new(campaign: &TestCampaign, name: &str, lists: &[u32]) -> Self {
        Self::to(campaign, &campaign.path, name, lists)
    }

    /// Invites to another campaign of the same server, by its path.
    fn to(server: &TestCampaign, campaign: &str, name: &str, lists: &[u32]) -> Self {
        let order = json!({ "canvasser": name, "lists": lists });
        let path = format!("{campaign}/invitations");
        let made = server.server.operator(Method::POST, &path, &order).expect("an invitation");
        let code = made["code"].as_str().expect("a code");
        let secret: Vec<u8> = (0..code.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&code[at..at + 2], 16).expect("hex"))
            .collect();
        Self::with_secret(name, secret)
    }

    /// What a phone sends that holds this secret, by whatever way.
    #[must_use]
    pub fn with_secret(name: &str, secret: Vec<u8>) -> Self {
        let signing = SigningKey::from_seed(&Key::random(&SeededIds::new(1, name)));
        let device = DeviceId::derive(&[b"author", name.as_bytes()]);
        let proof = signing.sign(ENROL_DOMAIN, &[&secret[..], &device.to_bytes()].concat());
        let body = wire::encoded(&EnrolRequest {
            protocol: PROTOCOL,
            invitation: secret.clone().into(),
            device: device.to_bytes().into(),
            public_key: signing.public().into(),
            proof: proof.into(),
            incarnation: 1,
            wall_ms: MORNING.millis(),
            capabilities: None,
        });
        Self { body, secret, device, signing }
    }
}

impl Author {
    /// A device of this canvasser, enrolled with these lists.
    ///
    /// # Panics
    /// When the backend refuses.
    #[must_use]
    pub fn enrolled(campaign: &TestCampaign, name: &str, lists: &[u32]) -> Self {
        Self::enrolled_in(campaign, &campaign.path, name, lists)
    }

    /// A device of another campaign of the same server, by its path.
    ///
    /// # Panics
    /// When the backend refuses.
    #[must_use]
    pub fn enrolled_in(server: &TestCampaign, path: &str, name: &str, lists: &[u32]) -> Self {
        let Invitation { body, device, signing, .. } = Invitation::to(server, path, name, lists);
        let (status, _, reply) = server.server.send(Method::POST, "/v1/enrol", None, body);
        assert_eq!(status, 200);
        let reply: EnrolReply = wire::decoded(&reply).expect("an answer");
        Self {
            campaign: CampaignId::from_bytes(*reply.campaign),
            device,
            bearer: format!("Bearer {}", reply.token),
            signing,
            next_seq: 1,
        }
    }

    /// The same author, writing another campaign's name on its segments.
    #[must_use]
    pub fn claiming_campaign(self, campaign: CampaignId) -> Self {
        Self { campaign, ..self }
    }

    /// The same author, writing another device's name on its segments.
    #[must_use]
    pub fn claiming_device(self, device: DeviceId) -> Self {
        Self { device, ..self }
    }

    /// The next segment: these things, said on this list.
    ///
    /// # Panics
    /// When they do not fit.
    pub fn segment(&mut self, list: u32, said: Vec<Said>) -> Vec<u8> {
        let first_seq = self.next_seq;
        self.next_seq += said.len() as u64;
        self.segment_at(first_seq, list, said)
    }

    /// A segment that begins at this number, whatever was written before.
    ///
    /// # Panics
    /// When it does not fit.
    #[must_use]
    pub fn segment_at(&self, first_seq: u64, list: u32, said: Vec<Said>) -> Vec<u8> {
        let changes: Vec<WireChange> = said
            .into_iter()
            .zip(first_seq..)
            .map(|((door, member, body), seq)| Change {
                id: ChangeId { device: self.device, incarnation: 1, seq },
                was: None,
                door,
                member,
                base: Vec::new(),
                recorded_at: MORNING.whole_second(),
                body,
            })
            .collect();
        let header = SegmentHeader {
            campaign: self.campaign,
            device: self.device,
            incarnation: 1,
            first_seq,
            count: 0,
            list,
            list_epoch: 1,
            canvasser: None,
        };
        let segment = Segment::make(header, &changes, |bytes| self.signing.sign_segment(bytes));
        segment.expect("a segment").into_bytes()
    }

    /// Pushes these segments; the answer, or the status of the refusal.
    ///
    /// # Panics
    /// When the answer is none.
    pub fn push(&self, campaign: &TestCampaign, segments: &[Vec<u8>]) -> Result<PushReply, u16> {
        let body = wire::encoded(&PushRequest {
            protocol: PROTOCOL,
            segments: segments.iter().cloned().map(Into::into).collect(),
            wall_ms: MORNING.millis(),
            done: Vec::new(),
            retry: None,
            capabilities: None,
        });
        let (status, body) = self.post(campaign, "/v1/push", body);
        if status == 200 { Ok(wire::decoded(&body).expect("an answer")) } else { Err(status) }
    }

    /// Pulls everything; `lists` is what the device says that it holds.
    ///
    /// # Panics
    /// When the answer is none.
    pub fn pull(&self, campaign: &TestCampaign, lists: Vec<ListCursor>) -> Result<PullReply, u16> {
        let body = wire::encoded(&PullRequest {
            protocol: PROTOCOL,
            lists,
            max_bytes: u32::MAX,
            wall_ms: MORNING.millis(),
            incarnation: 1,
            done: Vec::new(),
            capabilities: None,
        });
        let (status, body) = self.post(campaign, "/v1/pull", body);
        if status == 200 { Ok(wire::decoded(&body).expect("an answer")) } else { Err(status) }
    }

    /// The events of everything that the device may see.
    ///
    /// # Panics
    /// When the backend refuses.
    #[must_use]
    pub fn events(&self, campaign: &TestCampaign) -> Vec<PageEvent> {
        let reply = self.pull(campaign, Vec::new()).expect("an answer");
        let pages = reply.parts.iter().filter(|part| part.kind == part::EVENTS);
        pages.flat_map(|part| EventPage::read(&part.body).expect("a page").events).collect()
    }

    /// Sends a body with the device's token.
    pub fn post(&self, campaign: &TestCampaign, path: &str, body: Vec<u8>) -> (u16, Vec<u8>) {
        let (status, _, body) = campaign.server.send(Method::POST, path, Some(&self.bearer), body);
        (status, body)
    }
}
