import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The project's own folder.
public let project = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

/// A file of the project's tests.
public func fixture(_ name: String) -> URL {
    project.appendingPathComponent("tests/fixtures").appendingPathComponent(name)
}

/// A backend in a process of its own: `canvass serve` with ids and time that are given.
public final class CampaignServer: @unchecked Sendable {
    /// Where it listens.
    public let address: String
    private let process = Process()
    private let token: String

    /// Starts one that keeps its files in `data`.
    public init(data: URL, testSeed: UInt64, testClockMs: Int64) throws {
        let output = Pipe()
        process.executableURL = project.appendingPathComponent("target/release/canvass")
        process.arguments = [
            "serve", "--data", data.path, "--listen", "127.0.0.1:0",
            "--test-seed", "\(testSeed)", "--test-clock", "\(testClockMs)",
        ]
        process.standardOutput = output
        // Were a test to crash, a server that held on to its output would keep the runner waiting.
        process.standardError = FileHandle.nullDevice
        try process.run()
        address = try Self.line(of: output).replacingOccurrences(of: "listening on ", with: "")
        let token = try String(
            contentsOf: data.appendingPathComponent("operator.token"), encoding: .utf8)
        self.token = token.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    deinit {
        // It inherits the signals that this task's thread blocks, so a polite one is not heard.
        kill(process.processIdentifier, SIGKILL)
    }

    /// An operator's request; the answer's body. Anything but 200 is an error.
    @discardableResult
    public func operate(_ method: String, _ path: String, _ body: Data) async throws -> Data {
        guard let url = URL(string: address + path) else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body.isEmpty ? nil : body
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        let (answer, response) = try await URLSession.shared.data(for: request)
        guard let response = response as? HTTPURLResponse, response.statusCode == 200 else {
            throw Unexpected("\(method) \(path): \(String(decoding: answer, as: UTF8.self))")
        }
        return answer
    }

    private static func line(of pipe: Pipe) throws -> String {
        var text = Data()
        while let byte = try pipe.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
            if byte == Data("\n".utf8) { return String(decoding: text, as: UTF8.self) }
            text.append(byte)
        }
        throw Unexpected("the backend did not start")
    }
}

/// Something a scenario did not expect.
public struct Unexpected: Error, CustomStringConvertible {
    /// What it is.
    public let description: String

    /// Something of this description.
    public init(_ description: String) {
        self.description = description
    }
}
