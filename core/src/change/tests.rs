//! The codecs as properties: what goes in comes out, and no bytes can hurt a reader.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::geometry::Point;
use crate::id::{CampaignId, DeviceId, ScriptHash};
use crate::survey::{
    AnswerCode, AskKind, AskState, Channels, Consent, ConsentWords, ContactChannel,
};
use crate::walklist::{Access, Address, CanvassResult, TimeWindow};

fn device(n: u8) -> DeviceId {
    DeviceId::derive(&[&[n]])
}

fn change_ids() -> impl Strategy<Value = ChangeId> {
    (0_u8..4, 0_u32..3, 1_u64..300).prop_map(|(n, incarnation, seq)| ChangeId {
        device: device(n),
        incarnation,
        seq,
    })
}

fn doors() -> impl Strategy<Value = DoorRef> {
    prop_oneof![
        9 => (0_u32..3, 0_u32..2000).prop_map(|(cell, ordinal)| DoorRef::Number { cell, ordinal }),
        1 => any::<(u32, u32)>().prop_map(|(cell, ordinal)| DoorRef::Number { cell, ordinal }),
        1 => change_ids().prop_map(DoorRef::Met),
    ]
}

fn members() -> impl Strategy<Value = MemberRef> {
    prop_oneof![
        9 => (1_u32..6).prop_map(MemberRef::Number),
        1 => (1_u32..).prop_map(MemberRef::Number),
        1 => change_ids().prop_map(MemberRef::Met),
    ]
}

fn results() -> impl Strategy<Value = CanvassResult> {
    (1_u8..16).prop_map(|n| CanvassResult::from_number(n).expect("1 to 15"))
}

fn answer_codes() -> impl Strategy<Value = AnswerCode> {
    prop_oneof![
        any::<u16>().prop_map(AnswerCode::Choice),
        (0_u16..8).prop_map(AnswerCode::Choice),
        proptest::collection::btree_set(any::<u16>(), 1..5)
            .prop_map(|set| AnswerCode::Choices(set.into_iter().collect())),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(AnswerCode::Number),
        (-1000_i32..1000).prop_map(|n| AnswerCode::Number(f64::from(n))),
        ".{0,20}".prop_map(AnswerCode::Text),
        any::<i32>().prop_map(AnswerCode::Scale),
        (0_i32..11).prop_map(AnswerCode::Scale),
        any::<i32>().prop_map(AnswerCode::Date),
    ]
}

fn points() -> impl Strategy<Value = Point> {
    (1_i32..900_000_000, any::<i32>())
        .prop_map(|(lat, lon)| Point::from_e7(lat, lon % 1_800_000_000))
}

/// Fields that the first builds know, or those that came later: a change has one sort.
fn imported_writes(fields: std::ops::Range<u8>) -> impl Strategy<Value = ImportedWrite<MemberRef>> {
    (option::of(members()), fields, option::of(1_u64..9), ".{0,9}").prop_map(
        |(member, field, previous, value)| ImportedWrite {
            member,
            field: ImportedField::from_number(field).expect("a field"),
            previous,
            value,
        },
    )
}

#[test]
fn what_the_first_builds_cannot_read_goes_by_a_kind_of_its_own() {
    let write = |field| ImportedWrite {
        member: Some(MemberRef::Number(1)),
        field,
        previous: None,
        value: "1".to_owned(),
    };
    let of = |fields: &[ImportedField]| {
        let writes = fields.iter().map(|field| write(*field)).collect();
        Body::Imported(ImportedBody { writes })
    };
    let first = of(&[ImportedField::Voted]);
    let later = of(&[ImportedField::DoNotCall, ImportedField::DoNotText]);
    assert_eq!((first.kind(), later.kind()), (8, 17));
    let row = ChangeId { device: DeviceId::derive(&[b"file"]), incarnation: 2, seq: 1 };
    for (body, other) in [(&first, 17), (&later, 8)] {
        let block = blocks::encoded(row, body);
        assert_eq!(&blocks::decoded(row, body.kind(), &block), body);
        let unread = Body::Unknown { kind: other, bytes: block.clone() };
        assert_eq!(blocks::decoded(row, other, &block), unread, "not the other's");
    }
}

