#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// What fingers can hit.
    let leastTarget: CGFloat = 44

    extension Text {
        /// A label that stands still.
        init(_ word: Word) {
            self.init(verbatim: word.text)
        }
    }

    extension Label where Title == Text, Icon == Image {
        /// A label that stands still, with a symbol that says the same.
        init(_ word: Word, symbol: String) {
            self.init {
                Text(word)
            } icon: {
                Image(systemName: symbol)
            }
        }
    }

    /// Why the last act did nothing, and what to do next; nothing when it did.
    struct ErrorNote: View {
        let error: CanvassError?

        var body: some View {
            if let error {
                Label {
                    Text(verbatim: error.userSentence())
                } icon: {
                    Image(systemName: "exclamationmark.triangle")
                }
                .foregroundStyle(.red)
                .frame(maxWidth: .infinity, minHeight: leastTarget, alignment: .leading)
                .accessibilityElement(children: .combine)
            }
        }
    }

    /// A button as wide as the screen, easy to hit in the rain.
    struct WideButton: View {
        let word: Word
        let symbol: String
        var isProminent = false
        let act: @MainActor () async -> Void

        var body: some View {
            let button = Button {
                Task { await act() }
            } label: {
                Label(word, symbol: symbol)
                    .frame(maxWidth: .infinity, minHeight: leastTarget)
            }
            if isProminent {
                button.buttonStyle(.borderedProminent)
            } else {
                button.buttonStyle(.bordered)
            }
        }
    }

    /// Where a record is safe, as a symbol that is read aloud.
    struct SavedMark: View {
        let saved: SavedWhere

        var body: some View {
            Image(systemName: symbol)
                .foregroundStyle(.secondary)
                .accessibilityLabel(Text(word))
        }

        private var symbol: String {
            switch saved {
            case .onThisPhone: "iphone"
            case .onAnotherPhone: "iphone.gen3.radiowaves.left.and.right"
            case .atCampaign: "checkmark.seal"
            }
        }

        private var word: Word {
            switch saved {
            case .onThisPhone: Word.savedOnThisPhone
            case .onAnotherPhone: Word.savedOnAnotherPhone
            case .atCampaign: Word.savedAtCampaign
            }
        }
    }

    /// A moment beside what it is of.
    struct MomentRow: View {
        let word: Word
        let moment: Date?

        var body: some View {
            if let moment {
                LabeledContent {
                    Text(moment, format: .dateTime.weekday().hour().minute())
                } label: {
                    Text(word)
                }
            }
        }
    }

    extension AskKind {
        /// The kinds that every campaign knows; one of its own comes with its script.
        static let common: [AskKind] = [
            .volunteer, .yardSign, .pledgeToVote, .rideToPolls, .contactMe,
        ]

        /// What it is called.
        var label: String {
            switch self {
            case .volunteer: Word.askVolunteer.text
            case .yardSign: Word.askYardSign.text
            case .pledgeToVote: Word.askPledge.text
            case .rideToPolls: Word.askRide.text
            case .contactMe: Word.askContactMe.text
            case .own(let name): name
            }
        }
    }
#endif
