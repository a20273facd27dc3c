// swift-tools-version: 6.0

// A package as an app developer has it: one dependency, and nothing else of this tree. CANVASS
// names the checkout.

import PackageDescription

let checkout = Context.environment["CANVASS"] ?? "set CANVASS to the checkout"

let package = Package(
    name: "Consumer",
    platforms: [.iOS(.v17), .macOS(.v14)],
    dependencies: [.package(path: "\(checkout)/bindings/swift")],
    targets: [
        .executableTarget(
            name: "Consumer",
            dependencies: [
                .product(name: "CanvassCore", package: "swift"),
                .product(name: "CanvassCoreTesting", package: "swift"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
