import CanvassCore
import Observation

/// What the Household screen shows.
public struct HouseholdState: Equatable {
    /// The household.
    public var view: HouseholdView?
    /// What was saved last, to be taken back if it was a slip.
    public var saved: Saved?
    /// The knock that this visit has begun: further results stand beside the first.
    public var attempt: ChangeId?
    /// The floors of its building; read on demand.
    public var floors: [FloorView] = []
    /// What was recorded of a whole floor last, to be taken back as one.
    public var floorSaved: [DoorSaved] = []
}

/// One door: who lives there, what happened before, and what happens now.
@MainActor
@Observable
public final class HouseholdScreen: Screen {
    /// What to show.
    public private(set) var state = HouseholdState()
    private let canvass: Canvass
    private let list: ListId
    private let household: HouseholdId

    /// The screen of one household of a list.
    public init(canvass: Canvass, list: ListId, household: HouseholdId) {
        self.canvass = canvass
        self.list = list
        self.household = household
    }

    /// Shows the household, until its task is cancelled.
    public func start() async {
        await act {
            for try await view in canvass.observeHousehold(list: list, household: household) {
                state.view = view
            }
        }
    }

    /// Records one tapped result: of the door, or of a person beside what was recorded of the same
    /// knock.
    public func tap(result: CanvassResult, person: PersonId? = nil) async {
        await save {
            try await canvass.recordResult(
                input: ResultInput(
                    list: list, household: household, person: person, result: result,
                    attempt: state.attempt))
        }
    }

    /// Takes back what was saved last on this screen.
    public func undoLast() async {
        await act {
            guard let saved = state.saved else { return }
            _ = try await canvass.undo(
                list: list, household: household, change: saved.attempt ?? saved.change)
            if saved.attempt != nil {
                state.attempt = nil
            }
            state.saved = nil
        }
    }

    /// Reads the floors of the building.
    public func readFloors() async {
        await act {
            state.floors = try await canvass.floors(list: list, household: household)
        }
    }

    /// Records that nobody is home at the doors of a floor that are still to be knocked on.
    public func nobodyHome(on floor: FloorView) async {
        await act {
            state.floorSaved = try await canvass.recordResults(
                list: list, households: floor.open, result: .notHome)
            state.floors = try await canvass.floors(list: list, household: household)
        }
    }

    /// Takes back what was recorded of a whole floor.
    public func undoFloor() async {
        await act {
            try await canvass.undoResults(list: list, saved: state.floorSaved)
            state.floorSaved = []
            state.floors = try await canvass.floors(list: list, household: household)
        }
    }

    /// Records a knock with one result for the door as a whole.
    public func recordDoor(result: CanvassResult) async {
        await record(door: result, people: [])
    }

    /// Records a knock with results for single people.
    public func recordPeople(results: [PersonResult]) async {
        await record(door: nil, people: results)
    }

    /// Records a note.
    public func recordNote(text: String) async {
        await save {
            try await canvass.recordNote(list: list, household: household, text: text)
        }
    }

    /// Rewrites a note; an empty text retracts it.
    public func editNote(note: ChangeId, text: String) async {
        await save {
            try await canvass.editNote(list: list, household: household, note: note, text: text)
        }
    }

    /// Marks a person, or the whole household, as not to be contacted.
    public func setDoNotContact(person: PersonId?) async {
        await save {
            try await canvass.setDoNotContact(list: list, household: household, person: person)
        }
    }

    /// Adds a person met at the door.
    public func addPerson(givenName: String, familyName: String, language: String) async {
        await save {
            try await canvass.addPerson(
                input: PersonMetInput(
                    list: list, household: household, givenName: givenName,
                    familyName: familyName, language: language))
        }
    }

    /// Records what was learnt about a phone number or e-mail address.
    public func recordContact(input: ContactInput) async {
        await save { try await canvass.recordContact(input: input) }
    }

    /// Settles a conflict in favour of one of its values.
    public func resolveConflict(conflict: ConflictId, chosen: ChangeId) async {
        await save {
            try await canvass.resolveConflict(
                list: list, household: household, conflict: conflict, chosen: chosen)
        }
    }

    /// Takes back a change of one's own.
    public func undo(change: ChangeId) async {
        await save { try await canvass.undo(list: list, household: household, change: change) }
    }

    private func record(door: CanvassResult?, people: [PersonResult]) async {
        await save {
            try await canvass.recordAttempt(
                input: AttemptInput(
                    list: list, household: household, door: door, people: people, corrects: nil))
        }
    }

    private func save(_ record: () async throws -> Saved) async {
        await act {
            let saved = try await record()
            state.saved = saved
            state.attempt = saved.attempt ?? state.attempt
        }
    }
}
