//! The reference backend: campaigns, import, turfs, lists, invitations, push and pull.
//!
//! For a small campaign it is all there is to run: one process, one directory, an embedded
//! database. Handlers reach the database only through [`storage::Storage`], whose methods are
//! whole transactions; a large campaign's database becomes a second implementation. No rule of
//! canvassing is decided here: those are `canvass_core`'s, the same that run on the phones.

mod app;
mod error;
mod handlers;
mod operator;
mod routes;
mod secret;
mod serve;
pub mod sqlite;
pub mod storage;

pub use app::{App, Role};
pub use error::Error;
pub use operator::operator_token;
pub use routes::{RouteSpec, route_table, router};
pub use serve::{Serving, Severed, serve};