fn asks() -> impl Strategy<Value = AskBody> {
    let kind = prop_oneof![
        (1_u8..6).prop_map(|n| AskKind::from_number(n).expect("1 to 5")),
        "[a-z0-9_-]{1,40}".prop_filter_map("free", |name| AskKind::own(&name)),
    ];
    let words = prop_oneof![
        any::<[u8; 16]>().prop_map(ConsentWords::Hash),
        (any::<u8>(), any::<u16>()).prop_map(|(script, question)| {
            ConsentWords::Question { script: ScriptHash::derive(&[&[script]]), question }
        }),
    ];
    let given = (words, "[a-zA-Z-]{0,35}", 1_u8..16).prop_map(|(words, language, channels)| {
        let channels = Channels::from_bits(channels).expect("four bits");
        ConsentWord::Given(Consent { words, language, channels })
    });
    let consent = option::of(prop_oneof![given, Just(ConsentWord::Withdrawn)]);
    let state = option::of((1_u8..4).prop_map(|n| AskState::from_number(n).expect("1 to 3")));
    let ask = (kind, state, consent, option::of(change_ids()));
    ask.prop_filter_map("something is said", |(kind, state, consent, during)| {
        let says = state.is_some() || consent.is_some();
        says.then_some(AskBody { kind, state, consent, during })
    })
}

fn follow_ups() -> impl Strategy<Value = FollowUpBody> {
    let window = (any::<i32>(), 1_i64..10_080, -840_i32..841);
    (window, option::of(change_ids())).prop_map(|((from, length, offset), during)| {
        let window = TimeWindow::from_minutes(i64::from(from), length, offset);
        FollowUpBody { window: window.expect("a window"), during }
    })
}

fn reaches() -> impl Strategy<Value = ReachBody> {
    let result =
        option::of((16_u8..23).prop_map(|n| CanvassResult::from_number(n).expect("of calls")));
    let channel = prop_oneof![Just(ContactChannel::Phone), Just(ContactChannel::Text)];
    (change_ids(), channel, "[0-9 +]{0,12}", result).prop_map(
        |(attempt, channel, number, result)| ReachBody { attempt, channel, number, result },
    )
}

