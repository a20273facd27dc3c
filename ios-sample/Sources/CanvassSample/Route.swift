import CanvassCore
import Foundation

/// A screen above the first one, by ids alone: what the system keeps of a closed app holds no
/// name and no address.
public enum Route: Hashable, Codable, Sendable {
    /// The doors of a list.
    case walkList(list: ListId)
    /// One door.
    case household(list: ListId, household: HouseholdId)
    /// The talk with one person.
    case survey(list: ListId, household: HouseholdId, person: PersonId)
    /// Someone at the door whom no file knew.
    case addPerson(list: ListId, household: HouseholdId)
    /// Taking an invitation.
    case join
    /// What is safe where.
    case sync
    /// Work from phone to phone.
    case phoneToPhone
    /// Settings.
    case settings
}
