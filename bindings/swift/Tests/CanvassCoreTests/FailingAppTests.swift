import CanvassCoreTesting
import CanvassTestSupport
import Foundation
import XCTest

@testable import CanvassCore

/// The app's own code, and the ground it stands on, fail at any moment.
final class FailingAppTests: EngineTestCase {
    func testAKeyStoreThatFailsAtAnyCallIsTypedAndNothingIsLost() async throws {
        var most = 0
        for failing in 0..<40 {
            let place = newPlace()
            let vault = FailsOnce(place.vault, at: failing)
            do {
                try await beginAndComeBack(place, vault)
            } catch {
                XCTAssertEqual(error as? CanvassError, .Internal(code: "key_vault"), "\(failing)")
            }
            most = max(most, vault.calls.current)
            // Whatever it had come to, the next start goes on from there.
            try await goesOn(place)
            if failing > most { break }
        }
        XCTAssertGreaterThan(most, 3, "it was called, and failed, in the middle")
    }

    /// Keys are wrapped, and unwrapped by the next start.
    private func beginAndComeBack(_ place: Place, _ vault: KeyVault) async throws {
        let first = try await place.open(vault: vault)
        defer { first.close() }
        let list = try await first.createCampaign(
            about: NewCampaign(name: "Ward 3", canvasser: "Ash"))
        first.close()
        let again = try await place.open(vault: vault)
        defer { again.close() }
        _ = try await again.walkList(list: list)
    }

    private func goesOn(_ place: Place) async throws {
        let canvass = try await place.open()
        do {
            _ = try await canvass.createCampaign(
                about: NewCampaign(name: "Ward 3", canvasser: "Ash"))
        } catch CanvassError.AlreadyInCampaign {
            // It had come that far.
        }
        let lists = try await canvass.walkLists()
        XCTAssertEqual(lists.count, 1)
        canvass.close()
    }

    func testAClockThatFailsInTheMiddleOfTheDayStopsNoKnock() async throws {
        let clock = FailsSometimes()
        let canvass = try await newPlace().open(clock: clock)
        let list = try await canvass.createCampaign(
            about: NewCampaign(name: "Ward 3", canvasser: "Ash"))
        try await canvass.importFile(
            path: fixture("offline_day/doors.csv").path,
            options: ImportOptions(profile: nil, source: nil, dryRun: false))
        let doors = try await canvass.doors(list: list).doors
        clock.isFailing.change { $0 = true }
        var saved: Set<ChangeId> = []
        for door in doors {
            let knock = try await canvass.recordResult(
                input: ResultInput(
                    list: list, household: door.household, person: nil, result: .notHome))
            saved.insert(knock.change)
        }
        clock.isFailing.change { $0 = false }
        let file = try await canvass.export(list: list, format: .csv)
        let text = String(decoding: file.bytes, as: UTF8.self)
        XCTAssertEqual(saved.count, doors.count)
        XCTAssertTrue(saved.allSatisfy { text.contains("\($0),") })
    }

    func testANetworkThatNeverAnswersIsGivenUpAndNothingIsLost() async throws {
        let canvass = try await newPlace().open(transport: NeverAnswers())
        try await canvass.join(invitation: invitation(1))
        let report = try await canvass.sync()
        XCTAssertEqual(report.outcome, .offline)
        XCTAssertNotNil(report.retryAt)
        let status = try await canvass.syncStatus()
        XCTAssertTrue(status.hasServer)
    }

    func testADirectoryThatCannotBeWrittenIsTypedAndTheAppGoesOn() async throws {
        // Even root cannot make a folder there.
        for path in ["/proc/canvass", "/proc/self/canvass"] {
            let error = await failure {
                try await Canvass.open(
                    config: EngineConfig(directory: path), vault: self.newPlace().vault)
            }
            XCTAssertEqual(error, .StorageForbidden(file: .directory), path)
        }
        let file = newPlace().root
        try Data("mine".utf8).write(to: file)
        let error = await failure {
            try await Canvass.open(
                config: EngineConfig(directory: file.path), vault: self.newPlace().vault)
        }
        XCTAssertEqual(error, .Internal(code: "device"), "a file where the folder should be")
        XCTAssertEqual(try Data(contentsOf: file), Data("mine".utf8))
        try await newPlace().open().close()
    }
}

private struct Defect: Error {}

/// A key store that fails at one of its calls, with an error that it did not declare.
private final class FailsOnce: KeyVault {
    let calls = Shared(0)
    private let vault: FileKeyVault
    private let failing: Int

    init(_ vault: FileKeyVault, at failing: Int) {
        self.vault = vault
        self.failing = failing
    }

    func wrap(alias: String, key: Data) throws -> Data {
        try step()
        return try vault.wrap(alias: alias, key: key)
    }

    func unwrap(alias: String, wrapped: Data) throws -> Data {
        try step()
        return try vault.unwrap(alias: alias, wrapped: wrapped)
    }

    func delete(alias: String) throws {
        try step()
        try vault.delete(alias: alias)
    }

    private func step() throws {
        let call = calls.change { calls in
            defer { calls += 1 }
            return calls
        }
        if call == failing { throw Defect() }
    }
}

/// A clock that stands still, and fails when it is told to.
private final class FailsSometimes: Clock {
    let isFailing = Shared(false)
    private let clock = TestClock(start: morning)

    func wallMs() throws -> Int64 {
        try answer { clock.wallMs() }
    }

    func bootId() throws -> String {
        try answer { clock.bootId() }
    }

    func sinceBootMs() throws -> UInt64 {
        try answer { clock.sinceBootMs() }
    }

    private func answer<T>(_ value: () -> T) throws -> T {
        if isFailing.current { throw Defect() }
        return value()
    }
}

/// A network that swallows requests, until the timeout that the request names.
private struct NeverAnswers: SyncTransport {
    func send(_ request: SyncRequest) async throws -> SyncReply {
        XCTAssertGreaterThan(request.timeoutMs, 0)
        // The time itself is not waited for: the transport's own tests do.
        throw URLError(.timedOut)
    }
}
