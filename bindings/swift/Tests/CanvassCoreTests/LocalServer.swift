import Foundation

#if canImport(Glibc)
    private let streamSocket = Int32(SOCK_STREAM.rawValue)
    private let noSignal = Int32(MSG_NOSIGNAL)
    private let bothWays = Int32(SHUT_RDWR)
    private let sending = Int32(SHUT_WR)
#else
    private let streamSocket = SOCK_STREAM
    private let noSignal: Int32 = 0
    private let bothWays = SHUT_RDWR
    private let sending = SHUT_WR
#endif

/// A server on this machine that answers each connection's one request as it is told, byte for
/// byte: an HTTP library would not let it misbehave.
final class LocalServer: Sendable {
    /// A request, and the connection that it came on.
    struct Exchange: Sendable {
        let head: String
        let body: Data
        fileprivate let socket: Int32

        /// Sends bytes; whether the other side still takes them.
        @discardableResult
        func write(_ bytes: Data) -> Bool {
            bytes.withUnsafeBytes { buffer in
                var sent = 0
                while sent < buffer.count {
                    let rest = buffer.baseAddress?.advanced(by: sent)
                    let count = send(socket, rest, buffer.count - sent, noSignal)
                    if count <= 0 { return false }
                    sent += count
                }
                return true
            }
        }

        func write(_ text: String) {
            write(Data(text.utf8))
        }

        /// Sends a whole answer.
        func answer(_ status: Int, _ body: String = "", headers: [String: String] = [:]) {
            let lines = headers.map { "\($0): \($1)\r\n" }.joined()
            write(
                "HTTP/1.1 \(status) Status\r\nConnection: close\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\(lines)\r\n\(body)")
        }

        /// Waits until the other side has hung up, or ten seconds have passed.
        func awaitHangUp() -> Bool {
            var timeout = timeval(tv_sec: 10, tv_usec: 0)
            setsockopt(
                socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
            var byte: UInt8 = 0
            return recv(socket, &byte, 1, 0) == 0
        }
    }

    let port: UInt16
    private let listening: Int32

    var address: String { "http://127.0.0.1:\(port)" }

    init(_ handle: @escaping @Sendable (Exchange) -> Void) throws {
        let listening = socket(AF_INET, streamSocket, 0)
        self.listening = listening
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listening, $0, size) + listen(listening, 16)
                    + getsockname(listening, $0, &size)
            }
        }
        guard bound == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: name.sin_port)
        Thread.detachNewThread {
            while true {
                let connection = accept(listening, nil, nil)
                if connection < 0 { return }
                Thread.detachNewThread { Self.serve(connection, handle) }
            }
        }
    }

    deinit {
        // Closing alone would leave the thread above in accept.
        shutdown(listening, bothWays)
        close(listening)
    }

    private static func serve(_ socket: Int32, _ handle: (Exchange) -> Void) {
        defer {
            shutdown(socket, sending)
            close(socket)
        }
        var received = Data()
        let blank = Data("\r\n\r\n".utf8)
        while received.range(of: blank) == nil {
            if !read(socket, into: &received) { return }
        }
        guard let end = received.range(of: blank) else { return }
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        let length = head.split(separator: "\r\n").first {
            $0.lowercased().hasPrefix("content-length:")
        }
        .flatMap { Int($0.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) }
        while received.count - end.upperBound < length ?? 0 {
            if !read(socket, into: &received) { return }
        }
        let body = Data(received[end.upperBound...])
        handle(Exchange(head: head, body: body, socket: socket))
    }

    private static func read(_ socket: Int32, into received: inout Data) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        let count = recv(socket, &chunk, chunk.count, 0)
        if count > 0 {
            received.append(contentsOf: chunk[..<count])
        }
        return count > 0
    }
}
