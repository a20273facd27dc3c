//! What the backend could not do, and how a client is told.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use canvass_core::id::DeviceId;
use canvass_core::interchange::{FileError, ImportTally};
use canvass_core::store::StoreError;
use canvass_core::sync::wire::{self, GapReply, MEDIA_TYPE, PROTOCOL};
use serde_json::json;

/// Why a request was not served. Nothing was half done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No token, or one that stands for nobody.
    #[error("unauthorized")]
    Unauthorized,
    /// A token that is not for this.
    #[error("forbidden")]
    Forbidden,
    /// There is no such thing here.
    #[error("not found")]
    NotFound(&'static str),
    /// The request is not one.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// The invitation is used, expired or wrong: which of these is not told.
    #[error("invitation refused")]
    Invitation,
    /// It is there already.
    #[error("already there: {0}")]
    Exists(&'static str),
    /// A segment that does not follow on what is there, or says something else than it.
    #[error("the segment does not follow on change {mark}")]
    Gap {
        /// The author's device.
        device: DeviceId,
        /// Its incarnation.
        incarnation: u32,
        /// The last change received.
        mark: u64,
    },
    /// A whole file could not be read.
    #[error("the file could not be read")]
    File(#[from] FileError),
    /// Rows of a file were rejected, so nothing was imported.
    #[error("rows were rejected")]
    Rejected(Box<ImportTally>),
    /// A script is not sound.
    #[error("the script is not sound")]
    Script(Vec<canvass_core::survey::ScriptError>),
    /// A form cannot be used as a script.
    #[error("the form cannot be used")]
    Form(canvass_core::interchange::FormRefused),
    /// A turf is not sound.
    #[error("the turf is not sound")]
    Turf(#[from] canvass_core::turf::TurfError),
    /// A table of result codes cannot be used.
    #[error("the table of result codes cannot be used")]
    Codes(#[from] canvass_core::interchange::CodesError),
    /// What was shut out has handed in its work too late.
    #[error("too late")]
    TooLate,
    /// The body is too large.
    #[error("the body is too large")]
    TooLarge,
    /// It took too long.
    #[error("it took too long")]
    Timeout,
    /// Too much at once.
    #[error("busy")]
    Busy,
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] rusqlite::Error),
    /// The database's file could not be tended.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What the database holds cannot be.
    #[error("the database holds what cannot be: {0}")]
    Inconsistent(&'static str),
}

impl Error {
    /// A stable code for clients.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound(_) => "not_found",
            Self::BadRequest(_) => "bad_request",
            Self::Invitation => "invitation_refused",
            Self::Exists(_) => "exists",
            Self::Gap { .. } => "gap",
            Self::File(_) => "bad_file",
            Self::Rejected(_) => "rows_rejected",
            Self::Script(_) | Self::Form(_) => "bad_script",
            Self::Turf(_) => "bad_turf",
            Self::Codes(error) => error.problem.code(),
            Self::TooLate => "too_late",
            Self::TooLarge => "too_large",
            Self::Timeout => "timeout",
            Self::Busy => "busy",
            Self::Database(_) | Self::Store(_) | Self::Inconsistent(_) => "internal",
        }
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::Invitation => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Exists(_) | Self::Gap { .. } => StatusCode::CONFLICT,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::File(_)
            | Self::Rejected(_)
            | Self::Script(_)
            | Self::Form(_)
            | Self::Turf(_)
            | Self::Codes(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLate => StatusCode::GONE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(_) | Self::Store(_) | Self::Inconsistent(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    fn details(&self) -> serde_json::Value {
        match self {
            Self::NotFound(what) | Self::BadRequest(what) | Self::Exists(what) => json!(what),
            Self::File(error) => json!(error.to_string()),
            Self::Rejected(tally) => json!(tally),
            Self::Turf(error) => json!(error.to_string()),
            Self::Codes(error) => json!(error.to_string()),
            Self::Script(errors) => script_errors_json(errors),
            Self::Form(refused) => json!(refused.errors),
            _ => serde_json::Value::Null,
        }
    }
}

/// Faults of a script, or warnings, for its author.
pub(crate) fn script_errors_json(
    errors: &[canvass_core::survey::ScriptError],
) -> serde_json::Value {
    errors
        .iter()
        .map(|error| json!({ "what": error.to_string(), "hint": error.problem.hint() }))
        .collect()
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Gap { device, incarnation, mark } = self {
            let device = device.to_bytes().into();
            let gap = GapReply { protocol: PROTOCOL, device, incarnation, mark };
            let media_type = [(header::CONTENT_TYPE, MEDIA_TYPE)];
            return (self.status(), media_type, wire::encoded(&gap)).into_response();
        }
        let body = json!({ "error": { "code": self.code(), "details": self.details() } });
        let mut response = (self.status(), Json(body)).into_response();
        if matches!(self, Self::Busy) {
            let seconds = axum::http::HeaderValue::from_static("5");
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}
