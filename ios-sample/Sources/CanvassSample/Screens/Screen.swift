import CanvassCore
import Observation

/// What every screen has: an error that the last act ended with.
///
/// An act runs in the task that calls it; a view begins the long ones with `.task`, which ends
/// them with the view.
@MainActor
@Observable
public class Screen {
    /// Why the last act did nothing; nothing when it did.
    public private(set) var error: CanvassError?

    /// Does something that may fail, and keeps its error to be shown.
    func act(_ work: () async throws -> Void) async {
        error = nil
        do {
            try await work()
        } catch let failed as CanvassError {
            error = failed
        } catch {
            // Only a cancelled task ends otherwise: the view is gone, and there is no one to tell.
            assert(error is CancellationError)
        }
    }
}
