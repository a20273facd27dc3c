import CanvassCore
import Foundation

/// A `KeyVault` of plain files: for tests only.
///
/// What it wraps lies readable in `directory`, and the wrapped form is only the name under
/// which it lies there. An app uses the Keychain.
public final class FileKeyVault: KeyVault {
    private let directory: URL

    /// A vault in `directory`, which is made when the first key is wrapped.
    public init(directory: URL) {
        self.directory = directory
    }

    public func wrap(alias: String, key: Data) throws -> Data {
        try typed {
            let handle = UUID().uuidString
            let file = try path(alias, Data(handle.utf8))
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            let isWritten = FileManager.default.createFile(
                atPath: file.path, contents: key, attributes: [.posixPermissions: 0o600])
            guard isWritten else { throw CallbackError.Failed(reason: "cannot write") }
            return Data(handle.utf8)
        }
    }

    public func unwrap(alias: String, wrapped: Data) throws -> Data {
        let file = try path(alias, wrapped)
        guard FileManager.default.fileExists(atPath: file.path) else { throw CallbackError.Lost }
        return try typed { try Data(contentsOf: file) }
    }

    public func delete(alias: String) throws {
        let folder = directory.appendingPathComponent(alias)
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        try typed { try FileManager.default.removeItem(at: folder) }
    }

    private func path(_ alias: String, _ wrapped: Data) throws -> URL {
        // Only a handle of this vault's own making is a file's name.
        guard let handle = UUID(uuidString: String(decoding: wrapped, as: UTF8.self)) else {
            throw CallbackError.Lost
        }
        return directory.appendingPathComponent(alias).appendingPathComponent(handle.uuidString)
    }

    private func typed<T>(_ work: () throws -> T) throws -> T {
        do {
            return try work()
        } catch let error as CallbackError {
            throw error
        } catch {
            throw CallbackError.Failed(reason: "the key file cannot be read or written")
        }
    }
}
