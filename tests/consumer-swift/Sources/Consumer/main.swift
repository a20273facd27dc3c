import CanvassCore
import CanvassCoreTesting
import Foundation

/// A campaign on one machine: doors in, a knock, results out, all of it again after a restart.
func run(in folder: URL) async throws {
    let doors = folder.appendingPathComponent("doors.csv")
    let rows = """
        door_id,house_number,street,unit,town,zip,lat,lon
        d1,1,Willow St,,Lakewater,00000,44.001,-73.4
        d2,3,Willow St,,Lakewater,00000,44.002,-73.4

        """
    try Data(rows.utf8).write(to: doors)
    let config = EngineConfig(directory: folder.appendingPathComponent("engine").path)
    let keys = FileKeyVault(directory: folder.appendingPathComponent("keys"))

    let canvass = try await Canvass.open(config: config, vault: keys)
    let about = NewCampaign(name: "Ward 3", canvasser: "Ash")
    let list = try await canvass.createCampaign(about: about)
    let anyFile = ImportOptions(profile: nil, source: nil, dryRun: false)
    _ = try await canvass.importFile(path: doors.path, options: anyFile)
    let first = try await canvass.walkList(list: list).page.doors[0].household
    let knock = AttemptInput(
        list: list, household: first, door: .notHome, people: [], corrects: nil)
    _ = try await canvass.recordAttempt(input: knock)
    canvass.close()

    let again = try await Canvass.open(config: config, vault: keys)
    defer { again.close() }
    let csv = try await again.export(list: list, format: .csv)
    let lines = String(decoding: csv.bytes, as: UTF8.self).split(separator: "\n")
    precondition(lines.filter { $0.contains("not_home") }.count == 1, "one knock is exported")
    print("consumer: 1 test ran: doors came in, a knock went out")
}

let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: folder) }
try await run(in: folder)
