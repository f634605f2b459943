//! What one followed stream has told: whether its numbers rise without a gap, and how it ended.

use crate::sse::Event;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The history goes on.
    More,
    Ready,
    Failed,
    /// The server leaves and asks to be asked again.
    Reconnect,
}

/// One stream over all its connections.
#[derive(Debug, Default)]
pub struct Tape {
    last: u64,
    heard: u64,
    faults: u64,
    first_fault: Option<String>,
    has_ended: bool,
}

impl Tape {
    pub fn hear(&mut self, event: &Event) -> Told {
        if event.kind == "reconnect" {
            return Told::Reconnect;
        }
        self.heard += 1;
        if self.has_ended {
            self.fault(format!("{} {:?} came behind the end", event.kind, event.id));
        }
        match event.id.as_deref().map(str::parse::<u64>) {
            Some(Ok(id)) if id == self.last + 1 => self.last = id,
            Some(Ok(id)) if id <= self.last => self.fault(format!("event {id} came again behind {}", self.last)),
            Some(Ok(id)) => {
                self.fault(format!("event {id} came behind {}: some are missing", self.last));
                self.last = id;
            }
            _ => self.fault(format!("a {} event has the number {:?}", event.kind, event.id)),
        }
        match event.kind.as_str() {
            "ready" | "failed" => {
                self.has_ended = true;
                if event.kind == "ready" { Told::Ready } else { Told::Failed }
            }
            _ => Told::More,
        }
    }

    /// The last number, for `Last-Event-ID`.
    pub const fn last(&self) -> u64 {
        self.last
    }

    /// Events so far.
    pub const fn heard(&self) -> u64 {
        self.heard
    }

    /// How many events broke the order, and the first of them in words.
    pub fn faults(&self) -> (u64, Option<&str>) {
        (self.faults, self.first_fault.as_deref())
    }

    fn fault(&mut self, words: String) {
        self.faults += 1;
        self.first_fault.get_or_insert(words);
    }
}

#[cfg(test)]
mod tests {
    use super::{Tape, Told};
    use crate::sse::Event;

    fn event(id: &str, kind: &str) -> Event {
        Event { id: (!id.is_empty()).then(|| id.to_owned()), kind: kind.to_owned(), data: "{}".to_owned() }
    }

    fn tell(ids: &[&str]) -> (u64, u64) {
        let mut tape = Tape::default();
        for id in ids {
            tape.hear(&event(id, "progress"));
        }
        (tape.faults().0, tape.last())
    }

    #[test]
    fn numbers_rise_by_one_from_one() {
        assert_eq!(tell(&["1", "2", "3"]), (0, 3));
        assert_eq!(tell(&["2", "3"]), (1, 3), "the first is missing");
        assert_eq!(tell(&["1", "3", "4"]), (1, 4), "a gap is one fault");
        assert_eq!(tell(&["1", "2", "2", "3"]), (1, 3), "one came twice");
        assert_eq!(tell(&["1", "2", "1", "2", "3"]), (2, 3), "a reconnect began anew");
        assert_eq!(tell(&["1", "x", ""]), (2, 1), "no numbers");
    }

    #[test]
    fn the_end_is_told_once() {
        let mut tape = Tape::default();
        assert_eq!(tape.hear(&event("1", "progress")), Told::More);
        assert_eq!(tape.hear(&event("", "reconnect")), Told::Reconnect);
        assert_eq!(tape.hear(&event("2", "ready")), Told::Ready);
        assert_eq!(tape.faults().0, 0);
        tape.hear(&event("3", "progress"));
        assert!(tape.faults().1.expect("a fault").contains("behind the end"));
    }
}
