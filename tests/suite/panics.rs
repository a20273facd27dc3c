//! A panic is a defect; that it costs nothing but the call is not left to luck. Every place at
//! which a call asks its ports is made to panic once: what was saved stays saved, and the engine
//! says whether it goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use canvass_cli::clock::SetClock;
use canvass_core::engine::{AttemptInput, Engine, Error, Ports, SyncInput};
use canvass_core::id::{HouseholdId, ListId};
use canvass_core::ports::{Clock, IdSource, KeyVault, SeededIds, VaultError};
use canvass_core::seal::FileKeyVault;
use canvass_core::time::Timestamp;
use canvass_core::walklist::CanvassResult;
use canvass_tests::campaign::MORNING;
use canvass_tests::solo::Solo;

/// Counts down what is asked of the ports, and panics at nought.
#[derive(Default)]
struct Fuse(AtomicU32);

impl Fuse {
    fn set(&self, asked: u32) {
        self.0.store(asked, Ordering::Relaxed);
    }

    /// Whether it has not gone off.
    fn is_left(&self) -> bool {
        self.0.swap(0, Ordering::Relaxed) > 0
    }

    fn burn(&self) {
        let left = self.0.load(Ordering::Relaxed);
        self.0.store(left.saturating_sub(1), Ordering::Relaxed);
        assert!(left != 1, "a defect");
    }
}

struct Fused<T>(Arc<Fuse>, T);

impl Clock for Fused<SetClock> {
    fn wall(&self) -> Timestamp {
        self.0.burn();
        self.1.wall()
    }

    fn boot_id(&self) -> String {
        self.0.burn();
        self.1.boot_id()
    }

    fn since_boot_ms(&self) -> u64 {
        self.0.burn();
        self.1.since_boot_ms()
    }
}

impl IdSource for Fused<SeededIds> {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.burn();
        self.1.fill(bytes);
    }
}

impl KeyVault for Fused<FileKeyVault<SeededIds>> {
    fn wrap(&self, alias: &str, key: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.0.burn();
        self.1.wrap(alias, key)
    }

    fn unwrap(&self, alias: &str, wrapped: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.0.burn();
        self.1.unwrap(alias, wrapped)
    }

    fn delete(&self, alias: &str) -> Result<(), VaultError> {
        self.0.burn();
        self.1.delete(alias)
    }
}

/// An engine whose ports may panic, on the files of a small campaign.
struct Fragile {
    solo: Solo,
    fuse: Arc<Fuse>,
    engine: Engine,
    door: HouseholdId,
}

impl Fragile {
    fn new() -> Self {
        let mut solo = Solo::small();
        let door = solo.door("2 Willow St");
        solo.close();
        let fuse = Arc::new(Fuse::default());
        let engine = open(&solo, &fuse, 1).expect("an engine");
        Self { solo, fuse, engine, door }
    }

    fn list(&self) -> ListId {
        self.solo.list
    }

    fn reopen(&mut self, seed: u64) {
        self.engine.close();
        self.engine = open(&self.solo, &self.fuse, seed).expect("it opens again");
    }

    fn notes(&self) -> Vec<String> {
        let view = self.engine.household(self.list(), self.door).expect("a household");
        view.notes.into_iter().map(|note| note.text).collect()
    }
}

fn open(solo: &Solo, fuse: &Arc<Fuse>, seed: u64) -> Result<Engine, Error> {
    let ports = Ports {
        clock: Arc::new(Fused(Arc::clone(fuse), SetClock::at(MORNING))),
        ids: Arc::new(Fused(Arc::clone(fuse), SeededIds::new(seed, "solo"))),
        vault: Arc::new(Fused(Arc::clone(fuse), solo.vault())),
    };
    Engine::open(&solo.directory(), ports)
}

