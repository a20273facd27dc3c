//! Handlers: a request into one call of the storage, its answer into a response.

use std::io::{ErrorKind, Read};

use axum::body::{Body, Bytes};
use axum::extract::{Extension, Path, Query, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, RequestExt};
use canvass_core::id::{CampaignId, ChangeId, ConflictId, DeviceId};
use canvass_core::interchange::{Backend, FileError, FormError, read_form_workbook};
use canvass_core::survey::Script;
use canvass_core::sync::wire::{self, MEDIA_TYPE};
use http_body_util::{BodyExt, LengthLimitError};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::app::App;
use crate::error::{Error, script_errors_json};
use crate::secret;
use crate::storage::{
    CampaignSeeds, CorrectionOrder, DeviceScope, ErasureOrder, ExportFormat, ImportOrder,
    InvitationOrder, List, ListOrder, Storage, Streets, Turf, TurfOrder,
};

/// How an archive begins, such as a workbook.
const WORKBOOK_BEGINS: &[u8] = b"PK";
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
    Ok(cbor(&app.storage.enrol(request, app.now()).await?))
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

pub(crate) async fn compare<S: Storage>(
    State(app): State<App<S>>,
    Extension(scope): Extension<DeviceScope>,
    body: Bytes,
) -> Result<Response, Error> {
    let request = wire::decoded(&body).ok_or(Error::BadRequest("compare"))?;
    Ok(cbor(&app.storage.compare(scope, request).await?))
}

pub(crate) async fn streets<S: Storage>(
    State(app): State<App<S>>,
    Extension(scope): Extension<DeviceScope>,
    body: Bytes,
) -> Result<Response, Error> {
    let request = wire::decoded(&body).ok_or(Error::BadRequest("streets"))?;
    Ok(cbor(&app.storage.streets(scope, request).await?))
}

pub(crate) async fn put_streets<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
    body: Bytes,
) -> Result<Json<Streets>, Error> {
    Ok(Json(app.storage.put_streets(id_of(&campaign)?, body.to_vec()).await?))
}

pub(crate) async fn drop_off<S: Storage>(
    State(app): State<App<S>>,
    body: Bytes,
) -> Result<Response, Error> {
    let request = wire::decoded(&body).ok_or(Error::BadRequest("drop"))?;
    Ok(cbor(&app.storage.drop_off(request, app.now()).await?))
}

pub(crate) fn cbor<T: minicbor::Encode<()>>(message: &T) -> Response {
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
    let seed = || {
        let mut seed = [0; 32];
        app.ids.fill(&mut seed);
        seed
    };
    let seeds = CampaignSeeds { signing: seed(), sealing: seed(), share: seed() };
    app.storage.create_campaign(campaign, order.name, seeds).await?;
    Ok(Json(json!({ "campaign": campaign })))
}

/// The key for `canvass recover`: whoever holds it reads what phones have sealed.
pub(crate) async fn opening_key<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
) -> Result<Json<Value>, Error> {
    let seed = app.storage.opening_seed(id_of(&campaign)?).await?;
    Ok(Json(json!({ "opening_key": secret::hex(&seed) })))
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
    let body = Box::new(Blocks { queue, rest: Bytes::new(), ended: false });
    let feed = feed(request.with_limited_body().into_body(), blocks);
    let import = app.storage.import(campaign, order, body, app.now());
    match tokio::join!(feed, import) {
        ((), Err(Error::File(FileError::Unreadable { kind: ErrorKind::FileTooLarge, .. }))) => {
            Err(Error::TooLarge)
        }
        ((), tally) => Ok(Json(json!(tally?))),
    }
}

/// A piece of a body, or nothing at its end.
type Block = std::io::Result<Option<Bytes>>;

/// Hands a body on block by block, to a reader that may be slower.
async fn feed(mut body: Body, blocks: mpsc::Sender<Block>) {
    loop {
        let block = match body.frame().await {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(block) => Ok(Some(block)),
                Err(_trailers) => continue,
            },
            Some(Err(error)) => Err(broken(&error).into()),
            None => Ok(None),
        };
        let ended = !matches!(block, Ok(Some(_)));
        // The reader is gone when it has seen enough: what is left is of no use to it.
        if blocks.send(block).await.is_err() || ended {
            return;
        }
    }
}

