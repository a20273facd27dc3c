//! Streams that are no files: endless, broken, of other makes.

use std::io::{ErrorKind, Read, repeat};

use proptest::prelude::*;

use super::*;

fn endless<'a>(start: &'a str, again: &'a str) -> impl Read + 'a {
    struct Again<'a>(&'a [u8], usize);
    impl Read for Again<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            for byte in &mut *buffer {
                *byte = self.0[self.1 % self.0.len()];
                self.1 += 1;
            }
            Ok(buffer.len())
        }
    }
    start.as_bytes().chain(Again(again.as_bytes(), 0))
}

const HEADER: &str = "door_id,lat,lon,street\n";

/// The only outcome, or the last error.
fn end(file: impl Read) -> Result<RowOutcome<DoorRecord>, FileError> {
    let limits = ReadLimits { rows: 1000 };
    DoorReader::open(file, None, limits)?.last().expect("an endless file has rows")
}

#[test]
fn endless_files_end_with_a_row() {
    let too_long = |code| Ok(RowOutcome::Rejected(Rejection { row: 2, column: None, code }));
    let too_many = Err(FileError::TooManyRows { limit: 1000, row: 1002 });
    for (row, again, expected) in [
        ("", "x", too_long(RejectionCode::RecordTooLong)),
        ("", ",", too_long(RejectionCode::RecordTooLong)),
        ("1,\"", "x\n", too_long(RejectionCode::UnclosedQuote)),
        ("1,2\"", "x", too_long(RejectionCode::RecordTooLong)),
        ("", "\n", too_many.clone()),
        ("", "\r\n", too_many.clone()),
        ("", ",,,\n", too_many.clone()),
        ("", "7,44.5,-73.2,Main St\n", too_many),
    ] {
        let start = HEADER.to_owned() + row;
        assert_eq!(end(endless(&start, again)), expected, "{row:?} {again:?}");
    }
    for (start, again, code) in [
        ("", "x", "header_too_long"),
        ("a,\"", "x", "unclosed_quote"),
        ("", "a,", "header_too_long"),
        ("", "\n", "too_many_rows"),
        ("a,", "b,\u{0}", "header_too_long"),
    ] {
        assert_eq!(end(endless(start, again)).unwrap_err().code(), code, "{again:?}");
    }
    assert_eq!(end(repeat(0)).unwrap_err().code(), "header_too_long");
}

#[test]
fn a_break_says_at_which_row() {
    let broken = Breaks(b"door_id,lat,lon\n1,44.5,-73.2\n2,");
    let expected = FileError::Unreadable { kind: ErrorKind::ConnectionReset, row: 1 };
    assert_eq!(read_doors(broken), Err(expected));
    let long = "door_id,lat,lon\n".to_owned() + &"1,44.5,-73.2\n".repeat(9000);
    let reader = DoorReader::open(Breaks(long.as_bytes()), None, ReadLimits::default());
    let last = reader.unwrap().last().unwrap().unwrap_err();
    assert_eq!(last.code(), "unreadable");
    assert!(last.row() > Some(2));
}

#[test]
fn files_of_another_make_are_told_by_their_first_bytes() {
    for (file, code) in [
        (&b""[..], "empty"),
        (b"\n\r\n", "empty"),
        (&[0xEF, 0xBB, 0xBF], "empty"),
        (b" \n<!DOCTYPE html><p>502", "html"),
        (b"<?xml version='1.0'?>", "html"),
        (b"PK\x03\x04rest", "archive"),
        (b"a\0b,c\n", "not_text"),
        (b"1,2,3\n4,5,6\n", "no_header"),
        (b",,\n", "no_header"),
        (b"door_id,lat\n", "missing_column"),
        (b"door_id,lat,lon,LAT\n", "doubled_column"),
        (b"\"door_id,lat,lon\n1", "unclosed_quote"),
    ] {
        assert_eq!(read_doors(file).unwrap_err().code(), code, "{file:?}");
    }
    let wide = "a,".repeat(5000);
    assert_eq!(read_doors(wide.as_bytes()).unwrap_err().code(), "too_many_columns");
    let error = read_doors(&b"door_id,lat\n"[..]).unwrap_err();
    assert_eq!((error.row(), error.column()), (Some(1), Some("lon")));
}

#[test]
fn letters_of_two_encodings_in_one_file_are_refused() {
    let header = b"door_id,lat,lon,street\n".as_slice();
    let utf_8 = "1,44.5,-73.2,Caf\u{e9} St\n".as_bytes();
    let latin_1 = b"2,44.5,-73.2,Ren\xe9e St\n".as_slice();
    for (first, second, row) in [(utf_8, latin_1, 3), (latin_1, utf_8, 3)] {
        let outcomes = read_doors([header, first, second].concat().as_slice()).unwrap();
        let expected = (row, Some("street"), RejectionCode::NotText);
        assert_eq!(rejection(&outcomes), expected);
    }
    let marked = [b"\xEF\xBB\xBF", header, latin_1].concat();
    let outcomes = read_doors(marked.as_slice()).unwrap();
    assert_eq!(rejection(&outcomes), (2, Some("street"), RejectionCode::NotText));
    // Half a letter at the end of one field, the other half at the beginning of the next.
    let astride = [b"street,".as_slice(), header, b"\xC3,\xA9,44.5,-73.2,x\n"].concat();
    let outcomes = read_doors(astride.as_slice());
    assert_eq!(outcomes.unwrap_err().code(), "doubled_column");
    let astride = [b"old,".as_slice(), header, b"\xC3,\xA9,44.5,-73.2,x\n"].concat();
    assert!(matches!(
        read_doors(astride.as_slice()).unwrap()[..],
        [RowOutcome::Row(DoorRecord { ref key, .. })] if key == "\u{a9}"
    ));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_doors(bytes.as_slice());
        let _ = read_people(bytes.as_slice());
        let with_header = [HEADER.as_bytes(), &bytes].concat();
        if let Ok(outcomes) = read_doors(with_header.as_slice()) {
            prop_assert!(outcomes.len() <= bytes.len());
        }
        let with_header = [b"person_id,family_name,street,birth_year\n", bytes.as_slice()].concat();
        let _ = read_people(with_header.as_slice());
        let marked = [&[0xFF, 0xFE], bytes.as_slice()].concat();
        let _ = read_doors(marked.as_slice());
    }

    #[test]
    fn any_cells_are_read_or_refused(
        cells in proptest::collection::vec(r#"[0-9]{0,3}|-?[0-9.]{0,12}|"|\n|nan|1e999|Apt|\PC{0,5}"#, 0..60),
    ) {
        let header = "door_id,lat,lon,house_number,street,unit_count\n";
        let people = "person_id,door_id,given_name,birth_year,voted\n";
        let _ = read_doors((header.to_owned() + &cells.join(",")).as_bytes());
        let _ = read_people((people.to_owned() + &cells.join(",")).as_bytes());
    }
}
