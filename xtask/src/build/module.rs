//! Compiles the crate to the smallest module that wasm-bindgen and wasm-opt make of it.
//!
//! The same source gives the same bytes in any folder: the paths of the machine are replaced before they reach the module.

use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::{env, thread};

use anyhow::{Context, Result, anyhow};
use fs_err as fs;
use wasm_bindgen_cli_support::{Bindgen, EncodeInto};

use super::glue::{self, Names};
use super::{constants, elder, order, panics, short_texts};
use crate::project::{self, Checkout};
use crate::tools::{self, WASM};
use crate::{once, run};

/// Where the sources of the standard library are, if rustup's `rust-src` is installed.
pub const LIBRARY: &str = "lib/rustlib/src/rust";

/// Whose module it is.
#[derive(Clone, Copy)]
pub enum For {
    /// The npm package: all there is.
    Package,
    /// The page in the portal's frame, which reaches the portal by `BX24` only.
    Page,
}

/// The folder of what is made on the way to the bundle.
pub struct Module {
    folder: PathBuf,
}

impl Module {
    pub fn of(checkout: &Checkout, whose: For) -> Self {
        let folder = match whose {
            For::Package => "module",
            For::Page => "module of the page",
        };
        Self {
            folder: checkout.target.join(folder),
        }
    }

    /// As the compiler leaves it.
    fn compiled(&self) -> PathBuf {
        self.folder.join("compiled.wasm")
    }

    /// As wasm-bindgen leaves it.
    pub fn bound(&self) -> PathBuf {
        self.folder.join("b24pay_bg.wasm")
    }

    /// The module itself.
    pub fn wasm(&self) -> PathBuf {
        self.folder.join("b24pay.wasm")
    }

    /// The module as JavaScript text.
    pub fn text(&self) -> PathBuf {
        self.folder.join("text.js")
    }

    /// The JavaScript between the module and the loader: a function that makes the imports of one instance.
    pub fn glue(&self) -> PathBuf {
        self.folder.join("glue.js")
    }
}

/// What the bundles are made of.
pub struct Compiled {
    pub package: Module,
    pub page: Module,
    /// What puts a module's text together again, in the browser.
    pub unpacker: PathBuf,
}

/// Compiles, binds, and shrinks what has changed. What brings the tools, of which wasm-opt is one, waits for the network, so it
/// runs beside the compiler.
pub fn compile(tools: fn() -> Result<()>) -> Result<Compiled> {
    let checkout = Checkout::here();
    let (package, page) = thread::scope(|both| {
        let brought = both.spawn(tools);
        let bound = bound(&checkout);
        brought.join().unwrap_or_else(|why| resume_unwind(why))?;
        bound
    })?;
    thread::scope(|both| {
        let other = both.spawn(|| shrunk(&page));
        shrunk(&package)?;
        other.join().unwrap_or_else(|why| resume_unwind(why))
    })?;
    let unpacker = checkout.target.join("unpack.wasm");
    optimise(
        // Its text is the build's own, which has unpacked it once, so nothing in it traps.
        &[
            "-Oz",
            "--converge",
            "--ignore-implicit-traps",
            "--low-memory-unused",
            "--traps-never-happen",
        ],
        Keep::Nothing,
        &compiled(&checkout, "unpack"),
        &unpacker,
    )?;
    Ok(Compiled {
        package,
        page,
        unpacker,
    })
}

/// Shrinks it unless that was done, of the same module and by the same tools.
fn shrunk(module: &Module) -> Result<()> {
    let record = module.folder.join("shrunk_from");
    let from = [tools_as_they_are()?, fs::read(module.bound())?].concat();
    once::made(&module.wasm(), &record, &from, || {
        shrink(module, Keep::Nothing)
    })
}

/// What shrinks: this program, by the time at which it was compiled, and wasm-opt, by the lock file.
fn tools_as_they_are() -> Result<Vec<u8>> {
    // On Linux also where the compiler has put another in its place meanwhile, as another command's lints do.
    let running = fs::metadata("/proc/self/exe");
    let running = running.or_else(|_| fs::metadata(env::current_exe()?))?;
    let compiled = running.modified()?;
    let lock = fs::read(project::lock_file())?;
    Ok([format!("{compiled:?}").into_bytes(), lock].concat())
}

