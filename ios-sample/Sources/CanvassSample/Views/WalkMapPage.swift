#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// The map of a list: drawn from the core's features, without tiles and without a network.
    struct WalkMapPage: View {
        @State private var screen: WalkMapScreen
        @State private var isReading = false
        @State private var before: MapCamera?

        init(canvass: Canvass, list: ListId) {
            let feet = UserDefaults.standard.bool(forKey: lengthInFeet)
            _screen = State(
                initialValue: WalkMapScreen(
                    canvass: canvass, list: list, unit: feet ? .feet : .metres))
        }

        var body: some View {
            GeometryReader { space in
                ZStack(alignment: .topTrailing) {
                    Canvas { context, _ in
                        if let features = screen.state.features {
                            MapDrawing(features: features, camera: screen.state.camera)
                                .draw(in: &context)
                        }
                    }
                    .gesture(drag.simultaneously(with: pinch))
                    .accessibilityElement()
                    .accessibilityLabel(Text(Word.mapTitle))
                    .accessibilityChildren { pins }
                    buttons
                }
                .task(id: space.size) {
                    await screen.start(width: space.size.width, height: space.size.height)
                }
            }
            .safeAreaInset(edge: .bottom) { legend }
            .sheet(isPresented: $isReading) { DirectionsSheet(screen: screen) }
        }

        private var buttons: some View {
            VStack {
                zoomButton(Word.mapCloser, "plus.magnifyingglass", 2)
                zoomButton(Word.mapFarther, "minus.magnifyingglass", 0.5)
                Button {
                    isReading = true
                } label: {
                    Image(systemName: "list.number")
                        .frame(minWidth: leastTarget, minHeight: leastTarget)
                }
                .accessibilityLabel(Text(Word.mapDirections))
            }
            .background(.regularMaterial, in: RoundedRectangle(cornerRadius: 8))
            .padding()
        }

        private func zoomButton(_ word: Word, _ symbol: String, _ factor: Double) -> some View {
            Button {
                let camera = screen.state.camera.zoomed(by: factor)
                Task { await screen.move(to: camera) }
            } label: {
                Image(systemName: symbol).frame(minWidth: leastTarget, minHeight: leastTarget)
            }
            .accessibilityLabel(Text(word))
        }

        private var drag: some Gesture {
            DragGesture()
                .onChanged { move($0.translation.width, $0.translation.height, 1) }
                .onEnded { _ in before = nil }
        }

        private var pinch: some Gesture {
            MagnifyGesture()
                .onChanged { move(0, 0, $0.magnification) }
                .onEnded { _ in before = nil }
        }

        private func move(_ right: Double, _ down: Double, _ factor: Double) {
            let start = before ?? screen.state.camera
            before = start
            let camera = start.panned(right: right, down: down).zoomed(by: factor)
            Task { await screen.move(to: camera) }
        }

        /// What a screen reader hears in place of the drawing.
        private var pins: some View {
            ForEach(screen.state.features?.pins ?? [], id: \.stop) { pin in
                Text(verbatim: pin.sentence)
            }
        }

        private var legend: some View {
            HStack {
                Label(Word.mapNext, symbol: "mappin.circle.fill").foregroundStyle(MapColor.next)
                Label(Word.mapLeft, symbol: "circle.fill").foregroundStyle(MapColor.left)
                Label(Word.mapDone, symbol: "checkmark.circle").foregroundStyle(MapColor.done)
                Spacer()
                Text(verbatim: screen.state.features?.attribution ?? "").font(.caption2)
            }
            .font(.caption)
            .padding(.horizontal)
            .background(.bar)
        }
    }

    /// The way ahead in sentences, as a screen reader speaks them.
    private struct DirectionsSheet: View {
        let screen: WalkMapScreen

        var body: some View {
            List {
                ErrorNote(error: screen.error)
                ForEach(screen.state.directions?.steps ?? [], id: \.sentence) { step in
                    Text(verbatim: step.sentence).frame(minHeight: leastTarget)
                }
            }
            .task { await screen.readDirections() }
        }
    }
#endif
