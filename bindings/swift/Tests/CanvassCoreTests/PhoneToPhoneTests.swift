import CanvassCoreTesting
import CanvassTestSupport
import XCTest

@testable import CanvassCore

/// Work that goes from phone to phone; the scenario `phone_to_phone` has the whole way.
final class PhoneToPhoneTests: TwoPhonesTestCase {
    func testABundleIsTakenOnceAndOverQrCodesInAnyOrder() async throws {
        try await withPhones { _, ash, birch in
            try await knock(ash)
            let bundle = try await ash.makeBundle(summary: birch.peerSummary())
            let frames = try await ash.qrFrames(bytes: bundle, frameBytes: 100)
            let collector = FrameCollector()
            XCTAssertEqual(collector.progress(), FrameProgress(there: 0, of: 0))
            XCTAssertNil(try collector.take(text: XCTUnwrap(frames.last)))
            let wrong = await failure { try collector.take(text: "hello") }
            XCTAssertEqual(wrong, .InvalidInput(code: "not_a_frame", question: ""))
            let some = FrameProgress(there: 1, of: UInt32(frames.count))
            XCTAssertEqual(collector.progress(), some)
            var report = try await birch.applyBundle(bundle: scanned(frames.reversed()))
            XCTAssertEqual(report, BundleReport(changes: 1, shown: 1, known: 0, refused: 0))
            report = try await birch.applyBundle(bundle: bundle)
            XCTAssertEqual(report, BundleReport(changes: 0, shown: 0, known: 1, refused: 0))
            let told = try await birch.bundleSentence(report)
            XCTAssertEqual(told, "Everything in it was here already.")
            let synced = try await birch.syncSentence(birch.sync())
            XCTAssertEqual(
                synced, "Everything is exchanged with the campaign. 1 change of others came.")
        }
    }

    func testEachRecordTellsWhereItIsSafe() async throws {
        try await withPhones { _, ash, birch in
            try await knock(ash)
            let (list, door) = try await firstDoor(of: ash)
            var view = try await ash.household(list: list, household: door)
            XCTAssertEqual(view.attempts.map(\.saved), [.onThisPhone])
            let there = try await ash.makeBundle(summary: birch.peerSummary())
            _ = try await birch.applyBundle(bundle: there)
            let back = try await birch.makeBundle(summary: ash.peerSummary())
            _ = try await ash.applyBundle(bundle: back)
            view = try await ash.household(list: list, household: door)
            XCTAssertEqual(view.attempts.map(\.saved), [.onAnotherPhone])
            let status = try await ash.syncStatus()
            XCTAssertEqual(status.onAnotherPhone, 1)
            XCTAssertEqual(status.sentence, "1 change is saved, and on another phone as well.")
        }
    }

    func testNothingIsSetAsideAndAskingAgainIsNoHarm() async throws {
        try await withPhones { _, ash, _ in
            try await ash.retrySetAside()
            let report = try await ash.sync()
            XCTAssertEqual(report.outcome, .complete)
            let setAside = try await ash.setAside()
            XCTAssertEqual(setAside, [])
        }
    }

    func testBytesThatAreNoBundleAreRefused() async throws {
        try await withPhones { _, ash, birch in
            try await knock(ash)
            let bundle = try await ash.makeBundle(summary: birch.peerSummary())
            for bytes in [Data(), bundle.prefix(bundle.count / 2)] {
                let refused = await failure { try await birch.applyBundle(bundle: bytes) }
                XCTAssertEqual(refused, .InvalidInput(code: "bad_bundle", question: ""))
            }
        }
    }

    func testUnsentWorkLiesSealedBesideTheDatabase() async throws {
        try await withPhones { _, ash, _ in
            let (list, door) = try await firstDoor(of: ash)
            try await ash.recordNote(list: list, household: door, text: "Ring twice")
            let sealed = try await Data(contentsOf: URL(fileURLWithPath: ash.sealedCopy()))
            XCTAssertFalse(sealed.isEmpty)
            XCTAssertNil(sealed.range(of: Data("Ring twice".utf8)))
        }
    }
}
