//! Renders the documentation to pages that the sandbox portal serves under `/docs/`, in the folders of their sources.
//!
//! What is written is text: HTML in a source is shown as it is typed, comments are left out, and links lead to other pages
//! or by HTTPS elsewhere.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use anyhow::Result;
use fs_err as fs;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use crate::project;

/// Where a reader begins.
const FIRST: &str = "docs/README.md";
/// The pages beside those in `docs/`.
const OTHERS: [&str; 6] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "npm/README.md",
    "tests/portal/README.md",
];

/// Writes every page to `target/docs`.
pub fn render() -> Result<()> {
    let root = project::root();
    let mut sources: BTreeSet<PathBuf> = OTHERS.iter().map(PathBuf::from).collect();
    collect(&root, Path::new("docs"), &mut sources)?;
    let folder = project::docs();
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    for source in &sources {
        let text = fs::read_to_string(root.join(source))?;
        let page = folder.join(source).with_extension("html");
        if let Some(parent) = page.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(page, in_html(source, &text, &sources))?;
    }
    Ok(())
}

/// Every Markdown file below a folder of the project.
fn collect(root: &Path, folder: &Path, sources: &mut BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            collect(root, &path, sources)?;
        } else if path.extension().is_some_and(|ending| ending == "md") {
            sources.insert(path);
        }
    }
    Ok(())
}

fn in_html(source: &Path, text: &str, sources: &BTreeSet<PathBuf>) -> String {
    let mut events: Vec<Event> = Vec::new();
    let mut title = String::new();
    // Where the heading that is being read began, and its words.
    let mut heading: Option<(usize, String)> = None;
    // Links that are open: whether each leads somewhere.
    let mut links: Vec<bool> = Vec::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        let event = match event {
            Event::Html(typed) | Event::InlineHtml(typed) => {
                if typed.trim_start().starts_with("<!--") {
                    continue;
                }
                Event::Text(typed)
            }
            Event::Start(Tag::Heading { .. }) => {
                heading = Some((events.len(), String::new()));
                event
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((began, words)) = heading.take() {
                    if let Some(Event::Start(Tag::Heading { id, .. })) = events.get_mut(began) {
                        *id = Some(anchor(&words).into());
                    }
                    if title.is_empty() {
                        title = words;
                    }
                }
                event
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                let led = target(source, &dest_url, sources);
                links.push(led.is_some());
                let Some(led) = led else { continue };
                Event::Start(Tag::Link {
                    link_type,
                    dest_url: CowStr::from(led),
                    title,
                    id,
                })
            }
            Event::End(TagEnd::Link) if links.pop() == Some(false) => continue,
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => continue,
            other => other,
        };
        if let (Some((_, words)), Event::Text(said) | Event::Code(said)) = (&mut heading, &event) {
            words.push_str(said);
        }
        events.push(event);
    }
    let mut body = String::new();
    html::push_html(&mut body, events.into_iter());
    let mut escaped = String::new();
    html::push_html(&mut escaped, std::iter::once(Event::Text(title.into())));
    page(source, &escaped, &body)
}

/// Where a link leads: inside the page, to another page, by HTTPS elsewhere. To a file that is no page it leads nowhere.
fn target(source: &Path, link: &str, sources: &BTreeSet<PathBuf>) -> Option<String> {
    if link.starts_with('#') || link.starts_with("https://") {
        return Some(link.to_owned());
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let folder = source.parent().unwrap_or(Path::new(""));
    let mut file = PathBuf::new();
    for step in folder.join(path).components() {
        match step {
            Component::Normal(name) => file.push(name),
            Component::ParentDir => {
                file.pop();
            }
            _ => {}
        }
    }
    sources.contains(&file).then(|| {
        let page = format!("/docs/{}", file.with_extension("html").display());
        if anchor.is_empty() {
            page
        } else {
            format!("{page}#{anchor}")
        }
    })
}

/// The name of a heading, as GitHub makes it.
fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_'))
        .map(|sign| if sign == ' ' { '-' } else { sign })
        .collect()
}

fn page(source: &Path, title: &str, body: &str) -> String {
    let home = Path::new(FIRST).with_extension("html");
    let here = source.display();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <link rel=\"stylesheet\" href=\"/portal.css\">\n<link rel=\"stylesheet\" href=\"/reading.css\">\n</head>\n<body>\n\
         <nav><a href=\"/docs/{}\">Documentation</a> <a href=\"/\">Sandbox portal</a> <span>{here}</span></nav>\n\
         <article>\n{body}</article>\n</body>\n</html>\n",
        home.display()
    )
}

#[cfg(test)]
mod tests {
    use super::{anchor, in_html, target};
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    fn sources() -> BTreeSet<PathBuf> {
        BTreeSet::from(["docs/README.md".into(), "npm/README.md".into()])
    }

    fn led(link: &str) -> Option<String> {
        target(Path::new("docs/README.md"), link, &sources())
    }

    #[test]
    fn links_lead_to_pages_or_by_https_elsewhere_and_nowhere_else() {
        assert_eq!(led("#what").as_deref(), Some("#what"));
        assert_eq!(
            led("../npm/README.md#quick-start").as_deref(),
            Some("/docs/npm/README.html#quick-start")
        );
        assert_eq!(
            led("https://example.com/").as_deref(),
            Some("https://example.com/")
        );
        for link in ["javascript:alert(1)", "../src/lib.rs", "data:text/html,x"] {
            assert_eq!(led(link), None, "{link}");
        }
    }

    #[test]
    fn html_is_text_and_comments_are_left_out() {
        let text = "# A & `b`\n\n<img src=x onerror=1>\n\n<!-- mark -->\n\nsome <b>bold</b>\n";
        let page = in_html(Path::new("docs/README.md"), text, &sources());
        assert!(page.contains("&lt;img src=x onerror=1&gt;"), "{page}");
        assert!(page.contains("&lt;b&gt;bold&lt;/b&gt;"), "{page}");
        assert!(page.contains("<title>A &amp; b</title>"), "{page}");
        assert!(page.contains("<h1 id=\"a--b\">"), "{page}");
        assert!(!page.contains("mark"), "{page}");
    }

    #[test]
    fn the_first_heading_is_the_title_and_a_link_to_nowhere_is_its_words() {
        let text =
            "# First\n\n## Second\n\n[here](../src/lib.rs) and [there](https://example.com/)\n";
        let page = in_html(Path::new("docs/README.md"), text, &sources());
        assert!(page.contains("<title>First</title>"), "{page}");
        let said = "<p>here and <a href=\"https://example.com/\">there</a></p>";
        assert!(page.contains(said), "{page}");
    }

    #[test]
    fn headings_are_named_as_github_names_them() {
        assert_eq!(anchor("What it's not: `x`"), "what-its-not-x");
        assert_eq!(anchor("A by-word, B_2"), "a-by-word-b_2");
    }
}
