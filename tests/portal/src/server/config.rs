//! With what the server starts, and why it may not.

use crate::limits::Limits;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// How to serve. `Config::default()` is the demo on free ports, without an app and without delays.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Port of the portal's origin; 0 picks a free one.
    pub port: u16,
    /// Port of the app's origin; 0 picks a free one.
    pub app_port: u16,
    /// The folder of the built app.
    pub app: Option<PathBuf>,
    /// The folder of the rendered documentation.
    pub docs: Option<PathBuf>,
    /// The zip of the app as it is uploaded to a portal; it is opened where a static app is asked for, and when there is
    /// no other app. Not together with `app_served_at`.
    pub static_app: Option<PathBuf>,
    /// The port of another server on `127.0.0.1` that serves the app, such as a bundler's; `app` is not served then.
    pub app_served_at: Option<u16>,
    /// How long an unpaid payment may still turn paid, told to the page.
    pub settle_ms: Option<u64>,
    /// How long one request may stay silent, told to the page.
    pub deadline_ms: Option<u64>,
    /// How long every REST answer takes.
    pub latency_ms: u64,
    /// Other limits than those of the plan.
    pub limits: Option<Limits>,
    /// What tokens follow from; `None` takes the clock.
    pub seed: Option<u64>,
}

/// Why the server did not start.
#[derive(Debug)]
pub enum Error {
    /// Somebody else listens there.
    PortInUse {
        /// The port.
        port: u16,
        /// The option that sets another.
        option: &'static str,
    },
    /// The app's folder does not hold a page.
    NoApp(PathBuf),
    /// The zip cannot be read, or does not hold a page.
    NoUpload {
        /// The zip.
        upload: PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
    /// Listening failed otherwise.
    Listen {
        /// The port.
        port: u16,
        /// Why.
        source: io::Error,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PortInUse { port, option } => {
                write!(
                    out,
                    "port {port} is in use; choose another with {option}, or 0 for a free one"
                )
            }
            Self::NoApp(folder) => write!(
                out,
                "the app's folder {} has no index.html",
                folder.display()
            ),
            Self::NoUpload { upload, .. } => {
                write!(out, "{} is no zip of a static app", upload.display())
            }
            Self::Listen { port, .. } => {
                write!(out, "the portal cannot listen on port {port} of loopback")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } | Self::NoUpload { source, .. } => Some(source),
            _ => None,
        }
    }
}
