#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// Someone at the door whom no file knew.
    struct AddPersonPage: View {
        @State private var screen: AddPersonScreen
        @Environment(\.dismiss) private var dismiss

        init(canvass: Canvass, list: ListId, household: HouseholdId) {
            _screen = State(
                initialValue: AddPersonScreen(canvass: canvass, list: list, household: household))
        }

        var body: some View {
            Form {
                ErrorNote(error: screen.error)
                TextField(Word.addPersonGiven.text, text: $screen.state.givenName)
                    .frame(minHeight: leastTarget)
                TextField(Word.addPersonFamily.text, text: $screen.state.familyName)
                    .frame(minHeight: leastTarget)
                Picker(Word.addPersonLanguage.text, selection: $screen.state.language) {
                    Text(Word.addPersonLanguageUnknown).tag("")
                    ForEach(Locale.LanguageCode.isoLanguageCodes, id: \.identifier) { code in
                        Text(verbatim: languageName(code.identifier)).tag(code.identifier)
                    }
                }
                .frame(minHeight: leastTarget)
            }
            .navigationTitle(Text(Word.addPersonTitle))
            .safeAreaInset(edge: .bottom) {
                WideButton(word: Word.addPersonAdd, symbol: "person.badge.plus", isProminent: true)
                {
                    await screen.add()
                    if screen.state.saved != nil { dismiss() }
                }
                .padding()
                .background(.bar)
            }
        }
    }
#endif