fn bodies() -> impl Strategy<Value = Body<MemberRef>> {
    let attempt =
        (option::of(results()), vec((members(), results()), 0..3), option::of(change_ids()))
            .prop_map(|(door, people, corrects)| {
                Body::Attempt(AttemptBody { door, people, corrects })
            });
    let answer = (0_u8..2, 0_u16..40, option::of(answer_codes()), change_ids()).prop_map(
        |(script, question, value, attempt)| {
            let script = ScriptHash::derive(&[&[script]]);
            Body::Answer(AnswerBody { script, question, value, attempt })
        },
    );
    let contact = (any::<bool>(), 0_u8..3, ".{0,12}").prop_map(|(phone, mark, value)| {
        let medium = if phone { ContactMedium::Phone } else { ContactMedium::Email };
        let mark = [ContactMark::Good, ContactMark::Wrong, ContactMark::Primary][usize::from(mark)];
        Body::Contact(ContactBody { medium, mark, value })
    });
    let person =
        (".{0,9}", ".{0,9}", "[a-z]{0,2}").prop_map(|(given_name, family_name, language)| {
            Body::PersonMet(PersonMetBody { given_name, family_name, language })
        });
    let door = (".{0,5}", ".{0,9}", points()).prop_map(|(house_number, street, point)| {
        let address = Address { house_number, street, ..Address::default() };
        Body::DoorMet(DoorMetBody { address, point })
    });
    prop_oneof![
        4 => attempt,
        6 => answer,
        1 => any::<bool>().prop_map(|set| Body::Suppression(SuppressionBody { set })),
        1 => (option::of(change_ids()), ".{0,30}")
            .prop_map(|(edits, text)| Body::Note(NoteBody { edits, text })),
        1 => change_ids().prop_map(Body::Undo),
        1 => contact,
        1 => person,
        1 => door,
        1 => vec(imported_writes(1..9), 0..4).prop_map(|writes| Body::Imported(ImportedBody { writes })),
        1 => vec(imported_writes(44..46), 1..4).prop_map(|writes| Body::Imported(ImportedBody { writes })),
        1 => prop_oneof![Just(Body::Erasure), Just(Body::Erased), Just(Body::Claim)],
        1 => (proptest::sample::select(CorrectedField::ALL.as_slice()), ".{0,9}")
            .prop_map(|(field, value)| Body::Correction(CorrectionBody { field, value })),
        1 => asks().prop_map(Body::Ask),
        1 => follow_ups().prop_map(Body::FollowUp),
        1 => change_ids().prop_map(Body::Literature),
        1 => reaches().prop_map(Body::Reach),
        1 => (0_u8..4).prop_map(|n| Body::Access(Access::from_number(n).expect("an access"))),
        1 => (19_u16.., vec(any::<u8>(), 0..20)).prop_map(|(kind, bytes)| Body::Unknown { kind, bytes }),
    ]
}

prop_compose! {
    fn changes()(
        was in prop_oneof![9 => Just(None), 1 => change_ids().prop_map(Some)],
        door in doors(),
        member in option::of(members()),
        base in proptest::collection::btree_set(change_ids(), 0..3),
        second in prop_oneof![1_790_000_000_i64..1_790_090_000, any::<i32>().prop_map(i64::from)],
        body in bodies(),
        id in change_ids(),
    ) -> WireChange {
        let recorded_at = Timestamp::from_seconds(second);
        let base = base.into_iter().collect();
        WireChange { id, was, door, member, base, recorded_at, body }
    }
}

fn header() -> SegmentHeader {
    SegmentHeader {
        campaign: CampaignId::derive(&[b"campaign"]),
        device: device(0),
        incarnation: 1,
        first_seq: 500,
        count: 0,
        list: 7,
        list_epoch: 2,
        canvasser: None,
    }
}

/// Numbers the changes as a device would, from the header's first on.
fn numbered(mut changes: Vec<WireChange>) -> Vec<WireChange> {
    let SegmentHeader { device, incarnation, first_seq, .. } = header();
    for (change, seq) in changes.iter_mut().zip(first_seq..) {
        change.id = ChangeId { device, incarnation, seq };
    }
    changes
}

