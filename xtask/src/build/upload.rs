//! Zips the page for an upload to a portal, which then serves it as a static app from a folder that nobody knows before.
//! The same page gives the same bytes, whoever builds it and when.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;

use anyhow::{Context, Result};
use fs_err as fs;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use super::self_contained;
use crate::project;

/// Files by their names in the archive, which has them in this order.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Writes `b24pay-app.zip` from the page as it was laid.
pub fn write() -> Result<()> {
    let page = files(&project::page())?;
    self_contained::check(&page)
        .context("the page cannot be uploaded to a portal as a static app")?;
    fs::write(project::upload(), zipped(&page)?)?;
    Ok(())
}

/// All files under a folder, with `/` between the parts of their names on every system.
pub fn files(folder: &Path) -> Result<Files> {
    let mut found = Files::new();
    collect(folder, "", &mut found)?;
    Ok(found)
}

fn collect(folder: &Path, above: &str, found: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().context("a file's name is not UTF-8")?;
        let name = format!("{above}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// No time, no owner and no permission of the building machine goes into the archive.
fn zipped(files: &Files) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(name, options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use std::io::Read;
    use std::time::{Duration, SystemTime};
    use std::{env, process};

    use fs_err as fs;

    use super::{Cursor, files, project, zipped};
    use zip::ZipArchive;

    #[test]
    fn the_archive_has_the_pages_files_in_the_order_of_their_names_and_nothing_of_the_machine() {
        let page = files(&project::root().join("www")).unwrap();
        let mut archive = ZipArchive::new(Cursor::new(zipped(&page).unwrap())).unwrap();
        let names: Vec<String> = archive
            .file_names()
            .map(|name| name.unwrap().into_owned())
            .collect();
        assert_eq!(names, page.keys().cloned().collect::<Vec<_>>());
        for expected in ["index.html", "app.js", "words/en.json"] {
            assert!(names.iter().any(|name| name == expected), "{expected}");
        }
        for (place, (name, bytes)) in page.iter().enumerate() {
            let mut file = archive.by_index(place).unwrap();
            assert_eq!(file.unix_mode(), Some(0o100_644), "{name}");
            assert_eq!(
                file.last_modified().unwrap().to_string(),
                "1980-01-01 00:00:00"
            );
            let mut read = Vec::new();
            file.read_to_end(&mut read).unwrap();
            assert_eq!(read, *bytes, "{name}");
        }
    }

    #[test]
    fn the_same_files_written_in_another_order_at_another_time_give_the_same_bytes() {
        let folder = env::temp_dir().join(format!("b24pay-upload-{}", process::id()));
        let mut archives = Vec::new();
        for order in [["b.js", "words/a.json"], ["words/a.json", "b.js"]] {
            fs::create_dir_all(folder.join("words")).unwrap();
            for (name, age) in order.into_iter().zip([10, 1_000_000]) {
                let file = fs::File::create(folder.join(name)).unwrap();
                let written = SystemTime::now() - Duration::from_secs(age);
                file.set_modified(written).unwrap();
            }
            archives.push(zipped(&files(&folder).unwrap()).unwrap());
            fs::remove_dir_all(&folder).unwrap();
        }
        assert_eq!(archives.first(), archives.last());
    }
}
