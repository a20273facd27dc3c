import CanvassCore
import CanvassCoreTesting
import CanvassSample
import XCTest

/// Drives each screen as a view would, without one.
final class ScreensTests: XCTestCase, @unchecked Sendable {
    private let root = FileManager.default.temporaryDirectory
        .appendingPathComponent("canvass-\(UUID().uuidString)")

    private var opened: Canvass?

    override func tearDown() {
        opened?.close()
        try? FileManager.default.removeItem(at: root)
    }

    @MainActor
    private func open(transport: SyncTransport = Silence()) async throws -> Canvass {
        let canvass = try await Canvass.open(
            config: EngineConfig(
                directory: root.appendingPathComponent("engine").path, testSeed: 7),
            vault: FileKeyVault(directory: root.appendingPathComponent("keys")),
            clock: TestClock(start: Date(timeIntervalSince1970: 1_791_018_000)),
            transport: transport)
        opened = canvass
        return canvass
    }

    /// A campaign of this phone's own, with the doors, people and script of the fixture.
    @MainActor
    private func campaign(_ canvass: Canvass) async throws -> ListId {
        let about = NewCampaign(name: "Ward 3", canvasser: "Ash")
        let list = try await canvass.createCampaign(about: about)
        for name in ["doors.csv", "people.csv"] {
            try await canvass.importFile(
                path: fixture(name).path,
                options: ImportOptions(profile: nil, source: nil, dryRun: false))
        }
        try await canvass.putScript(
            json: String(contentsOf: fixture("script.json"), encoding: .utf8))
        return list
    }

    private func fixture(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("tests/fixtures/offline_day").appendingPathComponent(name)
    }

    @MainActor
    private func door(
        _ canvass: Canvass, _ list: ListId, _ number: String, _ street: String
    ) async throws -> HouseholdId {
        let page = try await canvass.doors(list: list)
        let found = page.doors.first {
            $0.address.houseNumber == number && $0.address.street == street
        }
        return try XCTUnwrap(found).household
    }

    @MainActor
    func testTheWalkListScreenShowsTheListsTheirDoorsAndWhatAKnockChanges() async throws {
        let canvass = try await open()
        let screen = WalkListScreen(canvass: canvass)
        let lists = Task { await screen.start() }
        await screen.open(list: UUID())
        guard case .NotFound = screen.error else { return XCTFail("\(screen.error as Any)") }

        let list = try await campaign(canvass)
        try await eventually { screen.state.lists.map(\.list) == [list] }
        let opened = Task { await screen.open(list: list) }
        try await eventually { screen.state.view != nil }
        let view = try XCTUnwrap(screen.state.view)
        XCTAssertEqual(screen.state.doors, view.page.doors)
        await screen.readOn()
        XCTAssertEqual(screen.state.doors, view.page.doors, "there is no next page")

        let knocked = try XCTUnwrap(view.next?.doors.first).household
        let household = HouseholdScreen(canvass: canvass, list: list, household: knocked)
        await household.recordDoor(result: .notHome)
        try await eventually { screen.state.view?.summary.progress.done == 1 }
        let shown = screen.state.doors.first { $0.household == knocked }
        XCTAssertEqual(shown?.result, .notHome)
        lists.cancel()
        opened.cancel()
    }

    @MainActor
    func testTheHouseholdScreenShowsWhatWasSavedAndTakesASlipBack() async throws {
        let canvass = try await open()
        let list = try await campaign(canvass)
        let screen = HouseholdScreen(
            canvass: canvass, list: list, household: try await door(canvass, list, "2", "Willow St")
        )
        let showing = Task { await screen.start() }
        try await eventually { screen.state.view != nil }
        let person = try XCTUnwrap(screen.state.view?.people.first).person
        await screen.recordPeople(results: [PersonResult(person: person, result: .refused)])
        await screen.recordNote(text: "Ring twice")
        await screen.addPerson(givenName: "Ada", familyName: "", language: "en")
        await screen.setDoNotContact(person: person)
        try await eventually { screen.state.view?.people.first?.notContacted != nil }
        let view = try XCTUnwrap(screen.state.view)
        XCTAssertEqual(view.notes.map(\.text), ["Ring twice"])
        XCTAssertEqual(view.attempts.first?.people.map(\.result), [.refused])
        XCTAssertEqual(view.people.last?.met, true)

        let attempt = try XCTUnwrap(view.attempts.first).attempt
        await screen.undo(change: attempt)
        try await eventually { screen.state.view?.attempts.isEmpty == true }
        await screen.undo(change: attempt)
        guard case .InvalidInput = screen.error else { return XCTFail("\(screen.error as Any)") }
        showing.cancel()
    }

    @MainActor
    func testTheSurveyScreenSavesEachAnswerAsItIsTappedWithinOneKnock() async throws {
        let canvass = try await open()
        let list = try await campaign(canvass)
        let door = try await door(canvass, list, "6", "Willow St")
        let household = try await canvass.household(list: list, household: door)
        let screen = SurveyScreen(
            canvass: canvass, list: list, household: door,
            person: try XCTUnwrap(household.people.first).person, language: "es")
        let showing = Task { await screen.start() }
        try await eventually { screen.state.view?.language == "es" }

        await screen.answer(question: "support", value: .choice(option: "purple"))
        guard case .InvalidInput(_, "support") = screen.error else {
            return XCTFail("\(screen.error as Any)")
        }
        XCTAssertNil(screen.state.attempt)

        await screen.answer(question: "support", value: .choice(option: "2"))
        await screen.answer(question: "issues", value: .choices(options: ["roads"]))
        try await eventually {
            screen.state.view?.questions.filter { $0.answer != nil }.count == 2
        }
        let after = try await canvass.household(list: list, household: door)
        XCTAssertEqual(after.attempts.map(\.attempt), [screen.state.attempt])
        showing.cancel()
    }

    @MainActor
    func testTheSyncScreenJoinsSyncsAndSaysHowItWent() async throws {
        let screen = SyncScreen(canvass: try await open(transport: Refusal()))
        await screen.start()
        guard case .NoCampaign = screen.error else { return XCTFail("\(screen.error as Any)") }
        let code = "00112233445566778899aabbccddeeff"
        await screen.join(invitation: "https://campaign.example/j/\(code)")
        XCTAssertNil(screen.error)
        let showing = Task { await screen.start() }
        try await eventually { screen.state.status?.hasServer == true }
        await screen.sync()
        XCTAssertEqual(screen.state.report?.outcome, .notEnrolled)
        XCTAssertFalse(screen.state.isSyncing)
        showing.cancel()
    }

    /// Waits for what other tasks do, for at most ten seconds.
    @MainActor
    private func eventually(
        file: StaticString = #filePath, line: UInt = #line, _ isSo: () -> Bool
    ) async throws {
        for _ in 0..<1_000 {
            if isSo() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        XCTFail("it never came to be", file: file, line: line)
    }
}

/// A server that knows nobody.
private struct Refusal: SyncTransport {
    func send(_ request: SyncRequest) async throws -> SyncReply {
        SyncReply(status: 401, retryAfterS: nil, body: Data())
    }
}

/// No server at all.
private struct Silence: SyncTransport {
    func send(_ request: SyncRequest) async throws -> SyncReply {
        throw URLError(.notConnectedToInternet)
    }
}
