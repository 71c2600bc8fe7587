//! A portal over HTTP, and a plain client on a socket.
#![allow(dead_code, reason = "every test file uses its own part")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use portal::server::{Config, Running, start};
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub const HOOK: &str = "/rest/7/b7p2d6h1c4n9s8ya";
pub const FORM: &str = "application/x-www-form-urlencoded";

/// A folder with a small app in it, removed with the test.
pub struct App(pub PathBuf);

impl App {
    pub fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("portal-served-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let page = "<html><head><meta http-equiv=\"Content-Security-Policy\" \
                    content=\"script-src https://api.bitrix24.com; connect-src https:\">\
                    <script src=\"https://api.bitrix24.com/api/v1/\"></script></head></html>";
        std::fs::write(folder.join("index.html"), page).unwrap();
        std::fs::write(folder.join("b24pay.wasm"), b"\0asm").unwrap();
        std::fs::write(folder.join("app.js"), "export {};").unwrap();
        Self(folder)
    }

    /// The same, served beside a portal.
    pub async fn served(name: &str) -> (Self, Running) {
        let app = Self::new(name);
        let config = Config {
            app: Some(app.0.clone()),
            ..Config::default()
        };
        (app, start(config).await.unwrap())
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub async fn demo() -> Running {
    start(Config::default()).await.unwrap()
}

/// What came over the wire until the connection ended or `patience` was over.
pub struct Heard {
    pub text: String,
    pub has_ended: bool,
}

impl Heard {
    pub fn status(&self) -> u16 {
        self.text
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let head = self.text.split("\r\n\r\n").next()?;
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub fn body(&self) -> &str {
        self.text
            .split_once("\r\n\r\n")
            .map_or("", |(_, body)| body)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(self.body()).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

pub fn request(method: &str, origin: &str, path: &str, content_type: &str, body: &str) -> String {
    let host = origin.trim_start_matches("http://");
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

pub async fn connect(origin: &str) -> TcpStream {
    TcpStream::connect(origin.trim_start_matches("http://"))
        .await
        .unwrap()
}

/// Reads one answer: until its announced length is there, or the connection ends, or nothing came for a while.
pub async fn hear(stream: &mut TcpStream, patience: Duration) -> Heard {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let heard = Heard {
            text,
            has_ended: false,
        };
        let announced = heard
            .header("content-length")
            .and_then(|length| length.parse::<usize>().ok());
        if announced.is_some_and(|announced| {
            heard.text.contains("\r\n\r\n") && heard.body().len() >= announced
        }) {
            return heard;
        }
        match timeout(patience, stream.read(&mut part)).await {
            Ok(Ok(read)) if read > 0 => bytes.extend_from_slice(&part[..read]),
            Ok(_) => {
                return Heard {
                    has_ended: true,
                    ..heard
                };
            }
            Err(_) => return heard,
        }
    }
}

pub async fn send(method: &str, origin: &str, path: &str, content_type: &str, body: &str) -> Heard {
    let mut stream = connect(origin).await;
    stream
        .write_all(request(method, origin, path, content_type, body).as_bytes())
        .await
        .unwrap();
    hear(&mut stream, Duration::from_secs(5)).await
}

pub async fn steer(origin: &str, path: &str, body: Value) -> Heard {
    send("POST", origin, path, "application/json", &body.to_string()).await
}

pub async fn truth(origin: &str, id: u64) -> Value {
    send("GET", origin, &format!("/sandbox/payments/{id}"), FORM, "")
        .await
        .json()
}

pub async fn pay(origin: &str, id: u64) -> Heard {
    let body = format!("PAYMENT_ID={id}&PAY_SYSTEM_ID=11");
    send(
        "POST",
        origin,
        &format!("{HOOK}/sale.paysystem.pay.payment.json"),
        FORM,
        &body,
    )
    .await
}
