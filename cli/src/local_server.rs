//! A backend in this process: the real routes and the real storage, without a socket.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use canvass_backend::sqlite::SqliteStorage;
use canvass_backend::{App, Severed, operator_token, router};
use canvass_core::engine::SyncRequest;
use canvass_core::ports::{Clock, IdSource, SeededIds};
use canvass_core::seal::FileKeyVault;
use canvass_core::sync::Reply;
use canvass_core::sync::wire::MEDIA_TYPE;
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use crate::faults::behind_faults;

/// The address under which phones know it.
pub const ADDRESS: &str = "http://127.0.0.1";

/// The status that stands for a connection that was cut, where nothing else can.
const CUT: u16 = 503;

/// A backend in this process.
pub struct LocalServer {
    runtime: Runtime,
    router: Router,
    operator: String,
}

/// Why a request to it failed.
#[derive(Debug, thiserror::Error)]
#[error("the backend answered {status}: {body}")]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Value,
}

/// Why the backend could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Its files.
    #[error(transparent)]
    Store(#[from] canvass_core::store::StoreError),
    /// Its database.
    #[error(transparent)]
    Backend(#[from] canvass_backend::Error),
    /// The system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl LocalServer {
    /// Starts a backend whose ids and keys follow from `seed`.
    pub fn start(directory: &Path, seed: u64, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let vault = FileKeyVault::new(&directory.join("keys"), SeededIds::new(seed, "vault"));
        let ids: Arc<dyn IdSource> = Arc::new(SeededIds::new(seed, "server"));
        let storage = SqliteStorage::open(directory, &vault, &*ids)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(operator_token(&storage, &*ids, directory))?;
        let operator = std::fs::read_to_string(directory.join("operator.token"))?;
        Ok(Self { runtime, router: router(App { storage, clock, ids }), operator })
    }

    /// The same backend behind a bad network, whose faults follow from `seed`.
    #[must_use]
    pub fn behind_faults(self, seed: u64) -> Self {
        Self { router: behind_faults(self.router, seed), ..self }
    }

    /// Sends an operator's request; the answer as JSON.
    pub fn operator(&self, method: Method, path: &str, body: &Value) -> Result<Value, Refused> {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let (status, bytes) = self.operator_bytes(method, path, body);
        let value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        if status == 200 { Ok(value) } else { Err(Refused { status, body: value }) }
    }

    /// Sends an operator's request with any body; the answer as it is.
    pub fn operator_bytes(&self, method: Method, path: &str, body: Vec<u8>) -> (u16, Vec<u8>) {
        let authorization = format!("Bearer {}", self.operator);
        let (status, _, body) = self.send(method, path, Some(&authorization), body);
        (status, body)
    }

    /// Sends a request of a phone.
    pub fn phone(&self, request: &SyncRequest) -> Reply {
        let nothing = Reply { status: CUT, retry_after_s: None, body: Vec::new() };
        self.answer(request).unwrap_or(nothing)
    }

    /// Sends a request of a phone over a network that may be cut.
    pub fn answer(&self, request: &SyncRequest) -> Option<Reply> {
        let path = request.url.strip_prefix(ADDRESS).unwrap_or(&request.url);
        let authorization = request.authorization.as_deref();
        let (status, retry_after_s, body) = self.exchange(
            Method::POST,
            path,
            (authorization, Some(MEDIA_TYPE)),
            request.body.clone(),
        )?;
        Some(Reply { status, retry_after_s, body })
    }

    /// Sends any request, with whatever it is authorised by; status, `Retry-After` and body.
    pub fn send(
        &self,
        method: Method,
        path: &str,
        authorization: Option<&str>,
        body: Vec<u8>,
    ) -> (u16, Option<u32>, Vec<u8>) {
        let answer = self.exchange(method, path, (authorization, None), body);
        answer.unwrap_or((CUT, None, Vec::new()))
    }

    /// The same; nothing when the connection was cut.
    fn exchange(
        &self,
        method: Method,
        path: &str,
        (authorization, media_type): (Option<&str>, Option<&str>),
        body: Vec<u8>,
    ) -> Option<(u16, Option<u32>, Vec<u8>)> {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(media_type) = media_type {
            request = request.header(header::CONTENT_TYPE, media_type);
        }
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let Ok(request) = request.body(Body::from(body)) else {
            return Some((400, None, Vec::new()));
        };
        self.runtime.block_on(async {
            let response = match self.router.clone().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if response.extensions().get::<Severed>().is_some() {
                return None;
            }
            let status = response.status().as_u16();
            let retry_after = response.headers().get(header::RETRY_AFTER);
            let retry_after = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
            let body = response.into_body().collect().await;
            let body = body.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
            Some((status, retry_after, body))
        })
    }
}
