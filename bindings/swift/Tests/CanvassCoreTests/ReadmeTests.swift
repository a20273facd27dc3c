import CanvassTestSupport
import XCTest

@testable import CanvassCore

final class ReadmeTests: EngineTestCase {
    func testTheExampleOfTheReadmeKnocksOnADoorAndTheCampaignHearsOfIt() async throws {
        let place = newPlace()
        let server = try CampaignServer(
            data: place.root.appendingPathComponent("server"), testSeed: 7,
            testClockMs: Int64(morning.timeIntervalSince1970 * 1_000))
        let campaign = try await Operator.openedCampaign(of: "offline_day", on: server)
        let report = try await firstKnock(
            directory: place.config.directory, keys: place.vault,
            invitation: campaign.link("ash"))
        XCTAssertEqual(report.outcome, .complete)
        XCTAssertEqual(report.sent, 1)
        let results = try await campaign.changes()
        XCTAssertTrue(results.contains("not_home"))
    }
}
