import Foundation

@_spi(Testing) import CanvassCore

extension Canvass {
    /// An engine for an app's tests: its ids and keys follow from `seed`, its keys live in this
    /// object alone, its clock stands still and its network has no server unless others are given.
    ///
    /// The same seed and calls give the same ids. It leaves nothing behind: SQLite's files are
    /// kept in a private temporary directory, sealed under keys that nobody has after this
    /// process, and are deleted on ``close()``. (Files in memory alone would need a file system of
    /// SQLite's in the phone's library that no phone uses.)
    ///
    /// ```swift
    /// let canvass = try await Canvass.inMemory(seed: 7)
    /// let list = try await canvass.createCampaign(
    ///     about: NewCampaign(name: "Ward 3", canvasser: "Ash"))
    /// let status = try await canvass.syncStatus()
    /// ```
    public static func inMemory(
        seed: UInt64,
        clock: Clock = TestClock(start: testMorning),
        network: SyncTransport = FakeNetwork()
    ) async throws -> Canvass {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("canvass-test-\(UUID().uuidString)")
        let config = EngineConfig(
            directory: directory.appendingPathComponent("engine").path, testSeed: seed)
        let forget: @Sendable () -> Void = { try? FileManager.default.removeItem(at: directory) }
        do {
            return try await open(
                config: config, vault: MemoryKeyVault(), clock: clock, transport: network,
                onClosed: forget)
        } catch {
            forget()
            throw error
        }
    }

    /// Where the clock of ``inMemory(seed:clock:network:)`` stands if no other is given.
    public static let testMorning = Date(timeIntervalSince1970: 1_791_036_000)
}

/// A `KeyVault` that keeps its keys in this object, and forgets them with it: for tests only.
public final class MemoryKeyVault: KeyVault, @unchecked Sendable {
    private let lock = NSLock()
    private var kept: [String: Data] = [:]

    /// A vault without a key.
    public init() {}

    public func wrap(alias: String, key: Data) throws -> Data {
        lock.withLock { kept[alias] = key }
        return Data(alias.utf8)
    }

    public func unwrap(alias: String, wrapped: Data) throws -> Data {
        guard let key = lock.withLock({ kept[alias] }) else { throw CallbackError.Lost }
        return key
    }

    public func delete(alias: String) throws {
        lock.withLock { kept[alias] = nil }
    }
}
