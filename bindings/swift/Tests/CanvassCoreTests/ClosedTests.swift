import CanvassTestSupport
import Foundation
import XCTest

@testable import CanvassCore

/// Every function of the public API, called after the engine was closed.
final class ClosedTests: EngineTestCase {
    private typealias Call = (Canvass) async throws -> Void

    func testEveryCallOfAClosedEngineIsClosed() async throws {
        let canvass = try await newPlace().open()
        canvass.close()
        let names = try listed()
        XCTAssertGreaterThan(names.count, 60)
        XCTAssertEqual(Set(calls.keys), names, "as bindings/api.txt lists them")
        for (name, call) in calls {
            do {
                try await call(canvass)
                // Observations of a closed engine end without a value.
                XCTAssertTrue(name.hasPrefix("observe"), "\(name) answered")
            } catch {
                XCTAssertEqual(error as? CanvassError, .Closed, name)
            }
        }
    }

    /// The functions of `Canvass`, but for the one that opens it.
    private func listed() throws -> Set<String> {
        let listing = try String(
            contentsOf: project.appendingPathComponent("bindings/api.txt"), encoding: .utf8)
        let lines = listing.split(separator: "\n", omittingEmptySubsequences: false)
        let own = lines.drop { $0 != "class org.canvasscore.Canvass" }.prefix { !$0.isEmpty }
        let names = own.compactMap { line -> String? in
            guard let start = line.range(of: "fun ") else { return nil }
            return String(line[start.upperBound...].prefix { $0 != "(" })
        }
        return Set(names).subtracting(["open"])
    }

