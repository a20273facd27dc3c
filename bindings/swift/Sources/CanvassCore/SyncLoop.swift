/// Runs the engine's conversation with the server. What to send, when to try again and what an
/// answer means is the engine's; this only carries it.
struct SyncLoop: Sendable {
    typealias Sleep = @Sendable (Duration) async throws -> Void

    private let transport: SyncTransport
    private let sleep: Sleep
    private let next: @Sendable (SyncInput) async throws -> SyncStep
    private let turn = OneByOne()

    init(
        transport: SyncTransport,
        sleep: @escaping Sleep,
        next: @escaping @Sendable (SyncInput) async throws -> SyncStep
    ) {
        self.transport = transport
        self.sleep = sleep
        self.next = next
    }

    func sync(now: Bool) async throws -> SyncReport {
        try await turn.take()
        do {
            let report = try await converse(now: now)
            await turn.giveBack()
            return report
        } catch {
            await turn.giveBack()
            throw error
        }
    }

    func keepSyncing(
        every: Duration, onReport: @Sendable (SyncReport) -> Void
    ) async throws -> SyncReport {
        while true {
            let report = try await sync(now: false)
            onReport(report)
            if report.isFinal {
                return report
            }
            try await sleep(every)
        }
    }

    private func converse(now: Bool) async throws -> SyncReport {
        var step = try await next(.begin(now: now))
        while true {
            try Task.checkCancellation()
            switch step {
            case .send(let request):
                step = try await next(answer(to: request))
            case .wait(let waitMs):
                try await sleep(.milliseconds(Int64(clamping: waitMs)))
                step = try await next(.waited)
            case .done(let report):
                return report
            }
        }
    }

    private func answer(to request: SyncRequest) async throws -> SyncInput {
        do {
            let reply = try await transport.send(request)
            let status = UInt16(clamping: reply.status)
            return .reply(status: status, retryAfterS: reply.retryAfterS, body: reply.body)
        } catch {
            try Task.checkCancellation()
            return .noAnswer
        }
    }
}

/// Lets one task through at a time, in the order in which they came.
private actor OneByOne {
    private var isTaken = false
    private var ticket = 0
    private var waiting: [(ticket: Int, done: CheckedContinuation<Void, any Error>)] = []

    /// Waits for its turn; throws `CancellationError` if its task is cancelled before.
    func take() async throws {
        guard isTaken else {
            isTaken = true
            return
        }
        ticket += 1
        let mine = ticket
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (done: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled {
                    done.resume(throwing: CancellationError())
                } else {
                    waiting.append((mine, done))
                }
            }
        } onCancel: {
            Task { await self.giveUp(mine) }
        }
    }

    func giveBack() {
        if waiting.isEmpty {
            isTaken = false
        } else {
            waiting.removeFirst().done.resume()
        }
    }

    private func giveUp(_ ticket: Int) {
        guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return }
        waiting.remove(at: index).done.resume(throwing: CancellationError())
    }
}
