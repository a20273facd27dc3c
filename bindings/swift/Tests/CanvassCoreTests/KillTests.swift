import CanvassCoreTesting
import CanvassTestSupport
import Foundation
import XCTest

@testable import CanvassCore

/// Processes killed in the middle of their work, with no chance to put anything right.
/// `CANVASS_KILLS` says how often; 20 times if it is not set.
final class KillTests: EngineTestCase {
    /// So many kills to a phone, and to its campaign: with all of them in one, rounds grow slow.
    private let killsPerPlace = 50
    private lazy var place = newPlace()
    private let kills = ProcessInfo.processInfo.environment["CANVASS_KILLS"].flatMap(Int.init) ?? 20
    private var chance = Chance(state: 1)
    private var saved: Set<String> = []
    private var received: Set<String> = []

    func testAProcessKilledWhileItRecordsLosesNothingItCalledSaved() async throws {
        try await forEachPlace { kills in
            var canvass = try await openToBeKilled()
            let about = NewCampaign(name: "Ward 3", canvasser: "Ash")
            let list = try await canvass.createCampaign(about: about)
            try await canvass.importFile(
                path: fixture("offline_day/doors.csv").path,
                options: ImportOptions(profile: nil, source: nil, dryRun: false))
            canvass.close()
            for round in 1...kills {
                try startAndKill("record")
                canvass = try await openToBeKilled()
                let file = try await canvass.export(list: list, format: .csv)
                try checkSaved(ids(file.bytes), round)
                canvass.close()
            }
        }
    }

    func testAProcessKilledInMidSyncLosesNothingAndNothingArrivesTwice() async throws {
        try await forEachPlace { kills in
            let server = try CampaignServer(
                data: place.root.appendingPathComponent("server"), testSeed: 7,
                testClockMs: Int64(morning.timeIntervalSince1970 * 1_000))
            let campaign = try await Operator.openedCampaign(of: "offline_day", on: server)
            let export = try campaign.path("/export/csv")
            var canvass = try await openToBeKilled()
            try await canvass.join(invitation: campaign.link("ash"))
            var report = try await canvass.sync()
            XCTAssertEqual(report.outcome, .complete)
            canvass.close()
            for round in 1...kills {
                try startAndKill("sync")
                let there = try ids(await server.operate("GET", export, Data()))
                XCTAssertEqual(received.subtracting(there), [], "kill \(round): received, and lost")
            }
            canvass = try await openToBeKilled()
            report = try await canvass.sync()
            XCTAssertEqual(report.outcome, .complete)
            try checkSaved(ids(await server.operate("GET", export, Data())), kills)
            canvass.close()
        }
    }

    private func forEachPlace(_ work: (_ kills: Int) async throws -> Void) async throws {
        for first in stride(from: 0, to: kills, by: killsPerPlace) {
            (saved, received) = ([], [])
            place = newPlace()
            try await work(min(killsPerPlace, kills - first))
        }
    }

    /// In a process of its own: records without end, and says each id once the call has
    /// returned; when told to, it syncs after every few changes, and says what the campaign has
    /// received.
    func testInAProcessOfItsOwn() async throws {
        let told = ProcessInfo.processInfo.environment
        guard let directory = told["CANVASS_KILL_DIRECTORY"] else {
            throw XCTSkip("it runs in a process of its own, to be killed")
        }
        let canvass = try await open(in: URL(fileURLWithPath: directory))
        let lists = try await canvass.walkLists()
        let list = try XCTUnwrap(lists.first).list
        let doors = try await canvass.doors(list: list).doors
        var unsaid: [ChangeId] = []
        while true {
            for door in doors {
                let knock = AttemptInput(
                    list: list, household: door.household, door: .notHome, people: [],
                    corrects: nil)
                let change = try await canvass.recordAttempt(input: knock).change
                say("saved \(change)")
                unsaid.append(change)
                guard told["CANVASS_KILL_WORK"] == "sync", unsaid.count == 4 else { continue }
                let report = try await canvass.sync()
                let status = try await canvass.syncStatus()
                guard report.outcome == .complete, status.onThisPhone == 0 else { exit(1) }
                unsaid.forEach { say("received \($0)") }
                unsaid = []
            }
        }
    }

    private func say(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }

    private func openToBeKilled() async throws -> Canvass {
        try await open(in: place.root)
    }

    /// The engine of a phone whose process is killed: its ids are by chance, so that none comes
    /// twice.
    private func open(in root: URL) async throws -> Canvass {
        try await Canvass.open(
            config: EngineConfig(directory: root.appendingPathComponent("engine").path),
            vault: FileKeyVault(directory: root.appendingPathComponent("keys")),
            clock: TestClock(start: morning))
    }

    /// All that was called saved is there, and at most one more for each kill.
    private func checkSaved(_ there: Set<String>, _ kills: Int) {
        XCTAssertEqual(saved.subtracting(there), [], "after \(kills) kills: lost")
        XCTAssertLessThanOrEqual(there.count, saved.count + kills)
    }

    /// The ids of a file of changes, each of which stands there once.
    private func ids(_ csv: Data) throws -> Set<String> {
        let rows = String(decoding: csv, as: UTF8.self).split(separator: "\n").dropFirst()
        let ids = rows.map { String($0.prefix { $0 != "," }) }
        XCTAssertEqual(ids.count, Set(ids).count, "a change stands twice")
        return Set(ids)
    }

    /// Starts this test binary on `testInAProcessOfItsOwn`, hears some of what it says, kills it
    /// within a moment.
    private func startAndKill(_ work: String) throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = ["CanvassCoreTests.KillTests/testInAProcessOfItsOwn"]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "CANVASS_KILL_DIRECTORY": place.root.path, "CANVASS_KILL_WORK": work,
        ]) { $1 }
        process.standardOutput = output
        try process.run()
        let wanted = 1 + chance.below(40)
        var heard = 0
        var text = Data()
        var isKilled = false
        // What it says, up to its last word: also what it still managed to say.
        while true {
            let some = output.fileHandleForReading.availableData
            if some.isEmpty { break }
            text.append(some)
            while let end = text.firstIndex(of: UInt8(ascii: "\n")) {
                heard += note(String(decoding: text[text.startIndex..<end], as: UTF8.self))
                text = Data(text[text.index(after: end)...])
            }
            if heard >= wanted, !isKilled {
                usleep(UInt32(chance.below(12_000)))
                kill(process.processIdentifier, SIGKILL)
                isKilled = true
            }
        }
        process.waitUntilExit()
        XCTAssertTrue(isKilled, "the process ended by itself")
    }

    /// Notes a line; how many of them it was. What the test runner says is none.
    private func note(_ line: String) -> Int {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 2, words[1].split(separator: ".").count == 3 else { return 0 }
        switch words[0] {
        case "saved": saved.insert(words[1])
        case "received": received.insert(words[1])
        default: return 0
        }
        return 1
    }
}

/// Numbers that look like chance, and follow from the first (xorshift).
private struct Chance {
    var state: UInt64

    mutating func below(_ bound: UInt64) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % bound)
    }
}
