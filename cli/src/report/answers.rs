//! What people said and what came of the knocks: bars inside a table, so that every bar has
//! its figures beside it.

use super::figures::results_of;
use super::html::{Count, Html, Percent, Text, plural, put};
use super::model::Report;

pub(super) fn questions(out: &mut Html, report: &Report) {
    let asked: Vec<_> = report.questions.iter().filter(|it| !it.options.is_empty()).collect();
    if asked.is_empty() {
        put!(out, "<p>No answer was written.</p>");
        return;
    }
    put!(out, r#"<div class="charts">"#);
    for question in asked {
        let chosen: u32 = question.options.iter().map(|option| option.count).sum();
        let people = u64::from(question.answered);
        let several = if chosen > question.answered { "; more than one answer counts" } else { "" };
        let note = format!(
            "{} {} answered{several}",
            Count(people),
            plural(people, "resident", "residents")
        );
        let rows: Vec<(&str, u32)> =
            question.options.iter().map(|it| (it.label.as_str(), it.count)).collect();
        let heads = ["Answer", "Residents"];
        chart(out, &question.label, &note, heads, &rows, question.answered);
    }
    put!(out, "</div>");
}

pub(super) fn results(out: &mut Html, report: &Report) {
    let rows = results_of(report);
    let knocked: u32 = rows.iter().map(|(_, count)| count).sum();
    if knocked == 0 {
        put!(out, "<p>Nobody knocked on a door.</p>");
        return;
    }
    let note = format!("{} doors knocked on, by the result that counts", Count(knocked.into()));
    put!(out, r#"<div class="charts one">"#);
    let rows: Vec<(&str, u32)> =
        rows.iter().map(|(label, count)| (label.as_str(), *count)).collect();
    chart(out, "Results", &note, ["Result", "Doors"], &rows, knocked);
    put!(out, "</div>");
}

/// What people want of the campaign, when to come back, and where leaflets were left.
pub(super) fn left_behind(out: &mut Html, report: &Report) {
    let left = &report.left_behind;
    put!(out, "<h3>What the talks left behind</h3>");
    let windows = u64::from(left.follow_ups);
    put!(
        out,
        "<p>A leaflet was left at {} {}; {} {} to come back {} agreed on.</p>",
        Count(left.literature.into()),
        plural(left.literature.into(), "knock", "knocks"),
        Count(windows),
        plural(windows, "window", "windows"),
        plural(windows, "was", "were"),
    );
    if left.asks.is_empty() {
        put!(out, "<p>Nobody asked for anything.</p>");
        return;
    }
    let said: u32 = left.asks.iter().map(|ask| ask.wanted + ask.declined).sum();
    let rows: Vec<(&str, u32)> =
        left.asks.iter().map(|ask| (ask.label.as_str(), ask.wanted)).collect();
    let note = "residents who want it, and agreed to be contacted about it";
    put!(out, r#"<div class="charts one">"#);
    chart(out, "Asked for", note, ["What", "Residents"], &rows, said);
    put!(out, "</div>");
}

/// One chart: a table in which a bar under each label draws its share.
fn chart(
    out: &mut Html,
    title: &str,
    note: &str,
    heads: [&str; 2],
    rows: &[(&str, u32)],
    whole: u32,
) {
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    put!(out, r#"<figure class="card chart"><figcaption><h3>{}</h3>"#, Text(title));
    put!(out, r#"<p class="quiet">{}</p></figcaption>"#, Text(note));
    put!(out, r#"<table><caption class="hidden">{}</caption>"#, Text(title));
    put!(
        out,
        r#"<thead><tr><th scope="col">{}</th><th scope="col" class="n">{}</th><th scope="col" class="n">Share</th></tr></thead><tbody>"#,
        heads[0],
        heads[1]
    );
    for (label, count) in rows {
        put!(
            out,
            r#"<tr><th scope="row">{}<i aria-hidden="true" style="width:{:.1}%"></i></th><td class="n">{}</td><td class="n">{}</td></tr>"#,
            Text(label),
            Percent(*count, most).value(),
            Count((*count).into()),
            Percent(*count, whole)
        );
    }
    put!(out, "</tbody></table></figure>");
}
