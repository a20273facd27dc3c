import CanvassCoreTesting
import CanvassTestSupport
import XCTest

@testable import CanvassCore

/// What the texts of QR codes are together.
func scanned(_ frames: [String]) throws -> Data {
    let collector = FrameCollector()
    let wholes = try frames.compactMap { try collector.take(text: $0) }
    guard wholes.count == 1 else { throw Unexpected("\(wholes.count) wholes") }
    return wholes[0]
}

/// Replays a scenario step by step; `tests/scenarios/README.md` says what each step does.
struct Replay {
    let folder: URL
    let server: CampaignServer
    private var phones: [String: Phone] = [:]
    private var organiser: Operator
    private var changes: [String: ChangeId] = [:]
    private var people: [String: PersonId] = [:]
    private var floors: [String: [DoorSaved]] = [:]

    init(folder: URL, server: CampaignServer) {
        self.folder = folder
        self.server = server
        organiser = Operator(server: server)
    }

    /// Closes the phones.
    func close() {
        phones.values.forEach { $0.canvass.close() }
    }

    /// What a step kept of a server's answer.
    func kept(_ name: String) throws -> String {
        try organiser.kept(name)
    }

    /// Does one step, and throws when something else comes out than it expects.
    mutating func step(_ step: JSON) async throws {
        if step["operator"] != nil {
            return try await organiser.step(step)
        }
        let name = try step.text("phone")
        if try step.text("do") == "open" {
            phones[name] = try await Phone(folder.appendingPathComponent(name), step)
            return
        }
        let phone = try known(phones, name)
        let canvass = phone.canvass
        switch try step.text("do") {
        case "restart": phones[name] = try await phone.restarted()
        case "clock": phone.clock.advance(to: try moment(step, "ms"))
        case "join":
            let path = try kept(step.text("invitation"))
            try await canvass.join(invitation: server.address + path)
        case "sync":
            try same(await canvass.sync().outcome, named(step.text("outcome"), SyncOutcome.all))
        case "hand_over":
            try await handOver(phone, known(phones, step.text("to")), step)
        case "expect": try await expect(phone, step)
        case "resolve": try await resolve(phone, step.text("value"))
        case "claim":
            let doors = [try await phone.door(step.text("door"))]
            let results = try await canvass.claim(list: phone.list(), households: doors)
            let expected = try named(step.text("outcome"), ClaimOutcome.all)
            try same(results.map(\.outcome), [expected])
        case "release":
            let doors = [try await phone.door(step.text("door"))]
            let released = try await canvass.release(list: phone.list(), households: doors)
            try same(Int64(released), step.number("released"))
        case "claims":
            let claims = try await canvass.claims(list: phone.list())
            try same(claims.map(\.sentence), step.texts("equals"))
        case "near": try await near(phone, step)
        case "languages": try await canvass.setLanguages(tags: step.texts("tags"))
        case "survey": try await survey(phone, step)
        case "status":
            try same([await canvass.syncStatus().sentence], step.texts("equals"))
        case "offered":
            let channel = try named(step.text("channel"), ContactChannel.all)
            let offered = try await canvass.offeredResults(channel: channel)
            try same(offered.map(\.name), step.texts("equals"))
        case "reached": try await reached(phone, step)
        case "asks": try await asks(phone, step)
        case "follow_ups": try await followUps(phone, step)
        case "next":
            let next = try await canvass.nextStop(list: phone.list())
            try same((next?.doors ?? []).map(\.address.oneLine), step.texts("equals"))
        case "talk": try await talk(phone, step)
        case "floor": try await floor(phone, step)
        case "undo_floor":
            let saved = try known(floors, step.text("kept"))
            try await canvass.undoResults(list: phone.list(), saved: saved)
        case "digest":
            try same(await canvass.stateDigest(list: phone.list()), step.text("equals"))
        case "export":
            let format = try named(step.text("format"), ExportFormat.all)
            let file = try await canvass.export(list: phone.list(), format: format)
            try sameFile(file.bytes, step.text("equals"))
        default: try await record(phone, step)
        }
    }

