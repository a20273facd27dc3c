//! The conformance kit: a shell that does everything passes behind a bad network, and one that
//! does a little less does not.

use std::fs;
use std::path::Path;
use std::process::Command;

use canvass_tests::temp::TempDir;
use serde_json::{Value, json};

/// The object on the last line, and the exit code.
fn canvass(args: &[&str]) -> (Value, Option<i32>) {
    let program = env!("CARGO_BIN_EXE_canvass");
    let output = Command::new(program).args(args).arg("--json").output().expect("the program");
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().last().unwrap_or_default();
    (serde_json::from_str(last).unwrap_or(Value::Null), output.status.code())
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Runs a kit with the engine of `canvass` itself; the results file.
fn run(kit: &Path, results: &Path, faults: &str) {
    let (told, code) =
        canvass(&["kit", "run", &shown(kit), "--results", &shown(results), "--faults", faults]);
    assert_eq!(code, Some(0), "{told}");
}

fn check(kit: &Path, results: &Path) -> (Value, Option<i32>) {
    canvass(&["kit", "check", &shown(kit), "--results", &shown(results)])
}

#[test]
fn our_own_shell_passes_behind_bad_networks_and_a_wrong_one_fails() {
    let folder = TempDir::new();
    let (kit, results) = (folder.path().join("kit"), folder.path().join("results.jsonl"));
    let (told, code) = canvass(&["kit", "--out", &shown(&kit)]);
    assert_eq!(code, Some(0), "{told}");
    let days = told["scenarios"].as_array().expect("days").len();
    assert_eq!(fs::read_dir(kit.join("scenarios")).expect("a folder").count(), days);
    for faults in ["7", "8"] {
        run(&kit, &results, faults);
        let (told, code) = check(&kit, &results);
        assert_eq!((code, &told["found_wrong"]), (Some(0), &json!(0)), "{faults}: {told}");
        assert_eq!(told["expected"], json!(2 * days), "two digests a day");
    }
    let right = fs::read_to_string(&results).expect("results");

    // A shell that loses one note of the day.
    let (wrong, its_results) = (folder.path().join("wrong"), folder.path().join("wrong.jsonl"));
    copy(&kit, &wrong);
    let day = wrong.join("scenarios/town_day.json");
    let text = fs::read_to_string(&day).expect("a day");
    let note = text.lines().find(|line| line.contains(r#""do":"note""#)).expect("a note");
    let nothing = r#"    {"do":"restart","phone":"ash"},"#;
    fs::write(&day, text.replacen(note, nothing, 1)).expect("written");
    run(&wrong, &its_results, "7");
    let (told, code) = check(&kit, &its_results);
    assert_eq!((code, &told["found_wrong"]), (Some(1), &json!(2)), "{told}");
    assert_eq!(told["differences"][0]["scenario"], json!("town_day"));

    // One that stops early, and one that writes nonsense.
    let cut: Vec<&str> = right.lines().skip(1).collect();
    fs::write(&its_results, cut.join("\n")).expect("written");
    let (told, code) = check(&kit, &its_results);
    assert_eq!((code, &told["differences"][0]["found"]), (Some(1), &Value::Null), "{told}");
    fs::write(&its_results, "hello\n").expect("written");
    let (told, code) = check(&kit, &its_results);
    assert_eq!((code, &told["error"]["code"]), (Some(3), &json!("bad_kit")), "{told}");
}

#[test]
fn the_same_seed_writes_the_same_kit() {
    let folder = TempDir::new();
    let kits = ["a", "b"].map(|name| folder.path().join(name));
    for kit in &kits {
        assert_eq!(canvass(&["kit", "--out", &shown(kit), "--doors", "80"]).1, Some(0));
    }
    for file in ["expected.json", "scenarios/town_day.json", "files/town/people.csv", "serve.sh"] {
        let [a, b] = kits.each_ref().map(|kit| fs::read(kit.join(file)).expect("a file"));
        assert_eq!(a, b, "{file}");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}
