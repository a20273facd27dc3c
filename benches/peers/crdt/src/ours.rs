//! Canvass Core at the day's work: signed segments up, event pages down, registers at the hub.

use std::collections::HashMap;

use canvass_core::change::{
    AnswerBody, AttemptBody, Body, Change, DoorRef, EventMarks, EventPage, MemberRef, NoteBody,
    PageEvent, Segment, SegmentHeader, SuppressionBody, WireChange,
};
use canvass_core::id::{
    CampaignId, CanvasserId, ChangeId, DeviceId, HouseholdId, PersonId, ScriptHash,
};
use canvass_core::merge::{Entry, Register, fold};
use canvass_core::ports::SeededIds;
use canvass_core::seal::{Key, SigningKey, is_segment_signed_by};
use canvass_core::survey::AnswerCode;
use canvass_core::time::Timestamp;
use canvass_core::walklist::CanvassResult;

use crate::world::{Day, HOUSEHOLDS, MEMBERS, PHONES, QUESTIONS, Said, Write};

/// Events in a page, as the backend makes them.
const PAGE: usize = 2_000;

/// What the phones of the day send.
pub struct Uploads {
    pub segments: Vec<Vec<u8>>,
    keys: Vec<[u8; 32]>,
}

fn campaign() -> CampaignId {
    CampaignId::derive(&[b"bench"])
}

fn result(number: u8) -> Option<CanvassResult> {
    if number == 0 { None } else { CanvassResult::from_number(number) }
}

/// A phone's writes as the changes of its device.
fn changes(day: &Day, phone: usize) -> Vec<WireChange> {
    let device = DeviceId::from_bytes(day.devices[phone]);
    let id = |seq| ChangeId { device, incarnation: 1, seq };
    let mut attempt = id(1);
    let change = |(write, seq): (&Write, u64)| {
        let ordinal = u32::try_from(write.household).unwrap_or(0);
        let number = |member: usize| MemberRef::Number(u32::try_from(member + 1).unwrap_or(0));
        let mut member = None;
        let body = match &write.said {
            Said::Answer { member: m, question, value } => {
                member = Some(number(*m));
                let value = Some(AnswerCode::Choice(u16::from(*value)));
                let (script, question) = (ScriptHash::derive(&[b"s"]), u16::from(*question));
                Body::Answer(AnswerBody { script, question, value, attempt })
            }
            Said::Attempt { result: number } => {
                attempt = id(seq);
                let (people, corrects) = (Vec::new(), None);
                Body::Attempt(AttemptBody { door: result(*number), people, corrects })
            }
            Said::Note(text) => Body::Note(NoteBody { edits: None, text: text.clone() }),
            Said::DoNotContact => Body::Suppression(SuppressionBody { set: true }),
        };
        let door = DoorRef::Number { cell: 0, ordinal };
        let recorded_at = Timestamp::from_seconds(write.at_ms / 1_000);
        Change { id: id(seq), was: None, door, member, base: Vec::new(), recorded_at, body }
    };
    day.phones[phone].iter().zip(1..).map(change).collect()
}

/// Every phone's segment, signed.
pub fn uploads(day: &Day) -> Uploads {
    let mut made = Uploads { segments: Vec::new(), keys: Vec::new() };
    for phone in 0..day.phones.len() {
        let ids = SeededIds::new(1, &format!("phone {phone}"));
        let key = SigningKey::from_seed(&Key::random(&ids));
        let header = SegmentHeader {
            campaign: campaign(),
            device: DeviceId::from_bytes(day.devices[phone]),
            incarnation: 1,
            first_seq: 1,
            count: 0,
            list: u32::try_from(phone).unwrap_or(0) + 1,
            list_epoch: 1,
            canvasser: None,
        };
        let changes = changes(day, phone);
        let segment = Segment::make(header, &changes, |bytes| key.sign_segment(bytes));
        let segment = segment.expect("a phone's day fits in a segment");
        assert_eq!(segment.header.count as usize, changes.len(), "all of the day");
        made.segments.push(segment.into_bytes());
        made.keys.push(key.public());
    }
    made
}

/// Whether every segment carries its phone's signature.
pub fn are_signed(uploads: &Uploads) -> bool {
    uploads.segments.iter().zip(&uploads.keys).all(|(bytes, key)| {
        Segment::read(bytes.clone()).is_ok_and(|segment| is_segment_signed_by(key, &segment))
    })
}

