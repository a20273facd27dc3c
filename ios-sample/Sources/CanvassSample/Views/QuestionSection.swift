#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// The question at hand: what is asked, the words around it, and a control of its kind.
    struct QuestionSection: View {
        let question: QuestionView
        let screen: SurveyScreen

        var body: some View {
            Section {
                ForEach(question.headings, id: \.self) { Text(verbatim: $0).font(.subheadline) }
                Text(verbatim: question.label).font(.title2)
                if let hint = question.hint {
                    Text(verbatim: hint).font(.footnote)
                }
                Text(verbatim: question.frame).font(.footnote)
                AnswerControl(question: question, screen: screen)
                if !question.fault.isEmpty {
                    Text(verbatim: question.fault).foregroundStyle(.red)
                }
                if question.answer != nil {
                    WideButton(word: Word.surveyClear, symbol: "arrow.uturn.backward") {
                        await screen.clear(question: question.name)
                    }
                }
            }
        }
    }

    /// A control of the question's kind. What fits is the core's to say.
    private struct AnswerControl: View {
        let question: QuestionView
        let screen: SurveyScreen
        /// How scripts write that something was confirmed.
        private static let acknowledged = "OK"

        @State private var chosen: Set<String> = []
        @State private var text = ""
        @State private var date = Date()

        var body: some View {
            switch question.kind {
            case .singleChoice: options { await answer(.choice(option: $0)) }
            case .multipleChoice: several
            case .scale(let least, let most, let minLabel, let maxLabel):
                scale(least, most)
                Text(verbatim: minLabel ?? "").font(.footnote)
                Text(verbatim: maxLabel ?? "").font(.footnote)
            case .acknowledge:
                WideButton(word: Word.surveyConfirm, symbol: "checkmark", isProminent: true) {
                    await answer(.choice(option: Self.acknowledged))
                }
            case .integer, .decimal: number
            case .text: field { await answer(.text(text: text)) }
            case .date: day
            }
        }

        private func options(_ take: @escaping @MainActor (String) async -> Void) -> some View {
            ForEach(question.options, id: \.name) { option in
                Button {
                    Task { await take(option.name) }
                } label: {
                    mark(option.label, isChosen: question.answer == .choice(option: option.name))
                }
            }
        }

        @ViewBuilder private var several: some View {
            ForEach(question.options, id: \.name) { option in
                Button {
                    if chosen.remove(option.name) == nil { chosen.insert(option.name) }
                } label: {
                    mark(option.label, isChosen: chosen.contains(option.name))
                }
            }
            .onAppear {
                if case .choices(let given) = question.answer { chosen = Set(given) }
            }
            WideButton(word: Word.surveySave, symbol: "checkmark", isProminent: true) {
                await answer(.choices(options: Array(chosen)))
            }
        }

        private func scale(_ least: Int32, _ most: Int32) -> some View {
            LazyVGrid(columns: [GridItem(.adaptive(minimum: leastTarget))]) {
                ForEach(Array(least...most), id: \.self) { value in
                    Button {
                        Task { await answer(.scale(value: value)) }
                    } label: {
                        Text(value, format: .number)
                            .frame(minWidth: leastTarget, minHeight: leastTarget)
                            .bold(question.answer == .scale(value: value))
                    }
                    .buttonStyle(.bordered)
                }
            }
        }

        private var number: some View {
            field {
                await screen.answer(question: question.name, number: text)
            }
            #if os(iOS)
                .keyboardType(.decimalPad)
            #endif
        }

        private func field(_ save: @escaping @MainActor () async -> Void) -> some View {
            VStack {
                TextField(Word.surveyAnswer.text, text: $text, axis: .vertical)
                    .textFieldStyle(.roundedBorder)
                    .frame(minHeight: leastTarget)
                WideButton(word: Word.surveySave, symbol: "checkmark", isProminent: true) {
                    await save()
                }
            }
            .onAppear {
                switch question.answer {
                case .text(let given): text = given
                case .number(let given): text = given.formatted()
                default: break
                }
            }
        }

        private var day: some View {
            VStack {
                DatePicker(Word.surveyAnswer.text, selection: $date, displayedComponents: .date)
                WideButton(word: Word.surveySave, symbol: "checkmark", isProminent: true) {
                    await screen.answer(question: question.name, day: date)
                }
            }
        }

        private func answer(_ value: AnswerValue) async {
            await screen.answer(question: question.name, value: value)
        }

        private func mark(_ label: String, isChosen: Bool) -> some View {
            HStack {
                Image(systemName: isChosen ? "checkmark.circle.fill" : "circle")
                Text(verbatim: label)
            }
            .frame(maxWidth: .infinity, minHeight: leastTarget, alignment: .leading)
            .accessibilityElement(children: .combine)
            .accessibilityAddTraits(isChosen ? .isSelected : [])
        }
    }
#endif
