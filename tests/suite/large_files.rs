//! Files of a gigabyte, read as streams: a typed error with its place, nothing imported, and no
//! more than 64 MiB of memory. Each runs in a process of its own, so that what is measured is
//! that import and nothing else.

use std::fmt::Write as _;
use std::io::{BufReader, Read};
use std::process::Command;

use canvass_core::engine::Error;
use canvass_core::interchange::{AnyReader, FileError, ReadLimits, RejectionCode};
use canvass_tests::solo::Solo;

const GIB: u64 = 1 << 30;
const LIMIT_KIB: u64 = 64 << 10;
/// Rows that a file may have.
const ROWS: u64 = 300_000;

/// A file that is made while it is read.
struct Stream {
    row: fn(&mut String, u64),
    rows: u64,
    made: u64,
    read: u64,
    line: String,
    used: usize,
}

impl Stream {
    fn new(header: &str, rows: u64, row: fn(&mut String, u64)) -> Self {
        Self { row, rows, made: 0, read: 0, line: header.to_owned(), used: 0 }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.used == self.line.len() && self.made < self.rows {
            self.line.clear();
            self.used = 0;
            self.made += 1;
            (self.row)(&mut self.line, self.made);
        }
        let count = buffer.len().min(self.line.len() - self.used);
        buffer[..count].copy_from_slice(&self.line.as_bytes()[self.used..self.used + count]);
        self.used += count;
        self.read += count as u64;
        Ok(count)
    }
}

/// The most memory that this process ever had resident, in KiB.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}

/// Imports the stream in this process; what came of it, with nothing changed.
fn import(stream: &mut Stream) -> Result<Option<(u64, RejectionCode)>, FileError> {
    let solo = Solo::small();
    let before = solo.snapshot();
    let reader = BufReader::with_capacity(64 << 10, &mut *stream);
    let file = AnyReader::open(reader, None, ReadLimits::default(), 2026).expect("a table");
    let imported = match solo.engine().import(file, None, false) {
        Ok(imported) => {
            assert_eq!((imported.file, imported.added), (None, 0), "nothing is imported");
            let first = imported.tally.rejected.first();
            Ok(first.map(|rejection| (rejection.row, rejection.code)))
        }
        Err(Error::File(error)) => Err(error),
        Err(other) => panic!("{other:?}"),
    };
    assert_eq!(solo.snapshot(), before);
    let peak = peak_kib();
    let read_mib = stream.read >> 20;
    assert!(peak <= LIMIT_KIB, "{peak} KiB resident after {read_mib} MiB");
    imported
}

/// Runs one of the tests below in a process of its own.
fn in_its_own_process(test: &str) {
    let binary = std::env::current_exe().expect("this binary");
    let name = format!("{}::{test}", module_path!().rsplit("::").next().expect("a module"));
    let run = Command::new(binary)
        .args([&*name, "--exact", "--ignored", "--nocapture"])
        .output()
        .expect("a process");
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{told}{}", String::from_utf8_lossy(&run.stderr));
    assert!(told.contains("1 passed"), "{name} is not there: {told}");
}

/// Doors as voter files and assessors give them: 3.6 KB of columns that nobody needs here.
fn long_door(line: &mut String, number: u64) {
    let id = if number == ROWS { String::new() } else { format!("parcel-{number}") };
    let street = number % 997;
    let (lat, lon) = (44.0 + number as f64 * 1e-6, -73.0 - (number % 541) as f64 * 1e-5);
    write!(
        line,
        "{id},{},{street} Long Meadow Rd,,Lakewater,00000,{lat:.6},{lon:.6},",
        number % 500
    )
    .expect("memory");
    line.push_str(&"remarks, as typed ".replace(',', ";").repeat(196));
    line.push('\n');
}

#[test]
fn a_gigabyte_of_doors_whose_last_row_is_wrong() {
    in_its_own_process("long_rows_of_doors");
}

#[test]
#[ignore = "runs in a process of its own"]
fn long_rows_of_doors() {
    let header = "door_id,house_number,street,unit,town,zip,lat,lon,remarks\n";
    let mut stream = Stream::new(header, ROWS, long_door);
    let first = import(&mut stream).expect("an account");
    assert_eq!(first, Some((ROWS + 1, RejectionCode::MissingDoorId)));
    assert!(stream.read >= GIB, "{} bytes", stream.read);
}

fn short_door(line: &mut String, number: u64) {
    let (lat, lon) = (44.0 + number as f64 * 1e-7, -73.0 - (number % 541) as f64 * 1e-5);
    writeln!(
        line,
        "parcel-{number},{},{} Long Meadow Rd,Apt {},Lakewater,00000,{lat:.7},{lon:.7}",
        number % 500,
        number % 997,
        number % 12
    )
    .expect("memory");
}

#[test]
fn a_gigabyte_of_more_doors_than_a_file_may_have() {
    in_its_own_process("too_many_doors");
}

#[test]
#[ignore = "runs in a process of its own"]
fn too_many_doors() {
    let header = "door_id,house_number,street,unit,town,zip,lat,lon\n";
    let mut stream = Stream::new(header, 15_000_000, short_door);
    let error = import(&mut stream).expect_err("too many");
    assert_eq!(error, FileError::TooManyRows { limit: ROWS, row: ROWS + 2 });
    assert!(stream.read < GIB / 8, "what is not needed is not read");
}

/// People as a voter file gives them, at the doors of the fixture.
fn long_person(line: &mut String, number: u64) {
    let id = if number == ROWS { String::new() } else { format!("voter-{number}") };
    let year = 1930 + number % 70;
    write!(
        line,
        "{id},d{:02},Given{number},Family{},{year},Lake,+1802555{:04},v{number}@example.org,en,,,,,",
        1 + number % 12,
        number % 9973,
        number % 10_000,
    )
    .expect("memory");
    line.push_str(&"voted 2020 G P; ".repeat(222));
    line.push('\n');
}

#[test]
fn a_gigabyte_of_people_whose_last_row_is_wrong() {
    in_its_own_process("long_rows_of_people");
}

#[test]
#[ignore = "runs in a process of its own"]
fn long_rows_of_people() {
    let header = "person_id,door_id,given_name,family_name,birth_year,party,phone,email,\
                  language,voted,deceased,exempt,do_not_contact,history\n";
    let mut stream = Stream::new(header, ROWS, long_person);
    let first = import(&mut stream).expect("an account");
    assert_eq!(first, Some((ROWS + 1, RejectionCode::MissingPersonId)));
    assert!(stream.read >= GIB, "{} bytes", stream.read);
}
