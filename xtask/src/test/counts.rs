//! Reads from the runners' closing lines how many tests passed, failed and were skipped.

use std::fmt;

/// What came of a suite.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
    /// Skipped tests make a run red: what cannot run here must say so by failing.
    pub skipped: u32,
}

impl Counts {
    /// What either succeeds as a whole or does not.
    pub fn one(success: bool) -> Self {
        Self {
            passed: success.into(),
            failed: (!success).into(),
            skipped: 0,
        }
    }

    /// A suite that could not even run.
    pub fn one_failure() -> Self {
        Self::one(false)
    }

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    pub fn is_green(self) -> bool {
        self.failed == 0 && self.skipped == 0
    }

    /// A runner that failed without naming a failed test, or that found no test, counts as one failure.
    pub fn after(self, success: bool) -> Self {
        let ran_nothing = self.passed == 0 && self.failed == 0;
        if self.failed == 0 && (!success || ran_nothing) {
            Self { failed: 1, ..self }
        } else {
            self
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(formatter, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// `test result: ok. 3 passed; 0 failed; 0 ignored; …`, once a test binary.
pub fn of_cargo(lines: &[String]) -> Counts {
    let mut counts = Counts::default();
    for result in lines
        .iter()
        .filter_map(|line| line.strip_prefix("test result: "))
    {
        for part in result.split([';', '.']) {
            match number_and_word(part) {
                Some((number, "passed")) => counts.passed += number,
                Some((number, "failed")) => counts.failed += number,
                Some((number, "ignored")) => counts.skipped += number,
                _ => {}
            }
        }
    }
    counts
}

fn number_and_word(part: &str) -> Option<(u32, &str)> {
    let (number, word) = part.trim().split_once(' ')?;
    Some((number.parse().ok()?, word))
}

/// Whether cargo closes a crate with ``warning: `xtask` (bin "xtask") generated 2 warnings``. Its own warnings, such as that the network
/// is tried again, are none.
pub fn has_warnings(lines: &[String]) -> bool {
    lines
        .iter()
        .any(|line| line.starts_with("warning: `") && line.contains(") generated "))
}

/// `ℹ pass 3`, `ℹ fail 0` and so on, once a run.
pub fn of_node(lines: &[String]) -> Counts {
    let mut counts = Counts::default();
    for line in lines.iter().filter_map(|line| line.strip_prefix("ℹ ")) {
        match line
            .split_once(' ')
            .map(|(word, number)| (word, number.parse::<u32>()))
        {
            Some(("pass", Ok(number))) => counts.passed += number,
            Some(("fail" | "cancelled", Ok(number))) => counts.failed += number,
            Some(("skipped" | "todo", Ok(number))) => counts.skipped += number,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::{Counts, has_warnings, of_cargo, of_node};

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn cargo_closes_once_a_binary_and_the_sum_counts() {
        let printed = lines(
            "running 2 tests\n\
             test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
             test result: FAILED. 5 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s",
        );
        assert_eq!(
            of_cargo(&printed),
            Counts {
                passed: 7,
                failed: 3,
                skipped: 1
            }
        );
    }

    #[test]
    fn a_crate_with_warnings_is_told_from_a_warning_of_cargo() {
        let printed = |line| has_warnings(&lines(&format!("   Compiling xtask v0.1.0\n{line}")));
        for found in [
            "warning: `xtask` (bin \"xtask\" test) generated 1 warning (1 duplicate)",
            "warning: `unpack` (lib) generated 2 warnings (run `cargo clippy --fix --lib -p unpack` to apply 1 suggestion)",
        ] {
            assert!(printed(found), "{found}");
        }
        assert!(!printed("warning: spurious network error (3 tries left)"));
    }

    #[test]
    fn node_closes_once_and_cancelled_tests_failed() {
        let printed = lines(
            "✔ a test\nℹ tests 9\nℹ suites 0\nℹ pass 4\nℹ fail 1\nℹ cancelled 1\nℹ skipped 2\nℹ todo 1\nℹ duration_ms 12.5",
        );
        assert_eq!(
            of_node(&printed),
            Counts {
                passed: 4,
                failed: 2,
                skipped: 3
            }
        );
    }

    #[test]
    fn a_runner_that_failed_without_saying_where_is_a_failure() {
        let passed = Counts {
            passed: 3,
            ..Counts::default()
        };
        assert_eq!(passed.after(true), passed);
        assert_eq!(
            passed.after(false),
            Counts {
                passed: 3,
                failed: 1,
                skipped: 0
            }
        );
    }

    #[test]
    fn a_runner_that_ran_nothing_is_a_failure() {
        assert_eq!(Counts::default().after(true), Counts::one_failure());
    }

    #[test]
    fn a_skipped_test_makes_a_run_red_and_shows() {
        let counts = Counts {
            passed: 2,
            failed: 0,
            skipped: 1,
        };
        assert!(!counts.is_green());
        assert_eq!(counts.to_string(), "2 passed, 0 failed, 1 skipped");
    }
}
