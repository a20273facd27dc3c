import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// ``SyncTransport`` over the platform's own `URLSession`.
public final class HttpSyncTransport: SyncTransport {
    private let session: URLSession
    private let exchanges = Exchanges()

    /// A transport that keeps no cookies, no cache and no credentials.
    public init() {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.urlCredentialStorage = nil
        session = URLSession(
            configuration: configuration, delegate: exchanges, delegateQueue: nil)
    }

    deinit {
        session.invalidateAndCancel()
    }

    public func send(_ request: SyncRequest) async throws -> SyncReply {
        let task = session.dataTask(with: try urlRequest(request))
        // The session's own timeout bounds each wait for a byte; this bounds them all together.
        let deadline = DispatchTime.now() + .milliseconds(Int(request.timeoutMs))
        DispatchQueue.global().asyncAfter(deadline: deadline) { [exchanges] in
            exchanges.end(task, .timedOut)
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { done in
                exchanges.begin(task, maxReplyBytes: Int(request.maxReplyBytes), done)
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
    }

    private func urlRequest(_ request: SyncRequest) throws -> URLRequest {
        guard let url = URL(string: request.url) else { throw URLError(.badURL) }
        var http = URLRequest(url: url)
        http.httpMethod = "POST"
        http.httpBody = request.body
        // Whole seconds: Foundation on Linux drops the fraction.
        http.timeoutInterval = (TimeInterval(request.timeoutMs) / 1_000).rounded(.up)
        http.cachePolicy = .reloadIgnoringLocalCacheData
        http.setValue(request.mediaType, forHTTPHeaderField: "Content-Type")
        http.setValue(request.mediaType, forHTTPHeaderField: "Accept")
        // The limit on the answer's length counts bytes as they travel.
        http.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        if let authorization = request.authorization {
            http.setValue(authorization, forHTTPHeaderField: "Authorization")
        }
        return http
    }
}

/// The exchanges under way, by their tasks.
private final class Exchanges: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private struct Exchange {
        let maxReplyBytes: Int
        let done: CheckedContinuation<SyncReply, any Error>
        var body = Data()
        /// Why it was ended from here.
        var ended: URLError.Code?
    }

    private let lock = NSLock()
    private var underWay: [Int: Exchange] = [:]

    func begin(
        _ task: URLSessionTask, maxReplyBytes: Int,
        _ done: CheckedContinuation<SyncReply, any Error>
    ) {
        lock.withLock {
            underWay[task.taskIdentifier] = Exchange(maxReplyBytes: maxReplyBytes, done: done)
        }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
        completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let fits = lock.withLock { append(data, to: dataTask.taskIdentifier) }
        if !fits {
            end(dataTask, .dataLengthExceedsMaximum)
        }
    }

    private func append(_ data: Data, to task: Int) -> Bool {
        let room = underWay[task].map { $0.maxReplyBytes - $0.body.count }
        guard let room else { return true }
        let fits = data.count <= room
        if fits {
            underWay[task]?.body.append(data)
        }
        return fits
    }

    /// Ends an exchange, unless it has ended.
    func end(_ task: URLSessionTask, _ why: URLError.Code) {
        let isUnderWay = lock.withLock {
            guard underWay[task.taskIdentifier] != nil else { return false }
            underWay[task.taskIdentifier]?.ended = why
            return true
        }
        if isUnderWay {
            task.cancel()
        }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
    ) {
        let exchange = lock.withLock { underWay.removeValue(forKey: task.taskIdentifier) }
        guard let exchange else { return }
        exchange.done.resume(with: Result { try reply(of: task, exchange, error) })
    }

    private func reply(
        of task: URLSessionTask, _ exchange: Exchange, _ error: (any Error)?
    ) throws -> SyncReply {
        if let ended = exchange.ended {
            throw URLError(ended)
        }
        if let error {
            throw error
        }
        guard let response = task.response as? HTTPURLResponse else {
            throw URLError(.badServerResponse)
        }
        let retryAfter = response.value(forHTTPHeaderField: "Retry-After")
        return SyncReply(
            status: response.statusCode,
            retryAfterS: retryAfter.flatMap {
                UInt32($0.trimmingCharacters(in: .whitespaces))
            },
            body: exchange.body)
    }
}
