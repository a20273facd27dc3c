import CanvassCoreTesting
import XCTest

@testable import CanvassCore

/// Calls that no scenario makes. What they mean is tested in Rust.
final class WholeApiTests: TwoPhonesTestCase {
    func testANoteIsRewrittenAndAMarkIsSetAndLifted() async throws {
        let canvass = try await newPlace().open()
        let (list, door) = try await oneDoor(canvass)
        let note = try await canvass.recordNote(list: list, household: door, text: "Blue gate")
        try await canvass.editNote(
            list: list, household: door, note: note.change, text: "Green gate")
        try await canvass.setDoNotContact(list: list, household: door)
        var view = try await canvass.household(list: list, household: door)
        XCTAssertEqual(view.notes.map(\.text), ["Green gate"])
        XCTAssertTrue(view.doNotContact)
        try await canvass.liftDoNotContact(list: list, household: door)
        view = try await canvass.household(list: list, household: door)
        XCTAssertFalse(view.doNotContact)
    }

    func testResultsGoOutWithATableOfCodes() async throws {
        let canvass = try await newPlace().open()
        let (list, _) = try await oneDoor(canvass)
        let table = #"{"backend":"van","channels":[]}"#
        let file = try await canvass.exportWithCodes(list: list, format: .van, codes: table)
        XCTAssertEqual(file.records, 0)
        let refused = await failure {
            try await canvass.exportWithCodes(list: list, format: .van, codes: "{")
        }
        XCTAssertEqual(refused, .InvalidInput(code: "codes_shape", question: ""))
    }

    func testReportsAreToldInASentence() async throws {
        let canvass = try await newPlace().open()
        _ = try await oneDoor(canvass)
        let synced = try await canvass.syncSentence(canvass.sync())
        let handed = try await canvass.bundleSentence(
            BundleReport(changes: 2, shown: 1, known: 0, refused: 0))
        XCTAssertTrue(synced.hasSuffix(".") && handed.hasSuffix("."), "\(synced) \(handed)")
        try await canvass.setLanguages(tags: ["es"])
        let spanish = try await canvass.syncSentence(canvass.sync())
        XCTAssertNotEqual(spanish, synced)
    }

    func testEachScreenIsObserved() async throws {
        try await withPhones { _, ash, _ in
            let (list, door) = try await firstDoor(of: ash)
            var conflicts = ash.observeConflicts(list: list).makeAsyncIterator()
            let none = try await conflicts.next()
            XCTAssertEqual(none, [])
            var walked = ash.observeWalkList(list: list).makeAsyncIterator()
            var seen = ash.observeHousehold(list: list, household: door).makeAsyncIterator()
            let before = try await walked.next()
            let there = try await seen.next()
            XCTAssertEqual(before?.summary.progress.done, 0)
            XCTAssertEqual(there?.attempts, [])
            try await knock(ash)
            let after = try await walked.next()
            let knocked = try await seen.next()
            XCTAssertEqual(after?.summary.progress.done, 1)
            XCTAssertEqual(knocked?.attempts.count, 1)
            let doors = try await ash.doors(list: list).doors
            for at in doors {
                let view = try await ash.household(list: list, household: at.household)
                guard let person = view.people.first?.person else { continue }
                let surveys = ash.observeSurvey(
                    list: list, household: at.household, person: person, language: "en")
                var asked = surveys.makeAsyncIterator()
                let survey = try await asked.next()
                XCTAssertFalse(try XCTUnwrap(survey).questions.isEmpty)
                return
            }
            XCTFail("nobody lives here")
        }
    }

    func testLongWorkThatItsListenerStopsIsCancelled() async throws {
        let place = newPlace()
        let engine = try place.openEngine()
        _ = try engine.createCampaign(about: NewCampaign(name: "Ward 3", canvasser: "Ash"))
        let path = place.root.appendingPathComponent("doors.csv")
        try Data("door_id,lat,lon\nd1,44,-73\n".utf8).write(to: path)
        let options = ImportOptions(profile: nil, source: nil, dryRun: false)
        let error = await failure {
            try engine.importFile(path: path.path, options: options, progress: Stop())
        }
        XCTAssertEqual(error, .Cancelled)
    }

    private final class Stop: ProgressListener {
        func goOn(done: UInt64, total: UInt64) -> Bool { false }
    }
}
