//! A bad network in front of the backend, for those who prove their own shell against it.
//!
//! What happens to the n-th request of a phone follows from the seed and n, and is told on
//! standard error. Operators' requests pass. Never more than two faults follow each other, so
//! that whoever tries again gets through.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use canvass_backend::Severed;
use canvass_core::sync::wire::MEDIA_TYPE;
use http_body_util::BodyExt;

/// Longest that an answer is held back.
const MAX_SLOW_MS: u64 = 400;
/// Faults that may follow each other.
const MAX_IN_A_ROW: u64 = 2;

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is cut before the server sees the request.
    Dropped,
    /// The server sees the request, and its answer is lost.
    ReplyLost,
    /// The server sees the request twice.
    Doubled,
    /// A web page with status 200 answers in the server's place.
    WebPage,
    /// The answer ends in the middle.
    HalfBody,
    /// The server asks for a second of patience.
    Busy,
    /// The answer comes late.
    Slow,
}

impl Fault {
    /// The name by which it is told.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dropped => "dropped",
            Self::ReplyLost => "reply lost",
            Self::Doubled => "doubled",
            Self::WebPage => "web page",
            Self::HalfBody => "half a body",
            Self::Busy => "busy",
            Self::Slow => "slow",
        }
    }

    /// Whether the phone gets an answer that it can use.
    const fn gets_through(self) -> bool {
        matches!(self, Self::Doubled | Self::Slow)
    }
}

fn hash(seed: u64, number: u64) -> u64 {
    let mut hasher = blake3::Hasher::new_derive_key("canvass kit 2026 faults v1");
    hasher.update(&seed.to_le_bytes());
    hasher.update(&number.to_le_bytes());
    let bytes = hasher.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&bytes.as_bytes()[..8]);
    u64::from_le_bytes(first)
}

fn drawn(seed: u64, number: u64) -> Option<Fault> {
    Some(match hash(seed, number) % 16 {
        0 => Fault::Dropped,
        1 => Fault::ReplyLost,
        2 | 3 => Fault::Doubled,
        4 => Fault::WebPage,
        5 => Fault::HalfBody,
        6 => Fault::Busy,
        7 => Fault::Slow,
        _ => return None,
    })
}

/// What happens to the n-th request of phones, counted from 1.
#[must_use]
pub fn fault(seed: u64, number: u64) -> Option<Fault> {
    let is_stopped = |number: u64| drawn(seed, number).is_some_and(|it| !it.gets_through());
    let before =
        (1..=MAX_IN_A_ROW).filter_map(|back| number.checked_sub(back)).filter(|it| *it > 0);
    let row = before.take_while(|number| is_stopped(*number)).count();
    drawn(seed, number).filter(|it| it.gets_through() || (row as u64) < MAX_IN_A_ROW)
}

#[derive(Clone)]
struct Weather {
    seed: u64,
    asked: Arc<AtomicU64>,
}

/// Puts a bad network of this seed in front of these routes.
pub fn behind_faults(routes: Router, seed: u64) -> Router {
    let weather = Weather { seed, asked: Arc::default() };
    routes.layer(from_fn_with_state(weather, pass))
}

async fn pass(State(weather): State<Weather>, request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE);
    if kind.is_none_or(|kind| kind != MEDIA_TYPE) {
        return next.run(request).await;
    }
    let number = weather.asked.fetch_add(1, Ordering::Relaxed) + 1;
    let Some(fault) = fault(weather.seed, number) else { return next.run(request).await };
    // Nobody reads it: the fault happens all the same.
    let _unread = writeln!(std::io::stderr(), "fault {number}: {}", fault.name());
    match fault {
        Fault::Dropped => severed(),
        Fault::ReplyLost => {
            next.run(request).await;
            severed()
        }
        Fault::Doubled => doubled(request, next).await,
        Fault::WebPage => {
            let page = "<!doctype html><title>Sign in</title><p>Welcome to our network.";
            ([(header::CONTENT_TYPE, "text/html")], page).into_response()
        }
        Fault::HalfBody => half(next.run(request).await).await,
        Fault::Busy => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")]).into_response()
        }
        Fault::Slow => {
            let wait_ms = hash(weather.seed, number) / 16 % MAX_SLOW_MS;
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
            next.run(request).await
        }
    }
}

fn severed() -> Response {
    let mut response = StatusCode::OK.into_response();
    response.extensions_mut().insert(Severed);
    response
}

async fn collected(body: Body) -> Bytes {
    body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default()
}

/// The server sees the request twice; the phone hears the second answer.
async fn doubled(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = collected(body).await;
    let first = Request::from_parts(parts.clone(), Body::from(body.clone()));
    next.clone().run(first).await;
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// Half of an answer's body as if it were the whole: nothing but its content tells.
async fn half(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = collected(body).await;
    parts.headers.remove(header::CONTENT_LENGTH);
    let half = body.slice(..body.len() / 2);
    Response::from_parts(parts, Body::from(half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_draws_every_fault_and_never_three_in_a_row() {
        for seed in 0..50 {
            let faults: Vec<Option<Fault>> = (1..=400).map(|number| fault(seed, number)).collect();
            let stops = |it: &Option<Fault>| it.is_some_and(|it| !it.gets_through());
            assert!(!faults.windows(3).any(|three| three.iter().all(stops)), "seed {seed}");
            let mut names: Vec<&str> = faults.iter().flatten().map(|it| it.name()).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), 7, "seed {seed}");
        }
    }
}
