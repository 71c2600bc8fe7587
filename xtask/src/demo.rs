//! `cargo xtask demo`: builds everything, then serves the sandbox portal and the page until Ctrl-C.

use anyhow::{Context, Result};
use portal::server::{Config, ports_are_free, start};
use tokio::runtime::{Builder, Runtime};

use crate::options::Options;
use crate::{build, project};

/// Where the portal is served unless told otherwise.
pub const PORT: u16 = 8024;
/// And the page.
pub const APP_PORT: u16 = 8025;

/// Serves both origins; their addresses are the last two lines that are printed.
pub fn serve(words: &[&str]) -> Result<()> {
    let (runtime, config) = asked_for(words)?;
    build::everything()?;
    runtime.block_on(async {
        let running = start(config).await?;
        println!("\nthe sandbox portal runs until Ctrl-C; open the first address in a browser");
        println!("the documentation is at {}/docs/", running.portal);
        println!("portal: {}", running.portal);
        println!(
            "app: {}",
            running.app.as_deref().context("the portal serves no app")?
        );
        Ok(tokio::signal::ctrl_c().await?)
    })
}

/// What is to be served and where. Whoever asks for a port that is taken need not wait for the build to hear of it.
fn asked_for(words: &[&str]) -> Result<(Runtime, Config)> {
    let options = Options::read(words, &["--port", "--app-port", "--settle-ms"])?;
    let config = Config {
        port: options.number("--port")?.unwrap_or(PORT),
        app_port: options.number("--app-port")?.unwrap_or(APP_PORT),
        app: Some(project::page()),
        docs: Some(project::docs()),
        static_app: Some(project::upload()),
        settle_ms: options.number("--settle-ms")?,
        ..Config::default()
    };
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(ports_are_free(&config))?;
    Ok((runtime, config))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use anyhow::Result;

    use super::asked_for;

    #[test]
    fn a_port_that_is_taken_is_told_before_anything_is_built() -> Result<()> {
        let taken = TcpListener::bind("127.0.0.1:0")?;
        let port = taken.local_addr()?.port().to_string();
        for (option, other) in [("--port", "--app-port"), ("--app-port", "--port")] {
            let ended = asked_for(&[option, &port, other, "0"]);
            let said = ended.map(drop).map_err(|error| error.to_string());
            let sentence =
                format!("port {port} is in use; choose another with {option}, or 0 for a free one");
            assert_eq!(said, Err(sentence));
        }
        drop(taken);
        asked_for(&["--port", &port, "--app-port", "0"]).map(drop)
    }
}
