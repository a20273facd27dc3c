//! Days that are replayed: the same files run from Rust, Kotlin and Swift.

use canvass_cli::kit::one_step_a_line;
use canvass_tests::scenario::{path, replay};

#[test]
fn an_offline_day_gives_its_digest_and_its_files() {
    replays("offline_day");
}

#[test]
fn what_is_handed_from_phone_to_phone_gives_one_digest_everywhere() {
    replays("phone_to_phone");
}

#[test]
fn what_two_claim_unheard_of_each_other_is_held_by_one_and_both_are_told() {
    replays("claims");
}

#[test]
fn what_people_want_and_when_to_come_back_is_the_same_everywhere() {
    replays("asks_and_follow_ups");
}

#[test]
fn a_conversation_goes_on_where_it_was_left_and_a_floor_is_recorded_as_one() {
    replays("conversation");
}

#[test]
fn a_script_changes_during_the_shift_and_every_answer_keeps_its_version() {
    replays("script_versions");
}

#[test]
fn what_is_said_in_two_languages_is_the_same_everywhere() {
    replays("two_languages");
}

#[test]
fn calls_and_their_codes_are_the_same_everywhere() {
    replays("channels");
}

#[test]
fn what_is_in_the_way_of_doors_is_the_same_everywhere() {
    replays("access");
}

fn replays(name: &str) {
    let bless = is_blessing();
    let replayed = replay(name, bless);
    if bless {
        std::fs::write(path(name), one_step_a_line(&replayed)).expect("the scenario");
    }
}

#[expect(clippy::disallowed_methods, reason = "how a person asks for new expected values")]
fn is_blessing() -> bool {
    std::env::var("CANVASS_BLESS").is_ok()
}
