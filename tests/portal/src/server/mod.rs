//! The portal over HTTP: two origins on loopback, one for the portal and one for the app.
//! Everything that decides stands in the rules; here is only what the wire needs.

mod app;
mod assets;
mod body;
mod config;
mod desk;
mod docs;
mod listen;
mod members;
mod oauth;
mod opening;
mod rest;
mod shared;
mod static_app;
mod steering;
mod wire;

pub use config::{Config, Error};

use axum::Router;
use shared::Shared;
use static_app::StaticApp;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// Two origins that are being served until this is dropped.
#[derive(Debug)]
pub struct Running {
    /// `http://localhost:N`
    pub portal: String,
    /// `http://127.0.0.1:M`; `None` when no app is served.
    pub app: Option<String>,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Whether both ports are free now, for whoever has something long to do before they are served.
///
/// # Errors
///
/// Those of [`start`] about ports.
pub async fn ports_are_free(config: &Config) -> Result<(), Error> {
    let _kept = listen::both_stacks(config.port, "--port").await?;
    listen::ipv4(config.app_port, "--app-port").await.map(drop)
}

/// Starts both origins and returns their addresses. It needs a tokio runtime.
///
/// # Errors
///
/// [`Error::PortInUse`] names the port and the option that sets another;
/// [`Error::NoApp`] when the app's folder has no `index.html`;
/// [`Error::NoUpload`] when the zip holds no app; [`Error::Listen`] for everything else.
pub async fn start(config: Config) -> Result<Running, Error> {
    if let Some(folder) = &config.app
        && !folder.join("index.html").is_file()
    {
        return Err(Error::NoApp(folder.clone()));
    }
    let static_app = match &config.static_app {
        Some(upload) => Some(StaticApp::unpack(upload)?),
        None => None,
    };
    let (portal_listeners, portal_port) = listen::both_stacks(config.port, "--port").await?;
    let app_listener = if config.app.is_some() || static_app.is_some() {
        Some(listen::ipv4(config.app_port, "--app-port").await?)
    } else {
        None
    };
    let app_port = app_listener
        .as_ref()
        .map_or(config.app_served_at, |(_, port)| Some(*port));
    let shared = Arc::new(Shared::new(config, static_app, portal_port, app_port));
    let portal = portal_router().with_state(Arc::clone(&shared));
    let mut tasks: Vec<JoinHandle<()>> = Vec::new();
    for listener in portal_listeners {
        tasks.push(tokio::spawn(wire::serve(listener, portal.clone())));
    }
    if let Some((listener, _)) = app_listener {
        let router = Router::new()
            .fallback(app::page)
            .with_state(Arc::clone(&shared));
        tasks.push(tokio::spawn(wire::serve(listener, router)));
    }
    Ok(Running {
        portal: shared.portal_origin(),
        app: app_port.map(|_| shared.app_origin()),
        tasks,
    })
}

fn portal_router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/rest/{*call}", axum::routing::any(rest::call))
        .route("/oauth/token/", axum::routing::any(oauth::token))
        .route("/docs", axum::routing::get(docs::first))
        .route("/docs/", axum::routing::get(docs::first))
        .route("/docs/{*page}", axum::routing::get(docs::page))
        .merge(steering::routes())
        .merge(desk::routes())
        .method_not_allowed_fallback(steering::other_verb)
        .fallback(assets::file)
}
