import CanvassCore
import CanvassCoreTesting
import CanvassSample
import CanvassTestSupport
import XCTest

/// Drives each screen as a view would, without one.
final class ScreensTests: PhoneTestCase, @unchecked Sendable {
    private func open(transport: SyncTransport = Silence()) async throws -> Canvass {
        try await open("phone", seed: 7, transport: transport)
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
        await screen.start()
        XCTAssertEqual(screen.state.screen?.view.language, "es")

        await screen.answer(question: "support", value: .choice(option: "purple"))
        guard case .InvalidInput(_, "support") = screen.error else {
            return XCTFail("\(screen.error as Any)")
        }
        XCTAssertNil(screen.state.screen?.attempt)

        await screen.answer(question: "support", value: .choice(option: "2"))
        await screen.answer(question: "issues", value: .choices(options: ["roads"]))
        XCTAssertEqual(screen.state.screen?.view.given.map(\.question), ["support", "issues"])
        let after = try await canvass.household(list: list, household: door)
        XCTAssertEqual(after.attempts.map(\.attempt), [screen.state.screen?.attempt])
        await screen.leaveLiterature(true)
        await screen.ask(kind: .yardSign, state: .wanted)
        await screen.comeBack(from: morning, until: morning.addingTimeInterval(3_600))
        XCTAssertNil(screen.error)
        let left = try await canvass.household(list: list, household: door)
        XCTAssertEqual(left.attempts.map(\.literature), [true])
        XCTAssertTrue(left.people.first?.asks.contains { $0.kind == .yardSign } ?? false)
        XCTAssertEqual(left.followUps.count, 1)
    }

    @MainActor
    func testDaysAndNumbersGoToTheCoreAsScriptsWriteThem() async throws {
        let canvass = try await open()
        let list = try await campaign(canvass)
        let door = try await door(canvass, list, "6", "Willow St")
        let person = try await canvass.household(list: list, household: door).people[0].person
        let screen = SurveyScreen(
            canvass: canvass, list: list, household: door, person: person, language: "en")
        await screen.answer(question: "support", value: .choice(option: "1"))
        await screen.answer(question: "sign", value: .choice(option: "yes"))
        let lateInTheEvening = Date(timeIntervalSince1970: 1_792_549_800)  // 21 October, 2:30 UTC
        let there = try XCTUnwrap(TimeZone(identifier: "America/New_York"))
        await screen.answer(question: "sign_date", day: lateInTheEvening, timeZone: there)
        XCTAssertNil(screen.error)
        await screen.answer(question: "voters", number: "two")
        guard case .InvalidInput(_, "voters") = screen.error else {
            return XCTFail("\(screen.error as Any)")
        }
        await screen.answer(
            question: "voters", number: "3,0", locale: Locale(identifier: "es_ES"))
        XCTAssertNil(screen.error)
        let given = try XCTUnwrap(screen.state.screen).view.given
        XCTAssertEqual(given.first { $0.question == "sign_date" }?.value, .date(date: "2026-10-20"))
        XCTAssertEqual(given.first { $0.question == "voters" }?.value, .number(value: 3))
    }

    @MainActor
    func testAnInvitationThatIsRefusedIsToldInWords() async throws {
        let canvass = try await open(transport: Refusal())
        let screen = JoinScreen(canvass: canvass)
        screen.state.invitation = "hello"
        await screen.join()
        guard case .InvalidInput = screen.error else { return XCTFail("\(screen.error as Any)") }
        let code = "00112233445566778899aabbccddeeff"
        screen.state.invitation = "https://campaign.example/j/\(code)"
        await screen.join()
        XCTAssertNil(screen.error)
        XCTAssertFalse(screen.state.hasJoined)
        XCTAssertFalse(screen.state.isJoining)
        XCTAssertFalse(try XCTUnwrap(screen.state.sentence).isEmpty)
    }

