//! What suites need and what takes long is begun before its turn, by copies of this program, beside the suites that only compile:
//! wasm-opt, npm and link-time optimisation leave a core idle. What a copy prints is shown in its turn.

use std::env;
use std::io::{self, Read, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::thread::{self, JoinHandle, ScopedJoinHandle};

use anyhow::{Context, Result, anyhow, bail};
use fs_err as fs;

use super::stream;
use crate::{build, project, run};

/// What can be made ahead of its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// All that is published or served.
    Build,
    /// The module once more, and whether its bytes are those that were built.
    Elsewhere,
    /// The programs that the chosen suites run with.
    Programs,
    /// What tests run with and would install in their turn, by the names that `tests/installs.js` knows.
    Installs(&'static str),
}

impl Work {
    /// The program that does it, which may be a copy of this one.
    fn command(self, copy: &Path, suites: &[&str]) -> Command {
        let mut command = match self {
            Self::Build | Self::Elsewhere | Self::Programs => run::command(copy),
            Self::Installs(_) => run::command("node"),
        };
        match self {
            Self::Build => command.arg("build"),
            Self::Elsewhere => command.args(["build", "--elsewhere", "--built"]),
            Self::Programs => command.arg("programs").args(suites),
            Self::Installs(name) => command
                .arg(project::tests().join("installs.js"))
                .arg(name)
                .env("B24PAY_TARGET", project::target()),
        };
        command
    }

    /// In this process, now.
    fn here(self) -> Result<()> {
        match self {
            Self::Build => build::everything(),
            Self::Elsewhere => build::compare_with_elsewhere(),
            // The suite or the test that needs it does it.
            Self::Programs | Self::Installs(_) => Ok(()),
        }
    }
}

/// What a copy printed, and how it ended.
#[derive(Debug)]
struct Told {
    work: Work,
    printed: Vec<u8>,
    ended: Result<()>,
}

/// The works that were begun: the build and programs, and then what needs them.
#[derive(Debug, Default)]
pub struct Ahead {
    under_way: Option<JoinHandle<Vec<Told>>>,
    told: Vec<Told>,
}

impl Ahead {
    /// Begins the build and programs, and the others when both have ended.
    pub fn begin(works: Vec<Work>, suites: Vec<&'static str>) -> Result<Self> {
        let copy = Link::to_this()?;
        let under_way = thread::spawn(move || all(works, &suites, &copy.0));
        Ok(Self {
            under_way: Some(under_way),
            told: Vec::new(),
        })
    }

    /// Waits until nothing is under way any more: what runs tests has the machine for itself.
    pub fn finish(&mut self) -> Result<()> {
        if let Some(under_way) = self.under_way.take() {
            let told = under_way.join();
            self.told = told.map_err(|_| anyhow!("what was begun ahead broke off"))?;
        }
        Ok(())
    }

    /// Tells what came of a work that was begun; another one, or one that was told before, is done now.
    pub fn done(&mut self, work: Work) -> Result<()> {
        self.finish()?;
        let Some(at) = self.told.iter().position(|told| told.work == work) else {
            return work.here();
        };
        let told = self.told.swap_remove(at);
        io::stdout().write_all(&told.printed)?;
        told.ended
    }
}

/// This program by a name of its own, for the compiler puts another in the place of this one while it lints. It is the same file, of
/// the same age: by that the build knows what was made by an older one.
struct Link(PathBuf);

impl Link {
    fn to_this() -> Result<Self> {
        let this = env::current_exe().context("this program is not found")?;
        let name = format!("xtask-{}{}", process::id(), env::consts::EXE_SUFFIX);
        let copy = this.with_file_name(name);
        // Of a run that was killed, which had the same number.
        let _ = fs::remove_file(&copy);
        fs::hard_link(&this, &copy)?;
        Ok(Self(copy))
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // What cannot be removed lies in the folder for such things.
        let _ = fs::remove_file(&self.0);
    }
}

/// The build and programs, and then the others.
fn all(works: Vec<Work>, suites: &[&str], copy: &Path) -> Vec<Told> {
    let (first, others): (Vec<Work>, Vec<Work>) = works
        .into_iter()
        .partition(|work| matches!(work, Work::Build | Work::Programs));
    let mut told = beside_each_other(first, suites, copy);
    told.extend(beside_each_other(others, suites, copy));
    told
}

fn beside_each_other(works: Vec<Work>, suites: &[&str], copy: &Path) -> Vec<Told> {
    let made = |work: Work| {
        let mut printed = Vec::new();
        let ended = gathered(&mut work.command(copy, suites), &mut printed);
        Told {
            work,
            printed,
            ended,
        }
    };
    thread::scope(|beside| {
        let under_way: Vec<_> = works
            .into_iter()
            .map(|work| beside.spawn(move || made(work)))
            .collect();
        let ended = under_way.into_iter().map(ScopedJoinHandle::join);
        ended
            .map(|told| told.unwrap_or_else(|why| resume_unwind(why)))
            .collect()
    })
}

/// Runs to the end, and gathers what goes to both outputs in its order.
fn gathered(command: &mut Command, printed: &mut Vec<u8>) -> Result<()> {
    let (mut child, mut both) = stream::begun(command)?;
    both.read_to_end(printed)?;
    let status = child.wait()?;
    if !status.success() {
        bail!("{} failed with {status}", run::line(command));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::panic::resume_unwind;
    use std::thread;

    use super::{Ahead, Link, Told, Work, gathered};
    use crate::run;

    fn shell(text: &str) -> (Vec<u8>, bool) {
        let mut printed = Vec::new();
        let ended = gathered(run::command("sh").args(["-c", text]), &mut printed);
        (printed, ended.is_ok())
    }

    #[test]
    fn what_goes_to_both_outputs_is_gathered_in_its_order() {
        let (printed, ended) = shell("echo one; echo two >&2; echo three");
        assert_eq!(printed, b"one\ntwo\nthree\n");
        assert!(ended);
    }

    #[test]
    fn what_fails_ahead_of_its_turn_has_failed_in_its_turn_with_what_it_printed() {
        let (printed, ended) = shell("echo why >&2; exit 3");
        assert_eq!((printed.as_slice(), ended), (b"why\n".as_slice(), false));
        let told = |ended| Told {
            work: Work::Elsewhere,
            printed: Vec::new(),
            ended,
        };
        for (ended, is_green) in [(Err(anyhow::anyhow!("why")), false), (Ok(()), true)] {
            let mut ahead = Ahead {
                under_way: Some(thread::spawn(move || vec![told(ended)])),
                told: Vec::new(),
            };
            assert_eq!(ahead.done(Work::Elsewhere).is_ok(), is_green);
            assert!(ahead.told.is_empty());
        }
    }

    #[test]
    fn this_program_has_another_name_for_as_long_as_that_is_kept() -> anyhow::Result<()> {
        let link = Link::to_this()?;
        let name = link.0.clone();
        let changed = |file| anyhow::Ok(fs_err::metadata(file)?.modified()?);
        assert_ne!(name, std::env::current_exe()?);
        assert_eq!(changed(name.clone())?, changed(std::env::current_exe()?)?);
        drop(link);
        assert!(!name.exists());
        Ok(())
    }

    #[test]
    fn what_breaks_off_has_failed() {
        let mut ahead = Ahead {
            under_way: Some(thread::spawn(|| resume_unwind(Box::new("on purpose")))),
            told: Vec::new(),
        };
        assert!(ahead.finish().is_err());
    }
}
