#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// The walk lists that this phone holds, and the way to everything else.
    struct ListsPage: View {
        @State private var screen: WalkListScreen

        init(canvass: Canvass) {
            _screen = State(initialValue: WalkListScreen(canvass: canvass))
        }

        var body: some View {
            List {
                ErrorNote(error: screen.error)
                ForEach(screen.state.lists, id: \.list) { list in
                    NavigationLink(value: Route.walkList(list: list.list)) {
                        ListRow(list: list)
                    }
                }
                if screen.state.lists.isEmpty {
                    Text(Word.listsEmpty)
                }
                Section {
                    link(.sync, Word.syncTitle, "arrow.triangle.2.circlepath")
                    link(.phoneToPhone, Word.handTitle, "iphone.gen3.radiowaves.left.and.right")
                    link(.join, Word.joinTitle, "qrcode.viewfinder")
                    link(.settings, Word.settingsTitle, "gearshape")
                }
            }
            .navigationTitle(Text(Word.listsTitle))
            .task { await screen.start() }
        }

        private func link(_ route: Route, _ word: Word, _ symbol: String) -> some View {
            NavigationLink(value: route) {
                Label(word, symbol: symbol).frame(minHeight: leastTarget)
            }
        }
    }

    /// One list: what it is called, and how far it is walked.
    private struct ListRow: View {
        let list: WalkListSummary

        var body: some View {
            VStack(alignment: .leading) {
                Text(verbatim: list.title).font(.headline)
                Text(verbatim: list.sentence)
                if !list.ready {
                    Text(Word.listNotReady).foregroundStyle(.orange)
                }
                MomentRow(word: Word.listReadableUntil, moment: list.readableUntil)
                    .font(.footnote)
            }
            .frame(minHeight: leastTarget)
        }
    }
#endif
