//! The page as a whole: safe, well-formed, self-contained, legible.

use std::collections::BTreeSet;

use canvass_core::geometry::Point;
use canvass_core::time::Timestamp;
use canvass_core::walklist::CanvassResult;

use super::*;

mod markup;
use markup::{Element, parse};

const NASTY: &str = "<b>&\"'</b> ]]> http:";

fn moment(hour: &str) -> Timestamp {
    Timestamp::parse(&format!("2026-10-03T{hour}:00Z")).expect("a time")
}

fn door(result: CanvassResult) -> ReportDoor {
    let contacted = result == CanvassResult::Contacted;
    ReportDoor { knocks: 1, result: Some(result), contacted }
}

/// A list of so many stops in a row, the third of them a building of eight doors.
fn list(name: &str, stops: u16) -> ReportList {
    let results = [CanvassResult::Contacted, CanvassResult::NotHome, CanvassResult::Refused];
    let stop = |at: u16| ReportStop {
        point: Point::from_e7(
            442_000_000 + i32::from(at % 20) * 1_500,
            -734_000_000 + i32::from(at) * 900,
        ),
        doors: match at {
            2 => vec![door(CanvassResult::NotHome); 8],
            _ if at % 7 == 6 => vec![ReportDoor::default()],
            _ => vec![door(results[usize::from(at % 3)])],
        },
    };
    ReportList {
        name: name.to_owned(),
        canvassers: vec!["Ana".to_owned(), "Ben".to_owned()],
        outline: Vec::new(),
        start: None,
        stops: (0..stops).map(stop).collect(),
        way: Vec::new(),
        length_m: 1_500.0,
        alphabetical_m: 2_500.0,
        apart: 1,
    }
}

fn writing(canvasser: &str, hour: &str, wrote: &str) -> Writing {
    Writing { canvasser: canvasser.to_owned(), at: moment(hour), wrote: wrote.to_owned() }
}

fn version(name: &str, from: &str, answered: Option<u32>) -> VersionTally {
    let (version, from) = (name.to_owned(), moment(from));
    VersionTally { version, from, answers: answered.unwrap_or(3), answered: vec![answered] }
}

fn left_behind(name: &str) -> LeftBehind {
    let asks = vec![AskTally { label: name.to_owned(), wanted: 3, declined: 1 }];
    LeftBehind { asks, follow_ups: 4, literature: 21 }
}

/// A day in which every text is `name`.
fn day(name: &str) -> Report {
    let text = || name.to_owned();
    let street =
        vec![Point::from_e7(441_990_000, -734_000_000), Point::from_e7(442_030_000, -733_970_000)];
    Report {
        campaign: text(),
        place: text(),
        day: moment("16:00"),
        utc_offset_minutes: -240,
        distances: Distances::StraightLine { detour_per_mille: 1300 },
        streets: vec![ReportStreet {
            name: text(),
            width: StreetWidth::Broad,
            lines: vec![street.clone()],
        }],
        water: vec![street],
        lists: vec![list(name, 40), list(name, 12)],
        answers: 77,
        conflicts: vec![ReportConflict {
            address: text(),
            field: text(),
            writings: vec![
                writing(name, "14:42", "Strong support"),
                writing("Ben", "15:15", "Undecided"),
            ],
            settlement: Some(Settlement {
                by: text(),
                at: moment("21:20"),
                kept: "Undecided".to_owned(),
            }),
        }],
        double_knocks: vec![DoubleKnock {
            address: text(),
            knocks: vec![ReportKnock { canvasser: text(), at: moment("14:42"), result: None }],
        }],
        questions: vec![QuestionTally {
            label: text(),
            answered: 9,
            options: vec![
                OptionTally { label: text(), count: 9 },
                OptionTally { label: text(), count: 0 },
            ],
        }],
        versions: vec![version(name, "14:00", Some(6)), version(name, "16:00", None)],
        left_behind: left_behind(name),
        phones: vec![ReportPhone {
            name: text(),
            canvasser: text(),
            list: text(),
            sent: 51,
            received: 7,
            waiting: 0,
            digest_equal: true,
        }],
        proof: Proof { recorded: 1_234, exported: 1_234, lost: 0, duplicated: 0 },
        checks: vec![Check { what: text(), how: text(), passed: true }],
    }
}

