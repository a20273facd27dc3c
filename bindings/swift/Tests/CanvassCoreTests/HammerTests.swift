import CanvassTestSupport
import Foundation
import XCTest

@testable import CanvassCore

/// One engine under eight threads that write, read, observe and undo at once.
/// `CANVASS_HAMMER_SECONDS` says for how long; 10 seconds if it is not set.
final class HammerTests: EngineTestCase {
    private static let threads = 8
    /// Waiting longer than this for a call is a deadlock.
    private static let patienceSeconds = 120.0
    private let seconds =
        ProcessInfo.processInfo.environment["CANVASS_HAMMER_SECONDS"].flatMap(Double.init) ?? 10

    func testEightThreadsLoseNoWriteAndNoneWaitsForEver() async throws {
        let canvass = try await newPlace().open()
        let list = try await canvass.createCampaign(
            about: NewCampaign(name: "Ward 3", canvasser: "Ash"))
        try await canvass.importFile(
            path: fixture("offline_day/doors.csv").path,
            options: ImportOptions(profile: nil, source: nil, dryRun: false))
        let doors = try await canvass.doors(list: list).doors.map(\.household)
        let engine = canvass.call.engine

        let saved = Shared<Set<ChangeId>>([])
        let (told, commits) = (Shared(0), Shared(0))
        let failures = Shared<[String]>([])
        let working = Shared(Self.threads)
        let subscription = try engine.subscribe(
            listener: Listener { _ in told.change { $0 += 1 } })
        let end = Date().addingTimeInterval(seconds)
        for number in 0..<Self.threads {
            Thread.detachNewThread {
                do {
                    try Self.work(engine, list, doors, number, until: end, saved, commits)
                } catch {
                    failures.change { $0.append("\(error)") }
                }
                working.change { $0 -= 1 }
            }
        }
        try await allEnd(working, by: end.addingTimeInterval(Self.patienceSeconds))
        subscription.cancel()

        XCTAssertEqual(failures.current, [])
        let file = try await canvass.export(list: list, format: .csv)
        let rows = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").dropFirst()
        let there = rows.map { String($0.prefix { $0 != "," }) }
        XCTAssertEqual(there.count, Set(there).count, "a change stands twice")
        XCTAssertEqual(saved.current.subtracting(there), [], "lost")
        XCTAssertEqual(told.current, commits.current, "one notice for each commit")
        print("hammered: \(saved.current.count) writes in \(Int(seconds)) s")
    }

    /// Knocks, notes, slips taken back, and every view in between.
    private static func work(
        _ engine: CanvassEngine, _ list: ListId, _ doors: [HouseholdId], _ number: Int,
        until end: Date, _ saved: Shared<Set<ChangeId>>, _ commits: Shared<Int>
    ) throws {
        var turn = number
        while Date() < end {
            let door = doors[turn % doors.count]
            turn += 1
            switch turn % 4 {
            case 0:
                let note = try engine.recordNote(list: list, household: door, text: "\(turn)")
                saved.change { _ = $0.insert(note.change) }
                commits.change { $0 += 1 }
            case 1:
                let knock = try engine.recordResult(
                    input: ResultInput(
                        list: list, household: door, person: nil, result: .notHome))
                saved.change { _ = $0.insert(knock.change) }
                let undone = try engine.undo(list: list, household: door, change: knock.change)
                saved.change { _ = $0.insert(undone.change) }
                commits.change { $0 += 2 }
            case 2:
                let many = try engine.recordResults(
                    list: list, households: Array(Set([door, doors[number]])), result: .notHome)
                saved.change { $0.formUnion(many.map(\.attempt)) }
                commits.change { $0 += 1 }
            default:
                _ = try engine.walkList(list: list, here: nil)
                _ = try engine.household(list: list, household: door)
                _ = try engine.syncStatus()
                _ = try engine.subscribe(listener: Listener { _ in })
            }
        }
    }

    private func allEnd(_ working: Shared<Int>, by deadline: Date) async throws {
        while working.current > 0 {
            guard Date() < deadline else { throw Unexpected("\(working.current) threads wait") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
