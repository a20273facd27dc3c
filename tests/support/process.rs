//! `canvass serve` in a process of its own, which can be killed, and the sockets to it.
//!
//! Nothing here tries again: a connection that breaks is no answer, as on a phone.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use canvass_core::engine::SyncRequest;
use canvass_core::sync::Reply;
use serde_json::Value;

/// A process that is killed, with no chance to put anything right.
pub struct Killable(Child);

impl Killable {
    /// Starts it; its standard output can be read once.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::piped()).spawn().expect("a process"))
    }

    /// Its standard output, which only the first caller gets.
    ///
    /// # Panics
    /// At the second call.
    pub fn output(&mut self) -> impl BufRead + use<> {
        BufReader::new(self.0.stdout.take().expect("the first call"))
    }

    /// Waits for its own end; whether it succeeded.
    ///
    /// # Panics
    /// When the system does not tell.
    pub fn ended_well(&mut self) -> bool {
        self.0.wait().expect("an end").success()
    }
}

impl Drop for Killable {
    /// Kills it, unless it has ended.
    fn drop(&mut self) {
        let _ended_already = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// A backend in a process of its own, started anew on the same directory after each kill.
pub struct KilledServer {
    program: PathBuf,
    directory: PathBuf,
    running: Mutex<Option<(Killable, SocketAddr)>>,
}

impl KilledServer {
    /// Starts `program` as a backend in this directory.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(program: &Path, directory: &Path) -> Self {
        let server = Self {
            program: program.to_owned(),
            directory: directory.to_owned(),
            running: Mutex::new(None),
        };
        server.start_again();
        server
    }

    /// Starts it after a kill, on whatever port is free.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&self) {
        let mut command = Command::new(&self.program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&self.directory);
        let mut process = Killable::start(&mut command);
        let mut line = String::new();
        process.output().read_line(&mut line).expect("text");
        let address = line.trim().strip_prefix("listening on http://").expect("where it listens");
        let address = address.parse().expect("an address");
        *self.running.lock().expect("nobody panicked") = Some((process, address));
    }

    /// Kills it.
    ///
    /// # Panics
    /// When a thread panicked that used it.
    pub fn kill(&self) {
        *self.running.lock().expect("nobody panicked") = None;
    }

    /// A phone's request; nothing if no whole answer came.
    pub fn phone(&self, request: &SyncRequest) -> Option<Reply> {
        let authorization = request.authorization.as_deref().unwrap_or("");
        self.send("POST", &path_of(&request.url), authorization, &request.body)
    }

    /// An operator's request; the body of the answer.
    ///
    /// # Panics
    /// When the backend does not answer, or refuses.
    #[must_use]
    pub fn operator(&self, method: &str, path: &str, body: &[u8]) -> Vec<u8> {
        let token = std::fs::read_to_string(self.directory.join("operator.token"));
        let authorization = format!("Bearer {}", token.expect("a token").trim());
        let reply = self.send(method, path, &authorization, body).expect("an answer");
        assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
        reply.body
    }

    /// An operator's POST; the answer.
    ///
    /// # Panics
    /// When the backend does not answer, or refuses.
    #[must_use]
    pub fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.operator("POST", path, body.to_string().as_bytes());
        serde_json::from_slice(&answer).expect("JSON")
    }

    fn send(&self, method: &str, path: &str, authorization: &str, body: &[u8]) -> Option<Reply> {
        let address = self.running.lock().ok()?.as_ref()?.1;
        let mut socket = TcpStream::connect(address).ok()?;
        socket.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: {authorization}\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        socket.write_all(head.as_bytes()).ok()?;
        socket.write_all(body).ok()?;
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).ok()?;
        reply(&answer)
    }
}

/// The path of a URL, without the host.
fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..]).to_owned()
}

/// The answer, if all of it is there.
fn reply(answer: &[u8]) -> Option<Reply> {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let body = answer[end + 4..].to_vec();
    let header = |name: &str| {
        head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length: usize = header("content-length")?.parse().ok()?;
    let retry_after_s = header("retry-after").and_then(|value| value.parse().ok());
    (body.len() == length).then_some(Reply { status, retry_after_s, body })
}

/// How often a suite kills: 20 times, or as `CANVASS_KILLS` says.
///
/// # Panics
/// When `CANVASS_KILLS` is no number.
#[must_use]
pub fn kills() -> usize {
    let given = std::env::var_os("CANVASS_KILLS");
    given.map_or(20, |given| {
        given.to_str().and_then(|given| given.parse().ok()).expect("CANVASS_KILLS is a number")
    })
}
