import CanvassCore
import Observation

/// What the Settings screen shows.
public struct SettingsState: Equatable {
    /// How the app is doing, without personal data.
    public var diagnostics: Diagnostics?
    /// Where the sealed copy of what is unsent lies, to be handed to the campaign.
    public var sealedCopy: String?
}

/// The language, the unit of length, and what to hand to the campaign when something is wrong.
@MainActor
@Observable
public final class SettingsScreen: Screen {
    /// What to show.
    public private(set) var state = SettingsState()
    private let canvass: Canvass

    /// The screen of one engine.
    public init(canvass: Canvass) {
        self.canvass = canvass
    }

    /// Reads what the screen shows.
    public func start() async {
        await act {
            state.diagnostics = try await canvass.diagnostics()
            state.sealedCopy = try await canvass.sealedCopy()
        }
    }
}