fn empty_day() -> Report {
    Report {
        streets: Vec::new(),
        water: Vec::new(),
        lists: Vec::new(),
        conflicts: Vec::new(),
        double_knocks: Vec::new(),
        questions: Vec::new(),
        versions: Vec::new(),
        left_behind: LeftBehind::default(),
        phones: Vec::new(),
        checks: Vec::new(),
        ..day("Quiet day")
    }
}

#[test]
fn every_page_is_well_formed_and_its_texts_are_only_texts() {
    let nasty = render(&day(NASTY));
    let page = parse(&nasty);
    assert!(!nasty.contains("<b>&\""), "a text became markup");
    assert!(nasty.contains("&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt; ]]&gt;"));
    // The same elements as with a harmless text: nothing was opened or closed by one.
    let names =
        |page: &Element| page.descendants().iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    let plain = day("Alder St");
    let drawn_alike = |name: &String| name != "text";
    let nasty: Vec<_> = names(&page).into_iter().filter(drawn_alike).collect();
    let plain: Vec<_> = names(&parse(&render(&plain))).into_iter().filter(drawn_alike).collect();
    assert_eq!(nasty, plain);
    parse(&render(&empty_day()));
}

#[test]
fn equal_facts_give_equal_pages() {
    assert_eq!(render(&day("A")), render(&day("A").clone()));
    assert_ne!(render(&day("A")), render(&day("B")));
}

#[test]
fn the_page_needs_nothing_from_outside() {
    let html = render(&day("Alder St"));
    for outside in
        ["http://", "https://", "//", "url(", "@import", "<script", "<link", "<img", "src="]
    {
        assert!(!html.contains(outside), "{outside}");
    }
    let page = parse(&html);
    let elements = page.descendants();
    let ids: Vec<&str> = elements.iter().filter_map(|it| it.attribute("id")).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id stands twice");
    for link in elements.iter().filter_map(|it| it.attribute("href")) {
        assert!(ids.contains(&link.trim_start_matches('#')), "{link} leads nowhere");
    }
}

#[test]
fn headings_tables_and_drawings_tell_what_they_are() {
    let page = parse(&render(&day("Alder St")));
    let mut level = 0;
    for element in page.descendants() {
        if let Some(depth) = element.name.strip_prefix('h').and_then(|it| it.parse::<u32>().ok()) {
            assert!(depth <= level + 1, "h{depth} after h{level}");
            level = depth;
        }
    }
    assert_eq!(page.all("h1").len(), 1);
    for table in page.all("table") {
        assert_eq!(table.all("caption").len(), 1);
        assert!(table.all("th").iter().all(|th| th.attribute("scope").is_some()));
    }
    for svg in page.all("svg") {
        let told = svg.attribute("aria-label").is_some_and(|label| !label.is_empty());
        assert!(told || svg.attribute("aria-hidden") == Some("true"));
    }
    for section in page.all("section") {
        let label = section.attribute("aria-labelledby").expect("a section has a heading");
        assert!(section.all("h2").iter().any(|it| it.attribute("id") == Some(label)));
    }
}

#[test]
fn figures_are_those_of_the_facts() {
    let report = day("Alder St");
    let page = parse(&render(&report));
    // 40 stops, one of 8 doors, and 12 stops, one of 8 doors: 66 doors, 6 of them left.
    let tiles: Vec<String> = page.all("dd").iter().map(|it| it.all("b")[0].text.clone()).collect();
    assert_eq!(tiles, ["66", "60", "15", "25%", "77", "1 of 1"]);
    let proof = &page.with_class("proof")[0];
    assert!(proof.full_text().contains("lost 0, duplicated 0. Every phone holds the same"));
    let foot = &page.all("tfoot")[0];
    assert_eq!(foot.full_text(), "All66601525%3.0 km5.0 km40%");
    let results = page.all("table").into_iter().find(|it| it.full_text().contains("Nobody home"));
    assert!(results.expect("a table of results").full_text().contains("Nobody home3152%"));
}

#[test]
fn a_loss_is_loud() {
    let mut report = day("Alder St");
    report.proof.lost = 2;
    report.phones[0].digest_equal = false;
    report.checks[0].passed = false;
    let page = parse(&render(&report));
    let proof = page.with_class("bad")[0].full_text();
    assert!(proof.contains("lost 2"), "{proof}");
    assert!(proof.contains("1 phone does not hold the same as the server."), "{proof}");
    assert!(page.with_class("checks")[0].full_text().contains("✗ fails"));
}