    private func handOver(_ from: Phone, _ to: Phone, _ step: JSON) async throws {
        let summary = try await to.canvass.peerSummary()
        var bundle = try await from.canvass.makeBundle(summary: summary)
        switch try step.text("as") {
        case "file":
            let file = folder.appendingPathComponent("bundle")
            try bundle.write(to: file)
            bundle = try Data(contentsOf: file)
        case "qr":
            bundle = try scanned(await from.canvass.qrFrames(bytes: bundle).reversed())
        case let way: throw Unexpected("no way \(way)")
        }
        let report = try await to.canvass.applyBundle(bundle: bundle)
        let found = [
            "changes": report.changes, "known": report.known, "refused": report.refused,
            "shown": report.shown,
        ]
        let expected = try XCTUnwrap(step["equals"])
        for name in expected.fields.keys {
            try same(Int64(known(found, name)), expected.number(name), name)
        }
    }

    private func expect(_ phone: Phone, _ step: JSON) async throws {
        let status = try await phone.canvass.syncStatus()
        let progress = try await phone.canvass.progress(list: phone.list())
        let waiting = try await phone.canvass.walkList(list: phone.list()).waiting
        let found = [
            "doors": progress.doors,
            "done": progress.done,
            "contacted": progress.contacted,
            "apart": progress.apart,
            "on_this_phone": status.onThisPhone,
            "at_campaign": status.atCampaign,
            "set_aside": status.setAside,
            "conflicts": status.conflicts,
            "waiting": waiting,
        ]
        for name in step.fields.keys where name != "phone" && name != "do" {
            try same(Int64(known(found, name)), step.number(name), name)
        }
    }

    private func resolve(_ phone: Phone, _ value: String) async throws {
        let list = try await phone.list()
        let conflicts = try await phone.canvass.conflicts(list: list)
        try same(conflicts.count, 1)
        let chosen = try XCTUnwrap(conflicts[0].candidates.first { $0.value == [value] })
        try await phone.canvass.resolveConflict(
            list: list, household: conflicts[0].household, conflict: conflicts[0].conflict,
            chosen: chosen.change)
    }

    private func near(_ phone: Phone, _ step: JSON) async throws {
        let (canvass, list) = (phone.canvass, try await phone.list())
        let door = try await phone.door(step.text("door"))
        let here = try await canvass.household(list: list, household: door).point
        let near = try await canvass.nearestUnclaimed(
            list: list, from: here, count: UInt32(step.number("count")),
            radiusM: Double(step.number("radius_m")))
        try same(near.map(\.door.address.oneLine), step.texts("equals"))
    }

    private func survey(_ phone: Phone, _ step: JSON) async throws {
        let (list, door) = (try await phone.list(), try await phone.door(step.text("door")))
        let who = try await person(phone, door, step)
        let view = try await phone.canvass.survey(
            list: list, household: door, person: who, language: step["language"]?.text ?? "")
        let people = try await phone.canvass.household(list: list, household: door).people
        let first = try XCTUnwrap(view.questions.first)
        let them = try XCTUnwrap(people.first { $0.person == who })
        let expected = try step.texts("equals")
        try same(try named(expected[1], LanguageReason.all), view.languageReason)
        let told = [
            view.language, expected[1], first.label, first.frame, String(them.languageNotSpoken),
        ]
        try same(told, expected)
    }

    /// How a door is reached, in words, who says so, and how many things there are worth a look.
    private func reached(_ phone: Phone, _ step: JSON) async throws {
        let door = try await phone.door(step.text("door"))
        let view = try await phone.canvass.household(list: phone.list(), household: door)
        let said = [view.access?.sentence ?? "", view.access?.by ?? "", "\(view.notices.count)"]
        try same(said, step.texts("equals"))
    }

    private func asks(_ phone: Phone, _ step: JSON) async throws {
        let door = try await phone.door(step.text("door"))
        let who = try await person(phone, door, step)
        let view = try await phone.canvass.household(list: phone.list(), household: door)
        let them = try XCTUnwrap(view.people.first { $0.person == who })
        let said = them.asks.map { ask in
            let state = ask.state.map { "\($0)" } ?? "none"
            let channels = (ask.consent?.channels ?? []).map { "\($0)" }
            let withdrawn = ask.withdrawn ? ["withdrawn"] : []
            return ([state] + channels + withdrawn).joined(separator: " ")
        }
        try same(said, step.texts("equals"))
    }

    private func followUps(_ phone: Phone, _ step: JSON) async throws {
        let (canvass, list) = (phone.canvass, try await phone.list())
        var said: [String] = []
        for view in try await canvass.followUps(list: list) {
            let at = try await canvass.household(list: list, household: view.household).address
            said.append("\(at.oneLine) \(view.phase == .notYet ? "not_yet" : "\(view.phase)")")
        }
        try same(said, step.texts("equals"))
    }

