// swift-tools-version: 6.0

// What a list costs through Swift. `cargo xtask bench swift` builds and runs it.

import PackageDescription

let package = Package(
    name: "CanvassBench",
    platforms: [.macOS(.v14)],
    dependencies: [.package(name: "CanvassCore", path: "../../bindings/swift")],
    targets: [
        .executableTarget(
            name: "CanvassBench",
            dependencies: [
                .product(name: "CanvassCore", package: "CanvassCore"),
                .product(name: "CanvassCoreTesting", package: "CanvassCore"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
