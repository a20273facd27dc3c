//! What a script may hold at most.
//!
//! A script comes from a spreadsheet and is read on a phone: every list, text and expression
//! has an end, so that a wrong or hostile file costs a message, never the memory or the time
//! of the phone.

/// Bytes of a script in JSON. 500 questions in six languages take about 1 MiB.
pub const MAX_SCRIPT_BYTES: usize = 2 * 1024 * 1024;
/// Languages of one script.
pub const MAX_LANGUAGES: usize = 24;
/// Questions of one script.
pub const MAX_QUESTIONS: usize = 500;
/// Elements of one script: questions, notes, groups and calculations together.
pub const MAX_ELEMENTS: usize = 2_000;
/// Options of one question.
pub const MAX_OPTIONS: usize = 300;
/// Options of all questions of one script together.
pub const MAX_OPTIONS_TOTAL: usize = 10_000;
/// Groups inside each other.
pub const MAX_GROUP_DEPTH: usize = 8;
/// Characters of a name, an option's name, a tag, a version or a language code.
pub const MAX_NAME_CHARS: usize = 64;
/// Characters of a label, a hint or a note, in one language.
pub const MAX_TEXT_CHARS: usize = 4_000;
/// Characters of a text answer, also where the question allows more or does not say.
pub const MAX_ANSWER_CHARS: u32 = 4_000;
/// Points of a scale: 0 to 100 has 101.
pub const MAX_SCALE_POINTS: i64 = 101;
/// The largest whole number an integer question takes: 2^53 - 1, the last one up to which
/// every whole number has its own 64-bit float (in Rust, Kotlin, Swift and JavaScript).
pub const MAX_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Characters of one expression.
pub const MAX_EXPRESSION_CHARS: usize = 4_000;
/// How deep an expression may be nested; parsing and evaluating recurse no deeper.
pub const MAX_EXPRESSION_DEPTH: usize = 64;
/// Parts (values, operators, calls) of one expression. Nothing loops, so this also bounds the
/// steps of one evaluation.
pub const MAX_EXPRESSION_PARTS: usize = 1_000;
/// Parts of all expressions of one script together: the steps of one view.
pub const MAX_SCRIPT_PARTS: usize = 100_000;
/// Characters of a `regex` pattern.
pub const MAX_PATTERN_CHARS: usize = 200;
/// Bytes of a compiled pattern. Matching takes at most pattern size times text length steps.
pub const MAX_PATTERN_BYTES: usize = 32 * 1024;
/// Bytes of a compiled pattern up to which it counts once; above, it counts as
/// [`LARGE_PATTERN_COUNT`] patterns.
pub const SMALL_PATTERN_BYTES: usize = 4 * 1024;
/// How many patterns a large one counts for.
pub const LARGE_PATTERN_COUNT: usize = MAX_PATTERN_BYTES / SMALL_PATTERN_BYTES;
/// Groups inside each other in a pattern.
pub const MAX_PATTERN_NEST: u32 = 16;
/// Patterns of one script, large ones counted several times.
pub const MAX_PATTERNS: usize = 100;

/// Errors listed for one script; the rest are counted.
pub const MAX_ERRORS: usize = 200;
