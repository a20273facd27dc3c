//! From the outbox to segments: made once, signed once, kept as they are until acknowledged.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::change::{
    Envelope, MAX_SEGMENT_CHANGES, PendingChange, Segment, SegmentHeader, WireChange,
};
use crate::engine::error::Error;
use crate::engine::lists::OpenList;
use crate::engine::{Main, Opened, Ports, bundle, sealed};
use crate::id::{DeviceId, ListId};
use crate::store::{Identity, PendingRow, SegmentRow, StoreError, StoreFile};

/// Changes looked at for one round of segments: some more than a shift's worth.
const ROUND: u32 = 2048;

/// Puts all changes that are in no segment yet into segments, in their order. What this phone
/// can no longer read goes as the sealed copy that was made when it was saved.
pub(super) fn make_all(opened: &Opened, main: &Main, ports: &Ports) -> Result<(), Error> {
    loop {
        let rows = main.db.unsegmented(ROUND)?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut rest = &rows[..];
        while let Some(first) = rest.first() {
            let taken = match of(opened, main, ports, first.list) {
                Ok(list) => make_one(opened, main, ports, &list, rest)?,
                Err(error) if error.is_of_closed_list() => take_frame(main, rest)?.ok_or(error)?,
                Err(error) => return Err(error),
            };
            rest = &rest[taken..];
        }
    }
}

/// The list that unsent work speaks of. Whether it may still be read does not matter here.
pub(super) fn of(
    opened: &Opened,
    main: &Main,
    ports: &Ports,
    id: ListId,
) -> Result<Arc<OpenList>, Error> {
    let entry = main.db.list(id)?.ok_or(CORRUPT)?;
    opened.open_list(main, ports, &entry)
}

/// Makes one segment of the first rows that are of one list and one epoch; gives how many.
fn make_one(
    opened: &Opened,
    main: &Main,
    ports: &Ports,
    list: &OpenList,
    rows: &[PendingRow],
) -> Result<usize, Error> {
    let changes = run_of(list, rows)?;
    let segment = segment_of(opened, main.identity()?, list, &changes)?;
    let SegmentHeader { first_seq, count, .. } = segment.header;
    let sealed = list.seal_segment(&*ports.ids, first_seq, segment.bytes());
    let list = list.entry.id;
    main.db.put_segment(&SegmentRow { first_seq, count, list, sealed, enclosed: false })?;
    Ok(count as usize)
}

/// Has the sealed copy of the first row sent in its place; gives how many rows it holds.
fn take_frame(main: &Main, rows: &[PendingRow]) -> Result<Option<usize>, Error> {
    let (first_seq, list) = (rows[0].seq, rows[0].list);
    let Some((end_seq, sealed)) = sealed::frame_of(main, first_seq)? else { return Ok(None) };
    let count = u32::try_from(end_seq - first_seq).map_err(|_| CORRUPT)?;
    main.db.put_segment(&SegmentRow { first_seq, count, list, sealed, enclosed: true })?;
    Ok(Some(rows.iter().take_while(|row| row.seq < end_seq).count()))
}

/// The segment of these changes of one list: all of them, or as many as fit.
pub(super) fn segment_of(
    opened: &Opened,
    identity: &Identity,
    list: &OpenList,
    changes: &[PendingChange],
) -> Result<Segment, Error> {
    let wire: Vec<WireChange> =
        changes.iter().map(|change| change.to_wire().ok_or(CORRUPT)).collect::<Result<_, _>>()?;
    let first = changes.first().ok_or(CORRUPT)?;
    let header = SegmentHeader {
        campaign: identity.campaign,
        device: identity.device,
        incarnation: identity.incarnation,
        first_seq: first.change.id.seq,
        count: 0,
        list: list.entry.number,
        list_epoch: first.epoch,
        canvasser: None,
    };
    let sign = |bytes: &[u8]| opened.signing.sign_segment(bytes);
    Segment::make(header, &wire, sign).ok_or(CORRUPT)
}

const CORRUPT: Error = Error::Store(StoreError::Corrupt { file: StoreFile::Main });

/// The first rows that fit into one segment: of this list, of one epoch, without a gap.
pub(super) fn run_of(list: &OpenList, rows: &[PendingRow]) -> Result<Vec<PendingChange>, Error> {
    let mut changes: Vec<PendingChange> = Vec::new();
    let Some(first) = rows.first() else { return Ok(changes) };
    for (row, seq) in rows.iter().zip(first.seq..).take(MAX_SEGMENT_CHANGES) {
        if row.list != list.entry.id || row.seq != seq {
            break;
        }
        let change = list.unseal(row)?;
        if changes.first().is_some_and(|first| first.epoch != change.epoch) {
            break;
        }
        changes.push(change);
    }
    Ok(changes)
}

/// The bytes of the next segments to push: at most `max_bytes` together, but at least one.
/// Sealed work of earlier incarnations comes first, then what is carried for others, but for
/// what `skipped` says; nothing is carried by whoever is shut out.
pub(super) fn next_batch(
    opened: &Opened,
    main: &Main,
    ports: &Ports,
    max_bytes: usize,
    skipped: Option<&BTreeSet<(DeviceId, u32, u64)>>,
) -> Result<Vec<Vec<u8>>, Error> {
    let mut batch = Batch { max_bytes, bytes: 0, segments: Vec::new() };
    for envelope in sealed::of_earlier_incarnations(main)? {
        if !batch.add(envelope) {
            return Ok(batch.segments);
        }
    }
    let receipts = main.db.receipts()?;
    let carried = if skipped.is_some() { main.db.relayed()? } else { Vec::new() };
    for relay in carried {
        let place = (relay.device, relay.incarnation, relay.first_seq);
        let is_skipped = skipped.is_some_and(|skipped| skipped.contains(&place));
        let is_to_send = !is_skipped && !bundle::has_receipt(&receipts, &relay);
        if is_to_send && !batch.add(relay.envelope) {
            return Ok(batch.segments);
        }
    }
    for row in main.db.segments()? {
        let segment = if row.enclosed {
            row.sealed
        } else {
            match of(opened, main, ports, row.list) {
                Ok(list) => list.unseal_segment(&row)?,
                // The list has gone since: its segment is made again, from the sealed copy.
                Err(error) if error.is_of_closed_list() => break,
                Err(error) => return Err(error),
            }
        };
        if !batch.add(segment) {
            break;
        }
    }
    Ok(batch.segments)
}

/// Segments for one request.
struct Batch {
    max_bytes: usize,
    bytes: usize,
    segments: Vec<Vec<u8>>,
}

impl Batch {
    /// Adds a segment if there is room for it, or if it is the first; whether it was added.
    fn add(&mut self, segment: Vec<u8>) -> bool {
        self.bytes += segment.len();
        let fits = self.segments.is_empty() || self.bytes <= self.max_bytes;
        if fits {
            self.segments.push(segment);
        }
        fits
    }
}

/// The header of a sealed segment; nothing for a plain one.
pub(super) fn header_of_sealed(bytes: &[u8]) -> Option<SegmentHeader> {
    Envelope::is_one(bytes).then(|| Envelope::read(bytes).ok().map(|e| e.header)).flatten()
}
