//! The day as the report tells it.

use canvass_core::engine::{DoorView, HouseholdView};
use canvass_core::geometry::Point;
use canvass_core::street::StreetPack;
use canvass_core::survey::{Question, Script};
use canvass_core::time::Timestamp;
use canvass_core::walk::{DETOUR_PER_MILLE, Ground, Terrain, WalkEnds, WalkStop, WorkCosts};
use canvass_core::walklist::Address;
use serde_json::Value;

use crate::demo::campaign::Campaign;
use crate::demo::story::{Settled, texts};
use crate::demo::tally::ExportedRow;
use crate::demo::walk::Canvasser;
use crate::demo::{DayError, DayPlan, EVENING, MORNING, UTC_OFFSET_MINUTES, left_behind, versions};
use crate::report::{
    Check, Distances, DoubleKnock, Proof, Report, ReportConflict, ReportDoor, ReportKnock,
    ReportList, ReportPhone, ReportStop, Settlement, Writing, drawn,
};

/// What the report is made of.
pub(super) struct Facts<'a> {
    pub(super) plan: &'a DayPlan,
    pub(super) campaign: &'a Campaign,
    pub(super) canvassers: &'a [Canvasser],
    pub(super) settled: &'a Settled,
    pub(super) rows: &'a [ExportedRow],
    pub(super) proof: Proof,
    pub(super) digests: &'a [bool],
    /// The version on which a conversation ended that had been begun before noon.
    pub(super) ended_on: Option<&'a str>,
}

pub(super) fn report(facts: &Facts<'_>) -> Result<Report, DayError> {
    let Facts { campaign, canvassers, settled, rows, proof, .. } = facts;
    let [_, script] = versions::scripts()?;
    let (questions, versions) = versions::tallies(rows)?;
    let answers = rows.iter().filter(|row| row.kind == "answer" && row.state != "undone");
    let lists: Result<Vec<ReportList>, DayError> =
        campaign.lists.iter().map(|list| report_list(facts, list)).collect();
    let lists = lists?;
    let turfs = campaign.turfs.iter().flat_map(|turf| rings(&turf["outline"])).flatten();
    let around: Vec<Point> = turfs.collect();
    Ok(Report {
        campaign: campaign.name.clone(),
        place: campaign.place.clone(),
        day: MORNING,
        utc_offset_minutes: UTC_OFFSET_MINUTES,
        distances: match campaign.pack {
            Some(_) => Distances::Network,
            None => Distances::StraightLine { detour_per_mille: DETOUR_PER_MILLE },
        },
        streets: campaign.pack.as_ref().map(|pack| drawn(pack, &around)).unwrap_or_default(),
        water: campaign.water.clone(),
        lists,
        answers: u32::try_from(answers.count()).unwrap_or(u32::MAX),
        conflicts: conflicts(settled, &script),
        double_knocks: double_knocks(canvassers, settled)?,
        questions,
        versions,
        left_behind: left_behind::tally(rows),
        phones: phones(facts)?,
        proof: *proof,
        checks: checks(facts),
    })
}

fn doors_of(canvasser: &Canvasser) -> Result<Vec<DoorView>, DayError> {
    let list = canvasser.list()?;
    let mut doors = Vec::new();
    let mut from = None;
    loop {
        let page = canvasser.engine().doors(list, from.as_deref(), 500)?;
        doors.extend(page.doors);
        from = page.next;
        if from.is_none() {
            return Ok(doors);
        }
    }
}

fn report_list(facts: &Facts<'_>, list: &Value) -> Result<ReportList, DayError> {
    let number = list["number"].as_u64().ok_or(DayError::Answer("number"))?;
    let walked_by: Vec<&Canvasser> =
        facts.canvassers.iter().filter(|c| u64::from(c.list_number) == number).collect();
    let first = walked_by.first().ok_or(DayError::Answer("a canvasser"))?;
    let mut stops: Vec<(u32, ReportStop)> = Vec::new();
    let doors = doors_of(first)?;
    let way = way(facts.campaign.pack.as_ref(), &doors);
    for door in doors {
        let contacted =
            door.result.is_some_and(|r| r == canvass_core::walklist::CanvassResult::Contacted);
        let told = ReportDoor { knocks: door.knocks, result: door.result, contacted };
        match stops.last_mut() {
            Some((stop, known)) if *stop == door.stop => known.doors.push(told),
            _ => stops.push((door.stop, ReportStop { point: door.point, doors: vec![told] })),
        }
    }
    let turf = facts.campaign.turfs.iter().find(|turf| turf["name"] == list["name"]);
    let outline = turf.map(|turf| rings(&turf["outline"])).unwrap_or_default();
    let progress = first.engine().progress(first.list()?)?;
    Ok(ReportList {
        name: list["name"].as_str().unwrap_or_default().to_owned(),
        canvassers: walked_by.iter().map(|canvasser| canvasser.name.clone()).collect(),
        outline: outline.into_iter().take(1).collect(),
        start: None,
        stops: stops.into_iter().map(|(_, stop)| stop).collect(),
        way,
        length_m: list["length_m"].as_f64().unwrap_or(0.0),
        alphabetical_m: list["alphabetical_m"].as_f64().unwrap_or(0.0),
        apart: progress.apart,
    })
}