/// How a body broke off: above its limit, or on its way.
fn broken(error: &(dyn std::error::Error + 'static)) -> ErrorKind {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    let too_large = causes.any(<dyn std::error::Error + 'static>::is::<LengthLimitError>);
    if too_large { ErrorKind::FileTooLarge } else { ErrorKind::UnexpectedEof }
}

/// A body as a reader on another thread sees it.
struct Blocks {
    queue: mpsc::Receiver<Block>,
    rest: Bytes,
    ended: bool,
}

impl Read for Blocks {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.rest.is_empty() && !self.ended {
            match self.queue.blocking_recv() {
                Some(block) => match block? {
                    Some(block) => self.rest = block,
                    None => self.ended = true,
                },
                // The request was given up: what came so far is no file.
                None => return Err(ErrorKind::UnexpectedEof.into()),
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
    let campaign = id_of(&campaign)?;
    // Unpacking a workbook takes a while, which others should not wait for.
    let read = tokio::task::spawn_blocking(move || read_script(&body)).await;
    let (script, of_form) = read.map_err(|_| Error::Inconsistent("reading a script"))??;
    let hash = script.hash();
    let saved = app.storage.put_script(campaign, script, app.now()).await?;
    let mut warnings = script_errors_json(&saved.warnings);
    if let Value::Array(warnings) = &mut warnings {
        warnings.extend(of_form.iter().map(|warning| json!(warning)));
    }
    Ok(Json(json!({ "script": hash, "number": saved.number, "warnings": warnings })))
}

/// A script from JSON or from an XLSForm workbook, told apart by how they begin; and what there
/// is to know about the form.
fn read_script(body: &[u8]) -> Result<(Script, Vec<FormError>), Error> {
    if body.starts_with(WORKBOOK_BEGINS) {
        let form = read_form_workbook(body, None).map_err(Error::Form)?;
        return Ok((form.script, form.warnings));
    }
    let json = std::str::from_utf8(body).map_err(|_| Error::BadRequest("script"))?;
    Ok((Script::parse(json).map_err(Error::Script)?, Vec::new()))
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
    app.storage.withdraw_list(id_of(&campaign)?, number, app.now()).await?;
    Ok(Json(json!({ "withdrawn": number })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecutOrder {
    turf: u32,
}

pub(crate) async fn recut_list<S: Storage>(
    State(app): State<App<S>>,
    Path((campaign, number)): Path<(String, u32)>,
    body: Bytes,
) -> Result<Json<List>, Error> {
    let RecutOrder { turf } = order(&body)?;
    Ok(Json(app.storage.recut_list(id_of(&campaign)?, number, turf).await?))
}

pub(crate) async fn assign_list<S: Storage>(
    State(app): State<App<S>>,
    Path((campaign, number, device)): Path<(String, u32, String)>,
) -> Result<Json<Value>, Error> {
    let device: DeviceId = id_of(&device)?;
    app.storage.assign_list(id_of(&campaign)?, number, device).await?;
    Ok(Json(json!({ "assigned": number, "device": device })))
}

pub(crate) async fn take_list<S: Storage>(
    State(app): State<App<S>>,
    Path((campaign, number, device)): Path<(String, u32, String)>,
) -> Result<Json<Value>, Error> {
    let device: DeviceId = id_of(&device)?;
    app.storage.take_list(id_of(&campaign)?, number, device, app.now()).await?;
    Ok(Json(json!({ "taken": number, "device": device })))
}

pub(crate) async fn set_aside<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
) -> Result<Json<Value>, Error> {
    Ok(Json(json!({ "set_aside": app.storage.set_aside(id_of(&campaign)?).await? })))
}

pub(crate) async fn retry_set_aside<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
) -> Result<Json<Value>, Error> {
    Ok(Json(json!(app.storage.retry_set_aside(id_of(&campaign)?, app.now()).await?)))
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
    app.storage.revoke_device(id_of(&campaign)?, device, app.now()).await?;
    Ok(Json(json!({ "revoked": device })))
}

pub(crate) async fn erase_device<S: Storage>(
    State(app): State<App<S>>,
    Path((campaign, device)): Path<(String, String)>,
) -> Result<Json<Value>, Error> {
    let device: DeviceId = id_of(&device)?;
    app.storage.erase_device(id_of(&campaign)?, device, app.now()).await?;
    Ok(Json(json!({ "ordered": device })))
}

pub(crate) async fn orders<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
) -> Result<Json<Value>, Error> {
    Ok(Json(json!({ "orders": app.storage.orders(id_of(&campaign)?).await? })))
}

pub(crate) async fn conflicts<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
) -> Result<Json<Value>, Error> {
    let campaign = id_of(&campaign)?;
    let conflicts = app.storage.conflicts(campaign).await?;
    let soft = app.storage.soft_conflicts(campaign).await?;
    Ok(Json(json!({ "conflicts": conflicts, "soft": soft })))
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

pub(crate) async fn corrections<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
) -> Result<Json<Value>, Error> {
    Ok(Json(json!({ "corrections": app.storage.corrections(id_of(&campaign)?).await? })))
}

pub(crate) async fn correct<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Error> {
    let order: CorrectionOrder = order(&body)?;
    let change = app.storage.correct(id_of(&campaign)?, order, app.now()).await?;
    Ok(Json(json!({ "change": change })))
}

pub(crate) async fn erase<S: Storage>(
    State(app): State<App<S>>,
    Path(campaign): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Error> {
    let order: ErasureOrder = order(&body)?;
    let change = app.storage.erase(id_of(&campaign)?, order, app.now()).await?;
    Ok(Json(json!({ "change": change })))
}

pub(crate) async fn put_result_codes<S: Storage>(
    State(app): State<App<S>>,
    Path((campaign, backend)): Path<(String, Backend)>,
    body: String,
) -> Result<Json<Value>, Error> {
    app.storage.put_result_codes(id_of(&campaign)?, backend, body).await?;
    Ok(Json(json!({ "backend": backend.name() })))
}

pub(crate) async fn export<S: Storage>(
    State(app): State<App<S>>,
    Path((campaign, format)): Path<(String, ExportFormat)>,
) -> Result<Response, Error> {
    let file = app.storage.export(id_of(&campaign)?, format).await?;
    let media_type = match format {
        ExportFormat::Csv | ExportFormat::Van | ExportFormat::Contacts => "text/csv; charset=utf-8",
        ExportFormat::Osdi | ExportFormat::VanApi => "application/x-ndjson",
        ExportFormat::Geojson => "application/geo+json",
    };
    let loss = HeaderValue::from_str(&file.loss.to_string())
        .map_err(|_| Error::Inconsistent("a loss report"))?;
    let warnings = HeaderValue::from_str(&file.warnings.to_string())
        .map_err(|_| Error::Inconsistent("an export's warnings"))?;
    let mut response = ([(header::CONTENT_TYPE, media_type)], file.bytes).into_response();
    let headers = response.headers_mut();
    headers.insert("canvass-warnings", warnings);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(blocks: Vec<Block>) -> std::io::Result<Vec<u8>> {
        let (sender, queue) = mpsc::channel(WAITING_BLOCKS);
        for block in blocks {
            sender.try_send(block).expect("room for it");
        }
        drop(sender);
        let mut read = Vec::new();
        Blocks { queue, rest: Bytes::new(), ended: false }.read_to_end(&mut read).map(|_| read)
    }

    #[test]
    fn a_body_ends_where_it_is_said_to_end() {
        let rows = || Ok(Some(Bytes::from_static(b"a,b\n")));
        let whole = read(vec![rows(), rows(), Ok(None)]).expect("a whole body");
        assert_eq!(whole, b"a,b\na,b\n");
        let given_up = read(vec![rows()]).expect_err("a request that was given up");
        assert_eq!(given_up.kind(), ErrorKind::UnexpectedEof);
        let too_large = read(vec![rows(), Err(ErrorKind::FileTooLarge.into())]);
        assert_eq!(too_large.expect_err("too large").kind(), ErrorKind::FileTooLarge);
    }
}
