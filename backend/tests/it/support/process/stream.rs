//! A reader of a report's event stream, as a browser reads it.

use std::time::Duration;

use reqwest::Response;
use serde_json::Value;

use super::Server;
use super::buyer::Bought;

const PATIENCE: Duration = Duration::from_mins(1);

pub struct Stream {
    response: Response,
    text: String,
}

/// One event. `reconnect` has no id: it is no part of the report's history.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    pub id: Option<i64>,
    pub kind: String,
    pub data: Value,
}

impl Server {
    /// Opens the stream, behind the last event that was seen.
    pub async fn follow(&self, bought: &Bought, last: Option<i64>) -> Stream {
        let mut request = self.get(&format!("/api/v1/reports/{}/events", bought.report)).bearer_auth(&bought.token);
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Stream { response, text: String::new() }
    }
}

impl Stream {
    /// The next event; none at the clean end of the stream.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            while let Some(end) = self.text.find("\n\n") {
                let frame: String = self.text.drain(..end + 2).collect();
                if let Some(heard) = read(&frame) {
                    return Some(heard);
                }
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await.expect("the stream goes on");
            let chunk = chunk.expect("the stream does not break")?;
            self.text.push_str(std::str::from_utf8(&chunk).expect("whole letters"));
        }
    }

    /// Everything up to the clean end.
    pub async fn rest(mut self) -> Vec<Heard> {
        let mut all = Vec::new();
        while let Some(heard) = self.next().await {
            all.push(heard);
        }
        assert_eq!(self.text, "", "the stream ends between two events");
        all
    }
}

/// None for comments and for the advice on reconnecting.
fn read(frame: &str) -> Option<Heard> {
    let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let data = field("data")?;
    Some(Heard {
        id: field("id").map(|id| id.parse().expect("a number")),
        kind: field("event").expect("a kind").to_owned(),
        data: serde_json::from_str(data).expect("JSON"),
    })
}