/// The way past some doors in their order, along the streets; none where they are not known.
fn way(pack: Option<&StreetPack>, doors: &[DoorView]) -> Vec<Point> {
    let Some(streets) = pack else { return Vec::new() };
    let mut stops: Vec<WalkStop<'_>> = Vec::new();
    for door in doors {
        if stops.last().is_none_or(|last| last.place.point != door.point) {
            stops.push(WalkStop::at_address(door.point, &door.address, 1));
        }
    }
    let ground = Ground { streets: Some(streets), ..Ground::default() };
    let terrain = Terrain::new(&stops, WalkEnds::default(), ground, &WorkCosts::default());
    let order: Vec<u32> = (0..).zip(&stops).map(|(at, _)| at).collect();
    terrain.line(&order)
}

fn rings(outline: &Value) -> Vec<Vec<Point>> {
    serde_json::from_value(outline.clone()).unwrap_or_default()
}

fn one_line(address: &Address) -> String {
    let unit = if address.unit.is_empty() { String::new() } else { format!(", {}", address.unit) };
    format!("{} {}{unit}", address.house_number, address.street)
}

/// The label of an option, or the value as it is.
fn option_label(question: &Question, value: &str) -> String {
    let option = question.kind.options().iter().find(|option| option.name == value);
    option.map_or_else(|| value.to_owned(), |option| option.label.text("en").to_owned())
}

fn conflicts(settled: &Settled, script: &Script) -> Vec<ReportConflict> {
    let mut told = Vec::new();
    for (conflict, kept) in settled.conflicts.iter().zip(&settled.kept) {
        let name = conflict["subject"].as_str().unwrap_or_default();
        let question = script.question_no(name).and_then(|number| script.question(number));
        let read = |values: Vec<String>| {
            let labels = values.iter().map(|value| {
                question.map_or_else(|| value.clone(), |question| option_label(question, value))
            });
            labels.collect::<Vec<_>>().join(", ")
        };
        let candidates = conflict["candidates"].as_array().cloned().unwrap_or_default();
        let mut writings: Vec<Writing> = candidates
            .iter()
            .map(|candidate| Writing {
                canvasser: candidate["canvasser"].as_str().unwrap_or_default().to_owned(),
                at: Timestamp(candidate["at"].as_i64().unwrap_or(0)),
                wrote: read(texts(&candidate["value"])),
            })
            .collect();
        writings.sort_by_key(|writing| writing.at);
        let address: Option<Address> = serde_json::from_value(conflict["address"].clone()).ok();
        told.push(ReportConflict {
            address: address.as_ref().map(one_line).unwrap_or_default(),
            field: question.map_or(name.to_owned(), |q| q.label.text("en").to_owned()),
            writings,
            settlement: Some(Settlement {
                by: "Organiser".to_owned(),
                at: EVENING,
                kept: read(kept.clone()),
            }),
        });
    }
    told
}

fn meeting_view(
    canvassers: &[Canvasser],
    settled: &Settled,
) -> Result<Option<HouseholdView>, DayError> {
    let (Some(meeting), Some(first)) = (settled.meeting, canvassers.first()) else {
        return Ok(None);
    };
    Ok(Some(first.engine().household(first.list()?, meeting.household)?))
}

fn double_knocks(
    canvassers: &[Canvasser],
    settled: &Settled,
) -> Result<Vec<DoubleKnock>, DayError> {
    let Some(view) = meeting_view(canvassers, settled)? else { return Ok(Vec::new()) };
    let knocks = view.attempts.iter().rev().map(|attempt| ReportKnock {
        canvasser: attempt.by.clone(),
        at: attempt.at,
        result: attempt.door.or(attempt.people.first().map(|person| person.result)),
    });
    Ok(vec![DoubleKnock { address: one_line(&view.address), knocks: knocks.collect() }])
}

fn phones(facts: &Facts<'_>) -> Result<Vec<ReportPhone>, DayError> {
    facts
        .canvassers
        .iter()
        .zip(facts.digests)
        .zip(1..)
        .map(|((canvasser, equal), number)| {
            let status = canvasser.engine().sync_status()?;
            Ok(ReportPhone {
                name: format!("Phone {number}"),
                canvasser: canvasser.name.clone(),
                list: canvasser.list_number.to_string(),
                sent: canvasser.sent.get(),
                received: canvasser.received.get(),
                waiting: u64::from(status.on_this_phone),
                digest_equal: *equal,
            })
        })
        .collect()
}

fn checks(facts: &Facts<'_>) -> Vec<Check> {
    let check = |what: &str, how: &str, passed| {
        let (what, how) = (what.to_owned(), how.to_owned());
        Check { what, how, passed }
    };
    let Proof { recorded, lost, duplicated, .. } = facts.proof;
    vec![
        check(
            "No record was lost",
            &format!(
                "{recorded} ids noted as they were saved, each looked for in the exported file"
            ),
            lost == 0,
        ),
        check("No record is there twice", "every id of the exported file counted", duplicated == 0),
        check(
            "Every phone holds what the campaign holds",
            "digests of each list compared after the last sync",
            facts.digests.iter().all(|equal| *equal),
        ),
        check(
            "Every phone was closed and opened again half-way",
            &format!("{} phones went on where they had been", facts.plan.phones),
            true,
        ),
        check(
            "A talk begun before noon ended on the script it began with",
            &format!(
                "the script changed at noon; that talk went on with version {}, later ones with \
                 the new one",
                facts.ended_on.unwrap_or("of the afternoon")
            ),
            facts.ended_on.is_some(),
        ),
    ]
}
