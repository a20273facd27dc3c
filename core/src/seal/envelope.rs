//! Closing and opening envelopes.

use crate::change::{Envelope, Segment, SegmentHeader};
use crate::ports::IdSource;
use crate::seal::{Key, OpeningKey, SealError, seal_to};

/// What a share key wraps content keys for.
const SHARE_PURPOSE: &str = "canvass envelope for a list v1";

/// Seals a segment for its campaign, and for the holders of its list if their key is given.
///
/// An error means that `campaign` is no public key.
pub fn enclose(
    segment: &Segment,
    campaign: &[u8; 32],
    share: Option<&Key>,
    ids: &dyn IdSource,
) -> Result<Envelope, SealError> {
    let header = SegmentHeader { canvasser: None, ..segment.header };
    let context = Envelope::context(&header);
    let key = Key::random(ids);
    let wrap = |share: &Key| share.derived(SHARE_PURPOSE).seal(ids, &context, key.bytes());
    Ok(Envelope {
        header,
        for_campaign: seal_to(campaign, ids, &context, key.bytes())?,
        for_list: share.map(wrap).unwrap_or_default(),
        body: key.seal(ids, &context, segment.bytes()),
    })
}

/// The segment inside, opened by the campaign. Its signature is still to be checked.
pub fn open_for_campaign(envelope: &Envelope, key: &OpeningKey) -> Result<Segment, SealError> {
    let context = Envelope::context(&envelope.header);
    inside(envelope, &context, &key.open(&context, &envelope.for_campaign)?)
}

/// The segment inside, opened by a holder of the list. Its signature is still to be checked.
pub fn open_for_list(envelope: &Envelope, share: &Key) -> Result<Segment, SealError> {
    let context = Envelope::context(&envelope.header);
    let key = share.derived(SHARE_PURPOSE).open(&context, &envelope.for_list)?;
    inside(envelope, &context, &key)
}

fn inside(envelope: &Envelope, context: &[u8], key: &[u8]) -> Result<Segment, SealError> {
    let key = Key::from_slice(key).ok_or(SealError)?;
    let bytes = key.open(context, &envelope.body)?;
    let segment = Segment::read(bytes).map_err(|_| SealError)?;
    let header = SegmentHeader { canvasser: None, ..segment.header };
    if header == envelope.header { Ok(segment) } else { Err(SealError) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Body, Change, DoorRef, NoteBody};
    use crate::id::{CampaignId, ChangeId, DeviceId};
    use crate::ports::SeededIds;
    use crate::seal::SigningKey;
    use crate::time::Timestamp;

    fn segment(signing: &SigningKey) -> Segment {
        let header = SegmentHeader {
            campaign: CampaignId::derive(&[b"c"]),
            device: DeviceId::derive(&[b"d"]),
            incarnation: 1,
            first_seq: 4,
            count: 0,
            list: 2,
            list_epoch: 1,
            canvasser: None,
        };
        let id = ChangeId { device: header.device, incarnation: 1, seq: 4 };
        let body = Body::Note(NoteBody { edits: None, text: "Side door.".into() });
        let change = Change {
            id,
            was: None,
            door: DoorRef::Number { cell: 0, ordinal: 1 },
            member: None,
            base: Vec::new(),
            recorded_at: Timestamp::from_seconds(9),
            body,
        };
        Segment::make(header, &[change], |bytes| signing.sign_segment(bytes)).expect("it fits")
    }

    #[test]
    fn an_envelope_opens_for_its_campaign_and_its_list_only() {
        let ids = SeededIds::new(5, "envelope");
        let signing = SigningKey::from_seed(&Key::random(&ids));
        let (own, other) =
            (OpeningKey::from_seed(&Key::random(&ids)), OpeningKey::from_seed(&Key::random(&ids)));
        let (share, elsewhere) = (Key::random(&ids), Key::random(&ids));
        let segment = segment(&signing);
        let envelope = enclose(&segment, &own.public(), Some(&share), &ids).expect("sealed");
        let read = Envelope::read(&envelope.to_bytes()).expect("an envelope");
        assert_eq!(read, envelope);
        assert_eq!(open_for_campaign(&read, &own), Ok(segment.clone()));
        assert_eq!(open_for_list(&read, &share), Ok(segment.clone()));
        assert_eq!(open_for_campaign(&read, &other), Err(SealError));
        assert_eq!(open_for_list(&read, &elsewhere), Err(SealError));

        let mut claimed = read.clone();
        claimed.header.first_seq = 5;
        assert_eq!(open_for_campaign(&claimed, &own), Err(SealError), "the header is bound");
        let alone = enclose(&segment, &own.public(), None, &ids).expect("sealed");
        assert_eq!(open_for_list(&alone, &share), Err(SealError));
        assert_eq!(open_for_campaign(&alone, &own), Ok(segment));
    }

    #[test]
    fn damaged_envelopes_are_refused() {
        let ids = SeededIds::new(6, "envelope");
        let signing = SigningKey::from_seed(&Key::random(&ids));
        let own = OpeningKey::from_seed(&Key::random(&ids));
        let envelope = enclose(&segment(&signing), &own.public(), None, &ids).expect("sealed");
        let bytes = envelope.to_bytes();
        for at in 0..bytes.len() {
            assert!(Envelope::read(&bytes[..at]).is_err());
            let mut altered = bytes.clone();
            altered[at] ^= 0x40;
            if let Ok(read) = Envelope::read(&altered) {
                assert!(open_for_campaign(&read, &own).is_err(), "byte {at}");
            }
        }
    }
}
