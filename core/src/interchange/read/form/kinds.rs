//! The types of the sheet `survey`, and which columns go with each.

use super::error::FormProblem;

/// What a row of the sheet stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RowKind {
    SelectOne(Option<String>),
    SelectMultiple(Option<String>),
    Integer,
    Decimal,
    Text,
    Date,
    Range,
    Acknowledge,
    Note,
    Calculate,
    BeginGroup,
    EndGroup,
}

/// Columns that every question may fill.
const QUESTION: [&str; 9] = [
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "constraint_message",
    "tag",
];

/// Types of XLSForm that scripts do not have.
const UNSUPPORTED: [&str; 36] = [
    "audio",
    "audit",
    "background-audio",
    "background-geopoint",
    "barcode",
    "begin_loop",
    "begin_repeat",
    "caseid",
    "csv-external",
    "dateTime",
    "datetime",
    "deviceid",
    "email",
    "end",
    "end_loop",
    "end_repeat",
    "file",
    "geopoint",
    "geoshape",
    "geotrace",
    "hidden",
    "image",
    "imei",
    "matrix",
    "osm",
    "phonenumber",
    "photo",
    "rank",
    "select_multiple_from_file",
    "select_one_external",
    "select_one_from_file",
    "simserial",
    "start",
    "start-geopoint",
    "time",
    "today",
];
const UNSUPPORTED_TOO: [&str; 6] =
    ["subscriberid", "uri", "username", "video", "xml-external", "start_geopoint"];

impl RowKind {
    /// What `text` of the column `type` means.
    pub(super) fn of(text: &str) -> Result<Self, FormProblem> {
        let mut words = text.split_whitespace();
        let first = words.next().unwrap_or_default().to_lowercase();
        let rest: Vec<&str> = words.collect();
        let (word, rest) = match (first.as_str(), rest.split_first()) {
            // `select one colours`, `begin group`: XLSForm writes them both ways.
            ("select" | "begin" | "end", Some((second, rest))) => {
                (format!("{first}_{}", second.to_lowercase()), rest.to_vec())
            }
            _ => (first, rest),
        };
        let found = || text.chars().take(60).collect::<String>();
        let list = rest.first().map(|it| (*it).to_owned());
        let plain = match word.as_str() {
            "select_one" | "select1" if rest.len() < 2 => return Ok(Self::SelectOne(list)),
            "select_multiple" if rest.len() < 2 => return Ok(Self::SelectMultiple(list)),
            "select_one" | "select_multiple" | "select1" => {
                return Err(FormProblem::UnsupportedType { found: found() });
            }
            "integer" | "int" => Self::Integer,
            "decimal" => Self::Decimal,
            "text" | "string" => Self::Text,
            "date" => Self::Date,
            "range" => Self::Range,
            "acknowledge" | "trigger" => Self::Acknowledge,
            "note" => Self::Note,
            "calculate" => Self::Calculate,
            "begin_group" => Self::BeginGroup,
            "end_group" => Self::EndGroup,
            word if UNSUPPORTED.contains(&word) || UNSUPPORTED_TOO.contains(&word) => {
                return Err(FormProblem::UnsupportedType { found: found() });
            }
            _ => return Err(FormProblem::UnknownType { found: found() }),
        };
        if rest.is_empty() { Ok(plain) } else { Err(FormProblem::UnknownType { found: found() }) }
    }

    /// Whether text of the column `type` begins, or ends, what holds other rows although it is
    /// not supported: so that its other half is not taken for a fault of its own.
    pub(super) fn bracket(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase().replace(' ', "_");
        match text.as_str() {
            "begin_repeat" | "begin_loop" => Some(Self::BeginGroup),
            "end_repeat" | "end_loop" => Some(Self::EndGroup),
            _ => None,
        }
    }

    /// As an error names it.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::SelectOne(_) => "select_one",
            Self::SelectMultiple(_) => "select_multiple",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Text => "text",
            Self::Date => "date",
            Self::Range => "range",
            Self::Acknowledge => "acknowledge",
            Self::Note => "note",
            Self::Calculate => "calculate",
            Self::BeginGroup => "begin_group",
            Self::EndGroup => "end_group",
        }
    }

    /// Whether a filled cell of this column goes with the type.
    pub(super) fn takes(&self, column: &str) -> bool {
        match self {
            Self::SelectOne(_) | Self::SelectMultiple(_) => {
                QUESTION.contains(&column) || column == "choice_filter"
            }
            Self::Range => {
                QUESTION.contains(&column)
                    || matches!(column, "parameters" | "min_label" | "max_label")
            }
            Self::Integer | Self::Decimal | Self::Text | Self::Date | Self::Acknowledge => {
                QUESTION.contains(&column)
            }
            Self::Note | Self::BeginGroup => {
                matches!(column, "type" | "name" | "label" | "relevant")
            }
            Self::Calculate => matches!(column, "type" | "name" | "calculation" | "relevant"),
            Self::EndGroup => matches!(column, "type" | "name"),
        }
    }
}

/// The ends of a range: `start=1 end=5`, with `step=1` or without.
pub(super) fn range(parameters: &str) -> Option<(i32, i32)> {
    let (mut start, mut end) = (None, None);
    let spaced = parameters.replace([',', ';'], " ").replace("= ", "=").replace(" =", "=");
    for pair in spaced.split_whitespace() {
        let (key, value) = pair.split_once('=')?;
        let value: i32 = value.strip_suffix(".0").unwrap_or(value).parse().ok()?;
        match key {
            "start" => start = Some(value),
            "end" => end = Some(value),
            "step" if value == 1 => {}
            _ => return None,
        }
    }
    Some((start?, end?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_understood_or_refused() {
        let list = Some("colours".to_owned());
        assert_eq!(RowKind::of("select_one colours"), Ok(RowKind::SelectOne(list.clone())));
        assert_eq!(RowKind::of("Select Multiple  colours"), Ok(RowKind::SelectMultiple(list)));
        assert_eq!(RowKind::of("select_one"), Ok(RowKind::SelectOne(None)));
        assert_eq!(RowKind::of("begin group"), Ok(RowKind::BeginGroup));
        assert_eq!(RowKind::of("int"), Ok(RowKind::Integer));
        for text in ["select_one colours or_other", "geopoint", "begin repeat", "rank colours"] {
            let problem = RowKind::of(text).unwrap_err();
            assert_eq!(problem.code(), "unsupported_type", "{text}");
        }
        for text in ["selectone x", "integer 5", "", "begin", "end"] {
            assert!(RowKind::of(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ranges_are_whole_and_told() {
        assert_eq!(range("start=1 end=5"), Some((1, 5)));
        assert_eq!(range("start = 0; end = 10, step=1.0"), Some((0, 10)));
        for text in
            ["", "start=1", "start=1 end=5 step=2", "start=1.5 end=5", "from=1 end=2", "1 5"]
        {
            assert_eq!(range(text), None, "{text}");
        }
    }
}
