import CanvassCore
import CanvassSample
import CanvassTestSupport
import Foundation
import XCTest

/// A volunteer's day on the screens, against a real backend: the morning in a process that is
/// killed, the afternoon in the one that opens the same files.
final class OfflineDayTests: PhoneTestCase, @unchecked Sendable {
    @MainActor
    func testADayOfWorkSurvivesAKillAndEndsSafeAtTheCampaign() async throws {
        let server = try startServer()
        let campaign = try await Operator.openedCampaign(of: "offline_day", on: server)
        let kept = try morningThatIsKilled(invitation: campaign.link("ash"))

        let session = Session(languages: ["en"]) { try await self.open("ash") }
        await session.open()
        session.restore(kept)
        let ash = try XCTUnwrap(session.canvass)
        guard case .survey(let list, let door, let person) = session.path.last else {
            return XCTFail("\(session.path)")
        }
        try await talkOn(ash, list, door, person)
        try await addSomeone(ash, list)

        let birch = try await open("birch")
        try await joinAndAnswer(birch, campaign.link("birch"), list, door, person)
        try await syncAll([ash, birch, ash])
        try await settle(ash, "4")
        try await handOver(from: ash, to: birch, list)
        try await syncAll([ash, birch])
        try await allIsSafe(ash, list, try await campaign.changes())
    }

    // The morning.

    /// In a process of its own: joins, walks, knocks, begins a talk, says so, and works no more.
    @MainActor
    func testTheMorningInAProcessOfItsOwn() async throws {
        let told = ProcessInfo.processInfo.environment
        guard let folder = told["CANVASS_DAY"], let invitation = told["CANVASS_INVITATION"] else {
            throw XCTSkip("it runs in a process of its own, to be killed")
        }
        let phone = Phone(root: URL(fileURLWithPath: folder))
        let session = Session(languages: ["en"]) { try await phone.open() }
        await session.open()
        let ash = try XCTUnwrap(session.canvass)
        session.follow(link: invitation)
        let join = JoinScreen(canvass: ash)
        join.state.invitation = try XCTUnwrap(session.takeInvitation())
        await join.join()
        XCTAssertTrue(join.state.hasJoined, "\(join.error as Any)")

        let (walk, list) = try await openList(ash)
        try await lookAtMap(ash, list)
        try await knockAndUndo(ash, walk, list)
        let door = try await theDoor(ash, list, "6", "Willow St")
        try await beginTalk(ash, list, door, session)
        let kept = try session.remembered().base64EncodedString()
        FileHandle.standardOutput.write(Data("kept \(kept)\n".utf8))
        try await Task.sleep(for: .seconds(600))
    }

    @MainActor
    private func openList(_ ash: Canvass) async throws -> (WalkListScreen, ListId) {
        let screen = WalkListScreen(canvass: ash)
        let lists = Task { await screen.start() }
        try await eventually { !screen.state.lists.isEmpty }
        lists.cancel()
        let list = try XCTUnwrap(screen.state.lists.first).list
        Task { await screen.open(list: list) }
        try await eventually { screen.state.view != nil }
        XCTAssertFalse(screen.state.doors.isEmpty)
        return (screen, list)
    }

    @MainActor
    private func lookAtMap(_ ash: Canvass, _ list: ListId) async throws {
        let map = WalkMapScreen(canvass: ash, list: list)
        let showing = Task { await map.start(width: 390, height: 600) }
        try await eventually { map.state.features != nil }
        let features = try XCTUnwrap(map.state.features)
        XCTAssertFalse(features.pins.isEmpty)
        for pin in features.pins {
            let place = map.state.camera.place(pin.point)
            XCTAssertTrue((0...390).contains(place.x) && (0...600).contains(place.y))
        }
        await map.readDirections()
        XCTAssertFalse(try XCTUnwrap(map.state.directions).steps.isEmpty)
        showing.cancel()
    }

