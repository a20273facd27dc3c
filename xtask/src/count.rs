//! How many tests ran: read from what the tools themselves print.

/// Tests that ran, and tests that were left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tests {
    pub(crate) run: u64,
    pub(crate) ignored: u64,
}

impl std::ops::AddAssign for Tests {
    fn add_assign(&mut self, other: Self) {
        self.run += other.run;
        self.ignored += other.ignored;
    }
}

/// Cargo's line after each test program: `test result: ok. 5 passed; 0 failed; 1 ignored; ...`.
pub(crate) fn of_cargo(line: &str) -> Option<Tests> {
    let rest = line.trim_start().strip_prefix("test result: ")?;
    let passed = before(rest, " passed")?;
    let failed = before(rest, " failed")?;
    Some(Tests { run: passed + failed, ignored: before(rest, " ignored")? })
}

/// Maven's line after each module: `[INFO] Tests run: 42, Failures: 0, Errors: 0, Skipped: 0`.
/// The lines after each class also say how long it took.
pub(crate) fn of_maven(line: &str) -> Option<Tests> {
    let rest = &line[line.find("Tests run: ")?..];
    if rest.contains("Time elapsed") {
        return None;
    }
    let skipped = after(rest, "Skipped: ")?;
    Some(Tests { run: after(rest, "Tests run: ")?.saturating_sub(skipped), ignored: skipped })
}

/// What `XCTest` prints: a line for each suite and, last, one for all of them, each followed by
/// `Executed 42 tests, with 1 test skipped and 0 failures`.
#[derive(Default)]
pub(crate) struct OfXctest {
    is_whole: bool,
}

impl OfXctest {
    /// The tests, on the line that counts all of them.
    pub(crate) fn read(&mut self, line: &str) -> Option<Tests> {
        if line.starts_with("Test Suite '") {
            self.is_whole = line.starts_with("Test Suite 'All tests' ")
                && (line.contains("' passed at ") || line.contains("' failed at "));
            return None;
        }
        if !self.is_whole {
            return None;
        }
        let run = after(line, "Executed ")?;
        let ignored = before(line, " test skipped").or_else(|| before(line, " tests skipped"));
        let ignored = ignored.unwrap_or(0);
        Some(Tests { run: run.saturating_sub(ignored), ignored })
    }
}

/// The number that ends where `mark` begins.
fn before(text: &str, mark: &str) -> Option<u64> {
    let head = &text[..text.find(mark)?];
    head.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The number that begins where `mark` ends.
fn after(text: &str, mark: &str) -> Option<u64> {
    let tail = &text[text.find(mark)? + mark.len()..];
    tail.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn tests(run: u64, ignored: u64) -> Tests {
        Tests { run, ignored }
    }

    #[test]
    fn cargo_counts_each_program() {
        let line = "test result: FAILED. 118 passed; 2 failed; 3 ignored; 0 measured; 9 filtered \
                    out; finished in 1.2s";
        assert_eq!(of_cargo(line), Some(tests(120, 3)));
        assert_eq!(of_cargo("test survey::tests::of ... ok"), None);
    }

    #[test]
    fn maven_counts_modules_and_not_their_classes_again() {
        let class = "[INFO] Tests run: 8, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.5 s";
        assert_eq!(of_maven(class), None);
        let module = "[ERROR] Tests run: 42, Failures: 1, Errors: 1, Skipped: 2";
        assert_eq!(of_maven(module), Some(tests(40, 2)));
    }

    #[test]
    fn xctest_counts_all_tests_once() {
        let mut reader = OfXctest::default();
        let lines = [
            "Test Suite 'SyncTests' passed at 2026-11-22 06:00:00.000",
            "\t Executed 12 tests, with 0 failures (0 unexpected) in 0.9 (0.9) seconds",
            "Test Suite 'debug.xctest' passed at 2026-11-22 06:00:00.000",
            "\t Executed 42 tests, with 0 failures (0 unexpected) in 0.9 (0.9) seconds",
            "Test Suite 'All tests' passed at 2026-11-22 06:00:00.000",
            "\t Executed 42 tests, with 1 test skipped and 0 failures (0 unexpected) in 0.9 (0.9) seconds",
        ];
        let counted: Vec<_> = lines.iter().filter_map(|line| reader.read(line)).collect();
        assert_eq!(counted, vec![tests(41, 1)]);
    }
}
