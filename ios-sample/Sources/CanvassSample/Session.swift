import CanvassCore
import Foundation
import Observation

/// The app as a whole: the one engine of the process, and which screens are open.
@MainActor
@Observable
public final class Session {
    /// Where opening stands.
    public enum Phase {
        /// The engine is being opened.
        case opening
        /// It is open.
        case open(Canvass)
        /// It could not be opened; trying again may help (``CanvassError/TryLater``).
        case failed(CanvassError)
    }

    /// Opens the engine: with the phone's own keys, or with those of a test.
    public typealias Opener = @Sendable () async throws -> Canvass

    /// Where opening stands.
    public private(set) var phase = Phase.opening
    /// The screens above the first one.
    public var path: [Route] = []
    /// An invitation that a link or a code brought, until the Join screen takes it.
    public private(set) var invitation: String?
    /// What whoever holds the phone reads, as BCP 47 tags, the preferred one first.
    public let languages: [String]
    private let opener: Opener

    /// An app whose engine `opener` opens, held by someone who reads these languages.
    public init(languages: [String], opener: @escaping Opener) {
        self.languages = languages
        self.opener = opener
    }

    /// The engine, once it is open.
    public var canvass: Canvass? {
        if case .open(let canvass) = phase { canvass } else { nil }
    }

    /// Opens the engine, unless it is open: at the start, and whenever the app becomes active,
    /// because before the first unlock it cannot be.
    public func open() async {
        guard canvass == nil else { return }
        do {
            let canvass = try await opener()
            try await canvass.setLanguages(tags: languages)
            phase = .open(canvass)
        } catch let error as CanvassError {
            phase = .failed(error)
        } catch {
            phase = .failed(.Internal(code: "open"))
        }
    }

    /// Takes a link, or the text of a code: the Join screen opens with it. What it means is the
    /// core's to say.
    public func follow(link: String) {
        invitation = link
        path = [.join]
    }

    /// The invitation that was followed, once.
    public func takeInvitation() -> String? {
        defer { invitation = nil }
        return invitation
    }

    /// Which screens are open, for the system to keep.
    public func remembered() throws -> Data {
        try JSONEncoder().encode(path)
    }

    /// Opens the screens that were open when the app was closed; what cannot be read is as if
    /// nothing had been kept.
    public func restore(_ kept: Data) {
        path = (try? JSONDecoder().decode([Route].self, from: kept)) ?? []
    }
}
