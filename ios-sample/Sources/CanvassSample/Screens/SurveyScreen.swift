import CanvassCore
import Foundation
import Observation

/// What the Survey screen shows.
public struct SurveyState: Equatable {
    /// The question at hand, and what was said so far.
    public var screen: ConversationScreen?
    /// Asks that were recorded in this conversation, the last one last.
    public var asked: [Saved] = []
    /// The last follow-up that was agreed on.
    public var followUp: Saved?
    /// Literature was left.
    public var hasLeftLiterature = false
}

/// The talk with one person, a step at a time; each answer is saved as it is tapped.
///
/// The core keeps where the talk stands: it goes on at the same question after the app was
/// killed.
@MainActor
@Observable
public final class SurveyScreen: Screen {
    /// What to show.
    public private(set) var state = SurveyState()
    /// The language that the canvasser asks for, as a tag; empty for the one that is best for
    /// this person.
    public private(set) var language: String
    private let canvass: Canvass
    private let list: ListId
    private let household: HouseholdId
    private let person: PersonId

    /// The screen of one person of a household.
    public init(
        canvass: Canvass, list: ListId, household: HouseholdId, person: PersonId,
        language: String = ""
    ) {
        self.canvass = canvass
        self.list = list
        self.household = household
        self.person = person
        self.language = language
    }

    /// Shows the question at hand.
    public func start() async {
        await act {
            state.screen = try await canvass.conversation(
                list: list, household: household, person: person, language: language)
        }
    }

    /// Goes on in another language, at the same question.
    public func speak(language: String) async {
        self.language = language
        await start()
    }

    /// Records an answer and goes on.
    public func answer(question: String, value: AnswerValue) async {
        await take(.answer(question: question, value: value))
    }

    /// Records a number as it was typed, by the phone's own decimal mark. What is no number goes
    /// to the core as it is: it says in words what is wrong.
    public func answer(
        question: String, number typed: String, locale: Locale = .current
    ) async {
        let style = FloatingPointFormatStyle<Double>(locale: locale)
        let number = try? Double(typed, format: style, lenient: false)
        await answer(
            question: question, value: number.map { .number(value: $0) } ?? .text(text: typed))
    }

    /// Records a day, as scripts write it, whatever the phone's calendar is.
    public func answer(
        question: String, day: Date, timeZone: TimeZone = .current
    ) async {
        let style = Date.ISO8601FormatStyle(timeZone: timeZone).year().month().day()
        await answer(question: question, value: .date(date: day.formatted(style)))
    }

    /// Takes an answer back.
    public func clear(question: String) async {
        await take(.clear(question: question))
    }

    /// Leaves a question without an answer.
    public func skip(question: String) async {
        await take(.skip(question: question))
    }

    /// Goes to an earlier question, to change its answer.
    public func goTo(question: String) async {
        await take(.goTo(question: question))
    }

    /// Goes one question back.
    public func back() async {
        await take(.back)
    }

    /// Goes on without changing the answer that is there.
    public func next() async {
        await take(.next)
    }

    /// Ends the talk with every required question answered.
    public func finish() async {
        await take(.finish)
    }

    /// Breaks the talk off; what was answered stays.
    public func stop() async {
        await take(.stop)
    }

    /// Records what the person wants, and what they agree to, if that was spoken of.
    public func ask(kind: AskKind, state answer: AskState, consent: ConsentInput? = nil) async {
        await act {
            let saved = try await canvass.recordAsk(
                input: AskInput(
                    list: list, household: household, person: person, kind: kind, state: answer,
                    consent: consent, attempt: state.screen?.attempt))
            state.asked.append(saved)
        }
    }

    /// Records that somebody is to come back within a window, by this phone's own time of day.
    public func comeBack(from: Date, until: Date) async {
        await act {
            let offset = TimeZone.current.secondsFromGMT(for: from) / 60
            state.followUp = try await canvass.recordFollowUp(
                input: FollowUpInput(
                    list: list, household: household, person: person,
                    window: TimeWindow(
                        from: from, until: until, utcOffsetMinutes: Int32(offset)),
                    attempt: state.screen?.attempt))
        }
    }

    /// Notes that literature was left during this talk, or takes that back; only once an answer
    /// has begun a knock.
    public func leaveLiterature(_ left: Bool) async {
        await act {
            guard let attempt = state.screen?.attempt else { return }
            try await canvass.setLiterature(
                list: list, household: household, attempt: attempt, left: left)
            state.hasLeftLiterature = left
        }
    }

    private func take(_ step: ConversationStep) async {
        await act {
            state.screen = try await canvass.converse(
                input: ConversationInput(
                    list: list, household: household, person: person, step: step,
                    language: language))
        }
    }
}
