//! What a canvasser is told when something did not work: in a sentence or two, with the next step.
//!
//! It takes plain facts, because errors belong to the modules below, and none of the words that
//! somebody wrote, because a message ends in screenshots and logs.

use crate::say::Language;

/// What did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble<'a> {
    /// What was given does not fit; the stable code says what of it.
    Input(&'a str),
    /// A file cannot be read, at this row if it is known.
    File(Option<u64>),
    /// A script is not sound.
    Script,
    /// It was cancelled.
    Cancelled,
    /// What was asked for is not there.
    NotFound,
    /// Only the campaign decides it.
    NotYours,
    /// The phone belongs to no campaign.
    NoCampaign,
    /// The phone belongs to a campaign already.
    AlreadyInCampaign,
    /// The list is still to come.
    NotArrived,
    /// The list may not be read any more; it comes again with the next sync, or not.
    ListClosed {
        /// It comes again.
        comes_back: bool,
    },
    /// The phone has not been unlocked since it was started.
    TryLater,
    /// A key is lost, or another one came in its place.
    KeyLost,
    /// A file is damaged.
    Damaged,
    /// A file is of a newer build.
    Newer,
    /// The disk is full.
    Full,
    /// Files may not be written.
    Forbidden,
    /// The directory is open already.
    InUse,
    /// The engine is closed.
    Closed,
    /// A defect, after which the engine goes on or has to be opened anew.
    Defect {
        /// It goes on.
        goes_on: bool,
    },
}

/// What to tell whoever holds the phone.
#[must_use]
pub fn trouble(language: Language, trouble: Trouble<'_>) -> String {
    let key = match trouble {
        Trouble::Input(code) => input_key(code),
        Trouble::File(Some(row)) => {
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            return language.text("trouble-file-row", [("row", row.into())]);
        }
        Trouble::File(None) => "trouble-file",
        Trouble::Script => "trouble-script",
        Trouble::Cancelled => "trouble-cancelled",
        Trouble::NotFound => "trouble-not-found",
        Trouble::NotYours => "trouble-not-yours",
        Trouble::NoCampaign => "trouble-no-campaign",
        Trouble::AlreadyInCampaign => "trouble-already-in-campaign",
        Trouble::NotArrived => "trouble-not-arrived",
        Trouble::ListClosed { comes_back: true } => "trouble-list-closed",
        Trouble::ListClosed { comes_back: false } => "trouble-list-taken-back",
        Trouble::TryLater => "trouble-try-later",
        Trouble::KeyLost => "trouble-key-lost",
        Trouble::Damaged => "trouble-damaged",
        Trouble::Newer => "trouble-newer",
        Trouble::Full => "trouble-full",
        Trouble::Forbidden => "trouble-forbidden",
        Trouble::InUse => "trouble-in-use",
        Trouble::Closed => "trouble-closed",
        Trouble::Defect { goes_on: true } => "trouble-defect",
        Trouble::Defect { goes_on: false } => "trouble-stopped",
    };
    language.fixed(key)
}

/// The message for a code of what was given; one for all whose cure is the same.
fn input_key(code: &str) -> &'static str {
    match code {
        "not_for_door" | "not_for_person" | "not_for_many_doors" | "not_for_channel"
        | "not_a_call" => "trouble-result",
        "door_twice" | "too_many_doors" => "trouble-doors",
        "not_of_household" | "person_twice" | "too_many_people" => "trouble-people",
        "empty_text" | "empty_answer" => "trouble-empty",
        "text_too_long" | "too_long" => "trouble-too-long",
        "no_such_ask" => "trouble-ask",
        "no_channel" => "trouble-channel",
        "bad_window" => "trouble-window",
        "not_yours_to_undo" => "trouble-undo",
        "nothing_to_undo" => "trouble-nothing-to-undo",
        "unknown_question" | "wrong_kind" | "unknown_option" | "not_finite" | "not_whole"
        | "too_small" | "too_large" | "not_a_date" | "not_asked" | "option_not_offered"
        | "constraint_broken" | "required" => "trouble-answer",
        "bad_invitation" => "trouble-invitation",
        "insecure_server" => "trouble-insecure-server",
        "bad_bundle" | "not_a_frame" | "frame_of_something_else" => "trouble-bundle",
        "bundle_too_large" => "trouble-bundle-too-large",
        "bad_street_pack" => "trouble-streets",
        "too_little_time" => "trouble-too-little-time",
        code if code.starts_with("codes_") => "trouble-codes",
        _ => "trouble-input",
    }
}
