import CanvassCore
import CanvassSample
import SwiftUI

/// The app: opens the engine with the phone's own keys, and syncs when it comes and goes.
@main
struct CanvassApp: App {
    @State private var session: Session
    @Environment(\.scenePhase) private var scenePhase
    private let background: BackgroundSync

    init() {
        let session = Session(languages: Locale.preferredLanguages) {
            let directory = try CanvassDirectory.inApplicationSupport()
            return try await Canvass.open(
                config: EngineConfig(directory: directory.path), vault: KeychainVault())
        }
        _session = State(initialValue: session)
        background = BackgroundSync(session: session)
        background.register()
    }

    var body: some Scene {
        WindowGroup { RootPage(session: session) }
            .onChange(of: scenePhase) {
                switch scenePhase {
                case .active: Task { await background.sync() }
                case .background: background.schedule()
                default: break
                }
            }
    }
}
