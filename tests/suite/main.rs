//! One test binary: behaviour through public APIs, one file per behaviour.

mod local_campaign;
mod offline_day;
mod reimport;
mod tidy;
mod two_canvassers;
