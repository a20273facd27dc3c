//! The routes: each with the role it needs, in one table.
//!
//! A route's role is enforced before its handler runs, by the table itself; a handler that
//! needs a scope gets it from there and has no other way to one.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::app::{App, Role};
use crate::error::Error;
use crate::handlers;
use crate::secret;
use crate::storage::Storage;

/// Largest body of a push or pull.
const DEVICE_BODY_BYTES: usize = 512 << 10;
/// Largest body of an operator's request, but for imports.
const OPERATOR_BODY_BYTES: usize = 2 << 20;
/// Largest body of an import, which is read as a stream, and of a street pack.
const IMPORT_BODY_BYTES: usize = 64 << 20;
/// A request takes at most this long.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
/// An import, a cut and an export take at most this long.
const LONG_TIMEOUT: Duration = Duration::from_mins(5);

/// One route.
pub struct RouteSpec<S> {
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// Who may call it.
    pub role: Role,
    body_bytes: usize,
    timeout: Duration,
    handler: MethodRouter<App<S>>,
}

/// All routes.
#[must_use]
pub fn route_table<S: Storage>() -> Vec<RouteSpec<S>> {
    use MethodFilter as M;
    let mut routes = vec![
        spec(Method::GET, "/healthz", Role::Anyone, on(M::GET, handlers::health)),
        spec(Method::POST, "/v1/enrol", Role::Invited, on(M::POST, handlers::enrol)),
        spec(Method::POST, "/v1/drop", Role::Invited, on(M::POST, handlers::drop_off)),
        spec(Method::POST, "/v1/push", Role::Device, on(M::POST, handlers::push)),
        spec(Method::POST, "/v1/pull", Role::Device, on(M::POST, handlers::pull)),
        spec(Method::POST, "/v1/compare", Role::Device, on(M::POST, handlers::compare)),
        spec(Method::POST, "/v1/streets", Role::Device, on(M::POST, handlers::streets)),
    ];
    routes.extend(campaign_routes());
    routes.extend(list_routes());
    routes.extend(field_routes());
    routes
}

fn operator<S: Storage>(
    method: Method,
    path: &'static str,
    handler: MethodRouter<App<S>>,
) -> RouteSpec<S> {
    spec(method, path, Role::Operator, handler)
}

fn long<S: Storage>(route: RouteSpec<S>) -> RouteSpec<S> {
    RouteSpec { timeout: LONG_TIMEOUT, ..route }
}

/// Routes about what a campaign is made of.
fn campaign_routes<S: Storage>() -> Vec<RouteSpec<S>> {
    use MethodFilter as M;
    let (get, post) = (Method::GET, Method::POST);
    vec![
        operator(post.clone(), "/v1/campaigns", on(M::POST, handlers::create_campaign)),
        operator(get.clone(), "/v1/campaigns/{campaign}", on(M::GET, handlers::counts)),
        RouteSpec {
            body_bytes: IMPORT_BODY_BYTES,
            ..long(operator(
                post.clone(),
                "/v1/campaigns/{campaign}/imports",
                on(M::POST, handlers::import),
            ))
        },
        long(operator(
            post.clone(),
            "/v1/campaigns/{campaign}/turfs",
            on(M::POST, handlers::create_turfs),
        )),
        operator(get.clone(), "/v1/campaigns/{campaign}/turfs/all", on(M::GET, handlers::turfs)),
        RouteSpec {
            body_bytes: IMPORT_BODY_BYTES,
            ..long(operator(
                post.clone(),
                "/v1/campaigns/{campaign}/streets",
                on(M::POST, handlers::put_streets),
            ))
        },
        operator(
            post.clone(),
            "/v1/campaigns/{campaign}/scripts",
            on(M::POST, handlers::put_script),
        ),
        long(operator(
            post.clone(),
            "/v1/campaigns/{campaign}/lists",
            on(M::POST, handlers::create_list),
        )),
        operator(get.clone(), "/v1/campaigns/{campaign}/lists/all", on(M::GET, handlers::lists)),
    ]
}

/// Routes about who walks, and what came of it.
/// What an organiser does with lists once they are cut.
fn list_routes<S: Storage>() -> Vec<RouteSpec<S>> {
    use MethodFilter as M;
    let (get, post) = (Method::GET, Method::POST);
    vec![
        operator(
            get,
            "/v1/campaigns/{campaign}/lists/{number}/digest",
            on(M::GET, handlers::list_digest),
        ),
        operator(
            post.clone(),
            "/v1/campaigns/{campaign}/lists/{number}/withdraw",
            on(M::POST, handlers::withdraw_list),
        ),
        long(operator(
            post.clone(),
            "/v1/campaigns/{campaign}/lists/{number}/recut",
            on(M::POST, handlers::recut_list),
        )),
        operator(
            post.clone(),
            "/v1/campaigns/{campaign}/lists/{number}/devices/{device}",
            on(M::POST, handlers::assign_list),
        ),
        operator(
            post,
            "/v1/campaigns/{campaign}/lists/{number}/devices/{device}/take",
            on(M::POST, handlers::take_list),
        ),
    ]
}

