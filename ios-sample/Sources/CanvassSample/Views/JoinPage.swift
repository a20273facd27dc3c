#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// Takes an invitation: scanned, followed as a link, pasted or typed.
    struct JoinPage: View {
        @State private var screen: JoinScreen
        @State private var isScanning = false
        @Environment(\.dismiss) private var dismiss
        private let session: Session

        init(canvass: Canvass, session: Session) {
            _screen = State(initialValue: JoinScreen(canvass: canvass))
            self.session = session
        }

        var body: some View {
            ScrollView {
                VStack(alignment: .leading, spacing: 16) {
                    Text(Word.joinHint)
                    WideButton(word: Word.joinScan, symbol: "qrcode.viewfinder") {
                        isScanning = true
                    }
                    field
                    if let sentence = screen.state.sentence {
                        Text(verbatim: sentence)
                    }
                    ErrorNote(error: screen.error)
                }
                .padding()
            }
            .navigationTitle(Text(Word.joinTitle))
            .safeAreaInset(edge: .bottom) { button.padding().background(.bar) }
            .sheet(isPresented: $isScanning) {
                ScanSheet { text in
                    screen.state.invitation = text
                    isScanning = false
                }
            }
            .onAppear(perform: takeLink)
            .onChange(of: session.invitation, takeLink)
        }

        private var field: some View {
            VStack(alignment: .leading) {
                TextField(Word.joinField.text, text: $screen.state.invitation, axis: .vertical)
                    .textFieldStyle(.roundedBorder)
                    .autocorrectionDisabled()
                    #if os(iOS)
                        .keyboardType(.URL)
                        .textInputAutocapitalization(.never)
                    #endif
                    .frame(minHeight: leastTarget)
                PasteButton(payloadType: String.self) { texts in
                    Task { @MainActor in screen.state.invitation = texts.first ?? "" }
                }
                .frame(minHeight: leastTarget)
            }
        }

        @ViewBuilder private var button: some View {
            if screen.state.hasJoined {
                WideButton(word: Word.done, symbol: "checkmark", isProminent: true) { dismiss() }
            } else {
                WideButton(word: Word.joinButton, symbol: "person.badge.plus", isProminent: true) {
                    await screen.join()
                }
                .disabled(screen.state.isJoining)
                .overlay { if screen.state.isJoining { ProgressView() } }
            }
        }

        private func takeLink() {
            if let link = session.takeInvitation() {
                screen.state.invitation = link
            }
        }
    }
#endif
