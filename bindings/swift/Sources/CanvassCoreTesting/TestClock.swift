import CanvassCore
import Foundation

/// A `Clock` that stands still until it is told to go on: for tests only.
public final class TestClock: Clock, @unchecked Sendable {
    private let lock = NSLock()
    private let startMs: Int64
    private var sinceMs: UInt64 = 0

    /// A clock that shows `start`.
    public init(start: Date) {
        startMs = Self.millis(start)
    }

    /// Lets time pass.
    public func advance(by duration: Duration) {
        precondition(duration >= .zero, "time does not run backwards")
        let (seconds, attoseconds) = duration.components
        let ms = UInt64(seconds) * 1_000 + UInt64(attoseconds / 1_000_000_000_000_000)
        lock.withLock { sinceMs += ms }
    }

    /// Lets time pass until it is `moment`.
    public func advance(to moment: Date) {
        advance(by: .milliseconds(Self.millis(moment) - wallMs()))
    }

    public func wallMs() -> Int64 {
        startMs + Int64(sinceBootMs())
    }

    public func bootId() -> String {
        "test"
    }

    public func sinceBootMs() -> UInt64 {
        lock.withLock { sinceMs }
    }

    private static func millis(_ moment: Date) -> Int64 {
        Int64((moment.timeIntervalSince1970 * 1_000).rounded())
    }
}
