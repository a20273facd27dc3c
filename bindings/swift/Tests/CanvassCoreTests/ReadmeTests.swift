import XCTest

@testable import CanvassCore

final class ReadmeTests: EngineTestCase {
    func testTheExampleOfTheReadmeKnocksOnADoorAndTheCampaignHearsOfIt() async throws {
        let place = newPlace()
        let server = try CampaignServer(
            data: place.root.appendingPathComponent("server"), testSeed: 7,
            testClockMs: Int64(morning.timeIntervalSince1970 * 1_000))
        var replay = Replay(folder: place.root, server: server)
        let steps = try XCTUnwrap(scenario("offline_day")["steps"]).list
        for step in steps.prefix(while: { $0["operator"] != nil }) {
            try await replay.step(step)
        }
        let report = try await firstKnock(
            directory: place.config.directory, keys: place.vault,
            invitation: server.address + replay.kept("ash"))
        XCTAssertEqual(report.outcome, .complete)
        XCTAssertEqual(report.sent, 1)
        let export = try "/v1/campaigns/\(replay.kept("campaign"))/export/csv"
        let results = try await server.operate("GET", export, Data())
        XCTAssertTrue(String(decoding: results, as: UTF8.self).contains("not_home"))
    }
}
