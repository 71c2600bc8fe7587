//! Where things stand in this checkout. Every path of the project that xtask uses is made here.

use std::env;
use std::path::{Path, PathBuf};

/// The folder that holds the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// Where cargo builds, which is also where the package and the page are laid.
pub fn target() -> PathBuf {
    let root = root();
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}

/// One copy of the sources, the folder that it is built in, and cargo's own.
#[derive(Debug)]
pub struct Checkout {
    pub root: PathBuf,
    pub target: PathBuf,
    pub cargo_home: PathBuf,
    /// Where the compiler's libraries are, if not where it has them itself.
    pub sysroot: Option<PathBuf>,
}

impl Checkout {
    /// The one that xtask was built from.
    pub fn here() -> Self {
        let home = env::home_dir().unwrap_or_default();
        Self {
            root: root(),
            target: target(),
            cargo_home: env::var_os("CARGO_HOME")
                .map_or_else(|| home.join(".cargo"), PathBuf::from),
            sysroot: None,
        }
    }
}

/// The documentation as pages that the sandbox portal serves.
pub fn docs() -> PathBuf {
    target().join("docs")
}

/// The npm package as it is published.
pub fn package() -> PathBuf {
    target().join("npm")
}

/// The page as it is served or uploaded.
pub fn page() -> PathBuf {
    target().join("app")
}

/// The page as one file, to be uploaded to a portal as a static app.
pub fn upload() -> PathBuf {
    target().join("b24pay-app.zip")
}

/// The folder of the JavaScript tests, whose lock file pins all JavaScript tools.
pub fn tests() -> PathBuf {
    root().join("tests")
}

/// That lock file.
pub fn lock_file() -> PathBuf {
    tests().join("package-lock.json")
}

/// A JavaScript tool from that lock file.
pub fn npm_tool(name: &str) -> PathBuf {
    tests().join("node_modules/.bin").join(name)
}

/// The sandbox portal as a program of its own, for tests that start and stop it.
pub fn portal_program() -> PathBuf {
    target()
        .join("debug")
        .join(format!("portal{}", env::consts::EXE_SUFFIX))
}

/// The one version of the crate, the package and the page.
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
