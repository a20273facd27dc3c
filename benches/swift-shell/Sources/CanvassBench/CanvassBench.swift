import CanvassCore
import CanvassCoreTesting
import Foundation

/// Prints what the figures of a shell cost through Swift: the first frame of a list, and a page
/// of it. CPU time, because a machine that others share tells no wall time.
@main
enum CanvassBench {
    private static let rows: UInt32 = 100
    private static let openings = 20
    private static let rounds = 10

    static func main() async throws {
        guard CommandLine.arguments.indices.contains(1) else {
            throw CocoaError(.fileNoSuchFile)
        }
        let town = URL(fileURLWithPath: CommandLine.arguments[1])
        let root = FileManager.default.temporaryDirectory
            .appendingPathComponent("canvass-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let list = try await campaign(root, town)
        try await firstFrames(root, list)
        try await pages(root, list)
    }

    private static func open(_ root: URL) async throws -> Canvass {
        try await Canvass.open(
            config: EngineConfig(directory: root.appendingPathComponent("engine").path),
            vault: FileKeyVault(directory: root.appendingPathComponent("keys")),
            clock: TestClock(start: Date(timeIntervalSince1970: 1_791_018_000)))
    }

    private static func campaign(_ root: URL, _ town: URL) async throws -> ListId {
        let canvass = try await open(root)
        defer { canvass.close() }
        let list = try await canvass.createCampaign(
            about: NewCampaign(name: "Bench", canvasser: "Bench"))
        for name in ["doors.csv", "people.csv"] {
            try await canvass.importFile(
                path: town.appendingPathComponent(name).path,
                options: ImportOptions(profile: nil, source: nil, dryRun: false))
        }
        try await canvass.planOrder(list: list)
        let progress = try await canvass.progress(list: list)
        print("a list of \(progress.doors) doors, \(progress.people) people")
        return list
    }

    /// From the engine that was just created to the data of the Walk List screen.
    private static func firstFrames(_ root: URL, _ list: ListId) async throws {
        var took: [Double] = []
        for _ in 0..<openings {
            let canvass = try await open(root)
            let began = cpuMs()
            _ = try await canvass.walkList(list: list)
            took.append(cpuMs() - began)
            canvass.close()
        }
        tell("first frame's data, ms CPU after the engine is created", took, limit: 50)
    }

    /// Each page of the list, as it is scrolled: the engine's part and the crossing apart.
    private static func pages(_ root: URL, _ list: ListId) async throws {
        let canvass = try await open(root)
        defer { canvass.close() }
        var (whole, crossing): ([Double], [Double]) = ([], [])
        for _ in 0..<rounds {
            var from: String?
            repeat {
                let began = cpuMs()
                let page = try await canvass.doors(list: list, from: from, limit: rows)
                whole.append(cpuMs() - began)
                crossing.append(try lifted(page))
                from = page.next
            } while from != nil
        }
        tell("100 rows, ms CPU, the core's reading included", whole, limit: nil)
        tell("100 rows, ms CPU, from the core's bytes to Swift's values", crossing, limit: 1)
    }

    /// What it takes to make Swift's values of a page's bytes.
    private static func lifted(_ page: DoorPage) throws -> Double {
        let bytes = FfiConverterTypeDoorPage_lower(page)
        let began = cpuMs()
        _ = try FfiConverterTypeDoorPage_lift(bytes)
        return cpuMs() - began
    }

    private static func tell(_ what: String, _ took: [Double], limit: Double?) {
        let inOrder = took.sorted()
        let median = inOrder[inOrder.count / 2]
        let ninth = inOrder[inOrder.count * 9 / 10]
        let against = limit.map { " (limit \($0): \(median <= $0 ? "kept" : "BROKEN"))" } ?? ""
        print(
            "\(what): median \(String(format: "%.3f", median)), "
                + "90th percentile \(String(format: "%.3f", ninth))\(against)")
    }

    private static func cpuMs() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1_000 + Double(time.tv_nsec) / 1_000_000
    }
}
