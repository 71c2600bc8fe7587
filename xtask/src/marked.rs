//! Tables that commands write into texts, each between two marks.

use std::path::Path;

use anyhow::{Context, Result};
use fs_err as fs;

/// Puts a table between `<!-- name -->` and `<!-- /name -->` of a file of the project.
pub fn write(file: &Path, name: &str, table: &str) -> Result<()> {
    let text = fs::read_to_string(file)?;
    let written = replaced(&text, name, table).with_context(|| file.display().to_string())?;
    fs::write(file, written)?;
    Ok(())
}

fn replaced(text: &str, name: &str, table: &str) -> Result<String> {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text
        .split_once(&begin)
        .with_context(|| format!("there is no line `{}`", begin.trim()))?;
    let (_, after) = rest
        .split_once(&end)
        .with_context(|| format!("there is no line `{end}`"))?;
    Ok(format!("{before}{begin}{table}{end}{after}"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::replaced;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let text = "a\n<!-- bench -->\nold\n<!-- /bench -->\nb\n";
        let written = "a\n<!-- bench -->\nnew\n<!-- /bench -->\nb\n";
        assert_eq!(replaced(text, "bench", "new\n").unwrap(), written);
    }

    #[test]
    fn a_text_without_the_marks_is_left_alone() {
        let error = replaced("a\n", "bench", "new\n").unwrap_err().to_string();
        assert_eq!(error, "there is no line `<!-- bench -->`");
        let error = replaced("<!-- bench -->\n", "bench", "new\n")
            .unwrap_err()
            .to_string();
        assert_eq!(error, "there is no line `<!-- /bench -->`");
    }
}