    private mutating func record(_ phone: Phone, _ step: JSON) async throws {
        let (canvass, list) = (phone.canvass, try await phone.list())
        let door = try await phone.door(step.text("door"))
        let saved: Saved
        switch try step.text("do") {
        case "attempt": saved = try await attempt(phone, list, door, step)
        case "answer": saved = try await answer(phone, list, door, step)
        case "result": saved = try await result(phone, list, door, step)
        case "note":
            saved = try await canvass.recordNote(
                list: list, household: door, text: step.text("text"))
        case "do_not_contact":
            saved = try await canvass.setDoNotContact(list: list, household: door)
        case "undo":
            let change = try known(changes, step.text("change"))
            saved = try await canvass.undo(list: list, household: door, change: change)
        case "add_person":
            saved = try await canvass.addPerson(
                input: PersonMetInput(
                    list: list, household: door, givenName: step.text("given_name"),
                    familyName: step.text("family_name"), language: ""))
        case "contact":
            saved = try await canvass.recordContact(
                input: ContactInput(
                    list: list, household: door, person: person(phone, door, step),
                    medium: named(step.text("medium"), ContactMedium.all),
                    mark: named(step.text("mark"), ContactMark.all), value: step.text("value")))
        case "call":
            saved = try await canvass.recordCall(
                input: CallInput(
                    list: list, household: door, person: person(phone, door, step),
                    channel: named(step.text("channel"), ContactChannel.all),
                    number: step.text("number"),
                    result: step["result"]?.text.map { try named($0, CanvassResult.all) }))
        case "access":
            saved = try await canvass.recordAccess(
                list: list, household: door, access: named(step.text("access"), Access.all))
        case "ask":
            saved = try await canvass.recordAsk(
                input: AskInput(
                    list: list, household: door, person: person(phone, door, step),
                    kind: kind(step), state: named(step.text("state"), AskState.all),
                    consent: step["consent"].map(consent),
                    attempt: step["attempt"]?.text.map { try known(changes, $0) }))
        case "withdraw":
            saved = try await canvass.withdrawConsent(
                list: list, household: door, person: person(phone, door, step), kind: kind(step))
        case "come_back":
            saved = try await canvass.recordFollowUp(
                input: FollowUpInput(
                    list: list, household: door, person: nil, window: window(step), attempt: nil))
        case "literature":
            saved = try await canvass.setLiterature(
                list: list, household: door, attempt: known(changes, step.text("attempt")),
                left: step["left"]?.flag ?? false)
        case "correct":
            saved = try await canvass.recordCorrection(
                input: CorrectionInput(
                    list: list, household: door, person: nil,
                    field: named(step.text("field"), CorrectedField.all),
                    value: step.text("value")))
        case let what: throw Unexpected("no step \(what)")
        }
        if let name = step["keep"]?.text {
            changes[name] = saved.change
        }
        if let name = step["keep_person"]?.text {
            people[name] = try XCTUnwrap(saved.person)
        }
    }

    private func attempt(
        _ phone: Phone, _ list: ListId, _ door: HouseholdId, _ step: JSON
    ) async throws -> Saved {
        var results: [PersonResult] = []
        for told in step["people"]?.list ?? [] {
            let result = try named(told.text("result"), CanvassResult.all)
            results.append(
                PersonResult(person: try await person(phone, door, told), result: result))
        }
        return try await phone.canvass.recordAttempt(
            input: AttemptInput(
                list: list, household: door,
                door: step["result"]?.text.map { try named($0, CanvassResult.all) },
                people: results,
                corrects: step["corrects"]?.text.map { try known(changes, $0) },
                literature: step["literature"]?.flag ?? false,
                comeBack: step["come_back"].map(window)))
    }

    private func answer(
        _ phone: Phone, _ list: ListId, _ door: HouseholdId, _ step: JSON
    ) async throws -> Saved {
        return try await phone.canvass.recordAnswer(
            input: AnswerInput(
                list: list, household: door, person: person(phone, door, step),
                question: step.text("question"), value: answerValue(step),
                attempt: step["attempt"]?.text.map { try known(changes, $0) }))
    }