    @MainActor
    func testTheSyncScreenShowsTheStatusSyncsAndSaysHowItWent() async throws {
        let canvass = try await open(transport: Refusal())
        let screen = SyncScreen(canvass: canvass)
        await screen.start()
        guard case .NoCampaign = screen.error else { return XCTFail("\(screen.error as Any)") }
        try await canvass.join(
            invitation: "https://campaign.example/j/00112233445566778899aabbccddeeff")
        let showing = Task { await screen.start() }
        try await eventually { screen.state.status?.hasServer == true }
        await screen.sync()
        XCTAssertEqual(screen.state.report?.outcome, .notEnrolled)
        XCTAssertFalse(try XCTUnwrap(screen.state.sentence).isEmpty)
        XCTAssertFalse(screen.state.isSyncing)
        showing.cancel()
    }

    @MainActor
    func testASyncThatTheServerNeverAnswersIsStoppedAtOnce() async throws {
        let canvass = try await open(transport: NeverAnswers())
        try await canvass.join(
            invitation: "https://campaign.example/j/00112233445566778899aabbccddeeff")
        let screen = SyncScreen(canvass: canvass)
        let syncing = Task { await screen.sync() }
        try await eventually { screen.state.isSyncing }
        screen.stop()
        await syncing.value
        XCTAssertFalse(screen.state.isSyncing)
        XCTAssertNil(screen.state.report)
        XCTAssertNil(screen.error)
    }

    @MainActor
    func testTapsAtADoorAreOneKnockAndOneTapTakesItBack() async throws {
        let canvass = try await open()
        let list = try await campaign(canvass)
        let door = try await door(canvass, list, "2", "Willow St")
        let screen = HouseholdScreen(canvass: canvass, list: list, household: door)
        let person = try await canvass.household(list: list, household: door).people[0].person
        await screen.tap(result: .notHome)
        await screen.tap(result: .inaccessible)
        await screen.recordNote(text: "Ring twice")
        await screen.tap(result: .refused, person: person)
        var view = try await canvass.household(list: list, household: door)
        XCTAssertEqual(view.attempts.map(\.door), [.inaccessible])
        XCTAssertEqual(view.attempts.first?.people.map(\.result), [.refused])
        await screen.undoLast()
        view = try await canvass.household(list: list, household: door)
        XCTAssertEqual(view.attempts, [])
        XCTAssertNil(screen.state.saved)
        await screen.tap(result: .notHome)
        view = try await canvass.household(list: list, household: door)
        XCTAssertEqual(view.attempts.map(\.door), [.notHome], "a knock of its own")
    }

    @MainActor
    func testNobodyHomeOnAFloorIsRecordedAndTakenBackAsOne() async throws {
        let canvass = try await open()
        let list = try await campaign(canvass)
        let page = try await canvass.doors(list: list)
        let unit = try XCTUnwrap(page.doors.first { $0.address.unit == "2A" }).household
        let screen = HouseholdScreen(canvass: canvass, list: list, household: unit)
        await screen.readFloors()
        let floor = try XCTUnwrap(screen.state.floors.first { $0.floor == 2 })
        await screen.nobodyHome(on: floor)
        XCTAssertEqual(screen.state.floorSaved.map(\.household), floor.open)
        XCTAssertEqual(screen.state.floors.first { $0.floor == 2 }?.open, [])
        await screen.undoFloor()
        XCTAssertEqual(screen.state.floors.first { $0.floor == 2 }?.open, floor.open)
        XCTAssertEqual(screen.state.floorSaved, [])
    }

    @MainActor
    func testTheSettingsScreenTellsHowTheAppIsDoingWithoutNamingAnyone() async throws {
        let canvass = try await open()
        _ = try await campaign(canvass)
        let screen = SettingsScreen(canvass: canvass)
        await screen.start()
        let told = try XCTUnwrap(screen.state.diagnostics).json
        XCTAssertFalse(told.contains("Willow"))
        XCTAssertFalse(told.contains("Ward 3"))
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

/// A network that takes a request and never answers.
private struct NeverAnswers: SyncTransport {
    func send(_ request: SyncRequest) async throws -> SyncReply {
        try await Task.sleep(for: .seconds(3_600))
        throw URLError(.timedOut)
    }
}
