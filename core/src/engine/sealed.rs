//! The sealed second copy of unsent work: kept up with each save, and sent in place of what can
//! no longer be read here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::change::{Envelope, PendingChange, SegmentHeader};
use crate::engine::error::Error;
use crate::engine::lists::OpenList;
use crate::engine::{Engine, Main, Opened, Ports, incarnation, segments};
use crate::seal::enclose;
use crate::store::{Room, Sidecar, StoreError, StoreFile};

/// So many frames that the campaign has are dropped at once while others are kept: each time the
/// file is written anew.
const TIDY_FRAMES: usize = 64;

impl Engine {
    /// The path of the sealed copy of this phone's unsent work. If its database cannot be opened
    /// any more, the app hands this file to the campaign, which alone can read it.
    pub fn sealed_copy(&self) -> Result<PathBuf, Error> {
        Ok(self.opened()?.directory.sidecar())
    }
}

/// Opens the sidecar of a phone that is enrolled, and makes up for frames that are missing.
pub(super) fn open(opened: &Opened, main: &mut Main, ports: &Ports) -> Result<(), Error> {
    let is_enrolled = main.identity.as_ref().is_some_and(|identity| identity.keys.is_some());
    if !is_enrolled || main.sidecar.borrow().is_some() {
        return Ok(());
    }
    *main.sidecar.borrow_mut() = Some(Sidecar::open(&opened.directory)?);
    if let Err(error) = incarnation::check_restored(opened, main, ports) {
        // Once it counts as open nobody checks again, and numbers could be given twice.
        *main.sidecar.borrow_mut() = None;
        return Err(error);
    }
    complete(opened, main, ports)
}

/// As [`open`], before something is saved: an enrolment may have ended on a full disk, before the
/// sealed copy was there. What keeps it from being opened for good keeps nobody from recording.
pub(super) fn open_for_saving(
    opened: &Opened,
    main: &mut Main,
    ports: &Ports,
) -> Result<(), Error> {
    match open(opened, main, ports) {
        Err(full @ Error::Store(StoreError::Full)) => Err(full),
        _ => Ok(()),
    }
}

/// Makes room for the frames of changes that are about to be saved; none on a phone that is not
/// enrolled. What is missing before them is written first.
pub(super) fn make_room(
    opened: &Opened,
    main: &Main,
    ports: &Ports,
    list: &OpenList,
    changes: &[PendingChange],
) -> Result<Option<Room>, Error> {
    let Some(first) = changes.first() else { return Ok(None) };
    let highest = main.sidecar.borrow().as_ref().map(Sidecar::highest);
    let Some(highest) = highest else { return Ok(None) };
    let id = first.change.id;
    let expected = highest.filter(|(incarnation, _)| *incarnation == id.incarnation);
    if expected.map_or(0, |(_, seq)| seq) + 1 != id.seq {
        complete(opened, main, ports)?;
    }
    let envelopes = envelopes_of(opened, main, ports, list, changes)?;
    let mut sidecar = main.sidecar.borrow_mut();
    Ok(sidecar.as_mut().map(|sidecar| sidecar.make_room(&envelopes)).transpose()?)
}

/// Makes the frames of changes that have been saved count.
pub(super) fn fill(main: &Main, room: Room) -> Result<(), Error> {
    let mut sidecar = main.sidecar.borrow_mut();
    Ok(sidecar.as_mut().map_or(Ok(()), |sidecar| sidecar.fill(room))?)
}

/// Takes back the room of changes that could not be saved.
pub(super) fn leave(main: &Main) {
    if let Some(sidecar) = main.sidecar.borrow().as_ref() {
        sidecar.leave();
    }
}

