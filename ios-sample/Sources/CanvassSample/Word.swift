import Foundation

/// The labels that stand still on the screens, by their keys in `Localizable.strings`.
///
/// Whatever depends on what is shown (numbers, names, times, what to do next) is a sentence of
/// the core's, in the same language.
public enum Word: String, CaseIterable, Sendable {

    case done = "common.done"
    case cancel = "common.cancel"
    case tryAgain = "common.try_again"
    case undo = "common.undo"

    case opening = "app.opening"

    case joinTitle = "join.title"
    case joinHint = "join.hint"
    case joinField = "join.field"
    case joinScan = "join.scan"
    case joinButton = "join.button"

    case listsTitle = "lists.title"
    case listsEmpty = "lists.empty"
    case listNotReady = "lists.not_ready"
    case listReadableUntil = "lists.readable_until"

    case walkListView = "walk_list.view"
    case walkListAsList = "walk_list.as_list"
    case walkListAsMap = "walk_list.as_map"
    case walkListDoors = "walk_list.doors"
    case walkListAllDone = "walk_list.all_done"
    case walkListWaitingUntil = "walk_list.waiting_until"
    case doorDone = "walk_list.door_done"
    case doorLeft = "walk_list.door_left"

    case mapTitle = "map.title"
    case mapCloser = "map.closer"
    case mapFarther = "map.farther"
    case mapNext = "map.next"
    case mapDone = "map.done"
    case mapLeft = "map.left"
    case mapDirections = "map.directions"

    case householdPeople = "household.people"
    case householdHistory = "household.history"
    case householdNotes = "household.notes"
    case householdNote = "household.note"
    case householdSaveNote = "household.save_note"
    case householdResults = "household.results"
    case householdMoreResults = "household.more_results"
    case householdPersonResult = "household.person_result"
    case householdTalk = "household.talk"
    case householdAddPerson = "household.add_person"
    case householdDoNotContact = "household.do_not_contact"
    case householdDoNotContactSure = "household.do_not_contact_sure"
    case householdFloors = "household.floors"
    case householdNobodyHome = "household.nobody_home"
    case householdSaved = "household.saved"

    case savedOnThisPhone = "saved.on_this_phone"
    case savedOnAnotherPhone = "saved.on_another_phone"
    case savedAtCampaign = "saved.at_campaign"

    case surveyTitle = "survey.title"
    case surveyLanguage = "survey.language"
    case surveyLanguageBest = "survey.language_best"
    case surveyBack = "survey.back"
    case surveyNext = "survey.next"
    case surveySkip = "survey.skip"
    case surveyFinish = "survey.finish"
    case surveyStop = "survey.stop"
    case surveyConfirm = "survey.confirm"
    case surveyClear = "survey.clear"
    case surveySave = "survey.save"
    case surveyAnswer = "survey.answer"
    case surveyEarlier = "survey.earlier"
    case surveyNotCounted = "survey.not_counted"
    case surveyMissing = "survey.missing"
    case surveyNewer = "survey.newer"
    case surveyFinished = "survey.finished"
    case surveyStopped = "survey.stopped"
    case surveyAsks = "survey.asks"
    case surveyConsent = "survey.consent"
    case surveyFollowUp = "survey.follow_up"
    case surveyFrom = "survey.from"
    case surveyUntil = "survey.until"
    case surveySaveFollowUp = "survey.save_follow_up"
    case surveyLiterature = "survey.literature"

    case askVolunteer = "ask.volunteer"
    case askYardSign = "ask.yard_sign"
    case askPledge = "ask.pledge"
    case askRide = "ask.ride"
    case askContactMe = "ask.contact_me"

    case addPersonTitle = "add_person.title"
    case addPersonGiven = "add_person.given"
    case addPersonFamily = "add_person.family"
    case addPersonLanguage = "add_person.language"
    case addPersonLanguageUnknown = "add_person.language_unknown"
    case addPersonAdd = "add_person.add"

    case syncTitle = "sync.title"
    case syncSafe = "sync.safe"
    case syncNow = "sync.now"
    case syncStop = "sync.stop"
    case syncRunning = "sync.running"
    case syncNextTry = "sync.next_try"
    case syncListsCloseAt = "sync.lists_close_at"
    case syncClockOff = "sync.clock_off"
    case syncConflicts = "sync.conflicts"
    case syncSetAside = "sync.set_aside"
    case syncRetry = "sync.retry"

    case handTitle = "hand.title"
    case handWay = "hand.way"
    case handReceive = "hand.receive"
    case handGive = "hand.give"
    case handReceiveHint = "hand.receive_hint"
    case handGiveHint = "hand.give_hint"
    case handScan = "hand.scan"
    case handCode = "hand.code"
    case handRead = "hand.read"
    case handShare = "hand.share"
    case handFile = "hand.file"

    case settingsTitle = "settings.title"
    case settingsLanguage = "settings.language"
    case settingsLanguageHint = "settings.language_hint"
    case settingsOpen = "settings.open"
    case settingsUnit = "settings.unit"
    case settingsMetres = "settings.metres"
    case settingsFeet = "settings.feet"
    case settingsSealed = "settings.sealed"
    case settingsSealedHint = "settings.sealed_hint"
    case settingsSealedShare = "settings.sealed_share"
    case settingsDiagnostics = "settings.diagnostics"
    case settingsDiagnosticsHint = "settings.diagnostics_hint"
    case settingsDiagnosticsShare = "settings.diagnostics_share"

    case scanHint = "scan.hint"
    case scanUnavailable = "scan.unavailable"

    /// The label, in the phone's language.
    public var text: String {
        Bundle.module.localizedString(forKey: rawValue, value: nil, table: nil)
    }

    /// The table of a language, as its file stands; nothing when there is none.
    public static func table(language: String) -> [String: String]? {
        Bundle.module.url(
            forResource: "Localizable", withExtension: "strings", subdirectory: nil,
            localization: language
        )
        .flatMap { try? Data(contentsOf: $0) }
        .flatMap {
            try? PropertyListSerialization.propertyList(from: $0, format: nil) as? [String: String]
        }
    }
}
