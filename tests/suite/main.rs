//! One test binary: behaviour through public APIs, one file per behaviour.

mod authorisation;
mod backend_limits;
mod local_campaign;
mod offline_day;
mod reimport;
mod segments;
mod sync_faults;
mod tidy;
mod two_canvassers;
