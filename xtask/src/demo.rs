//! `cargo xtask demo`: builds everything, then serves the sandbox portal and the page until Ctrl-C.

use anyhow::{Context, Result};
use portal::server::{Config, start};

use crate::options::Options;
use crate::{build, project};

/// Where the portal is served unless told otherwise.
pub const PORT: u16 = 8024;
/// And the page.
pub const APP_PORT: u16 = 8025;

/// Serves both origins; their addresses are the last two lines that are printed.
pub fn serve(words: &[&str]) -> Result<()> {
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
    build::everything()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
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
