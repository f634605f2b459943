//! For whatever watches the process: whether it lives, whether requests should come here, and what it is.

use poem::Response;
use poem::http::StatusCode;
use serde_json::{Value, json};

use crate::settings::Settings;

/// The answer, where the path is a probe's. The API's state is not asked: without it the page still says so itself.
pub(crate) fn answer(path: &str, settings: &Settings, is_draining: bool) -> Option<Response> {
    let about = json!({"release": settings.release, "environment": settings.stage.as_str()});
    match path {
        "/health" => Some(json_of(StatusCode::OK, &json!({"status": "healthy", "release": settings.release}))),
        "/health/ready" if is_draining => {
            Some(json_of(StatusCode::SERVICE_UNAVAILABLE, &json!({"ready": false, "reasons": ["draining"]})))
        }
        "/health/ready" => Some(json_of(StatusCode::OK, &json!({"ready": true, "reasons": []}))),
        "/version" => Some(json_of(StatusCode::OK, &about)),
        _ => None,
    }
}

fn json_of(status: StatusCode, value: &Value) -> Response {
    Response::builder().status(status).content_type("application/json").body(value.to_string())
}
