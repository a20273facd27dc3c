//! A campaign without a server: one volunteer, a file, a phone.

use std::sync::Arc;

use canvass_cli::clock::SetClock;
use canvass_cli::phone::Phone;
use canvass_core::engine::{
    AnswerInput, AttemptInput, Error, ExportFormat, ImportOptions, NewCampaign, SavedWhere,
    SyncOutcome,
};
use canvass_core::id::ListId;
use canvass_core::survey::AnswerValue;
use canvass_core::walklist::CanvassResult;
use canvass_tests::campaign::{MORNING, door};
use canvass_tests::fixture;
use canvass_tests::temp::TempDir;

fn campaign(folder: &TempDir) -> (Phone, ListId) {
    let clock = Arc::new(SetClock::at(MORNING));
    let phone = Phone::seeded(folder.path(), 5, "solo", clock).expect("a phone");
    let about = NewCampaign { name: "Ward 3".into(), canvasser: "Ash".into() };
    let list = phone.engine().create_campaign(&about).expect("a campaign");
    for file in ["doors.csv", "people.csv"] {
        let path = fixture("offline_day").join(file);
        phone.engine().import_path(&path, &ImportOptions::default(), None).expect("imported");
    }
    let script = std::fs::read_to_string(fixture("offline_day/script.json")).expect("a script");
    phone.engine().put_script(&script).expect("a sound script");
    (phone, list)
}

#[test]
fn import_walk_and_export_need_no_account() {
    let folder = TempDir::new();
    let (mut phone, list) = campaign(&folder);
    let view = phone.engine().walk_list(list, None).expect("a list");
    assert!(view.summary.ready && view.summary.progress.doors > 15);
    let mut knocked = 0;
    while let Some(stop) = phone.engine().next_stop(list, None).expect("a stop") {
        for door in stop.doors {
            let input = AttemptInput::at_door(list, door.household, Some(CanvassResult::NotHome));
            phone.engine().record_attempt(&input).expect("a knock");
            knocked += 1;
        }
    }
    let progress = phone.engine().progress(list).expect("progress");
    assert_eq!((progress.done, progress.left()), (knocked, 0));

    phone.restart().expect("opened again");
    assert_eq!(phone.engine().progress(list).expect("progress"), progress);
    let csv = phone.engine().export(list, ExportFormat::Csv).expect("a file");
    assert_eq!(csv.records, u64::from(knocked));
    let text = String::from_utf8(csv.bytes).expect("text");
    assert!(text.contains("d01") && text.contains("not_home") && text.contains("Ash"));
    let status = phone.engine().sync_status().expect("a status");
    assert_eq!((status.has_server, status.on_this_phone), (false, knocked));
    let report = phone.sync(|_| None).expect("a sync that has nowhere to go");
    assert_eq!(report.outcome, SyncOutcome::NoServer);
}

#[test]
fn answers_are_shown_asked_and_taken_back() {
    let folder = TempDir::new();
    let (phone, list) = campaign(&folder);
    let engine = phone.engine();
    let household = door(engine, list, "6 Willow St").expect("a door");
    let person = engine.household(list, household).expect("a household").people[0].person;
    let input = AnswerInput {
        list,
        household,
        person,
        question: "support".into(),
        value: Some(AnswerValue::Choice { option: "2".into() }),
        attempt: None,
        script: None,
    };
    let saved = engine.record_answer(&input).expect("an answer");
    let view = engine.household(list, household).expect("a household");
    assert_eq!(view.attempts[0].people[0].result, CanvassResult::Contacted);
    assert_eq!(view.attempts[0].saved, SavedWhere::OnThisPhone);
    let survey = engine.survey(list, household, person, "es").expect("a survey");
    assert_eq!(survey.questions[0].answer, input.value);

    engine.undo(list, household, saved.attempt.expect("an attempt")).expect("taken back");
    let view = engine.household(list, household).expect("a household");
    assert_eq!((view.attempts.len(), view.people[0].answers), (0, 0));
    let again = engine.undo(list, household, saved.attempt.expect("an attempt"));
    assert!(matches!(again, Err(Error::Record(_))), "once is enough");
}

#[test]
fn a_second_campaign_in_one_directory_is_refused() {
    let folder = TempDir::new();
    let (phone, _) = campaign(&folder);
    let about = NewCampaign { name: "Other".into(), canvasser: "Ash".into() };
    assert!(matches!(phone.engine().create_campaign(&about), Err(Error::AlreadyInCampaign)));
    let code = "00112233445566778899aabbccddeeff";
    let joined = phone.engine().join(&format!("https://example.org/j/{code}"));
    assert!(matches!(joined, Err(Error::AlreadyInCampaign)));
}
