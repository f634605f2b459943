//! A buyer at a server's front door: quiz, order, payment, report.

use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::Utc;
use crb_backend::domain::ids::{OrderId, ReportId};
use crb_backend::domain::quiz::QUESTIONNAIRE_VERSION;
use crb_backend::domain::tokens::sign_operator;
use crb_backend::serve::clock;
use crb_stubs::Stub;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::{SECRET_KEY, Server, WEBHOOK_SECRET, World, until};

/// What was bought, and the keys to it.
pub struct Bought {
    pub report: ReportId,
    pub token: String,
    pub email: String,
}

/// An order that nobody has paid.
pub struct Open {
    pub order: OrderId,
    pub email: String,
    checkout: String,
    session_token: String,
}

impl World {
    /// The whole way to a paid order, through the development provider.
    pub async fn buy(&self, server: &Server) -> Bought {
        let open = self.order(server).await;
        let path = open.checkout.split_once("/api/").map(|(_, path)| format!("/api/{path}"));
        let pay = server.post(&path.expect("the provider's page is ours"));
        let paid = pay.header("accept", "application/json").form(&[("action", "pay")]).send().await;
        assert_eq!(paid.expect("an answer").status(), 200);
        self.bought(server, &open).await
    }

    /// A finished quiz and an order of it, not paid yet.
    pub async fn order(&self, server: &Server) -> Open {
        let number = self.buyers.fetch_add(1, Ordering::Relaxed) + 1;
        let email = format!("buyer-{number}@example.com");
        let new = json!({"industry": "dental", "questionnaire_version": QUESTIONNAIRE_VERSION});
        let session = server.json(server.post("/api/v1/quiz/sessions").json(&new), 201).await;
        let (id, token) = (text(&session["session_id"]), text(&session["token"]));
        let place = format!("/api/v1/quiz/sessions/{id}");
        let seen = server.json(server.get(&place).bearer_auth(&token), 200).await;
        let answer = server.call(Method::PATCH, &place).bearer_auth(&token);
        let answer = answer.header("if-match", seen["version"].to_string()).json(&json!({"answers": answers()}));
        let seen = server.json(answer, 200).await;
        assert_eq!(seen["missing"], json!([]), "a whole quiz");
        let done = server.post(&format!("{place}/complete")).bearer_auth(&token).json(&json!({"consent": true}));
        server.json(done, 200).await;
        let wish = json!({"session_id": id, "tier": "report", "email": email});
        let wish =
            server.post("/api/v1/orders").bearer_auth(&token).header("idempotency-key", "the-only-one").json(&wish);
        let order = server.json(wish, 201).await;
        Open {
            order: text(&order["order_id"]).parse().expect("an id"),
            checkout: text(&order["checkout_url"]),
            session_token: token,
            email,
        }
    }

    /// What a paid order brought.
    pub async fn bought(&self, server: &Server, open: &Open) -> Bought {
        let view = server.get(&format!("/api/v1/orders/{}", open.order)).bearer_auth(&open.session_token);
        let order = server.json(view, 200).await;
        assert_eq!(order["status"], "paid");
        let link = text(&order["report_url"]);
        let (_, token) = link.split_once("#token=").expect("the token stands in the fragment");
        Bought {
            report: text(&order["report_id"]).parse().expect("an id"),
            token: token.to_owned(),
            email: open.email.clone(),
        }
    }

    /// Stripe's word that a checkout is paid, signed: header and body, to be delivered as often as one likes.
    pub fn stripe_says_paid(&self, open: &Open) -> (String, String) {
        let (_, session) = open.checkout.rsplit_once('/').expect("the checkout is Stripe's");
        let at = clock().timestamp();
        let event = self.stripe.pay(session, at).expect("an open checkout");
        assert_eq!(self.stripe.calls_about("checkout.create").len(), 1);
        crb_stubs::stripe::webhook(WEBHOOK_SECRET, &event, at)
    }
}

impl Server {
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.call(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.call(Method::POST, path)
    }

    pub fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    /// Sends it, wants this status, and reads the answer.
    pub async fn json(&self, request: RequestBuilder, status: u16) -> Value {
        let response: Response = request.send().await.expect("an answer");
        let (url, seen) = (response.url().clone(), response.status());
        let body = response.text().await.expect("a body");
        assert_eq!(seen, status, "{url}: {body}");
        serde_json::from_str(&body).unwrap_or(Value::Null)
    }

    pub async fn readiness(&self) -> u16 {
        self.get("/api/health/ready").send().await.expect("an answer").status().as_u16()
    }

    /// The report as its owner sees it: status and body.
    pub async fn view(&self, bought: &Bought) -> (u16, Value) {
        let path = format!("/api/v1/reports/{}", bought.report);
        let response = self.get(&path).bearer_auth(&bought.token).send().await.expect("an answer");
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }

    /// Waits for the document.
    pub async fn document(&self, bought: &Bought) -> Value {
        until("the report to be ready", async || {
            let (status, body) = self.view(bought).await;
            assert_ne!(body["status"], "failed", "{body}");
            (status == 200).then_some(body)
        })
        .await
    }

    /// The PDF, as its owner fetches it.
    pub async fn pdf(&self, bought: &Bought) -> Vec<u8> {
        let request = self.get(&format!("/api/v1/reports/{}/pdf", bought.report)).bearer_auth(&bought.token);
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        response.bytes().await.expect("a body").to_vec()
    }

    /// An operator's request.
    pub fn admin(&self, method: Method, path: &str) -> RequestBuilder {
        let now: chrono::DateTime<Utc> = clock();
        let token = sign_operator(SECRET_KEY, "operator", chrono::Duration::hours(1), now).expect("a token");
        self.call(method, &format!("/api/v1/admin{path}")).bearer_auth(token).timeout(Duration::from_secs(30))
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn answers() -> Value {
    json!({
        "company_name": "Sample Dental Studio",
        "employee_count": 12,
        "annual_revenue_band": "1m_5m",
        "hourly_cost_eur": 38,
        "admin_hours_week": 60,
        "pain_points": ["scheduling", "customer_communication", "billing", "marketing"],
        "biggest_challenge": "The phone rings all day and nobody can do anything else.",
        "past_attempts": "A booking form nobody used.",
        "current_tools": ["weave", "zapier", "other"],
        "integration_level": 3,
        "data_location": "spreadsheets",
        "process_maturity": "repeatable",
        "technology_comfort": 8,
        "ai_experience": "experimenting",
        "implementation_capability": "automation_user",
        "implementation_preference": "buy",
        "budget_comfort": "high",
        "implementation_urgency": "this_quarter",
        "decision_maker": "me",
        "patients_week": 120,
        "no_show_pct": 12,
        "missed_calls_week": 30,
    })
}
