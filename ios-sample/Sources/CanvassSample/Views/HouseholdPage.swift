#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// One door: what to know before knocking, who lives there, and the result with one tap at
    /// the bottom of the screen.
    struct HouseholdPage: View {
        @State private var screen: HouseholdScreen
        @State private var note = ""
        @State private var isMarking = false
        private let list: ListId
        private let household: HouseholdId

        init(canvass: Canvass, list: ListId, household: HouseholdId) {
            _screen = State(
                initialValue: HouseholdScreen(canvass: canvass, list: list, household: household))
            self.list = list
            self.household = household
        }

        var body: some View {
            List {
                ErrorNote(error: screen.error)
                if let view = screen.state.view {
                    warnings(view)
                    people(view)
                    conflicts(view)
                    FloorSection(screen: screen)
                    HistorySection(view: view)
                    notes(view)
                    mark
                }
            }
            .navigationTitle(Text(verbatim: screen.state.view?.title ?? ""))
            .safeAreaInset(edge: .bottom) { ResultBar(screen: screen) }
            .task { await screen.start() }
            .task { await screen.readFloors() }
        }

        private func warnings(_ view: HouseholdView) -> some View {
            Section {
                Text(verbatim: view.place)
                ForEach(view.warnings, id: \.self) { warning in
                    Label {
                        Text(verbatim: warning)
                    } icon: {
                        Image(systemName: "exclamationmark.triangle.fill")
                    }
                    .foregroundStyle(.orange)
                }
            }
        }

        private func people(_ view: HouseholdView) -> some View {
            Section {
                ForEach(view.people, id: \.person) { person in
                    PersonRow(
                        person: person, view: view,
                        talk: .survey(list: list, household: household, person: person.person)
                    ) { result in
                        await screen.tap(result: result, person: person.person)
                    }
                }
                NavigationLink(value: Route.addPerson(list: list, household: household)) {
                    Label(Word.householdAddPerson, symbol: "person.badge.plus")
                        .frame(minHeight: leastTarget)
                }
            } header: {
                Text(Word.householdPeople)
            }
        }

        @ViewBuilder private func conflicts(_ view: HouseholdView) -> some View {
            if !view.conflicts.isEmpty {
                Section {
                    ForEach(view.conflicts, id: \.conflict) { conflict in
                        ConflictChoice(conflict: conflict) { candidate in
                            await screen.resolveConflict(
                                conflict: conflict.conflict, chosen: candidate.change)
                        }
                    }
                } header: {
                    Text(Word.syncConflicts)
                }
            }
        }

        private func notes(_ view: HouseholdView) -> some View {
            Section {
                ForEach(view.notes, id: \.note) { note in
                    VStack(alignment: .leading) {
                        Text(verbatim: note.text)
                        HStack {
                            Text(verbatim: note.byline).font(.footnote)
                            SavedMark(saved: note.saved)
                        }
                    }
                }
                TextField(Word.householdNote.text, text: $note, axis: .vertical)
                    .frame(minHeight: leastTarget)
                WideButton(word: Word.householdSaveNote, symbol: "square.and.pencil") {
                    await screen.recordNote(text: note)
                    if screen.error == nil { note = "" }
                }
                .disabled(note.isEmpty)
            } header: {
                Text(Word.householdNotes)
            }
        }

        private var mark: some View {
            Button(role: .destructive) {
                isMarking = true
            } label: {
                Label(Word.householdDoNotContact, symbol: "hand.raised")
                    .frame(maxWidth: .infinity, minHeight: leastTarget)
            }
            .confirmationDialog(
                Text(Word.householdDoNotContact), isPresented: $isMarking,
                titleVisibility: .visible
            ) {
                Button(role: .destructive) {
                    Task { await screen.setDoNotContact(person: nil) }
                } label: {
                    Text(Word.householdDoNotContact)
                }
            } message: {
                Text(Word.householdDoNotContactSure)
            }
        }
    }

    /// One person: who they are, their result beside the door's, and the talk with them.
    private struct PersonRow: View {
        let person: PersonView
        let view: HouseholdView
        let talk: Route
        let tap: @MainActor (CanvassResult) async -> Void

        @ViewBuilder var body: some View {
            VStack(alignment: .leading) {
                Text(verbatim: person.name).font(.headline)
                Text(verbatim: person.sentence).font(.subheadline)
            }
            .accessibilityElement(children: .combine)
            // Rows of their own: a link makes its whole row one target.
            if person.notContacted == nil {
                if view.hasScript {
                    NavigationLink(value: talk) {
                        Label(Word.householdTalk, symbol: "text.bubble")
                            .frame(minHeight: leastTarget)
                    }
                }
                results
            }
        }

        private var results: some View {
            Menu {
                ForEach(view.personChoices, id: \.result) { choice in
                    Button {
                        Task { await tap(choice.result) }
                    } label: {
                        Text(verbatim: choice.name)
                    }
                }
            } label: {
                Label(Word.householdPersonResult, symbol: "checklist")
                    .frame(minHeight: leastTarget)
            }
        }
    }
#endif
