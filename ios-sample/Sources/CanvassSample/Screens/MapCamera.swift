import CanvassCore
import Foundation

/// Which part of the ground a map view shows: web Mercator, as the zoom levels of web maps.
///
/// This is drawing, and only that: what lies where, and how far, is the core's to say.
public struct MapCamera: Equatable, Sendable {
    /// A place on the map's plane or in the view, right and down.
    public struct Place: Equatable, Sendable {
        /// To the right.
        public var x: Double
        /// Down.
        public var y: Double

        /// A place.
        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// The zoom level: at 0 the world is 256 points wide, and each level doubles it.
    public private(set) var zoom: Double
    private var middle: Place
    private var width: Double
    private var height: Double

    private static let worldPoints = 256.0
    private static let zooms = 0.0...20.0
    /// Of the view's edge, kept free around what is fitted.
    private static let margin = 0.12
    /// Mercator's plane is a square that ends here.
    private static let mostLatitude = 85.05

    /// The whole world in a view of this size.
    public init(width: Double = 1, height: Double = 1) {
        self.width = max(width, 1)
        self.height = max(height, 1)
        zoom = Self.zooms.lowerBound
        middle = Place(x: 0.5, y: 0.5)
    }

    /// What is in view.
    public var bounds: Bounds {
        let (right, down) = (width / 2 / scale, height / 2 / scale)
        return Bounds(
            southWest: ground(Place(x: middle.x - right, y: middle.y + down)),
            northEast: ground(Place(x: middle.x + right, y: middle.y - down)))
    }

    /// Where in the view a point of the ground is.
    public func place(_ point: Point) -> Place {
        let there = plane(point)
        return Place(
            x: width / 2 + (there.x - middle.x) * scale,
            y: height / 2 + (there.y - middle.y) * scale)
    }

    /// Shows all of these lines, as large as they fit.
    public mutating func fit(_ lines: [[Point]]) {
        guard let first = lines.first?.first.map(plane) else { return }
        var (low, high) = (first, first)
        for line in lines {
            for place in line.map(plane) {
                low = Place(x: min(low.x, place.x), y: min(low.y, place.y))
                high = Place(x: max(high.x, place.x), y: max(high.y, place.y))
            }
        }
        middle = Place(x: (low.x + high.x) / 2, y: (low.y + high.y) / 2)
        let free = 1 - 2 * Self.margin
        let fits = min(
            width * free / max(high.x - low.x, .ulpOfOne),
            height * free / max(high.y - low.y, .ulpOfOne))
        setZoom(log2(fits / Self.worldPoints))
    }

    /// The same, moved by so many points of the view.
    public func panned(right: Double, down: Double) -> MapCamera {
        var moved = self
        moved.middle = Place(x: middle.x - right / scale, y: middle.y - down / scale)
        return moved
    }

    /// The same, this many times as large.
    public func zoomed(by factor: Double) -> MapCamera {
        var zoomed = self
        zoomed.setZoom(zoom + log2(max(factor, .ulpOfOne)))
        return zoomed
    }

    /// The same ground in a view of another size.
    public func resized(width: Double, height: Double) -> MapCamera {
        var resized = self
        (resized.width, resized.height) = (max(width, 1), max(height, 1))
        return resized
    }

    private var scale: Double {
        Self.worldPoints * exp2(zoom)
    }

    private mutating func setZoom(_ wanted: Double) {
        zoom = min(max(wanted, Self.zooms.lowerBound), Self.zooms.upperBound)
    }

    private func plane(_ point: Point) -> Place {
        let lat = min(max(point.lat, -Self.mostLatitude), Self.mostLatitude) * .pi / 180
        return Place(x: point.lon / 360 + 0.5, y: 0.5 - asinh(tan(lat)) / (2 * .pi))
    }

    private func ground(_ place: Place) -> Point {
        let (x, y) = (min(max(place.x, 0), 1), min(max(place.y, 0), 1))
        return Point(lat: atan(sinh((0.5 - y) * 2 * .pi)) * 180 / .pi, lon: (x - 0.5) * 360)
    }
}
