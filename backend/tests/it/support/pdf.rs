//! A PDF, read back.

use lopdf::Document;

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
