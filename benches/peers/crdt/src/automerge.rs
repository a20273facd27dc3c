//! automerge: one change per phone, an attempt as packed bytes.

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};

use crate::peer::{Peer, Sent, attempt_bytes, key, question};
use crate::world::{Day, Said, Write};

pub struct Automerge {
    base: Vec<u8>,
}

struct Document {
    doc: AutoCommit,
    people: ObjId,
    homes: ObjId,
}

impl Document {
    fn of(base: &[u8], actor: &[u8]) -> Self {
        let mut doc = AutoCommit::load(base).expect("the base");
        doc.set_actor(ActorId::from(actor));
        let of =
            |doc: &AutoCommit, name: &str| doc.get(ROOT, name).expect("read").expect("there").1;
        let (people, homes) = (of(&doc, "people"), of(&doc, "homes"));
        Self { doc, people, homes }
    }

    fn inside(&self, of: &ObjId, key: &str) -> ObjId {
        self.doc.get(of, key).expect("read").expect("there").1
    }

    fn write(&mut self, day: &Day, write: &Write) {
        let home = &day.households[write.household];
        match &write.said {
            Said::Answer { member, question: q, value } => {
                let person = self.inside(&self.people, &key(&home.people[*member]));
                self.doc.put(&person, question(*q), i64::from(*value)).expect("written");
            }
            Said::Attempt { result } => {
                let home = self.inside(&self.homes, &key(&home.id));
                let list = self.inside(&home, "att");
                let at = self.doc.length(&list);
                let packed = ScalarValue::Bytes(attempt_bytes(write.at_ms, *result));
                self.doc.insert(&list, at, packed).expect("written");
            }
            Said::Note(text) => {
                let home = self.inside(&self.homes, &key(&home.id));
                let list = self.inside(&home, "notes");
                let at = self.doc.length(&list);
                self.doc.insert(&list, at, text.as_str()).expect("written");
            }
            Said::DoNotContact => {
                let home = self.inside(&self.homes, &key(&home.id));
                self.doc.put(&home, "dnc", true).expect("written");
            }
        }
    }
}

impl Peer for Automerge {
    const NAME: &'static str = "automerge, a change per phone, packed";

    fn of(day: &Day) -> Self {
        let mut doc = AutoCommit::new();
        let people = doc.put_object(ROOT, "people", ObjType::Map).expect("written");
        let homes = doc.put_object(ROOT, "homes", ObjType::Map).expect("written");
        for household in &day.households {
            for person in &household.people {
                doc.put_object(&people, key(person), ObjType::Map).expect("written");
            }
            let home = doc.put_object(&homes, key(&household.id), ObjType::Map).expect("written");
            doc.put_object(&home, "att", ObjType::List).expect("written");
            doc.put_object(&home, "notes", ObjType::List).expect("written");
        }
        doc.commit();
        Self { base: doc.save() }
    }

    fn phone(&self, day: &Day, phone: usize) -> Vec<u8> {
        let mut document = Document::of(&self.base, &day.devices[phone]);
        let heads = document.doc.get_heads();
        day.phones[phone].iter().for_each(|write| document.write(day, write));
        document.doc.commit();
        document.doc.save_after(&heads)
    }

    fn hub(&self, day: &Day, batches: &[Vec<u8>], timed: impl FnOnce(&mut dyn FnMut())) -> Sent {
        let mut hub = Document::of(&self.base, &[0; 16]);
        let heads = hub.doc.get_heads();
        timed(&mut || {
            for batch in batches {
                hub.doc.load_incremental(batch).expect("merged");
            }
        });
        let catch_up = hub.doc.save_after(&heads);
        let mut replica = Document::of(&self.base, &[1; 16]);
        replica.doc.load_incremental(&catch_up).expect("merged");
        let (mut answered, mut readable) = (0, 0);
        for person in day.households.iter().flat_map(|household| &household.people) {
            let person = replica.inside(&replica.people, &key(person));
            for q in 0..crate::world::QUESTIONS {
                let values = replica.doc.get_all(&person, question(q)).expect("read");
                answered += usize::from(!values.is_empty());
                readable += usize::from(values.len() > 1);
            }
        }
        Sent { catch_up, answered, readable }
    }
}
