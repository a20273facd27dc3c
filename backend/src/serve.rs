//! Serving over TCP, with limits on how long and how much.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use axum::http::Request;
use axum::response::Response;
use axum::{BoxError, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::{Service, ServiceExt};

/// Headers must be there within this time: slow ones do not hold a connection.
const HEADER_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections at a time; more wait to be accepted.
const MAX_CONNECTIONS: usize = 1024;

/// A server that is listening.
pub struct Serving {
    listener: TcpListener,
    router: Router,
}

/// Binds the address; requests are answered once [`Serving::run`] is awaited.
pub async fn serve(address: SocketAddr, router: Router) -> std::io::Result<Serving> {
    Ok(Serving { listener: TcpListener::bind(address).await?, router })
}

impl Serving {
    /// The address that was bound, its port included if that was left to the system.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers requests until the future is dropped.
    pub async fn run(self) -> std::io::Result<()> {
        let seats = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        loop {
            let seat = Arc::clone(&seats).acquire_owned().await.map_err(std::io::Error::other)?;
            // One connection that fails to be accepted is no reason to stop.
            let Ok((stream, _)) = self.listener.accept().await else { continue };
            let service = TowerToHyperService::new(WholeOrCut(self.router.clone()));
            tokio::spawn(async move {
                let mut builder = auto::Builder::new(TokioExecutor::new());
                builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
                // A connection that breaks is the peer's to notice.
                let _broken = builder.serve_connection(TokioIo::new(stream), service).await;
                drop(seat);
            });
        }
    }
}

/// Stands on an answer that is not to be sent: the connection is cut in its place. For those who
/// put a bad network in front of the backend.
#[derive(Clone, Copy, Debug)]
pub struct Severed;

/// The routes, whose answers are sent whole or not at all.
#[derive(Clone)]
struct WholeOrCut(Router);

impl<B> Service<Request<B>> for WholeOrCut
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = std::io::Result<Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let router = self.0.clone();
        Box::pin(async move {
            let response = match router.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            match response.extensions().get::<Severed>() {
                None => Ok(response),
                Some(_) => Err(std::io::ErrorKind::ConnectionAborted.into()),
            }
        })
    }
}
