#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// What the person wants, and whether they agree to be contacted about it.
    struct AskSection: View {
        let screen: SurveyScreen
        @State private var agrees = false

        var body: some View {
            Section {
                Toggle(isOn: $agrees) { Text(Word.surveyConsent) }
                    .frame(minHeight: leastTarget)
                ForEach(AskKind.common, id: \.self) { kind in
                    Button {
                        Task { await screen.ask(kind: kind, state: .wanted, consent: consent) }
                    } label: {
                        Text(verbatim: kind.label)
                            .frame(maxWidth: .infinity, minHeight: leastTarget, alignment: .leading)
                    }
                }
                if screen.state.asked.last != nil {
                    Label(Word.householdSaved, symbol: "checkmark.circle")
                }
                if screen.state.screen?.attempt != nil {
                    Toggle(isOn: literature) { Text(Word.surveyLiterature) }
                        .frame(minHeight: leastTarget)
                }
            } header: {
                Text(Word.surveyAsks)
            }
        }

        /// The words that were shown, and in which language they were shown.
        private var consent: ConsentInput? {
            guard agrees else { return nil }
            return ConsentInput(
                words: Word.surveyConsent.text,
                language: Bundle.main.preferredLocalizations.first ?? "",
                channels: [.door, .phone, .text, .email])
        }

        private var literature: Binding<Bool> {
            Binding {
                screen.state.hasLeftLiterature
            } set: { left in
                Task { await screen.leaveLiterature(left) }
            }
        }
    }

    /// When to come back.
    struct FollowUpSection: View {
        let screen: SurveyScreen
        @State private var from = Date()
        @State private var until = Date()

        var body: some View {
            Section {
                DatePicker(Word.surveyFrom.text, selection: $from).frame(minHeight: leastTarget)
                DatePicker(Word.surveyUntil.text, selection: $until, in: from...)
                    .frame(minHeight: leastTarget)
                WideButton(word: Word.surveySaveFollowUp, symbol: "calendar.badge.plus") {
                    await screen.comeBack(from: from, until: until)
                }
                if screen.state.followUp != nil {
                    Label(Word.householdSaved, symbol: "checkmark.circle")
                }
            } header: {
                Text(Word.surveyFollowUp)
            }
        }
    }
#endif
