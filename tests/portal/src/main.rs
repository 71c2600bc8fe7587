//! The sandbox portal as a program: serves both origins until it is told to stop.
//! `portal --port 8024 --app-port 8025 --app <folder> --static <zip>`; port 0 picks a free one.

use portal::server::{Config, start};
use std::error::Error;
use std::ffi::OsStr;
use std::io::Write;
use std::process::ExitCode;
use tokio::sync::oneshot;

const USAGE: &str = "usage: portal [--port N] [--app-port N] [--app FOLDER | --app-served-at N] [--static ZIP] [--docs FOLDER] \
                     [--settle-ms N] [--deadline-ms N] [--latency-ms N] [--until-stdin-closes]";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let mut config = Config {
        port: 8024,
        app_port: 8025,
        ..Config::default()
    };
    let mut until_stdin_closes = false;
    let mut words = std::env::args_os().skip(1);
    while let Some(option) = words.next() {
        let option = option.to_string_lossy();
        let mut value = || {
            words
                .next()
                .ok_or_else(|| format!("{option} needs a value\n{USAGE}"))
        };
        match &*option {
            "--port" => config.port = number(&option, &value()?)?,
            "--app-port" => config.app_port = number(&option, &value()?)?,
            "--app" => config.app = Some(value()?.into()),
            "--docs" => config.docs = Some(value()?.into()),
            "--static" => config.static_app = Some(value()?.into()),
            "--app-served-at" => config.app_served_at = Some(number(&option, &value()?)?),
            "--settle-ms" => config.settle_ms = Some(number(&option, &value()?)?),
            "--deadline-ms" => config.deadline_ms = Some(number(&option, &value()?)?),
            "--latency-ms" => config.latency_ms = number(&option, &value()?)?,
            "--until-stdin-closes" => until_stdin_closes = true,
            _ => return Err(format!("unknown option {option}\n{USAGE}")),
        }
    }
    let running = start(config).await.map_err(|error| sentence(&error))?;
    // It serves also where nobody reads where.
    let mut out = std::io::stdout();
    let _ = writeln!(out, "portal: {}", running.portal);
    if let Some(app) = &running.app {
        let _ = writeln!(out, "app: {app}");
    }
    if until_stdin_closes {
        // Reading blocks, so it has a thread of its own, which ends with the process.
        let (closed, closing) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            drop(closed);
        });
        let _ = closing.await;
        return Ok(());
    }
    tokio::signal::ctrl_c()
        .await
        .map_err(|error| error.to_string())
}

/// What is wrong, and why.
fn sentence(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn number<T: std::str::FromStr>(option: &str, given: &OsStr) -> Result<T, String> {
    let text = given.to_string_lossy();
    text.parse()
        .map_err(|_| format!("{option} must be a whole number, got {text}"))
}
