#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// What is drawn in which colour; each also differs by shape, for those who see none.
    enum MapColor {
        static let next = Color.red
        static let left = Color.blue
        static let done = Color.green
        static let route = Color.blue.opacity(0.6)
        static let street = Color.gray
        static let turf = Color.orange
    }

    /// Draws the map's features in the order in which they come.
    @MainActor
    struct MapDrawing {
        let features: MapFeatures
        let camera: MapCamera

        private static let pinRadius: CGFloat = 13

        func draw(in context: inout GraphicsContext) {
            for ring in features.turf {
                context.stroke(path(ring), with: .color(MapColor.turf), lineWidth: 2)
            }
            for street in features.streets {
                let width: CGFloat = isMinor(street.kind) ? 2 : 5
                context.stroke(
                    path(street.points), with: .color(MapColor.street.opacity(0.5)),
                    lineWidth: width)
            }
            context.stroke(
                path(features.route), with: .color(MapColor.route),
                style: StrokeStyle(lineWidth: 4, lineCap: .round, lineJoin: .round))
            features.labels.forEach { draw($0, in: context) }
            features.pins.forEach { draw($0, in: context) }
        }

        private func isMinor(_ kind: WayKind) -> Bool {
            switch kind {
            case .path, .sidewalk, .crossing, .steps, .service: true
            case .residential, .tertiary, .secondary, .primary: false
            }
        }

        private func draw(_ label: MapLabel, in context: GraphicsContext) {
            var turned = context
            let place = point(label.point)
            turned.translateBy(x: place.x, y: place.y)
            turned.rotate(by: .degrees(label.angleDegrees))
            turned.draw(Text(verbatim: label.text).font(.caption), at: .zero)
        }

        private func draw(_ pin: MapPin, in context: GraphicsContext) {
            let radius = pin.isNext ? Self.pinRadius * 1.3 : Self.pinRadius
            let middle = point(pin.point)
            let box = CGRect(
                x: middle.x - radius, y: middle.y - radius, width: radius * 2, height: radius * 2)
            let shape = SwiftUI.Path(ellipseIn: box)
            let isDone = pin.done == pin.doors
            let color = pin.isNext ? MapColor.next : isDone ? MapColor.done : MapColor.left
            if isDone, !pin.isNext {
                context.fill(shape, with: .color(Color(white: 1).opacity(0.9)))
                context.stroke(shape, with: .color(color), lineWidth: 2)
                context.draw(Text(Image(systemName: "checkmark")).font(.caption2), at: middle)
            } else {
                context.fill(shape, with: .color(color))
                let doors = Text(pin.doors, format: .number).font(.caption.bold())
                context.draw(doors.foregroundStyle(.white), at: middle)
            }
        }

        private func path(_ points: [Point]) -> SwiftUI.Path {
            SwiftUI.Path { $0.addLines(points.map(point)) }
        }

        private func point(_ ground: Point) -> CGPoint {
            let place = camera.place(ground)
            return CGPoint(x: place.x, y: place.y)
        }
    }
#endif
