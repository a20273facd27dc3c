import CanvassTestSupport
import XCTest

@testable import CanvassCore

final class HttpSyncTransportTests: XCTestCase {
    private let transport = HttpSyncTransport()

    private func request(
        _ server: LocalServer, timeoutMs: UInt32 = 10_000, maxReplyBytes: UInt32 = 1_000
    ) -> SyncRequest {
        SyncRequest(
            url: "\(server.address)/v1/push", mediaType: "application/cbor",
            authorization: "Bearer secret", body: Data((0..<200).map { UInt8($0) }),
            timeoutMs: timeoutMs, maxReplyBytes: maxReplyBytes)
    }

    func testTheRequestArrivesAsItWasGivenAndTheAnswerComesBackAsItIs() async throws {
        let heads = Shared<[String]>([])
        let server = try LocalServer { exchange in
            heads.change { $0.append(exchange.head.lowercased()) }
            exchange.write(
                "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: \(exchange.body.count)\r\n\r\n"
            )
            exchange.write(exchange.body)
        }
        let request = request(server)
        let reply = try await transport.send(request)
        XCTAssertEqual(reply, SyncReply(status: 429, retryAfterS: 7, body: request.body))
        let head = try XCTUnwrap(heads.current.first)
        XCTAssertTrue(head.hasPrefix("post /v1/push "))
        for line in [
            "content-type: application/cbor", "accept: application/cbor",
            "authorization: bearer secret",
        ] {
            XCTAssertTrue(head.contains(line), line)
        }
    }

    func testARefusalWithoutABodyIsAnAnswer() async throws {
        for status in [204, 401, 403, 404, 500] {
            let server = try LocalServer {
                $0.answer(status, headers: ["WWW-Authenticate": "Bearer realm=\"campaign\""])
            }
            let reply = try await transport.send(request(server))
            XCTAssertEqual(reply, SyncReply(status: status, retryAfterS: nil, body: Data()))
        }
    }

    func testAnAnswerIsReadUpToItsLimitAndNoFurther() async throws {
        let server = try LocalServer { $0.answer(200, String(repeating: "x", count: 1_000)) }
        let reply = try await transport.send(request(server))
        XCTAssertEqual(reply.body.count, 1_000)
        await assertNoAnswer(request(server, maxReplyBytes: 999), .dataLengthExceedsMaximum)
    }

    func testAnAnswerWithoutEndIsGivenUpAtItsLimit() async throws {
        let hungUp = Shared(false)
        let server = try LocalServer { exchange in
            exchange.write("HTTP/1.1 200 OK\r\n\r\n")
            while exchange.write(Data(repeating: 0, count: 1_024)) {}
            hungUp.change { $0 = true }
        }
        await assertNoAnswer(request(server), .dataLengthExceedsMaximum)
        try await eventually { hungUp.current }
    }

    func testTheTimeoutBoundsTheWholeExchangeHoweverSteadilyItDrips() async throws {
        let server = try LocalServer { exchange in
            exchange.write("HTTP/1.1 200 OK\r\n\r\n")
            while exchange.write(Data([1])) {
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
        let began = ContinuousClock.now
        await assertNoAnswer(request(server, timeoutMs: 500), .timedOut)
        let took = ContinuousClock.now - began
        XCTAssertTrue((.milliseconds(400)..<(.seconds(5))).contains(took), "\(took)")
    }

    func testAnAddressThatIsNoneIsNoAnswer() async throws {
        await assertNoAnswer(
            SyncRequest(
                url: "https://not a host/", mediaType: "a/b", authorization: nil, body: Data(),
                timeoutMs: 1_000, maxReplyBytes: 10), .badURL)
    }

    private func assertNoAnswer(
        _ request: SyncRequest, _ code: URLError.Code, file: StaticString = #filePath,
        line: UInt = #line
    ) async {
        do {
            let reply = try await transport.send(request)
            XCTFail("an answer: \(reply.status)", file: file, line: line)
        } catch {
            XCTAssertEqual((error as? URLError)?.code, code, file: file, line: line)
        }
    }
}