/// The package's module with the names of its functions left in, for looking at its parts; what is published has none.
pub fn with_names() -> Result<Module> {
    let checkout = Checkout::here();
    let module = Module {
        folder: checkout.target.join("module with names"),
    };
    let compiled = Module::of(&checkout, For::Package).compiled();
    bind(&compiled, &module, Keep::Names)?;
    shrink(&module, Keep::Names)?;
    Ok(module)
}

/// What is left in a module beside what runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Names,
    Nothing,
}

/// Compiles and binds a copy of the sources where it lies: the module of the package, and that of the page.
pub fn bound(checkout: &Checkout) -> Result<(Module, Module)> {
    // With the features of the standard library, of which it keeps nothing that way.
    let flags = flags(checkout)?;
    cargo(checkout, "unpack", &[], &flags)?;
    // Values of JavaScript by their numbers.
    let by_numbers = "-Ctarget-feature=-reference-types".to_owned();
    let flags = [flags, vec![by_numbers]].concat();
    let bound = |whose| bound_for(checkout, whose, &flags);
    Ok((bound(For::Package)?, bound(For::Page)?))
}

fn bound_for(checkout: &Checkout, whose: For, flags: &[String]) -> Result<Module> {
    let features: &[&str] = match whose {
        For::Package => &["--features", "module"],
        For::Page => &["--features", "module", "--no-default-features"],
    };
    cargo(checkout, "b24pay", features, flags)?;
    let module = Module::of(checkout, whose);
    fs::create_dir_all(&module.folder)?;
    // Cargo puts the next one in its place.
    fs::copy(compiled(checkout, "b24pay"), module.compiled())?;
    bind(&module.compiled(), &module, Keep::Nothing)?;
    Ok(module)
}

fn cargo(checkout: &Checkout, package: &str, features: &[&str], flags: &[String]) -> Result<()> {
    let mut cargo = run::cargo();
    // As one crate type: of two, cargo leaves link-time optimisation out without a word.
    cargo.args(["rustc", "--crate-type", "cdylib", "--lib", "--release"]);
    cargo.args(["--package", package, "--target", WASM]);
    cargo.args(features);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    cargo.env_remove("RUSTFLAGS");
    cargo.current_dir(&checkout.root);
    cargo.env("CARGO_TARGET_DIR", &checkout.target);
    cargo.env("CARGO_HOME", &checkout.cargo_home);
    run::to_the_end(&mut cargo)
}

/// A stack that fits one page of memory, one instruction for whatever is copied that is longer than a number, and no path of this
/// machine.
fn flags(checkout: &Checkout) -> Result<Vec<String>> {
    let mut flags = [
        "-Clink-arg=-zstack-size=32768",
        "-Cllvm-args=-max-store-memcpy=1",
        "-Cllvm-args=-max-store-memmove=1",
    ]
    .map(str::to_owned)
    .to_vec();
    if let Some(sysroot) = &checkout.sysroot {
        flags.push(format!("--sysroot={}", sysroot.display()));
    }
    for (place, name) in places(checkout)? {
        flags.push(format!("--remap-path-prefix={}={name}", place.display()));
    }
    Ok(flags)
}

/// Where sources lie on this machine, and the name that each place gets. The last that fits is taken.
fn places(checkout: &Checkout) -> Result<Vec<(PathBuf, String)>> {
    let sysroot = match &checkout.sysroot {
        Some(sysroot) => sysroot.clone(),
        None => tools::sysroot()?,
    };
    let mut places = vec![
        (sysroot.clone(), "rust".to_owned()),
        (sysroot.join(LIBRARY), named_by_commit()?),
        (checkout.cargo_home.clone(), "cargo".to_owned()),
        (checkout.target.clone(), "target".to_owned()),
        (checkout.root.clone(), "b24pay".to_owned()),
    ];
    // One folder a registry, named after its address: a mirror must not show in the module.
    for registry in fs::read_dir(checkout.cargo_home.join("registry/src"))? {
        places.push((registry?.path(), "crates".to_owned()));
    }
    Ok(places)
}

