//! Completes the npm package: its description with the one version, the types, the texts.

use anyhow::{Context, Result};
use fs_err as fs;
use serde_json::Value;

use super::copy_folder;
use crate::project;

/// Adds all that the package holds beside its bundles.
pub fn complete() -> Result<()> {
    let root = project::root();
    let package = project::package();
    for (from, to) in [
        ("src/js/types.d.ts", "b24pay.d.ts"),
        ("npm/element.d.ts", "element.d.ts"),
        ("npm/README.md", "README.md"),
        ("CHANGELOG.md", "CHANGELOG.md"),
        ("LICENSE-MIT", "LICENSE-MIT"),
        ("LICENSE-APACHE", "LICENSE-APACHE"),
    ] {
        fs::copy(root.join(from), package.join(to))?;
    }
    // The portal for users' own tests, file by file as it is written: it is read more often than it is loaded.
    copy_folder(&root.join("npm/testing"), &package.join("testing"))?;
    let described = described(&fs::read_to_string(root.join("npm/package.json"))?)?;
    fs::write(package.join("package.json"), described)?;
    Ok(())
}

/// The package's description with the workspace's version, which `npm/package.json` leaves out.
fn described(description: &str) -> Result<String> {
    let mut description: Value = serde_json::from_str(description).context("npm/package.json")?;
    let fields = description
        .as_object_mut()
        .context("npm/package.json must be an object")?;
    let rest = std::mem::take(fields);
    for (name, value) in rest {
        let is_name = name == "name";
        fields.insert(name, value);
        if is_name {
            fields.insert("version".to_owned(), project::version().into());
        }
    }
    Ok(format!("{}\n", serde_json::to_string_pretty(&description)?))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::{described, project};

    #[test]
    fn the_version_is_the_workspaces_and_stands_after_the_name() {
        let written = described(r#"{"name": "b24pay", "type": "module"}"#).unwrap();
        let expected = format!(
            "{{\n  \"name\": \"b24pay\",\n  \"version\": \"{}\",\n  \"type\": \"module\"\n}}\n",
            project::version()
        );
        assert_eq!(written, expected);
    }
}
