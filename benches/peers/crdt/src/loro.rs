//! loro: a commit per write, merged with its neighbours as it does by default.

use loro::{ExportMode, LoroDoc, LoroList, LoroMap, LoroValue, ValueOrContainer};

use crate::peer::{Peer, Sent, key, question};
use crate::world::{Day, QUESTIONS, Said, Write};

pub struct Loro {
    base: Vec<u8>,
}

fn document(base: &[u8], number: u64) -> LoroDoc {
    let doc = LoroDoc::new();
    doc.set_peer_id(number).expect("a number");
    doc.import(base).expect("the base");
    doc
}

fn map(of: &LoroMap, key: &str) -> LoroMap {
    match of.get(key) {
        Some(ValueOrContainer::Container(loro::Container::Map(map))) => map,
        _ => unreachable!("made in the base"),
    }
}

fn list(of: &LoroMap, key: &str) -> LoroList {
    match of.get(key) {
        Some(ValueOrContainer::Container(loro::Container::List(list))) => list,
        _ => unreachable!("made in the base"),
    }
}

fn say(doc: &LoroDoc, day: &Day, write: &Write) {
    let home = &day.households[write.household];
    let homes = doc.get_map("homes");
    match &write.said {
        Said::Answer { member, question: q, value } => {
            let person = map(&doc.get_map("people"), &key(&home.people[*member]));
            person.insert(&question(*q), i64::from(*value)).expect("written");
        }
        Said::Attempt { result } => {
            let row = vec![LoroValue::from(write.at_ms), LoroValue::from(i64::from(*result))];
            list(&map(&homes, &key(&home.id)), "att").push(LoroValue::from(row)).expect("written");
        }
        Said::Note(text) => {
            list(&map(&homes, &key(&home.id)), "notes").push(text.as_str()).expect("written");
        }
        Said::DoNotContact => {
            map(&homes, &key(&home.id)).insert("dnc", true).expect("written");
        }
    }
    doc.commit();
}

impl Peer for Loro {
    const NAME: &'static str = "loro, a commit per write";

    fn of(day: &Day) -> Self {
        let doc = LoroDoc::new();
        doc.set_peer_id(1).expect("a number");
        let (people, homes) = (doc.get_map("people"), doc.get_map("homes"));
        for household in &day.households {
            for person in &household.people {
                people.insert_container(&key(person), LoroMap::new()).expect("written");
            }
            let home =
                homes.insert_container(&key(&household.id), LoroMap::new()).expect("written");
            home.insert_container("att", LoroList::new()).expect("written");
            home.insert_container("notes", LoroList::new()).expect("written");
        }
        doc.commit();
        Self { base: doc.export(ExportMode::Snapshot).expect("exported") }
    }

    fn phone(&self, day: &Day, phone: usize) -> Vec<u8> {
        let number = u64::from_be_bytes(day.devices[phone][..8].try_into().expect("8 bytes")) >> 1;
        let doc = document(&self.base, number);
        let before = doc.oplog_vv();
        day.phones[phone].iter().for_each(|write| say(&doc, day, write));
        doc.export(ExportMode::updates(&before)).expect("exported")
    }

    fn hub(&self, day: &Day, batches: &[Vec<u8>], timed: impl FnOnce(&mut dyn FnMut())) -> Sent {
        let hub = document(&self.base, 2);
        let before = hub.oplog_vv();
        timed(&mut || {
            for batch in batches {
                hub.import(batch).expect("merged");
            }
        });
        let catch_up = hub.export(ExportMode::updates(&before)).expect("exported");
        let replica = document(&self.base, 3);
        replica.import(&catch_up).expect("merged");
        let people = replica.get_map("people");
        let mut answered = 0;
        for person in day.households.iter().flat_map(|household| &household.people) {
            let person = map(&people, &key(person));
            answered += (0..QUESTIONS).filter(|q| person.get(&question(*q)).is_some()).count();
        }
        // There is no call for the values that lost.
        Sent { catch_up, answered, readable: 0 }
    }
}
