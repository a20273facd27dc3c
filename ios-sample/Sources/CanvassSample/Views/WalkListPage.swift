#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// The doors of a list: progress, the next stop, and all doors in walking order, or a map.
    struct WalkListPage: View {
        private enum Shown: Hashable {
            case list
            case map
        }

        @State private var screen: WalkListScreen
        @State private var shown = Shown.list
        private let canvass: Canvass
        private let list: ListId

        init(canvass: Canvass, list: ListId) {
            _screen = State(initialValue: WalkListScreen(canvass: canvass))
            self.canvass = canvass
            self.list = list
        }

        var body: some View {
            VStack(spacing: 0) {
                Picker(Word.walkListView.text, selection: $shown) {
                    Text(Word.walkListAsList).tag(Shown.list)
                    Text(Word.walkListAsMap).tag(Shown.map)
                }
                .pickerStyle(.segmented)
                .padding(.horizontal)
                .frame(minHeight: leastTarget)
                switch shown {
                case .list: doors
                case .map: WalkMapPage(canvass: canvass, list: list)
                }
            }
            .navigationTitle(Text(verbatim: screen.state.view?.summary.title ?? ""))
            .safeAreaInset(edge: .bottom) { next }
            .task { await screen.open(list: list) }
        }

        private var doors: some View {
            List {
                ErrorNote(error: screen.error)
                if let view = screen.state.view {
                    Section {
                        Text(verbatim: view.summary.sentence)
                        if !view.waitingSentence.isEmpty {
                            Text(verbatim: view.waitingSentence)
                            MomentRow(
                                word: Word.walkListWaitingUntil, moment: view.waitingUntil)
                        }
                    }
                }
                Section {
                    ForEach(screen.state.doors, id: \.household) { door in
                        NavigationLink(
                            value: Route.household(list: list, household: door.household)
                        ) {
                            DoorRow(door: door)
                        }
                    }
                    if let page = screen.state.nextPage {
                        ProgressView().id(page).task { await screen.readOn() }
                    }
                } header: {
                    Text(Word.walkListDoors)
                }
            }
        }

        /// Where to go next, within a thumb's reach.
        @ViewBuilder private var next: some View {
            if let view = screen.state.view {
                VStack(alignment: .leading) {
                    if let next = view.next, let door = next.doors.first {
                        NavigationLink(
                            value: Route.household(list: list, household: door.household)
                        ) {
                            VStack {
                                Text(verbatim: next.title).font(.headline)
                                Text(verbatim: next.sentence)
                            }
                            .frame(maxWidth: .infinity, minHeight: leastTarget)
                        }
                        .buttonStyle(.borderedProminent)
                    } else {
                        Text(Word.walkListAllDone)
                    }
                }
                .padding()
                .background(.bar)
            }
        }
    }

    /// One door: its address and how it stands.
    private struct DoorRow: View {
        let door: DoorView

        var body: some View {
            HStack {
                Image(systemName: door.done ? "checkmark.circle.fill" : "circle")
                    .foregroundStyle(door.done ? .green : .secondary)
                    .accessibilityLabel(Text(door.done ? Word.doorDone : Word.doorLeft))
                VStack(alignment: .leading) {
                    Text(verbatim: door.title).font(.headline)
                    Text(verbatim: door.sentence).font(.subheadline)
                }
            }
            .frame(minHeight: leastTarget)
            .accessibilityElement(children: .combine)
        }
    }
#endif
