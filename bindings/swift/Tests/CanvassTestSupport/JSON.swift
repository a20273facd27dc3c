import Foundation

/// A JSON value, read as it stands.
public enum JSON: Decodable, Equatable {
    /// Nothing.
    case null
    /// A truth value.
    case bool(Bool)
    /// A number.
    case number(Double)
    /// A text.
    case text(String)
    /// A list.
    case list([JSON])
    /// An object.
    case object([String: JSON])

    /// Decodes any value.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSON].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSON].self))
        }
    }

    /// Reads a value.
    public init(_ data: Data) throws {
        self = try JSONDecoder().decode(JSON.self, from: data)
    }

    /// A field of an object; nothing when there is no such field.
    public subscript(_ field: String) -> JSON? {
        fields[field]
    }

    /// The fields of an object.
    public var fields: [String: JSON] {
        if case .object(let fields) = self { fields } else { [:] }
    }

    /// The values of a list.
    public var list: [JSON] {
        if case .list(let values) = self { values } else { [] }
    }

    /// The text, if it is one.
    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The truth value, if it is one.
    public var flag: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    /// The number, if it is one.
    public var number: Double? {
        if case .number(let number) = self { number } else { nil }
    }

    /// A field that must be there.
    public func text(_ field: String) throws -> String {
        guard let text = self[field]?.text else { throw Unexpected("no \(field)") }
        return text
    }

    /// A field that must be there.
    public func number(_ field: String) throws -> Int64 {
        guard let number = self[field]?.number else { throw Unexpected("no \(field)") }
        return Int64(number)
    }

    /// As it is sent.
    public var data: Data {
        get throws {
            try JSONSerialization.data(withJSONObject: plain, options: [.fragmentsAllowed])
        }
    }

    private var plain: Any {
        switch self {
        case .null: NSNull()
        case .bool(let bool): bool
        case .number(let number): number == number.rounded() ? Int64(number) as Any : number
        case .text(let text): text
        case .list(let list): list.map(\.plain)
        case .object(let fields): fields.mapValues(\.plain)
        }
    }
}