/// A hub's state: how far it has each device, the log, and a register for each answer.
pub struct Hub {
    marks: HashMap<DeviceId, u64>,
    log: Vec<Vec<WireChange>>,
    answers: Vec<Register<u16>>,
    conflicts: usize,
}

impl Hub {
    pub fn new() -> Self {
        let places = HOUSEHOLDS * MEMBERS * usize::from(QUESTIONS);
        let answers = (0..places).map(|_| Register::default()).collect();
        Self { marks: HashMap::new(), log: Vec::with_capacity(PHONES), answers, conflicts: 0 }
    }

    /// Decodes a segment and merges its changes.
    pub fn take(&mut self, bytes: &[u8]) {
        let segment = Segment::read(bytes.to_vec()).expect("a segment");
        let changes = segment.changes().expect("its changes");
        let mark = self.marks.entry(segment.header.device).or_default();
        assert_eq!(segment.header.first_seq, *mark + 1, "no gap");
        *mark = segment.header.end_seq() - 1;
        changes.iter().for_each(|change| self.merge(change));
        self.log.push(changes);
    }

    fn merge(&mut self, change: &WireChange) {
        let Body::Answer(answer) = &change.body else { return };
        let Some(AnswerCode::Choice(value)) = answer.value else { return };
        let (Some(MemberRef::Number(member)), DoorRef::Number { ordinal, .. }) =
            (change.member, change.door)
        else {
            return;
        };
        let place = (ordinal as usize * MEMBERS + member as usize - 1) * usize::from(QUESTIONS);
        let register = &mut self.answers[place + usize::from(answer.question)];
        register.insert(Entry {
            id: change.id,
            base: change.base.clone(),
            effective: Some(change.recorded_at),
            undone: false,
            value,
        });
        self.conflicts += usize::from(register.conflict().is_some());
    }

    /// Writes that met another value unseen by their author.
    pub fn conflicts(&self) -> usize {
        self.conflicts
    }

    fn events(&self) -> impl Iterator<Item = PageEvent> {
        (1..).zip(self.log.iter().flatten()).map(|(cell_seq, change)| {
            let device = change.id.device;
            // A phone's clock is off by its own amount, measured at its sync.
            let offset_ms = i64::from(device.to_bytes()[0]) * 10 - 1_280;
            PageEvent {
                cell_seq,
                canvasser: CanvasserId::derive(&[&device.to_bytes()]),
                effective: change.recorded_at.plus_millis(offset_ms),
                marks: EventMarks::default(),
                change: change.clone(),
            }
        })
    }

    /// The whole log as event pages.
    pub fn pages(&self) -> Vec<Vec<u8>> {
        let events: Vec<PageEvent> = self.events().collect();
        events
            .chunks(PAGE)
            .map(|events| {
                let upto = events.last().map_or(0, |event| event.cell_seq);
                EventPage { cell: 0, events: events.to_vec(), upto }.to_bytes()
            })
            .collect()
    }

    /// The conflicts that the core's fold shows of the pages, each with both values, and the
    /// fields that have an answer.
    pub fn readable(pages: &[Vec<u8>]) -> (usize, usize) {
        let mut doors: HashMap<HouseholdId, Vec<canvass_core::merge::Write>> = HashMap::new();
        for page in pages {
            for event in EventPage::read(page).expect("a page").events {
                let DoorRef::Number { ordinal, .. } = event.change.door else { continue };
                let door = HouseholdId::derive(&[&ordinal.to_be_bytes()]);
                let person = |member: &MemberRef| match member {
                    MemberRef::Number(n) => Some(PersonId::derive(&[&n.to_be_bytes()])),
                    MemberRef::Met(_) => None,
                };
                let change = event.change.renamed(|_| Some(door), person).expect("known names");
                doors.entry(door).or_default().push(canvass_core::merge::Write {
                    change,
                    canvasser: event.canvasser,
                    effective: Some(event.effective),
                    marks: event.marks,
                });
            }
        }
        let states = doors.iter().map(|(door, writes)| fold(campaign(), *door, &[], writes));
        states.fold((0, 0), |(conflicts, answered), state| {
            let both = state.conflicts.iter().filter(|c| c.candidates.len() == 2).count();
            (conflicts + both, answered + state.answers.len())
        })
    }
}

/// A phone reads the pages of a catch-up.
pub fn read_pages(pages: &[Vec<u8>]) -> usize {
    pages.iter().map(|page| EventPage::read(page).expect("a page").events.len()).sum()
}
