#!/bin/sh
# Type-checks the views against the outlines here; run in the Swift root, from the project's
# folder, after the package was built. Prints nothing when they agree.
set -eu
OUT=target/sketch
BUILT=ios-sample/.build/debug
mkdir -p "$OUT"
for module in CoreImage UniformTypeIdentifiers SwiftUI; do
  swiftc -swift-version 6 -parse-as-library -module-name "$module" -I "$OUT" \
    -emit-module -emit-module-path "$OUT/$module.swiftmodule" "ios-sample/Sketch/$module.swift"
done
swiftc -swift-version 6 -typecheck -warnings-as-errors -parse-as-library -module-name CanvassSample \
  -I "$OUT" -I "$BUILT/Modules" \
  -Xcc -fmodule-map-file="$PWD/bindings/swift/Sources/CanvassFFI/module.modulemap" \
  $(find ios-sample/Sources -name '*.swift') \
  $(find "$BUILT/CanvassSample.build/" -name resource_bundle_accessor.swift)
