import CanvassTestSupport
import XCTest

@testable import CanvassCore

/// A campaign without a server: one phone, and files.
final class LocalCampaignTests: EngineTestCase {
    private lazy var place = newPlace()
    private let anyFile = ImportOptions(profile: nil, source: nil, dryRun: false)

    private func campaign(_ canvass: Canvass) async throws -> ListId {
        try await canvass.createCampaign(about: NewCampaign(name: "Ward 3", canvasser: "Ash"))
    }

    /// A file of many doors, along one street.
    private func doors(_ count: Int) throws -> String {
        let rows = (1...count).map { number in
            "d\(number),\(number),Willow St,,Lakewater,00000,\(44 + Double(number) / 1e5),-73.4\n"
        }
        return try file(
            "doors.csv",
            "door_id,house_number,street,unit,town,zip,lat,lon\n" + rows.joined())
    }

    private func file(_ name: String, _ text: String) throws -> String {
        let path = place.root.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: place.root, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: path)
        return path.path
    }

    func testFilesComeInDoorsArePutInOrderResultsGoOut() async throws {
        let canvass = try await place.open()
        let list = try await campaign(canvass)
        let path = try doors(250)
        let told = Shared<[(done: UInt64, total: UInt64)]>([])
        let imported = try await canvass.importFile(path: path, options: anyFile) { done, total in
            told.change { $0.append((done, total)) }
        }
        XCTAssertEqual(imported.tally.doors, 250)
        let size = try XCTUnwrap(FileManager.default.contents(atPath: path)).count
        XCTAssertEqual(told.current.last?.done, UInt64(size))
        XCTAssertTrue(told.current.allSatisfy { $0.done <= $0.total })
        let again = try await canvass.importFile(path: path, options: anyFile)
        XCTAssertNil(again.file, "nothing new")
        try await canvass.putScript(
            json: String(contentsOf: fixture("offline_day/script.json"), encoding: .utf8))
        let order = try await canvass.planOrder(list: list)
        XCTAssertEqual(order.stops, 250)
        let map = try await canvass.export(list: list, format: .geoJson)
        XCTAssertEqual(map.records, 250)
        let report = try await canvass.sync()
        XCTAssertEqual(report.outcome, .noServer)
    }

    func testAListIsWalkedAlongItsStreetsWithoutANetwork() async throws {
        let canvass = try await place.open()
        let list = try await campaign(canvass)
        try await canvass.putStreets(pack: Data(contentsOf: fixture("walking/streets.pack")))
        try await canvass.importFile(path: fixture("walking/doors.csv").path, options: anyFile)
        let order = try await canvass.planOrder(list: list)
        XCTAssertEqual(order.straightStops, 0)
        let said = try await canvass.directions(list: list, count: 200).steps.map(\.sentence)
        let expected = try String(contentsOf: fixture("walking/directions.txt"), encoding: .utf8)
        XCTAssertEqual(said, expected.split(separator: "\n").map(String.init))

        let doors = try await canvass.doors(list: list).doors
        let lats = doors.map(\.point.lat)
        let lons = doors.map(\.point.lon)
        let around = Bounds(
            southWest: Point(lat: try XCTUnwrap(lats.min()), lon: try XCTUnwrap(lons.min())),
            northEast: Point(lat: try XCTUnwrap(lats.max()), lon: try XCTUnwrap(lons.max())))
        let map = try await canvass.mapFeatures(list: list, bounds: around, zoom: 18)
        XCTAssertEqual(map.pins.reduce(0) { $0 + Int($1.doors) }, doors.count)
        XCTAssertFalse(map.streets.isEmpty)
        XCTAssertGreaterThan(map.route.count, map.pins.count)
        XCTAssertEqual(map.attribution, "A generated town")

        let car = try XCTUnwrap(doors.first).point
        let input = ShiftInput(
            minutes: 30, start: car, end: nil, back: true, localHour: 18, utcOffsetMinutes: -240)
        let shift = try await canvass.planShift(list: list, input: input)
        XCTAssertTrue((1..<UInt32(map.pins.count)).contains(shift.stops))
        XCTAssertLessThanOrEqual(shift.walkS + shift.workS, 1800.5)
        let again = try await canvass.replan(list: list, here: car)
        XCTAssertEqual(again.stops, UInt32(map.pins.count))
    }

    func testDoorsAreReadPageByPageEachOfThemOnce() async throws {
        let canvass = try await place.open()
        let list = try await campaign(canvass)
        try await canvass.importFile(path: doors(250), options: anyFile)
        var sizes: [Int] = []
        var seen: Set<HouseholdId> = []
        var from: String?
        repeat {
            let page = try await canvass.doors(list: list, from: from, limit: 120)
            sizes.append(page.doors.count)
            seen.formUnion(page.doors.map(\.household))
            from = page.next
        } while from != nil
        XCTAssertEqual(sizes, [120, 120, 10])
        XCTAssertEqual(seen.count, 250)
    }

    func testCancellingAnImportKeepsNothingOfIt() async throws {
        let canvass = try await place.open()
        let list = try await campaign(canvass)
        let path = try doors(60_000)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let isCancelled = DispatchSemaphore(value: 0)
        let calls = Shared(0)
        let importing = Task { [anyFile] in
            try await canvass.importFile(path: path, options: anyFile) { _, _ in
                if calls.change({
                    $0 += 1; return $0
                }) == 1 {
                    begin.finish()
                    isCancelled.wait()
                }
            }
        }
        for await _ in begun {}
        importing.cancel()
        isCancelled.signal()
        let result = await importing.result
        XCTAssertThrowsError(try result.get()) { XCTAssertTrue($0 is CancellationError, "\($0)") }
        XCTAssertEqual(calls.current, 1)
        let progress = try await canvass.progress(list: list)
        XCTAssertEqual(progress.doors, 0)
        let imported = try await canvass.importFile(path: path, options: anyFile)
        XCTAssertEqual(imported.tally.doors, 60_000)
    }

    func testAFileThatDoesNotFitSaysWhereAndKeepsNothing() async throws {
        let canvass = try await place.open()
        let list = try await campaign(canvass)
        let page = try file("page.csv", "<!DOCTYPE html><html></html>")
        let html = await failure {
            try await canvass.importFile(path: page, options: self.anyFile)
        }
        XCTAssertEqual(html, .BadFile(code: "html", row: 1, column: nil))
        let script = await failure { try await canvass.putScript(json: "{}") }
        guard case .BadScript(let code, _) = script else {
            return XCTFail("\(String(describing: script))")
        }
        XCTAssertFalse(code.isEmpty)
        let second = await failure { try await self.campaign(canvass) }
        XCTAssertEqual(second, .AlreadyInCampaign)
        let progress = try await canvass.progress(list: list)
        XCTAssertEqual(progress.doors, 0)
    }
}
