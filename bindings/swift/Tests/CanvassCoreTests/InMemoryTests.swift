import CanvassCoreTesting
import XCTest

@testable import CanvassCore

/// What an app's own tests stand on.
final class InMemoryTests: TwoPhonesTestCase {
    private func left() throws -> Set<String> {
        let folder = FileManager.default.temporaryDirectory.path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return Set(names.filter { $0.hasPrefix("canvass-test-") })
    }

    func testAnAppsTestNeedsFiveLinesAndLeavesNoFile() async throws {
        let before = try left()
        let canvass = try await Canvass.inMemory(seed: 7)
        let (list, door) = try await oneDoor(canvass)
        try await canvass.recordAttempt(
            input: AttemptInput(
                list: list, household: door, door: .notHome, people: [], corrects: nil))
        let progress = try await canvass.progress(list: list)
        XCTAssertEqual(progress.done, 1)
        XCTAssertEqual(try left().subtracting(before).count, 1)
        canvass.close()
        canvass.close()
        XCTAssertEqual(try left(), before)
    }

    func testTheSameSeedAndCallsGiveTheSameIds() async throws {
        func day(_ seed: UInt64) async throws -> [String] {
            let canvass = try await Canvass.inMemory(seed: seed)
            defer { canvass.close() }
            let (list, door) = try await oneDoor(canvass)
            let note = try await canvass.recordNote(list: list, household: door, text: "x")
            return [list.uuidString, door.uuidString, note.change]
        }
        let first = try await day(1)
        let same = try await day(1)
        let other = try await day(2)
        XCTAssertEqual(first, same)
        XCTAssertNotEqual(first, other)
    }

    func testTheClockStandsUntilItIsMoved() async throws {
        let clock = TestClock(start: Canvass.testMorning)
        let canvass = try await Canvass.inMemory(seed: 1, clock: clock)
        defer { canvass.close() }
        let (list, door) = try await oneDoor(canvass)
        clock.advance(to: Canvass.testMorning.addingTimeInterval(300))
        try await canvass.recordNote(list: list, household: door, text: "x")
        let notes = try await canvass.household(list: list, household: door).notes
        XCTAssertEqual(notes.map(\.at), [Canvass.testMorning.addingTimeInterval(300)])
    }

    func testEachFaultOfANetworkIsWhatTheEngineMakesOfIt() async throws {
        let network = FakeNetwork(server: HttpSyncTransport(), silence: .milliseconds(1))
        let canvass = try await newPlace().open(transport: network)
        try await canvass.join(invitation: invitation(1))
        let expected: [(NetworkFault, SyncOutcome)] = [
            (.offline, .offline), (.silent, .offline), (.webPage, .offline),
            (.busy(retryAfterS: 60), .serverTrouble),
        ]
        for (fault, outcome) in expected {
            network.fault = fault
            let before = network.requests
            let report = try await canvass.sync()
            XCTAssertEqual(report.outcome, outcome, "\(fault)")
            XCTAssertGreaterThan(network.requests, before)
            let told = try await canvass.diagnostics()
            XCTAssertEqual(told.lastOutcome, outcome)
        }
    }

    func testWhateverANetworkDoesOnTheWayEveryChangeArrivesOnce() async throws {
        try await withPhones { campaign, ash, _ in
            let network = FakeNetwork(server: HttpSyncTransport(), silence: .milliseconds(1))
            let invited = try await campaign.operate(
                "POST", "/invitations", #"{"canvasser":"Cedar","lists":[1]}"#)
            let path = try XCTUnwrap(
                invited.components(separatedBy: "\"path\":\"").last?.split(separator: "\"").first)
            let clock = TestClock(start: morning)
            let canvass = try await newPlace().open(clock: clock, transport: network, seed: 9)
            try await canvass.join(invitation: campaign.server.address + path)
            var tries = 0
            func untilComplete() async throws {
                while try await canvass.sync().outcome != .complete, tries < 40 { tries += 1 }
            }
            try await untilComplete()
            let (list, door) = try await firstDoor(of: canvass)
            let faults: [NetworkFault] = [
                .lostReply, .halfBody, .webPage, .silent, .offline, .busy(retryAfterS: 1),
            ]
            for (number, fault) in faults.enumerated() {
                try await canvass.recordNote(list: list, household: door, text: "note \(number)")
                network.then(fault)
                try await untilComplete()
            }
            XCTAssertLessThan(tries, 40)
            _ = try await ash.sync()
            let (same, there) = try await firstDoor(of: ash)
            let notes = try await ash.household(list: same, household: there).notes.map(\.text)
            XCTAssertEqual(notes.sorted(), faults.indices.map { "note \($0)" })
            let (mine, theirs) = (
                try await canvass.stateDigest(list: list), try await ash.stateDigest(list: same)
            )
            XCTAssertEqual(mine, theirs)
        }
    }

    func testDiagnosticsTellHowItGoes() async throws {
        let canvass = try await Canvass.inMemory(seed: 3)
        defer { canvass.close() }
        let (list, door) = try await oneDoor(canvass)
        try await canvass.recordNote(list: list, household: door, text: "Noteworthy-gate-code")
        let refused = await failure {
            try await canvass.recordNote(list: list, household: door, text: "")
        }
        XCTAssertEqual(refused?.code, "empty_text")
        let told = try await canvass.diagnostics()
        XCTAssertEqual(told.onThisPhone, 1)
        XCTAssertEqual(told.lists.map(\.condition), [.ready])
        XCTAssertEqual(told.vault, .working)
        XCTAssertEqual(told.errors.map(\.code), ["empty_text"])
        XCTAssertTrue(told.json.contains("\"on_this_phone\":1"))
        let personal = ["Noteworthy", "Willow", "Ash", "Ward", list.uuidString.lowercased()]
        for word in personal {
            XCTAssertFalse("\(told)".contains(word), word)
        }
    }

    func testTheVaultInMemoryKeepsWhatItWrappedUntilTheAliasIsDeleted() throws {
        let vault = MemoryKeyVault()
        let wrapped = try vault.wrap(alias: "a", key: Data([1, 2]))
        XCTAssertEqual(try vault.unwrap(alias: "a", wrapped: wrapped), Data([1, 2]))
        try vault.delete(alias: "a")
        XCTAssertThrowsError(try vault.unwrap(alias: "a", wrapped: wrapped))
    }
}
