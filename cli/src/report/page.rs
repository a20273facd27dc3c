//! The page as a whole: its head, its sections in order, its foot.

use super::answers::{left_behind, questions, results};
use super::figures::Figures;
use super::html::{Html, Text, long_date, put};
use super::lists::lists;
use super::model::{Distances, Report};
use super::phones::{checks, phones};
use super::story::{conflicts, double_knocks};
use super::summary::summary;
use super::town_map::town_map;
use super::versions::versions;

/// How everything looks, by light and by dark.
pub(super) const STYLE: &str = include_str!("style.css");

/// The sections by their anchors and headings, in the order of the page.
const SECTIONS: [(&str, &str); 7] = [
    ("map", "Map"),
    ("lists", "Lists"),
    ("conflicts", "Two answers, one door"),
    ("answers", "What people said"),
    ("results", "What came of the knocks"),
    ("phones", "Phones"),
    ("checks", "How this was checked"),
];

/// Renders a report as one self-contained HTML page.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut out = Html::default();
    let figures = Figures::of_day(report);
    head(&mut out, report);
    summary(&mut out, report, &figures);
    for (anchor, heading) in SECTIONS.into_iter().filter(|(anchor, _)| is_shown(anchor, report)) {
        put!(out, r#"<section id="{anchor}" aria-labelledby="h-{anchor}">"#);
        put!(out, r#"<h2 id="h-{anchor}">{heading}</h2>"#);
        match anchor {
            "map" => town_map(&mut out, report),
            "lists" => lists(&mut out, report, &figures),
            "conflicts" => {
                conflicts(&mut out, report);
                double_knocks(&mut out, report);
            }
            "answers" => {
                questions(&mut out, report);
                versions(&mut out, report);
                left_behind(&mut out, report);
            }
            "results" => results(&mut out, report),
            "phones" => phones(&mut out, report),
            _ => checks(&mut out, report),
        }
        put!(out, "</section>\n");
    }
    foot(&mut out, report);
    out.finish()
}

/// A day without doors has no map.
fn is_shown(anchor: &str, report: &Report) -> bool {
    anchor != "map" || report.lists.iter().any(|list| !list.stops.is_empty())
}

fn head(out: &mut Html, report: &Report) {
    let date = long_date(report.day, report.utc_offset_minutes);
    let campaign = Text(&report.campaign);
    put!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    put!(out, r#"<meta name="viewport" content="width=device-width, initial-scale=1"/>"#);
    put!(out, r#"<meta name="color-scheme" content="light dark"/>"#);
    put!(out, r#"<meta name="referrer" content="no-referrer"/>"#);
    put!(out, "\n<title>{campaign}: {date}</title>\n<style>\n");
    put!(out, "{STYLE}</style>\n</head>\n<body>\n");
    put!(out, r#"<header class="top"><p class="kicker">Canvassing day"#);
    if !report.place.is_empty() {
        put!(out, " in {}", Text(&report.place));
    }
    put!(out, r#"</p><h1>{campaign}</h1><p class="date">{date}</p></header>"#);
    put!(out, r#"<nav aria-label="Sections"><ul>"#);
    for (anchor, heading) in SECTIONS.into_iter().filter(|(anchor, _)| is_shown(anchor, report)) {
        put!(out, r##"<li><a href="#{anchor}">{heading}</a></li>"##);
    }
    put!(out, "</ul></nav>");
    put!(out, "\n<main>\n");
}

fn foot(out: &mut Html, report: &Report) {
    put!(out, "</main>\n<footer>");
    put!(out, "<p>No resident is named in this report. The contact rate is the share of doors ");
    put!(out, "knocked on where someone was spoken with. ");
    match report.distances {
        Distances::StraightLine { detour_per_mille } => put!(
            out,
            "Lengths of walks are straight lines, made longer by the factor {}.",
            f64::from(detour_per_mille) / 1000.0
        ),
        Distances::Network => put!(out, "Lengths of walks follow the streets."),
    }
    put!(out, " Times are local.</p></footer>\n</body>\n</html>\n");
}
