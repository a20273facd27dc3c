#if canImport(Security) && canImport(CryptoKit)
    import CryptoKit
    import Foundation
    import Security

    /// A `KeyVault` over the Keychain: what an app gives ``Canvass/open(config:vault:clock:transport:)``.
    ///
    /// Each alias has an AES-256 key of its own in the Keychain, which never leaves this device
    /// (no backup, no iCloud) and can be read from the first unlock after a restart on, so that
    /// background sync works while the screen is locked. What the engine stores is sealed under
    /// it with AES-GCM; deleting the alias makes it unreadable.
    ///
    /// Before the first unlock every call is `CallbackError.Locked`, which the engine reports as
    /// ``CanvassError/TryLater``: open again when the app becomes active.
    public final class KeychainVault: KeyVault {
        private let wrapping: KeyWrapping

        /// A vault.
        ///
        /// - Parameters:
        ///   - service: sets these keys apart from the app's other Keychain items. An app that
        ///     opens several directories gives each its own.
        ///   - accessGroup: of an app whose extensions open the same directory.
        public init(service: String = "org.canvasscore.keys", accessGroup: String? = nil) {
            wrapping = KeyWrapping(
                keys: KeychainItems(service: service, accessGroup: accessGroup),
                sealing: AesGcm())
        }

        public func wrap(alias: String, key: Data) throws -> Data {
            try wrapping.wrap(alias: alias, key: key)
        }

        public func unwrap(alias: String, wrapped: Data) throws -> Data {
            try wrapping.unwrap(alias: alias, wrapped: wrapped)
        }

        public func delete(alias: String) throws {
            try wrapping.delete(alias: alias)
        }
    }

    /// Generic passwords of one service, an item for each alias.
    private struct KeychainItems: AliasKeys {
        let service: String
        let accessGroup: String?

        func read(_ alias: String) -> (key: Data?, status: Int32) {
            var query = item(alias)
            query[kSecReturnData] = true
            query[kSecMatchLimit] = kSecMatchLimitOne
            var found: CFTypeRef?
            let status = SecItemCopyMatching(query as CFDictionary, &found)
            return (found as? Data, status)
        }

        func add(_ alias: String, _ key: Data) -> Int32 {
            var query = item(alias)
            query[kSecValueData] = key
            query[kSecAttrAccessible] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
            return SecItemAdd(query as CFDictionary, nil)
        }

        func delete(_ alias: String) -> Int32 {
            SecItemDelete(item(alias) as CFDictionary)
        }

        private func item(_ alias: String) -> [CFString: Any] {
            var query: [CFString: Any] = [
                kSecClass: kSecClassGenericPassword,
                kSecAttrService: service,
                kSecAttrAccount: alias,
                kSecAttrSynchronizable: false,
                // On a Mac, the Keychain that works as that of iOS does.
                kSecUseDataProtectionKeychain: true,
            ]
            query[kSecAttrAccessGroup] = accessGroup
            return query
        }
    }

    /// AES-256 in Galois counter mode: nonce, ciphertext and tag in one piece.
    private struct AesGcm: KeySealing {
        func makeKey() -> Data {
            SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        }

        func seal(_ bytes: Data, under key: Data, for alias: String) throws -> Data {
            let box = try AES.GCM.seal(
                bytes, using: SymmetricKey(data: key), authenticating: Data(alias.utf8))
            guard let sealed = box.combined else { throw CryptoKitError.incorrectParameterSize }
            return sealed
        }

        func open(_ sealed: Data, under key: Data, for alias: String) throws -> Data {
            try AES.GCM.open(
                AES.GCM.SealedBox(combined: sealed), using: SymmetricKey(data: key),
                authenticating: Data(alias.utf8))
        }
    }
#endif