#[test]
fn the_story_tells_who_wrote_what_and_who_decided() {
    let mut report = day("Ana");
    let story = |report: &Report| parse(&render(report)).with_class("timeline")[0].full_text();
    assert_eq!(
        story(&report),
        "10:42 Ana wrote Strong support.11:15 Ben wrote Undecided.17:20 Ana read all of it and \
         decided: Undecided stands, as Ben wrote. What Ana wrote stays in the record."
    );
    report.conflicts[0].settlement = None;
    assert!(story(&report).ends_with("Nobody has decided yet; both stand in the record."));
}

#[test]
fn every_stop_is_on_its_maps_once() {
    let report = day("Alder St");
    let page = parse(&render(&report));
    let dots = |map: &Element| {
        let paths = map.with_class("dots")[0].all("path");
        let drawn = paths.iter().filter(|it| it.attribute("class") != Some("hole"));
        drawn.map(|it| it.attribute("d").unwrap_or_default().matches('M').count()).sum::<usize>()
    };
    let crosses = |map: &Element| map.with_class("declined").len();
    let maps = page.with_class("map");
    assert_eq!(maps.len(), 3);
    assert_eq!(dots(maps[0]), 50);
    assert_eq!(maps[0].all("svg")[0].with_class("block").len(), 2);
    assert_eq!((dots(maps[1]), dots(maps[2])), (39, 11));
    assert_eq!(crosses(maps[1]), 1);
    assert!(maps[1].full_text().contains("End 40"));
}

#[test]
fn two_thousand_doors_stay_far_below_two_megabytes() {
    let mut report = day("Alder St");
    report.lists = (0..32).map(|_| list("Alder St", 56)).collect();
    let html = render(&report);
    assert!(html.len() < 500_000, "{}", html.len());
}

#[test]
fn text_stands_out_from_its_ground_by_light_and_by_dark() {
    let css = page::STYLE;
    let (light, dark) = css.split_once("prefers-color-scheme:dark").expect("two themes");
    for theme in [light, dark] {
        let colour = |name: &str| markup::colour(theme, name);
        let on_card = ["ink", "muted", "accent", "good", "bad"].map(|it| (it, "card"));
        let on_page = ["ink", "muted", "accent", "good"].map(|it| (it, "page"));
        let on_land = ["ink", "name"].map(|it| (it, "land"));
        let rest = [("blocktext", "block"), ("ink", "badbg"), ("bad", "badbg")];
        for (text, ground) in on_card.into_iter().chain(on_page).chain(on_land).chain(rest) {
            let contrast = markup::contrast(colour(text), colour(ground));
            assert!(contrast >= 4.5, "{text} on {ground}: {contrast:.2}");
        }
        for hue in 0..10 {
            let contrast = markup::contrast(colour("ontint"), colour(&format!("t{hue}")));
            assert!(contrast >= 4.5, "number on t{hue}: {contrast:.2}");
        }
        // Dots are no text: 3 is what drawings need (WCAG 2.2, 1.4.11).
        for dot in ["spoken", "nobody", "declined", "other", "notyet"] {
            let contrast = markup::contrast(colour(dot), colour("land"));
            assert!(contrast >= 3.0, "{dot} on land: {contrast:.2}");
        }
    }
}

/// The names of the style sheet that follow each `start`, up to the first of `ends`.
fn names_after<'a>(style: &'a str, start: &str, ends: &[char]) -> BTreeSet<&'a str> {
    style.split(start).skip(1).filter_map(|rest| rest.split(ends).next()).collect()
}

#[test]
fn a_map_that_stands_alone_has_all_that_its_style_asks_for() {
    let style = page::STYLE;
    // A drawing by itself is its own root, and its hue is its class.
    let given: BTreeSet<&str> = [":root{", ".t0{"]
        .iter()
        .flat_map(|rule| style.split(rule).skip(1))
        .filter_map(|rest| rest.split('}').next())
        .flat_map(|rule| names_after(rule, "--", &[':']))
        .collect();
    let asked = names_after(style, "var(--", &[')', ',']);
    let missing: Vec<&&str> = asked.difference(&given).collect();
    assert!(asked.len() > 10 && missing.is_empty(), "{missing:?} on a map alone");
}
