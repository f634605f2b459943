//! A product that stands in for ours: it says of itself what the platform's running deployment says, and plays a quiz.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::platform::{Platform, Reader};
pub use super::replies::Reply;

const SESSION: &str = "01935f6e-7c1a-7d2e-9b52-1f6f0a8f6f3c";
const SESSION_TOKEN: &str = "session-token";
const REPORT_TOKEN: &str = "report-token";

type Twist = Box<dyn Fn(&str, &mut Reply) + Send + Sync>;

struct Site {
    environment: String,
    variable: Reader,
    /// Every second answer comes from a replica of the first deployment.
    is_split: Mutex<bool>,
    answers: AtomicUsize,
    api: Mutex<String>,
    twist: Mutex<Option<Twist>>,
    asked: Mutex<Vec<String>>,
}

pub struct Product {
    api: MockServer,
    app: MockServer,
    site: Arc<Site>,
}

struct Api(Arc<Site>);
struct App(Arc<Site>);

impl Product {
    pub async fn start(platform: &Platform, environment: &str) -> Self {
        let site = Arc::new(Site {
            environment: environment.to_owned(),
            variable: platform.reader(),
            is_split: Mutex::new(false),
            answers: AtomicUsize::new(0),
            api: Mutex::default(),
            twist: Mutex::default(),
            asked: Mutex::default(),
        });
        let (api, app) = (MockServer::start().await, MockServer::start().await);
        *site.api.lock().expect("the address") = api.uri();
        Mock::given(any()).respond_with(Api(Arc::clone(&site))).mount(&api).await;
        Mock::given(any()).respond_with(App(Arc::clone(&site))).mount(&app).await;
        Self { api, app, site }
    }

    pub fn api_url(&self) -> String {
        self.api.uri()
    }

    pub fn app_url(&self) -> String {
        self.app.uri()
    }

    /// Changes the replies, told the path of each.
    pub fn twist(&self, twist: impl Fn(&str, &mut Reply) + Send + Sync + 'static) {
        *self.site.twist.lock().expect("the twist") = Some(Box::new(twist));
    }

    /// From now on every second answer comes from a replica that stayed with the first deployment.
    pub fn split(&self) {
        *self.site.is_split.lock().expect("the split") = true;
    }

    /// Every call, in order.
    pub fn asked(&self) -> Vec<String> {
        self.site.asked.lock().expect("the list").clone()
    }
}

impl Site {
    fn variable(&self, service: &str, name: &str) -> String {
        let is_second = self.answers.fetch_add(1, Ordering::SeqCst) % 2 == 1;
        (self.variable)(service, name, is_second && *self.is_split.lock().expect("the split"))
    }

    fn twisted(&self, request: &Request, mut reply: Reply) -> ResponseTemplate {
        let path = request.url.path();
        self.asked.lock().expect("the list").push(format!("{} {path}", request.method));
        if let Some(twist) = &*self.twist.lock().expect("the twist") {
            twist(path, &mut reply);
        }
        reply.sent()
    }
}

impl Respond for Api {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.0.twisted(request, self.reply(request))
    }
}

impl Api {
    fn reply(&self, request: &Request) -> Reply {
        let site = &self.0;
        let path = request.url.path();
        let bearer = request.headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (quiz, report) = (format!("/api/v1/quiz/sessions/{SESSION}"), "/api/v1/reports/report-1");
        let is_owner = bearer == format!("Bearer {SESSION_TOKEN}");
        let is_reader = bearer == format!("Bearer {REPORT_TOKEN}");
        match (request.method.as_str(), path) {
            ("GET", "/api/health") => Reply::json(200, &json!({"status": "healthy"})),
            ("GET", "/api/health/ready") => Reply::json(200, &json!({"ready": true, "reasons": []})),
            ("GET", "/api/health/detailed") => {
                let digest = site.variable("crb-api", "IMAGE_DIGEST");
                let revision = (site.variable)("crb-api", "APP_REVISION", false);
                let about = json!({"environment": site.environment, "image_digest": digest, "revision": revision});
                Reply::json(200, &about)
            }
            ("GET", "/api/v1/industries") => Reply::json(200, &json!({"items": [{"slug": "dental"}]})),
            ("GET", "/api/v1/questionnaires/dental") => Reply::json(200, &json!({"version": "7"})),
            ("POST", "/api/v1/quiz/sessions") => {
                assert_eq!(body(request)["questionnaire_version"], "7", "the version that was read");
                Reply::json(201, &json!({"session_id": SESSION, "token": SESSION_TOKEN}))
            }
            ("GET", path) if path == quiz && is_owner => Reply::json(200, &json!({"version": 3})),
            ("PATCH", path) if path == quiz && is_owner => {
                assert_eq!(request.headers["if-match"], "\"3\"", "the version that was seen");
                Reply::json(200, &json!({"version": 4, "missing": []}))
            }
            ("POST", path) if path == format!("{quiz}/complete") && is_owner => {
                assert_eq!(body(request)["consent"], true);
                Reply::json(200, &json!({"readiness": {"score": 64}}))
            }
            ("POST", "/api/v1/orders") if is_owner => {
                let checkout = format!("{}/pay/cs_1", site.api.lock().expect("the address"));
                Reply::json(201, &json!({"order_id": "order-1", "checkout_url": checkout}))
            }
            ("POST", "/pay/cs_1") => Reply { status: 303, ..Reply::json(200, &Value::Null) },
            ("GET", "/api/v1/orders/order-1") if is_owner => {
                let address = format!("https://app.example/reports/report-1#token={REPORT_TOKEN}");
                Reply::json(200, &json!({"report_id": "report-1", "report_url": address}))
            }
            ("GET", path) if path == report && is_reader => Reply::json(200, &json!({"findings": [1, 2, 3]})),
            ("GET", path) if path == format!("{report}/pdf") && is_reader => {
                Reply::file("application/pdf", b"%PDF-1.7")
            }
            _ => Reply::problem(404, &json!({"code": "not_found", "status": 404, "request_id": "r-1"})),
        }
    }
}

impl Respond for App {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.0.twisted(request, self.reply(request))
    }
}

impl App {
    fn reply(&self, request: &Request) -> Reply {
        let site = &self.0;
        let block = json!({"apiBaseUrl": *site.api.lock().expect("the address")});
        match request.url.path() {
            "/health" => Reply::json(200, &json!({"status": "healthy"})),
            "/health/ready" => Reply::json(200, &json!({"ready": true, "reasons": []})),
            "/version" => {
                let release = site.variable("crb-web", "RELEASE");
                Reply::json(200, &json!({"release": release, "environment": site.environment}))
            }
            "/" | "/quiz" => Reply::html(&format!(
                "<html><script type=\"application/json\" id=\"crb-config\">{block}</script>\
                 <script type=\"module\">import(\"/assets/app-1.js\")</script></html>"
            )),
            "/assets/app-1.js" => Reply::script("export {}"),
            _ => Reply::json(404, &Value::Null),
        }
    }
}

fn body(request: &Request) -> Value {
    request.body_json().expect("JSON")
}
