//! What sentences say; that catalogues are complete is `catalogues`' matter.

mod catalogues;
mod samples;

pub(super) use catalogues::note_rendered;

use super::*;
use crate::merge::SetAsideReason;

fn said(value: &str, by: &str, when: &str) -> Said {
    Said {
        value: vec![value.to_owned()],
        by: by.to_owned(),
        when: when.to_owned(),
        ..Said::default()
    }
}

/// What a screen reader can speak: whole sentences of letters, digits and plain marks.
fn assert_speakable(text: &str) {
    let plain = |c: char| c.is_alphanumeric() || " .,:¿?'".contains(c);
    assert!(text.chars().all(plain), "{text}");
    assert!(text.ends_with(['.', '?']), "{text}");
    let capital = |sentence: &str| {
        sentence.trim_matches([' ', '¿']).starts_with(|c: char| c.is_uppercase() || c.is_numeric())
    };
    assert!(text.split_inclusive(['.', '?']).all(capital), "{text}");
    assert!(!text.contains("  "), "{text}");
}

#[test]
fn a_conflict_tells_every_value_who_and_when() {
    let mine = Said { own: true, ..said("not_home", "Ash", "at 5:10 pm") };
    let text = conflict(Language::En, &[mine, said("strong support", "Ana", "at 5:25 pm")]);
    let expected = "You wrote: not home, at 5:10 pm. Ana wrote: strong support, at 5:25 pm. \
                    Which one is right?";
    assert_eq!(text, expected);
    assert_speakable(&text);
}

#[test]
fn whoever_wrote_it_and_however_it_is_a_sentence() {
    let back = Said { value: Vec::new(), by: "Ana".to_owned(), ..Said::default() };
    let file = Said { from_file: true, ..said("555 0100", "", "") };
    let both = Said { value: vec!["yard sign".into(), "phone bank".into()], ..Said::default() };
    let text = conflict(Language::En, &[back, file, both]);
    let expected = "Ana took the answer back. A file says: 555 0100. Someone else wrote: yard \
                    sign and phone bank. Which one is right?";
    assert_eq!(text, expected);
    assert_speakable(&text);
}

#[test]
fn a_status_tells_where_everything_is() {
    let joined = StatusFacts { has_server: true, enrolled: true, ..StatusFacts::default() };
    let cases = [
        (StatusFacts::default(), "Everything is saved on this phone."),
        (joined, "Everything you recorded is safe at the campaign."),
        (
            StatusFacts { on_this_phone: 3, at_campaign: 42, ..joined },
            "42 changes are safe at the campaign. 3 changes are saved, and only on this phone.",
        ),
        (
            StatusFacts { on_another_phone: 2, on_this_phone: 1, ..joined },
            "2 changes are saved, and on another phone as well. 1 change is saved, and only on \
             this phone.",
        ),
        (
            StatusFacts { lists_closed: 1, ..joined },
            "Everything you recorded is safe at the campaign. 1 list has closed on this phone: it \
             comes back with the next sync.",
        ),
        (StatusFacts { on_this_phone: 1, ..joined }, "1 change is saved, and only on this phone."),
        (
            StatusFacts { on_this_phone: 2, enrolled: false, ..joined },
            "2 changes are saved, and only on this phone. This phone has not joined the campaign \
             yet.",
        ),
        (
            StatusFacts { set_aside: 1, conflicts: 2, ..joined },
            "Everything you recorded is safe at the campaign. 1 change needs attention: the \
             campaign keeps it and could not use it. People disagree in 2 places.",
        ),
        (
            StatusFacts { set_aside: 2, conflicts: 1, ..joined },
            "Everything you recorded is safe at the campaign. 2 changes need attention: the \
             campaign keeps them and could not use them. People disagree in 1 place.",
        ),
    ];
    for (facts, expected) in cases {
        let text = status(Language::En, facts);
        assert_eq!(text, expected);
        assert_speakable(&text);
    }
}

#[test]
fn how_long_ago_is_told_in_whole_words() {
    let minute_ms = 60_000;
    let told = |minutes: i64| ago(Language::En, minutes * minute_ms);
    assert_eq!(told(-5), "just now");
    assert_eq!(told(0), "just now");
    assert_eq!(told(1), "1 minute ago");
    assert_eq!(told(59), "59 minutes ago");
    assert_eq!(told(60), "1 hour ago");
    assert_eq!(told(23 * 60 + 59), "23 hours ago");
    assert_eq!(told(24 * 60), "1 day ago");
    assert_eq!(ago(Language::En, i64::MAX), format!("{} days ago", u32::MAX / 1440));
}

#[test]
fn every_trouble_is_a_sentence_of_its_own_that_says_what_to_do() {
    for language in Language::ALL {
        let mut told: Vec<String> = samples::troubles().map(|it| trouble(language, it)).collect();
        told.iter().for_each(|text| assert_speakable(text));
        let all = told.len();
        told.sort_unstable();
        told.dedup();
        assert_eq!(told.len(), all);
    }
}

#[test]
fn every_reason_is_a_sentence() {
    for language in Language::ALL {
        let mut told: Vec<String> =
            (0..=u8::MAX).map(|n| set_aside(language, SetAsideReason::from_number(n))).collect();
        told.iter().for_each(|text| assert_speakable(text));
        told.sort_unstable();
        told.dedup();
        assert_eq!(told.len(), 7, "six reasons, and one for those of later builds");
    }
}

#[test]
fn spanish_says_the_same() {
    let ago = |minutes: i64| ago(Language::Es, minutes * 60_000);
    assert_eq!([ago(0), ago(1), ago(130)], ["hace un momento", "hace 1 minuto", "hace 2 horas"]);
    let back = Said { by: "Ana".to_owned(), ..Said::default() };
    let file = Said { from_file: true, ..said("555 0100", "", "") };
    let mine = Said { own: true, ..said("not_home", "Ash", &ago(5)) };
    let text = conflict(Language::Es, &[mine, back, file]);
    let expected = "Usted anotó: not home, hace 5 minutos. Ana retiró la respuesta. Un archivo \
                    dice: 555 0100. ¿Cuál es la información correcta?";
    assert_eq!(text, expected);
    assert_speakable(&text);
    let facts = StatusFacts {
        has_server: true,
        on_this_phone: 1,
        at_campaign: 42,
        lists_closed: 2,
        conflicts: 1,
        ..StatusFacts::default()
    };
    let text = status(Language::Es, facts);
    let expected = "42 cambios ya están a salvo en la campaña. 1 cambio está guardado, pero solo \
                    en este teléfono. Este teléfono todavía no se ha unido a la campaña. 2 listas \
                    se cerraron en este teléfono: volverán con la próxima sincronización. Hay \
                    desacuerdo en 1 lugar.";
    assert_eq!(text, expected);
    assert_speakable(&text);
}

#[test]
fn a_name_that_runs_the_other_way_is_set_apart() {
    let facts = ClaimFacts { by: "דוד".to_owned(), own: false, lost: true, also: Vec::new() };
    assert_eq!(
        claim(Language::En, &facts),
        "\u{2068}דוד\u{2069} claimed this door before you. What you record here counts all the \
         same."
    );
}

#[test]
fn the_phones_languages_choose_the_words() {
    let first_of = |tags: &[&str]| {
        Language::first_of(&tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(first_of(&["fr", "es-419", "en"]), Language::Es);
    assert_eq!(first_of(&["EN_us", "es"]), Language::En);
    assert_eq!(first_of(&["fr"]), Language::En);
    assert_eq!(first_of(&[]), Language::En);
}
