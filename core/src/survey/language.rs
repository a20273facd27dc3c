//! Which of a script's languages one person is asked in.

use super::script::Script;
use crate::language::{is_same_language, tag_of};

/// Why a script is shown in the language it is shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum LanguageReason {
    /// The canvasser asked for it.
    Asked,
    /// The person prefers it.
    Person,
    /// The canvasser speaks it, and the script has none that the person prefers.
    Canvasser,
    /// It is the script's first, and the script has none of the others.
    ScriptDefault,
}

impl Script {
    /// The script's language nearest to `wanted`: the same, else one that shares the part
    /// before the first `-`, else the default. Capitals do not matter.
    #[must_use]
    pub fn nearest_language(&self, wanted: &str) -> &str {
        self.language(wanted).unwrap_or_else(|| self.default_language())
    }

    /// The language in which a person is asked, and why: the one asked for, else the one the
    /// person prefers, as a file spells it, else the first of those the canvasser speaks, else
    /// the script's own first; of these the first that the script has.
    #[must_use]
    pub fn choose_language(
        &self,
        asked: &str,
        person: &str,
        spoken: &[String],
    ) -> (&str, LanguageReason) {
        let persons = || {
            let tag = tag_of(person);
            self.language(person.trim()).or_else(|| self.language(&tag?))
        };
        let canvassers = || spoken.iter().find_map(|tag| self.language(tag));
        let chosen = self.language(asked).map(|language| (language, LanguageReason::Asked));
        chosen
            .or_else(|| Some((persons()?, LanguageReason::Person)))
            .or_else(|| Some((canvassers()?, LanguageReason::Canvasser)))
            .unwrap_or_else(|| (self.default_language(), LanguageReason::ScriptDefault))
    }

    /// The script's language nearest to `wanted`, if it has one.
    fn language(&self, wanted: &str) -> Option<&str> {
        let languages = self.languages();
        let same = languages.iter().find(|it| it.eq_ignore_ascii_case(wanted));
        let found = same.or_else(|| languages.iter().find(|it| is_same_language(it, wanted)));
        found.map(String::as_str)
    }

    fn default_language(&self) -> &str {
        self.languages().first().map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(languages: &[&str]) -> Script {
        let text: serde_json::Map<_, _> =
            languages.iter().map(|it| ((*it).to_owned(), "?".into())).collect();
        let json = serde_json::json!({
            "name": "day", "version": "1", "languages": languages,
            "elements": [{"question": {"name": "q", "label": text, "kind": "date"}}],
        });
        Script::parse(&json.to_string()).expect("a script")
    }

    #[test]
    fn the_persons_language_comes_before_the_canvassers() {
        let script = script(&["en", "es", "zh-Hant"]);
        let spoken = ["fr".to_owned(), "es-PR".to_owned()];
        let chosen = |asked, person, spoken| script.choose_language(asked, person, spoken);
        assert_eq!(chosen("", "Chinese", &spoken), ("zh-Hant", LanguageReason::Person));
        assert_eq!(chosen("", "ENG", &spoken), ("en", LanguageReason::Person));
        assert_eq!(chosen("", "Korean", &spoken), ("es", LanguageReason::Canvasser));
        assert_eq!(chosen("", "", &spoken), ("es", LanguageReason::Canvasser));
        assert_eq!(chosen("", "Korean", &[]), ("en", LanguageReason::ScriptDefault));
        assert_eq!(chosen("en", "Chinese", &spoken), ("en", LanguageReason::Asked));
        assert_eq!(chosen("ko", "Chinese", &spoken), ("zh-Hant", LanguageReason::Person));
    }

    #[test]
    fn a_language_of_no_table_is_found_by_its_tag() {
        let script = script(&["en", "quc"]);
        assert_eq!(script.choose_language("", "QUC", &[]), ("quc", LanguageReason::Person));
        assert_eq!(script.nearest_language("en-GB"), "en");
        assert_eq!(script.nearest_language(""), "en");
    }
}
