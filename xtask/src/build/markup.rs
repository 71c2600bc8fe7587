//! Documents and markup as they are laid: without what only a reader of the sources needs.

/// Markup without comments and indentation. A line that ends or begins with a tag needs no space there; one within a line is kept.
pub fn compact(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n").replace(">\n<", "><")
}

/// What can be seen before the words of a language are there, or where they do not come.
const SEEN_WITHOUT_WORDS: [&str; 4] = ["page.title", "list.loading", "list.slow", "list.reload"];

/// Markup without the English that the words of a language replace before anybody sees it.
pub fn without_words(html: &str) -> String {
    let mut kept = String::new();
    let mut is_replaced = false;
    for part in html.split_inclusive('>') {
        let (text, tag) = part.split_at(part.find('<').unwrap_or(part.len()));
        if !is_replaced {
            kept.push_str(text);
        }
        is_replaced =
            attribute(tag, "data-word").is_some_and(|key| !SEEN_WITHOUT_WORDS.contains(&key));
        let mut tag = tag.to_owned();
        for (key, name) in [
            ("data-word-label", "aria-label"),
            ("data-word-placeholder", "placeholder"),
        ] {
            let Some(value) = attribute(&tag, key).and_then(|_| attribute(&tag, name)) else {
                continue;
            };
            tag = tag.replace(&format!(" {name}=\"{value}\""), "");
        }
        kept.push_str(&tag);
    }
    kept
}

/// Markup without the names of what ends, which its reader (`www/furnished.js`) does not need.
pub fn without_ends(html: &str) -> String {
    let mut parts = html.split("</");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str("</");
        kept.push_str(
            part.get(part.find('>').unwrap_or_default()..)
                .unwrap_or_default(),
        );
    }
    kept
}

/// The value of an attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    value.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::{compact, without_ends, without_words};

    #[test]
    fn what_the_words_replace_is_left_out_and_what_is_seen_without_them_stays() {
        let html = r#"<h1 data-word="page.title">Payments</h1> <p data-word="none.text">No <b aria-label="x">payments</b></p>
<input data-word-placeholder="a" placeholder="Number"> <i data-word-label="b" aria-label="Details"></i>"#;
        let left = r#"<h1 data-word="page.title">Payments</h1> <p data-word="none.text"><b aria-label="x">payments</b></p>
<input data-word-placeholder="a"> <i data-word-label="b"></i>"#;
        assert_eq!(without_words(html), left);
    }

    #[test]
    fn until_the_words_come_the_page_says_what_it_is_and_that_it_loads() {
        let said = ["page.title", "list.loading", "list.slow", "list.reload"]
            .map(|key| format!(r#"<p data-word="{key}">Said</p>"#));
        assert_eq!(without_words(&said.concat()), said.concat());
    }

    #[test]
    fn what_ends_is_not_named() {
        let html = "<p>a <b>c</b><input> <svg><path/></svg></p>";
        assert_eq!(without_ends(html), "<p>a <b>c</><input> <svg><path/></></>");
    }

    #[test]
    fn markup_keeps_its_spaces_and_loses_indentation_and_comments() {
        let html = "<!-- what\n it is -->\n<p>\n  a <b>c</b> <i>d</i>\n\n</p><!-- end -->\n<p>\n  <b>e</b>\n</p>\n";
        assert_eq!(compact(html), "<p>\na <b>c</b> <i>d</i></p><p><b>e</b></p>");
    }
}
