import CanvassCore
import CanvassCoreTesting
import Foundation
import XCTest

// docs/embedding-ios.md shows these functions, and GuideTests runs them.

func openCampaign(vault: KeyVault) async throws -> Canvass {
    let directory = try CanvassDirectory.inApplicationSupport()  // out of backups
    return try await Canvass.open(
        config: EngineConfig(directory: directory.path), vault: vault)
}

func join(_ canvass: Canvass, invitation: String) async throws -> SyncReport {
    try await canvass.join(invitation: invitation)  // kept on this phone, also without a network
    return try await canvass.sync()  // redeems it, and fetches this phone's walk lists
}

func firstScreen(_ canvass: Canvass) async throws -> WalkListView {
    let list = try await canvass.walkLists()[0].list
    return try await canvass.walkList(list: list)  // progress, the next stop, the first doors
}

func nobodyHome(_ canvass: Canvass, list: ListId, door: HouseholdId) async throws -> Saved {
    try await canvass.recordAttempt(
        input: AttemptInput(list: list, household: door, door: .notHome, people: [], corrects: nil))
}

@MainActor
func show(_ canvass: Canvass, list: ListId, draw: (WalkListView) -> Void) async throws {
    for try await view in canvass.observeWalkList(list: list) {
        draw(view)
    }
}

func keepSyncing(_ canvass: Canvass, tell: @escaping @Sendable (SyncReport) -> Void) async throws {
    let last = try await canvass.keepSyncing(every: .seconds(60)) { report in tell(report) }
    tell(last)  // trying again cannot help: there is no server, or it refuses this phone
}

func saveNote(
    _ canvass: Canvass, list: ListId, door: HouseholdId, text: String, show: (String) -> Void
) async throws {
    do {
        _ = try await canvass.recordNote(list: list, household: door, text: text)
    } catch let error as CanvassError {
        NSLog("canvass: %@", error.code)
        show(error.userSentence())
    }
}

func speakTheirLanguage(_ canvass: Canvass) async throws {
    try await canvass.setLanguages(tags: Locale.preferredLanguages)
}

final class DoorScreenTests: XCTestCase {
    func testAKnockShowsOnTheListAtOnce() async throws {
        let canvass = try await Canvass.inMemory(seed: 7)
        defer { canvass.close() }
        let list = try await canvass.createCampaign(
            about: NewCampaign(name: "Ward 3", canvasser: "Ash"))
        let doors = FileManager.default.temporaryDirectory
            .appendingPathComponent("\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: doors) }
        let rows = "door_id,house_number,street,lat,lon\nd1,1,Willow St,44.001,-73.4\n"
        try Data(rows.utf8).write(to: doors)
        _ = try await canvass.importFile(
            path: doors.path, options: ImportOptions(profile: nil, source: nil, dryRun: false))
        let door = try await canvass.doors(list: list).doors[0].household
        try await canvass.recordAttempt(
            input: AttemptInput(
                list: list, household: door, door: .notHome, people: [], corrects: nil))
        let view = try await canvass.walkList(list: list)
        XCTAssertEqual(view.summary.progress.done, 1)
    }

    func testAHotelsSignInPageDoesNoHarm() async throws {
        let network = FakeNetwork()
        network.fault = .webPage
        let canvass = try await Canvass.inMemory(seed: 7, network: network)
        defer { canvass.close() }
        try await canvass.join(
            invitation: "https://campaign.example/j/00112233445566778899aabbccddeeff")
        let report = try await canvass.sync()
        XCTAssertEqual(report.outcome, .offline)
    }
}
