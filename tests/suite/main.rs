//! One test binary: behaviour through public APIs, one file per behaviour.

mod authorisation;
mod backend_limits;
mod bad_files;
mod bad_input;
mod corrections;
mod erasure;
mod kill;
mod large_files;
mod leases;
mod local_campaign;
mod merge_model;
mod phone_to_phone;
mod power_cut;
mod read_gate;
mod readme;
mod recut;
mod reimport;
mod repair;
mod scenarios;
mod sealed_copy;
mod secrecy;
mod segments;
mod simulation;
mod sync_faults;
mod tidy;
mod two_canvassers;
