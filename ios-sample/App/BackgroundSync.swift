import BackgroundTasks
import CanvassCore
import CanvassSample

/// Syncs when the app becomes active, and in the background when the system lets it.
///
/// Both use the process's one engine. Where the phone was not unlocked since it started, the
/// engine does not open yet, and the next time does it.
@MainActor
final class BackgroundSync {
    /// As in `project.yml`, under `BGTaskSchedulerPermittedIdentifiers`.
    private static let identifier = "org.canvasscore.sample.sync"
    private static let soonest: TimeInterval = 15 * 60

    private let session: Session

    init(session: Session) {
        self.session = session
    }

    /// Before the app has finished launching.
    func register() {
        BGTaskScheduler.shared.register(forTaskWithIdentifier: Self.identifier, using: .main) {
            task in
            // It is called on the main queue, as was asked for; its type does not say so.
            nonisolated(unsafe) let task = task
            MainActor.assumeIsolated { self.run(task) }
        }
    }

    /// When the app goes to the background.
    func schedule() {
        let request = BGProcessingTaskRequest(identifier: Self.identifier)
        request.requiresNetworkConnectivity = true
        request.earliestBeginDate = Date(timeIntervalSinceNow: Self.soonest)
        // It fails where background work is switched off; then the app syncs when it is opened.
        try? BGTaskScheduler.shared.submit(request)
    }

    /// Syncs as the backoff allows; whether everything was exchanged.
    @discardableResult
    func sync() async -> Bool {
        await session.open()
        let report = try? await session.canvass?.sync(now: false)
        return report?.outcome == .complete
    }

    private func run(_ task: BGTask) {
        let work = Task {
            let isComplete = await sync()
            schedule()
            task.setTaskCompleted(success: isComplete)
        }
        // The system calls this when time is up: the sync ends at once, and nothing is lost.
        task.expirationHandler = { work.cancel() }
    }
}
