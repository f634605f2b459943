//! The API's surface over a real socket: what it promises in its description, it keeps.

mod door;
mod watching;

use std::collections::BTreeMap;

use crb_backend::api::{self, Signals};
use crb_backend::app::{self, App};
use crb_backend::config::Config;
use crb_backend::{domain, serve};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::task::TaskTracker;

use crate::support::db::TestDb;

/// A served API with a database of its own. No worker runs, so a paid report stays queued.
struct Surface {
    base: String,
    client: reqwest::Client,
    app: App,
    signals: Signals,
    document: Value,
    _tasks: TaskTracker,
    _directory: TempDir,
    _database: TestDb,
}

/// A quiz session and the key to it.
struct Quiz {
    id: String,
    token: String,
}

/// A paid order, its report and the key to that.
struct Bought {
    order: String,
    report: String,
    token: String,
}

impl Surface {
    async fn open() -> Self {
        Self::open_with(&[]).await
    }

    async fn open_with(settings: &[(&str, &str)]) -> Self {
        let database = TestDb::with_pool(1).await;
        let directory = TempDir::new().expect("a directory");
        let path = |name: &str| directory.path().join(name).display().to_string();
        let mut values: BTreeMap<String, String> = [
            ("APP_ENV", "test".to_owned()),
            ("DATABASE_URL", database.url.expose_secret().to_owned()),
            ("MAIL_DIR", path("mail")),
            ("BLOB_DIR", path("blobs")),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        values.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let config = Config::from_map(&values).expect("a configuration");
        let app = App::open(config, serve::clock).await.expect("an App");
        app::schema::seed(&app).await.expect("vendors");

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let signals = Signals::default();
        let tasks = TaskTracker::new();
        let (served, told) = (app.clone(), signals.clone());
        tasks.spawn(async move { serve::http::run(&served, None, listener, &told).await });
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Self {
            base,
            client,
            app,
            signals,
            document: api::document(),
            _tasks: tasks,
            _directory: directory,
            _database: database,
        }
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.ask(Method::GET, path)
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.ask(Method::POST, path)
    }

    /// Sends, expects a status, and holds the body against the description of that operation and status.
    async fn expect(&self, operation: &str, request: RequestBuilder, status: u16) -> Value {
        let response = send(request).await;
        assert_eq!(response.status().as_u16(), status, "{operation}: {}", body(response).await);
        let body = body(response).await;
        self.hold(operation, status, &body);
        body
    }

    /// The description of an operation, found by its id.
    fn operation(&self, id: &str) -> &Value {
        let paths = self.document["paths"].as_object().expect("paths").values();
        let mut operations = paths.flat_map(|methods| methods.as_object().expect("methods").values());
        operations
            .find(|operation| operation["operationId"] == json!(id))
            .unwrap_or_else(|| panic!("no operation {id}"))
    }

    fn hold(&self, operation: &str, status: u16, body: &Value) {
        let responses = &self.operation(operation)["responses"];
        let range = format!("{}XX", status / 100);
        let described = responses.get(status.to_string()).or_else(|| responses.get(range)).expect("a described status");
        let Some(content) = described["content"].as_object() else { return };
        let media_type = if status < 400 { "application/json" } else { "application/problem+json" };
        let mut schema = content[media_type]["schema"].clone();
        schema["components"] = self.document["components"].clone();
        let validator = jsonschema::draft4::new(&schema).expect("a schema");
        let faults: Vec<String> =
            validator.iter_errors(body).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{operation} {status} breaks its description: {faults:?}");
    }

    fn operator(&self) -> String {
        let now = self.app.now();
        let key = self.app.config.secret_key.expose_secret();
        domain::tokens::sign_operator(key, "tester", chrono::Duration::hours(1), now).expect("a token")
    }

    async fn begin(&self) -> Quiz {
        let questionnaire = self.expect("questionnaire_view", self.get("/api/v1/questionnaires/dental"), 200).await;
        let new = json!({"industry": "dental", "questionnaire_version": questionnaire["version"]});
        let session = self.expect("session_create", self.post("/api/v1/quiz/sessions").json(&new), 201).await;
        let text = |name: &str| session[name].as_str().expect("text").to_owned();
        Quiz { id: text("session_id"), token: text("token") }
    }

    async fn complete(&self, quiz: &Quiz) {
        let path = format!("/api/v1/quiz/sessions/{}", quiz.id);
        let change = json!({ "answers": answers() });
        let answer = self.ask(Method::PATCH, &path).bearer_auth(&quiz.token).header("If-Match", "\"1\"").json(&change);
        let session = self.expect("session_answer", answer, 200).await;
        assert_eq!(session["missing"], json!([]));
        let complete = self.post(&format!("{path}/complete")).bearer_auth(&quiz.token).json(&json!({"consent": true}));
        self.expect("session_complete", complete, 200).await;
    }

    async fn buy(&self, quiz: &Quiz) -> Bought {
        let new = json!({"session_id": quiz.id, "tier": "report", "email": "buyer@example.com"});
        let create =
            self.post("/api/v1/orders").bearer_auth(&quiz.token).header("Idempotency-Key", &quiz.id).json(&new);
        let created = self.expect("order_create", create, 201).await;
        let order = created["order_id"].as_str().expect("an id").to_owned();
        let checkout = created["checkout_url"].as_str().expect("an address");
        let path = checkout.find("/api/").map(|at| &checkout[at..]).expect("a page of ours");
        let pay = self.post(path).header("Accept", "application/json").form(&[("action", "pay")]);
        self.expect("dev_checkout_decide", pay, 200).await;
        let view = self.get(&format!("/api/v1/orders/{order}")).bearer_auth(&quiz.token);
        let paid = self.expect("order_view", view, 200).await;
        let link = paid["report_url"].as_str().expect("a link");
        let token = link.split_once("#token=").expect("the token in the fragment").1.to_owned();
        Bought { order, report: paid["report_id"].as_str().expect("an id").to_owned(), token }
    }
}

async fn send(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

async fn body(response: Response) -> Value {
    let text = response.text().await.expect("a whole body");
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn answers() -> Value {
    json!({
        "company_name": "Smile", "employee_count": 8, "annual_revenue_band": "500k_1m", "hourly_cost_eur": 40,
        "admin_hours_week": 60, "pain_points": ["scheduling", "customer_communication", "billing"],
        "biggest_challenge": "Missed calls all day", "current_tools": ["other"], "integration_level": 3,
        "data_location": "spreadsheets", "process_maturity": "repeatable", "technology_comfort": 8,
        "ai_experience": "experimenting", "implementation_capability": "automation_user",
        "implementation_preference": "buy", "budget_comfort": "comfortable", "implementation_urgency": "this_quarter",
        "decision_maker": "me", "patients_week": 120, "no_show_pct": 15, "missed_calls_week": 40,
        "avg_appointment_eur": 300,
    })
}
