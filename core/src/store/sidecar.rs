//! `unsent.seal`: a second copy of unsent work that only the campaign can read.
//!
//! Each save appends a frame, synced before the call returns: an envelope sealed to the
//! campaign's public key. The file survives a damaged or deleted database and a lost key store;
//! `canvass recover` reads it on the campaign's side. It is no log of everything: what the
//! campaign has is dropped now and then.
//!
//! ```text
//! "CVS1" · frames: [kind 1 · length 4 · first 8 bytes of BLAKE3(kind, content) · content]
//! kind 1: an envelope · kind 2: the highest number ever given (incarnation 4 · number 8)
//! kind 0: room was made for a frame whose save is not done yet; it and what follows is not read
//! ```
//!
//! A save makes room for its frame first ([`Sidecar::make_room`]), so that a disk that is full
//! is met while nothing is saved yet; once the database has the save, one byte makes the frame
//! count ([`Sidecar::fill`]), which needs no room.
//!
//! A frame that power cut short is the last one, and counts as never written: its save had not
//! returned.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::change::{Envelope, SegmentHeader};
use crate::store::directory::Directory;
use crate::store::error::{InFile, StoreError, StoreFile};
use crate::store::files;

const MAGIC: &[u8; 4] = b"CVS1";
const ROOM: u8 = 0;
const ENVELOPE: u8 = 1;
const HIGHEST: u8 = 2;
/// Kind, length and check.
const HEAD_BYTES: usize = 13;
const CHECK_BYTES: usize = 8;
const FILE: StoreFile = StoreFile::Sidecar;

/// Where one frame stands, and whose changes it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameAt {
    /// The envelope's header.
    pub header: SegmentHeader,
    at: u64,
    length: usize,
}

/// Room in the file for frames that do not count yet.
#[derive(Debug)]
#[must_use]
pub struct Room {
    frames: Vec<FrameAt>,
    end: u64,
}

/// The open file.
#[derive(Debug)]
pub struct Sidecar {
    directory: PathBuf,
    path: PathBuf,
    file: File,
    end: u64,
    frames: Vec<FrameAt>,
    highest: Option<(u32, u64)>,
}

impl Sidecar {
    /// Opens the file, which is made if it is absent. What stands after the last whole frame is
    /// cut off; a file that is no sidecar is moved aside, to `unsent.damaged`.
    pub fn open(directory: &Directory) -> Result<Self, StoreError> {
        let path = directory.sidecar();
        if is_damaged(&path)? {
            files::rename(&path, &path.with_extension("damaged")).in_file(FILE)?;
        }
        if !path.exists() {
            files::write_aside(directory.path(), &path, MAGIC).in_file(FILE)?;
        }
        let mut file = OpenOptions::new().read(true).write(true).open(&path).in_file(FILE)?;
        let Scanned { frames, highest, end } = Scanned::read(&mut file)?;
        if end < file.metadata().in_file(FILE)?.len() {
            files::truncate(&path, &file, end).in_file(FILE)?;
        }
        Ok(Self { directory: directory.path().to_owned(), path, file, end, frames, highest })
    }

    /// Makes room for frames at the end of the file. They do not count before they are filled;
    /// what is not filled is written over.
    pub fn make_room(&mut self, envelopes: &[Envelope]) -> Result<Room, StoreError> {
        let mut bytes = Vec::new();
        let mut frames = Vec::with_capacity(envelopes.len());
        for envelope in envelopes {
            let frame = frame(ENVELOPE, &envelope.to_bytes());
            let at = self.end + bytes.len() as u64;
            frames.push(FrameAt { header: envelope.header, at, length: frame.len() });
            bytes.extend(frame);
        }
        if let Some(kind) = bytes.first_mut() {
            *kind = ROOM;
        }
        if let Err(error) = files::write_at(&self.path, &self.file, self.end, &bytes) {
            self.leave();
            return Err(StoreError::of_io(&error, FILE));
        }
        Ok(Room { frames, end: self.end + bytes.len() as u64 })
    }

    /// Makes the frames of a room count; they are durable when this returns. Nothing may have
    /// been appended since the room was made.
    pub fn fill(&mut self, room: Room) -> Result<(), StoreError> {
        if room.frames.is_empty() {
            return Ok(());
        }
        let written = files::write_at(&self.path, &self.file, self.end, &[ENVELOPE])
            .and_then(|()| files::sync(&self.path, &self.file));
        if let Err(error) = written {
            self.leave();
            return Err(StoreError::of_io(&error, FILE));
        }
        room.frames.iter().for_each(|frame| self.note(frame.header));
        self.frames.extend(room.frames);
        self.end = room.end;
        Ok(())
    }