    private mutating func talk(_ phone: Phone, _ step: JSON) async throws {
        let (canvass, list) = (phone.canvass, try await phone.list())
        let door = try await phone.door(step.text("door"))
        let person = try await person(phone, door, step)
        let language = step["language"]?.text ?? "en"
        let screen: ConversationScreen
        if let taken = step["step"]?.text {
            screen = try await canvass.converse(
                input: ConversationInput(
                    list: list, household: door, person: person,
                    step: conversationStep(taken, step), language: language))
        } else {
            screen = try await canvass.conversation(
                list: list, household: door, person: person, language: language)
        }
        if let name = step["keep_attempt"]?.text {
            changes[name] = try XCTUnwrap(screen.attempt)
        }
        let view = screen.view
        let aside = view.given.filter { !$0.counts }.map(\.question)
        let found = [
            view.version, screen.newerVersion ?? "", view.question?.name ?? "",
            view.question?.label ?? "", "\(view.done) of \(view.asked)",
            aside.joined(separator: " "), "\(screen.recorded.count)",
        ]
        try same(found, step.texts("equals"))
    }

    private func result(
        _ phone: Phone, _ list: ListId, _ door: HouseholdId, _ step: JSON
    ) async throws -> Saved {
        let hasPerson = step["person"] != nil || step["met"] != nil
        return try await phone.canvass.recordResult(
            input: ResultInput(
                list: list, household: door,
                person: hasPerson ? person(phone, door, step) : nil,
                result: named(step.text("result"), CanvassResult.all),
                attempt: step["attempt"]?.text.map { try known(changes, $0) }))
    }

    private mutating func floor(_ phone: Phone, _ step: JSON) async throws {
        let list = try await phone.list()
        let all = try await phone.canvass.floors(
            list: list, household: phone.door(step.text("door")))
        let wanted = try UInt32(step.number("floor"))
        let open = try XCTUnwrap(all.first { $0.floor == wanted }).open
        let saved = try await phone.canvass.recordResults(
            list: list, households: open,
            result: named(step.text("result"), CanvassResult.all))
        try same(Int64(saved.count), step.number("recorded"))
        floors[try step.text("keep")] = saved
    }

    /// A person by their place in the household, or one met, by name.
    private func person(_ phone: Phone, _ door: HouseholdId, _ step: JSON) async throws -> PersonId
    {
        if let name = step["met"]?.text {
            return try known(people, name)
        }
        let view = try await phone.canvass.household(list: phone.list(), household: door)
        let place = Int(try step.number("person"))
        guard view.people.indices.contains(place) else { throw Unexpected("no such person") }
        return view.people[place].person
    }
}

/// What a step answers.
private func answerValue(_ step: JSON) throws -> AnswerValue {
    if let option = step["choice"]?.text {
        return .choice(option: option)
    } else if let options = step["choices"]?.list {
        return .choices(options: options.compactMap(\.text))
    } else if let number = step["number"]?.number {
        return .number(value: number)
    } else if let point = step["scale"]?.number {
        return .scale(value: Int32(point))
    } else if let date = step["date"]?.text {
        return .date(date: date)
    }
    return .text(text: try step.text("text"))
}

private func conversationStep(_ name: String, _ step: JSON) throws -> ConversationStep {
    switch name {
    case "answer":
        return .answer(question: try step.text("question"), value: try answerValue(step))
    case "clear": return .clear(question: try step.text("question"))
    case "skip": return .skip(question: try step.text("question"))
    case "go_to": return .goTo(question: try step.text("question"))
    case "back": return .back
    case "next": return .next
    case "finish": return .finish
    case "stop": return .stop
    default: throw Unexpected("no step \(name)")
    }
}

/// A phone of a scenario: its engine, and the clock that it looks at.
private struct Phone {
    let canvass: Canvass
    let clock: TestClock
    private let config: EngineConfig
    private let keys: FileKeyVault

    init(_ folder: URL, _ step: JSON) async throws {
        let seed = UInt64(try step.number("seed"))
        try await self.init(
            config: EngineConfig(directory: folder.path, testSeed: seed),
            keys: FileKeyVault(directory: folder.appendingPathComponent("keys")),
            clock: TestClock(start: moment(step, "clock_ms")))
    }

    private init(config: EngineConfig, keys: FileKeyVault, clock: TestClock) async throws {
        canvass = try await Canvass.open(config: config, vault: keys, clock: clock)
        (self.config, self.keys, self.clock) = (config, keys, clock)
    }

