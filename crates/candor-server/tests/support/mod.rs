//! A real server over a real data directory, asked over sockets.

use candor_core::{Clock, Timestamp};
use candor_ops::instance::{Instance, Options as InstanceOptions};
use candor_server::{Options, Server, ServerHandle};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
};

pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Noon of a leap day.
pub(crate) struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_709_208_000)
    }
}

pub(crate) struct Site {
    pub(crate) instance: Instance,
    pub(crate) handle: ServerHandle,
    pub(crate) runtime: tokio::runtime::Runtime,
    _dir: tempfile::TempDir,
}

/// A server with one site and the super user `root`.
pub(crate) fn start(change: impl FnOnce(&mut Options)) -> Site {
    let dir = tempfile::tempdir().unwrap();
    let instance = Instance::open(&InstanceOptions::new(dir.path()), Arc::new(Noon)).unwrap();
    let mut options = Options::new("127.0.0.1:0".parse().unwrap());
    options.setup_token = Some("first".into());
    change(&mut options);
    if options.setup_token.as_deref() == Some("first") {
        instance.admin.set_up("root", "correct horse", "root@example.org").unwrap();
        let token = candor_admin::NewToken { value: Some(TOKEN), ..Default::default() };
        instance.admin.create_token("root", &token).unwrap();
        instance
            .admin
            .add_site(|site| {
                site.name = "Shop".into();
                site.urls = vec!["https://shop.test".into()];
            })
            .unwrap();
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let handle = runtime.block_on(Server::start(&instance, options)).unwrap();
    Site { instance, handle, runtime, _dir: dir }
}

/// Sends one request on a connection of its own; the whole answer as text.
pub(crate) fn send(address: SocketAddr, head: &str, headers: &[&str], body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let headers: String = headers.iter().map(|h| format!("{h}\r\n")).collect();
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    write!(stream, "{head} HTTP/1.1\r\nHost: stats.test\r\nConnection: close\r\n{headers}{length}\r\n{body}").unwrap();
    let mut answer = vec![];
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

pub(crate) const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

impl Site {
    pub(crate) fn get(&self, path: &str) -> String {
        send(self.handle.address(), &format!("GET {path}"), &[], "")
    }

    pub(crate) fn post(&self, path: &str, headers: &[&str], body: &str) -> String {
        send(self.handle.address(), &format!("POST {path}"), headers, body)
    }

    /// Status and body of an API call as the super user.
    pub(crate) fn api(&self, query: &str) -> (u16, String) {
        split(&self.post(
            &format!("/index.php?module=API&format=json&{query}"),
            &[FORM],
            &format!("token_auth={TOKEN}"),
        ))
    }

    pub(crate) fn stop(self) {
        self.runtime.block_on(self.handle.stop());
    }
}

pub(crate) fn split(answer: &str) -> (u16, String) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

pub(crate) fn status(answer: &str) -> u16 {
    split(answer).0
}
