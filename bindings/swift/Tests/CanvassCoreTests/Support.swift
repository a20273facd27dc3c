import CanvassCoreTesting
import CanvassTestSupport
import Foundation
import XCTest

@testable import CanvassCore

/// A moment with a fraction of a second, at which every test's clock stands.
let morning = Date(timeIntervalSince1970: 1_791_018_000.25)

/// Closes the engines of a test when it ends: one that closes itself while the process exits
/// would find the database library shut down.
class EngineTestCase: XCTestCase {
    private var places: [Place] = []

    func newPlace() -> Place {
        let place = Place()
        places.append(place)
        return place
    }

    override func tearDown() {
        places.forEach { $0.close() }
        places = []
    }
}

/// Where an engine under test keeps its files, and its keys beside them.
final class Place: Sendable {
    let root: URL
    private let opened = Shared<[@Sendable () -> Void]>([])

    init() {
        root = FileManager.default.temporaryDirectory
            .appendingPathComponent("canvass-\(UUID().uuidString)")
    }

    fileprivate func close() {
        opened.current.forEach { $0() }
        try? FileManager.default.removeItem(at: root)
    }

    var config: EngineConfig {
        EngineConfig(directory: root.appendingPathComponent("engine").path, testSeed: 7)
    }

    var vault: FileKeyVault {
        FileKeyVault(directory: root.appendingPathComponent("keys"))
    }

    func open(
        vault: KeyVault? = nil,
        clock: Clock = TestClock(start: morning),
        transport: SyncTransport = HttpSyncTransport(),
        sleep: @escaping SyncLoop.Sleep = { _ in },
        seed: UInt64? = 7
    ) async throws -> Canvass {
        let canvass = try await Canvass.open(
            config: EngineConfig(directory: config.directory, testSeed: seed),
            vault: vault ?? self.vault, clock: clock, transport: transport, sleep: sleep)
        opened.change { $0.append { canvass.close() } }
        return canvass
    }

    func openEngine() throws -> CanvassEngine {
        let clock = TestClock(start: morning)
        let engine = try CanvassEngine.open(config: config, vault: vault, clock: clock)
        opened.change { $0.append { engine.shutDown() } }
        return engine
    }

    /// The files of the engine that must not change, with their bytes.
    func files() throws -> [String: Data] {
        let directory = root.appendingPathComponent("engine")
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        return try names.filter { $0 != "engine.lock" }.reduce(into: [:]) { files, name in
            files[name] = try Data(contentsOf: directory.appendingPathComponent(name))
        }
    }
}

/// A campaign of this phone's own with one door.
func oneDoor(_ canvass: Canvass) async throws -> (ListId, HouseholdId) {
    let list = try await canvass.createCampaign(
        about: NewCampaign(name: "Ward 3", canvasser: "Ash"))
    let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("canvass-door-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: path) }
    let doors = "door_id,house_number,street,unit,town,zip,lat,lon\nd1,1,Willow St,,,,44.2,-73.4\n"
    try Data(doors.utf8).write(to: path)
    try await canvass.importFile(
        path: path.path, options: ImportOptions(profile: nil, source: "doors", dryRun: false))
    let page = try await canvass.doors(list: list)
    guard let door = page.doors.first else { throw Unexpected("no door") }
    return (list, door.household)
}

/// An invitation to the server at `address`.
func invitation(to address: String) -> String {
    "\(address)/j/00112233445566778899aabbccddeeff"
}

/// An invitation to one of several servers.
func invitation(_ number: Int) -> String {
    invitation(to: "https://campaign-\(number).example")
}

/// The error that `work` ends with.
func failure<T>(
    file: StaticString = #filePath, line: UInt = #line, _ work: () async throws -> T
) async -> CanvassError? {
    do {
        _ = try await work()
        XCTFail("nothing failed", file: file, line: line)
    } catch let error as CanvassError {
        return error
    } catch {
        XCTFail("not a CanvassError: \(error)", file: file, line: line)
    }
    return nil
}

/// A listener that hands on.
final class Listener: ChangeListener {
    private let told: @Sendable (ChangeNotice) throws -> Void

    init(_ told: @escaping @Sendable (ChangeNotice) throws -> Void) {
        self.told = told
    }

    func changed(notice: ChangeNotice) throws {
        try told(notice)
    }
}
