//! Server-sent events, read from bytes as they come: how they are cut into pieces on the way changes nothing.

/// One event. A block without data is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    pub id: Option<String>,
    /// `message` where none is named.
    pub kind: String,
    pub data: String,
}

#[derive(Debug, Default)]
pub struct Parser {
    line: Vec<u8>,
    /// A carriage return ended the last line: a line feed behind it belongs to it.
    after_return: bool,
    id: Option<String>,
    kind: String,
    data: Option<String>,
}

impl Parser {
    /// The events that these bytes complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        for &byte in bytes {
            let belongs = byte == b'\n' && std::mem::take(&mut self.after_return);
            match byte {
                b'\n' if belongs => {}
                b'\n' | b'\r' => {
                    self.after_return = byte == b'\r';
                    events.extend(self.end_line());
                }
                _ => {
                    self.after_return = false;
                    self.line.push(byte);
                }
            }
        }
        events
    }

    /// Whether nothing has begun that is not complete.
    pub fn is_between_events(&self) -> bool {
        self.line.is_empty() && self.data.is_none() && self.id.is_none() && self.kind.is_empty()
    }

    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        if line.is_empty() {
            return self.end_block();
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => self.id = Some(value.to_owned()),
            "event" => value.clone_into(&mut self.kind),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            // A comment, advice on reconnecting, or a field that nobody knows.
            _ => {}
        }
        None
    }

    fn end_block(&mut self) -> Option<Event> {
        let (id, mut kind) = (self.id.take(), std::mem::take(&mut self.kind));
        let data = self.data.take()?;
        if kind.is_empty() {
            "message".clone_into(&mut kind);
        }
        Some(Event { id, kind, data })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Event, Parser};

    fn whole(text: &str) -> Vec<Event> {
        Parser::default().feed(text.as_bytes())
    }

    #[test]
    fn an_event_has_its_three_fields() {
        let events = whole("retry: 2000\n\n: still here\n\nid: 7\nevent: finding\ndata: {\"a\":1}\n\ndata:x\n\n");
        assert_eq!(
            events,
            [
                Event { id: Some("7".into()), kind: "finding".into(), data: "{\"a\":1}".into() },
                Event { id: None, kind: "message".into(), data: "x".into() },
            ]
        );
    }

    #[test]
    fn lines_of_data_are_joined_and_every_line_end_is_read() {
        assert_eq!(whole("data: a\r\ndata: b\r\n\r\n")[0].data, "a\nb");
        assert_eq!(whole("data: a\r\rdata: b\r\r").len(), 2);
    }

    #[test]
    fn an_event_that_is_cut_off_is_none_and_shows() {
        let mut parser = Parser::default();
        assert_eq!(parser.feed(b"id: 3\nevent: ready\ndata: {"), []);
        assert!(!parser.is_between_events());
        assert_eq!(parser.feed(b"}\n\n").len(), 1);
        assert!(parser.is_between_events());
    }

    proptest! {
        #[test]
        fn how_the_bytes_are_cut_changes_nothing(
            blocks in prop::collection::vec(("[0-9]{1,4}", "[a-z]{1,9}", "[^\r\n]{1,40}"), 0..6),
            end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
            cuts in prop::collection::vec(1_usize..7, 1..60),
        ) {
            let write = |(id, kind, data): &(String, String, String)| {
                format!("id: {id}{end}event: {kind}{end}data: {data}{end}{end}")
            };
            let text = blocks.iter().map(write).collect::<Vec<_>>().concat();
            let expected: Vec<Event> = blocks
                .iter()
                .map(|(id, kind, data)| Event { id: Some(id.clone()), kind: kind.clone(), data: data.clone() })
                .collect();
            prop_assert_eq!(whole(&text), expected.clone());
            let (mut parser, mut heard, mut rest) = (Parser::default(), Vec::new(), text.as_bytes());
            for cut in cuts.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (piece, after) = rest.split_at((*cut).min(rest.len()));
                heard.extend(parser.feed(piece));
                rest = after;
            }
            prop_assert_eq!(heard, expected);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            Parser::default().feed(&bytes);
        }
    }
}
