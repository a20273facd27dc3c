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
        // What the project's own tests share; nothing for apps.
        .library(name: "CanvassTestSupport", targets: ["CanvassTestSupport"]),
    ],
    targets: [
        .systemLibrary(name: "CanvassFFI"),
        .target(
            name: "CanvassCore", dependencies: ["CanvassFFI"],
            resources: [.copy("PrivacyInfo.xcprivacy")]),
        .target(name: "CanvassCoreTesting", dependencies: ["CanvassCore"]),
        .target(name: "CanvassTestSupport", path: "Tests/CanvassTestSupport"),
        .testTarget(
            name: "CanvassCoreTests",
            dependencies: ["CanvassCore", "CanvassCoreTesting", "CanvassTestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
