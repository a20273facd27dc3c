//! How an exchange with the campaign, or with another phone, went.

use crate::say::{Language, ago};

/// How an exchange with the campaign ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// Everything is exchanged.
    Complete,
    /// There is no server.
    NoServer,
    /// The server could not be reached.
    Offline,
    /// The server is in trouble.
    Trouble,
    /// The server does not know this phone any more.
    NotEnrolled,
    /// The invitation cannot be used.
    InvitationRefused,
    /// The server does not understand this build.
    Refused,
}

/// How an exchange with the campaign went: what it ended with, and what it carried.
#[must_use]
pub fn exchange(language: Language, ended: Exchange, sent: u32, received: u32) -> String {
    let key = match ended {
        Exchange::Complete => "sync-complete",
        Exchange::NoServer => "sync-no-server",
        Exchange::Offline => "sync-offline",
        Exchange::Trouble => "sync-trouble",
        Exchange::NotEnrolled => "sync-not-enrolled",
        Exchange::InvitationRefused => "sync-invitation-refused",
        Exchange::Refused => "sync-refused",
    };
    let mut said = vec![language.fixed(key)];
    said.extend(counted(language, "sync-sent", sent));
    said.extend(counted(language, "sync-received", received));
    said.join(" ")
}

/// When the last complete exchange was.
#[must_use]
pub fn last_exchange(language: Language, elapsed_ms: Option<i64>) -> String {
    let Some(elapsed_ms) = elapsed_ms else { return language.fixed("sync-never") };
    language.text("sync-last", [("ago", ago(language, elapsed_ms).into())])
}

/// What another phone's bundle brought.
#[must_use]
pub fn bundle(language: Language, new: u32, refused: u32) -> String {
    let mut said = match counted(language, "bundle-new", new) {
        Some(new) => vec![new],
        None => vec![language.fixed("bundle-known")],
    };
    said.extend(counted(language, "bundle-refused", refused));
    said.join(" ")
}

/// A sentence about so many things; nothing about none.
fn counted(language: Language, key: &'static str, count: u32) -> Option<String> {
    (count > 0).then(|| language.text(key, [("count", count.into())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchange_says_what_it_carried_and_what_to_do() {
        assert_eq!(
            exchange(Language::En, Exchange::Complete, 2, 0),
            "Everything is exchanged with the campaign. 2 changes reached it."
        );
        let refused = exchange(Language::En, Exchange::InvitationRefused, 0, 0);
        assert!(refused.contains("Ask for a new one"), "{refused}");
        assert_eq!(bundle(Language::En, 0, 0), "Everything in it was here already.");
    }
}