    /// Nobody home at the next door; a slip at another one is taken back.
    @MainActor
    private func knockAndUndo(
        _ ash: Canvass, _ walk: WalkListScreen, _ list: ListId
    ) async throws {
        let first = HouseholdScreen(
            canvass: ash, list: list, household: try await theDoor(ash, list, "2", "Willow St"))
        await first.tap(result: .notHome)
        try await eventually { walk.state.view?.summary.progress.done == 1 }
        let slip = HouseholdScreen(
            canvass: ash, list: list, household: try await theDoor(ash, list, "14", "Willow St"))
        await slip.tap(result: .vacant)
        try await eventually { walk.state.view?.summary.progress.done == 2 }
        await slip.undoLast()
        try await eventually { walk.state.view?.summary.progress.done == 1 }
    }

    @MainActor
    private func beginTalk(
        _ ash: Canvass, _ list: ListId, _ door: HouseholdId, _ session: Session
    ) async throws {
        let view = try await ash.household(list: list, household: door)
        let person = try XCTUnwrap(view.people.first).person
        session.path = [
            .walkList(list: list), .household(list: list, household: door),
            .survey(list: list, household: door, person: person),
        ]
        let talk = SurveyScreen(canvass: ash, list: list, household: door, person: person)
        await talk.start()
        await talk.answer(question: "support", value: .choice(option: "1"))
        await talk.answer(question: "issues", value: .choices(options: ["roads", "schools"]))
        XCTAssertEqual(talk.state.screen?.view.question?.name, "main_issue")
    }

