import CanvassCore
import CanvassSample
import CanvassTestSupport
import Foundation
import XCTest

/// The app as a whole: opening, links, and what is restored.
final class SessionTests: PhoneTestCase, @unchecked Sendable {
    @MainActor
    func testEveryScreenIsRestoredByIdsAlone() async throws {
        let session = Session(languages: ["en"]) { throw CanvassError.TryLater }
        let (list, door, person) = (UUID(), UUID(), UUID())
        let every: [Route] = [
            .walkList(list: list), .household(list: list, household: door),
            .survey(list: list, household: door, person: person),
            .addPerson(list: list, household: door), .join, .sync, .phoneToPhone, .settings,
        ]
        session.path = every
        let kept = try session.remembered()
        session.path = []
        session.restore(kept)
        XCTAssertEqual(session.path, every)
        var text = String(decoding: kept, as: UTF8.self)
        for id in [list, door, person] {
            text = text.replacingOccurrences(of: id.uuidString, with: "")
        }
        let words = ["walkList", "household", "survey", "addPerson", "join", "sync"]
        let more = ["phoneToPhone", "settings", "list", "person"]
        for word in words + more {
            text = text.replacingOccurrences(of: "\"\(word)\"", with: "")
        }
        XCTAssertNil(text.rangeOfCharacter(from: .alphanumerics), text)
    }

    @MainActor
    func testWhatCannotBeReadIsAsIfNothingHadBeenKept() async {
        let session = Session(languages: ["en"]) { throw CanvassError.TryLater }
        session.path = [.sync]
        session.restore(Data("{\"from a later version\":1}".utf8))
        XCTAssertEqual(session.path, [])
    }

    @MainActor
    func testALinkOpensTheJoinScreenWithItsTextOnce() async {
        let session = Session(languages: ["en"]) { throw CanvassError.TryLater }
        session.path = [.settings]
        session.follow(link: "https://campaign.example/j/00112233445566778899aabbccddeeff")
        XCTAssertEqual(session.path, [.join])
        XCTAssertEqual(
            session.takeInvitation(),
            "https://campaign.example/j/00112233445566778899aabbccddeeff")
        XCTAssertNil(session.takeInvitation())
    }

    @MainActor
    func testAPhoneThatIsNotUnlockedYetOpensTheNextTime() async throws {
        let isLocked = Shared(true)
        let session = Session(languages: ["es"]) {
            if isLocked.current { throw CanvassError.TryLater }
            return try await self.open("phone", seed: 7)
        }
        await session.open()
        guard case .failed(.TryLater) = session.phase else { return XCTFail("\(session.phase)") }
        isLocked.change { $0 = false }
        await session.open()
        let canvass = try XCTUnwrap(session.canvass)
        await session.open()
        XCTAssertTrue(session.canvass === canvass, "one engine")
        let results = try await canvass.offeredResults(channel: .door)
        XCTAssertTrue(results.contains { $0.name == "Nadie en casa" }, "in the phone's language")
    }
}
