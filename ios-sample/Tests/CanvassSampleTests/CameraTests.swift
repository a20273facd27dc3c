import CanvassCore
import CanvassSample
import XCTest

/// Where things of the ground are drawn.
final class CameraTests: XCTestCase {
    private let ring = [
        Point(lat: 44.0, lon: -73.4), Point(lat: 44.01, lon: -73.4), Point(lat: 44.01, lon: -73.39),
        Point(lat: 44.0, lon: -73.39),
    ]

    func testTheWholeWorldIsInViewAtFirst() {
        let bounds = MapCamera(width: 256, height: 256).bounds
        XCTAssertEqual(bounds.southWest.lon, -180, accuracy: 1e-9)
        XCTAssertEqual(bounds.northEast.lon, 180, accuracy: 1e-9)
        XCTAssertEqual(bounds.northEast.lat, 85.05, accuracy: 0.01)
    }

    func testWhatIsFittedFillsTheViewWithinItsMargin() {
        var camera = MapCamera(width: 400, height: 600)
        camera.fit([ring])
        let places = ring.map(camera.place)
        for place in places {
            XCTAssertTrue((0...400).contains(place.x) && (0...600).contains(place.y), "\(place)")
        }
        let width = places[2].x - places[0].x
        XCTAssertGreaterThan(width, 400 * 0.6)
        XCTAssertTrue(ring.allSatisfy { camera.bounds.contains($0) })
        XCTAssertTrue((13.0...16).contains(camera.zoom), "\(camera.zoom)")
        XCTAssertLessThan(places[1].y, places[0].y, "north is up")
    }

    func testMovingAndZoomingKeepThePointUnderTheFinger() {
        var camera = MapCamera(width: 400, height: 600)
        camera.fit([ring])
        let before = camera.place(ring[0])
        let moved = camera.panned(right: 30, down: -20).place(ring[0])
        XCTAssertEqual(moved.x, before.x + 30, accuracy: 1e-6)
        XCTAssertEqual(moved.y, before.y - 20, accuracy: 1e-6)
        let closer = camera.zoomed(by: 2)
        XCTAssertEqual(closer.zoom, camera.zoom + 1, accuracy: 1e-9)
        let there = closer.place(ring[0])
        XCTAssertEqual(there.x - 200, (before.x - 200) * 2, accuracy: 1e-6)
        XCTAssertEqual(there.y - 300, (before.y - 300) * 2, accuracy: 1e-6)
        let turned = camera.resized(width: 600, height: 400).place(ring[0])
        XCTAssertEqual(turned.x - 300, before.x - 200, accuracy: 1e-6)
    }

    func testNothingToFitAndNonsenseLeaveTheViewUsable() {
        var camera = MapCamera(width: 0, height: -5)
        camera.fit([])
        camera.fit([[]])
        camera.fit([[ring[0]]])
        camera = camera.zoomed(by: 0).zoomed(by: .infinity).zoomed(by: -1)
        let place = camera.place(Point(lat: 90, lon: 0))
        XCTAssertTrue(place.x.isFinite && place.y.isFinite)
        XCTAssertTrue(camera.bounds.northEast.lat.isFinite)
    }
}

extension Bounds {
    fileprivate func contains(_ point: Point) -> Bool {
        (southWest.lat...northEast.lat).contains(point.lat)
            && (southWest.lon...northEast.lon).contains(point.lon)
    }
}