    /// Appends envelopes, all or none; they are durable when this returns.
    pub fn append(&mut self, envelopes: &[Envelope]) -> Result<(), StoreError> {
        let room = self.make_room(envelopes)?;
        self.fill(room)
    }

    /// Cuts off what does not count: half a frame would hide those after it.
    pub fn leave(&self) {
        let _as_it_was = files::truncate(&self.path, &self.file, self.end);
    }

    fn note(&mut self, header: SegmentHeader) {
        note_highest(&mut self.highest, header);
    }

    /// The frames, in the order in which they were written.
    #[must_use]
    pub fn frames(&self) -> &[FrameAt] {
        &self.frames
    }

    /// The highest number that was ever given here, with its incarnation.
    #[must_use]
    pub const fn highest(&self) -> Option<(u32, u64)> {
        self.highest
    }

    /// The envelope of a frame, as bytes to send.
    pub fn read(&mut self, frame: FrameAt) -> Result<Vec<u8>, StoreError> {
        let mut bytes = vec![0; frame.length - HEAD_BYTES];
        let from = SeekFrom::Start(frame.at + HEAD_BYTES as u64);
        self.file.seek(from).and_then(|_| self.file.read_exact(&mut bytes)).in_file(FILE)?;
        Ok(bytes)
    }

    /// Keeps only some of the frames, and how far numbers were given: written aside and renamed.
    pub fn keep(&mut self, is_kept: impl Fn(&SegmentHeader) -> bool) -> Result<(), StoreError> {
        if self.frames.iter().all(|frame| is_kept(&frame.header)) {
            return Ok(());
        }
        let mut bytes = MAGIC.to_vec();
        if let Some((incarnation, number)) = self.highest {
            let content = [&incarnation.to_be_bytes()[..], &number.to_be_bytes()].concat();
            bytes.extend(frame(HIGHEST, &content));
        }
        for at in self.frames.clone() {
            if is_kept(&at.header) {
                bytes.extend(frame(ENVELOPE, &self.read(at)?));
            }
        }
        let written = files::write_aside(&self.directory, &self.path, &bytes).in_file(FILE);
        // Also if it failed half-way: what is appended next must go to the file that has the
        // name now, not to one that has lost it.
        self.file = OpenOptions::new().read(true).write(true).open(&self.path).in_file(FILE)?;
        let scanned = Scanned::read(&mut self.file)?;
        (self.frames, self.end) = (scanned.frames, scanned.end);
        written
    }
}

/// The sealed segments in a sidecar's file, wherever it lies: for the campaign to open.
pub fn sealed_segments(path: &Path) -> Result<Vec<Vec<u8>>, StoreError> {
    let bytes = fs::read(path).in_file(FILE)?;
    let scanned = Scanned::of(&bytes).ok_or(StoreError::Corrupt { file: FILE })?;
    let content = |frame: &FrameAt| {
        let from = usize::try_from(frame.at).unwrap_or(usize::MAX);
        bytes[from..][HEAD_BYTES..frame.length].to_vec()
    };
    Ok(scanned.frames.iter().map(content).collect())
}

/// Whether the file is there and does not even begin as one.
fn is_damaged(path: &Path) -> Result<bool, StoreError> {
    let mut magic = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(MAGIC.len() as u64).read_to_end(&mut magic).in_file(FILE)?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(StoreError::of_io(&error, FILE)),
    };
    Ok(magic != MAGIC)
}

struct Scanned {
    frames: Vec<FrameAt>,
    highest: Option<(u32, u64)>,
    end: u64,
}

impl Scanned {
    fn read(file: &mut File) -> Result<Self, StoreError> {
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut bytes)).in_file(FILE)?;
        Self::of(&bytes).ok_or(StoreError::Corrupt { file: FILE })
    }

    /// Reads whole frames for as long as there are any; nothing if this is no sidecar.
    fn of(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let mut scanned = Self { frames: Vec::new(), highest: None, end: MAGIC.len() as u64 };
        while let Some((kind, content)) = whole_frame(rest) {
            let length = HEAD_BYTES + content.len();
            match (kind, content.len()) {
                (ENVELOPE, _) => {
                    let Ok(envelope) = Envelope::read(content) else { break };
                    let (header, at) = (envelope.header, scanned.end);
                    scanned.frames.push(FrameAt { header, at, length });
                    note_highest(&mut scanned.highest, header);
                }
                (HIGHEST, 12) => {
                    let (incarnation, number) = content.split_at(4);
                    let incarnation = u32::from_be_bytes(incarnation.try_into().ok()?);
                    scanned.highest =
                        Some((incarnation, u64::from_be_bytes(number.try_into().ok()?)));
                }
                _ => break,
            }
            scanned.end += length as u64;
            rest = &rest[length..];
        }
        Some(scanned)
    }
}

