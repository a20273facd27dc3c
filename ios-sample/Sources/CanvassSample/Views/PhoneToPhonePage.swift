#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI
    import UniformTypeIdentifiers

    /// Work that goes from phone to phone: codes that are shown and scanned, or a file.
    struct PhoneToPhonePage: View {
        @State private var screen: PhoneToPhoneScreen
        @State private var isScanning = false
        @State private var isChoosingFile = false

        init(canvass: Canvass) {
            _screen = State(initialValue: PhoneToPhoneScreen(canvass: canvass))
        }

        var body: some View {
            ScrollView {
                VStack(alignment: .leading, spacing: 16) {
                    way
                    Text(screen.state.way == .receive ? Word.handReceiveHint : Word.handGiveHint)
                    FrameShow(frames: screen.state.frames)
                    ProgressView(
                        value: Double(screen.state.read.there),
                        total: max(Double(screen.state.read.of), 1)
                    ) {
                        Text(Word.handRead)
                    }
                    if let sentence = screen.state.sentence {
                        Text(verbatim: sentence).font(.title3)
                    }
                    ErrorNote(error: screen.error)
                    files
                }
                .padding()
            }
            .navigationTitle(Text(Word.handTitle))
            .safeAreaInset(edge: .bottom) {
                WideButton(word: Word.handScan, symbol: "qrcode.viewfinder", isProminent: true) {
                    isScanning = true
                }
                .padding()
                .background(.bar)
            }
            .sheet(isPresented: $isScanning) {
                ScanSheet { text in Task { await take(text) } }
            }
            .task { await screen.begin(way: .receive) }
        }

        private var way: some View {
            Picker(
                Word.handWay.text,
                selection: Binding {
                    screen.state.way
                } set: { way in
                    Task { await screen.begin(way: way) }
                }
            ) {
                Text(Word.handReceive).tag(PhoneToPhoneState.Way.receive)
                Text(Word.handGive).tag(PhoneToPhoneState.Way.give)
            }
            .pickerStyle(.segmented)
            .frame(minHeight: leastTarget)
        }

        @ViewBuilder private var files: some View {
            if let bundle = screen.state.bundle {
                ShareLink(item: bundle, preview: SharePreview(Word.handTitle.text)) {
                    Label(Word.handShare, symbol: "square.and.arrow.up")
                        .frame(maxWidth: .infinity, minHeight: leastTarget)
                }
            }
            WideButton(word: Word.handFile, symbol: "tray.and.arrow.down") {
                isChoosingFile = true
            }
            .fileImporter(isPresented: $isChoosingFile, allowedContentTypes: [.data]) { chosen in
                guard let file = try? chosen.get() else { return }
                let isOurs = file.startAccessingSecurityScopedResource()
                defer { if isOurs { file.stopAccessingSecurityScopedResource() } }
                if let bundle = try? Data(contentsOf: file) {
                    Task { await screen.take(file: bundle) }
                }
            }
        }

        private func take(_ text: String) async {
            await screen.take(text: text)
            // The last code is read: there is something to show, or to be told.
            if screen.state.report != nil || screen.state.bundle != nil {
                isScanning = false
            }
        }
    }
#endif
