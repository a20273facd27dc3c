//! yrs: a transaction per write, updates in its version 2.

use std::sync::Arc;

use yrs::updates::decoder::Decode;
use yrs::{
    Any, Array, ArrayPrelim, ArrayRef, Doc, Map, MapPrelim, MapRef, ReadTxn, StateVector, Transact,
    Update,
};

use crate::peer::{Peer, Sent, key, question};
use crate::world::{Day, QUESTIONS, Said, Write};

pub struct Yrs {
    base: Vec<u8>,
}

struct Document {
    doc: Doc,
    people: MapRef,
    homes: MapRef,
}

impl Document {
    fn of(base: &[u8], number: u64) -> Self {
        let doc = Doc::with_client_id(number);
        let (people, homes) = (doc.get_or_insert_map("people"), doc.get_or_insert_map("homes"));
        let mut document = Self { doc, people, homes };
        document.apply(base);
        document
    }

    fn apply(&mut self, update: &[u8]) {
        let update = Update::decode_v2(update).expect("an update");
        self.doc.transact_mut().apply_update(update).expect("merged");
    }

    fn state(&self) -> StateVector {
        self.doc.transact().state_vector()
    }

    fn since(&self, state: &StateVector) -> Vec<u8> {
        self.doc.transact().encode_diff_v2(state)
    }

    fn write(&mut self, day: &Day, write: &Write) {
        let home = &day.households[write.household];
        let mut txn = self.doc.transact_mut();
        let map = |map: &MapRef, txn: &yrs::TransactionMut<'_>, key: &str| -> MapRef {
            map.get(txn, key).expect("there").cast().expect("a map")
        };
        match &write.said {
            Said::Answer { member, question: q, value } => {
                let person = map(&self.people, &txn, &key(&home.people[*member]));
                person.insert(&mut txn, question(*q), i32::from(*value));
            }
            Said::DoNotContact => {
                map(&self.homes, &txn, &key(&home.id)).insert(&mut txn, "dnc", true);
            }
            Said::Attempt { result } => {
                let home = map(&self.homes, &txn, &key(&home.id));
                let list: ArrayRef =
                    home.get(&txn, "att").expect("there").cast().expect("an array");
                let row = [Any::from(write.at_ms), Any::from(i64::from(*result))];
                list.push_back(&mut txn, Any::Array(Arc::from(row)));
            }
            Said::Note(text) => {
                let home = map(&self.homes, &txn, &key(&home.id));
                let list: ArrayRef =
                    home.get(&txn, "notes").expect("there").cast().expect("an array");
                list.push_back(&mut txn, text.as_str());
            }
        }
    }
}

impl Peer for Yrs {
    const NAME: &'static str = "yrs, update v2";

    fn of(day: &Day) -> Self {
        let doc = Doc::with_client_id(1);
        let (people, homes) = (doc.get_or_insert_map("people"), doc.get_or_insert_map("homes"));
        let mut txn = doc.transact_mut();
        for household in &day.households {
            for person in &household.people {
                people.insert(&mut txn, key(person), MapPrelim::default());
            }
            let home = homes.insert(&mut txn, key(&household.id), MapPrelim::default());
            home.insert(&mut txn, "att", ArrayPrelim::default());
            home.insert(&mut txn, "notes", ArrayPrelim::default());
        }
        drop(txn);
        let base = doc.transact().encode_diff_v2(&StateVector::default());
        Self { base }
    }

    fn phone(&self, day: &Day, phone: usize) -> Vec<u8> {
        let number = u64::from_be_bytes(day.devices[phone][..8].try_into().expect("8 bytes")) >> 11;
        let mut document = Document::of(&self.base, number);
        let before = document.state();
        day.phones[phone].iter().for_each(|write| document.write(day, write));
        document.since(&before)
    }

    fn hub(&self, day: &Day, batches: &[Vec<u8>], timed: impl FnOnce(&mut dyn FnMut())) -> Sent {
        let mut hub = Document::of(&self.base, 2);
        let before = hub.state();
        timed(&mut || batches.iter().for_each(|batch| hub.apply(batch)));
        let catch_up = hub.since(&before);
        let mut replica = Document::of(&self.base, 3);
        replica.apply(&catch_up);
        let txn = replica.doc.transact();
        let mut answered = 0;
        for person in day.households.iter().flat_map(|household| &household.people) {
            let person: MapRef =
                replica.people.get(&txn, &key(person)).expect("there").cast().expect("a map");
            answered +=
                (0..QUESTIONS).filter(|q| person.get(&txn, &question(*q)).is_some()).count();
        }
        // There is no call for the values that lost.
        Sent { catch_up, answered, readable: 0 }
    }
}
