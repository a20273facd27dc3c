// The outlines of UniformTypeIdentifiers, as far as this app uses it; see SwiftUI.swift.

public struct UTType: Sendable {
    public static let data = UTType()
}
