import CanvassCoreTesting
import XCTest

@testable import CanvassCore

/// What an app makes of errors: a code for the log, a sentence for the person.
final class ErrorsTests: EngineTestCase {
    /// One of each case, with its code.
    private let all: [(CanvassError, String)] = [
        (.InvalidInput(code: "empty_text", question: ""), "empty_text"),
        (.BadFile(code: "html", row: 1, column: nil), "html"),
        (.BadScript(code: "json", place: ""), "json"),
        (.Cancelled, "cancelled"),
        (.NotFound(what: .list), "not_found"),
        (.NotYours, "not_yours"),
        (.NoCampaign, "no_campaign"),
        (.AlreadyInCampaign, "already_in_campaign"),
        (.NotArrived, "not_arrived"),
        (.ListClosed(why: .expired), "list_closed"),
        (.TryLater, "try_later"),
        (.KeyLost(file: .main), "key_lost"),
        (.WrongKey(file: .main), "wrong_key"),
        (.StorageCorrupt(file: .main), "storage_corrupt"),
        (.NewerDatabase(file: .main, found: 9, supported: 1), "newer_database"),
        (.StorageFull, "storage_full"),
        (.StorageForbidden(file: .directory), "storage_forbidden"),
        (.InUse, "in_use"),
        (.Closed, "closed"),
        (.Panicked(canGoOn: false), "panicked"),
        (.Internal(code: "device"), "device"),
    ]

    func testEveryErrorHasACodeAndASentenceInTheCanvassersLanguage() {
        for (error, code) in all {
            XCTAssertEqual(error.code, code)
            let english = error.userSentence(languages: ["en-US"])
            let spanish = error.userSentence(languages: ["es-US", "en"])
            XCTAssertTrue(english.hasSuffix(".") && spanish.hasSuffix("."), code)
            XCTAssertNotEqual(english, spanish, code)
            XCTAssertTrue([english, spanish].contains(error.userSentence()), code)
        }
    }

    func testADirectoryThatCannotBeWrittenIsStorageForbidden() async throws {
        let place = newPlace()
        let config = EngineConfig(directory: "/proc/canvass", testSeed: 1)
        let error = await failure { try await Canvass.open(config: config, vault: place.vault) }
        XCTAssertEqual(error, .StorageForbidden(file: .directory))
    }

    func testADefectInAReadArrivesTypedAndTheEngineGoesOn() async throws {
        let canvass = try await newPlace().open()
        let (list, door) = try await oneDoor(canvass)
        try await canvass.recordNote(list: list, household: door, text: "before")
        try canvass.call.engine.panicInNextCall()
        let error = await failure { try await canvass.household(list: list, household: door) }
        XCTAssertEqual(error, .Panicked(canGoOn: true))
        try await canvass.recordNote(list: list, household: door, text: "after")
        let notes = try await canvass.household(list: list, household: door).notes
        XCTAssertEqual(notes.map(\.text).sorted(), ["after", "before"])
    }

    func testADefectInAWriteStopsTheEngineAndNothingThatWasSavedIsLost() async throws {
        let place = newPlace()
        let canvass = try await place.open()
        let (list, door) = try await oneDoor(canvass)
        try await canvass.recordNote(list: list, household: door, text: "before")
        try canvass.call.engine.panicInNextCall()
        let error = await failure {
            try await canvass.recordNote(list: list, household: door, text: "lost")
        }
        XCTAssertEqual(error, .Panicked(canGoOn: false))
        XCTAssertFalse(canvass.call.engine.canGoOn())
        let next = await failure { try await canvass.walkLists() }
        XCTAssertEqual(next, .Panicked(canGoOn: false))
        canvass.close()
        let again = try await place.open()
        let notes = try await again.household(list: list, household: door).notes
        XCTAssertEqual(notes.map(\.text), ["before"])
    }
}
