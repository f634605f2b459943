//! Errors in the shape of the Messages API.

use serde_json::{Value, json};

use crate::call::{Refusal, Reply};
use crate::dice::id;
use crate::stub::Turn;

pub(super) fn request_id(turn: &Turn) -> String {
    id("req_01", turn.seed.rotate_left(17) ^ turn.number, 22)
}

pub(super) fn reply(refusal: &Refusal, request_id: &str) -> Reply {
    let reply = Reply::json(refusal.status, &body(refusal.status, refusal.code, &refusal.message, request_id));
    match refusal.retry_after {
        Some(seconds) => reply.with_header("retry-after", seconds.to_string()),
        None => reply,
    }
}

/// The error object, for a status or for an `error` event.
pub(super) fn body(status: u16, code: &str, message: &str, request_id: &str) -> Value {
    let kind = match status {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        409 => "conflict_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        529 => "overloaded_error",
        400..=499 => "invalid_request_error",
        _ => "api_error",
    };
    let mut error = json!({"type": kind, "message": message});
    if !code.is_empty() {
        error["details"] = json!({"error_code": code});
        error["code"] = json!(code);
    }
    json!({"type": "error", "error": error, "request_id": request_id})
}
