import Foundation

/// Where an app keeps the engine's files.
///
/// They belong to this phone alone: a copy of them in a backup could be restored beside the
/// original, and voter data does not go to anyone's cloud. What matters leaves the phone by sync.
public enum CanvassDirectory {
    /// The engine's directory in Application Support, made if it is absent.
    ///
    /// On Apple's systems it is left out of backups, and its files can be read from the first
    /// unlock after a restart on: background sync runs while the screen is locked.
    ///
    /// - Parameter name: one for each campaign that the app opens.
    public static func inApplicationSupport(named name: String = "canvass") throws -> URL {
        let support = try FileManager.default.url(
            for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil,
            create: true)
        return try prepare(support.appendingPathComponent(name, isDirectory: true))
    }

    /// Makes a directory if it is absent, and keeps it out of backups and open to background
    /// work, also when an earlier build of the app made it without.
    @discardableResult
    public static func prepare(_ directory: URL) throws -> URL {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        #if canImport(Darwin)
            var values = URLResourceValues()
            values.isExcludedFromBackup = true
            var excluded = directory
            try excluded.setResourceValues(values)
        #endif
        #if os(iOS)
            // What is made inside it follows; what is there already is set file by file.
            let files = try FileManager.default.contentsOfDirectory(
                at: directory, includingPropertiesForKeys: nil)
            for path in [directory] + files {
                try FileManager.default.setAttributes(
                    [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication],
                    ofItemAtPath: path.path)
            }
        #endif
        return directory
    }
}
