//! A process that is killed while it records, with no chance to put anything right.
//! `CANVASS_KILLS` says how often; 20 times if it is not set. What `canvass` itself does when it
//! is killed is tested in `cli/tests/suite/kill.rs`.

use std::collections::BTreeSet;
use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use canvass_cli::clock::SystemClock;
use canvass_cli::phone::Phone;
use canvass_core::engine::{
    AttemptInput, ConversationInput, ExportFormat, ImportOptions, NewCampaign,
};
use canvass_core::id::ListId;
use canvass_core::survey::{AnswerValue, ConversationStep};
use canvass_core::walklist::CanvassResult;
use canvass_tests::fixture;
use canvass_tests::process::{Killable, kills};
use canvass_tests::temp::TempDir;

/// Where a child finds its directory.
const DIRECTORY: &str = "CANVASS_KILL_DIRECTORY";

fn open(directory: &Path) -> Phone {
    Phone::system(directory, Arc::new(SystemClock::default())).expect("the engine opens")
}

fn new_campaign(phone: &Phone) -> ListId {
    let about = NewCampaign { name: "Ward 3".into(), canvasser: "Ash".into() };
    phone.engine().create_campaign(&about).expect("a campaign")
}

fn only_list(phone: &Phone) -> ListId {
    phone.engine().walk_lists().expect("lists")[0].list
}

/// Starts one of the children below in a process of its own.
fn start(child: &str, directory: &Path) -> Killable {
    let mut command = Command::new(std::env::current_exe().expect("this binary"));
    command.args([&format!("kill::{child}"), "--exact", "--ignored", "--nocapture"]);
    Killable::start(command.env(DIRECTORY, directory))
}

/// In a child: the directory it was given. Nothing, if someone runs it by itself.
fn given_directory() -> Option<PathBuf> {
    std::env::var_os(DIRECTORY).map(PathBuf::from)
}

#[expect(clippy::print_stdout, reason = "how the child tells the parent")]
fn tell(word: &str) {
    println!("{word}");
    std::io::stdout().flush().expect("the parent listens");
}

#[test]
#[ignore = "runs in a process of its own, to be killed"]
fn a_process_that_records() {
    let Some(directory) = given_directory() else { return };
    let phone = open(&directory);
    let list = only_list(&phone);
    let doors = phone.engine().doors(list, None, 500).expect("doors").doors;
    for door in doors.iter().cycle().take(100_000) {
        let household = door.household;
        let door = Some(CanvassResult::NotHome);
        let input = AttemptInput::at_door(list, household, door);
        let saved = phone.engine().record_attempt(&input).expect("a knock");
        tell(&format!("saved {}", saved.change));
    }
}

#[test]
#[ignore = "runs in a process of its own, to be killed"]
fn a_process_that_converses() {
    let Some(directory) = given_directory() else { return };
    let phone = open(&directory);
    let (list, engine) = (only_list(&phone), phone.engine());
    let doors = engine.doors(list, None, 500).expect("doors").doors;
    for (turn, door) in doors.iter().cycle().take(100_000).enumerate() {
        let household = door.household;
        let people = engine.household(list, household).expect("a household").people;
        let Some(person) = people.first().map(|it| it.person) else { continue };
        // Now a supporter, now none: what only supporters are asked comes and goes.
        let support = if (turn / doors.len()).is_multiple_of(2) { "1" } else { "5" };
        let steps = [("support", support), ("sign", "yes")];
        for (question, option) in steps {
            let value = AnswerValue::Choice { option: option.to_owned() };
            let question = question.to_owned();
            let step = ConversationStep::Answer { question, value };
            let (language, attempt) = ("en".to_owned(), None);
            let input = ConversationInput { list, household, person, step, language, attempt };
            // A sign is not asked of whoever does not support.
            let Ok(screen) = engine.converse(&input) else { continue };
            screen.recorded.iter().for_each(|change| tell(&format!("saved {change}")));
        }
    }
}

#[test]
fn a_process_killed_while_it_records_loses_nothing_it_called_saved() {
    killed_while("a_process_that_records", 1);
}

#[test]
fn a_process_killed_in_a_conversation_loses_no_answer_it_called_saved() {
    // A knock, an answer, and what it takes back.
    killed_while("a_process_that_converses", 4);
}

/// So many kills to a phone: after some thousand changes at each of its few doors a round is slow,
/// and tries nothing that it did not try before.
const KILLS_PER_PHONE: usize = 50;

/// Kills a child again and again while it works, and looks each time for what it called saved;
/// a call saves at most so many changes.
fn killed_while(child_name: &str, at_once: usize) {
    let rounds: Vec<usize> = (0..kills()).collect();
    rounds.chunks(KILLS_PER_PHONE).for_each(|rounds| phone_killed(child_name, at_once, rounds));
}

/// One phone with a script, killed once in each of these rounds.
fn phone_killed(child_name: &str, at_once: usize, rounds: &[usize]) {
    let folder = TempDir::new();
    let directory = folder.path().join("phone");
    let list = ready_to_work(&directory);
    let mut saved: BTreeSet<String> = BTreeSet::new();
    for (before, round) in rounds.iter().enumerate() {
        let mut child = start(child_name, &directory);
        let mut lines = child.output().lines();
        let wanted = 1 + round * 7 % 40;
        let mut heard = 0;
        for line in lines.by_ref().map(|line| line.expect("text")) {
            heard += usize::from(note(&mut saved, &line));
            if heard == wanted {
                break;
            }
        }
        assert_eq!(heard, wanted, "round {round}: the child ended by itself");
        drop(child);
        // What it still managed to say.
        lines.map_while(Result::ok).for_each(|line| {
            note(&mut saved, &line);
        });
        check(&directory, list, &saved, (before + 1) * at_once);
    }
}

/// A campaign without a server, with doors, people and a script.
fn ready_to_work(directory: &Path) -> ListId {
    let phone = open(directory);
    let list = new_campaign(&phone);
    for file in ["doors", "people"] {
        let file = fixture(&format!("offline_day/{file}.csv"));
        phone.engine().import_path(&file, &ImportOptions::default(), None).expect("imported");
    }
    let script = std::fs::read_to_string(fixture("offline_day/script.json")).expect("a script");
    phone.engine().put_script(&script).expect("a sound script");
    phone.engine().close();
    list
}

/// Notes a change that a child called saved; a line that was cut off is none.
fn note(saved: &mut BTreeSet<String>, line: &str) -> bool {
    let id = line.rsplit_once("saved ").map(|(_, id)| id);
    // A whole id ends in its sequence number, which a cut one may lack.
    let id = id.filter(|id| id.split('.').count() == 3 && !id.ends_with('.'));
    id.is_some_and(|id| saved.insert(id.to_owned()))
}

/// All that was called saved is there, once, and at most what one call saves more for each kill.
fn check(directory: &Path, list: ListId, saved: &BTreeSet<String>, more: usize) {
    let phone = open(directory);
    let file = phone.engine().export(list, ExportFormat::Csv).expect("a file");
    let text = String::from_utf8(file.bytes).expect("text");
    let rows: Vec<&str> = text.lines().skip(1).filter_map(|row| row.split(',').next()).collect();
    let ids: BTreeSet<&str> = rows.iter().copied().collect();
    assert_eq!(rows.len(), ids.len(), "a change stands twice");
    let lost: Vec<&String> = saved.iter().filter(|id| !ids.contains(id.as_str())).collect();
    assert!(lost.is_empty(), "lost {lost:?}");
    assert!(ids.len() <= saved.len() + more, "{} of {} saved", ids.len(), saved.len());
    phone.engine().close();
}
