//! A buyer of the running product: quiz, order, payment by the stand-in, the report, step by step over HTTP.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::call::{Answer, call};
use crate::process;

const EMAIL: &str = "buyer@practice.example";
const PATIENCE: Duration = Duration::from_mins(2);

/// Where the product and the stand-ins listen, and the key that passes the limits.
#[derive(Clone)]
pub struct Shop {
    pub port: u16,
    pub stubs_port: u16,
    pub load_key: String,
}

#[derive(Clone)]
pub struct Quiz {
    pub id: String,
    pub token: String,
}

#[derive(Clone)]
pub struct Order {
    pub id: String,
    checkout: String,
}

#[derive(Clone)]
pub struct Report {
    pub id: String,
    pub token: String,
}

impl Shop {
    pub fn call(&self, method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> Result<Answer> {
        self.call_with(method, path, token, &[], body)
    }

    pub fn call_with(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        more: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer> {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = vec![("X-Load-Key", self.load_key.as_str())];
        headers.extend(bearer.as_deref().map(|bearer| ("Authorization", bearer)));
        headers.extend(more);
        call(self.port, method, &format!("/api/v1{path}"), &headers, body)
    }

    pub fn begin(&self) -> Result<Quiz> {
        let body = json!({"industry": "dental", "questionnaire_version": "1"});
        let created = self.call("POST", "/quiz/sessions", None, Some(&body))?.of(201)?.json()?;
        Ok(Quiz { id: text(&created, "session_id")?, token: text(&created, "token")? })
    }

    /// Answers every question of a quiz that has just begun.
    pub fn answer(&self, quiz: &Quiz) -> Result<()> {
        let body = json!({ "answers": answers() });
        let path = format!("/quiz/sessions/{}", quiz.id);
        self.call_with("PATCH", &path, Some(&quiz.token), &[("If-Match", "1")], Some(&body))?.of(200).map(drop)
    }

    /// A quiz with an answer to every question.
    pub fn answered(&self) -> Result<Quiz> {
        let quiz = self.begin()?;
        self.answer(&quiz)?;
        Ok(quiz)
    }

    pub fn finish(&self, quiz: &Quiz) -> Result<()> {
        let path = format!("/quiz/sessions/{}/complete", quiz.id);
        let body = json!({"consent": true, "email": EMAIL});
        self.call("POST", &path, Some(&quiz.token), Some(&body))?.of(200).map(drop)
    }

    pub fn order(&self, quiz: &Quiz) -> Result<Order> {
        let body = json!({"session_id": quiz.id, "tier": "report", "email": EMAIL});
        let key = [("Idempotency-Key", quiz.id.as_str())];
        let created = self.call_with("POST", "/orders", Some(&quiz.token), &key, Some(&body))?.of(201)?.json()?;
        let address = text(&created, "checkout_url")?;
        let checkout = address.rsplit('/').next().context("a checkout without an address")?;
        Ok(Order { id: text(&created, "order_id")?, checkout: checkout.to_owned() })
    }

    /// Pays; the webhook has been delivered when this returns.
    pub fn pay(&self, order: &Order) -> Result<()> {
        let path = format!("/__stub/stripe/{}/pay", order.checkout);
        call(self.stubs_port, "POST", &path, &[], None)?.of(200).map(drop)
    }

    pub fn bought(&self, quiz: &Quiz, order: &Order) -> Result<Report> {
        let path = format!("/orders/{}", order.id);
        process::wait_until("the payment to be known", PATIENCE, || {
            let order = self.call("GET", &path, Some(&quiz.token), None)?.of(200)?.json()?;
            let Some(address) = order["report_url"].as_str() else { return Ok(None) };
            let (_, token) = address.split_once("#token=").context("the report's address holds no token")?;
            Ok(Some(Report { id: text(&order, "report_id")?, token: token.to_owned() }))
        })
    }

    /// Waits until it can be read.
    pub fn await_ready(&self, report: &Report) -> Result<()> {
        let path = format!("/reports/{}", report.id);
        process::wait_until("the report", PATIENCE, || {
            let answer = self.call("GET", &path, Some(&report.token), None)?;
            match answer.status {
                200 => Ok(Some(())),
                202 if answer.json()?["status"] == "failed" => bail!("the report failed: {}", answer.json()?),
                202 => Ok(None),
                status => bail!("the report answers {status}"),
            }
        })
    }

    /// From the first question to a report that can be read.
    pub fn buy(&self) -> Result<Report> {
        let quiz = self.answered()?;
        self.finish(&quiz)?;
        let order = self.order(&quiz)?;
        self.pay(&order)?;
        let report = self.bought(&quiz, &order)?;
        self.await_ready(&report)?;
        Ok(report)
    }
}

fn text(value: &Value, name: &str) -> Result<String> {
    Ok(value[name].as_str().with_context(|| format!("the answer has no {name}: {value}"))?.to_owned())
}

/// A practice that has enough to save for a report.
fn answers() -> Value {
    json!({
        "company_name": "Sample Dental Studio",
        "employee_count": 9,
        "annual_revenue_band": "500k_1m",
        "hourly_cost_eur": 38,
        "admin_hours_week": 42,
        "pain_points": ["customer_communication", "scheduling", "billing"],
        "biggest_challenge": "The phone rings all morning while patients wait at the desk.",
        "past_attempts": "A newsletter tool that nobody had time for.",
        "current_tools": ["other"],
        "integration_level": 4,
        "data_location": "single_system",
        "process_maturity": "defined",
        "technology_comfort": 7,
        "ai_experience": "experimenting",
        "implementation_capability": "tutorial_follower",
        "implementation_preference": "buy",
        "budget_comfort": "comfortable",
        "implementation_urgency": "this_quarter",
        "decision_maker": "me",
        "patients_week": 95,
        "no_show_pct": 16,
        "missed_calls_week": 25,
        "avg_appointment_eur": 350,
    })
}
