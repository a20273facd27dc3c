import CanvassTestSupport
import XCTest

/// The days of work that Rust, Kotlin and Swift replay alike.
final class ScenarioTests: EngineTestCase {
    func testAnOfflineDayGivesItsDigestAndItsFiles() async throws {
        try await replay("offline_day")
    }

    func testWhatIsHandedFromPhoneToPhoneGivesOneDigestEverywhere() async throws {
        try await replay("phone_to_phone")
    }

    func testWhatTwoClaimUnheardOfEachOtherIsHeldByOneAndBothAreTold() async throws {
        try await replay("claims")
    }

    func testWhatPeopleWantAndWhenToComeBackIsTheSameEverywhere() async throws {
        try await replay("asks_and_follow_ups")
    }

    func testAConversationGoesOnWhereItWasLeftAndAFloorIsRecordedAsOne() async throws {
        try await replay("conversation")
    }

    func testAScriptChangesDuringTheShiftAndEveryAnswerKeepsItsVersion() async throws {
        try await replay("script_versions")
    }

    func testWhatIsSaidInTwoLanguagesIsTheSameEverywhere() async throws {
        try await replay("two_languages")
    }

    func testCallsAndTheirCodesAreTheSameEverywhere() async throws {
        try await replay("channels")
    }

    func testWhatIsInTheWayOfDoorsIsTheSameEverywhere() async throws {
        try await replay("access")
    }

    private func replay(_ name: String) async throws {
        let scenario = try scenario(name)
        let about = try XCTUnwrap(scenario["server"])
        let place = newPlace()
        let server = try CampaignServer(
            data: place.root.appendingPathComponent("server"),
            testSeed: UInt64(about.number("test_seed")),
            testClockMs: about.number("test_clock_ms"))
        var replay = Replay(folder: place.root, server: server)
        defer { replay.close() }
        for (number, step) in try XCTUnwrap(scenario["steps"]).list.enumerated() {
            do {
                try await replay.step(step)
            } catch {
                XCTFail("step \(number) \(step): \(error)")
                return
            }
        }
    }
}
