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
    fileprivate let count = CallCount()

    func callAsFunction<T: Sendable>(
        _ work: @escaping @Sendable (CanvassEngine) throws -> T
    ) async throws -> T {
        count.add()
        return try await threads.run { [engine] in try work(engine) }
    }

    /// A long call, which ends without a result when its task is cancelled.
    func cancellably<T: Sendable>(
        _ onProgress: @escaping @Sendable (UInt64, UInt64) -> Void,
        _ work: @escaping @Sendable (CanvassEngine, ProgressListener) throws -> T
    ) async throws -> T {
        let progress = UntilCancelled(onProgress)
        do {
            return try await withTaskCancellationHandler {
                try await callAsFunction { try work($0, progress) }
            } onCancel: {
                progress.cancel()
            }
        } catch CanvassError.Cancelled {
            try Task.checkCancellation()
            throw CanvassError.Cancelled
        }
    }
}

extension Canvass {
    /// How often the engine was called: for tests of how chatty a screen is.
    @_spi(Testing) public var engineCalls: Int {
        call.count.current
    }
}

/// Counts the calls that go to the engine, from whatever task.
private final class CallCount: @unchecked Sendable {
    private let lock = NSLock()
    private var calls = 0

    var current: Int { lock.withLock { calls } }

    func add() {
        lock.withLock { calls += 1 }
    }
}

/// Goes on until it is told not to.
private final class UntilCancelled: ProgressListener, @unchecked Sendable {
    private let lock = NSLock()
    private var isCancelled = false
    private let onProgress: @Sendable (UInt64, UInt64) -> Void

    init(_ onProgress: @escaping @Sendable (UInt64, UInt64) -> Void) {
        self.onProgress = onProgress
    }

    func cancel() {
        lock.withLock { isCancelled = true }
    }

    func goOn(done: UInt64, total: UInt64) -> Bool {
        onProgress(done, total)
        return lock.withLock { !isCancelled }
    }
}

/// Work that is done the first time that it is asked for.
final class Once: @unchecked Sendable {
    private let lock = NSLock()
    private var work: (@Sendable () -> Void)?

    init(_ work: @escaping @Sendable () -> Void) {
        self.work = work
    }

    func run() {
        let work = lock.withLock {
            defer { self.work = nil }
            return self.work
        }
        work?()
    }
}
