import CanvassCoreTesting
import CanvassTestSupport
import XCTest

@testable import CanvassCore

/// Sync against what a phone really meets: no server, another server, half a server.
final class SyncTests: EngineTestCase {
    /// Syncs with a server that answers as it is told.
    private func sync(
        with answer: @escaping @Sendable (LocalServer.Exchange) -> Void
    ) async throws -> SyncReport {
        let server = try LocalServer(answer)
        let canvass = try await newPlace().open()
        try await canvass.join(invitation: invitation(to: server.address))
        return try await canvass.sync()
    }

    func testWithoutACampaignThereIsNothingToSync() async throws {
        let canvass = try await newPlace().open()
        let error = await failure { try await canvass.sync() }
        XCTAssertEqual(error, .NoCampaign)
    }

    func testAServerThatCannotBeReachedIsOfflineAndNamesTheNextTry() async throws {
        let port = try LocalServer { _ in }.port
        let canvass = try await newPlace().open()
        try await canvass.join(invitation: invitation(to: "http://127.0.0.1:\(port)"))
        let report = try await canvass.sync()
        XCTAssertEqual(report.outcome, .offline)
        XCTAssertGreaterThan(try XCTUnwrap(report.retryAt), morning)
        let status = try await canvass.syncStatus()
        XCTAssertEqual(status.nextTry, report.retryAt)
    }

    func testAPageToLogInToSomeNetworkIsOffline() async throws {
        let report = try await sync { $0.answer(200, "<html><body>Welcome</body></html>") }
        XCTAssertEqual(report.outcome, .offline)
    }

    func testARedirectIsNotFollowed() async throws {
        let followed = Shared(0)
        let gate = try LocalServer { _ in followed.change { $0 += 1 } }
        let login = "\(gate.address)/login"
        let report = try await sync { $0.answer(302, headers: ["Location": login]) }
        XCTAssertEqual(report.outcome, .offline)
        XCTAssertEqual(followed.current, 0)
    }

    func testEachStatusIsWhatTheEngineMakesOfIt() async throws {
        let expected: [Int: SyncOutcome] = [
            401: .notEnrolled, 404: .invitationRefused, 410: .invitationRefused, 422: .refused,
            500: .serverTrouble,
        ]
        for (status, outcome) in expected {
            let report = try await sync { $0.answer(status, "no") }
            XCTAssertEqual(report.outcome, outcome, "\(status)")
        }
    }

    func testAServerThatAsksForPatienceGetsIt() async throws {
        let report = try await sync { $0.answer(503, headers: ["Retry-After": "120"]) }
        XCTAssertEqual(report.outcome, .serverTrouble)
        XCTAssertGreaterThanOrEqual(
            try XCTUnwrap(report.retryAt), morning.addingTimeInterval(120))
    }

    func testHalfAnAnswerIsNone() async throws {
        let report = try await sync {
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789")
        }
        XCTAssertEqual(report.outcome, .offline)
    }

    func testAConnectionThatClosesWithoutAnAnswerIsNone() async throws {
        let report = try await sync { _ in }
        XCTAssertEqual(report.outcome, .offline)
    }

    func testTheWaitThatTheEngineAsksForIsKeptAndNotWhenSomeoneIsWaiting() async throws {
        let server = try LocalServer { $0.answer(503, headers: ["Retry-After": "90"]) }
        let slept = Shared<[Duration]>([])
        let canvass = try await newPlace().open(sleep: { duration in
            slept.change { $0.append(duration) }
        })
        try await canvass.join(invitation: invitation(to: server.address))
        _ = try await canvass.sync()
        _ = try await canvass.sync(now: true)
        XCTAssertFalse(slept.current.contains { $0 >= .seconds(90) })
        _ = try await canvass.sync(now: false)
        XCTAssertTrue(slept.current.contains { $0 >= .seconds(90) })
    }

    func testSyncingGoesOnUntilTryingAgainIsUseless() async throws {
        let requests = Shared(0)
        let outcomes = Shared<[SyncOutcome]>([])
        let slept = Shared<[Duration]>([])
        let server = try LocalServer { exchange in
            let number = requests.change {
                $0 += 1; return $0
            }
            exchange.answer(number < 5 ? 500 : 401)
        }
        let canvass = try await newPlace().open(sleep: { duration in
            slept.change { $0.append(duration) }
        })
        try await canvass.join(invitation: invitation(to: server.address))
        let last = try await canvass.keepSyncing(every: .seconds(300)) { report in
            outcomes.change { $0.append(report.outcome) }
        }
        XCTAssertEqual(last.outcome, .notEnrolled)
        XCTAssertEqual(outcomes.current.first, .serverTrouble)
        XCTAssertEqual(outcomes.current.last, .notEnrolled)
        XCTAssertTrue(slept.current.contains(.seconds(300)))
    }

    func testCancellingEndsASyncAtOnceAndTheNextOneWorks() async throws {
        let requests = Shared(0)
        let hungUp = Shared(false)
        let server = try LocalServer { exchange in
            if requests.change({
                $0 += 1; return $0
            }) == 1 {
                let isGone = exchange.awaitHangUp()
                hungUp.change { $0 = isGone }
            } else {
                exchange.answer(401)
            }
        }
        let canvass = try await newPlace().open()
        try await canvass.join(invitation: invitation(to: server.address))
        let hanging = Task { try await canvass.sync() }
        try await eventually { requests.current == 1 }
        let queued = Task { try await canvass.sync() }
        queued.cancel()
        hanging.cancel()
        for task in [queued, hanging] {
            let result = await task.result
            XCTAssertThrowsError(try result.get()) { XCTAssertTrue($0 is CancellationError) }
        }
        try await eventually { hungUp.current }
        let next = try await canvass.sync()
        XCTAssertEqual(next.outcome, .notEnrolled)
    }

    func testAnAppMayBringItsOwnTransport() async throws {
        let transport = RecordingTransport()
        let canvass = try await newPlace().open(transport: transport)
        try await canvass.join(
            invitation: invitation(to: "https://campaign.example/canvass"))
        let report = try await canvass.sync()
        XCTAssertEqual(report.outcome, .notEnrolled)
        let url = try XCTUnwrap(transport.asked.current.first)
        XCTAssertTrue(url.hasPrefix("https://campaign.example/canvass/"))
    }
}

private struct RecordingTransport: SyncTransport {
    let asked = Shared<[String]>([])

    func send(_ request: SyncRequest) async throws -> SyncReply {
        asked.change { $0.append(request.url) }
        return SyncReply(status: 401, retryAfterS: nil, body: Data())
    }
}