    private let calls: [String: Call] = {
        let (list, door, person) = (ListId(), HouseholdId(), PersonId())
        let here = Point(lat: 44, lon: -73)
        let around = Bounds(southWest: here, northEast: here)
        let window = TimeWindow(
            from: morning, until: morning.addingTimeInterval(60), utcOffsetMinutes: 0)
        let change = "00000000-0000-0000-0000-000000000001.1.1"
        return [
            "addPerson": {
                try await $0.addPerson(
                    input: PersonMetInput(
                        list: list, household: door, givenName: "A", familyName: "B",
                        language: ""))
            },
            "applyBundle": { try await $0.applyBundle(bundle: Data()) },
            "bundleSentence": {
                _ = try await $0.bundleSentence(
                    BundleReport(changes: 0, shown: 0, known: 0, refused: 0))
            },
            "claim": { try await $0.claim(list: list, households: [door]) },
            "claims": { _ = try await $0.claims(list: list) },
            "conflicts": { _ = try await $0.conflicts(list: list) },
            "conversation": {
                _ = try await $0.conversation(
                    list: list, household: door, person: person, language: "")
            },
            "converse": {
                try await $0.converse(
                    input: ConversationInput(
                        list: list, household: door, person: person, step: .next, language: ""))
            },
            "createCampaign": {
                _ = try await $0.createCampaign(about: NewCampaign(name: "A", canvasser: "B"))
            },
            "diagnostics": { _ = try await $0.diagnostics() },
            "directions": { _ = try await $0.directions(list: list) },
            "doors": { _ = try await $0.doors(list: list) },
            "editNote": {
                try await $0.editNote(list: list, household: door, note: change, text: "")
            },
            "export": { _ = try await $0.export(list: list, format: .csv) },
            "exportWithCodes": {
                _ = try await $0.exportWithCodes(list: list, format: .van, codes: "{}")
            },
            "floors": { _ = try await $0.floors(list: list, household: door) },
            "followUps": { _ = try await $0.followUps(list: list) },
            "household": { _ = try await $0.household(list: list, household: door) },
            "importFile": {
                try await $0.importFile(
                    path: fixture("offline_day/doors.csv").path,
                    options: ImportOptions(profile: nil, source: nil, dryRun: false))
            },
            "join": { try await $0.join(invitation: invitation(1)) },
            "keepSyncing": { _ = try await $0.keepSyncing() },
            "liftDoNotContact": { try await $0.liftDoNotContact(list: list, household: door) },
            "makeBundle": { _ = try await $0.makeBundle(summary: Data()) },
            "mapFeatures": {
                _ = try await $0.mapFeatures(list: list, bounds: around, zoom: 16)
            },
            "nearestUnclaimed": {
                _ = try await $0.nearestUnclaimed(list: list, from: here, count: 1, radiusM: 9)
            },
            "nextStop": { _ = try await $0.nextStop(list: list) },
            "observeConflicts": { for try await _ in $0.observeConflicts(list: list) {} },
            "observeHousehold": {
                for try await _ in $0.observeHousehold(list: list, household: door) {}
            },
            "observeSurvey": {
                for try await _ in $0.observeSurvey(
                    list: list, household: door, person: person, language: "")
                {}
            },
            "observeSyncStatus": { for try await _ in $0.observeSyncStatus() {} },
            "observeWalkList": { for try await _ in $0.observeWalkList(list: list) {} },
            "observeWalkLists": { for try await _ in $0.observeWalkLists() {} },
            "offeredResults": { _ = try await $0.offeredResults(channel: .door) },
            "peerSummary": { _ = try await $0.peerSummary() },
            "planOrder": { try await $0.planOrder(list: list) },
            "planShift": {
                try await $0.planShift(
                    list: list,
                    input: ShiftInput(
                        minutes: 30, start: nil, end: nil, back: false, localHour: 18,
                        utcOffsetMinutes: 0))
            },
            "progress": { _ = try await $0.progress(list: list) },
            "putScript": { try await $0.putScript(json: "{}") },
            "putStreets": { try await $0.putStreets(pack: Data()) },
            "qrFrames": { _ = try await $0.qrFrames(bytes: Data([1])) },
            "recordAccess": {
                try await $0.recordAccess(list: list, household: door, access: .gate)
            },
            "recordAnswer": {
                try await $0.recordAnswer(
                    input: AnswerInput(
                        list: list, household: door, person: person, question: "q", value: nil,
                        attempt: nil))
            },
            "recordAsk": {
                try await $0.recordAsk(
                    input: AskInput(
                        list: list, household: door, person: person, kind: .volunteer,
                        state: .wanted, consent: nil, attempt: nil))
            },
            "recordAttempt": {
                try await $0.recordAttempt(
                    input: AttemptInput(
                        list: list, household: door, door: .notHome, people: [], corrects: nil))
            },
            "recordCall": {
                try await $0.recordCall(
                    input: CallInput(
                        list: list, household: door, person: person, channel: .phone,
                        number: "", result: nil))
            },
            "recordContact": {
                try await $0.recordContact(
                    input: ContactInput(
                        list: list, household: door, person: person, medium: .phone,
                        mark: .good, value: ""))
            },
            "recordCorrection": {
                try await $0.recordCorrection(
                    input: CorrectionInput(
                        list: list, household: door, person: nil, field: .unit, value: ""))
            },
            "recordFollowUp": {
                try await $0.recordFollowUp(
                    input: FollowUpInput(
                        list: list, household: door, person: nil, window: window, attempt: nil))
            },
            "recordNote": { try await $0.recordNote(list: list, household: door, text: "") },
            "recordResult": {
                try await $0.recordResult(
                    input: ResultInput(
                        list: list, household: door, person: nil, result: .notHome))
            },
            "recordResults": {
                try await $0.recordResults(list: list, households: [door], result: .notHome)
            },
            "release": { try await $0.release(list: list, households: [door]) },
            "replan": { try await $0.replan(list: list, here: here) },
            "resolveConflict": {
                try await $0.resolveConflict(
                    list: list, household: door, conflict: ConflictId(), chosen: change)
            },
            "retrySetAside": { try await $0.retrySetAside() },
            "sealedCopy": { _ = try await $0.sealedCopy() },
            "setAside": { _ = try await $0.setAside() },
            "setDoNotContact": { try await $0.setDoNotContact(list: list, household: door) },
            "setLanguages": { try await $0.setLanguages(tags: ["en"]) },
            "setLiterature": {
                try await $0.setLiterature(
                    list: list, household: door, attempt: change, left: true)
            },
            "stateDigest": { _ = try await $0.stateDigest(list: list) },
            "survey": { _ = try await $0.survey(list: list, household: door, person: person) },
            "sync": { _ = try await $0.sync() },
            "syncStatus": { _ = try await $0.syncStatus() },
            "syncSentence": { _ = try await $0.syncSentence(.nothing) },
            "undo": { try await $0.undo(list: list, household: door, change: change) },
            "undoResults": {
                try await $0.undoResults(
                    list: list, saved: [DoorSaved(household: door, attempt: change)])
            },
            "walkList": { _ = try await $0.walkList(list: list) },
            "walkLists": { _ = try await $0.walkLists() },
            "withdrawConsent": {
                try await $0.withdrawConsent(
                    list: list, household: door, person: person, kind: .volunteer)
            },
        ]
    }()
}

extension SyncReport {
    /// A sync in which nothing went either way.
    fileprivate static let nothing = SyncReport(
        outcome: .complete, isFinal: false, sent: 0, received: 0, setAside: 0, conflicts: 0,
        late: 0, claimsLost: 0, diverged: 0, repairedDoors: 0, repaired: 0, retryAt: nil)
}
