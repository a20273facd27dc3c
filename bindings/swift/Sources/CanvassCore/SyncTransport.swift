import Foundation

/// Carries one request to the server and brings back its answer.
///
/// ``HttpSyncTransport`` is the one that needs nothing else. An app that has an HTTP client
/// already, with its certificates and proxies, implements this with it.
public protocol SyncTransport: Sendable {
    /// Sends `request` by POST and gives the answer, whatever its status.
    ///
    /// It sets `Content-Type` and `Accept` to ``SyncRequest/mediaType`` and `Authorization` to
    /// ``SyncRequest/authorization`` if there is one, follows no redirect, gives up after
    /// ``SyncRequest/timeoutMs``, refuses an answer longer than ``SyncRequest/maxReplyBytes``
    /// while it reads it, and stops at once when its task is cancelled.
    ///
    /// Any error but `CancellationError` means that there is no answer: no network, a timeout,
    /// a broken connection, an answer that is too long.
    func send(_ request: SyncRequest) async throws -> SyncReply
}

/// An answer of the server.
public struct SyncReply: Equatable, Sendable {
    /// The HTTP status.
    public let status: Int
    /// The header `Retry-After`, if it was there and counts seconds.
    public let retryAfterS: UInt32?
    /// The body, as it came.
    public let body: Data

    /// An answer.
    public init(status: Int, retryAfterS: UInt32?, body: Data) {
        self.status = status
        self.retryAfterS = retryAfterS
        self.body = body
    }
}
