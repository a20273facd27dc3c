import Foundation

/// A value that several threads count up or collect in.
public final class Shared<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    /// A value to begin with.
    public init(_ value: Value) {
        self.value = value
    }

    /// The value as it is now.
    public var current: Value { lock.withLock { value } }

    /// Changes the value; no other thread sees it in between.
    public func change<T>(_ change: (inout Value) -> T) -> T {
        lock.withLock { change(&value) }
    }
}

/// Waits for what other tasks do, for at most ten seconds.
public func eventually(
    isolation: isolated (any Actor)? = #isolation, file: StaticString = #filePath,
    line: UInt = #line, _ isSo: () throws -> Bool
) async throws {
    for _ in 0..<1_000 {
        if try isSo() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw Unexpected("it never came to be, \(file):\(line)")
}
