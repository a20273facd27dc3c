import CanvassCore
import Observation

/// What the Sync screen shows.
public struct SyncState: Equatable {
    /// What is safe where.
    public var status: SyncStatus?
    /// A sync is under way.
    public var isSyncing = false
    /// How the last sync went.
    public var report: SyncReport?
}

/// What is safe where, and the button that syncs now.
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
            }
        }
    }

    /// Takes an invitation; the next sync redeems it.
    public func join(invitation: String) async {
        await act { try await canvass.join(invitation: invitation) }
    }

    /// Syncs now.
    public func sync() async {
        let work = Task { [canvass] in try await canvass.sync() }
        syncing = work
        state.isSyncing = true
        await act {
            state.report = try await withTaskCancellationHandler {
                try await work.value
            } onCancel: {
                work.cancel()
            }
        }
        state.isSyncing = false
    }

    /// Stops the sync that is under way; nothing is lost.
    public func stop() {
        syncing?.cancel()
    }
}
