//! From the outbox to segments: made once, signed once, kept as they are until acknowledged.

use std::sync::Arc;

use crate::change::{MAX_SEGMENT_CHANGES, PendingChange, Segment, SegmentHeader, WireChange};
use crate::engine::error::Error;
use crate::engine::lists::OpenList;
use crate::engine::{Main, Opened, Ports};
use crate::id::ListId;
use crate::store::{PendingRow, SegmentRow, StoreError, StoreFile};

/// Changes looked at for one round of segments: some more than a shift's worth.
const ROUND: u32 = 2048;

/// Puts all changes that are in no segment yet into segments, in their order.
pub(super) fn make_all(opened: &Opened, main: &Main, ports: &Ports) -> Result<(), Error> {
    loop {
        let rows = main.db.unsegmented(ROUND)?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut rest = &rows[..];
        while let Some(first) = rest.first() {
            let list = of(opened, main, ports, first.list)?;
            let taken = make_one(opened, main, ports, &list, rest)?;
            rest = &rest[taken..];
        }
    }
}

/// The list that unsent work speaks of. Whether it may still be read does not matter here.
fn of(opened: &Opened, main: &Main, ports: &Ports, id: ListId) -> Result<Arc<OpenList>, Error> {
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
    let changes = same_segment(list, rows)?;
    let wire: Vec<WireChange> =
        changes.iter().map(|change| change.to_wire().ok_or(CORRUPT)).collect::<Result<_, _>>()?;
    let identity = main.identity()?;
    let header = SegmentHeader {
        campaign: identity.campaign,
        device: identity.device,
        incarnation: identity.incarnation,
        first_seq: rows[0].seq,
        count: 0,
        list: list.entry.number,
        list_epoch: changes[0].epoch,
        canvasser: None,
    };
    let sign = |bytes: &[u8]| opened.signing.sign_segment(bytes);
    let segment = Segment::make(header, &wire, sign).ok_or(CORRUPT)?;
    let (first_seq, count) = (header.first_seq, segment.header.count);
    let sealed = list.seal_segment(&*ports.ids, first_seq, segment.bytes());
    let (list, enclosed) = (list.entry.id, false);
    main.db.put_segment(&SegmentRow { first_seq, count, list, sealed, enclosed })?;
    Ok(count as usize)
}

const CORRUPT: Error = Error::Store(StoreError::Corrupt { file: StoreFile::Main });

fn same_segment(list: &OpenList, rows: &[PendingRow]) -> Result<Vec<PendingChange>, Error> {
    let mut changes: Vec<PendingChange> = Vec::new();
    for (row, seq) in rows.iter().zip(rows[0].seq..).take(MAX_SEGMENT_CHANGES) {
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
pub(super) fn next_batch(
    opened: &Opened,
    main: &Main,
    ports: &Ports,
    max_bytes: usize,
) -> Result<Vec<Vec<u8>>, Error> {
    let mut batch: Vec<Vec<u8>> = Vec::new();
    let mut bytes = 0;
    for row in main.db.segments()? {
        let segment = if row.enclosed {
            row.sealed
        } else {
            of(opened, main, ports, row.list)?.unseal_segment(&row)?
        };
        bytes += segment.len();
        if !batch.is_empty() && bytes > max_bytes {
            break;
        }
        batch.push(segment);
    }
    Ok(batch)
}
