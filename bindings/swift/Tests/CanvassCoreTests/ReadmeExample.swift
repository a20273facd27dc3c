import CanvassCore

// The README shows these very lines.
// readme:begin
func firstKnock(directory: String, keys: KeyVault, invitation: String) async throws -> SyncReport {
    let canvass = try await Canvass.open(config: EngineConfig(directory: directory), vault: keys)
    defer { canvass.close() }
    try await canvass.join(invitation: invitation)  // its link, or the text of its QR code
    _ = try await canvass.sync()  // enrols this phone and fetches its walk lists

    let list = try await canvass.walkLists()[0].list
    let screen = try await canvass.walkList(list: list)  // progress, next stop, first doors
    let door = screen.page.doors[0].household
    let knock = AttemptInput(list: list, household: door, door: .notHome, people: [], corrects: nil)
    try await canvass.recordAttempt(input: knock)  // returns once it is durable on this phone

    return try await canvass.sync()  // whenever there is a network; nothing is lost without one
}
// readme:end
