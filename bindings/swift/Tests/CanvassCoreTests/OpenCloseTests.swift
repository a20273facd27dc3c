import CanvassCoreTesting
import CanvassTestSupport
import XCTest

@testable import CanvassCore

final class OpenCloseTests: EngineTestCase {
    func testADirectoryThatBelongsToNoCampaignSaysSo() async throws {
        let canvass = try await newPlace().open()
        let lists = try await canvass.walkLists()
        XCTAssertEqual(lists, [])
        let error = await failure { try await canvass.syncStatus() }
        XCTAssertEqual(error, .NoCampaign)
    }

    func testWhatWasJoinedIsThereAfterClosingAndOpeningAgain() async throws {
        let place = newPlace()
        let first = try await place.open()
        try await first.join(invitation: invitation(1))
        first.close()
        let again = try await place.open()
        let status = try await again.syncStatus()
        XCTAssertTrue(status.hasServer)
        XCTAssertFalse(status.enrolled)
    }

    func testClosingTwiceDoesNothingAndEveryLaterCallIsClosed() async throws {
        let canvass = try await newPlace().open()
        canvass.close()
        canvass.close()
        let errors = [
            await failure { try await canvass.walkLists() },
            await failure { try await canvass.join(invitation: invitation(1)) },
            await failure { try await canvass.sync() },
        ]
        XCTAssertEqual(errors, [.Closed, .Closed, .Closed])
        for try await _ in canvass.observeWalkLists() {
            XCTFail("a closed engine shows nothing")
        }
    }

    func testAnEngineThatIsLetGoOfIsClosed() async throws {
        let place = newPlace()
        _ = try await Canvass.open(config: place.config, vault: place.vault)
        // The task that opened it may hold it for a moment longer.
        for _ in 0..<100 {
            do {
                return try await place.open().close()
            } catch CanvassError.InUse {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        XCTFail("the directory is still in use")
    }

    func testADirectoryIsOpenOnce() async throws {
        let place = newPlace()
        let first = try await place.open()
        let error = await failure { try await place.open() }
        XCTAssertEqual(error, .InUse)
        first.close()
        try await place.open().close()
    }

    func testKeysThatAreGoneAreToldApartFromKeysThatDoNotFit() async throws {
        let place = newPlace()
        try await place.open().close()
        let elsewhere = FileKeyVault(directory: place.root.appendingPathComponent("other keys"))
        let lost = await failure { try await place.open(vault: elsewhere) }
        XCTAssertEqual(lost, .KeyLost(file: .main))
        let wrong = await failure { try await place.open(vault: OtherKeys(place.vault)) }
        XCTAssertEqual(wrong, .WrongKey(file: .main))
        try await place.open().close()
    }

    func testEightThreadsCallOneEngine() async throws {
        let canvass = try await newPlace().open()
        try await canvass.join(invitation: invitation(1))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<200 {
                        let lists = try await canvass.walkLists()
                        let status = try await canvass.syncStatus()
                        var observed = canvass.observeSyncStatus().makeAsyncIterator()
                        let same = try await observed.next() == status
                        guard lists.isEmpty, same else { return false }
                    }
                    return true
                }
            }
            for try await isRight in group {
                XCTAssertTrue(isRight)
            }
        }
    }

    func testClosingWhileOthersCallEndsTheirCallsWithClosedOrAnAnswer() async throws {
        let canvass = try await newPlace().open()
        let answers = Shared(0)
        await withTaskGroup(of: CanvassError?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    await failure {
                        while true {
                            _ = try await canvass.walkLists()
                            answers.change { $0 += 1 }
                        }
                    }
                }
            }
            try? await Task.sleep(for: .milliseconds(100))
            canvass.close()
            for await error in group {
                XCTAssertEqual(error, .Closed)
            }
        }
        XCTAssertGreaterThan(answers.current, 0)
    }
}

/// Gives another key than was wrapped.
private final class OtherKeys: KeyVault {
    private let vault: FileKeyVault

    init(_ vault: FileKeyVault) {
        self.vault = vault
    }

    func wrap(alias: String, key: Data) throws -> Data {
        try vault.wrap(alias: alias, key: key)
    }

    func unwrap(alias: String, wrapped: Data) throws -> Data {
        Data(try vault.unwrap(alias: alias, wrapped: wrapped).map { $0 ^ 1 })
    }

    func delete(alias: String) throws {
        try vault.delete(alias: alias)
    }
}
