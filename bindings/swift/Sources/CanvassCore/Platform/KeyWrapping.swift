import Foundation

/// What the engine is told of a status of the Keychain; nothing when it succeeded.
///
/// `Lost` is only said where the item is certainly gone: the engine then gives up the files that
/// it opened. Whatever may pass by itself is `Locked` or `Failed`, and changes nothing.
func callbackError(keychainStatus status: Int32) -> CallbackError? {
    switch status {
    case KeychainStatus.success: nil
    case KeychainStatus.itemNotFound: .Lost
    case KeychainStatus.interactionNotAllowed, KeychainStatus.notAvailable: .Locked
    default: .Failed(reason: "keychain status \(status)")
    }
}

/// The statuses (`OSStatus`) that mean something of their own here. They are spelt out as numbers
/// so that what follows from them is compiled and tested where there is no Keychain.
enum KeychainStatus {
    /// `errSecSuccess`
    static let success: Int32 = 0
    /// `errSecItemNotFound`: there is no such item, or it was made on another device.
    static let itemNotFound: Int32 = -25_300
    /// `errSecDuplicateItem`
    static let duplicateItem: Int32 = -25_299
    /// `errSecInteractionNotAllowed`: the device was not unlocked since it started.
    static let interactionNotAllowed: Int32 = -25_308
    /// `errSecNotAvailable`: the Keychain itself cannot be reached now.
    static let notAvailable: Int32 = -25_291
}

/// Where the keys of aliases are kept: the Keychain, by three of its calls.
protocol AliasKeys: Sendable {
    /// The alias's key, or the status that says why there is none.
    func read(_ alias: String) -> (key: Data?, status: Int32)
    /// Adds a key that was made just now; the status.
    func add(_ alias: String, _ key: Data) -> Int32
    /// Deletes the alias's key; the status.
    func delete(_ alias: String) -> Int32
}

/// Seals bytes under a key, bound to the alias that they are for.
protocol KeySealing: Sendable {
    /// A key by chance.
    func makeKey() -> Data
    /// Seals.
    func seal(_ bytes: Data, under key: Data, for alias: String) throws -> Data
    /// Opens what ``seal(_:under:for:)`` gave; throws when it is not that, or not whole.
    func open(_ sealed: Data, under key: Data, for alias: String) throws -> Data
}

/// The order of the steps of a `KeyVault` over an alias's keys: knows no platform.
struct KeyWrapping: Sendable {
    let keys: any AliasKeys
    let sealing: any KeySealing

    func wrap(alias: String, key: Data) throws -> Data {
        let aliasKey = try findOrMake(alias)
        return try typed("sealing") { try sealing.seal(key, under: aliasKey, for: alias) }
    }

    func unwrap(alias: String, wrapped: Data) throws -> Data {
        let aliasKey = try found(keys.read(alias))
        // The alias is there and does not open it: the key that sealed it is gone, and another
        // one has its name, as after a reinstallation.
        guard let key = try? sealing.open(wrapped, under: aliasKey, for: alias) else {
            throw CallbackError.Lost
        }
        return key
    }

    func delete(alias: String) throws {
        let status = keys.delete(alias)
        // The engine deletes again what it is not sure to have deleted.
        guard status != KeychainStatus.itemNotFound else { return }
        try check(status)
    }

    private func findOrMake(_ alias: String) throws -> Data {
        let there = keys.read(alias)
        guard there.status == KeychainStatus.itemNotFound else { return try found(there) }
        let made = sealing.makeKey()
        let status = keys.add(alias, made)
        // Someone else made it between the two calls: theirs is the one that stays.
        guard status != KeychainStatus.duplicateItem else { return try found(keys.read(alias)) }
        try check(status)
        return made
    }

    private func found(_ item: (key: Data?, status: Int32)) throws -> Data {
        try check(item.status)
        guard let key = item.key else {
            throw CallbackError.Failed(reason: "the keychain gave no data")
        }
        return key
    }

    private func check(_ status: Int32) throws {
        if let error = callbackError(keychainStatus: status) {
            throw error
        }
    }

    private func typed<T>(_ what: String, _ work: () throws -> T) throws -> T {
        do {
            return try work()
        } catch {
            throw CallbackError.Failed(reason: what)
        }
    }
}
