// swift-tools-version: 6.0

// The iOS sample. So far its view models, which need no iOS.

import PackageDescription

let package = Package(
    name: "CanvassSample",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "CanvassSample", targets: ["CanvassSample"])],
    dependencies: [.package(name: "CanvassCore", path: "../bindings/swift")],
    targets: [
        .target(
            name: "CanvassSample",
            dependencies: [.product(name: "CanvassCore", package: "CanvassCore")]),
        .testTarget(
            name: "CanvassSampleTests",
            dependencies: [
                "CanvassSample", .product(name: "CanvassCoreTesting", package: "CanvassCore"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
