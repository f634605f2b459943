//! A buyer, from the first question to the PDF: quiz, teaser, order, payment, the report being written, the report.

use std::time::Instant;

use rand::Rng as _;
use serde_json::{Map, Value, json};

use super::text;
use crate::caller::{Call, Expect};
use crate::stream;
use crate::visit::{Step, Stop, Visit};
use crate::world::Bought;

const OK: Expect = Expect::Status(200);
const INDUSTRY: &str = "dental";
/// Answers that go into one change.
const AT_ONCE: usize = 4;
/// One in so many presses the button twice.
const TWICE: f64 = 0.1;

/// A quiz that is finished.
struct Quiz {
    id: String,
    token: String,
    email: String,
}

pub async fn travel(visit: &mut Visit<'_>) -> Step {
    let quiz = answer(visit).await?;
    visit.think(1.0..=3.0).await?;
    let (order, checkout) = order(visit, &quiz).await?;
    visit.think(1.0..=3.0).await?;
    // From here on nothing is cut short: what was paid for is followed to its end.
    let Some(stub) = visit.world.stub.clone() else { return Err(Stop::Wrong) };
    let at = Instant::now();
    if let Err(error) = stub.pay(&checkout).await {
        visit.world.ledger.fault("payment", format!("{error:#}"));
        return Err(Stop::Wrong);
    }
    visit.world.ledger.paid(&order, at);
    let until = at + visit.world.profile.patience;
    let bought = bought(visit, &quiz, &order, until).await?;
    visit.world.ledger.named(&order, &bought.report);
    let end = stream::follow(visit, &bought, until).await?;
    let Some((end, told_at)) = end else {
        visit.world.ledger.fault("lost", format!("report {} has not come to its end", bought.report));
        return Err(Stop::Wrong);
    };
    visit.world.ledger.ended(&order, end, told_at);
    if end == crate::ledger::End::Failed {
        visit.world.ledger.fault("failed", format!("report {} has failed", bought.report));
        return Err(Stop::Wrong);
    }
    read(visit, &bought).await?;
    visit.world.put_on_shelf(bought);
    visit.think(1.0..=3.0).await
}

async fn answer(visit: &mut Visit<'_>) -> Step<Quiz> {
    let questionnaire = visit.call(Call::new("questionnaire_view", OK).at("industry", INDUSTRY)).await?;
    let questionnaire = questionnaire.json().await.map_err(|_| Stop::Wrong)?;
    let version = text(visit, &questionnaire, "version")?;
    visit.think(0.5..=1.5).await?;
    let body = json!({"industry": INDUSTRY, "questionnaire_version": version});
    let created = visit.call(Call::new("session_create", Expect::Status(201)).json(&body)).await?;
    let created = created.json().await.map_err(|_| Stop::Wrong)?;
    let (id, token) = (text(visit, &created, "session_id")?, text(visit, &created, "token")?);
    let session = |operation| Call::new(operation, OK).at("id", &id).token(&token);
    let seen = visit.call(session("session_view")).await?;
    let mut seen = seen.json().await.map_err(|_| Stop::Wrong)?;
    let all: Vec<(String, Value)> = answers(visit).into_iter().collect();
    for few in all.chunks(AT_ONCE) {
        visit.think(1.0..=3.0).await?;
        let few: Map<String, Value> = few.iter().cloned().collect();
        let call = session("session_answer").header("if-match", format!("\"{}\"", seen["version"]));
        let answer = visit.call(call.json(&json!({ "answers": few }))).await?;
        seen = answer.json().await.map_err(|_| Stop::Wrong)?;
    }
    if seen["missing"].as_array().is_none_or(|missing| !missing.is_empty()) {
        visit
            .world
            .ledger
            .fault("quiz", format!("every question was answered, and still missing is {}", seen["missing"]));
        return Err(Stop::Wrong);
    }
    visit.think(1.0..=2.0).await?;
    let email = format!("buyer-{}-{}@load.example", visit.world.run, visit.number);
    let body = json!({"consent": true, "email": email});
    visit.call(session("session_complete").json(&body)).await?;
    visit.think(1.0..=2.0).await?;
    visit.call(session("teaser_view")).await?;
    Ok(Quiz { id, token, email })
}

