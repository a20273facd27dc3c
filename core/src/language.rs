//! Languages by their BCP 47 tags (`es`, `zh-Hant`): which way each is written, which are the
//! same, and what files of people call them.
//!
//! It does not know what may be said in a language: that is `say`'s and each script's business.

use unic_langid::LanguageIdentifier;

/// Which way a text runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum TextDirection {
    /// As in English and Spanish.
    #[default]
    LeftToRight,
    /// As in Arabic, Hebrew, Persian and Urdu.
    RightToLeft,
}

/// Which way a language is written, by its script if the tag names one.
#[must_use]
pub fn direction_of(tag: &str) -> TextDirection {
    let Ok(tag) = tag.parse::<LanguageIdentifier>() else { return TextDirection::LeftToRight };
    let runs_left = match &tag.script {
        Some(script) => RIGHT_TO_LEFT_SCRIPTS.contains(&script.as_str()),
        None => RIGHT_TO_LEFT_LANGUAGES.contains(&tag.language.as_str()),
    };
    if runs_left { TextDirection::RightToLeft } else { TextDirection::LeftToRight }
}

/// The scripts of living languages that run from right to left.
const RIGHT_TO_LEFT_SCRIPTS: [&str; 9] =
    ["Adlm", "Arab", "Aran", "Hebr", "Mand", "Nkoo", "Rohg", "Syrc", "Thaa"];

/// The languages that are written in one of them where a tag names no script (CLDR's likely
/// subtags).
const RIGHT_TO_LEFT_LANGUAGES: [&str; 30] = [
    "aii", "ar", "arc", "ary", "arz", "azb", "bal", "bqi", "ckb", "dv", "fa", "glk", "he", "iw",
    "ji", "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps", "rhg", "sd", "sdh", "skr", "syr", "ug",
    "ur", "yi",
];

/// Whether a text has letters that run from right to left.
#[must_use]
pub fn has_right_to_left(text: &str) -> bool {
    // Unicode keeps these blocks for such letters, and for no others.
    let runs_left = |c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}' | '\u{200f}')
    };
    text.chars().any(runs_left)
}

/// Whether two tags are of one language, whatever their region or script.
#[must_use]
pub fn is_same_language(one: &str, other: &str) -> bool {
    primary(one).eq_ignore_ascii_case(primary(other))
}

fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or_default()
}

/// The tag of a language as a file of people writes it: a tag already, an ISO 639-2 code, or its
/// name. Nothing when it says no language that is known here.
#[must_use]
pub fn tag_of(written: &str) -> Option<String> {
    let written = written.trim();
    let named = |(_, names): &&(&str, &[&str])| {
        names.iter().any(|name| name.to_lowercase() == written.to_lowercase())
    };
    if let Some((tag, _)) = NAMES.iter().find(named) {
        return Some((*tag).to_owned());
    }
    let tag: LanguageIdentifier = written.parse().ok()?;
    let two_letters = tag.language.as_str().len() == 2;
    let listed = NAMES.iter().any(|(known, _)| *known == tag.language.as_str());
    // "NA" says that nothing is known, and hardly ever Nauruan.
    (listed || two_letters && !written.eq_ignore_ascii_case("na")).then(|| tag.to_string())
}

/// The languages most spoken at home in the United States: ISO 639-2 codes, English names, and
/// what their speakers call them.
const NAMES: &[(&str, &[&str])] = &[
    ("en", &["eng", "english"]),
    ("es", &["spa", "spanish", "español", "castellano"]),
    ("zh", &["zho", "chi", "chinese", "mandarin", "cmn", "中文"]),
    ("yue", &["cantonese"]),
    ("tl", &["tgl", "fil", "tagalog", "filipino", "pilipino"]),
    ("vi", &["vie", "vietnamese", "tiếng việt"]),
    ("ar", &["ara", "arabic", "العربية"]),
    ("fr", &["fra", "fre", "french", "français"]),
    ("ko", &["kor", "korean", "한국어"]),
    ("pt", &["por", "portuguese", "português"]),
    ("ru", &["rus", "russian", "русский"]),
    ("ht", &["hat", "haitian", "haitian creole", "kreyòl ayisyen"]),
    ("hi", &["hin", "hindi", "हिन्दी"]),
    ("de", &["deu", "ger", "german", "deutsch"]),
    ("pl", &["pol", "polish", "polski"]),
    ("ur", &["urd", "urdu", "اردو"]),
    ("it", &["ita", "italian", "italiano"]),
    ("fa", &["fas", "per", "farsi", "persian", "فارسی"]),
    ("te", &["tel", "telugu"]),
    ("ja", &["jpn", "japanese", "日本語"]),
    ("gu", &["guj", "gujarati"]),
    ("bn", &["ben", "bengali", "bangla", "বাংলা"]),
    ("ta", &["tam", "tamil"]),
    ("pa", &["pan", "punjabi", "panjabi"]),
    ("th", &["tha", "thai"]),
    ("sr", &["srp", "serbian"]),
    ("hy", &["hye", "arm", "armenian"]),
    ("el", &["ell", "gre", "greek"]),
    ("he", &["heb", "hebrew", "עברית"]),
    ("hmn", &["hmong"]),
    ("nv", &["nav", "navajo", "diné bizaad"]),
    ("km", &["khm", "khmer", "cambodian"]),
    ("yi", &["yid", "yiddish", "ייִדיש"]),
    ("ne", &["nep", "nepali"]),
    ("lo", &["lao", "laotian"]),
    ("am", &["amh", "amharic"]),
    ("so", &["som", "somali"]),
    ("sw", &["swa", "swahili"]),
    ("uk", &["ukr", "ukrainian", "українська"]),
    ("ml", &["mal", "malayalam"]),
    ("my", &["mya", "bur", "burmese"]),
    ("ilo", &["ilocano", "iloko"]),
    ("ase", &["american sign language", "asl"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_runs_as_its_script_does() {
        for tag in ["ar", "he", "fa", "ur", "yi", "ps", "ckb", "ar-EG", "az-Arab", "pa-Arab"] {
            assert_eq!(direction_of(tag), TextDirection::RightToLeft, "{tag}");
        }
        for tag in ["en", "es-MX", "zh-Hant", "ar-Latn", "pa", "ha-Latn", "", "not a tag"] {
            assert_eq!(direction_of(tag), TextDirection::LeftToRight, "{tag}");
        }
    }

    #[test]
    fn letters_tell_which_way_they_run() {
        assert!(has_right_to_left("Sam דוד") && has_right_to_left("علي"));
        assert!(!has_right_to_left("Ana Díaz 王 Ольга 12") && !has_right_to_left(""));
    }

    #[test]
    fn files_call_languages_by_many_names() {
        for (written, tag) in [
            ("Spanish", "es"),
            (" SPA ", "es"),
            ("es_mx", "es-MX"),
            ("Español", "es"),
            ("ZH-hant", "zh-Hant"),
            ("Haitian Creole", "ht"),
            ("Hmong", "hmn"),
            ("gl", "gl"),
        ] {
            assert_eq!(tag_of(written).as_deref(), Some(tag), "{written}");
        }
        for written in ["", "N/A", "NA", "Unknown", "Other", "x", "unk", "Spanglish"] {
            assert_eq!(tag_of(written), None, "{written}");
        }
        assert!(is_same_language("es", "ES-MX") && !is_same_language("es", "en"));
    }
}
