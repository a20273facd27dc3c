import CanvassCoreTesting
import CanvassTestSupport
import XCTest

@testable import CanvassCore

final class ObservationTests: EngineTestCase {
    func testAListenerHearsOfEachCommitUntilItIsCancelled() throws {
        let engine = try newPlace().openEngine()
        let told = Shared<[UInt64]>([])
        let subscription = try engine.subscribe(
            listener: Listener { notice in told.change { $0.append(notice.revision) } })
        try engine.join(invitation: invitation(1))
        try engine.join(invitation: invitation(2))
        subscription.cancel()
        subscription.cancel()
        try engine.join(invitation: invitation(3))
        XCTAssertEqual(told.current, [1, 2])
    }

    func testAListenerMayCallBackIntoTheEngine() throws {
        let engine = try newPlace().openEngine()
        let read = Shared<[Bool]>([])
        let subscription = try engine.subscribe(
            listener: Listener { [unowned engine] _ in
                let status = try engine.syncStatus()
                read.change { $0.append(status.hasServer) }
            })
        try engine.join(invitation: invitation(1))
        XCTAssertEqual(read.current, [true])
        subscription.cancel()
    }

    func testAListenerThatIsLetGoOfOrWhoseEngineIsClosedHearsNothingMore() throws {
        let engine = try newPlace().openEngine()
        let told = Shared(0)
        let count = Listener { _ in told.change { $0 += 1 } }
        _ = try engine.subscribe(listener: count)
        try engine.join(invitation: invitation(1))
        XCTAssertEqual(told.current, 0)
        let kept = try engine.subscribe(listener: count)
        engine.shutDown()
        XCTAssertThrowsError(try engine.join(invitation: invitation(2)))
        XCTAssertEqual(told.current, 0)
        kept.cancel()
    }

    func testTenThousandSubscriptionsComeAndGo() throws {
        let engine = try newPlace().openEngine()
        let told = Shared(0)
        for _ in 0..<10_000 {
            _ = try engine.subscribe(listener: Listener { _ in told.change { $0 += 1 } })
        }
        try engine.join(invitation: invitation(1))
        XCTAssertEqual(told.current, 0)
    }

    func testALoopGivesWhatIsThereThenWhatItBecomes() async throws {
        let canvass = try await newPlace().open()
        try await canvass.join(invitation: invitation(1))
        let seen = Shared<[SyncStatus]>([])
        let loop = Task {
            for try await status in canvass.observeSyncStatus() {
                seen.change { $0.append(status) }
            }
        }
        try await eventually { seen.current.count == 1 }
        let server = try LocalServer { $0.answer(500) }
        try await canvass.join(invitation: invitation(to: server.address))
        _ = try await canvass.sync()
        try await eventually { seen.current.last?.nextTry != nil }
        loop.cancel()
        try await loop.value
        let statuses = seen.current
        XCTAssertNil(statuses.first?.nextTry)
        for (before, after) in zip(statuses, statuses.dropFirst()) {
            XCTAssertNotEqual(before, after, "equal values are given once")
        }
    }

    func testALoopReadsOnceForAllCommitsThatCameWhileItWasBusy() async throws {
        let canvass = try await newPlace().open()
        try await canvass.join(invitation: invitation(0))
        let reads = Shared(0)
        let observed = Observed(
            canvass.call, concerns: { _ in true },
            read: { _ in
                reads.change {
                    $0 += 1; return $0
                }
            })
        var loop = observed.makeAsyncIterator()
        _ = try await loop.next()
        for number in 1...50 {
            try await canvass.join(invitation: invitation(number))
        }
        let second = try await loop.next()
        XCTAssertEqual(second, 2)
        XCTAssertEqual(reads.current, 2)
    }

    func testNoCommitFallsBetweenListeningAndTheFirstRead() async throws {
        for round in 0..<100 {
            let canvass = try await newPlace().open()
            async let joined: Void = canvass.join(invitation: invitation(round))
            async let seen = Self.hasServer(canvass)
            try await joined
            let isSeen = try await seen
            XCTAssertTrue(isSeen)
        }
    }

    private static func hasServer(_ canvass: Canvass) async throws -> Bool {
        // A status without a campaign is an error, so it is read as "not yet".
        let observed = Observed(
            canvass.call, concerns: { _ in true },
            read: { (try? $0.syncStatus())?.hasServer ?? false })
        for try await hasServer in observed where hasServer {
            return true
        }
        return false
    }

    func testALoopFailsAsItsReadDoesAndEndsWhenTheEngineIsClosed() async throws {
        let canvass = try await newPlace().open()
        let error = await failure {
            for try await _ in canvass.observeSyncStatus() {}
        }
        XCTAssertEqual(error, .NoCampaign)
        let values = Shared(0)
        let ended = Task {
            for try await _ in canvass.observeWalkLists() {
                values.change { $0 += 1 }
            }
        }
        try await eventually { values.current == 1 }
        canvass.close()
        try await ended.value
        XCTAssertEqual(values.current, 1)
    }

    func testAThousandLoopsComeAndGo() async throws {
        let canvass = try await newPlace().open()
        for _ in 0..<1_000 {
            for try await _ in canvass.observeWalkLists() {
                break
            }
        }
    }
}
