// The outlines of CoreImage, as far as this app uses it; see SwiftUI.swift.

@_exported import Foundation

public final class CGImage {}

public final class CIImage {
    public var extent: CGRect { fatalError() }
}

public final class CIFilter {
    public init?(name: String) {}
    public func setValue(_ value: Any?, forKey key: String) {}
    public var outputImage: CIImage? { fatalError() }
}

public final class CIContext {
    public init() {}
    public func createCGImage(_ image: CIImage, from rect: CGRect) -> CGImage? { fatalError() }
}
