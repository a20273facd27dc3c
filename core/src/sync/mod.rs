//! Sync: what to send, how to take in an answer, when to try again.
//!
//! Push before pull. Parts of an answer are staged and applied whole. Nothing here performs
//! input or output: the app sends what [`Machine`] asks it to send, so the whole conversation
//! runs in a test without a network.

mod bundle;
mod frames;
mod lease;
mod machine;
mod signed;
mod snapshot;
mod told;
pub mod wire;

pub use bundle::{Bundle, Held, MAX_BUNDLE_BYTES, PeerSummary};
pub use frames::{FrameCollector, FrameError, to_frames};
pub use lease::{LEASE_MS, Lease, OFFLINE_BUDGET_MS, Order, OrderDone, share_key};
pub use machine::{
    Ended, MAX_PULL_BYTES, MAX_PUSH_BYTES, Machine, Next, Outgoing, PullProgress, Reply,
    Surroundings, SyncEvent, Work,
};
pub use signed::{DeviceCard, Signed};
pub use snapshot::{
    SnapshotDoor, SnapshotPerson, doors_of_bytes, doors_to_bytes, people_of_bytes, people_to_bytes,
};
pub use told::{told_file, told_person};
