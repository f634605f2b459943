//! A report's event stream, followed to its end: forced breaks, reconnecting, silence, and an end that never comes.

use std::time::{Duration, Instant};

use rand::Rng as _;
use reqwest::{Method, Response};
use serde_json::Value;

use crate::caller::{Call, Expect, Row};
use crate::ledger::{End, Followed, Made};
use crate::sse::Parser;
use crate::tape::{Tape, Told};
use crate::visit::{Step, Stop, Visit};
use crate::world::Bought;

/// As a browser does after a break.
const BEFORE_RECONNECT: Duration = Duration::from_millis(200);
/// Breaks that nobody asked for.
const MOST_BREAKS: u32 = 5;
/// The last bytes behind the end.
const FAREWELL: Duration = Duration::from_secs(2);
/// How often the report is asked when the stream tells nothing any more.
const ASKED_AGAIN: Duration = Duration::from_secs(1);

/// How a connection came to its end.
enum Break {
    Told(End, Instant),
    /// Our own doing, or the server's wish.
    Reconnect,
    /// It broke off.
    Broken(String),
    /// It ended as if all were said.
    Cut,
    /// Nothing came for long.
    Silent,
    /// Our patience is at its end.
    Over,
}

/// The end of the report, and when the stream told it; none where the end never came.
pub async fn follow(visit: &mut Visit<'_>, bought: &Bought, until: Instant) -> Step<Option<(End, Option<Instant>)>> {
    let begun = Instant::now();
    let mut stream = Following::new(visit);
    let before = visit.effort();
    // A stream that cannot be opened has not told an end either; the book has why.
    let told = stream.run(visit, bought, until).await.unwrap_or(None);
    visit.waited_since(before, begun.elapsed());
    let (sequence_faults, words) = stream.tape.faults();
    let ledger = &visit.world.ledger;
    if let Some(words) = words {
        ledger.fault("sequence", format!("report {}: {words}", bought.report));
    }
    ledger.followed(Followed { has_ended: told.is_some(), reconnects: stream.reconnects, sequence_faults });
    let (name, is_expected) = ("report_follow:events", told.is_some());
    let took = told.map_or_else(Instant::now, |(_, at)| at).saturating_duration_since(begun);
    ledger.note(Made { name, status: Some(200), is_expected: true, body_bytes: stream.bytes, took });
    let row = Row { method: Method::GET, name: name.to_owned(), took, status: Some(200), is_expected };
    visit.tell_goose(&row).await;
    if let Some((end, at)) = told {
        return Ok(Some((end, Some(at))));
    }
    // The stream is lost; whether the report is, only the report can tell.
    Ok(ask_until(visit, bought, until).await?.map(|end| (end, None)))
}

struct Following {
    tape: Tape,
    reconnects: u64,
    bytes: u64,
    /// The connection is broken on purpose behind this many events.
    cut_after: Option<u64>,
}

impl Following {
    fn new(visit: &mut Visit<'_>) -> Self {
        let is_cut = visit.dice.random_bool(visit.world.profile.forced_reconnects);
        let cut_after = is_cut.then(|| visit.dice.random_range(1..=6));
        Self { tape: Tape::default(), reconnects: 0, bytes: 0, cut_after }
    }

    /// None where the stream ended, or our patience, without the end of the report.
    async fn run(&mut self, visit: &mut Visit<'_>, bought: &Bought, until: Instant) -> Step<Option<(End, Instant)>> {
        let mut breaks = 0;
        while Instant::now() < until {
            let last = self.tape.last();
            let mut call =
                Call::new("report_follow", Expect::Status(200)).at("id", &bought.report).token(&bought.token);
            if last > 0 {
                call = call.header("last-event-id", last.to_string());
            }
            let ended = match visit.open(call).await {
                Ok(response) => self.listen(visit, bought, response, until).await?,
                Err(stop) => {
                    visit.world.ledger.fault("stream", format!("report {}: it did not open", bought.report));
                    breaks += 1;
                    if breaks > MOST_BREAKS {
                        return Err(stop);
                    }
                    tokio::time::sleep(BEFORE_RECONNECT).await;
                    continue;
                }
            };
            let fault = |words: &str| {
                let words = format!("report {} behind event {}: {words}", bought.report, self.tape.last());
                visit.world.ledger.fault("stream", words);
            };
            match ended {
                Break::Told(end, at) => return Ok(Some((end, at))),
                Break::Over => return Ok(None),
                Break::Reconnect => self.reconnects += 1,
                Break::Broken(error) => {
                    fault(&error);
                    breaks += 1;
                    self.reconnects += 1;
                    if breaks > MOST_BREAKS {
                        return Ok(None);
                    }
                }
                Break::Cut => {
                    fault("it ended without ready, failed or reconnect");
                    return Ok(None);
                }
                Break::Silent => {
                    fault("the report has come to its end and the stream does not tell it");
                    return Ok(None);
                }
            }
            tokio::time::sleep(BEFORE_RECONNECT).await;
        }
        Ok(None)
    }

