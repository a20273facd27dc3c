import Foundation

/// Threads that may block, which those of Swift's own tasks may not.
struct Threads: Sendable {
    /// Calls that run side by side: one writes, and a screen or two read.
    private static let parallelCalls = 4

    private let queue: OperationQueue

    init() {
        queue = OperationQueue()
        queue.name = "org.canvasscore.calls"
        queue.maxConcurrentOperationCount = Self.parallelCalls
    }

    func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { done in
            queue.addOperation { done.resume(with: Result(catching: work)) }
        }
    }
}

/// Calls the engine on threads that are not the caller's.
struct Calls: Sendable {
    let engine: CanvassEngine
    let threads: Threads

    func callAsFunction<T: Sendable>(
        _ work: @escaping @Sendable (CanvassEngine) throws -> T
    ) async throws -> T {
        try await threads.run { [engine] in try work(engine) }
    }
}
