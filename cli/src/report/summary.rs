//! The day in a sentence and six figures, and the quiet line that nothing was lost.

use std::collections::BTreeSet;

use super::figures::Figures;
use super::html::{Count, Html, Percent, plural, put};
use super::model::Report;

pub(super) fn summary(out: &mut Html, report: &Report, figures: &Figures) {
    put!(
        out,
        r#"<section id="day" aria-labelledby="h-day"><h2 id="h-day" class="hidden">The day</h2>"#
    );
    sentence(out, report, figures);
    tiles(out, report, figures);
    proof(out, report);
    put!(out, "</section>\n");
}

fn sentence(out: &mut Html, report: &Report, figures: &Figures) {
    let walkers: BTreeSet<&String> =
        report.lists.iter().flat_map(|list| &list.canvassers).collect();
    let (walkers, lists) = (walkers.len() as u64, report.lists.len() as u64);
    let (knocked, contacted) = (u64::from(figures.knocked), u64::from(figures.contacted));
    put!(
        out,
        r#"<p class="lede">{} {} walked {} {}, knocked on {} of {} {} and spoke with someone at <b>{}</b>.</p>"#,
        Count(walkers),
        plural(walkers, "canvasser", "canvassers"),
        Count(lists),
        plural(lists, "list", "lists"),
        Count(knocked),
        Count(u64::from(figures.doors)),
        plural(u64::from(figures.doors), "door", "doors"),
        Count(contacted),
    );
}

fn tiles(out: &mut Html, report: &Report, figures: &Figures) {
    let Figures { doors, knocked, contacted, .. } = *figures;
    let settled = report.conflicts.iter().filter(|it| it.settlement.is_some()).count();
    let conflicts = report.conflicts.len();
    put!(out, r#"<dl class="tiles">"#);
    let mut tile = |name: &str, value: &dyn std::fmt::Display, note: &dyn std::fmt::Display| {
        put!(out, "<div><dt>{name}</dt><dd><b>{value}</b><span>{note}</span></dd></div>");
    };
    let lists = report.lists.len() as u64;
    let on_lists = format!("on {} {}", Count(lists), plural(lists, "list", "lists"));
    tile("Doors", &Count(doors.into()), &on_lists);
    tile(
        "Knocked on",
        &Count(knocked.into()),
        &format!("{} of the doors", Percent(knocked, doors)),
    );
    tile("Spoken with", &Count(contacted.into()), &"doors with a talk");
    tile("Contact rate", &Percent(contacted, knocked), &"of doors knocked on");
    tile("Answers", &Count(report.answers.into()), &"written at the door");
    let note = match conflicts {
        0 => "there were none",
        _ if settled == conflicts => "each by a person",
        _ => "the others are open",
    };
    tile("Conflicts settled", &format!("{settled} of {conflicts}"), &note);
    put!(out, "</dl>");
}

/// Quiet when all is well, loud when it is not.
fn proof(out: &mut Html, report: &Report) {
    let proof = report.proof;
    let waiting: u64 = report.phones.iter().map(|phone| phone.waiting).sum();
    let unequal = report.phones.iter().filter(|phone| !phone.digest_equal).count() as u64;
    let is_well = proof.lost == 0 && proof.duplicated == 0 && waiting == 0 && unequal == 0;
    let (class, sign) = if is_well { ("proof", "✓") } else { ("proof bad", "⚠") };
    put!(
        out,
        r#"<p class="{class}"><span aria-hidden="true">{sign}</span> {} records made on the phones, {} in the export: <b>lost {}</b>, <b>duplicated {}</b>."#,
        Count(proof.recorded),
        Count(proof.exported),
        Count(proof.lost),
        Count(proof.duplicated),
    );
    if waiting > 0 {
        let are = plural(waiting, "record still waits", "records still wait");
        put!(out, " <b>{} {are} on a phone.</b>", Count(waiting));
    }
    match (report.phones.len(), unequal) {
        (0, _) => {}
        (_, 0) => put!(out, " Every phone holds the same as the server."),
        _ => put!(
            out,
            " <b>{unequal} {} not hold the same as the server.</b>",
            plural(unequal, "phone does", "phones do")
        ),
    }
    put!(out, "</p>");
}
