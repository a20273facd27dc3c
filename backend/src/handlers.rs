//! Handlers: a request into one call of the storage, its answer into a response.

use std::io::Read;

use axum::body::{Body, Bytes};
use axum::extract::{Extension, Path, Query, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, RequestExt};
use canvass_core::id::{CampaignId, ChangeId, ConflictId, DeviceId};
use canvass_core::survey::Script;
use canvass_core::sync::wire::{self, MEDIA_TYPE};
use http_body_util::BodyExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::app::App;
use crate::error::Error;
use crate::secret;
use crate::storage::{
    DeviceScope, ExportFormat, ImportOrder, InvitationOrder, List, ListOrder, Storage, Turf,
    TurfOrder,
};

/// Blocks of an import's body that wait to be read.
const WAITING_BLOCKS: usize = 8;

pub(crate) async fn health() -> Json<Value> {
    Json(json!({ "ok": true, "protocol": wire::PROTOCOL }))
}

pub(crate) async fn enrol<S: Storage>(
    State(app): State<App<S>>,
    body: Bytes,
) -> Result<Response, Error> {
    let request = wire::decoded(&body).ok_or(Error::BadRequest("enrol"))?;
    let token = secret::token(&*app.ids);
    Ok(cbor(&app.storage.enrol(request, token, app.now()).await?))
}

pub(crate) async fn push<S: Storage>(
    State(app): State<App<S>>,
    Extension(scope): Extension<DeviceScope>,
    body: Bytes,
) -> Result<Response, Error> {
    let request = wire::decoded(&body).ok_or(Error::BadRequest("push"))?;
    Ok(cbor(&app.storage.push(scope, request, app.now()).await?))
}

pub(crate) async fn pull<S: Storage>(
    State(app): State<App<S>>,
    Extension(scope): Extension<DeviceScope>,
    body: Bytes,
) -> Result<Response, Error> {
    let request = wire::decoded(&body).ok_or(Error::BadRequest("pull"))?;
    Ok(cbor(&app.storage.pull(scope, request, app.now()).await?))
}

fn cbor<T: minicbor::Encode<()>>(message: &T) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE))], wire::encoded(message))
        .into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CampaignOrder {
    name: String,
}

pub(crate) async fn create_campaign<S: Storage>(
    State(app): State<App<S>>,
    body: Bytes,
) -> Result<Json<Value>, Error> {
    let order: CampaignOrder = order(&body)?;
    let mut bytes = [0; 16];
    app.ids.fill(&mut bytes);
    let campaign = CampaignId::derive(&[&bytes]);
    app.storage.create_campaign(campaign, order.name).await?;
    Ok(Json(json!({ "campaign": campaign })))
}

pub(crate) async fn counts<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
) -> Result<Json<Value>, Error> {
    Ok(Json(json!(app.storage.counts(id_of(&campaign)?).await?)))
}

pub(crate) async fn import<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
    Query(order): Query<ImportOrder>,
    request: Request,
) -> Result<Json<Value>, Error> {
    let campaign = id_of::<CampaignId>(&campaign)?;
    let (blocks, queue) = mpsc::channel(WAITING_BLOCKS);
    let body = Box::new(Blocks { queue, rest: Bytes::new() });
    let feed = feed(request.with_limited_body().into_body(), blocks);
    let import = app.storage.import(campaign, order, body, app.now());
    let ((), tally) = tokio::join!(feed, import);
    Ok(Json(json!(tally?)))
}

/// Hands a body on block by block, to a reader that may be slower.
async fn feed(mut body: Body, blocks: mpsc::Sender<std::io::Result<Bytes>>) {
    while let Some(frame) = body.frame().await {
        let block = match frame.map(|frame| frame.into_data().ok()) {
            Ok(Some(block)) => Ok(block),
            Ok(None) => continue,
            Err(_) => Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof)),
        };
        let ended = block.is_err();
        // The reader is gone when it has seen enough: what is left is of no use to it.
        if blocks.send(block).await.is_err() || ended {
            return;
        }
    }
}

/// A body as a reader on another thread sees it.
struct Blocks {
    queue: mpsc::Receiver<std::io::Result<Bytes>>,
    rest: Bytes,
}

impl Read for Blocks {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.rest.is_empty() {
            match self.queue.blocking_recv() {
                Some(block) => self.rest = block?,
                None => return Ok(0),
            }
        }
        let count = buffer.len().min(self.rest.len());
        buffer[..count].copy_from_slice(&self.rest.split_to(count));
        Ok(count)
    }
}

