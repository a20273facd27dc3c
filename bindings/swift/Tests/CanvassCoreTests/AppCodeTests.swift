import CanvassCoreTesting
import CanvassTestSupport
import XCTest

@testable import CanvassCore

/// What the app gives the engine may fail; that arrives typed and harms nothing.
final class AppCodeTests: EngineTestCase {
    func testALockedKeyStoreIsTryLaterAndTheSameDirectoryOpensLater() async throws {
        let place = newPlace()
        let locked = FailingVault(CallbackError.Locked)
        let first = await failure { try await place.open(vault: locked) }
        XCTAssertEqual(first, .TryLater)
        try await place.open().close()
        let second = await failure { try await place.open(vault: locked) }
        XCTAssertEqual(second, .TryLater)
        try await place.open().close()
    }

    func testAKeyStoreThatLostItsKeyIsKeyLostAndNothingIsMadeAnew() async throws {
        let place = newPlace()
        try await place.open().close()
        let before = try place.files()
        let error = await failure {
            try await place.open(vault: FailingVault(CallbackError.Lost))
        }
        XCTAssertEqual(error, .KeyLost(file: .main))
        XCTAssertEqual(try place.files(), before)
    }

    func testAnErrorThatTheKeyStoreDidNotDeclareArrivesTyped() async throws {
        let place = newPlace()
        let error = await failure { try await place.open(vault: FailingVault(Defect())) }
        XCTAssertEqual(error, .Internal(code: "key_vault"))
        try await place.open().close()
    }

    func testAClockThatThrowsIsNoReasonToLoseAChange() async throws {
        let canvass = try await newPlace().open(clock: BrokenClock())
        try await canvass.join(invitation: invitation(1))
        let status = try await canvass.syncStatus()
        XCTAssertTrue(status.hasServer)
    }

    func testAListenerThatThrowsDisturbsNeitherTheCallerNorTheNextListener() throws {
        let engine = try newPlace().openEngine()
        let told = Shared<[UInt64]>([])
        let first = try engine.subscribe(listener: Listener { _ in throw Defect() })
        let second = try engine.subscribe(
            listener: Listener { notice in told.change { $0.append(notice.revision) } })
        try engine.join(invitation: invitation(1))
        XCTAssertEqual(told.current, [1])
        first.cancel()
        second.cancel()
    }

    func testMomentsCrossToTheMicrosecond() throws {
        let moments = [
            -62_135_596_800, -0.000_001, -0.25, 0, 1_791_018_000.000_001, 10_413_791_999.999_999,
        ].map(Date.init(timeIntervalSince1970:))
        for moment in moments {
            let crossed = try FfiConverterTypeTimestamp_lift(
                FfiConverterTypeTimestamp_lower(moment))
            XCTAssertEqual(
                crossed.timeIntervalSince1970, moment.timeIntervalSince1970, accuracy: 1e-5)
        }
        for micros: Int64 in [-1, 0, 1, 1_791_018_000_250_001] {
            let crossed = FfiConverterTypeTimestamp_lower(
                try FfiConverterTypeTimestamp_lift(micros))
            XCTAssertEqual(crossed, micros)
        }
    }

    func testTheSystemsClockRunsForwardsWithinOneBoot() {
        let clock = SystemClock()
        let before = clock.sinceBootMs()
        Thread.sleep(forTimeInterval: 0.03)
        XCTAssertGreaterThan(clock.sinceBootMs(), before)
        XCTAssertFalse(clock.bootId().isEmpty)
        XCTAssertEqual(clock.bootId(), SystemClock().bootId())
        XCTAssertGreaterThan(clock.wallMs(), 1_700_000_000_000)
    }

    func testTheVaultForTestsKeepsWhatItWrappedUntilTheAliasIsDeleted() throws {
        let place = newPlace()
        let key = Data((0..<64).map { UInt8($0) })
        let wrapped = try place.vault.wrap(alias: "a", key: key)
        XCTAssertEqual(try place.vault.unwrap(alias: "a", wrapped: wrapped), key)
        let other = try place.vault.wrap(alias: "b", key: key)
        assertLost { try place.vault.unwrap(alias: "b", wrapped: wrapped) }
        assertLost { try place.vault.unwrap(alias: "a", wrapped: Data("../b".utf8)) }
        try place.vault.delete(alias: "a")
        try place.vault.delete(alias: "a")
        assertLost { try place.vault.unwrap(alias: "a", wrapped: wrapped) }
        XCTAssertEqual(try place.vault.unwrap(alias: "b", wrapped: other), key)
    }

    private func assertLost(_ work: () throws -> Data) {
        XCTAssertThrowsError(try work()) { XCTAssertEqual($0 as? CallbackError, .Lost) }
    }
}

private struct Defect: Error {}

private final class FailingVault: KeyVault {
    private let error: any Error

    init(_ error: any Error) {
        self.error = error
    }

    func wrap(alias: String, key: Data) throws -> Data { throw error }

    func unwrap(alias: String, wrapped: Data) throws -> Data { throw error }

    func delete(alias: String) throws { throw error }
}

private final class BrokenClock: Clock {
    func wallMs() throws -> Int64 { throw CallbackError.Failed(reason: "no clock") }

    func bootId() throws -> String { throw Defect() }

    func sinceBootMs() throws -> UInt64 { throw Defect() }
}
