//! One pass over a script and its answers: what is asked, what is offered, what expressions
//! read.
//!
//! Elements are visited once, in order: an expression reads earlier elements only, so their
//! values are settled when it is reached.

use super::answer::{AnswerCause, AnswerCode, AnswerError, Answers, fits, option_name};
use super::date::{Date, LocalTime};
use super::expression::{Expression, Scope, Value};
use super::model::Kind;
use super::script::{Body, CheckedQuestion, Script, Step};

/// The state of the conversation, given the answers.
pub(super) struct Flow<'a> {
    script: &'a Script,
    answers: &'a Answers,
    /// An answer to look at in place of the one among `answers`.
    candidate: Option<(u16, &'a AnswerCode)>,
    now: LocalTime,
    /// What expressions read, by step.
    values: Vec<Value<'a>>,
    /// Whether each step is part of the conversation now.
    relevant: Vec<bool>,
    /// The questions visited, by number.
    visited: Vec<Visited<'a>>,
}

/// The options of a question that are offered now.
enum Offered {
    /// So many, which are all it has: nearly every question's. None for kinds without options.
    All(u16),
    /// Those whose conditions hold, in order.
    Some(Vec<u16>),
}

impl Offered {
    const NONE: Self = Self::All(0);

    fn is_empty(&self) -> bool {
        match self {
            Self::All(count) => *count == 0,
            Self::Some(options) => options.is_empty(),
        }
    }

    fn has(&self, option: u16) -> bool {
        match self {
            Self::All(count) => option < *count,
            Self::Some(options) => options.binary_search(&option).is_ok(),
        }
    }
}

/// What was found out about a question.
struct Visited<'a> {
    /// Its answer, whether it is asked or not.
    answer: Option<&'a AnswerCode>,
    /// Whether the answer is one that the question takes.
    fits: bool,
    /// The options offered now; empty for other kinds.
    offered: Offered,
    /// What is wrong with its answer, if it is asked.
    fault: Option<AnswerCause>,
}

impl<'a> Flow<'a> {
    pub(super) fn new(script: &'a Script, answers: &'a Answers, now: LocalTime) -> Self {
        Self::up_to(script, answers, now, None, script.steps().len())
    }

    /// As if `candidate` were among the answers.
    pub(super) fn with(
        script: &'a Script,
        answers: &'a Answers,
        candidate: Option<(u16, &'a AnswerCode)>,
        now: LocalTime,
    ) -> Self {
        Self::up_to(script, answers, now, candidate, script.steps().len())
    }

    fn up_to(
        script: &'a Script,
        answers: &'a Answers,
        now: LocalTime,
        candidate: Option<(u16, &'a AnswerCode)>,
        steps: usize,
    ) -> Self {
        let mut flow = Self {
            script,
            answers,
            candidate,
            now,
            values: Vec::with_capacity(steps),
            relevant: Vec::with_capacity(steps),
            visited: Vec::with_capacity(usize::from(script.question_count())),
        };
        for step in script.steps().iter().take(steps) {
            flow.visit(step);
        }
        flow
    }

    fn visit(&mut self, step: &'a Step) {
        let around = step.parent.is_none_or(|parent| self.is_relevant(parent));
        let mut relevant = around && self.holds(step.relevant.as_ref(), &Value::EMPTY);
        let value = match &step.body {
            Body::Calculation(expression) if relevant => {
                expression.value(self.scope(&Value::EMPTY)).kept()
            }
            Body::Group(_) | Body::Note { .. } | Body::Calculation(_) => Value::EMPTY,
            Body::Question(question) => {
                let offered = if relevant { self.options_offered(question) } else { Offered::NONE };
                relevant &= !is_choice(question) || !offered.is_empty();
                self.settle(question, offered, relevant)
            }
        };
        self.values.push(value);
        self.relevant.push(relevant);
    }

    /// What expressions read of a question, and what is wrong with its answer: nothing if it is
    /// not asked.
    fn settle(
        &mut self,
        question: &'a CheckedQuestion,
        offered: Offered,
        is_asked: bool,
    ) -> Value<'a> {
        let answer = self.given_answer();
        let unfit = answer.and_then(|code| fits(&question.question, code).err());
        let fits = answer.is_some() && unfit.is_none();
        let counting = answer.filter(|_| fits && is_asked);
        let value = counting.map_or(Value::EMPTY, |code| read(question, &offered, code));
        let misfit = || self.misfit(question, &offered, counting?, &value);
        let fault = unfit.filter(|_| is_asked).or_else(misfit);
        self.visited.push(Visited { answer, fits, offered, fault });
        value
    }

    /// The answer to the question being visited.
    fn given_answer(&self) -> Option<&'a AnswerCode> {
        let question_no = u16::try_from(self.visited.len()).unwrap_or(u16::MAX);
        match self.candidate {
            Some((no, code)) if no == question_no => Some(code),
            _ => self.answers.get(&question_no),
        }
    }

