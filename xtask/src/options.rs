//! Reads `--name value` options; whatever was not expected is named together with what was.

use std::str::FromStr;

use anyhow::{Context, Result, bail};

/// The options that a command was given, each at most once.
#[derive(Debug)]
pub struct Options<'a> {
    given: Vec<(&'a str, &'a str)>,
}

impl<'a> Options<'a> {
    /// Splits the words of a command line.
    ///
    /// # Errors
    ///
    /// A word that is none of `expected`, one without its value, one that is given twice.
    pub fn read(words: &[&'a str], expected: &[&str]) -> Result<Self> {
        let mut given: Vec<(&str, &str)> = Vec::new();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (*word, None),
            };
            if !expected.contains(&name) {
                bail!("no option `{name}`; there are {}", expected.join(", "));
            }
            if given.iter().any(|(earlier, _)| *earlier == name) {
                bail!("{name} was given twice");
            }
            let value = value.or_else(|| words.next().copied());
            given.push((
                name,
                value.with_context(|| format!("{name} needs a value"))?,
            ));
        }
        Ok(Self { given })
    }

    /// The value of one option as a whole number.
    ///
    /// # Errors
    ///
    /// A value that is no number, or too large for its kind.
    pub fn number<N: FromStr>(&self, name: &str) -> Result<Option<N>> {
        let Some((_, value)) = self.given.iter().find(|(given, _)| *given == name) else {
            return Ok(None);
        };
        match value.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => bail!("{name} must be a whole number in its range, got `{value}`"),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use std::num::NonZeroU64;

    use super::Options;

    const EXPECTED: &[&str] = &["--port", "--app-port"];

    #[track_caller]
    fn refused(words: &[&str]) -> String {
        Options::read(words, EXPECTED)
            .map(|_| ())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn both_ways_of_writing_a_value_are_read() {
        let options = Options::read(&["--port", "0", "--app-port=8025"], EXPECTED).unwrap();
        assert_eq!(options.number::<u16>("--port").unwrap(), Some(0));
        assert_eq!(options.number::<u16>("--app-port").unwrap(), Some(8025));
    }

    #[test]
    fn an_option_that_was_not_given_has_no_value() {
        assert_eq!(
            Options::read(&[], EXPECTED)
                .unwrap()
                .number::<u16>("--port")
                .unwrap(),
            None
        );
    }

    #[test]
    fn what_is_not_understood_is_named() {
        assert_eq!(
            refused(&["--prot", "1"]),
            "no option `--prot`; there are --port, --app-port"
        );
        assert_eq!(refused(&["--port"]), "--port needs a value");
        assert_eq!(
            refused(&["--port", "1", "--port=2"]),
            "--port was given twice"
        );
    }

    #[test]
    fn a_count_of_none_is_refused_where_none_says_nothing() {
        let options = Options::read(&["--port", "0"], EXPECTED).unwrap();
        let error = options.number::<NonZeroU64>("--port").unwrap_err();
        assert_eq!(
            error.to_string(),
            "--port must be a whole number in its range, got `0`"
        );
    }

    #[test]
    fn a_port_above_the_range_is_refused() {
        let options = Options::read(&["--port", "70000"], EXPECTED).unwrap();
        let error = options.number::<u16>("--port").unwrap_err();
        assert_eq!(
            error.to_string(),
            "--port must be a whole number in its range, got `70000`"
        );
    }
}
