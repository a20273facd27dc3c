import Foundation

/// An operator who does the steps of a scenario that are an operator's; what the server's answers
/// gave is kept by name. `tests/scenarios/README.md` says what each step does.
public struct Operator: Sendable {
    private let server: CampaignServer
    private var texts: [String: String] = [:]

    /// The operator of a backend.
    public init(server: CampaignServer) {
        self.server = server
    }

    /// A campaign of the scenario's town: doors, people, a script, one list, invitations.
    public static func openedCampaign(
        of name: String, on server: CampaignServer
    ) async throws -> Operator {
        var made = Operator(server: server)
        for step in try scenario(name).steps.prefix(while: { $0["operator"] != nil }) {
            try await made.step(step)
        }
        return made
    }

    /// What a step kept of a server's answer.
    public func kept(_ name: String) throws -> String {
        guard let text = texts[name] else { throw Unexpected("no \(name)") }
        return text
    }

    /// The link of an invitation that a step kept.
    public func link(_ name: String) throws -> String {
        try server.address + kept(name)
    }

    /// A path of the campaign's.
    public func path(_ below: String) throws -> String {
        try "/v1/campaigns/\(kept("campaign"))\(below)"
    }

    /// The campaign's changes, as a file.
    public func changes() async throws -> String {
        let file = try await server.operate("GET", path("/export/csv"), Data())
        return String(decoding: file, as: UTF8.self)
    }

    /// Does one step, and throws when something else comes out than it expects.
    public mutating func step(_ step: JSON) async throws {
        let path = try texts.reduce(step.text("path")) { path, kept in
            path.replacingOccurrences(of: "{\(kept.key)}", with: kept.value)
        }
        let file = try step["file"]?.text.map { try Data(contentsOf: fixture($0)) }
        let body = try file ?? step["body"]?.data ?? Data()
        let answer = try await server.operate(step.text("operator"), path, body)
        if let name = step["file_equals"]?.text {
            return try sameFile(answer, name)
        }
        let told = try JSON(answer)
        for (name, field) in step["keep"]?.fields ?? [:] {
            texts[name] = try told.text(field.text ?? "")
        }
        if let expected = step["equals"] {
            try same(told, expected)
        }
    }
}

/// A scenario of `tests/scenarios`.
public func scenario(_ name: String) throws -> JSON {
    let path = project.appendingPathComponent("tests/scenarios/\(name).json")
    return try JSON(Data(contentsOf: path))
}

extension JSON {
    /// A scenario's steps.
    public var steps: [JSON] {
        self["steps"]?.list ?? []
    }
}

/// Throws when it is not what was expected.
public func same<T: Equatable>(_ found: T, _ expected: T, _ what: String = "it") throws {
    if found != expected {
        throw Unexpected("\(what) is \(found), expected \(expected)")
    }
}

/// Byte for byte; both sides are shown as text.
public func sameFile(_ found: Data, _ name: String) throws {
    let expected = try Data(contentsOf: fixture(name))
    if found != expected {
        try same(
            String(decoding: found, as: UTF8.self), String(decoding: expected, as: UTF8.self), name)
    }
}
