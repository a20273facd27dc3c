//! A typical day, as bodies: what the tables of [`crate::change::pack`] are taught by.
//!
//! Made by plain arithmetic, and a part of the format: whoever alters it makes another version.

use crate::change::columns::{Column, DeviceTable, RowEncoder};
use crate::change::{
    AnswerBody, AttemptBody, Body, DoorRef, MemberRef, NoteBody, SuppressionBody, WireChange,
};
use crate::id::{ChangeId, DeviceId, ScriptHash};
use crate::survey::AnswerCode;
use crate::time::Timestamp;
use crate::walklist::CanvassResult;

/// Visits of a whole day and of an hour.
const VISITS: [u32; 3] = [240, 60, 15];

/// What canvassers write.
const NOTES: [&str; 16] = [
    "Not home, left a leaflet. Come back after six.",
    "Friendly dog, side gate. Knock loud, the bell is broken.",
    "Call first. Works nights, sleeping in the morning.",
    "Speaks Spanish only, ask for the daughter.",
    "Moved away in November, new tenant will not answer.",
    "Wants a yard sign and would volunteer at the weekend.",
    "Already voted early, absentee ballot was sent.",
    "Asked about rent, taxes, schools and the bus to the hospital.",
    "Undecided, leaning towards us. Return tomorrow evening.",
    "Needs a ride to the polls, uses a wheelchair.",
    "No soliciting sign on the door, do not mention the neighbour.",
    "Third floor on the left, buzzer code at the back stairs.",
    "The baby was asleep. Busy with dinner, maybe text the mother.",
    "Supports housing and the clinic, took a sign for the window.",
    "Landlord answered, angry about the water and the roads.",
    "Student, first time. The car was in the driveway, lights on.",
];

/// Days of several lengths; the first as a page of events.
pub(super) fn days() -> Vec<Vec<u8>> {
    VISITS.iter().map(|visits| day(*visits, *visits == VISITS[0])).collect()
}

/// Numbers that look like chance and are always the same.
struct Numbers(u32);

impl Numbers {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % end
    }
}

/// Writes rows one after the other, as one device of several does.
struct Writer {
    rows: RowEncoder,
    numbers: Numbers,
    id: ChangeId,
    second: i64,
    is_page: bool,
}

impl Writer {
    fn say(&mut self, ordinal: u32, member: Option<u32>, after: u32, body: Body<MemberRef>) {
        self.second += i64::from(after);
        if self.is_page {
            self.rows.column(Column::Author).varint(self.id.seq / 128);
            for column in [Column::Number, Column::Effective, Column::Marks] {
                self.rows.column(column).byte(0);
            }
            self.rows.column(Column::CellSeq).byte(1);
        }
        self.rows.push(&WireChange {
            id: self.id,
            was: None,
            door: DoorRef::Number { cell: 0, ordinal },
            member: member.map(MemberRef::Number),
            base: Vec::new(),
            recorded_at: Timestamp::from_seconds(self.second),
            body,
        });
        self.id.seq += 1;
    }

    fn visit(&mut self, ordinal: u32, visit: u32) {
        let talk = self.numbers.below(5) < 2;
        let result = [
            CanvassResult::NotHome,
            CanvassResult::NotHome,
            CanvassResult::Refused,
            CanvassResult::Moved,
            CanvassResult::Inaccessible,
            CanvassResult::LeftLiterature,
            CanvassResult::Contacted,
        ];
        let result = result[self.numbers.below(7) as usize];
        let door = (!talk).then_some(result);
        let after = 20 + self.numbers.below(230);
        let attempt = self.id;
        let body = AttemptBody { door, people: Vec::new(), corrects: None };
        self.say(ordinal, None, after, Body::Attempt(body));
        if talk {
            self.talk(ordinal, attempt);
        }
        if visit % 6 == 5 {
            let text = NOTES[visit as usize / 6 % NOTES.len()].to_owned();
            let after = 2 + self.numbers.below(19);
            self.say(ordinal, None, after, Body::Note(NoteBody { edits: None, text }));
        }
        if visit % 36 == 17 {
            let mark = Body::Suppression(SuppressionBody { set: true });
            self.say(ordinal, None, 9, mark);
        }
    }

    /// Some of twelve questions, one after the other.
    fn talk(&mut self, ordinal: u32, attempt: ChangeId) {
        let member = 1 + self.numbers.below(3);
        let first = self.numbers.below(3) * 4;
        for question in first..first + 3 + self.numbers.below(3) {
            let after = 2 + self.numbers.below(19);
            let options = [2, 5, 7, 7][question as usize / 4];
            let option = u16::try_from(self.numbers.below(options)).unwrap_or_default();
            let script = ScriptHash::derive(&[]);
            let value = Some(AnswerCode::Choice(option));
            let question = u16::try_from(question).unwrap_or_default();
            let answer = AnswerBody { script, question, value, attempt };
            self.say(ordinal, Some(member), after, Body::Answer(answer));
        }
    }
}

fn day(visits: u32, is_page: bool) -> Vec<u8> {
    let mut writer = Writer {
        rows: RowEncoder::new(DeviceTable::default(), 0),
        numbers: Numbers(visits),
        id: ChangeId { device: DeviceId::derive(&[]), incarnation: 1, seq: 1 },
        second: 0,
        is_page,
    };
    let mut ordinal = 40;
    for visit in 0..visits {
        // Along the street, and now and then elsewhere.
        ordinal = match writer.numbers.below(8) {
            0 => writer.numbers.below(100),
            step => (ordinal + step).saturating_sub(3),
        };
        writer.visit(ordinal, visit);
    }
    writer.rows.finish()
}
