import CanvassCore
import Observation

/// What the map of a walk list shows.
public struct WalkMapState: Equatable {
    /// What is drawn.
    public var features: MapFeatures?
    /// The part of the ground that is in view.
    public var camera = MapCamera()
    /// How to walk past the next stops, step by step.
    public var directions: DirectionsView?
}

/// The map of a walk list, and the way ahead in sentences.
@MainActor
@Observable
public final class WalkMapScreen: Screen {
    /// What to show.
    public private(set) var state = WalkMapState()
    private let canvass: Canvass
    private let list: ListId
    private let unit: LengthUnit

    /// The map of one list.
    public init(canvass: Canvass, list: ListId, unit: LengthUnit = .metres) {
        self.canvass = canvass
        self.list = list
        self.unit = unit
    }

    /// Shows the whole turf in a view of this size, and draws anew after each change until its
    /// task is cancelled.
    public func start(width: Double, height: Double) async {
        await act {
            state.camera = state.camera.resized(width: width, height: height)
            for try await _ in canvass.observeWalkList(list: list) {
                if state.features == nil {
                    try await fit(width: width, height: height)
                }
                try await draw()
            }
        }
    }

    /// Shows another part of the ground.
    public func move(to camera: MapCamera) async {
        await act {
            state.camera = camera
            try await draw()
        }
    }

    /// Reads the way ahead.
    public func readDirections() async {
        await act {
            state.directions = try await canvass.directions(list: list, unit: unit)
        }
    }

    private func fit(width: Double, height: Double) async throws {
        state.camera = MapCamera(width: width, height: height)
        let whole = try await canvass.mapFeatures(
            list: list, bounds: state.camera.bounds, zoom: state.camera.zoom)
        state.camera.fit(whole.turf)
    }

    private func draw() async throws {
        let camera = state.camera
        let features = try await canvass.mapFeatures(
            list: list, bounds: camera.bounds, zoom: camera.zoom)
        // The view may have been moved on meanwhile.
        guard camera == state.camera else { return }
        state.features = features
    }
}
