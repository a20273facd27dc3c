#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// The door's results at the bottom of the screen, and the way back from a slip.
    struct ResultBar: View {
        let screen: HouseholdScreen
        @ScaledMetric private var columnWidth: CGFloat = 130

        /// However large the letters are, the people above stay in view.
        private static let mostHeight: CGFloat = 280

        var body: some View {
            if let view = screen.state.view {
                ScrollView {
                    VStack(alignment: .leading, spacing: 8) {
                        if screen.state.saved != nil {
                            saved
                        }
                        Text(Word.householdResults).font(.headline)
                        LazyVGrid(columns: [GridItem(.adaptive(minimum: columnWidth))]) {
                            ForEach(view.doorChoices, id: \.result) { choice in
                                if choice.isOften {
                                    button(choice)
                                }
                            }
                        }
                        more(view)
                    }
                    .padding()
                }
                .scrollBounceBehavior(.basedOnSize)
                .frame(maxHeight: Self.mostHeight)
                .background(.bar)
            }
        }

        private var saved: some View {
            HStack {
                Label(Word.householdSaved, symbol: "checkmark.circle")
                Spacer()
                Button {
                    Task { await screen.undoLast() }
                } label: {
                    Text(Word.undo).frame(minHeight: leastTarget)
                }
            }
        }

        private func button(_ choice: ResultChoice) -> some View {
            Button {
                Task { await screen.tap(result: choice.result) }
            } label: {
                Text(verbatim: choice.name)
                    .frame(maxWidth: .infinity, minHeight: leastTarget)
            }
            .buttonStyle(.bordered)
        }

        private func more(_ view: HouseholdView) -> some View {
            Menu {
                ForEach(view.doorChoices, id: \.result) { choice in
                    Button {
                        Task { await screen.tap(result: choice.result) }
                    } label: {
                        Text(verbatim: choice.name)
                    }
                }
            } label: {
                Label(Word.householdMoreResults, symbol: "ellipsis.circle")
                    .frame(minHeight: leastTarget)
            }
        }
    }

    /// What happened at this door before.
    struct HistorySection: View {
        let view: HouseholdView

        var body: some View {
            Section {
                ForEach(view.attempts, id: \.attempt) { attempt in
                    HStack {
                        Text(verbatim: attempt.sentence)
                        Spacer()
                        SavedMark(saved: attempt.saved)
                    }
                    .accessibilityElement(children: .combine)
                }
            } header: {
                Text(Word.householdHistory)
            }
        }
    }

    /// The floors of a building, each recorded as one; nothing for a house without any.
    struct FloorSection: View {
        let screen: HouseholdScreen

        var body: some View {
            if screen.state.floors.first?.floor != nil {
                floors
            }
        }

        private var floors: some View {
            Section {
                ForEach(screen.state.floors, id: \.sentence) { floor in
                    VStack(alignment: .leading) {
                        Text(verbatim: floor.sentence)
                        if !floor.open.isEmpty {
                            WideButton(
                                word: Word.householdNobodyHome, symbol: "door.left.hand.closed"
                            ) {
                                await screen.nobodyHome(on: floor)
                            }
                        }
                    }
                }
                if !screen.state.floorSaved.isEmpty {
                    WideButton(word: Word.undo, symbol: "arrow.uturn.backward") {
                        await screen.undoFloor()
                    }
                }
            } header: {
                Text(Word.householdFloors)
            }
        }
    }

    /// One conflict in plain words: each value is a button that chooses it.
    struct ConflictChoice: View {
        let conflict: ConflictView
        let choose: @MainActor (CandidateView) async -> Void

        var body: some View {
            VStack(alignment: .leading) {
                Text(verbatim: conflict.title).font(.headline)
                ForEach(conflict.candidates, id: \.change) { candidate in
                    Button {
                        Task { await choose(candidate) }
                    } label: {
                        Text(verbatim: candidate.sentence)
                            .frame(maxWidth: .infinity, minHeight: leastTarget, alignment: .leading)
                    }
                    .buttonStyle(.bordered)
                }
            }
            .accessibilityHint(Text(verbatim: conflict.sentence))
        }
    }
#endif
