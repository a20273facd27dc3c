import CanvassCore
import Observation

/// What the Survey screen shows.
public struct SurveyState: Equatable {
    /// The questions, with the answers so far.
    public var view: SurveyView?
    /// The knock during which this conversation goes on; nothing before the first answer.
    public var attempt: ChangeId?
}

/// The script for one person; each answer is saved as it is tapped.
@MainActor
@Observable
public final class SurveyScreen: Screen {
    /// What to show.
    public private(set) var state = SurveyState()
    private let canvass: Canvass
    private let list: ListId
    private let household: HouseholdId
    private let person: PersonId
    private let language: String

    /// The screen of one person of a household.
    public init(
        canvass: Canvass, list: ListId, household: HouseholdId, person: PersonId, language: String
    ) {
        self.canvass = canvass
        self.list = list
        self.household = household
        self.person = person
        self.language = language
    }

    /// Shows the questions, until its task is cancelled.
    public func start() async {
        await act {
            let views = canvass.observeSurvey(
                list: list, household: household, person: person, language: language)
            for try await view in views {
                state.view = view
            }
        }
    }

    /// Records an answer; nothing takes it back.
    public func answer(question: String, value: AnswerValue?) async {
        await act {
            let saved = try await canvass.recordAnswer(
                input: AnswerInput(
                    list: list, household: household, person: person, question: question,
                    value: value, attempt: state.attempt))
            state.attempt = saved.attempt
        }
    }
}
