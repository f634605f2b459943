//! A PDF, read back.

use lopdf::{Document, Object};

pub struct Read {
    pub pages: usize,
    /// Of all pages, without white space and soft breaks: a PDF keeps those only by position.
    pub text: String,
    pub file: Document,
}

pub fn read(bytes: &[u8]) -> Read {
    let file = Document::load_mem(bytes).expect("a PDF");
    let numbers: Vec<u32> = file.get_pages().keys().copied().collect();
    let text = file.extract_text(&numbers).expect("text");
    Read { pages: numbers.len(), text: squeezed(&text), file }
}

pub fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace() && *character != '\u{200b}').collect()
}

/// Everything in the file that a reader's program would do by itself or on a click, by its name.
pub fn active(file: &Document) -> Vec<String> {
    let mut found = Vec::new();
    let suspicious =
        [&b"JS"[..], b"JavaScript", b"Launch", b"URI", b"OpenAction", b"AA", b"EmbeddedFile", b"GoToR", b"SubmitForm"];
    for object in file.objects.values() {
        let dictionary = match object {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &stream.dict,
            _ => continue,
        };
        for (key, value) in dictionary {
            let names = [Some(key.as_slice()), value.as_name().ok()];
            found.extend(
                names
                    .into_iter()
                    .flatten()
                    .filter(|name| suspicious.contains(name))
                    .map(|name| String::from_utf8_lossy(name).into_owned()),
            );
        }
    }
    found
}
