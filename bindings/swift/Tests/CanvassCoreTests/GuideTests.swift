import CanvassCore
import CanvassCoreTesting
import CanvassTestSupport
import Foundation
import XCTest

/// The functions of the guide for iOS, one after the other as a reader would call them.
final class GuideTests: EngineTestCase {
    func testTheGuidesFunctionsShowRecordAndObserve() async throws {
        let canvass = try await Canvass.inMemory(seed: 7)
        defer { canvass.close() }
        try await speakTheirLanguage(canvass)
        let list = try await canvass.createCampaign(
            about: NewCampaign(name: "Ward 3", canvasser: "Ash"))
        let doors = newPlace().root.appendingPathExtension("csv")
        defer { try? FileManager.default.removeItem(at: doors) }
        let rows = "door_id,house_number,street,lat,lon\nd1,1,Willow St,44.001,-73.4\n"
        try Data(rows.utf8).write(to: doors)
        _ = try await canvass.importFile(
            path: doors.path, options: ImportOptions(profile: nil, source: nil, dryRun: false))
        let door = try await firstScreen(canvass).page.doors[0].household
        _ = try await nobodyHome(canvass, list: list, door: door)

        let seen = Shared<[UInt32]>([])
        let showing = Task { @MainActor in
            try await show(canvass, list: list) { view in
                seen.change { $0.append(view.summary.progress.done) }
            }
        }
        try await eventually { !seen.current.isEmpty }
        showing.cancel()
        XCTAssertEqual(seen.current.first, 1)

        let reports = Shared<[SyncOutcome]>([])
        try await keepSyncing(canvass) { report in reports.change { $0.append(report.outcome) } }
        XCTAssertEqual(reports.current.last, .noServer)
        var told: [String] = []
        try await saveNote(canvass, list: list, door: door, text: "Gate on the left") {
            told.append($0)
        }
        try await saveNote(canvass, list: list, door: door, text: "") { told.append($0) }
        XCTAssertEqual(told.count, 1)
    }
}
