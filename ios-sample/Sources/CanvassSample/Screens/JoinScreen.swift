import CanvassCore
import Observation

/// What the Join screen shows.
public struct JoinState: Equatable {
    /// The invitation as it was typed, scanned or followed as a link.
    public var invitation = ""
    /// The campaign is being asked.
    public var isJoining = false
    /// What came of it, in words.
    public var sentence: String?
    /// This phone belongs to the campaign.
    public var hasJoined = false
}

/// Takes an invitation (the text of a QR code, a link, or what was typed) and enrols this phone.
@MainActor
@Observable
public final class JoinScreen: Screen {
    /// What to show.
    public var state = JoinState()
    private let canvass: Canvass

    /// The screen of one engine.
    public init(canvass: Canvass) {
        self.canvass = canvass
    }

    /// Joins with the invitation; when it cannot be redeemed now, the next sync does it.
    public func join() async {
        state.isJoining = true
        await act {
            try await canvass.join(invitation: state.invitation)
            let report = try await canvass.sync()
            state.sentence = try await canvass.syncSentence(report)
            state.hasJoined = try await canvass.syncStatus().enrolled
        }
        state.isJoining = false
    }
}
