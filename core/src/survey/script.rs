//! A checked script: the only kind that is shown, answered and stored.

use std::collections::BTreeMap;

use super::check::{check, compare, normalise, unreachable};
use super::error::{JsonCause, Place, ScriptError, ScriptProblem};
use super::expression::Expression;
use super::limits::MAX_SCRIPT_BYTES;
use super::model::{Question, ScriptSource, Texts};
use crate::id::ScriptHash;

/// One version of a script, checked as a whole: every name is known, every expression can be
/// evaluated, every text is there in every language.
///
/// Questions have numbers, their places among the questions from 0, and so have the options of
/// a question. Stored answers use these numbers together with [`Script::hash`], so they never
/// shift: another order is another script.
#[derive(Clone, Debug)]
pub struct Script {
    source: ScriptSource,
    hash: ScriptHash,
    /// All elements, in the order written.
    steps: Vec<Step>,
    /// The step of each question, by question number.
    questions: Vec<u16>,
    question_nos: BTreeMap<String, u16>,
}

/// One element, ready to be evaluated.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The step of the group around it.
    pub(super) parent: Option<u16>,
    pub(super) relevant: Option<Expression>,
    pub(super) body: Body,
}

#[derive(Clone, Debug)]
pub(super) enum Body {
    Group(Option<Texts>),
    Note { name: String, text: Texts },
    Calculation(Expression),
    Question(Box<CheckedQuestion>),
}

/// A question with its expressions.
#[derive(Clone, Debug)]
pub(super) struct CheckedQuestion {
    pub(super) question: Question,
    pub(super) constraint: Option<Expression>,
    /// The condition of each option; empty if no option has one.
    pub(super) filters: Vec<Option<Expression>>,
}

impl Script {
    /// Reads and checks a script written as JSON.
    ///
    /// # Errors
    /// Everything found wrong, in the order of the file; faults of JSON itself come alone.
    pub fn parse(json: &str) -> Result<Self, Vec<ScriptError>> {
        if json.len() > MAX_SCRIPT_BYTES {
            let limit = u32::try_from(MAX_SCRIPT_BYTES).unwrap_or(u32::MAX);
            return Err(vec![of_file(ScriptProblem::FileTooLarge { limit })]);
        }
        let source = serde_json::from_str(json).map_err(|error| vec![of_json(&error)])?;
        Self::new(source)
    }

    /// Checks a script that an importer has put together.
    ///
    /// # Errors
    /// Everything found wrong, in the script's order.
    pub fn new(mut source: ScriptSource) -> Result<Self, Vec<ScriptError>> {
        normalise(&mut source);
        let steps = check(&source)?;
        let hash = ScriptHash::derive(&[canonical(&source).as_bytes()]);
        let numbered = steps.iter().zip(0_u16..);
        let (mut questions, mut question_nos) = (Vec::new(), BTreeMap::new());
        for ((step, no), question_no) in
            numbered.filter_map(|(step, no)| step.question().map(|it| (it, no))).zip(0_u16..)
        {
            questions.push(no);
            question_nos.insert(step.question.name.clone(), question_no);
        }
        Ok(Self { source, hash, steps, questions, question_nos })
    }

    /// Looks at it beside the campaign's earlier versions, the latest last: what is worth a
    /// warning, question by question.
    ///
    /// # Errors
    /// Questions whose name took another kind of answer before: give them new names.
    pub fn check_after(&self, earlier: &[&Self]) -> Result<Vec<ScriptError>, Vec<ScriptError>> {
        compare(&self.source, earlier)
    }

    /// What is never reached: elements, options and constraints whose conditions exclude each
    /// other, such as a follow-up of a question that is itself asked of others only.
    ///
    /// Such a script is sound and can be used, so [`Script::new`] takes it, and phones read
    /// those that are in the field; whoever takes in a new one should refuse it. Everything
    /// found is never reached indeed; not everything that is never reached is found.
    #[must_use]
    pub fn unreachable(&self) -> Vec<ScriptError> {
        unreachable(&self.source, &self.steps)
    }

    /// The script as data.
    #[must_use]
    pub fn source(&self) -> &ScriptSource {
        &self.source
    }

    /// The script as JSON in its one canonical form: equal scripts give equal bytes.
    #[must_use]
    pub fn to_json(&self) -> String {
        canonical(&self.source)
    }

    /// The id of exactly this content. White space and the order of keys in the file do not
    /// matter to it; everything else does.
    #[must_use]
    pub fn hash(&self) -> ScriptHash {
        self.hash
    }

    /// The script's languages; the first is the default.
    #[must_use]
    pub fn languages(&self) -> &[String] {
        &self.source.languages
    }

    /// How many questions it has; their numbers are below this.
    #[must_use]
    pub fn question_count(&self) -> u16 {
        u16::try_from(self.questions.len()).unwrap_or(u16::MAX)
    }

    /// The number of the question with this name.
    #[must_use]
    pub fn question_no(&self, name: &str) -> Option<u16> {
        self.question_nos.get(name).copied()
    }

    /// The question with this number.
    #[must_use]
    pub fn question(&self, question_no: u16) -> Option<&Question> {
        self.checked_question(question_no).map(|it| &it.question)
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The step of a question.
    pub(super) fn question_step(&self, question_no: u16) -> Option<u16> {
        self.questions.get(usize::from(question_no)).copied()
    }

    pub(super) fn checked_question(&self, question_no: u16) -> Option<&CheckedQuestion> {
        self.steps.get(usize::from(self.question_step(question_no)?))?.question()
    }
}

impl Step {
    pub(super) fn question(&self) -> Option<&CheckedQuestion> {
        match &self.body {
            Body::Question(question) => Some(question),
            _ => None,
        }
    }
}

fn canonical(source: &ScriptSource) -> String {
    serde_json::to_string(source).expect("strings, finite numbers and maps with string keys")
}

fn of_file(problem: ScriptProblem) -> ScriptError {
    ScriptError { place: Place::default(), problem }
}

fn of_json(error: &serde_json::Error) -> ScriptError {
    let number = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    let cause = match error.classify() {
        serde_json::error::Category::Data => JsonCause::Shape,
        serde_json::error::Category::Eof => JsonCause::End,
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => JsonCause::Syntax,
    };
    let (line, column) = (number(error.line()), number(error.column()));
    of_file(ScriptProblem::Json { line, column, cause })
}
