//! Campaigns' own scripts: a form read and checked, an expression, a workbook beyond the limits.

use std::fmt::Write;

use canvass_cli::cpu::{CpuClock, peak_kb};
use canvass_core::interchange::{FormSheets, read_form_sheets, read_form_workbook};
use canvass_core::survey::{AnswerValue, Answers, LocalTime, Script};
use canvass_core::time::Timestamp;
use canvass_tests::workbook::{Sheet, of_rows, workbook};

use crate::Failure;
use crate::figures::{Figures, median};

const QUESTIONS: usize = 300;
const ROUNDS: usize = 20;
/// A condition as long as campaigns write them.
const CONDITION: &str = "(${n} > 3 and ${n} <= 40 or selected(${m}, 'o2')) and count-selected(${m}) < 3 \
                         and not(${t} = '') and string-length(coalesce(${t}, 'none')) < 30 \
                         and if(${n} mod 2 = 1, ${n} + 1, ${n} * 2 - 1) != 7";

/// Three hundred questions in two languages, with lists, conditions, filters and calculations.
fn sheets() -> (String, String) {
    let mut survey = String::from(
        "type,name,label::en,label::es,relevant,constraint,choice_filter,calculation\n",
    );
    for no in 0..QUESTIONS {
        let before = no.saturating_sub(1) / 3 * 3;
        let _ = match no % 3 {
            0 => {
                writeln!(survey, "select_one l{},q{no},Question {no}?,¿Pregunta {no}?,,,,", no % 9)
            }
            1 => writeln!(
                survey,
                "integer,q{no},How many?,¿Cuántos?,\"selected(${{q{before}}}, 'o2')\",. >= 0 and . < 100,,"
            ),
            _ => writeln!(
                survey,
                "select_multiple l{},q{no},Which?,¿Cuáles?,${{q{}}} > 1,count-selected(.) < 4,k != 'o3' or ${{q{}}} > 5,",
                no % 9,
                no - 1,
                no - 1
            ),
        };
        let _ = writeln!(survey, "calculate,c{no},,,,,,\"if(${{q{no}}} = '', 0, 1)\"");
    }
    let mut choices = String::from("list_name,name,label::en,label::es,k\n");
    for list in 0..9 {
        for option in 0..8 {
            let other = (option + 1) % 8;
            let _ = writeln!(choices, "l{list},o{option},Option {option},Opción {option},o{other}");
        }
    }
    (survey, choices)
}

fn rows(csv: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        let mut quoted = false;
        let mut cells = vec![String::new()];
        for letter in line.chars() {
            match letter {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                letter => cells.last_mut().into_iter().for_each(|cell| cell.push(letter)),
            }
        }
        cells
    };
    csv.lines().map(cells).collect()
}

pub(crate) fn run(figures: &mut Figures) -> Result<(), Failure> {
    forms(figures)?;
    expression(figures)?;
    let bytes = of_rows(100_000);
    let (before, clock) = (peak_kb().unwrap_or(0), CpuClock::start());
    let refused =
        read_form_workbook(&bytes, Some("large")).err().ok_or("100,000 rows are too many")?;
    let problem = &refused.errors.first().ok_or("an error")?.problem;
    println!("  100,000 rows: {problem}");
    figures.tell("a workbook of 100,000 rows, CPU", clock.millis(), "ms");
    let grown = peak_kb().unwrap_or(0).saturating_sub(before);
    figures.at_most("its memory beside the file", grown as f64 / 1024.0, 64.0, "MiB");
    Ok(())
}

fn forms(figures: &mut Figures) -> Result<(), Failure> {
    let (survey, choices) = sheets();
    let sheets =
        FormSheets { survey: survey.as_bytes(), choices: Some(choices.as_bytes()), settings: None };
    let book = workbook(&[
        Sheet::of_texts("survey", &rows(&survey)),
        Sheet::of_texts("choices", &rows(&choices)),
    ]);
    let told = |refused| format!("{refused:?}");
    let (mut by_sheets, mut by_book) = (Vec::new(), Vec::new());
    let mut questions = 0;
    for _ in 0..ROUNDS {
        let clock = CpuClock::start();
        let form = read_form_sheets(sheets, Some("form")).map_err(told)?;
        by_sheets.push(clock.millis());
        let clock = CpuClock::start();
        let same = read_form_workbook(&book, Some("form")).map_err(told)?;
        by_book.push(clock.millis());
        questions = form.script.question_count();
        if form.script.hash() != same.script.hash() {
            return Err("the workbook and the sheets make different scripts".into());
        }
    }
    figures.same("questions", u64::from(questions), QUESTIONS as u64);
    figures.at_most("CSV sheets imported and checked, CPU", median(by_sheets), 50.0, "ms");
    figures.at_most("the same workbook, CPU", median(by_book), 50.0, "ms");
    Ok(())
}

/// A thousand conditions in one view; what a view costs besides is counted with them.
fn expression(figures: &mut Figures) -> Result<(), Failure> {
    const CONDITIONS: usize = 1_000;
    let mut survey = String::from("type,name,label::en,relevant\ninteger,n,N?,\n");
    survey.push_str("select_multiple l,m,M?,\ntext,t,T?,\n");
    for no in 0..CONDITIONS {
        let _ = writeln!(survey, "note,x{no},X,\"{CONDITION}\"");
    }
    let choices = "list_name,name,label::en\nl,o1,1\nl,o2,2\nl,o3,3\n";
    let sheets =
        FormSheets { survey: survey.as_bytes(), choices: Some(choices.as_bytes()), settings: None };
    let form = read_form_sheets(sheets, Some("form")).map_err(|refused| format!("{refused:?}"))?;
    let script: &Script = &form.script;
    let texts = |options: &[&str]| options.iter().map(|it| (*it).to_owned()).collect();
    let mut answers = Answers::new();
    for (name, value) in [
        ("n", AnswerValue::Number { value: 12.0 }),
        ("m", AnswerValue::Choices { options: texts(&["o2", "o3"]) }),
        ("t", AnswerValue::Text { text: "a few words".into() }),
    ] {
        let (no, code) = script.code(name, &value)?;
        answers.insert(no, code);
    }
    let now = LocalTime::at(Timestamp::default(), 0);
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let clock = CpuClock::start();
        let counting = script.relevant_answers(&answers, now);
        times.push(clock.millis() * 1e3 / CONDITIONS as f64);
        if counting.len() != answers.len() {
            return Err("all three answers count".into());
        }
    }
    figures.at_most("an expression of 30 parts, CPU", median(times), 10.0, "us");
    Ok(())
}
