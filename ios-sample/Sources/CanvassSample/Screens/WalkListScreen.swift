import CanvassCore
import Observation

/// What the Walk List screen shows.
public struct WalkListState: Equatable {
    /// The lists that this phone holds.
    public var lists: [WalkListSummary] = []
    /// The list that is open.
    public var view: WalkListView?
    /// Its doors as far as they were scrolled to.
    public var doors: [DoorView] = []
    /// Where the next page begins; nothing after the last one.
    public var nextPage: String?
}

/// The lists, and the one that is open with its progress, next stop and doors.
@MainActor
@Observable
public final class WalkListScreen: Screen {
    /// What to show.
    public private(set) var state = WalkListState()
    private let canvass: Canvass

    /// The screen of one engine.
    public init(canvass: Canvass) {
        self.canvass = canvass
    }

    /// Shows the lists, until its task is cancelled.
    public func start() async {
        await act {
            for try await lists in canvass.observeWalkLists() {
                state.lists = lists
            }
        }
    }

    /// Opens a list, until its task is cancelled; again whenever the walker has moved to `here`.
    public func open(list: ListId, here: Point? = nil) async {
        await act {
            for try await view in canvass.observeWalkList(list: list, here: here) {
                state.view = view
                state.doors = view.page.doors
                state.nextPage = view.page.next
            }
        }
    }

    /// Reads the next page of doors, when the last one has been scrolled to.
    public func readOn() async {
        await act {
            guard let list = state.view?.summary.list, let from = state.nextPage else { return }
            let page = try await canvass.doors(list: list, from: from)
            // Another page, or the list's first one anew, may have come meanwhile.
            guard state.nextPage == from else { return }
            state.doors += page.doors
            state.nextPage = page.next
        }
    }
}
