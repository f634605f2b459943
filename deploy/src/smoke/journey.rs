//! A visitor's way through the product: a quiz up to its score, and on staging on to a report that a stand-in pays for.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::visitor::{Visitor, text};
use crate::clock::Clock;

const INDUSTRY: &str = "dental";
const ANSWERS: &str = include_str!("answers.json");
/// An address that reaches nobody.
const EMAIL: &str = "smoke@example.org";
/// A report takes seconds at the stand-in; a queue before it some more.
const PATIENCE: Duration = Duration::from_mins(3);
const LOOK_AGAIN: Duration = Duration::from_secs(2);

struct Quiz {
    id: String,
    token: SecretString,
}

/// Begins a quiz, answers it, and is given a score.
pub(super) async fn quiz(visitor: &Visitor) -> Result<String> {
    let quiz = begin(visitor).await?;
    score(visitor, &quiz).await
}

/// Buys a report at the stand-in and reads it: the payment's way back, the queue and the writing work.
pub(super) async fn report(visitor: &Visitor, clock: &Clock) -> Result<String> {
    let start = clock.now();
    let quiz = begin(visitor).await?;
    score(visitor, &quiz).await?;
    let body = json!({"session_id": quiz.id, "tier": "report", "email": EMAIL});
    let key = [("Idempotency-Key", quiz.id.clone())];
    let created = visitor.call(Method::POST, "/api/v1/orders", Some(&quiz.token), &key, Some(&body)).await?;
    let created = created.of(201)?.json()?;
    let order = text(&created, "order_id")?;
    let checkout = Url::parse(&text(&created, "checkout_url")?).context("the checkout is no address")?;
    let host = checkout.host_str().unwrap_or_default();
    if host == "stripe.com" || host.ends_with(".stripe.com") {
        bail!("the checkout is at {host}: nothing is paid there. Is this staging, with its stand-ins?");
    }
    let paid = visitor.submit(checkout, &[("action", "pay")]).await?;
    if !matches!(paid.status, 200 | 303) {
        bail!("the stand-in answered the payment with status {}", paid.status);
    }

    let path = format!("/api/v1/orders/{order}");
    let bought = asked(clock, "the payment to be known", async || {
        let order = visitor.call(Method::GET, &path, Some(&quiz.token), &[], None).await?.of(200)?.json()?;
        Ok(order["report_url"].is_string().then_some(order))
    });
    let bought = bought.await?;
    let (report, address) = (text(&bought, "report_id")?, text(&bought, "report_url")?);
    let (_, token) = address.split_once("#token=").context("the report's address holds no token")?;
    let token = SecretString::from(token);

    let path = format!("/api/v1/reports/{report}");
    let document = asked(clock, "the report", async || {
        let answer = visitor.call(Method::GET, &path, Some(&token), &[], None).await?;
        match answer.status {
            200 => answer.json().map(Some),
            202 if answer.json()?["status"] == "failed" => bail!("the report failed"),
            _ => answer.of(202).map(|_| None),
        }
    });
    let findings = document.await?["findings"].as_array().map_or(0, Vec::len);
    if findings == 0 {
        bail!("the report has no findings");
    }
    let pdf = visitor.call(Method::GET, &format!("{path}/pdf"), Some(&token), &[], None).await?.of(200)?;
    if !pdf.bytes().starts_with(b"%PDF-") {
        bail!("the report's PDF is none");
    }
    let (seconds, size) = (clock.since(start).as_secs(), pdf.bytes().len().div_ceil(1024));
    Ok(format!("paid at the stand-in, written with {findings} findings in {seconds} s, PDF of {size} KiB"))
}

async fn begin(visitor: &Visitor) -> Result<Quiz> {
    let questions = visitor.api(&format!("/api/v1/questionnaires/{INDUSTRY}")).await?.of(200)?.json()?;
    let body = json!({"industry": INDUSTRY, "questionnaire_version": text(&questions, "version")?});
    let created = visitor.call(Method::POST, "/api/v1/quiz/sessions", None, &[], Some(&body)).await?.of(201)?.json()?;
    Ok(Quiz { id: text(&created, "session_id")?, token: SecretString::from(text(&created, "token")?) })
}

/// Answers every question, completes the quiz, and reads the score.
async fn score(visitor: &Visitor, quiz: &Quiz) -> Result<String> {
    let path = format!("/api/v1/quiz/sessions/{}", quiz.id);
    let token = Some(&quiz.token);
    let session = visitor.call(Method::GET, &path, token, &[], None).await?.of(200)?.json()?;
    let seen = session["version"].as_i64().context("the session has no version")?;
    let answers: Value = serde_json::from_str(ANSWERS).context("answers.json")?;
    let count = answers.as_object().map_or(0, serde_json::Map::len);
    let based_on = [("If-Match", format!("\"{seen}\""))];
    let body = json!({"answers": answers});
    let answered = visitor.call(Method::PATCH, &path, token, &based_on, Some(&body)).await?.of(200)?.json()?;
    let missing = answered["missing"].as_array().context("the session does not say what is missing")?;
    if !missing.is_empty() {
        bail!("{} questions are not answered by deploy/src/smoke/answers.json", missing.len());
    }
    let body = json!({"email": EMAIL, "consent": true});
    let done =
        visitor.call(Method::POST, &format!("{path}/complete"), token, &[], Some(&body)).await?.of(200)?.json()?;
    let score = done["readiness"]["score"].as_f64().context("the completed quiz has no score")?;
    if !(0.0..=100.0).contains(&score) {
        bail!("the score is {score}");
    }
    Ok(format!("begun, {count} answers, score {score}"))
}

/// Asks until there is something.
async fn asked<T>(clock: &Clock, what: &str, ask: impl AsyncFn() -> Result<Option<T>>) -> Result<T> {
    let start = clock.now();
    loop {
        if let Some(found) = ask().await? {
            return Ok(found);
        }
        if clock.since(start) >= PATIENCE {
            bail!("{what} took more than {} s", PATIENCE.as_secs());
        }
        clock.wait(LOOK_AGAIN).await;
    }
}