pub(crate) async fn create_turfs<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Error> {
    let order: TurfOrder = order(&body)?;
    let turfs = app.storage.create_turfs(id_of(&campaign)?, order).await?;
    Ok(Json(turfs_json(&turfs)))
}

pub(crate) async fn turfs<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
) -> Result<Json<Value>, Error> {
    Ok(Json(turfs_json(&app.storage.turfs(id_of(&campaign)?).await?)))
}

fn turfs_json(turfs: &[Turf]) -> Value {
    json!({ "turfs": turfs })
}

pub(crate) async fn put_script<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Error> {
    let json = std::str::from_utf8(&body).map_err(|_| Error::BadRequest("script"))?;
    let script = Script::parse(json).map_err(Error::Script)?;
    let hash = script.hash();
    let number = app.storage.put_script(id_of(&campaign)?, hash, script.to_json()).await?;
    Ok(Json(json!({ "script": hash, "number": number })))
}

pub(crate) async fn create_list<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
    body: Bytes,
) -> Result<Json<List>, Error> {
    let order: ListOrder = order(&body)?;
    Ok(Json(app.storage.create_list(id_of(&campaign)?, order).await?))
}

pub(crate) async fn lists<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
) -> Result<Json<Value>, Error> {
    Ok(Json(json!({ "lists": app.storage.lists(id_of(&campaign)?).await? })))
}

pub(crate) async fn list_digest<S: Storage>(
    State(app): State<App<S>>,
    Path((campaign, number)): Path<(String, u32)>,
) -> Result<Json<Value>, Error> {
    let digest = app.storage.list_digest(id_of(&campaign)?, number).await?;
    Ok(Json(json!({ "digest": digest.to_string() })))
}

pub(crate) async fn withdraw_list<S: Storage>(
    State(app): State<App<S>>,
    Path((campaign, number)): Path<(String, u32)>,
) -> Result<Json<Value>, Error> {
    app.storage.withdraw_list(id_of(&campaign)?, number).await?;
    Ok(Json(json!({ "withdrawn": number })))
}

pub(crate) async fn invite<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Error> {
    let order: InvitationOrder = order(&body)?;
    let (secret, code) = secret::invitation(&*app.ids);
    let hash = secret::hash(&secret);
    let canvasser = app.storage.invite(id_of(&campaign)?, order, hash, app.now()).await?;
    Ok(Json(json!({ "canvasser": canvasser, "code": code, "path": format!("/j/{code}") })))
}

pub(crate) async fn revoke_device<S: Storage>(
    State(app): State<App<S>>,
    Path((campaign, device)): Path<(String, String)>,
) -> Result<Json<Value>, Error> {
    let device: DeviceId = id_of(&device)?;
    app.storage.revoke_device(id_of(&campaign)?, device).await?;
    Ok(Json(json!({ "revoked": device })))
}

pub(crate) async fn conflicts<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
) -> Result<Json<Value>, Error> {
    Ok(Json(json!({ "conflicts": app.storage.conflicts(id_of(&campaign)?).await? })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    chosen: ChangeId,
}

pub(crate) async fn resolve<S: Storage>(
    State(app): State<App<S>>,
    Path((campaign, conflict)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<Value>, Error> {
    let Decision { chosen } = order(&body)?;
    let conflict: ConflictId = id_of(&conflict)?;
    let change = app.storage.resolve(id_of(&campaign)?, conflict, chosen, app.now()).await?;
    Ok(Json(json!({ "change": change })))
}

pub(crate) async fn export<S: Storage>(
    State(app): State<App<S>>,
    Path((campaign, format)): Path<(String, ExportFormat)>,
) -> Result<Response, Error> {
    let file = app.storage.export(id_of(&campaign)?, format).await?;
    let media_type = match format {
        ExportFormat::Csv | ExportFormat::Van => "text/csv; charset=utf-8",
        ExportFormat::Osdi => "application/x-ndjson",
        ExportFormat::Geojson => "application/geo+json",
    };
    let loss = HeaderValue::from_str(&file.loss.to_string())
        .map_err(|_| Error::Inconsistent("a loss report"))?;
    let mut response = ([(header::CONTENT_TYPE, media_type)], file.bytes).into_response();
    let headers = response.headers_mut();
    headers.insert("canvass-records", HeaderValue::from(file.records));
    headers.insert("canvass-loss", loss);
    Ok(response)
}

fn order<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|_| Error::BadRequest("body"))
}

fn id_of<T: std::str::FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::NotFound("id"))
}
