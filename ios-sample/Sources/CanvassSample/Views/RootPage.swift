#if canImport(SwiftUI)
    import CanvassCore
    import SwiftUI

    /// The app's only window: what is open, and what goes wrong before anything is.
    public struct RootPage: View {
        @Bindable private var session: Session
        @SceneStorage("open_screens") private var openScreens = Data()

        /// The window of an app.
        public init(session: Session) {
            self.session = session
        }

        public var body: some View {
            content
                .task { await session.open() }
                .onOpenURL { session.follow(link: $0.absoluteString) }
                .onContinueUserActivity(NSUserActivityTypeBrowsingWeb) { activity in
                    if let link = activity.webpageURL?.absoluteString {
                        session.follow(link: link)
                    }
                }
        }

        @ViewBuilder private var content: some View {
            switch session.phase {
            case .opening: ProgressView { Text(Word.opening) }
            case .open(let canvass): stack(canvass)
            case .failed(let error):
                ScrollView {
                    ErrorNote(error: error)
                    WideButton(word: Word.tryAgain, symbol: "arrow.clockwise") {
                        await session.open()
                    }
                }
                .padding()
            }
        }

        private func stack(_ canvass: Canvass) -> some View {
            NavigationStack(path: $session.path) {
                ListsPage(canvass: canvass)
                    .navigationDestination(for: Route.self) { page(canvass, $0) }
            }
            // A link that opened the app goes before what was open the last time.
            .onAppear { if session.invitation == nil { session.restore(openScreens) } }
            .onChange(of: session.path) {
                if let kept = try? session.remembered() { openScreens = kept }
            }
        }

        @ViewBuilder private func page(_ canvass: Canvass, _ route: Route) -> some View {
            switch route {
            case .walkList(let list): WalkListPage(canvass: canvass, list: list)
            case .household(let list, let household):
                HouseholdPage(canvass: canvass, list: list, household: household)
            case .survey(let list, let household, let person):
                SurveyPage(canvass: canvass, list: list, household: household, person: person)
            case .addPerson(let list, let household):
                AddPersonPage(canvass: canvass, list: list, household: household)
            case .join: JoinPage(canvass: canvass, session: session)
            case .sync: SyncPage(canvass: canvass)
            case .phoneToPhone: PhoneToPhonePage(canvass: canvass)
            case .settings: SettingsPage(canvass: canvass, languages: session.languages)
            }
        }
    }
#endif