proptest! {
    #[test]
    fn a_segment_gives_back_its_changes(changes in vec(changes(), 1..40).prop_map(numbered)) {
        let segment = Segment::make(header(), &changes, |_| [9; SIGNATURE_BYTES]).expect("it fits");
        prop_assert_eq!(segment.header.count as usize, changes.len());
        let read = Segment::read(segment.clone().into_bytes());
        prop_assert_eq!(&read, &Ok(segment));
        prop_assert_eq!(read.expect("just compared").changes(), Ok(changes));
    }

    #[test]
    fn a_page_gives_back_its_events(
        changes in vec((changes(), 1_u64..4, 0_u8..3, 0_i64..10_000, 0_u8..4), 0..40),
    ) {
        let mut cell_seq = 0;
        let events = changes.into_iter().map(|(change, ahead, who, offset, marks)| {
            cell_seq += ahead;
            PageEvent {
                cell_seq,
                canvasser: CanvasserId::derive(&[&[who]]),
                effective: change.recorded_at.plus_millis(offset),
                marks: EventMarks(marks),
                change,
            }
        });
        let page = EventPage { cell: 3, events: events.collect(), upto: 1000 };
        prop_assert_eq!(EventPage::read(&page.to_bytes()), Ok(page));
    }

    #[test]
    fn a_stored_change_gives_itself_back(change in changes()) {
        let person = |member: &MemberRef| match member {
            MemberRef::Number(n) => Some(PersonId::derive(&[&n.to_be_bytes()])),
            MemberRef::Met(change) => Some(PersonId::met(*change)),
        };
        let change = change.renamed(|_| Some(HouseholdId::derive(&[b"h"])), person);
        let change = change.expect("every name is known");
        prop_assert_eq!(Change::from_bytes(&change.to_bytes()), Ok(change));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..400)) {
        let _ = Segment::read(bytes.clone()).and_then(|segment| segment.changes());
        let _ = EventPage::read(&bytes);
        let _ = Change::from_bytes(&bytes);
    }

    #[test]
    fn an_altered_segment_is_read_or_refused(
        changes in vec(changes(), 1..10).prop_map(numbered),
        at: prop::sample::Index,
        flip in 1_u8..,
    ) {
        let segment = Segment::make(header(), &changes, |_| [9; SIGNATURE_BYTES]).expect("it fits");
        let mut bytes = segment.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let _ = Segment::read(bytes.clone()).and_then(|segment| segment.changes());
        bytes.truncate(at);
        prop_assert!(Segment::read(bytes).and_then(|segment| segment.changes()).is_err());
    }
}

#[test]
fn a_segment_takes_what_fits_and_leaves_the_rest() {
    let note = |seq: u64| WireChange {
        id: ChangeId { device: device(0), incarnation: 1, seq },
        was: None,
        door: DoorRef::Number { cell: 0, ordinal: 0 },
        member: None,
        base: Vec::new(),
        recorded_at: Timestamp::from_seconds(0),
        body: Body::Note(NoteBody {
            edits: None,
            // Hash bytes do not compress: this many notes of this length exceed a segment.
            text: (0..60)
                .map(|n| DeviceId::derive(&[&[n], &seq.to_be_bytes()]).to_string())
                .collect(),
        }),
    };
    let changes: Vec<_> = (500..800).map(note).collect();
    let segment = Segment::make(header(), &changes, |_| [0; SIGNATURE_BYTES]).expect("some fit");
    let count = segment.header.count as usize;
    assert!(
        segment.bytes().len() <= MAX_SEGMENT_BYTES && (1..MAX_SEGMENT_CHANGES).contains(&count)
    );
    assert_eq!(segment.changes().as_deref(), Ok(&changes[..count]));
    assert_eq!(Segment::make(header(), &[], |_| [0; SIGNATURE_BYTES]), None);
}

#[test]
fn a_newer_format_says_so() {
    let mut page = EventPage::default().to_bytes();
    page[0] = 9;
    let newer = CodecError::NewerFormat { found: 9, supported: 1 };
    assert_eq!(EventPage::read(&page), Err(newer));
    assert_eq!(Segment::read(vec![9; 200]), Err(newer));
}

#[test]
fn an_hour_of_knocking_is_a_few_bytes_a_change() {
    let script = ScriptHash::derive(&[b"s"]);
    let mut changes = Vec::new();
    for (door, seq) in (0..40_u32).zip((1_u64..).step_by(5)) {
        let id = |seq| ChangeId { device: device(0), incarnation: 1, seq };
        let at = Timestamp::from_seconds(1_790_000_000 + i64::from(door) * 137);
        let place = DoorRef::Number { cell: 2, ordinal: door * 3 };
        let attempt = AttemptBody { door: None, people: Vec::new(), corrects: None };
        let row = |seq, member, body| WireChange {
            id: id(seq),
            was: None,
            door: place,
            member,
            base: Vec::new(),
            recorded_at: at,
            body,
        };
        changes.push(row(seq, None, Body::Attempt(attempt)));
        for question in 0..4_u16 {
            let value = Some(AnswerCode::Choice(question % 3));
            let answer = AnswerBody { script, question, value, attempt: id(seq) };
            let seq = seq + 1 + u64::from(question);
            changes.push(row(seq, Some(MemberRef::Number(1)), Body::Answer(answer)));
        }
    }
    let first = SegmentHeader { first_seq: 1, ..header() };
    let segment = Segment::make(first, &changes, |_| [0xa5; SIGNATURE_BYTES]).expect("it fits");
    let bytes = segment.bytes().len();
    assert!(bytes < 2 * changes.len(), "{bytes} bytes for {} changes", changes.len());
    assert_eq!(segment.changes(), Ok(changes));
}

