import CanvassCore
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What a network may do in place of carrying a request.
public enum NetworkFault: Equatable, Sendable {
    /// There is no network.
    case offline
    /// Nobody answers, until the caller gives up.
    case silent
    /// A web page answers in the server's place, with status 200: a sign-in page of a hotel's.
    case webPage
    /// The answer ends in the middle. The server has seen the request.
    case halfBody
    /// The server asks for patience: status 429.
    case busy(retryAfterS: UInt32)
    /// The server has seen the request, and its answer is lost.
    case lostReply
}

/// A network for tests: it carries requests to its server, or does what `fault` or `then` say.
///
/// Without a server it is as if there were no network. What never answers lets its caller wait
/// for `silence` only, in place of the half minute that a request may take.
public final class FakeNetwork: SyncTransport, @unchecked Sendable {
    private let server: SyncTransport?
    private let silence: Duration
    private let lock = NSLock()
    private var next: [NetworkFault] = []
    private var standing: NetworkFault?
    private var asked = 0

    /// A network in front of `server`.
    public init(server: SyncTransport? = nil, silence: Duration = .milliseconds(50)) {
        self.server = server
        self.silence = silence
    }

    /// What happens to every request from now on; nothing: they are carried.
    public var fault: NetworkFault? {
        get { lock.withLock { standing } }
        set { lock.withLock { standing = newValue } }
    }

    /// How many requests there were.
    public var requests: Int {
        lock.withLock { asked }
    }

    /// What happens to the coming requests, one after the other, before ``fault`` counts again.
    public func then(_ faults: NetworkFault...) {
        lock.withLock { next.append(contentsOf: faults) }
    }

    public func send(_ request: SyncRequest) async throws -> SyncReply {
        switch take() {
        case nil:
            return try await carry(request)
        case .offline:
            throw URLError(.notConnectedToInternet)
        case .silent:
            try await Task.sleep(for: silence)
            throw URLError(.timedOut)
        case .webPage:
            let page = "<!doctype html><title>Sign in</title><p>Welcome to our network."
            return SyncReply(status: 200, retryAfterS: nil, body: Data(page.utf8))
        case .halfBody:
            let whole = try await carry(request)
            let half = whole.body.prefix(whole.body.count / 2)
            return SyncReply(
                status: whole.status, retryAfterS: whole.retryAfterS, body: Data(half))
        case .busy(let retryAfterS):
            return SyncReply(status: 429, retryAfterS: retryAfterS, body: Data())
        case .lostReply:
            _ = try await carry(request)
            throw URLError(.networkConnectionLost)
        }
    }

    private func take() -> NetworkFault? {
        lock.withLock {
            asked += 1
            return next.isEmpty ? standing : next.removeFirst()
        }
    }

    private func carry(_ request: SyncRequest) async throws -> SyncReply {
        guard let server else { throw URLError(.notConnectedToInternet) }
        return try await server.send(request)
    }
}
