#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// What is safe where, what people disagree on, and the button that syncs now.
    struct SyncPage: View {
        @State private var screen: SyncScreen

        init(canvass: Canvass) {
            _screen = State(initialValue: SyncScreen(canvass: canvass))
        }

        var body: some View {
            List {
                ErrorNote(error: screen.error)
                if let status = screen.state.status {
                    safety(status)
                }
                ForEach(screen.state.disagreements) { list in
                    if !list.conflicts.isEmpty {
                        conflicts(list)
                    }
                }
                if !screen.state.setAside.isEmpty {
                    setAside
                }
            }
            .navigationTitle(Text(Word.syncTitle))
            .safeAreaInset(edge: .bottom) { button.padding().background(.bar) }
            .task { await screen.start() }
        }

        private func safety(_ status: SyncStatus) -> some View {
            Section {
                Text(verbatim: status.sentence).font(.title3)
                Text(verbatim: status.lastSyncSentence)
                if let sentence = screen.state.sentence {
                    Text(verbatim: sentence)
                }
                MomentRow(word: Word.syncNextTry, moment: status.nextTry)
                MomentRow(word: Word.syncListsCloseAt, moment: status.listsCloseAt)
                if status.clockIsOff {
                    Text(Word.syncClockOff).foregroundStyle(.orange)
                }
            } header: {
                Text(Word.syncSafe)
            }
        }

        private func conflicts(_ list: SyncState.Disagreements) -> some View {
            Section {
                ForEach(list.conflicts, id: \.conflict) { conflict in
                    ConflictChoice(conflict: conflict) { candidate in
                        await screen.choose(
                            list: list.id, conflict: conflict, candidate: candidate)
                    }
                }
            } header: {
                Text(Word.syncConflicts)
                Text(verbatim: list.list.title)
            }
        }

        private var setAside: some View {
            Section {
                ForEach(screen.state.setAside, id: \.change) { change in
                    VStack(alignment: .leading) {
                        Text(verbatim: change.title).font(.headline)
                        Text(verbatim: change.sentence)
                    }
                }
                WideButton(word: Word.syncRetry, symbol: "arrow.clockwise") {
                    await screen.retrySetAside()
                }
            } header: {
                Text(Word.syncSetAside)
            }
        }

        @ViewBuilder private var button: some View {
            if screen.state.isSyncing {
                ProgressView { Text(Word.syncRunning) }
                WideButton(word: Word.syncStop, symbol: "stop.circle") { screen.stop() }
            } else {
                WideButton(
                    word: Word.syncNow, symbol: "arrow.triangle.2.circlepath", isProminent: true
                ) {
                    await screen.sync()
                }
            }
        }
    }
#endif
