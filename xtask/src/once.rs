//! What takes long is made once: a record beside it says what it was made of, and goes before it is made anew.

use std::path::Path;

use anyhow::Result;
use fs_err as fs;

/// Makes it, unless it is there and was made of the same.
pub fn made(
    product: &Path,
    record: &Path,
    of: &[u8],
    make: impl FnOnce() -> Result<()>,
) -> Result<()> {
    if product.exists() && fs::read(record).is_ok_and(|known| known == of) {
        return Ok(());
    }
    // What breaks off half-way must not pass for what was there before.
    if record.exists() {
        fs::remove_file(record)?;
    }
    make()?;
    Ok(fs::write(record, of)?)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::{env, process};

    use anyhow::{Result, bail};
    use fs_err as fs;

    use super::made;

    #[test]
    fn what_is_made_of_the_same_is_made_once_and_what_broke_off_is_made_anew() -> Result<()> {
        let folder = env::temp_dir().join(format!("b24pay once {}", process::id()));
        fs::create_dir_all(&folder)?;
        let (product, record) = (folder.join("product"), folder.join("record"));
        let make = |of: &str, breaks: bool| {
            made(&product, &record, of.as_bytes(), || {
                fs::write(&product, of)?;
                if breaks {
                    bail!("on purpose")
                }
                Ok(())
            })
        };
        let is = |file: &Path, text: &str| fs::read_to_string(file).is_ok_and(|read| read == text);
        let ended = [
            make("one", false).is_ok() && is(&product, "one"),
            // It is not written again.
            fs::write(&product, "kept").is_ok()
                && make("one", false).is_ok()
                && is(&product, "kept"),
            make("two", true).is_err() && is(&product, "two"),
            make("one", false).is_ok() && is(&product, "one"),
            fs::remove_file(&product).is_ok() && make("one", false).is_ok() && is(&product, "one"),
        ];
        fs::remove_dir_all(folder)?;
        assert_eq!(ended, [true; 5]);
        Ok(())
    }
}
