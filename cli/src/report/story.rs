//! The stories of the day: who wrote what at one door without knowing of the other, and who
//! decided; and the doors where two people knocked.

use canvass_core::say::{Language, result_name};

use super::html::{Count, Hour, Html, Text, joined, plural, put};
use super::model::{DoubleKnock, Report, ReportConflict, Settlement, Writing};

/// Double knocks told one by one; the rest are counted.
const MAX_DOUBLE_KNOCKS: usize = 12;

pub(super) fn conflicts(out: &mut Html, report: &Report) {
    if report.conflicts.is_empty() {
        put!(out, "<p>Nobody wrote anything that contradicts what someone else wrote.</p>");
        return;
    }
    put!(out, r#"<div class="stories">"#);
    for conflict in &report.conflicts {
        story(out, report, conflict);
    }
    put!(out, "</div>");
}

fn story(out: &mut Html, report: &Report, conflict: &ReportConflict) {
    let (class, state) = match conflict.settlement {
        Some(_) => ("settled", "Settled"),
        None => ("open", "Open"),
    };
    put!(
        out,
        r#"<article class="card story"><h3>{} <span class="state {class}">{state}</span></h3>"#,
        Text(&conflict.address)
    );
    let (who, unseen) = match conflict.writings.len() {
        2 => ("Two people", "neither had seen what the other wrote"),
        _ => ("Several people", "none had seen what the others wrote"),
    };
    put!(
        out,
        "<p>{who} wrote different things about “{}”, and {unseen}. Nothing was overwritten.</p>",
        Text(&conflict.field)
    );
    put!(out, r#"<ol class="timeline">"#);
    for writing in &conflict.writings {
        put!(
            out,
            "<li>{} <b>{}</b> wrote <q>{}</q>.</li>",
            time(report, writing.at),
            Text(&writing.canvasser),
            Text(&writing.wrote)
        );
    }
    match &conflict.settlement {
        Some(settlement) => decision(out, report, conflict, settlement),
        None => put!(out, "<li>Nobody has decided yet; both stand in the record.</li>"),
    }
    put!(out, "</ol></article>");
}

fn decision(out: &mut Html, report: &Report, conflict: &ReportConflict, by: &Settlement) {
    let (agreed, others): (Vec<&Writing>, Vec<&Writing>) =
        conflict.writings.iter().partition(|writing| writing.wrote == by.kept);
    put!(
        out,
        r#"<li class="decided">{} <b>{}</b> read all of it and decided: <q>{}</q> stands"#,
        time(report, by.at),
        Text(&by.by),
        Text(&by.kept)
    );
    if agreed.is_empty() {
        put!(out, ", which none of them had written");
    } else {
        put!(out, ", as {} wrote", Text(&names(&agreed)));
    }
    if others.is_empty() {
        put!(out, ".</li>");
    } else {
        put!(out, ". What {} wrote stays in the record.</li>", Text(&names(&others)));
    }
}

fn names(writings: &[&Writing]) -> String {
    let names: Vec<&str> = writings.iter().map(|writing| writing.canvasser.as_str()).collect();
    joined(&names)
}

fn time(report: &Report, at: canvass_core::time::Timestamp) -> impl std::fmt::Display {
    let hour = Hour { at, utc_offset_minutes: report.utc_offset_minutes };
    format!(r#"<time datetime="{at}">{hour}</time>"#)
}

pub(super) fn double_knocks(out: &mut Html, report: &Report) {
    let count = report.double_knocks.len();
    put!(out, r#"<h3 class="sub">Doors knocked on by two people</h3>"#);
    if count == 0 {
        put!(out, "<p>There was none.</p>");
        return;
    }
    put!(
        out,
        "<p>{} {} two visits by different people within twelve hours. Every knock is kept; \
         the one that says most counts.</p>",
        Count(count as u64),
        plural(count as u64, "door had", "doors had")
    );
    put!(out, r#"<ul class="card plain">"#);
    for knock in report.double_knocks.iter().take(MAX_DOUBLE_KNOCKS) {
        double_knock(out, report, knock);
    }
    if let Some(more) = count.checked_sub(MAX_DOUBLE_KNOCKS).filter(|more| *more > 0) {
        put!(out, r#"<li class="quiet">and {} more.</li>"#, Count(more as u64));
    }
    put!(out, "</ul>");
}

fn double_knock(out: &mut Html, report: &Report, double: &DoubleKnock) {
    put!(out, "<li><b>{}</b>: ", Text(&double.address));
    for (at, knock) in double.knocks.iter().enumerate() {
        let before = if at == 0 { "" } else { ", then " };
        let named = knock.result.map(|result| result_name(Language::En, result));
        let result = named.map_or("knocked".to_owned(), |name| name.to_lowercase());
        put!(out, "{before}{} at {} ({})", Text(&knock.canvasser), time(report, knock.at), result);
    }
    put!(out, ".</li>");
}
