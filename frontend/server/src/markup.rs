//! Reads a document's tags, as far as the server must know them: what is inline, and which files it names.
//!
//! The documents are our own build's, so this is no parser for any HTML; but an attribute's text or a comment that looks
//! like a tag does not deceive it.

use std::ops::Range;

/// Elements whose content is text, whatever it looks like.
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];

#[derive(Debug)]
pub(crate) struct Element<'a> {
    /// In lower case.
    pub(crate) name: String,
    attributes: Vec<(String, &'a str)>,
    /// Where the content stands, of an element that holds text alone; empty for any other.
    pub(crate) content: Range<usize>,
}

impl Element<'_> {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }
}

/// Every element, in the order of its opening tags.
pub(crate) fn elements(html: &str) -> Vec<Element<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|offset| at + offset) {
        let rest = &html[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            at = comment.find("-->").map_or(html.len(), |end| open + "<!--".len() + end + "-->".len());
        } else if rest[1..].starts_with(|sign: char| sign.is_ascii_alphabetic()) {
            let mut element = tag(html, open + 1);
            at = element.content.start;
            if RAW.contains(&element.name.as_str()) {
                element.content.end = closing(html, at, &element.name);
                at = element.content.end;
            }
            found.push(element);
        } else {
            at = open + 1;
        }
    }
    found
}

/// The tag whose name begins here; its content is empty and stands behind the tag.
fn tag(html: &str, start: usize) -> Element<'_> {
    let ends_name = |sign: char| sign.is_ascii_whitespace() || matches!(sign, '/' | '>');
    let mut at = html[start..].find(ends_name).map_or(html.len(), |length| start + length);
    let name = html[start..at].to_ascii_lowercase();
    let mut attributes = Vec::new();
    loop {
        let rest = html[at..].trim_start_matches(|sign: char| sign.is_ascii_whitespace() || sign == '/');
        at = html.len() - rest.len();
        if rest.is_empty() {
            break;
        }
        if rest.starts_with('>') {
            at += 1;
            break;
        }
        // At least one sign, so that every turn gets further.
        let mut signs = rest.char_indices().skip(1);
        let length = signs.find(|(_, sign)| ends_name(*sign) || *sign == '=').map_or(rest.len(), |(end, _)| end);
        let attribute = rest[..length].to_ascii_lowercase();
        let after = rest[length..].trim_start();
        let Some(value) = after.strip_prefix('=') else {
            attributes.push((attribute, ""));
            at += length;
            continue;
        };
        let value = value.trim_start();
        let (value, rest) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value
                .split_at(value.find(|sign: char| sign.is_ascii_whitespace() || sign == '>').unwrap_or(value.len())),
        };
        attributes.push((attribute, value));
        at = html.len() - rest.len();
    }
    Element { name, attributes, content: at..at }
}

/// Where the content ends: at `</name`, or with the document.
fn closing(html: &str, start: usize, name: &str) -> usize {
    let mut ends = html[start..].match_indices("</").map(|(offset, _)| start + offset);
    let closes = |end: &usize| html[end + 2..].get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name));
    ends.find(closes).unwrap_or(html.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(html: &str, name: &str) -> Vec<String> {
        elements(html).iter().filter(|one| one.name == name).map(|one| html[one.content.clone()].to_owned()).collect()
    }

    #[test]
    fn content_is_taken_to_the_letter() {
        let html = "<!doctype html><STYLE media=\"print\">\n a > b {}\n</STYLE><script>if (a<b) x='</div>'</Script >";
        assert_eq!(contents(html, "style"), ["\n a > b {}\n"]);
        assert_eq!(contents(html, "script"), ["if (a<b) x='</div>'"]);
    }

    #[test]
    fn what_looks_like_a_tag_is_none() {
        let html = "<!-- <script>1</script> --><p title=\"<script>2</script>\">1 < 2</p><title><script>3</script></title>\
                    <script>4</script><!-- <script>5</script>";
        assert_eq!(contents(html, "script"), ["4"]);
    }

    #[test]
    fn attributes_are_read_however_they_are_written() {
        let html = "<script  TYPE = 'module' src=/assets/a.js crossorigin data-x=\"a>b\" async/><img src=x>";
        let found = elements(html);
        let script = &found[0];
        assert_eq!(script.attribute("type"), Some("module"));
        assert_eq!(script.attribute("src"), Some("/assets/a.js"));
        assert_eq!(script.attribute("crossorigin"), Some(""));
        assert_eq!(script.attribute("data-x"), Some("a>b"));
        assert_eq!(script.attribute("async"), Some(""));
        assert_eq!(script.attribute("id"), None);
    }

    #[test]
    fn a_broken_document_ends_all_the_same() {
        for html in
            ["<", "<script", "<script ", "<script a", "<script a=", "<script a='", "<script>é", "<!--", "<p é=ü", "</"]
        {
            assert!(elements(html).len() <= 1, "{html}");
        }
    }
}