#[test]
fn a_save_that_panics_anywhere_costs_no_more_than_itself() {
    let mut fragile = Fragile::new();
    let mut acked: Vec<String> = Vec::new();
    let (mut stopped, mut went_on) = (0, 0);
    for asked in 1..1000 {
        let text = format!("note {asked}");
        fragile.fuse.set(asked);
        let saved = catch_unwind(AssertUnwindSafe(|| {
            fragile.engine.record_note(fragile.list(), fragile.door, &text)
        }));
        let is_over = fragile.fuse.is_left();
        match saved {
            Ok(saved) => {
                saved.expect("saved");
                acked.push(text.clone());
            }
            Err(_) if fragile.engine.can_go_on() => went_on += 1,
            Err(_) => {
                stopped += 1;
                let error = fragile.engine.walk_lists().expect_err("it is stopped");
                assert!(matches!(error, Error::Panicked), "{error:?}");
                let error = fragile.engine.record_note(fragile.list(), fragile.door, &text);
                assert!(matches!(error, Err(Error::Panicked)), "{error:?}");
                fragile.reopen(u64::from(asked) + 1);
            }
        }
        let notes = fragile.notes();
        assert!(acked.iter().all(|text| notes.contains(text)), "{asked}: {notes:?}");
        assert!(notes.len() <= acked.len() + 1, "{asked}: nothing twice: {notes:?}");
        // What panicked after it was saved is there, as after a kill.
        acked.clone_from(&notes);
        if is_over {
            assert!(stopped > 0, "{stopped} stopped, {went_on} went on");
            return;
        }
    }
    panic!("a save asks its ports a thousand times");
}

#[test]
fn a_read_that_panics_harms_nothing_and_the_next_one_answers() {
    let fragile = Fragile::new();
    let (list, door) = (fragile.list(), fragile.door);
    let read = |engine: &Engine| -> Result<(), Error> {
        engine.walk_list(list, None)?;
        engine.household(list, door)?;
        engine.sync_status()?;
        engine.diagnostics().map(drop)
    };
    read(&fragile.engine).expect("a campaign");
    for asked in 1..1000 {
        fragile.fuse.set(asked);
        let answer = catch_unwind(AssertUnwindSafe(|| read(&fragile.engine)));
        if fragile.fuse.is_left() {
            assert!(asked > 4, "every time asked before it panicked: {asked}");
            return;
        }
        assert!(answer.is_err());
        if !fragile.engine.can_go_on() {
            // It panicked while it held what calls that write share; nothing is lost by it.
            let mut fragile = fragile;
            fragile.reopen(99);
            read(&fragile.engine).expect("everything is there");
            return;
        }
        read(&fragile.engine).expect("the next one answers");
    }
    panic!("reads ask their ports a thousand times");
}

#[test]
fn a_stopped_engine_says_so_to_every_call_until_it_is_opened_again() {
    let mut fragile = Fragile::new();
    let (list, door) = (fragile.list(), fragile.door);
    let attempt = AttemptInput::at_door(list, door, Some(CanvassResult::NotHome));
    fragile.fuse.set(1);
    let panicked = catch_unwind(AssertUnwindSafe(|| fragile.engine.record_attempt(&attempt)));
    assert!(panicked.is_err() && !fragile.engine.can_go_on());
    let stopped = |result: Result<(), Error>| matches!(result, Err(Error::Panicked));
    let engine = &fragile.engine;
    assert!(stopped(engine.walk_lists().map(drop)));
    assert!(stopped(engine.household(list, door).map(drop)));
    assert!(stopped(engine.record_attempt(&attempt).map(drop)));
    assert!(stopped(engine.sync_next(SyncInput::Begin { now: true }).map(drop)));
    assert!(stopped(engine.check_open()));
    engine.close();
    assert!(matches!(engine.walk_lists(), Err(Error::Closed)));
    fragile.reopen(7);
    fragile.engine.record_attempt(&attempt).expect("it goes on");
    assert_eq!(fragile.engine.progress(list).expect("progress").done, 1);
}
