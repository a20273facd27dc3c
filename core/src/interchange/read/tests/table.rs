//! Records, compared with what the `csv` crate makes of the same text.

use proptest::prelude::*;

use super::super::layout::Separator;
use super::super::table::{Line, Record, Table};

/// All records up to the end, or to a line that cannot be taken.
fn records(file: &[u8]) -> Vec<Vec<String>> {
    let mut record = Record::default();
    let opened = Table::open(file, None, Some(Separator::Comma), u64::MAX, &mut record);
    let Ok(mut table) = opened else {
        return Vec::new();
    };
    let mut all = Vec::new();
    loop {
        all.push(record.fields().map(str::to_owned).collect());
        match table.read(&mut record) {
            Ok(Line::Record) => {}
            _ => return all,
        }
    }
}

fn by_the_csv_crate(file: &[u8]) -> Vec<Vec<String>> {
    let mut builder = csv::ReaderBuilder::new();
    let reader = builder.has_headers(false).flexible(true).from_reader(file);
    reader
        .into_records()
        .map(|record| record.expect("UTF-8 in memory"))
        .map(|record| record.iter().map(|field| field.trim().to_owned()).collect())
        .collect()
}

proptest! {
    #[test]
    fn records_are_those_of_the_csv_crate(
        text in r#"(a|b c|é|,|,,|"|""|"x"|"y,z"|\n|\r|\r\n| |\t){0,30}"#,
    ) {
        let whole = by_the_csv_crate(text.as_bytes());
        let ours = records(text.as_bytes());
        if unclosed(&text) {
            // The crate takes an open quotation mark for closed at the end of the file.
            prop_assert_eq!(&ours[..], &whole[..whole.len() - 1]);
        } else {
            prop_assert_eq!(ours, whole);
        }
    }
}

/// Whether a quotation mark at the beginning of a field is never closed.
fn unclosed(text: &str) -> bool {
    let (mut quoted, mut at_start) = (false, true);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
            }
            '"' if quoted => quoted = false,
            '"' if at_start => quoted = true,
            _ => {}
        }
        at_start = !quoted && matches!(letter, ',' | '\n' | '\r');
    }
    quoted
}
