#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// Under which name the choice of feet or metres is kept.
    let lengthInFeet = "length_in_feet"

    /// The language, the unit of length, and what to hand over when something is wrong.
    struct SettingsPage: View {
        @State private var screen: SettingsScreen
        @AppStorage(lengthInFeet) private var isFeet = false
        @Environment(\.openURL) private var openURL
        private let languages: [String]

        init(canvass: Canvass, languages: [String]) {
            _screen = State(initialValue: SettingsScreen(canvass: canvass))
            self.languages = languages
        }

        var body: some View {
            Form {
                ErrorNote(error: screen.error)
                language
                Picker(Word.settingsUnit.text, selection: $isFeet) {
                    Text(Word.settingsMetres).tag(false)
                    Text(Word.settingsFeet).tag(true)
                }
                .frame(minHeight: leastTarget)
                diagnostics
                sealed
            }
            .navigationTitle(Text(Word.settingsTitle))
            .task { await screen.start() }
        }

        private var language: some View {
            Section {
                ForEach(languages, id: \.self) { Text(verbatim: languageName($0)) }
                Text(Word.settingsLanguageHint).font(.footnote)
                #if os(iOS)
                    WideButton(word: Word.settingsOpen, symbol: "gearshape") {
                        if let url = URL(string: UIApplication.openSettingsURLString) {
                            openURL(url)
                        }
                    }
                #endif
            } header: {
                Text(Word.settingsLanguage)
            }
        }

        @ViewBuilder private var diagnostics: some View {
            if let told = screen.state.diagnostics {
                Section {
                    Text(Word.settingsDiagnosticsHint).font(.footnote)
                    Text(verbatim: told.version)
                    ShareLink(item: told.json) {
                        Label(Word.settingsDiagnosticsShare, symbol: "square.and.arrow.up")
                            .frame(minHeight: leastTarget)
                    }
                } header: {
                    Text(Word.settingsDiagnostics)
                }
            }
        }

        @ViewBuilder private var sealed: some View {
            if let path = screen.state.sealedCopy {
                Section {
                    Text(Word.settingsSealedHint).font(.footnote)
                    ShareLink(item: URL(fileURLWithPath: path)) {
                        Label(Word.settingsSealedShare, symbol: "lock.doc")
                            .frame(minHeight: leastTarget)
                    }
                } header: {
                    Text(Word.settingsSealed)
                }
            }
        }
    }
#endif