/// Writes the frames that are missing: after a power cut, and before a list's key is destroyed.
pub(super) fn complete(opened: &Opened, main: &Main, ports: &Ports) -> Result<(), Error> {
    let incarnation = main.identity()?.incarnation;
    let covered: BTreeMap<u64, u64> = match main.sidecar.borrow().as_ref() {
        Some(sidecar) => {
            let headers = sidecar.frames().iter().map(|frame| &frame.header);
            let of_now = headers.filter(|header| header.incarnation == incarnation);
            of_now.map(|header| (header.first_seq, header.end_seq())).collect()
        }
        None => return Ok(()),
    };
    // Frames of one incarnation do not overlap; if two ever did, one more would be written.
    let is_covered =
        |seq: u64| covered.range(..=seq).next_back().is_some_and(|(_, end_seq)| seq < *end_seq);
    let missing = main.db.unsent(|seq| !is_covered(seq))?;
    if !missing.is_empty() {
        // What a process that was killed wrote may be read again, and still be gone after a
        // power cut. The copy must not outlive it: the database would pass for one put back.
        main.db.write_back()?;
    }
    let mut rest = &missing[..];
    while let Some(first) = rest.first() {
        // What cannot be read any more has its frame already, or never will.
        let Ok(list) = opened.list(main, ports, first.list) else {
            rest = &rest[1..];
            continue;
        };
        let changes = segments::run_of(&list, rest)?;
        append(opened, main, ports, &list, &changes)?;
        rest = &rest[changes.len()..];
    }
    Ok(())
}

fn append(
    opened: &Opened,
    main: &Main,
    ports: &Ports,
    list: &OpenList,
    changes: &[PendingChange],
) -> Result<(), Error> {
    let envelopes = envelopes_of(opened, main, ports, list, changes)?;
    let mut sidecar = main.sidecar.borrow_mut();
    // One at a time: of many, those that have room are kept.
    let mut each = envelopes.chunks(1);
    Ok(sidecar.as_mut().map_or(Ok(()), |sidecar| each.try_for_each(|e| sidecar.append(e)))?)
}

/// The changes as segments sealed to the campaign.
fn envelopes_of(
    opened: &Opened,
    main: &Main,
    ports: &Ports,
    list: &OpenList,
    changes: &[PendingChange],
) -> Result<Vec<Envelope>, Error> {
    let identity = main.identity()?;
    let Some(keys) = &identity.keys else { return Ok(Vec::new()) };
    let mut rest = changes;
    let mut envelopes = Vec::new();
    while !rest.is_empty() {
        let segment = segments::segment_of(opened, identity, list, rest)?;
        rest = &rest[segment.header.count as usize..];
        let envelope = enclose(&segment, &keys.sealing, None, &*ports.ids);
        envelopes.push(envelope.map_err(|_| CORRUPT)?);
    }
    Ok(envelopes)
}

const CORRUPT: Error = Error::Store(StoreError::Corrupt { file: StoreFile::Sidecar });

/// Drops the frames of an incarnation up to a number: the campaign has them.
pub(super) fn drop_up_to(main: &Main, incarnation: u32, seq: u64) -> Result<(), Error> {
    let now = main.identity()?.incarnation;
    let mut sidecar = main.sidecar.borrow_mut();
    let Some(sidecar) = sidecar.as_mut() else { return Ok(()) };
    let is_done =
        |header: &SegmentHeader| header.incarnation == incarnation && header.end_seq() <= seq + 1;
    let done = sidecar.frames().iter().filter(|frame| is_done(&frame.header)).count();
    let all = done == sidecar.frames().len();
    if done > 0 && (all || done >= TIDY_FRAMES || incarnation != now) {
        sidecar.keep(|header| !is_done(header))?;
    }
    Ok(())
}

/// The sealed segments of earlier incarnations: they are sent before all else.
pub(super) fn of_earlier_incarnations(main: &Main) -> Result<Vec<Vec<u8>>, Error> {
    let now = main.identity()?.incarnation;
    let mut sidecar = main.sidecar.borrow_mut();
    let Some(sidecar) = sidecar.as_mut() else { return Ok(Vec::new()) };
    let frames = sidecar.frames().to_vec();
    let earlier = frames.into_iter().filter(|frame| frame.header.incarnation != now);
    Ok(earlier.map(|frame| sidecar.read(frame)).collect::<Result<_, _>>()?)
}

/// The sealed segment that holds this change, and the number after its last one.
pub(super) fn frame_of(main: &Main, seq: u64) -> Result<Option<(u64, Vec<u8>)>, Error> {
    let now = main.identity()?.incarnation;
    let mut sidecar = main.sidecar.borrow_mut();
    let Some(sidecar) = sidecar.as_mut() else { return Ok(None) };
    let holds = |header: &SegmentHeader| {
        header.incarnation == now && (header.first_seq..header.end_seq()).contains(&seq)
    };
    let found = sidecar.frames().iter().copied().find(|frame| holds(&frame.header));
    let Some(frame) = found else { return Ok(None) };
    Ok(Some((frame.header.end_seq(), sidecar.read(frame)?)))
}
