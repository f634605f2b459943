//! Rust, cut into words and signs with their lines; comments and literals are left out, so that a rule sees code only.

/// A word (identifier, keyword, number), `::`, or one other sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub line: usize,
    pub text: String,
}

pub fn tokens(source: &str) -> Vec<Token> {
    let mut cutter = Cutter { chars: source.chars().collect(), at: 0, line: 1, found: Vec::new() };
    cutter.cut();
    cutter.found
}

/// Where `words` stand one after the other: the index of the first of them.
pub fn runs<'a>(tokens: &'a [Token], words: &'a [&'a str]) -> impl Iterator<Item = usize> + 'a {
    tokens
        .windows(words.len())
        .enumerate()
        .filter(move |(_, window)| window.iter().zip(words).all(|(token, word)| token.text == *word))
        .map(|(index, _)| index)
}

/// Where the tests of a file begin: by custom they are its last module, or a file of their own.
pub fn tests_start(path: &str, code: &[Token]) -> usize {
    if path.contains("/tests/") || path.ends_with("/tests.rs") {
        return 0;
    }
    runs(code, &["#", "[", "cfg", "(", "test", ")", "]", "mod"]).next().unwrap_or(code.len())
}

struct Cutter {
    chars: Vec<char>,
    at: usize,
    line: usize,
    found: Vec<Token>,
}

impl Cutter {
    fn cut(&mut self) {
        while let Some(sign) = self.peek(0) {
            match sign {
                '/' if self.peek(1) == Some('/') => self.skip_while(|next| next != '\n'),
                '/' if self.peek(1) == Some('*') => self.skip_comment(),
                '"' => self.skip_string(),
                '\'' => self.skip_character_or_lifetime(),
                'r' | 'b' | 'c' if self.starts_literal() => self.skip_prefixed(),
                _ if sign.is_alphanumeric() || sign == '_' => self.take_word(),
                ':' if self.peek(1) == Some(':') => {
                    self.push("::");
                    self.advance(2);
                }
                _ if sign.is_whitespace() => self.advance(1),
                _ => {
                    self.push(&sign.to_string());
                    self.advance(1);
                }
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn advance(&mut self, by: usize) {
        for _ in 0..by {
            if self.peek(0) == Some('\n') {
                self.line += 1;
            }
            self.at += 1;
        }
    }

    fn push(&mut self, text: &str) {
        self.found.push(Token { line: self.line, text: text.into() });
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&wanted) {
            self.advance(1);
        }
    }

    fn take_word(&mut self) {
        let start = self.at;
        self.skip_while(|next| next.is_alphanumeric() || next == '_');
        let word: String = self.chars[start..self.at].iter().collect();
        self.push(&word);
    }

    fn skip_comment(&mut self) {
        let mut depth = 0;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => {
                    depth += 1;
                    self.advance(2);
                }
                (Some('*'), Some('/')) => {
                    depth -= 1;
                    self.advance(2);
                    if depth == 0 {
                        return;
                    }
                }
                (Some(_), _) => self.advance(1),
                (None, _) => return,
            }
        }
    }

    fn skip_string(&mut self) {
        self.advance(1);
        while let Some(next) = self.peek(0) {
            self.advance(if next == '\\' { 2 } else { 1 });
            if next == '"' {
                return;
            }
        }
    }

    /// `'a'` and `'\n'` are literals, `'a` is a lifetime.
    fn skip_character_or_lifetime(&mut self) {
        if self.peek(1) == Some('\\') {
            self.advance(3);
            self.skip_while(|next| next != '\'');
            self.advance(1);
        } else if self.peek(2) == Some('\'') {
            self.advance(3);
        } else {
            self.advance(1);
            self.skip_while(|next| next.is_alphanumeric() || next == '_');
        }
    }

    /// `r"`, `r#"`, `b"`, `b'`, `br#"`, `c"`: a literal and not a word such as `r#type` or `result`.
    fn starts_literal(&self) -> bool {
        let mut ahead = 1;
        if self.peek(0) != Some('r') && self.peek(1) == Some('r') {
            ahead = 2;
        }
        let marks = self.marks(ahead);
        let is_byte = self.peek(0) == Some('b') && self.peek(1) == Some('\'');
        let is_raw = self.peek(ahead - 1) == Some('r');
        is_byte || (self.peek(ahead + marks) == Some('"') && (is_raw || marks == 0))
    }

    /// How many `#` stand in a row.
    fn marks(&self, ahead: usize) -> usize {
        self.chars[self.at..].iter().skip(ahead).take_while(|sign| **sign == '#').count()
    }

    fn skip_prefixed(&mut self) {
        let mut is_raw = false;
        while let Some(letter @ ('r' | 'b' | 'c')) = self.peek(0) {
            is_raw |= letter == 'r';
            self.advance(1);
        }
        if !is_raw {
            return if self.peek(0) == Some('\'') { self.skip_character_or_lifetime() } else { self.skip_string() };
        }
        let marks = self.marks(0);
        self.advance(marks + 1);
        while self.peek(0).is_some() {
            let closes = self.peek(0) == Some('"') && (1..=marks).all(|ahead| self.peek(ahead) == Some('#'));
            self.advance(1);
            if closes {
                self.advance(marks);
                return;
            }
        }
    }
}

#[test]
fn comments_and_literals_are_not_code() {
    let source = "// poem::a\n/* poem /* nested */ poem */ \"poem\\\"\" r#\"poem\"# b\"poem\" 'p' '\\'' b'\\'' x::y\n'life fn r#type";
    let found = tokens(source);
    let words: Vec<&str> = found.iter().map(|token| token.text.as_str()).collect();
    assert_eq!(words, ["x", "::", "y", "fn", "r", "#", "type"]);
    assert_eq!((found[0].line, found[3].line), (2, 3));
}

#[test]
fn a_run_is_found_where_it_starts() {
    let found = tokens("a::b(#[ignore])");
    assert_eq!(runs(&found, &["#", "[", "ignore"]).collect::<Vec<_>>(), [4]);
}
