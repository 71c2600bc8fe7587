//! What a page must keep when a portal serves it: it may lie in any folder, and nobody sends a header of ours with it.
//! The build stops where it does not, since a portal's operator would be the first to notice.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::upload::Files;
use crate::project;

/// Where `BX24` comes from: the only address outside that a page may name.
const BX24: &str = "https://api.bitrix24.com";

/// What the names of namespaces begin with; nobody is asked there.
const NAMESPACE: &str = "http://www.w3.org/";

/// The content security policy stands in the page. `frame-ancestors` is not in it: browsers take that rule from a header
/// only, so an uploaded page is kept from strange frames by the portal that serves it, or not at all.
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"";

/// Refuses files of which an uploaded app could not live.
pub fn check(files: &Files) -> Result<()> {
    ensure!(files.contains_key("index.html"), "there is no index.html");
    for (name, bytes) in files {
        let text = str::from_utf8(bytes).with_context(|| format!("{name} is not a text"))?;
        addresses(text).with_context(|| name.clone())?;
        machine(text).with_context(|| name.clone())?;
        if Path::new(name)
            .extension()
            .is_some_and(|kind| kind == "html")
        {
            policy(text).with_context(|| name.clone())?;
        }
    }
    Ok(())
}

/// Every address is relative to the file that names it, but for the one of `BX24` and the names of namespaces.
fn addresses(text: &str) -> Result<()> {
    for scheme in ["http://", "https://"] {
        for (at, _) in text.match_indices(scheme) {
            let address = text.get(at..).unwrap_or_default();
            let end = address.find(|sign: char| sign.is_whitespace() || "\"'`<>;)".contains(sign));
            let address = address
                .get(..end.unwrap_or(address.len()))
                .unwrap_or(address);
            // A bare scheme or one before `${` is put together with a portal's name while the page runs.
            let host = address.strip_prefix(scheme).unwrap_or_default();
            let is_named = host.starts_with(|sign: char| sign.is_alphanumeric());
            let is_bx24 = address == BX24 || address.starts_with(&format!("{BX24}/"));
            let is_allowed = is_bx24 || address.starts_with(NAMESPACE);
            ensure!(!is_named || is_allowed, "names the address {address}");
        }
    }
    for rooted in [
        "src=\"/",
        "href=\"/",
        "url(/",
        "url(\"/",
        "from\"/",
        "from \"/",
        "import(\"/",
    ] {
        ensure!(
            !text.contains(rooted),
            "has an address that begins at the host: {rooted}"
        );
    }
    Ok(())
}

fn machine(text: &str) -> Result<()> {
    for place in [project::root(), project::target()] {
        let place = place.display();
        // With the sign after it: a folder such as `/app` begins the name of `/app.js`.
        ensure!(
            !text.contains(&format!("{place}/")),
            "names the folder {place}"
        );
    }
    Ok(())
}

/// A policy in the page binds only what comes after it, so it precedes whatever could run or load.
fn policy(html: &str) -> Result<()> {
    let Some((before, after)) = html.split_once(POLICY) else {
        bail!("has no content security policy");
    };
    for early in ["<script", "<link", "<style", "<base"] {
        ensure!(!before.contains(early), "has a {early}> before its policy");
    }
    let rules = after.split('"').next().unwrap_or_default();
    for rule in ["default-src 'none'", "'wasm-unsafe-eval'", BX24] {
        ensure!(rules.contains(rule), "has a policy without {rule}");
    }
    ensure!(
        !rules.contains("frame-ancestors"),
        "has frame-ancestors in its policy, where no browser reads it"
    );
    ensure!(
        html.contains(&format!("src=\"{BX24}/api/v1/\"")),
        "does not load BX24"
    );
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::{Files, check, project};
    use crate::build::upload;

    /// Its sources; what stands in the element's shadow is no document.
    fn page() -> Files {
        let mut files = upload::files(&project::root().join("www")).unwrap();
        files.remove("element.html").unwrap();
        files
    }

    /// The page with one text in place of another in one of its files.
    #[track_caller]
    fn refused(name: &str, from: &str, to: &str) -> String {
        let mut files = page();
        let text = files.get_mut(name).unwrap();
        let changed = String::from_utf8(text.clone())
            .unwrap()
            .replacen(from, to, 1);
        assert_ne!(changed.as_bytes(), text, "{from} is not in {name}");
        *text = changed.into_bytes();
        format!("{:#}", check(&files).unwrap_err())
    }

    #[test]
    fn the_page_as_it_is_may_be_uploaded() {
        check(&page()).unwrap();
    }

    #[test]
    fn a_page_without_an_index_is_none() {
        let mut files = page();
        files.remove("index.html");
        assert_eq!(
            check(&files).unwrap_err().to_string(),
            "there is no index.html"
        );
    }

    #[test]
    fn no_address_but_that_of_bx24_is_named() {
        let font = "@import \"https://fonts.example/a.css\";\n@media";
        assert_eq!(
            refused("style.css", "@media", font),
            "style.css: names the address https://fonts.example/a.css"
        );
        let near = refused(
            "app.js",
            "import",
            "// https://api.bitrix24.com.example/\nimport",
        );
        assert_eq!(
            near,
            "app.js: names the address https://api.bitrix24.com.example/"
        );
    }

    #[test]
    fn no_address_begins_at_the_host() {
        let rooted = refused("index.html", "href=\"ground.css\"", "href=\"/ground.css\"");
        assert_eq!(
            rooted,
            "index.html: has an address that begins at the host: href=\"/"
        );
        let module = refused("app.js", "from \"./", "from \"/");
        assert_eq!(
            module,
            "app.js: has an address that begins at the host: from \"/"
        );
    }

    #[test]
    fn no_folder_of_the_machine_is_named() {
        let folder = project::root().display().to_string();
        let told = refused("app.js", "import", &format!("// {folder}/a\nimport"));
        assert_eq!(told, format!("app.js: names the folder {folder}"));
    }

    #[test]
    fn the_policy_precedes_every_script_and_lets_the_module_run() {
        let meta = "<meta http-equiv";
        for (from, to, told) in [
            (
                meta,
                "<script src=\"early.js\"></script><meta http-equiv",
                "has a <script> before its policy",
            ),
            (
                meta,
                "<base target=\"_top\"><meta http-equiv",
                "has a <base> before its policy",
            ),
            (meta, "<meta name", "has no content security policy"),
            (
                " 'wasm-unsafe-eval'",
                "",
                "has a policy without 'wasm-unsafe-eval'",
            ),
            (
                "default-src 'none'",
                "default-src *",
                "has a policy without default-src 'none'",
            ),
            (
                "base-uri 'none'",
                "frame-ancestors 'none'",
                "has frame-ancestors in its policy, where no browser reads it",
            ),
            (
                "src=\"https://api.bitrix24.com/api/v1/\"",
                "src=\"bx24.js\"",
                "does not load BX24",
            ),
        ] {
            assert_eq!(
                refused("index.html", from, to),
                format!("index.html: {told}")
            );
        }
    }
}
