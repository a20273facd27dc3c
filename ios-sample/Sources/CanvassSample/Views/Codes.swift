#if canImport(SwiftUI)
    import CanvassCore
    import CoreImage
    import SwiftUI

    #if canImport(VisionKit) && os(iOS)
        import Vision
        import VisionKit
    #endif

    /// Shows QR codes one after the other, again and again, for another phone's camera.
    struct FrameShow: View {
        let frames: [String]

        private static let secondsEach = 0.4

        var body: some View {
            TimelineView(.periodic(from: .now, by: Self.secondsEach)) { timeline in
                if let frame = frame(at: timeline.date), let image = code(frame) {
                    Image(decorative: image, scale: 1)
                        .interpolation(.none)
                        .resizable()
                        .scaledToFit()
                        .padding()
                        .background(.white)
                        .accessibilityElement()
                        .accessibilityLabel(Text(Word.handCode))
                }
            }
        }

        private func frame(at moment: Date) -> String? {
            guard !frames.isEmpty else { return nil }
            let turn = Int(moment.timeIntervalSinceReferenceDate / Self.secondsEach)
            return frames[turn % frames.endIndex]
        }

        private func code(_ text: String) -> CGImage? {
            guard let filter = CIFilter(name: "CIQRCodeGenerator") else { return nil }
            filter.setValue(Data(text.utf8), forKey: "inputMessage")
            filter.setValue("L", forKey: "inputCorrectionLevel")
            return filter.outputImage.flatMap {
                CIContext().createCGImage($0, from: $0.extent)
            }
        }
    }

    /// The camera, until a code is read; what the text means is for whoever asked.
    struct ScanSheet: View {
        let take: @MainActor (String) -> Void
        @Environment(\.dismiss) private var dismiss

        var body: some View {
            NavigationStack {
                VStack {
                    #if canImport(VisionKit) && os(iOS)
                        if DataScannerViewController.isSupported,
                            DataScannerViewController.isAvailable
                        {
                            CodeScanner(take: take)
                            Text(Word.scanHint).padding()
                        } else {
                            Text(Word.scanUnavailable).padding()
                        }
                    #else
                        Text(Word.scanUnavailable).padding()
                    #endif
                }
                .toolbar {
                    Button {
                        dismiss()
                    } label: {
                        Text(Word.cancel).frame(minHeight: leastTarget)
                    }
                }
            }
        }
    }

    #if canImport(VisionKit) && os(iOS)
        /// The system's scanner for QR codes.
        private struct CodeScanner: UIViewControllerRepresentable {
            let take: @MainActor (String) -> Void

            func makeUIViewController(context: Context) -> DataScannerViewController {
                let scanner = DataScannerViewController(
                    recognizedDataTypes: [.barcode(symbologies: [.qr])],
                    isHighFrameRateTrackingEnabled: true)
                scanner.delegate = context.coordinator
                return scanner
            }

            func updateUIViewController(
                _ scanner: DataScannerViewController, context: Context
            ) {
                try? scanner.startScanning()
            }

            func makeCoordinator() -> Reader {
                Reader(take: take)
            }

            @MainActor
            final class Reader: NSObject, DataScannerViewControllerDelegate {
                private let take: @MainActor (String) -> Void

                init(take: @escaping @MainActor (String) -> Void) {
                    self.take = take
                }

                func dataScanner(
                    _ scanner: DataScannerViewController, didAdd items: [RecognizedItem],
                    allItems: [RecognizedItem]
                ) {
                    read(items)
                }

                func dataScanner(
                    _ scanner: DataScannerViewController, didUpdate items: [RecognizedItem],
                    allItems: [RecognizedItem]
                ) {
                    read(items)
                }

                private func read(_ items: [RecognizedItem]) {
                    for case .barcode(let code) in items {
                        if let text = code.payloadStringValue {
                            take(text)
                        }
                    }
                }
            }
        }
    #endif
#endif
