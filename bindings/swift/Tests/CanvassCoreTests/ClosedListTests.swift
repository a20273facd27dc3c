import XCTest

@testable import CanvassCore

/// Lists that may not be read any more.
final class ClosedListTests: TwoPhonesTestCase {
    func testAWithdrawnListIsClosedAndWhatWasUnsentOfItStillLeaves() async throws {
        try await withPhones { campaign, ash, _ in
            let saved = try await knock(ash)
            let (list, door) = try await firstDoor(of: ash)
            try await campaign.operate("POST", "/lists/1/withdraw")
            let report = try await ash.sync()
            XCTAssertEqual(report.outcome, .complete)
            let closed = await failure { try await ash.household(list: list, household: door) }
            XCTAssertEqual(closed, .ListClosed(why: .withdrawn))
            let lists = try await ash.walkLists()
            XCTAssertEqual(lists, [])
            let export = try await campaign.operate("GET", "/export/csv")
            XCTAssertTrue(export.contains(saved.change))
        }
    }

    func testAListSaysUntilWhenItCanBeReadAndIsClosedAfterIt() async throws {
        try await withPhones { campaign, ash, _ in
            let saved = try await knock(ash)
            let (list, door) = try await firstDoor(of: ash)
            let lists = try await ash.walkLists()
            let until = try XCTUnwrap(lists.first?.readableUntil)
            XCTAssertGreaterThan(until, morning)
            campaign.clock.advance(to: until.addingTimeInterval(60))
            let closed = await failure { try await ash.household(list: list, household: door) }
            XCTAssertEqual(closed, .ListClosed(why: .expired))
            let report = try await ash.sync()
            XCTAssertEqual(report.outcome, .complete)
            let export = try await campaign.operate("GET", "/export/csv")
            XCTAssertTrue(export.contains(saved.change))
        }
    }
}
