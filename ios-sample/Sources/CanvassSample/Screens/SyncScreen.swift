import CanvassCore
import Observation

/// What the Sync screen shows.
public struct SyncState: Equatable {
    /// The conflicts of one list.
    public struct Disagreements: Equatable, Identifiable {
        /// The list.
        public let list: WalkListSummary
        /// Its conflicts.
        public let conflicts: [ConflictView]

        /// The list's id.
        public var id: ListId { list.list }
    }

    /// What is safe where.
    public var status: SyncStatus?
    /// What people disagree on.
    public var disagreements: [Disagreements] = []
    /// What the campaign keeps and could not use.
    public var setAside: [SetAsideView] = []
    /// A sync is under way.
    public var isSyncing = false
    /// How the last sync went.
    public var report: SyncReport?
    /// The same, in words.
    public var sentence: String?
}

/// What is safe where, what people disagree on, and the button that syncs now.
@MainActor
@Observable
public final class SyncScreen: Screen {
    /// What to show.
    public private(set) var state = SyncState()
    private let canvass: Canvass
    private var syncing: Task<SyncReport, any Error>?

    /// The screen of one engine.
    public init(canvass: Canvass) {
        self.canvass = canvass
    }

    /// Shows the status, until its task is cancelled.
    public func start() async {
        await act {
            for try await status in canvass.observeSyncStatus() {
                state.status = status
                try await readAttention()
            }
        }
    }

    /// Syncs now.
    public func sync() async {
        let work = Task { [canvass] in try await canvass.sync() }
        syncing = work
        state.isSyncing = true
        await act {
            let report = try await withTaskCancellationHandler {
                try await work.value
            } onCancel: {
                work.cancel()
            }
            state.report = report
            state.sentence = try await canvass.syncSentence(report)
        }
        state.isSyncing = false
    }

    /// Stops the sync that is under way; nothing is lost.
    public func stop() {
        syncing?.cancel()
    }

    /// Settles a conflict in favour of one of its values.
    public func choose(list: ListId, conflict: ConflictView, candidate: CandidateView) async {
        await act {
            try await canvass.resolveConflict(
                list: list, household: conflict.household, conflict: conflict.conflict,
                chosen: candidate.change)
            try await readAttention()
        }
    }

    /// Has the campaign try again, with the next sync, what it could not use.
    public func retrySetAside() async {
        await act { try await canvass.retrySetAside() }
    }

    private func readAttention() async throws {
        state.setAside = try await canvass.setAside()
        var all: [SyncState.Disagreements] = []
        for list in try await canvass.walkLists() {
            let conflicts = try await canvass.conflicts(list: list.list)
            all.append(SyncState.Disagreements(list: list, conflicts: conflicts))
        }
        state.disagreements = all
    }
}
