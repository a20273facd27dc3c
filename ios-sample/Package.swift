// swift-tools-version: 6.0

// The iOS sample without its app bundle: models that need no iOS, and the views over them, which
// compile to nothing where SwiftUI is missing. project.yml makes the app of it on a Mac.

import PackageDescription

let package = Package(
    name: "CanvassSample",
    defaultLocalization: "en",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "CanvassSample", targets: ["CanvassSample"])],
    dependencies: [.package(name: "CanvassCore", path: "../bindings/swift")],
    targets: [
        .target(
            name: "CanvassSample",
            dependencies: [.product(name: "CanvassCore", package: "CanvassCore")],
            resources: [.process("Resources")]),
        .testTarget(
            name: "CanvassSampleTests",
            dependencies: [
                "CanvassSample", .product(name: "CanvassCoreTesting", package: "CanvassCore"),
                .product(name: "CanvassTestSupport", package: "CanvassCore"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