    /// What is wrong with an answer that the question takes, given the other answers.
    fn misfit(
        &self,
        question: &CheckedQuestion,
        offered: &Offered,
        answer: &AnswerCode,
        value: &Value<'_>,
    ) -> Option<AnswerCause> {
        let chosen = match answer {
            AnswerCode::Choice(option) if is_choice(question) => std::slice::from_ref(option),
            AnswerCode::Choices(options) => options.as_slice(),
            _ => &[],
        };
        if !chosen.iter().all(|option| offered.has(*option)) {
            return Some(AnswerCause::OptionNotOffered);
        }
        let kept = self.holds(question.constraint.as_ref(), value);
        (!kept).then_some(AnswerCause::ConstraintBroken)
    }

    fn scope<'s>(&'s self, current: &'s Value<'s>) -> Scope<'s> {
        Scope { values: &self.values, current, now: self.now }
    }

    fn holds(&self, condition: Option<&Expression>, current: &Value<'_>) -> bool {
        condition.is_none_or(|it| it.is_true(self.scope(current)))
    }

    fn options_offered(&self, question: &CheckedQuestion) -> Offered {
        let options = question.question.kind.options();
        if question.filters.is_empty() {
            return Offered::All(u16::try_from(options.len()).unwrap_or(u16::MAX));
        }
        let filter = |no: u16| question.filters.get(usize::from(no)).and_then(Option::as_ref);
        let holds = |no: &u16| self.holds(filter(*no), &Value::EMPTY);
        Offered::Some((0_u16..).zip(options).map(|(no, _)| no).filter(holds).collect())
    }

    /// Whether a step is part of the conversation now.
    pub(super) fn is_relevant(&self, step: u16) -> bool {
        self.relevant.get(usize::from(step)).copied().unwrap_or(false)
    }

    /// Whether a question is asked now.
    pub(super) fn asks(&self, question_no: u16) -> bool {
        self.script.question_step(question_no).is_some_and(|step| self.is_relevant(step))
    }

    fn visited(&self, question_no: u16) -> Option<&Visited<'a>> {
        self.visited.get(usize::from(question_no))
    }

    /// The options of a question offered now.
    pub(super) fn offered(&self, question_no: u16) -> Vec<u16> {
        match self.visited(question_no).map(|visited| &visited.offered) {
            Some(Offered::All(count)) => (0..*count).collect(),
            Some(Offered::Some(options)) => options.clone(),
            None => Vec::new(),
        }
    }

    fn offers(&self, question_no: u16, option: u16) -> bool {
        self.visited(question_no).is_some_and(|visited| visited.offered.has(option))
    }

    /// The answer to a question, if it is one that the question takes.
    pub(super) fn fitting_answer(&self, question_no: u16) -> Option<&'a AnswerCode> {
        self.visited(question_no).filter(|visited| visited.fits)?.answer
    }

    /// What is wrong with the answer to a question that is asked now.
    pub(super) fn fault(&self, question_no: u16) -> Option<AnswerCause> {
        self.visited(question_no)?.fault.clone()
    }

    /// Whether a question that is asked has an answer with nothing wrong.
    pub(super) fn is_settled(&self, question_no: u16) -> bool {
        self.visited(question_no).is_some_and(|it| it.answer.is_some() && it.fault.is_none())
    }

    /// Whether an answer counts now, as it was given.
    pub(super) fn counts_whole(&self, question_no: u16) -> bool {
        let counts = |visited: &Visited<'_>| {
            visited.answer.is_some()
                && matches!(visited.fault, None | Some(AnswerCause::ConstraintBroken))
        };
        self.visited(question_no).is_some_and(counts) && self.asks(question_no)
    }

    /// The answer to a question, as far as it counts now.
    pub(super) fn counting_answer(&self, question_no: u16) -> Option<AnswerCode> {
        let answer = self.fitting_answer(question_no).filter(|_| self.asks(question_no))?;
        let choice = self.script.checked_question(question_no).is_some_and(is_choice);
        match answer {
            AnswerCode::Choice(option) if choice && !self.offers(question_no, *option) => None,
            AnswerCode::Choices(options) => {
                let offered = options.iter().filter(|it| self.offers(question_no, **it));
                let offered: Vec<u16> = offered.copied().collect();
                (!offered.is_empty()).then_some(AnswerCode::Choices(offered))
            }
            _ => Some(answer.clone()),
        }
    }
}

