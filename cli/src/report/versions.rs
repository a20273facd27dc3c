//! Which answers came under which version of the script.

use super::html::{Count, Hour, Html, Text, put};
use super::model::{Report, VersionTally};

/// A table, once there is more than one version: questions down, versions across.
pub(super) fn versions(out: &mut Html, report: &Report) {
    if report.versions.len() < 2 {
        return;
    }
    put!(out, "<h3>By version of the script</h3>");
    put!(out, "<p>The script changed during the day. Every answer counts under the version in ");
    put!(out, "which it was asked; a talk that had begun ended on its own.</p>");
    put!(
        out,
        r#"<div class="card scroll" role="region" aria-label="Table of versions" tabindex="0"><table><caption class="hidden">Answers by version of the script</caption><thead><tr><th scope="col">Question</th>"#
    );
    for version in &report.versions {
        let from = Hour { at: version.from, utc_offset_minutes: report.utc_offset_minutes };
        put!(
            out,
            r#"<th scope="col" class="n">{} <span class="quiet">from {from}</span></th>"#,
            Text(&version.version)
        );
    }
    put!(out, "</tr></thead><tbody>");
    for (place, question) in report.questions.iter().enumerate() {
        row(out, &question.label, &report.versions, |version| {
            version.answered.get(place).copied().flatten()
        });
    }
    row(out, "All answers", &report.versions, |version| Some(version.answers));
    put!(out, "</tbody></table></div>");
}

fn row(
    out: &mut Html,
    label: &str,
    versions: &[VersionTally],
    count: impl Fn(&VersionTally) -> Option<u32>,
) {
    put!(out, r#"<tr><th scope="row">{}</th>"#, Text(label));
    for version in versions {
        match count(version) {
            Some(count) => put!(out, r#"<td class="n">{}</td>"#, Count(count.into())),
            None => put!(out, r#"<td class="n quiet">not asked</td>"#),
        }
    }
    put!(out, "</tr>");
}
