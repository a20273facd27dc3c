import XCTest

@testable import CanvassCore

/// What an app's target gets of the package besides code, and where it keeps its files.
final class PlatformTests: EngineTestCase {
    func testThePrivacyManifestIsInTheTargetAndSaysThatNothingIsCollected() throws {
        let file = try XCTUnwrap(
            Bundle.module.url(forResource: "PrivacyInfo", withExtension: "xcprivacy"))
        let manifest = try PropertyListDecoder().decode(
            PrivacyManifest.self, from: Data(contentsOf: file))
        XCTAssertFalse(manifest.isTracking)
        XCTAssertEqual(manifest.trackingDomains, [])
        XCTAssertEqual(manifest.collected, [])
        let reasons = manifest.accessed.reduce(into: [:]) {
            $0[$1.type] = $1.reasons
        }
        XCTAssertEqual(
            reasons,
            [
                "NSPrivacyAccessedAPICategoryFileTimestamp": ["C617.1"],
                "NSPrivacyAccessedAPICategorySystemBootTime": ["35F9.1"],
            ])
    }

    func testADirectoryIsMadeOnceAndAnEngineOpensInIt() async throws {
        let place = newPlace()
        let wanted = place.root.appendingPathComponent("engine", isDirectory: true)
        let made = try CanvassDirectory.prepare(wanted)
        let canvass = try await place.open()
        try await canvass.join(invitation: invitation(1))
        canvass.close()
        XCTAssertEqual(try CanvassDirectory.prepare(wanted), made)
        let again = try await place.open()
        let status = try await again.syncStatus()
        XCTAssertTrue(status.hasServer)
    }

    func testADirectoryWhereAFileLiesIsAnErrorAndTheFileStays() throws {
        let place = newPlace()
        try CanvassDirectory.prepare(place.root)
        let file = place.root.appendingPathComponent("engine")
        try Data("mine".utf8).write(to: file)
        XCTAssertThrowsError(try CanvassDirectory.prepare(file))
        XCTAssertEqual(try Data(contentsOf: file), Data("mine".utf8))
    }
}

private struct PrivacyManifest: Decodable {
    struct Access: Decodable {
        let type: String
        let reasons: [String]

        private enum CodingKeys: String, CodingKey {
            case type = "NSPrivacyAccessedAPIType"
            case reasons = "NSPrivacyAccessedAPITypeReasons"
        }
    }

    let isTracking: Bool
    let trackingDomains: [String]
    let collected: [[String: String]]
    let accessed: [Access]

    private enum CodingKeys: String, CodingKey {
        case isTracking = "NSPrivacyTracking"
        case trackingDomains = "NSPrivacyTrackingDomains"
        case collected = "NSPrivacyCollectedDataTypes"
        case accessed = "NSPrivacyAccessedAPITypes"
    }
}
