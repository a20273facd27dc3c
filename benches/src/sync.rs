//! What sync costs: bytes of a shift on the wire, of a list that is given out, the time to take
//! in what others did, and the time until what was queued is safe.

use canvass_cli::phone::Phone;
use canvass_core::engine::{AnswerInput, AttemptInput};
use canvass_core::ports::Clock;
use canvass_core::survey::AnswerValue;
use canvass_core::walklist::CanvassResult;

use crate::campaign::Campaign;
use crate::chance::Chance;
use crate::figures::Figures;
use crate::{Failure, scratch};

/// A shift: doors, of which each gets an attempt; answers, and notes at some.
const SHIFT_DOORS: usize = 60;
const SHIFT_ANSWERS: usize = 240;
const SHIFT_NOTES: usize = 10;
/// Changes of others that a phone takes in at once.
const DELTA: usize = 10_000;
/// Changes that wait for a network.
const QUEUED: usize = 500;
/// A poor line: what each request takes before a byte comes, and bytes a second, both ways.
const ROUND_TRIP_MS: i64 = 1_000;
const BYTES_PER_SECOND: usize = 4 << 10;

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    let folder = scratch::folder("sync")?;
    let campaign = Campaign::new(&folder)?;
    let walker = campaign.phone(&folder.join("walker"), "Ash")?;
    let snapshot = campaign.sync(&walker)?;
    let list = walker.engine().walk_lists()?[0].list;
    figures.tell("doors in the list", f64::from(walker.engine().progress(list)?.doors), "");
    figures.tell("people in it", campaign.people as f64, "");
    figures.at_most("a list as it is given out", kibibytes(snapshot.reply_bytes), 300.0, "KiB");
    figures.tell("taking it in, CPU of the phone", snapshot.phone_ms, "ms");
    let watcher = campaign.phone(&folder.join("watcher"), "Birch")?;
    campaign.sync(&watcher)?;

    let mut chance = Chance::of(7);
    shift(&campaign, &walker, &mut chance)?;
    let pushed = campaign.sync(&walker)?;
    figures.at_most("a shift of 60 doors, pushed", kibibytes(pushed.push_bytes), 3.0, "KiB");
    figures.at_most("requests for it", f64::from(pushed.pushes), 3.0, "");
    campaign.sync(&watcher)?;

    knocks(&campaign, &walker, &mut chance, DELTA)?;
    campaign.sync(&walker)?;
    let taken = campaign.sync(&watcher)?;
    figures.at_most("taking in 10,000 changes of others, CPU", taken.phone_ms, 300.0, "ms");
    figures.tell("their bytes", kibibytes(taken.reply_bytes), "KiB");
    queued(figures, &campaign, &walker, &mut chance)
}

/// An afternoon without a network, some tries that failed, and then a poor line.
fn queued(
    figures: &mut Figures,
    campaign: &Campaign,
    phone: &Phone,
    chance: &mut Chance,
) -> Result<(), Failure> {
    knocks(campaign, phone, chance, QUEUED)?;
    for _ in 0..3 {
        phone.sync(|_| None)?;
    }
    let waiting = phone.engine().sync_status()?.on_this_phone;
    figures.same("changes queued", u64::from(waiting), QUEUED as u64);
    let before = campaign.clock.wall();
    let moved = campaign.sync_over(phone, |bytes| {
        let line_ms = i64::try_from(bytes * 1_000 / BYTES_PER_SECOND).unwrap_or(i64::MAX);
        campaign.clock.advance_ms(ROUND_TRIP_MS + line_ms);
    })?;
    let took_ms = campaign.clock.wall().millis_since(before) as f64 + moved.waited_ms as f64;
    figures.at_most("until they are safe, at 4 KiB and a trip a second", took_ms / 1e3, 30.0, "s");
    figures.tell("requests for it", f64::from(moved.requests), "");
    let left = phone.engine().sync_status()?.on_this_phone;
    figures.same("changes still queued", u64::from(left), 0);
    Ok(())
}

fn kibibytes(bytes: usize) -> f64 {
    bytes as f64 / 1_024.0
}

/// An evening's work: attempts, four answers each, a note now and then.
fn shift(campaign: &Campaign, phone: &Phone, chance: &mut Chance) -> Result<(), Failure> {
    let engine = phone.engine();
    let list = engine.walk_lists()?[0].list;
    let doors = engine.doors(list, None, 500)?.doors;
    let (mut visited, mut answers, mut notes) = (0, 0, 0);
    for door in &doors {
        if visited == SHIFT_DOORS {
            break;
        }
        let view = engine.household(list, door.household)?;
        let Some(person) = view.people.first() else { continue };
        let input = AttemptInput::at_door(list, door.household, None);
        let attempt = engine.record_attempt(&input)?.change;
        for question in 1..=SHIFT_ANSWERS / SHIFT_DOORS {
            let option = (1 + chance.below(5)).to_string();
            pause(campaign, chance, 40);
            engine.record_answer(&AnswerInput {
                list,
                household: door.household,
                person: person.person,
                question: format!("q{question}"),
                value: Some(AnswerValue::Choice { option }),
                attempt: Some(attempt),
                script: None,
            })?;
            answers += 1;
        }
        if visited % (SHIFT_DOORS / SHIFT_NOTES) == 0 {
            let note = NOTES[notes % NOTES.len()];
            engine.record_note(list, door.household, note)?;
            notes += 1;
        }
        visited += 1;
        pause(campaign, chance, 300);
    }
    let made = (visited, answers, notes);
    let whole = (SHIFT_DOORS, SHIFT_ANSWERS, SHIFT_NOTES);
    if made == whole { Ok(()) } else { Err(format!("{made:?} of {whole:?} recorded").into()) }
}

/// What canvassers write.
const NOTES: [&str; 5] = [
    "Side door; the dog is friendly.",
    "Wants a call after six.",
    "Asked about the bus line to the hospital.",
    "New family upstairs, moved in last week.",
    "Has a sign from last time and would take another.",
];

/// Up to so many seconds pass.
fn pause(campaign: &Campaign, chance: &mut Chance, seconds: u64) {
    let seconds = i64::try_from(chance.below(seconds)).unwrap_or_default();
    campaign.clock.advance_ms(seconds * 1_000);
}

/// Knocks all over the list.
fn knocks(
    campaign: &Campaign,
    phone: &Phone,
    chance: &mut Chance,
    count: usize,
) -> Result<(), Failure> {
    let engine = phone.engine();
    let list = engine.walk_lists()?[0].list;
    let mut households = Vec::new();
    let mut from = None;
    loop {
        let page = engine.doors(list, from.as_deref(), 500)?;
        households.extend(page.doors.iter().map(|door| door.household));
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    let results = [
        CanvassResult::NotHome,
        CanvassResult::NotHome,
        CanvassResult::Refused,
        CanvassResult::LeftLiterature,
        CanvassResult::Inaccessible,
    ];
    for household in households.iter().cycle().take(count) {
        pause(campaign, chance, 8);
        let door = results.get(usize::try_from(chance.below(5))?).copied();
        let input = AttemptInput::at_door(list, *household, door);
        engine.record_attempt(&input)?;
    }
    Ok(())
}
