import CanvassCore
import Foundation
import Observation

/// What the Phone to phone screen shows.
public struct PhoneToPhoneState: Equatable {
    /// Which way the work goes.
    public enum Way: Equatable, Sendable {
        /// This phone takes in what another one holds: it shows what it has, then reads.
        case receive
        /// This phone hands on what it holds: it reads what the other one has, then shows.
        case give
    }

    /// Which way the work goes.
    public var way = Way.receive
    /// The texts of the QR codes to show, one after the other.
    public var frames: [String] = []
    /// How many of the other phone's codes have been read.
    public var read = FrameProgress(there: 0, of: 0)
    /// What is handed on, as a file for those who would rather send one.
    public var bundle: Data?
    /// What a bundle brought.
    public var report: BundleReport?
    /// The same, in words.
    public var sentence: String?
}

/// Work that goes from one phone to another without a network.
@MainActor
@Observable
public final class PhoneToPhoneScreen: Screen {
    /// What to show.
    public private(set) var state = PhoneToPhoneState()
    private let canvass: Canvass
    private var collector = FrameCollector()

    /// The screen of one engine.
    public init(canvass: Canvass) {
        self.canvass = canvass
    }

    /// Begins one way: receiving shows what this phone has, giving waits for what the other has.
    public func begin(way: PhoneToPhoneState.Way) async {
        collector = FrameCollector()
        state = PhoneToPhoneState()
        state.way = way
        guard way == .receive else { return }
        await act {
            state.frames = try await canvass.qrFrames(bytes: canvass.peerSummary())
        }
    }

    /// Takes the text of a code that the camera has read; any order, any number of times.
    public func take(text: String) async {
        await act {
            let whole = try collector.take(text: text)
            state.read = collector.progress()
            guard let whole else { return }
            collector = FrameCollector()
            switch state.way {
            case .receive: try await apply(whole)
            case .give: try await hand(to: whole)
            }
        }
    }

    /// Takes in a bundle that came as a file.
    public func take(file: Data) async {
        await act { try await apply(file) }
    }

    private func hand(to summary: Data) async throws {
        let bundle = try await canvass.makeBundle(summary: summary)
        state.bundle = bundle
        state.frames = try await canvass.qrFrames(bytes: bundle)
    }

    private func apply(_ bundle: Data) async throws {
        let report = try await canvass.applyBundle(bundle: bundle)
        state.report = report
        state.sentence = try await canvass.bundleSentence(report)
    }
}