/// The order's id and where it is paid.
async fn order(visit: &mut Visit<'_>, quiz: &Quiz) -> Step<(String, String)> {
    let key = format!("load-{}-{}", visit.world.run, visit.number);
    let body = json!({"session_id": quiz.id, "tier": "report", "email": quiz.email});
    let wish = || {
        let call = Call::new("order_create", Expect::Status(201)).token(&quiz.token);
        call.header("idempotency-key", key.clone()).json(&body)
    };
    let created = visit.call(wish()).await?.json().await.map_err(|_| Stop::Wrong)?;
    let (order, checkout) = (text(visit, &created, "order_id")?, text(visit, &created, "checkout_url")?);
    if visit.dice.random_bool(TWICE) {
        let again = visit.call(wish().labelled("again")).await?.json().await.map_err(|_| Stop::Wrong)?;
        if again["order_id"] != order.as_str() {
            visit
                .world
                .ledger
                .fault("order", format!("the same key made two orders: {order} and {}", again["order_id"]));
        }
    }
    Ok((order, checkout))
}

/// Asks for the order until it names the report.
async fn bought(visit: &mut Visit<'_>, quiz: &Quiz, order: &str, until: Instant) -> Step<Bought> {
    loop {
        let view = visit.call(Call::new("order_view", OK).at("id", order).token(&quiz.token)).await?;
        let view = view.json().await.map_err(|_| Stop::Wrong)?;
        if let (Some(report), Some(url)) = (view["report_id"].as_str(), view["report_url"].as_str()) {
            let token = url.split_once("#token=").map(|(_, token)| token.to_owned());
            let token = token.ok_or_else(|| {
                visit.world.ledger.fault("order", "a report's address has no token");
                Stop::Wrong
            })?;
            return Ok(Bought { report: report.to_owned(), token });
        }
        if Instant::now() >= until {
            visit.world.ledger.fault("lost", format!("order {order} was paid and has no report"));
            return Err(Stop::Wrong);
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
}

async fn read(visit: &mut Visit<'_>, bought: &Bought) -> Step {
    let call = |operation| Call::new(operation, OK).at("id", &bought.report).token(&bought.token);
    visit.call(call("report_view")).await?;
    let pdf = visit.call(call("report_download")).await?;
    if !pdf.bytes.starts_with(b"%PDF-") {
        visit.world.ledger.fault("pdf", format!("the PDF of report {} is none", bought.report));
    }
    Ok(())
}

/// Every question of the dental questionnaire. The figures differ from buyer to buyer, and so do their reports.
fn answers(visit: &mut Visit<'_>) -> Map<String, Value> {
    let mut of = |from: u32, to: u32| visit.dice.random_range(from..=to);
    let answers = json!({
        "employee_count": of(7, 14),
        "annual_revenue_band": "1m_5m",
        "hourly_cost_eur": of(36, 48),
        "admin_hours_week": of(45, 65),
        "pain_points": ["scheduling", "customer_communication", "billing"],
        "biggest_challenge": "The phone rings while patients stand at the desk.",
        "past_attempts": "A newsletter that nobody had time for.",
        "current_tools": ["other"],
        "integration_level": of(3, 5),
        "data_location": "spreadsheets",
        "process_maturity": "repeatable",
        "technology_comfort": of(6, 9),
        "ai_experience": "experimenting",
        "implementation_capability": "automation_user",
        "implementation_preference": "buy",
        "budget_comfort": "moderate",
        "implementation_urgency": "this_quarter",
        "decision_maker": "me",
        "patients_week": of(90, 130),
        "no_show_pct": of(10, 18),
        "missed_calls_week": of(20, 32),
        "avg_appointment_eur": 350,
    });
    let mut answers = match answers {
        Value::Object(answers) => answers,
        _ => Map::new(),
    };
    answers.insert("company_name".to_owned(), json!(format!("Practice {}", visit.number)));
    answers
}