    /// Runs the morning in another process and kills it; what the system kept of its screens.
    private func morningThatIsKilled(invitation: String) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = [
            "CanvassSampleTests.OfflineDayTests/testTheMorningInAProcessOfItsOwn"
        ]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "CANVASS_DAY": root.appendingPathComponent("ash").path,
            "CANVASS_INVITATION": invitation,
        ]) { $1 }
        process.standardOutput = output
        try process.run()
        var said = ""
        while !said.contains("kept ") || said.last != "\n" {
            let some = output.fileHandleForReading.availableData
            guard !some.isEmpty else { throw Unexpected("the morning ended by itself: \(said)") }
            said += String(decoding: some, as: UTF8.self)
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let line = said.split(separator: "\n").first { $0.hasPrefix("kept ") }
        return try XCTUnwrap(line.flatMap { Data(base64Encoded: String($0.dropFirst(5))) })
    }

    // The afternoon.

    /// The talk goes on at the same question: back, another language, and to its end.
    @MainActor
    private func talkOn(
        _ ash: Canvass, _ list: ListId, _ door: HouseholdId, _ person: PersonId
    ) async throws {
        let talk = SurveyScreen(canvass: ash, list: list, household: door, person: person)
        await talk.start()
        XCTAssertEqual(talk.state.screen?.view.question?.name, "main_issue")
        let attempt = try XCTUnwrap(talk.state.screen?.attempt, "the same knock")
        await talk.back()
        XCTAssertEqual(talk.state.screen?.view.question?.name, "issues")
        await talk.next()
        await talk.speak(language: "es")
        let question = try XCTUnwrap(talk.state.screen?.view.question)
        XCTAssertEqual(question.label, "¿Y cuál de ellas primero?")
        await talk.answer(question: "main_issue", value: .choice(option: "roads"))
        await talk.answer(question: "sign", value: .choice(option: "no"))
        await talk.goTo(question: "sign")
        XCTAssertEqual(talk.state.screen?.view.question?.name, "sign")
        await talk.leaveLiterature(true)
        await talk.stop()
        XCTAssertNil(talk.error)
        XCTAssertEqual(talk.state.screen?.view.ended, .stopped)
        let view = try await ash.household(list: list, household: door)
        XCTAssertEqual(view.attempts.map(\.attempt), [attempt])
        XCTAssertEqual(view.attempts.map(\.literature), [true])
    }

    @MainActor
    private func addSomeone(_ ash: Canvass, _ list: ListId) async throws {
        let door = try await theDoor(ash, list, "26", "Willow St")
        let add = AddPersonScreen(canvass: ash, list: list, household: door)
        add.state.givenName = "Robin"
        add.state.familyName = "Newcomer"
        await add.add()
        let met = try XCTUnwrap(add.state.saved?.person)
        let screen = HouseholdScreen(canvass: ash, list: list, household: door)
        await screen.tap(result: .contacted, person: met)
        XCTAssertNil(screen.error)
    }

    /// Another canvasser, who has not heard of it, is told something else at the same door.
    @MainActor
    private func joinAndAnswer(
        _ birch: Canvass, _ invitation: String, _ list: ListId, _ door: HouseholdId,
        _ person: PersonId
    ) async throws {
        let join = JoinScreen(canvass: birch)
        join.state.invitation = invitation
        await join.join()
        XCTAssertTrue(join.state.hasJoined)
        let talk = SurveyScreen(canvass: birch, list: list, household: door, person: person)
        await talk.start()
        await talk.answer(question: "support", value: .choice(option: "4"))
        XCTAssertNil(talk.error)
    }

    @MainActor
    private func syncAll(_ phones: [Canvass]) async throws {
        for phone in phones {
            let screen = SyncScreen(canvass: phone)
            await screen.sync()
            XCTAssertEqual(screen.state.report?.outcome, .complete, "\(screen.error as Any)")
        }
    }

    /// One conflict, both values in words, and one tap.
    @MainActor
    private func settle(_ ash: Canvass, _ value: String) async throws {
        let screen = SyncScreen(canvass: ash)
        let showing = Task { await screen.start() }
        try await eventually { screen.state.disagreements.first?.conflicts.count == 1 }
        let list = try XCTUnwrap(screen.state.disagreements.first)
        let conflict = try XCTUnwrap(list.conflicts.first)
        XCTAssertEqual(conflict.candidates.count, 2)
        let chosen = try XCTUnwrap(conflict.candidates.first { $0.value == [value] })
        await screen.choose(list: list.id, conflict: conflict, candidate: chosen)
        XCTAssertNil(screen.error)
        try await eventually { screen.state.disagreements.first?.conflicts.isEmpty == true }
        showing.cancel()
    }

    /// What is unsent goes to the other phone by codes, read in any order.
    @MainActor
    private func handOver(from: Canvass, to: Canvass, _ list: ListId) async throws {
        let door = HouseholdScreen(
            canvass: from, list: list, household: try await theDoor(from, list, "31", "Heron Ave"))
        await door.tap(result: .inaccessible)
        let (give, take) = (PhoneToPhoneScreen(canvass: from), PhoneToPhoneScreen(canvass: to))
        await take.begin(way: .receive)
        await give.begin(way: .give)
        for frame in take.state.frames { await give.take(text: frame) }
        XCTAssertNotNil(give.state.bundle)
        for frame in give.state.frames.reversed() { await take.take(text: frame) }
        let report = try XCTUnwrap(take.state.report, "\(take.error as Any)")
        XCTAssertEqual(report.changes, 2, "the knock, and the choice of before")
        XCTAssertFalse(try XCTUnwrap(take.state.sentence).isEmpty)
        await take.take(text: "hello")
        guard case .InvalidInput = take.error else { return XCTFail("\(take.error as Any)") }
        let seen = try await to.household(
            list: list, household: theDoor(to, list, "31", "Heron Ave"))
        XCTAssertEqual(seen.attempts.first?.door, .inaccessible)
    }

    @MainActor
    private func allIsSafe(_ ash: Canvass, _ list: ListId, _ changes: String) async throws {
        let screen = SyncScreen(canvass: ash)
        let showing = Task { await screen.start() }
        try await eventually { screen.state.status != nil }
        let status = try XCTUnwrap(screen.state.status)
        XCTAssertEqual(status.onThisPhone, 0)
        XCTAssertEqual(status.conflicts, 0)
        XCTAssertEqual(status.sentence, "Everything you recorded is safe at the campaign.")
        showing.cancel()
        for word in ["not_home", "inaccessible", "Newcomer", "contacted"] {
            XCTAssertTrue(changes.contains(word), word)
        }
        let door = try await ash.household(
            list: list, household: theDoor(ash, list, "2", "Willow St"))
        XCTAssertEqual(door.attempts.map(\.saved), [.atCampaign])
    }
}
