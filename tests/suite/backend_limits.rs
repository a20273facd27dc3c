//! The backend's limits: bodies, times, and requests that end before they are whole.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use axum::http::Method;
use canvass_tests::author::Author;
use canvass_tests::campaign::{TestCampaign, read};
use canvass_tests::listening::Listening;
use canvass_tests::temp::TempDir;
use serde_json::json;

#[test]
fn a_body_above_its_limit_is_refused_and_changes_nothing() {
    let campaign = TestCampaign::small(1);
    let author = Author::enrolled(&campaign, "Ash", &[1]);
    let before = campaign.get("");
    let send = |path: &str, bytes: usize| {
        let body = vec![b' '; bytes];
        campaign.server.send(Method::POST, path, Some(&author.bearer), body).0
    };
    for path in ["/v1/push", "/v1/pull", "/v1/enrol"] {
        assert_eq!(send(path, 512 << 10), 400, "{path}: as large as allowed, and nonsense");
        assert_eq!(send(path, (512 << 10) + 1), 413, "{path}");
    }
    let scripts = format!("{}/scripts", campaign.path);
    let order = |bytes| campaign.server.operator_bytes(Method::POST, &scripts, vec![b' '; bytes]).0;
    assert_eq!((order(2 << 20), order((2 << 20) + 1)), (422, 413));
    assert_eq!(campaign.get(""), before);
}

#[test]
fn a_push_of_more_segments_than_allowed_is_refused() {
    let campaign = TestCampaign::small(2);
    let author = Author::enrolled(&campaign, "Ash", &[1]);
    assert_eq!(author.push(&campaign, &vec![Vec::new(); 257]), Err(413));
}

#[test]
fn an_import_above_its_limit_is_refused_whole() {
    let campaign = TestCampaign::empty(3);
    let mut file = b"door_id,house_number,street,lat,lon,remarks\n".to_vec();
    let remarks = "x".repeat(60_000);
    let mut number = 0;
    while file.len() <= 64 << 20 {
        number += 1;
        file.extend(format!("d{number},{number},Elm St,44.2,-73.4,{remarks}\n").into_bytes());
    }
    let (status, body) = campaign.try_import("doors", "doors", &file);
    assert_eq!((status, &body["error"]["code"]), (413, &json!("too_large")), "{body}");
    assert_eq!(campaign.get("")["doors"], json!(0));
    // Below the limit the same rows are taken.
    file.truncate(60_100 * 10);
    let whole = file.iter().rposition(|byte| *byte == b'\n').expect("a line's end");
    assert_eq!(campaign.try_import("doors", "doors", &file[..=whole]).0, 200);
}

fn post(path: &str, token: &str, length: usize) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    head.into_bytes()
}

/// Sends these bytes; the socket, to be read for at most this long.
fn sent(server: &Listening, bytes: &[u8], patience_s: u64) -> TcpStream {
    let mut socket = TcpStream::connect(server.address).expect("it listens");
    socket.set_read_timeout(Some(Duration::from_secs(patience_s))).expect("a timeout");
    socket.write_all(bytes).expect("written");
    socket
}

fn answer(mut socket: TcpStream) -> String {
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).expect("an answer, or the end of the connection");
    String::from_utf8(answer).expect("text")
}

#[test]
fn slow_requests_are_ended() {
    let folder = TempDir::new();
    let server = Listening::start(folder.path());
    let slow_head = sent(&server, b"POST /v1/enrol HTTP/1.1\r\nHost: loc", 10);
    let mut slow_body = post("/v1/enrol", "", 100);
    slow_body.extend_from_slice(b"a part of it");
    let slow_body = sent(&server, &slow_body, 25);
    let quick = answer(sent(&server, &post("/v1/enrol", "", 0), 5));
    assert!(quick.starts_with("HTTP/1.1 400"), "the others are served meanwhile: {quick}");
    assert_eq!(answer(slow_head), "", "no head within five seconds: the connection is closed");
    let told = answer(slow_body);
    assert!(told.starts_with("HTTP/1.1 408") && told.contains("timeout"), "{told}");
}

/// Rows that are whole, in a request that is not.
#[test]
fn an_import_that_breaks_off_leaves_nothing() {
    let folder = TempDir::new();
    let server = Listening::start(folder.path());
    let token = std::fs::read_to_string(folder.path().join("operator.token")).expect("a token");
    let ask = |path: &str, body: &[u8]| {
        let request = [&post(path, &token, body.len())[..], body].concat();
        let told = answer(sent(&server, &request, 20));
        let (_, body) = told.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str::<serde_json::Value>(body).expect("JSON")
    };
    let made = ask("/v1/campaigns", br#"{"name":"Test"}"#);
    let campaign = format!("/v1/campaigns/{}", made["campaign"].as_str().expect("an id"));
    let imports = format!("{campaign}/imports?kind=doors&profile=doors");
    let rows = read("doors.csv");
    let mut broken = post(&imports, &token, rows.len() + 1);
    broken.extend_from_slice(&rows);
    let socket = sent(&server, &broken, 1);
    // The rows are on their way; the last byte never comes.
    std::thread::sleep(Duration::from_millis(500));
    drop(socket);
    std::thread::sleep(Duration::from_millis(500));
    // The next import waits for the broken one to end: the writer is one thread.
    let header_only = b"door_id,lat,lon\nx1,44.2,-73.4\n";
    let taken = ask(&imports, header_only);
    assert_eq!(taken["doors"], json!(1), "{taken}");
    let count = format!(
        "GET {campaign} HTTP/1.1\r\nHost: l\r\nAuthorization: Bearer {token}\r\n\
                         Connection: close\r\n\r\n"
    );
    let told = answer(sent(&server, count.as_bytes(), 5));
    assert!(told.contains(r#""doors":1"#), "only the whole file is there: {told}");
}
