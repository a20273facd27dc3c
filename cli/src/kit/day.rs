//! A day over a generated town, as a scenario: two phones, many doors, one disagreement.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::town::Town;

/// The file names of the town in the kit.
pub(super) const TOWN: &str = "town";
/// Doors that are knocked on.
const KNOCKS: usize = 24;
/// The server's seed and clock, and when the phones begin.
const SERVER_SEED: u64 = 31;
const MORNING_MS: i64 = 1_791_036_000_000;
const MINUTE_MS: i64 = 60_000;

/// The day as a scenario's JSON; digests are still to be filled in.
pub(super) fn scenario(town: &Town) -> Value {
    let doors = plain_doors(town);
    let mut steps = campaign();
    for (phone, seed) in [("ash", 41_u64), ("birch", 42)] {
        steps.push(json!({ "phone": phone, "do": "open", "seed": seed, "clock_ms": MORNING_MS }));
        steps.push(json!({ "phone": phone, "do": "join", "invitation": phone }));
        steps.push(json!({ "phone": phone, "do": "sync", "outcome": "complete" }));
    }
    for (number, door) in doors.iter().enumerate() {
        let phone = if number % 3 == 2 { "birch" } else { "ash" };
        let at = MORNING_MS + MINUTE_MS * i64::try_from(number).unwrap_or(0);
        steps.push(json!({ "phone": phone, "do": "clock", "ms": at }));
        steps.extend(knock(phone, door, number));
    }
    steps.extend(disagreement(&doors[0]));
    steps.push(json!({ "phone": "ash", "do": "restart" }));
    for phone in ["ash", "birch", "ash"] {
        steps.push(json!({ "phone": phone, "do": "sync", "outcome": "complete" }));
    }
    steps.push(json!({ "phone": "ash", "do": "resolve", "value": "2" }));
    for phone in ["ash", "birch"] {
        steps.push(json!({ "phone": phone, "do": "sync", "outcome": "complete" }));
    }
    for phone in ["ash", "birch"] {
        steps.push(json!({ "phone": phone, "do": "digest", "equals": "" }));
    }
    let server = json!({ "test_seed": SERVER_SEED, "test_clock_ms": MORNING_MS });
    json!({ "name": "town_day", "server": server, "steps": steps })
}

/// What an operator does before the day.
fn campaign() -> Vec<Value> {
    let below = |path: &str| format!("/v1/campaigns/{{campaign}}{path}");
    let import = |kind: &str| {
        let path = below(&format!("/imports?kind={kind}&profile={kind}"));
        json!({ "operator": "POST", "path": path, "file": format!("{TOWN}/{kind}.csv") })
    };
    let post =
        |path: &str, body: Value| json!({ "operator": "POST", "path": below(path), "body": body });
    let invite = |name: &str, key: &str| {
        let mut step = post("/invitations", json!({ "canvasser": name, "lists": [1] }));
        step["keep"] = json!({ key: "path" });
        step
    };
    vec![
        json!({ "operator": "POST", "path": "/v1/campaigns", "body": { "name": "Kit" },
                "keep": { "campaign": "campaign" } }),
        import("doors"),
        import("people"),
        json!({ "operator": "POST", "path": below("/scripts"), "file": format!("{TOWN}/script.json") }),
        post("/turfs", json!({ "turfs": 1 })),
        post("/lists", json!({ "turf": 1, "name": "The town", "with_contacts": true })),
        invite("Ash", "ash"),
        invite("Birch", "birch"),
    ]
}

/// Every third door is talked at, the others are not home or have a note.
fn knock(phone: &str, door: &str, number: usize) -> Vec<Value> {
    let step = |what: &str| json!({ "phone": phone, "do": what, "door": door });
    let mut knock = step("attempt");
    if !number.is_multiple_of(3) {
        knock["result"] = json!("not_home");
        let mut note = step("note");
        note["text"] = json!(format!("Note {number}"));
        return if number.is_multiple_of(2) { vec![knock, note] } else { vec![knock] };
    }
    let kept = format!("talk {number}");
    knock["keep"] = json!(kept);
    let mut answer = step("answer");
    answer["person"] = json!(0);
    answer["question"] = json!("support");
    answer["choice"] = json!((number % 5 + 1).to_string());
    answer["attempt"] = json!(kept);
    vec![knock, answer]
}

/// Two write the same answer without having seen each other.
fn disagreement(door: &str) -> Vec<Value> {
    let answer = |phone: &str, choice: &str| {
        json!({ "phone": phone, "do": "answer", "door": door, "person": 0,
                "question": "support", "choice": choice })
    };
    vec![answer("ash", "2"), answer("birch", "4")]
}

/// Doors by their addresses: each address once, and everybody who lives there may be called on.
fn plain_doors(town: &Town) -> Vec<String> {
    let mut by_address: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for door in &town.doors {
        let at = &door.address;
        let line = format!("{} {} {}", at.house_number, at.street, at.unit).trim().to_owned();
        by_address.entry(line).or_default().push(&door.door_id);
    }
    let is_plain = |door_id: &str| {
        let mut people = town.people.iter().filter(|person| person.door_id == door_id).peekable();
        people.peek().is_some()
            && people.all(|person| {
                let marks = person.standing;
                !(marks.voted || marks.deceased || marks.exempt || marks.do_not_contact)
            })
    };
    let single = by_address.into_iter().filter(|(_, ids)| ids.len() == 1);
    let plain = single.filter(|(_, ids)| is_plain(ids[0])).map(|(line, _)| line);
    plain.take(KNOCKS).collect()
}
