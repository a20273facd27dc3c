//! Generated expressions, by ours and by rxeval, over the same answers.

use canvass_core::survey::{AnswerValue, Answers, LocalTime, Script};
use canvass_core::time::Timestamp;
use rxeval::{Fixed, Instance, Value, eval_str};

use super::chance::Chance;

/// Expressions that are put to both.
const EXPRESSIONS: usize = 1_500;
const MORNING: &str = "2026-10-03T18:04:00Z";

/// Questions that expressions read: name, kind, and answers, the first of them none.
const QUESTIONS: [(&str, &str, [&str; 5]); 5] = [
    ("n", r#"{"integer": {}}"#, ["", "0", "3", "18", "-7"]),
    ("d", r#"{"decimal": {}}"#, ["", "0.5", "2.25", "-1.5", "40"]),
    ("s", r#"{"single": {"options": [OPTIONS]}}"#, ["", "1", "2", "3", "2"]),
    ("m", r#"{"multiple": {"options": [OPTIONS]}}"#, ["", "1", "3", "1 2", "1 2 3"]),
    ("t", r#"{"text": {}}"#, ["", "x", "two words", "12", "né"]),
];

/// What the two make differently of: an expression, ours, rxeval's, and why ours stands.
///
/// With `n` = 3, `d` = 2.25, `s` = 2, `m` = `1 2`, `t` = `x`, and `u` and `w` unanswered, `w` a day.
const DIFFERENCES: [(&str, &str, &str, &str); 8] = [
    ("${v} >= '2026-10-03'", "true", "false", "days are compared as days"),
    ("today() + 1 > ${v}", "true", "false", "days are numbers, counted from 1970-01-01"),
    ("today() - ${v} = 0", "true", "false", "and so are their differences"),
    ("regex(coalesce(${u}, 'é'), '\\w')", "false", "true", "\\w is ASCII, as in JavaRosa"),
    ("coalesce(${u} + 1, 1) = 1", "true", "false", "coalesce passes over NaN, as in JavaRosa"),
    ("not(${n} - 3)", "refused", "true", "a number is no condition: nobody means it"),
    ("${n} = true()", "refused", "true", "nor is it compared with one"),
    ("${s} = '7'", "refused", "false", "an option that the question does not have"),
];

fn script(expression: &str) -> Result<Script, String> {
    let options: Vec<String> = ["1", "2", "3"]
        .iter()
        .map(|name| format!(r#"{{"name": "{name}", "label": {{"en": "{name}"}}}}"#))
        .collect();
    let more = [("u", r#"{"integer": {}}"#), ("w", r#""date""#), ("v", r#""date""#)];
    let questions: Vec<String> = QUESTIONS
        .iter()
        .map(|(name, kind, _)| (*name, *kind))
        .chain(more)
        .map(|(name, kind)| {
            let kind = kind.replace("OPTIONS", &options.join(","));
            format!(
                r#"{{"question": {{"name": "{name}", "label": {{"en": "?"}}, "kind": {kind}}}}}"#
            )
        })
        .collect();
    let note = serde_json::json!({"note": {
        "name": "probe", "text": {"en": "!"}, "relevant": expression,
    }});
    let json = format!(
        r#"{{"name": "x", "version": "1", "languages": ["en"], "elements": [{},{note}]}}"#,
        questions.join(",")
    );
    Script::parse(&json).map_err(|errors| errors[0].to_string())
}

fn value(kind: &str, text: &str) -> AnswerValue {
    match kind {
        "n" | "d" | "u" => AnswerValue::Number { value: text.parse().expect("a number") },
        "s" => AnswerValue::Choice { option: text.into() },
        "m" => AnswerValue::Choices { options: text.split(' ').map(str::to_owned).collect() },
        "w" | "v" => AnswerValue::Date { date: text.into() },
        _ => AnswerValue::Text { text: text.into() },
    }
}

fn ours(script: &Script, answers: &[(&str, &str)]) -> bool {
    let now = LocalTime::at(Timestamp::parse(MORNING).expect("a moment"), -240);
    let answered = answers.iter().filter(|(_, text)| !text.is_empty());
    let coded =
        answered.map(|(name, text)| script.code(name, &value(name, text)).expect("it fits"));
    let answers: Answers = coded.collect();
    !script.view(&answers, "en", now).notes.is_empty()
}

fn theirs(expression: &str, answers: &[(&str, &str)]) -> Result<bool, String> {
    let nodes: Vec<String> =
        answers.iter().map(|(name, text)| format!("<{name}>{text}</{name}>")).collect();
    let instance = Instance::from_xml(&format!("<data>{}</data>", nodes.concat()))?;
    let mut expression = expression.to_owned();
    for (name, _) in answers {
        expression = expression.replace(&format!("${{{name}}}"), &format!("/data/{name}"));
    }
    let env = Fixed { today: "2026-10-03".into(), now: "2026-10-03T14:04:00.000-04:00".into() };
    let value = eval_str(&expression, &instance, &env)?;
    match value {
        Value::Boolean(it) => Ok(it),
        other => Err(format!("no condition: {other:?}")),
    }
}

/// Expressions of each type, by chance; deeper ones hold shallower ones.
struct Maker(Chance);

impl Maker {
    fn pick(&mut self, texts: &[&str]) -> String {
        texts[self.0.below(texts.len())].to_owned()
    }

    fn condition(&mut self, depth: usize) -> String {
        let deeper = depth > 0;
        match self.0.below(if deeper { 12 } else { 7 }) {
            0 => format!("{} {} {}", self.number(depth), self.order(), self.number(depth)),
            1 => format!("{} {} {}", self.number(depth), self.equality(), self.number(depth)),
            2 => format!("selected(${{m}}, '{}')", self.pick(&["1", "2", "3"])),
            3 => format!("${{s}} {} '{}'", self.equality(), self.pick(&["1", "2", "3", ""])),
            4 => format!("{} {} {}", self.words(depth), self.equality(), self.words(depth)),
            5 => format!(
                "regex({}, '{}')",
                self.words(depth),
                self.pick(&["[a-z]", "x|12", "t.*", ""])
            ),
            6 => self.pick(&["true()", "false()", "${n} = ''", "${d} != ''"]),
            7 | 8 => format!("({} and {})", self.condition(depth - 1), self.condition(depth - 1)),
            9 => format!("{} or {}", self.condition(depth - 1), self.condition(depth - 1)),
            10 => format!("not({})", self.condition(depth - 1)),
            _ => format!("({}) = {}", self.condition(depth - 1), self.pick(&["true()", "false()"])),
        }
    }

    fn number(&mut self, depth: usize) -> String {
        let deeper = depth > 0;
        match self.0.below(if deeper { 10 } else { 5 }) {
            0 | 1 => self.pick(&["${n}", "${d}", "${s}"]),
            2 => self.pick(&["0", "1", "2.5", "18", "100"]),
            3 => "count-selected(${m})".to_owned(),
            4 => format!("string-length({})", self.pick(&["${t}", "'né'", "${n}", "${m}"])),
            5 => format!("({} + {})", self.number(depth - 1), self.number(depth - 1)),
            6 => format!("{} * {}", self.pick(&["2", "${n}"]), self.number(0)),
            7 => format!("({} - {})", self.number(depth - 1), self.number(depth - 1)),
            8 => format!(
                "{} {} {}",
                self.number(0),
                self.pick(&["div", "mod"]),
                self.pick(&["2", "3", "0.5"])
            ),
            _ => {
                format!("if({}, {}, {})", self.condition(depth - 1), self.number(0), self.number(0))
            }
        }
    }

    fn words(&mut self, depth: usize) -> String {
        match self.0.below(if depth > 0 { 6 } else { 4 }) {
            0 | 1 => "${t}".to_owned(),
            2 => self.pick(&["'x'", "'12'", "'two words'", "''"]),
            3 => format!("coalesce(${{t}}, '{}')", self.pick(&["x", "none"])),
            _ => format!("if({}, {}, {})", self.condition(depth - 1), self.words(0), self.words(0)),
        }
    }

    fn order(&mut self) -> String {
        self.pick(&["<", "<=", ">", ">="])
    }

    fn equality(&mut self) -> String {
        self.pick(&["=", "!="])
    }
}

#[test]
fn generated_conditions_come_to_the_same() {
    let mut maker = Maker(Chance::new(1));
    let (mut put, mut compared, mut differing) = (0, 0, Vec::new());
    for _ in 0..EXPRESSIONS * 2 {
        let expression = maker.condition(3);
        // Refused for what it can never be, or for what nobody means: not put to either.
        let Ok(script) = script(&expression) else { continue };
        put += 1;
        for round in 0..6 {
            let answers: Vec<(&str, &str)> = QUESTIONS
                .iter()
                .map(|(name, _, texts)| {
                    (*name, if round == 0 { "" } else { texts[maker.0.below(texts.len())] })
                })
                .collect();
            compared += 1;
            let (mine, other) = (ours(&script, &answers), theirs(&expression, &answers));
            if other.as_ref() != Ok(&mine) {
                differing.push(format!("{expression}\n    {answers:?}: {mine}, rxeval {other:?}"));
            }
        }
        if put == EXPRESSIONS {
            break;
        }
    }
    assert!(
        differing.is_empty(),
        "{} of {compared}:\n{}",
        differing.len(),
        differing[..differing.len().min(20)].join("\n")
    );
    assert!(put >= EXPRESSIONS * 2 / 3, "{put} expressions");
}

#[test]
fn the_sides_taken_are_these() {
    let answers = [
        ("n", "3"),
        ("d", "2.25"),
        ("s", "2"),
        ("m", "1 2"),
        ("t", "x"),
        ("u", ""),
        ("w", ""),
        ("v", "2026-10-03"),
    ];
    let said = |result: Result<bool, String>| match result {
        Ok(it) => it.to_string(),
        Err(_) => "refused".to_owned(),
    };
    let mut wrong = Vec::new();
    for (expression, mine, other, why) in DIFFERENCES {
        let found = said(script(expression).map(|script| ours(&script, &answers)));
        let found = (found, said(theirs(expression, &answers)));
        if found != (mine.to_owned(), other.to_owned()) || mine == other {
            wrong.push(format!("{expression}: {found:?}, told {:?} ({why})", (mine, other)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
