import CanvassCore
import Observation

/// What the Add a person screen shows.
public struct AddPersonState: Equatable {
    /// The given name, as it is typed.
    public var givenName = ""
    /// The family name, as it is typed.
    public var familyName = ""
    /// The language as a BCP 47 tag; empty when it was not asked.
    public var language = ""
    /// What was saved; the screen is done.
    public var saved: Saved?
}

/// Someone at the door whom no file knew.
@MainActor
@Observable
public final class AddPersonScreen: Screen {
    /// What to show.
    public var state = AddPersonState()
    private let canvass: Canvass
    private let list: ListId
    private let household: HouseholdId

    /// The screen of one household of a list.
    public init(canvass: Canvass, list: ListId, household: HouseholdId) {
        self.canvass = canvass
        self.list = list
        self.household = household
    }

    /// Adds the person.
    public func add() async {
        await act {
            state.saved = try await canvass.addPerson(
                input: PersonMetInput(
                    list: list, household: household, givenName: state.givenName,
                    familyName: state.familyName, language: state.language))
        }
    }
}