fn note_highest(highest: &mut Option<(u32, u64)>, header: SegmentHeader) {
    let last = header.end_seq() - 1;
    match highest {
        Some((incarnation, number)) if *incarnation == header.incarnation => {
            *number = last.max(*number);
        }
        _ => *highest = Some((header.incarnation, last)),
    }
}

fn check_of(kind: u8, content: &[u8]) -> [u8; CHECK_BYTES] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[kind]);
    hasher.update(content);
    let mut check = [0; CHECK_BYTES];
    check.copy_from_slice(&hasher.finalize().as_bytes()[..CHECK_BYTES]);
    check
}

fn frame(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes();
    [&[kind][..], &length, &check_of(kind, content), content].concat()
}

fn whole_frame(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (head, rest) = bytes.split_at_checked(HEAD_BYTES)?;
    let length = u32::from_be_bytes(head[1..5].try_into().ok()?);
    let content = rest.get(..usize::try_from(length).ok()?)?;
    (check_of(head[0], content) == head[5..]).then_some((head[0], content))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{CampaignId, DeviceId};

    fn envelope(first_seq: u64) -> Envelope {
        let header = SegmentHeader {
            campaign: CampaignId::derive(&[b"c"]),
            device: DeviceId::derive(&[b"d"]),
            incarnation: 1,
            first_seq,
            count: 2,
            list: 1,
            list_epoch: 1,
            canvasser: None,
        };
        Envelope { header, for_campaign: vec![1], for_list: vec![], body: vec![2; 40] }
    }

    fn bytes(count: u64) -> Vec<u8> {
        let frames = (0..count).map(|n| frame(ENVELOPE, &envelope(1 + 2 * n).to_bytes()));
        std::iter::once(MAGIC.to_vec()).chain(frames).collect::<Vec<_>>().concat()
    }

    #[test]
    fn a_torn_tail_hides_nothing_before_it() {
        let (whole, shorter) = (bytes(3), bytes(2));
        for cut in shorter.len()..whole.len() {
            let scanned = Scanned::of(&whole[..cut]).expect("a sidecar");
            assert_eq!((scanned.frames.len(), scanned.end), (2, shorter.len() as u64));
            assert_eq!(scanned.highest, Some((1, 4)));
        }
        for at in shorter.len()..whole.len() {
            let mut torn = whole.clone();
            torn[at] ^= 0x10;
            assert_eq!(Scanned::of(&torn).expect("a sidecar").frames.len(), 2, "byte {at}");
        }
        assert!(Scanned::of(b"CVS").is_none());
    }
    /// Refuses to make names durable below a folder that bears its name.
    struct Refusing;

    impl files::FileLayer for Refusing {
        fn before(&self, path: &Path, operation: files::FileOperation<'_>) -> std::io::Result<()> {
            let is_meant = path.ends_with("canvass-refused-sync");
            match operation {
                files::FileOperation::SyncFolder if is_meant => Err(ErrorKind::Other.into()),
                _ => Ok(()),
            }
        }
    }

    #[test]
    fn what_is_added_after_a_rewriting_that_failed_is_in_the_file() {
        let folder = std::env::temp_dir()
            .join(format!("canvass-sidecar-{}", std::process::id()))
            .join("canvass-refused-sync");
        let directory = Directory::lock(&folder).expect("a directory");
        fs::write(directory.sidecar(), bytes(2)).expect("a sidecar");
        let mut sidecar = Sidecar::open(&directory).expect("opened");
        files::put_under_files(Box::new(Refusing));
        assert!(sidecar.keep(|header| header.first_seq > 1).is_err());
        sidecar.append(&[envelope(5)]).expect("appended");
        let firsts = |sidecar: &Sidecar| -> Vec<u64> {
            sidecar.frames().iter().map(|frame| frame.header.first_seq).collect()
        };
        assert_eq!(firsts(&sidecar), [3, 5]);
        assert_eq!(firsts(&Sidecar::open(&directory).expect("opened")), [3, 5]);
        fs::remove_dir_all(folder.parent().expect("a folder")).expect("removed");
    }
}
