import CanvassCoreTesting
import CanvassTestSupport
import Foundation
import XCTest

@testable import CanvassCore

/// A real backend with a campaign of one list.
struct SmallCampaign {
    let server: CampaignServer
    let path: String
    /// Of all phones.
    let clock: TestClock

    /// An operator's request below the campaign.
    @discardableResult
    func operate(_ method: String, _ below: String, _ body: String = "") async throws -> String {
        let answer = try await server.operate(method, path + below, Data(body.utf8))
        return String(decoding: answer, as: UTF8.self)
    }
}

/// Tests with two phones that hold the list of a campaign.
class TwoPhonesTestCase: EngineTestCase {
    func withPhones(
        _ work: (SmallCampaign, _ ash: Canvass, _ birch: Canvass) async throws -> Void
    ) async throws {
        let root = newPlace().root
        let server = try CampaignServer(
            data: root.appendingPathComponent("server"), testSeed: 7,
            testClockMs: Int64(morning.timeIntervalSince1970 * 1_000))
        let opened = try await Operator.openedCampaign(of: "phone_to_phone", on: server)
        let clock = TestClock(start: morning)
        var phones: [Canvass] = []
        for name in ["ash", "birch"] {
            let phone = try await newPlace().open(clock: clock, seed: nil)
            try await phone.join(invitation: opened.link(name))
            let report = try await phone.sync()
            XCTAssertEqual(report.outcome, .complete)
            phones.append(phone)
        }
        let campaign = try SmallCampaign(server: server, path: opened.path(""), clock: clock)
        try await work(campaign, phones[0], phones[1])
    }

    /// The first door of the only list.
    func firstDoor(of canvass: Canvass) async throws -> (ListId, HouseholdId) {
        let lists = try await canvass.walkLists()
        let list = try XCTUnwrap(lists.first).list
        let page = try await canvass.doors(list: list)
        return (list, try XCTUnwrap(page.doors.first).household)
    }

    /// Nobody is home at the first door.
    @discardableResult
    func knock(_ canvass: Canvass) async throws -> Saved {
        let (list, door) = try await firstDoor(of: canvass)
        return try await canvass.recordAttempt(
            input: AttemptInput(
                list: list, household: door, door: .notHome, people: [], corrects: nil))
    }
}
