//! Event pages: the form in which sequenced changes come down.
//!
//! A page holds the events of one cell that a device may see, in the cell's order. It is
//! re-encoded for its reader, so it is not signed; the connection vouches for it.

use crate::change::bytes::{CodecError, In, Out};
use crate::change::columns::{Column, DeviceTable, RowDecoder, RowEncoder};
use crate::change::pack::{packed, unpacked};
use crate::change::{DoorRef, Event, EventMarks, MemberRef};
use crate::id::{CanvasserId, ChangeId};
use crate::time::Timestamp;

const VERSION: u8 = 1;
/// The largest body a page may inflate to.
const MAX_BODY_BYTES: usize = 8 << 20;

/// Most events a page holds.
const MAX_EVENTS: usize = 1 << 14;

/// An event as the wire spells it.
pub type PageEvent = Event<DoorRef, MemberRef>;

/// Events of one cell, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventPage {
    /// The cell.
    pub cell: u32,
    /// The events; numbers that are missing between them belong to doors of other lists.
    pub events: Vec<PageEvent>,
    /// The cell's number up to which this page speaks, whether or not its event is in it.
    pub upto: u64,
}

/// Someone who wrote events of this page: device, incarnation, and who held it.
type Author = (u64, u32, CanvasserId);

/// What the columns of authors and effective times are written relative to.
#[derive(Default, Clone, Copy)]
struct AuthorBefore {
    seq: u64,
    offset_ms: i64,
}

impl EventPage {
    /// The page as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let first_second = self.events.first().map_or(0, |e| e.change.recorded_at.seconds());
        let mut rows = RowEncoder::new(DeviceTable::default(), first_second);
        let mut authors: Vec<(Author, AuthorBefore)> = Vec::new();
        let mut cell_seq = 0;
        for event in &self.events {
            let id = event.change.id;
            let author = (rows.devices.place(id.device), id.incarnation, event.canvasser);
            let place = authors.iter().position(|(a, _)| *a == author).unwrap_or_else(|| {
                authors.push((author, AuthorBefore::default()));
                authors.len() - 1
            });
            let before = &mut authors[place].1;
            let offset_ms =
                event.effective.millis().wrapping_sub(event.change.recorded_at.millis());
            rows.column(Column::Author).varint(place as u64);
            rows.column(Column::Number).signed(step(before.seq.wrapping_add(1), id.seq));
            rows.column(Column::CellSeq).varint(event.cell_seq.wrapping_sub(cell_seq));
            rows.column(Column::Effective).signed(offset_ms.wrapping_sub(before.offset_ms));
            rows.column(Column::Marks).byte(event.marks.0);
            (before.seq, before.offset_ms, cell_seq) = (id.seq, offset_ms, event.cell_seq);
            rows.push(&event.change);
        }
        let devices = rows.devices.clone();
        let body = rows.finish();

        let mut out = Out::default();
        out.byte(VERSION);
        out.varint(u64::from(self.cell));
        out.varint(self.upto);
        out.signed(first_second);
        out.varint(devices.0.len() as u64);
        devices.0.iter().for_each(|device| out.raw(&device.to_bytes()));
        out.varint(authors.len() as u64);
        for ((device, incarnation, canvasser), _) in authors {
            out.varint(device);
            out.varint(u64::from(incarnation));
            out.raw(&canvasser.to_bytes());
        }
        out.raw(&packed(&body));
        out.0
    }

    /// Reads a page.
    pub fn read(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut input = In(bytes);
        let version = input.byte()?;
        if version != VERSION {
            return Err(CodecError::NewerFormat { found: version, supported: VERSION });
        }
        let cell = input.varint_u32()?;
        let upto = input.varint()?;
        let first_second = input.signed()?;
        let count = input.count()?;
        let devices = (0..count).map(|_| input.array().map(crate::id::DeviceId::from_bytes));
        let devices = DeviceTable(devices.collect::<Result<_, _>>()?);
        let authors = read_authors(&mut input)?;
        let body = unpacked(input.0, MAX_BODY_BYTES)?;
        let rows = RowDecoder::new(devices.clone(), first_second, &body)?;
        // A tag is a byte, and an event hundreds: the tags alone could be a bomb.
        if rows.left() > MAX_EVENTS {
            return Err(CodecError::TooLarge { what: "events", limit: MAX_EVENTS as u64 });
        }
        let events = read_events(rows, &devices, authors)?;
        if events.last().is_some_and(|event| event.cell_seq > upto) {
            return Err(CodecError::Malformed { what: "cell sequence" });
        }
        Ok(Self { cell, events, upto })
    }
}

#[expect(clippy::cast_possible_wrap, reason = "a wrapped difference is undone by adding it back")]
const fn step(from: u64, to: u64) -> i64 {
    to.wrapping_sub(from) as i64
}

fn read_authors(input: &mut In<'_>) -> Result<Vec<Author>, CodecError> {
    let count = input.count()?;
    let author = |input: &mut In<'_>| {
        Ok((input.varint()?, input.varint_u32()?, CanvasserId::from_bytes(input.array()?)))
    };
    (0..count).map(|_| author(input)).collect()
}

fn read_events(
    mut rows: RowDecoder<'_>,
    devices: &DeviceTable,
    authors: Vec<Author>,
) -> Result<Vec<PageEvent>, CodecError> {
    const MALFORMED: CodecError = CodecError::Malformed { what: "author" };
    let mut authors: Vec<_> =
        authors.into_iter().map(|author| (author, AuthorBefore::default())).collect();
    let mut events = Vec::with_capacity(rows.left());
    let mut cell_seq = 0_u64;
    while rows.left() > 0 {
        let place = usize::try_from(rows.column(Column::Author).varint()?).ok();
        let (author, before) = place.and_then(|place| authors.get_mut(place)).ok_or(MALFORMED)?;
        let device = usize::try_from(author.0).ok().and_then(|d| devices.0.get(d));
        let step = rows.column(Column::Number).signed()?;
        let seq = before.seq.wrapping_add(1).wrapping_add_signed(step);
        let id = ChangeId { device: *device.ok_or(MALFORMED)?, incarnation: author.1, seq };
        let ahead = rows.column(Column::CellSeq).varint()?;
        let next = cell_seq.checked_add(ahead).filter(|_| ahead > 0);
        cell_seq = next.ok_or(CodecError::Malformed { what: "cell sequence" })?;
        let offset_ms = before.offset_ms.wrapping_add(rows.column(Column::Effective).signed()?);
        let marks = EventMarks(rows.column(Column::Marks).byte()?);
        (before.seq, before.offset_ms) = (seq, offset_ms);
        let change = rows.next(id)?;
        let effective_ms = change.recorded_at.millis().wrapping_add(offset_ms);
        let effective = Timestamp::from_millis(effective_ms);
        if effective.millis() != effective_ms {
            return Err(CodecError::Malformed { what: "time" });
        }
        events.push(PageEvent { cell_seq, canvasser: author.2, effective, marks, change });
    }
    rows.end()?;
    Ok(events)
}
