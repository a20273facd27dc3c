@_spi(Testing) import CanvassCore
import CanvassSample
import CanvassTestSupport
import XCTest

/// How often the screens call the engine: each call crosses from Swift to Rust and copies.
final class EngineCallTests: PhoneTestCase, @unchecked Sendable {
    private static let mostToOpen = 10
    private static let mostForAKnock = 3

    @MainActor
    func testOpeningAnyScreenTakesFewCalls() async throws {
        let canvass = try await open("phone", seed: 7)
        let list = try await campaign(canvass)
        let door = try await door(canvass, list, "6", "Willow St")
        let person = try await canvass.household(list: list, household: door).people[0].person

        let lists = WalkListScreen(canvass: canvass)
        let walk = WalkListScreen(canvass: canvass)
        let map = WalkMapScreen(canvass: canvass, list: list)
        let household = HouseholdScreen(canvass: canvass, list: list, household: door)
        let survey = SurveyScreen(
            canvass: canvass, list: list, household: door, person: person)
        let sync = SyncScreen(canvass: canvass)
        let hand = PhoneToPhoneScreen(canvass: canvass)
        let settings = SettingsScreen(canvass: canvass)
        _ = JoinScreen(canvass: canvass)
        _ = AddPersonScreen(canvass: canvass, list: list, household: door)

        try await opens(canvass, "lists", 2, { await lists.start() }) { !lists.state.lists.isEmpty }
        try await opens(canvass, "walk list", 2, { await walk.open(list: list) }) {
            walk.state.view != nil
        }
        try await opens(canvass, "map", 4, { await map.start(width: 390, height: 600) }) {
            map.state.features != nil
        }
        try await opens(
            canvass, "household", 3,
            {
                async let floors: Void = household.readFloors()
                await household.start()
                await floors
            }
        ) {
            household.state.view != nil && !household.state.floors.isEmpty
        }
        try await opens(canvass, "survey", 1, { await survey.start() }) {
            survey.state.screen != nil
        }
        try await opens(canvass, "sync", 5, { await sync.start() }) {
            !sync.state.disagreements.isEmpty
        }
        try await opens(canvass, "phone to phone", 2, { await hand.begin(way: .receive) }) {
            !hand.state.frames.isEmpty
        }
        try await opens(canvass, "settings", 2, { await settings.start() }) {
            settings.state.sealedCopy != nil
        }
    }

    @MainActor
    func testAKnockTakesThreeCallsWithTheScreenBelowStillListening() async throws {
        let canvass = try await open("phone", seed: 7)
        let list = try await campaign(canvass)
        let door = try await door(canvass, list, "2", "Willow St")
        let walk = WalkListScreen(canvass: canvass)
        let household = HouseholdScreen(canvass: canvass, list: list, household: door)
        let showing = [
            Task { await walk.open(list: list) }, Task { await household.start() },
        ]
        try await eventually { walk.state.view != nil && household.state.view != nil }
        let before = canvass.engineCalls
        await household.tap(result: .notHome)
        try await eventually {
            walk.state.view?.summary.progress.done == 1
                && household.state.view?.attempts.isEmpty == false
        }
        XCTAssertLessThanOrEqual(canvass.engineCalls - before, Self.mostForAKnock)
        showing.forEach { $0.cancel() }
    }

    /// Opens a screen: within the limit, and with not more calls than it took when this was
    /// written.
    @MainActor
    private func opens(
        _ canvass: Canvass, _ name: String, _ known: Int,
        _ start: @escaping @MainActor () async -> Void, _ isShown: () -> Bool
    ) async throws {
        let before = canvass.engineCalls
        let showing = Task { await start() }
        try await eventually(isShown)
        let calls = canvass.engineCalls - before
        XCTAssertGreaterThan(calls, 0, name)
        XCTAssertLessThanOrEqual(calls, known, name)
        XCTAssertLessThanOrEqual(calls, Self.mostToOpen, name)
        showing.cancel()
        await showing.value
    }
}