/// What expressions read of an answer. Options that are not offered read as not chosen.
fn read<'a>(question: &'a CheckedQuestion, offered: &Offered, answer: &'a AnswerCode) -> Value<'a> {
    let question = &question.question;
    let name = |option: &u16| {
        let is_offered = matches!(question.kind, Kind::Acknowledge) || offered.has(*option);
        option_name(question, *option).filter(|_| is_offered)
    };
    match answer {
        AnswerCode::Choice(option) => {
            name(option).map_or(Value::EMPTY, |it| Value::Text(it.into()))
        }
        AnswerCode::Choices(options) => {
            let names: Vec<&str> = options.iter().filter_map(name).collect();
            Value::Text(names.join(" ").into())
        }
        AnswerCode::Number(number) => Value::Number(*number),
        AnswerCode::Text(text) => Value::Text(text.as_str().into()),
        AnswerCode::Scale(point) => Value::Number(f64::from(*point)),
        AnswerCode::Date(days) => Date::from_days(*days).map_or(Value::EMPTY, Value::Day),
    }
}

fn is_choice(question: &CheckedQuestion) -> bool {
    matches!(question.question.kind, Kind::Single(_) | Kind::Multiple(_))
}

impl Script {
    /// Checks a stored answer against the answers to the questions before it: whether the
    /// question is asked, the options are offered and the constraint is kept.
    ///
    /// `answers` may hold an earlier answer to the same question; it does not count.
    pub fn check_answer(
        &self,
        question_no: u16,
        code: &AnswerCode,
        answers: &Answers,
        now: LocalTime,
    ) -> Result<(), AnswerError> {
        let name = self.question(question_no).map_or("", |question| &question.name);
        let error = |cause| Err(AnswerError { question: name.to_owned(), cause });
        let Some(step) = self.question_step(question_no) else {
            return error(AnswerCause::UnknownQuestion);
        };
        let candidate = Some((question_no, code));
        let flow = Flow::up_to(self, answers, now, candidate, usize::from(step) + 1);
        if !flow.is_relevant(step) {
            return error(AnswerCause::NotAsked);
        }
        flow.fault(question_no).map_or(Ok(()), error)
    }

    /// The answers that count now, and so may leave the phone: those to questions that are
    /// asked, without options that are not offered. An answer that only breaks its constraint
    /// is among them.
    #[must_use]
    pub fn relevant_answers(&self, answers: &Answers, now: LocalTime) -> Answers {
        let flow = Flow::new(self, answers, now);
        let counting = |no: &u16| flow.counting_answer(*no).map(|code| (*no, code));
        answers.keys().filter_map(counting).collect()
    }
}
