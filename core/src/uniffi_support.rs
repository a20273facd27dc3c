//! How ids and moments cross to Kotlin and Swift: ids as text that becomes a `UUID`, moments
//! as microseconds that become an `Instant` or a `Date`. Only with the feature `uniffi`.

use uniffi::deps::anyhow;

use crate::id::{ChangeId, ConflictId, HouseholdId, ListId, PersonId, ScriptHash};
use crate::time::Timestamp;

macro_rules! as_text {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        uniffi::custom_type!(
            $(#[$doc])*
            $name, String, {
            lower: |id| id.to_string(),
            try_lift: |text| text.parse().map_err(|error| anyhow::anyhow!("{error}")),
        });
    )*};
}

as_text! {
    /// The people behind one door, and the door itself.
    HouseholdId;
    /// Someone who lives, or was met, at a household.
    PersonId;
    /// A walk list: the stops of one turf, in order.
    ListId;
    /// One field on which two people disagree, unseen by each other.
    ConflictId;
    /// The content of one version of a script.
    ScriptHash;
    /// One change, as `device.incarnation.number`.
    ChangeId;
}

uniffi::custom_type!(
    /// A moment in UTC, to the microsecond.
    Timestamp, i64, {
    lower: |moment| moment.0,
    try_lift: |micros| Ok(Timestamp(micros)),
});
