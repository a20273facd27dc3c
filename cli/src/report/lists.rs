//! The lists: a card with its map for each, and all of them in one table.

use super::figures::Figures;
use super::html::{Count, Html, Length, Percent, Text, joined, plural, put};
use super::list_map::{hue, list_map};
use super::model::{Report, ReportList};

pub(super) fn lists(out: &mut Html, report: &Report, total: &Figures) {
    if report.lists.is_empty() {
        put!(out, "<p>No list was handed out.</p>");
        return;
    }
    table(out, report, total);
    put!(out, r#"<div class="cards">"#);
    for (at, list) in report.lists.iter().enumerate() {
        card(out, report, at, list);
    }
    put!(out, "</div>");
}

fn card(out: &mut Html, report: &Report, at: usize, list: &ReportList) {
    let figures = Figures::of_list(list);
    let number = at + 1;
    put!(out, r#"<article class="card map list" id="list-{number}">"#);
    put!(out, r#"<h3><span class="chip {}">{number}</span> {}</h3>"#, hue(at), Text(&list.name));
    put!(out, r#"<p class="by">{}</p>"#, Text(&names(list)));
    list_map(out, report, at, list);
    bar(out, &figures);
    walk(out, list, &figures);
    put!(out, "</article>");
}

fn names(list: &ReportList) -> String {
    let names: Vec<&str> = list.canvassers.iter().map(String::as_str).collect();
    if names.is_empty() { "Nobody yet".to_owned() } else { joined(&names) }
}

/// How far the list is: spoken with, knocked on, and what is left, as one bar and in words.
fn bar(out: &mut Html, figures: &Figures) {
    let Figures { doors, knocked, contacted, .. } = *figures;
    put!(
        out,
        r#"<div class="progress" aria-hidden="true"><i class="a" style="width:{:.1}%"></i><i class="b" style="width:{:.1}%"></i></div>"#,
        Percent(contacted.min(knocked), doors).value(),
        Percent(knocked.saturating_sub(contacted), doors).value(),
    );
    put!(
        out,
        "<p>Knocked on <b>{}</b> of {} {}, spoken with at <b>{}</b> ({}).</p>",
        Count(knocked.into()),
        Count(doors.into()),
        plural(doors.into(), "door", "doors"),
        Count(contacted.into()),
        Percent(contacted, knocked)
    );
}

fn walk(out: &mut Html, list: &ReportList, figures: &Figures) {
    put!(out, r#"<p class="quiet">Walk <b>{}</b>"#, Length(figures.length_m));
    if let Some(saved) = figures.saved_percent() {
        let (by, than) = (saved.abs(), if saved < 0.0 { "longer" } else { "shorter" });
        put!(
            out,
            ", {by:.0}% {than} than in alphabetical order ({})",
            Length(figures.alphabetical_m)
        );
    }
    put!(out, ".");
    if list.apart > 0 {
        let doors = plural(list.apart.into(), "door is", "doors are");
        put!(out, " {} more {doors} not walked to.", Count(list.apart.into()));
    }
    put!(out, "</p>");
}

const COLUMNS: [&str; 8] =
    ["Doors", "Knocked", "Spoken", "Rate", "Walk", "A to Z", "Saved", "Canvassers"];

fn table(out: &mut Html, report: &Report, total: &Figures) {
    put!(
        out,
        r#"<div class="card scroll" role="region" aria-label="Table of lists" tabindex="0"><table class="lists"><caption class="hidden">Lists: doors, those knocked on, those spoken with, the contact rate, the length of each walk and of the same walk in alphabetical order</caption><thead><tr><th scope="col">List</th>"#
    );
    for column in COLUMNS {
        let class = if column == "Canvassers" { "" } else { r#" class="n""# };
        put!(out, r#"<th scope="col"{class}>{column}</th>"#);
    }
    put!(out, "</tr></thead><tbody>");
    for (at, list) in report.lists.iter().enumerate() {
        let number = at + 1;
        put!(
            out,
            r##"<tr><th scope="row"><a href="#list-{number}"><span class="chip {}">{number}</span> {}</a></th>"##,
            hue(at),
            Text(&list.name)
        );
        cells(out, &Figures::of_list(list));
        put!(out, "<td>{}</td></tr>", Text(&names(list)));
    }
    put!(out, r#"</tbody><tfoot><tr><th scope="row">All</th>"#);
    cells(out, total);
    put!(out, "<td></td></tr></tfoot></table></div>");
}

fn cells(out: &mut Html, figures: &Figures) {
    let Figures { doors, knocked, contacted, .. } = *figures;
    for count in [doors, knocked, contacted] {
        put!(out, r#"<td class="n">{}</td>"#, Count(count.into()));
    }
    put!(out, r#"<td class="n">{}</td>"#, Percent(contacted, knocked));
    put!(out, r#"<td class="n">{}</td>"#, Length(figures.length_m));
    put!(out, r#"<td class="n">{}</td>"#, Length(figures.alphabetical_m));
    match figures.saved_percent() {
        Some(saved) => put!(out, r#"<td class="n">{saved:.0}%</td>"#),
        None => put!(out, r#"<td class="n">–</td>"#),
    }
}
