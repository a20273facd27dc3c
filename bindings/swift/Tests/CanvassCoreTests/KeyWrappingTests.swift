import CanvassTestSupport
import XCTest

@testable import CanvassCore

/// What a KeyVault over the Keychain makes of each status; the Keychain itself is on no Linux.
final class KeyWrappingTests: XCTestCase {
    private let keychain = Keychain()
    private let key = Data((0..<32).map { UInt8($0) })

    private var vault: KeyWrapping { KeyWrapping(keys: keychain, sealing: Xor()) }

    func testAStatusIsLostOnlyWhenTheItemIsGoneAndLockedWhenItCanPass() {
        let expected: [Int32: CallbackError] = [
            -25_300: .Lost, -25_308: .Locked, -25_291: .Locked,
            -25_293: .Failed(reason: "keychain status -25293"),
            -34_018: .Failed(reason: "keychain status -34018"),
            -26_275: .Failed(reason: "keychain status -26275"),
        ]
        for (status, error) in expected {
            XCTAssertEqual(callbackError(keychainStatus: status), error, "\(status)")
        }
        XCTAssertNil(callbackError(keychainStatus: 0))
    }

    func testWhatIsWrappedComesBackUntilItsAliasIsDeletedAndUnderNoOther() throws {
        let wrapped = try vault.wrap(alias: "main", key: key)
        XCTAssertNotEqual(wrapped, key)
        XCTAssertEqual(try vault.unwrap(alias: "main", wrapped: wrapped), key)
        let other = try vault.wrap(alias: "list", key: key)
        XCTAssertNotEqual(other, wrapped)
        assertFails(.Lost) { try vault.unwrap(alias: "list", wrapped: wrapped) }
        try vault.delete(alias: "main")
        try vault.delete(alias: "main")
        assertFails(.Lost) { try vault.unwrap(alias: "main", wrapped: wrapped) }
        XCTAssertEqual(try vault.unwrap(alias: "list", wrapped: other), key)
    }

    func testAnAliasThatWasMadeAnewDoesNotOpenWhatItsNamesakeSealed() throws {
        let wrapped = try vault.wrap(alias: "main", key: key)
        try vault.delete(alias: "main")
        _ = try vault.wrap(alias: "main", key: key)
        assertFails(.Lost) { try vault.unwrap(alias: "main", wrapped: wrapped) }
    }

    func testTwoWhoMakeAnAliasAtOnceUseOneKey() throws {
        let first = try vault.wrap(alias: "main", key: key)
        keychain.pretendsAbsentOnce = true
        let second = try vault.wrap(alias: "main", key: key)
        for wrapped in [first, second] {
            XCTAssertEqual(try vault.unwrap(alias: "main", wrapped: wrapped), key)
        }
    }

    func testALockedKeychainIsLockedInEveryCallAndMakesNoKey() throws {
        let wrapped = try vault.wrap(alias: "main", key: key)
        keychain.status = -25_308
        assertFails(.Locked) { try vault.wrap(alias: "new", key: key) }
        assertFails(.Locked) { try vault.unwrap(alias: "main", wrapped: wrapped) }
        assertFails(.Locked) { try vault.delete(alias: "main") }
        keychain.status = 0
        XCTAssertEqual(keychain.items.current.count, 1)
        XCTAssertEqual(try vault.unwrap(alias: "main", wrapped: wrapped), key)
    }

    private func assertFails<T>(
        _ expected: CallbackError, line: UInt = #line, _ work: () throws -> T
    ) {
        XCTAssertThrowsError(try work(), line: line) {
            XCTAssertEqual($0 as? CallbackError, expected, line: line)
        }
    }
}

/// Answers as the system's Keychain does.
private final class Keychain: AliasKeys, @unchecked Sendable {
    let items = Shared<[String: Data]>([:])
    /// Of every call, unless it is success.
    var status: Int32 = 0
    /// As another thread may make the item after the first look.
    var pretendsAbsentOnce = false

    func read(_ alias: String) -> (key: Data?, status: Int32) {
        guard status == 0 else { return (nil, status) }
        guard !pretendsAbsentOnce, let key = items.current[alias] else {
            pretendsAbsentOnce = false
            return (nil, -25_300)
        }
        return (key, 0)
    }

    func add(_ alias: String, _ key: Data) -> Int32 {
        guard status == 0 else { return status }
        return items.change { items in
            guard items[alias] == nil else { return -25_299 }
            items[alias] = key
            return 0
        }
    }

    func delete(_ alias: String) -> Int32 {
        guard status == 0 else { return status }
        return items.change { $0.removeValue(forKey: alias) == nil ? -25_300 : 0 }
    }
}

/// Seals so that a wrong key or alias is noticed: all that this test needs of a cipher.
private struct Xor: KeySealing {
    func makeKey() -> Data {
        Data(UUID().uuidString.utf8)
    }

    func seal(_ bytes: Data, under key: Data, for alias: String) throws -> Data {
        let check = Data((alias + String(decoding: key, as: UTF8.self)).utf8)
        return check + Data(bytes.map { $0 ^ 0x5a })
    }

    func open(_ sealed: Data, under key: Data, for alias: String) throws -> Data {
        let check = Data((alias + String(decoding: key, as: UTF8.self)).utf8)
        guard sealed.starts(with: check) else { throw Unexpected("another key") }
        return Data(sealed.dropFirst(check.count).map { $0 ^ 0x5a })
    }
}
