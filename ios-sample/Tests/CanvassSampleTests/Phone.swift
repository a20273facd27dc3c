import CanvassCore
import CanvassCoreTesting
import CanvassTestSupport
import XCTest

/// When the day begins, at every phone and at the campaign.
let morning = Date(timeIntervalSince1970: 1_791_018_000)

/// Where one phone of a test keeps its engine's files and its keys.
struct Phone: Sendable {
    let root: URL
    private let seed: UInt64?

    /// A phone below a folder. Its ids are by chance unless there is a `seed`: one that is opened
    /// again must not give an id twice.
    init(root: URL, seed: UInt64? = nil) {
        self.root = root
        self.seed = seed
    }

    func open(transport: SyncTransport = HttpSyncTransport()) async throws -> Canvass {
        try await Canvass.open(
            config: EngineConfig(
                directory: root.appendingPathComponent("engine").path, testSeed: seed),
            vault: FileKeyVault(directory: root.appendingPathComponent("keys")),
            clock: TestClock(start: morning), transport: transport)
    }
}

/// Tests with phones of their own, which are closed and removed after each.
class PhoneTestCase: XCTestCase, @unchecked Sendable {
    let root = FileManager.default.temporaryDirectory
        .appendingPathComponent("canvass-\(UUID().uuidString)")
    private let opened = Shared<[Canvass]>([])

    override func tearDown() {
        opened.current.forEach { $0.close() }
        try? FileManager.default.removeItem(at: root)
    }

    func open(
        _ name: String, seed: UInt64? = nil, transport: SyncTransport = HttpSyncTransport()
    ) async throws -> Canvass {
        let phone = Phone(root: root.appendingPathComponent(name), seed: seed)
        let canvass = try await phone.open(transport: transport)
        opened.change { $0.append(canvass) }
        return canvass
    }

    func startServer() throws -> CampaignServer {
        try CampaignServer(
            data: root.appendingPathComponent("server"), testSeed: 7,
            testClockMs: Int64(morning.timeIntervalSince1970 * 1_000))
    }

    /// A campaign of this phone's own, with the doors, people and script of the fixture.
    func campaign(_ canvass: Canvass) async throws -> ListId {
        let about = NewCampaign(name: "Ward 3", canvasser: "Ash")
        let list = try await canvass.createCampaign(about: about)
        for name in ["doors.csv", "people.csv"] {
            try await canvass.importFile(
                path: fixture("offline_day/\(name)").path,
                options: ImportOptions(profile: nil, source: nil, dryRun: false))
        }
        try await canvass.putScript(
            json: String(contentsOf: fixture("offline_day/script.json"), encoding: .utf8))
        return list
    }

    func door(
        _ canvass: Canvass, _ list: ListId, _ number: String, _ street: String
    ) async throws -> HouseholdId {
        try await theDoor(canvass, list, number, street)
    }
}

/// A door by its address.
func theDoor(
    _ canvass: Canvass, _ list: ListId, _ number: String, _ street: String
) async throws -> HouseholdId {
    let page = try await canvass.doors(list: list)
    let found = page.doors.first {
        $0.address.houseNumber == number && $0.address.street == street
    }
    return try XCTUnwrap(found).household
}