fn field_routes<S: Storage>() -> Vec<RouteSpec<S>> {
    use MethodFilter as M;
    let (get, post) = (Method::GET, Method::POST);
    vec![
        operator(
            get.clone(),
            "/v1/campaigns/{campaign}/set-aside",
            on(M::GET, handlers::set_aside),
        ),
        long(operator(
            post.clone(),
            "/v1/campaigns/{campaign}/set-aside/retry",
            on(M::POST, handlers::retry_set_aside),
        )),
        operator(
            post.clone(),
            "/v1/campaigns/{campaign}/invitations",
            on(M::POST, handlers::invite),
        ),
        operator(
            post.clone(),
            "/v1/campaigns/{campaign}/devices/{device}/revoke",
            on(M::POST, handlers::revoke_device),
        ),
        operator(
            post.clone(),
            "/v1/campaigns/{campaign}/devices/{device}/erase",
            on(M::POST, handlers::erase_device),
        ),
        operator(get.clone(), "/v1/campaigns/{campaign}/orders", on(M::GET, handlers::orders)),
        operator(
            get.clone(),
            "/v1/campaigns/{campaign}/opening-key",
            on(M::GET, handlers::opening_key),
        ),
        operator(
            get.clone(),
            "/v1/campaigns/{campaign}/conflicts",
            on(M::GET, handlers::conflicts),
        ),
        operator(
            post,
            "/v1/campaigns/{campaign}/conflicts/{conflict}",
            on(M::POST, handlers::resolve),
        ),
        operator(
            get.clone(),
            "/v1/campaigns/{campaign}/corrections",
            on(M::GET, handlers::corrections),
        ),
        operator(
            Method::POST,
            "/v1/campaigns/{campaign}/corrections",
            on(M::POST, handlers::correct),
        ),
        operator(Method::POST, "/v1/campaigns/{campaign}/erasures", on(M::POST, handlers::erase)),
        operator(
            Method::POST,
            "/v1/campaigns/{campaign}/result-codes/{backend}",
            on(M::POST, handlers::put_result_codes),
        ),
        long(operator(
            get,
            "/v1/campaigns/{campaign}/export/{format}",
            on(M::GET, handlers::export),
        )),
    ]
}

fn spec<S: Storage>(
    method: Method,
    path: &'static str,
    role: Role,
    handler: MethodRouter<App<S>>,
) -> RouteSpec<S> {
    let body_bytes = match role {
        Role::Operator => OPERATOR_BODY_BYTES,
        _ => DEVICE_BODY_BYTES,
    };
    RouteSpec { method, path, role, body_bytes, timeout: REQUEST_TIMEOUT, handler }
}

/// The routes as a service.
pub fn router<S: Storage>(app: App<S>) -> Router {
    let mut router = Router::new();
    for RouteSpec { path, role, body_bytes, timeout, handler, .. } in route_table::<S>() {
        let guard = Guard { app: app.clone(), role };
        let handler = handler
            .layer::<_, Infallible>(middleware::from_fn_with_state(guard, authorise::<S>))
            .layer::<_, Infallible>(middleware::from_fn_with_state(timeout, within))
            .layer::<_, Infallible>(DefaultBodyLimit::max(body_bytes));
        router = router.route(path, handler);
    }
    router.fallback(async || Error::NotFound("route")).with_state(app)
}

#[derive(Clone)]
struct Guard<S> {
    app: App<S>,
    role: Role,
}

/// Lets a request through to its handler if its token is of the route's role.
async fn authorise<S: Storage>(
    State(guard): State<Guard<S>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Error> {
    let storage = &guard.app.storage;
    match guard.role {
        Role::Anyone | Role::Invited => {}
        Role::Operator => {
            let token = bearer(&request).ok_or(Error::Unauthorized)?;
            if !storage.is_operator(token).await? {
                return Err(refused(storage.device_of(token).await?.is_some()));
            }
        }
        Role::Device => {
            let token = bearer(&request).ok_or(Error::Unauthorized)?;
            match storage.device_of(token).await? {
                Some(scope) => {
                    request.extensions_mut().insert(scope);
                }
                None => {
                    if let Some(reply) = storage.shut_out(token).await? {
                        let told = handlers::cbor(&reply);
                        return Ok((StatusCode::FORBIDDEN, told).into_response());
                    }
                    return Err(refused(storage.is_operator(token).await?));
                }
            }
        }
    }
    Ok(next.run(request).await)
}

/// A token of another role is forbidden; one that stands for nobody is not authorised at all.
const fn refused(is_of_another_role: bool) -> Error {
    if is_of_another_role { Error::Forbidden } else { Error::Unauthorized }
}

fn bearer(request: &Request<Body>) -> Option<[u8; 32]> {
    let header = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    header.strip_prefix("Bearer ").map(|token| secret::hash(token.as_bytes()))
}

async fn within(State(timeout): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Error::Timeout.into_response(),
    }
}