/// What the compiler calls that folder where it is not there.
fn named_by_commit() -> Result<String> {
    let version = run::output(run::command("rustc").arg("-vV"))?;
    let mut lines = version.lines();
    let commit = lines.find_map(|line| line.strip_prefix("commit-hash: "));
    Ok(format!(
        "/rustc/{}",
        commit.context("a compiler without a commit")?
    ))
}

/// The standard library is compiled with leave to use reference types, and uses none. Without them wasm-bindgen needs no
/// second function around each import, and the module is smaller and no slower.
fn without_reference_types(mut module: Vec<u8>) -> Result<Vec<u8>> {
    // A feature is written as whether it is used, the length of its name, and its name.
    const USED: &[u8] = b"+\x0freference-types";
    let at = module.windows(USED.len()).position(|part| part == USED);
    let used = at.and_then(|at| module.get_mut(at));
    *used.context("the compiled module does not list reference-types among its features")? = b'-';
    Ok(module)
}

fn bind(compiled: &Path, module: &Module, keep: Keep) -> Result<()> {
    try_bind(compiled, module, keep).map_err(|error| anyhow!("wasm-bindgen: {error:#}"))
}

fn try_bind(compiled: &Path, module: &Module, keep: Keep) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .web(true)?
        .input_bytes("b24pay", without_reference_types(fs::read(compiled)?)?)
        .encode_into(EncodeInto::Always)
        .remove_name_section(keep == Keep::Nothing)
        .remove_producers_section(true)
        .typescript(false);
    let mut output = bindgen.generate_output()?;
    panics::silence(output.wasm_mut())?;
    elder::take_the_global(output.wasm_mut())?;
    constants::known(output.wasm_mut())?;
    walrus::passes::gc::run(output.wasm_mut());
    let names = Names::shorten(&mut output);
    output.emit(&module.folder)?;
    let generated = fs::read_to_string(module.folder.join("b24pay.js"))?;
    let generated = short_texts::quickened(&elder::left_out(&generated)?)?;
    let generated = constants::numbered(&generated)?;
    fs::write(module.glue(), glue::factory(&generated, &names)?)?;
    Ok(())
}

/// What the compiler has made of a package.
pub fn compiled(checkout: &Checkout, package: &str) -> PathBuf {
    let modules = checkout.target.join(WASM).join("release");
    modules.join(package).with_extension("wasm")
}

fn shrink(module: &Module, keep: Keep) -> Result<()> {
    let passes = [
        // No load lies outside of the memory, and what divides has looked at what it divides by.
        "--ignore-implicit-traps",
        "--flatten",
        "--rereloop",
        "-Oz",
        // What is small by then is laid out anew.
        "--flatten",
        "--rereloop",
        "-Oz",
        // What each function may change, found once they are small.
        "--generate-global-effects",
        "-Oz",
        "--converge",
        "--always-inline-max-function-size=4",
        // Smaller before compression, larger after it.
        "--one-caller-inline-max-function-size=0",
        // A gap of zeros compresses to less than the beginning of another segment.
        "--skip-pass=memory-packing",
        // A value that is made twice compresses to less than a local that keeps it.
        "--skip-pass=local-cse",
        "--skip-pass=merge-locals",
        // Nothing but the end of the stack lies there.
        "--low-memory-unused",
    ];
    optimise(&passes, keep, &module.bound(), &module.wasm())?;
    let ordered = order::by_likeness(&fs::read(module.wasm())?)?;
    Ok(fs::write(module.wasm(), ordered)?)
}

fn optimise(passes: &[&str], keep: Keep, from: &Path, to: &Path) -> Result<()> {
    let mut optimiser = run::command(project::npm_tool("wasm-opt"));
    optimiser.args(passes).args([
        match keep {
            Keep::Names => "--debuginfo",
            Keep::Nothing => "--strip-debug",
        },
        "--strip-producers",
        "--strip-target-features",
    ]);
    optimiser.arg(from).arg("-o").arg(to);
    run::to_the_end(&mut optimiser).context("binaryen's wasm-opt")
}
