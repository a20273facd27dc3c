#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// The talk with one person, a question at a time, in the person's language and direction.
    struct SurveyPage: View {
        @State private var screen: SurveyScreen

        init(canvass: Canvass, list: ListId, household: HouseholdId, person: PersonId) {
            _screen = State(
                initialValue: SurveyScreen(
                    canvass: canvass, list: list, household: household, person: person))
        }

        var body: some View {
            List {
                ErrorNote(error: screen.error)
                if let shown = screen.state.screen {
                    talk(shown)
                        .environment(\.layoutDirection, direction(shown.view))
                    AskSection(screen: screen)
                    FollowUpSection(screen: screen)
                }
            }
            .navigationTitle(Text(Word.surveyTitle))
            .toolbar { languages }
            .safeAreaInset(edge: .bottom) { StepBar(screen: screen) }
            .task { await screen.start() }
        }

        @ViewBuilder private func talk(_ shown: ConversationScreen) -> some View {
            if shown.newerVersion != nil {
                Text(Word.surveyNewer)
            }
            if let ended = shown.view.ended {
                Text(ended == .finished ? Word.surveyFinished : Word.surveyStopped)
            }
            ForEach(shown.view.notes, id: \.name) { note in
                Text(verbatim: note.text).italic()
            }
            if let question = shown.view.question {
                QuestionSection(question: question, screen: screen).id(question.name)
            }
            if !shown.view.missingLabels.isEmpty {
                Section {
                    ForEach(shown.view.missingLabels, id: \.self) { Text(verbatim: $0) }
                } header: {
                    Text(Word.surveyMissing)
                }
            }
            EarlierSection(given: shown.view.given, screen: screen)
        }

        private func direction(_ view: ConversationView) -> LayoutDirection {
            switch view.direction {
            case .leftToRight: .leftToRight
            case .rightToLeft: .rightToLeft
            }
        }

        private var languages: some View {
            Menu {
                Button {
                    Task { await screen.speak(language: "") }
                } label: {
                    Text(Word.surveyLanguageBest)
                }
                ForEach(screen.state.screen?.view.languages ?? [], id: \.self) { tag in
                    Button {
                        Task { await screen.speak(language: tag) }
                    } label: {
                        Text(verbatim: languageName(tag))
                    }
                }
            } label: {
                Label(Word.surveyLanguage, symbol: "globe")
                    .frame(minWidth: leastTarget, minHeight: leastTarget)
            }
        }
    }

    /// What a language is called on this phone.
    func languageName(_ tag: String) -> String {
        Locale.current.localizedString(forIdentifier: tag) ?? tag
    }

    /// The answers so far; each is a way back to its question.
    private struct EarlierSection: View {
        let given: [GivenAnswer]
        let screen: SurveyScreen

        var body: some View {
            Section {
                ForEach(given, id: \.question) { answer in
                    Button {
                        Task { await screen.goTo(question: answer.question) }
                    } label: {
                        VStack(alignment: .leading) {
                            Text(verbatim: answer.label).font(.subheadline)
                            ForEach(answer.words, id: \.self) { Text(verbatim: $0).bold() }
                            if !answer.counts {
                                Text(Word.surveyNotCounted).font(.footnote)
                            }
                        }
                        .frame(maxWidth: .infinity, minHeight: leastTarget, alignment: .leading)
                    }
                }
            } header: {
                Text(Word.surveyEarlier)
            }
        }
    }

    /// Back, next and the ends of a talk, within a thumb's reach.
    private struct StepBar: View {
        let screen: SurveyScreen

        var body: some View {
            if let view = screen.state.screen?.view {
                // Side by side where it fits, one below the other where letters are large.
                ViewThatFits(in: .horizontal) {
                    HStack { buttons(view) }
                    VStack { buttons(view) }
                }
                .padding()
                .background(.bar)
            }
        }

        @ViewBuilder private func buttons(_ view: ConversationView) -> some View {
            WideButton(word: Word.surveyBack, symbol: "chevron.backward") { await screen.back() }
                .disabled(!view.mayGoBack)
            if let question = view.question {
                WideButton(word: Word.surveySkip, symbol: "forward") {
                    await screen.skip(question: question.name)
                }
                .disabled(!view.maySkip)
                WideButton(word: Word.surveyNext, symbol: "chevron.forward") {
                    await screen.next()
                }
                .disabled(question.answer == nil)
            }
            if view.ended == nil {
                WideButton(word: Word.surveyStop, symbol: "xmark") { await screen.stop() }
                WideButton(word: Word.surveyFinish, symbol: "checkmark", isProminent: true) {
                    await screen.finish()
                }
                .disabled(!view.mayFinish)
            }
        }
    }
#endif