    func restarted() async throws -> Phone {
        canvass.close()
        return try await Phone(config: config, keys: keys, clock: clock)
    }

    func list() async throws -> ListId {
        let lists = try await canvass.walkLists()
        return try XCTUnwrap(lists.first).list
    }

    func door(_ address: String) async throws -> HouseholdId {
        var from: String?
        repeat {
            let page = try await canvass.doors(list: list(), from: from)
            let found = page.doors.first { door in
                door.address.oneLine == address
            }
            if let found { return found.household }
            from = page.next
        } while from != nil
        throw Unexpected("no door \(address)")
    }
}

private func moment(_ step: JSON, _ field: String) throws -> Date {
    Date(timeIntervalSince1970: TimeInterval(try step.number(field)) / 1_000)
}

private func known<T>(_ all: [String: T], _ name: String) throws -> T {
    guard let value = all[name] else { throw Unexpected("no \(name)") }
    return value
}

/// An enum's value by its lower snake case name.
private func named<T>(_ name: String, _ all: [T]) throws -> T {
    let flat = name.replacingOccurrences(of: "_", with: "").lowercased()
    guard let value = all.first(where: { "\($0)".lowercased() == flat }) else {
        throw Unexpected("no \(name)")
    }
    return value
}

extension JSON {
    fileprivate func texts(_ name: String) throws -> [String] {
        try XCTUnwrap(self[name]).list.compactMap(\.text)
    }
}

/// A kind of ask by its name in files.
private func kind(_ step: JSON) throws -> AskKind {
    switch try step.text("kind") {
    case "volunteer": .volunteer
    case "yard_sign": .yardSign
    case "pledge_to_vote": .pledgeToVote
    case "ride_to_polls": .rideToPolls
    case "contact_me": .contactMe
    case let name: .own(name: name)
    }
}

private func consent(_ told: JSON) throws -> ConsentInput {
    try ConsentInput(
        words: told.text("words"), language: told.text("language"),
        channels: told.texts("channels").map { try named($0, ContactChannel.all) })
}

/// A window in the local time of the scenarios' town.
private func window(_ told: JSON) throws -> TimeWindow {
    try TimeWindow(
        from: moment(told, "from_ms"), until: moment(told, "until_ms"), utcOffsetMinutes: -240)
}

extension Address {
    /// An address, as doors are named here.
    fileprivate var oneLine: String {
        "\(houseNumber) \(street) \(unit)".trimmingCharacters(in: .whitespaces)
    }
}

extension Access {
    fileprivate static let all: [Access] = [.open, .gate, .dog, .locked]
}

extension AskState {
    fileprivate static let all: [AskState] = [.wanted, .declined, .done]
}

extension ContactChannel {
    fileprivate static let all: [ContactChannel] = [.door, .phone, .text, .email]
}

extension ClaimOutcome {
    fileprivate static let all: [ClaimOutcome] = [
        .claimed, .yoursAlready, .heldByAnother, .done, .notOffered,
    ]
}

extension SyncOutcome {
    fileprivate static let all: [SyncOutcome] = [
        .complete, .offline, .serverTrouble, .noServer, .notEnrolled, .invitationRefused, .refused,
    ]
}

extension ExportFormat {
    fileprivate static let all: [ExportFormat] = [.csv, .van, .vanApi, .osdi, .geoJson, .gpx]
}

extension ContactMedium {
    fileprivate static let all: [ContactMedium] = [.phone, .email]
}

extension CorrectedField {
    fileprivate static let all: [CorrectedField] = [
        .houseNumber, .street, .unit, .town, .zip, .givenName, .familyName,
    ]
}

extension ContactMark {
    fileprivate static let all: [ContactMark] = [.good, .wrong, .primary]
}

extension CanvassResult {
    fileprivate static let all: [CanvassResult] = [
        .contacted, .notHome, .refused, .moved, .deceased, .inaccessible, .noSuchAddress,
        .languageBarrier, .comeBack, .hostile, .leftLiterature, .wrongPerson, .doNotContact,
        .vacant, .notResidential, .busy, .disconnected, .wrongNumber, .callBack, .doNotCall,
        .doNotText, .leftMessage,
    ]
}

extension LanguageReason {
    fileprivate static let all: [LanguageReason] = [.asked, .person, .canvasser, .scriptDefault]
}