    async fn listen(
        &mut self,
        visit: &mut Visit<'_>,
        bought: &Bought,
        mut response: Response,
        until: Instant,
    ) -> Step<Break> {
        let mut parser = Parser::default();
        let silence = visit.world.profile.silence;
        // What a stream may be behind the report.
        let behind = silence / 2;
        let mut ended_at: Option<Instant> = None;
        let mut heard_at = Instant::now();
        loop {
            let now = Instant::now();
            if now >= until {
                return Ok(Break::Over);
            }
            if ended_at.is_some_and(|ended| now >= ended + behind) {
                return Ok(Break::Silent);
            }
            if ended_at.is_none() && now >= heard_at + silence {
                // A beating heart is no news, so this is asked whether or not bytes come.
                ended_at = ask(visit, bought).await?.map(|_| Instant::now());
                heard_at = Instant::now();
            }
            let next = ended_at.map_or(heard_at + silence, |ended| ended + behind).min(until);
            let patience = next.saturating_duration_since(Instant::now());
            let Ok(chunk) = tokio::time::timeout(patience, response.chunk()).await else { continue };
            let chunk = match chunk {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Ok(Break::Cut),
                Err(error) => return Ok(Break::Broken(crate::caller::chain(&error))),
            };
            self.bytes += chunk.len() as u64;
            for event in parser.feed(&chunk) {
                heard_at = Instant::now();
                let told = self.tape.hear(&event);
                if told != Told::Reconnect {
                    visit.world.caller.look_at_event("report_follow", &event.data);
                }
                match told {
                    Told::Ready => return Ok(self.farewell(response, parser, End::Ready).await),
                    Told::Failed => return Ok(self.farewell(response, parser, End::Failed).await),
                    Told::Reconnect => return Ok(Break::Reconnect),
                    Told::More if self.cut_after == Some(self.tape.heard()) => return Ok(Break::Reconnect),
                    Told::More => {}
                }
            }
        }
    }

    /// What stands behind the end is heard too, for a while: it would be a fault.
    async fn farewell(&mut self, mut response: Response, mut parser: Parser, end: End) -> Break {
        let told_at = Instant::now();
        let rest = async {
            while let Ok(Some(chunk)) = response.chunk().await {
                self.bytes += chunk.len() as u64;
                for event in parser.feed(&chunk) {
                    self.tape.hear(&event);
                }
            }
        };
        let _ = tokio::time::timeout(FAREWELL, rest).await;
        Break::Told(end, told_at)
    }
}

/// How the report stands; none while it is written.
async fn ask(visit: &mut Visit<'_>, bought: &Bought) -> Step<Option<End>> {
    let call = Call::new("report_view", Expect::OneOf(&[200, 202])).labelled("asked");
    let answer = visit.call(call.at("id", &bought.report).token(&bought.token)).await?;
    if answer.status == 200 {
        return Ok(Some(End::Ready));
    }
    let body: Value = answer.json().await.map_err(|_| Stop::Wrong)?;
    Ok((body["status"] == "failed").then_some(End::Failed))
}

async fn ask_until(visit: &mut Visit<'_>, bought: &Bought, until: Instant) -> Step<Option<End>> {
    loop {
        if let Some(end) = ask(visit, bought).await? {
            return Ok(Some(end));
        }
        if Instant::now() >= until {
            return Ok(None);
        }
        tokio::time::sleep(ASKED_AGAIN).await;
    }
}
