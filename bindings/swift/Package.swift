// swift-tools-version: 6.0

// Canvass Core for Swift. `cargo xtask bindings` writes the generated half first.
//
// The native library is found by the linker: build with `-Xlinker -L<folder of
// libcanvass_bindings>`, or let `cargo xtask test` do it.

import PackageDescription

let package = Package(
    name: "CanvassCore",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [
        .library(name: "CanvassCore", targets: ["CanvassCore"]),
        .library(name: "CanvassCoreTesting", targets: ["CanvassCoreTesting"]),
    ],
    targets: [
        .systemLibrary(name: "CanvassFFI"),
        .target(name: "CanvassCore", dependencies: ["CanvassFFI"]),
        .target(name: "CanvassCoreTesting", dependencies: ["CanvassCore"]),
        .testTarget(
            name: "CanvassCoreTests", dependencies: ["CanvassCore", "CanvassCoreTesting"]),
    ],
    swiftLanguageModes: [.v6]
)
