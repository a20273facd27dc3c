/// A value of the engine's, now and after each commit that concerns it.
///
/// Each `for try await` loop listens for itself: before it reads for the first time, so that no
/// commit falls between the two. However many commits come while the loop is busy, it reads
/// once for all of them, and a value that did not change is not given again. The loop ends when
/// its task is cancelled or the engine is closed, and throws what the read throws.
public struct Observed<Value: Equatable & Sendable>: AsyncSequence, Sendable {
    private let call: Calls
    private let concerns: @Sendable (ChangeNotice) -> Bool
    private let read: @Sendable (CanvassEngine) throws -> Value

    init(
        _ call: Calls,
        concerns: @escaping @Sendable (ChangeNotice) -> Bool,
        read: @escaping @Sendable (CanvassEngine) throws -> Value
    ) {
        self.call = call
        self.concerns = concerns
        self.read = read
    }

    /// Begins to observe.
    public func makeAsyncIterator() -> Iterator {
        Iterator(call: call, concerns: concerns, read: read)
    }

    /// One loop over the value.
    public struct Iterator: AsyncIteratorProtocol {
        private let call: Calls
        private let concerns: @Sendable (ChangeNotice) -> Bool
        private let read: @Sendable (CanvassEngine) throws -> Value
        private var listening: Listening?
        private var last: Value?

        fileprivate init(
            call: Calls,
            concerns: @escaping @Sendable (ChangeNotice) -> Bool,
            read: @escaping @Sendable (CanvassEngine) throws -> Value
        ) {
            self.call = call
            self.concerns = concerns
            self.read = read
        }

        /// Waits for the next value.
        public mutating func next() async throws -> Value? {
            do {
                if listening == nil {
                    listening = try await listen()
                }
                while await listening?.stale.next() != nil {
                    let value = try await call(read)
                    if value != last {
                        last = value
                        return value
                    }
                }
            } catch CanvassError.Closed {
                // The engine was closed between two reads: the loop has ended.
            }
            listening = nil
            return nil
        }

        private func listen() async throws -> Listening {
            let (stale, signal) = AsyncStream.makeStream(
                of: Void.self, bufferingPolicy: .bufferingNewest(1))
            let listener = StaleListener(concerns: concerns, signal: signal)
            let subscription = try await call { try $0.subscribe(listener: listener) }
            signal.yield()
            return Listening(stale: stale.makeAsyncIterator(), subscription: subscription)
        }
    }
}

/// What an iterator holds on to; letting go of the subscription ends it.
private struct Listening {
    var stale: AsyncStream<Void>.Iterator
    let subscription: Subscription
}

/// Says that what was read is stale; nothing more to come once the engine has let go of it.
private final class StaleListener: ChangeListener {
    private let concerns: @Sendable (ChangeNotice) -> Bool
    private let signal: AsyncStream<Void>.Continuation

    init(
        concerns: @escaping @Sendable (ChangeNotice) -> Bool,
        signal: AsyncStream<Void>.Continuation
    ) {
        self.concerns = concerns
        self.signal = signal
    }

    deinit {
        signal.finish()
    }

    func changed(notice: ChangeNotice) {
        if concerns(notice) {
            signal.yield()
        }
    }
}

extension ChangeNotice {
    /// Whether a commit may have changed this list: it was about it, or about none in particular.
    func concerns(_ list: ListId) -> Bool {
        self.list == nil || self.list == list
    }

    /// Whether a commit may have changed this household.
    func concerns(_ list: ListId, _ household: HouseholdId) -> Bool {
        concerns(list) && (self.household == nil || self.household == household)
    }
}
