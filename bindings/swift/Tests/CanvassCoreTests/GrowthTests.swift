import CanvassTestSupport
import Foundation
import XCTest

@testable import CanvassCore

/// What comes and goes often leaves nothing behind.
final class GrowthTests: EngineTestCase {
    private static let times = 10_000
    /// A listener, its subscription and what the engine keeps of both are some hundred bytes:
    /// were each kept, it would be megabytes, and with a stream and a task tens of them.
    private static let mostGrowth = 6 << 20

    func testSubscriptionsComeAndGoWithoutGrowth() throws {
        let engine = try newPlace().openEngine()
        let come = {
            for _ in 0..<Self.times {
                let subscription = try engine.subscribe(listener: Heavy())
                subscription.cancel()
            }
        }
        try assertNoGrowth(come)
    }

    func testLoopsComeAndGoWithoutGrowth() async throws {
        let canvass = try await newPlace().open()
        func come() async throws {
            for _ in 0..<Self.times {
                for try await _ in canvass.observeWalkLists() { break }
            }
        }
        try await come()
        let before = try residentBytes()
        try await come()
        let growth = try residentBytes() - before
        XCTAssertLessThan(growth, Self.mostGrowth)
        XCTAssertEqual(Heavy.alive.current, 0)
    }

    /// The first round fills caches; the second must not grow.
    private func assertNoGrowth(_ work: () throws -> Void) throws {
        try work()
        let before = try residentBytes()
        try work()
        let growth = try residentBytes() - before
        XCTAssertLessThan(growth, Self.mostGrowth)
        XCTAssertEqual(Heavy.alive.current, 0, "a listener is still held")
    }

    /// As the system counts it; skipped where it tells it in another way.
    private func residentBytes() throws -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
            throw XCTSkip("there is no /proc/self/statm")
        }
        let fields = text.split(separator: " ")
        let pages = try XCTUnwrap(Int(fields[1]))
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}

/// A listener that would be missed: it holds a kilobyte, and is counted.
private final class Heavy: ChangeListener {
    static let alive = Shared(0)
    private let bytes = [UInt8](repeating: 1, count: 1_024)

    init() {
        Self.alive.change { $0 += 1 }
    }

    deinit {
        Self.alive.change { $0 -= 1 }
    }

    func changed(notice: ChangeNotice) {}
}
