//! The phones, and how all of this was checked.

use super::html::{Count, Html, Text, put};
use super::model::Report;

pub(super) fn phones(out: &mut Html, report: &Report) {
    if report.phones.is_empty() {
        put!(out, "<p>No phone took part.</p>");
        return;
    }
    put!(
        out,
        r#"<div class="card scroll" role="region" aria-label="Table of phones" tabindex="0"><table><caption class="hidden">Phones: what each sent and received</caption><thead><tr><th scope="col">Phone</th><th scope="col" class="n">Sent</th><th scope="col" class="n">Received</th><th scope="col" class="n">Waiting</th><th scope="col">Same as the server</th><th scope="col">Carried by</th><th scope="col">List</th></tr></thead><tbody>"#
    );
    for phone in &report.phones {
        put!(out, r#"<tr><th scope="row">{}</th>"#, Text(&phone.name));
        for count in [phone.sent, phone.received, phone.waiting] {
            put!(out, r#"<td class="n">{}</td>"#, Count(count));
        }
        put!(
            out,
            "<td>{}</td><td>{}</td><td>{}</td></tr>",
            verdict(phone.digest_equal, "yes", "no"),
            Text(&phone.canvasser),
            Text(&phone.list)
        );
    }
    put!(out, "</tbody></table></div>");
}

/// A sign and its word: never the sign or the colour alone.
fn verdict(good: bool, yes: &str, no: &str) -> String {
    let (class, sign, word) = if good { ("good", "✓", yes) } else { ("bad", "✗", no) };
    format!(r#"<span class="{class}"><span aria-hidden="true">{sign}</span> {word}</span>"#)
}

pub(super) fn checks(out: &mut Html, report: &Report) {
    if report.checks.is_empty() {
        put!(out, "<p>Nothing was checked.</p>");
        return;
    }
    put!(out, r#"<ul class="card plain checks">"#);
    for check in &report.checks {
        put!(out, "<li>{} <b>{}.</b>", verdict(check.passed, "holds", "fails"), Text(&check.what));
        if !check.how.is_empty() {
            put!(out, r#" <span class="quiet">{}.</span>"#, Text(&check.how));
        }
        put!(out, "</li>");
    }
    put!(out, "</ul>");
}