#[test]
fn a_page_of_more_events_than_a_page_holds_is_refused_before_there_is_room_for_them() {
    let event = |seq: u64| PageEvent {
        cell_seq: seq,
        canvasser: CanvasserId::derive(&[b"c"]),
        effective: Timestamp::from_seconds(0),
        marks: EventMarks::default(),
        change: WireChange {
            id: ChangeId { device: device(0), incarnation: 1, seq },
            was: None,
            door: DoorRef::Number { cell: 0, ordinal: 0 },
            member: None,
            base: Vec::new(),
            // Times that do not compress: the page is no bomb by its ratio.
            recorded_at: Timestamp::from_seconds((seq * 2_654_435_761 % 1_000_003).cast_signed()),
            body: Body::Suppression(SuppressionBody { set: true }),
        },
    };
    let page = |count| EventPage { cell: 0, events: (1..=count).map(event).collect(), upto: count };
    assert_eq!(EventPage::read(&page(5_000).to_bytes()).map(|page| page.events.len()), Ok(5_000));
    let many = EventPage::read(&page(17_000).to_bytes()).map(|page| page.events.len());
    assert!(matches!(many, Err(CodecError::TooLarge { .. })), "{many:?}");
}

/// What may not be stored is of no kind this build knows: it is kept as it came.
#[test]
fn an_ask_that_cannot_be_is_kept_unread() {
    let row = ChangeId { device: device(0), incarnation: 1, seq: 9 };
    let ask = |bytes: &[u8]| blocks::decoded(row, body::kind::ASK, bytes);
    assert!(matches!(ask(&[1, 1, 0, 0]), Body::Ask(_)));
    let own =
        |name: &[u8]| [&[0, u8::try_from(name.len()).expect("short")], name, &[1, 0, 0]].concat();
    assert!(matches!(ask(&own(b"host")), Body::Ask(_)));
    let bad = [
        vec![6, 1, 0, 0],
        vec![1, 4, 0, 0],
        vec![1, 0, 0, 0],
        vec![1, 1, 3, 0],
        vec![1, 1, 0, 20],
        vec![1, 1, 0, 3],
        vec![1, 1, 0, 0, 0],
        own(b"volunteer"),
        own(b"a b"),
        own(&[b'a'; 41]),
        [&[1, 1, 1, 1][..], &[7; 16], &[0, 0, 0]].concat(),
        [&[1, 1, 1, 1][..], &[7; 16], &[0, 16, 0]].concat(),
    ];
    for bytes in bad {
        let kept = Body::Unknown { kind: body::kind::ASK, bytes: bytes.clone() };
        assert_eq!(ask(&bytes), kept, "{bytes:?}");
    }
    let follow_up = |bytes: &[u8]| blocks::decoded(row, body::kind::FOLLOW_UP, bytes);
    assert!(matches!(follow_up(&[2, 2, 0, 0]), Body::FollowUp(_)));
    for bytes in [vec![2, 0, 0, 0], vec![2, 1, 0, 0], [&[0xff; 9][..], &[1, 2, 0, 0]].concat()] {
        assert!(matches!(follow_up(&bytes), Body::Unknown { .. }), "{bytes:?}");
    }
}
