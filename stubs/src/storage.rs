//! Supabase Storage: objects in one bucket, by its REST interface.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use crate::call::{Call, Refusal, Reply};
use crate::dice::hash;
use crate::keys::{self, Key, REAL_KEY};
use crate::scenario::Scenario;
use crate::shelf::Shelf;
use crate::stub::{Desk, Stub, Turn};

/// Objects and bytes that are kept; beyond either the oldest object leaves.
const ROOM: usize = 2_000;
const MOST_BYTES: usize = 32 * 1024 * 1024;

#[derive(Debug)]
pub struct Storage {
    desk: Desk,
    bucket: String,
    objects: Mutex<Shelf<String, Object>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub bytes: Bytes,
    pub content_type: String,
}

impl Storage {
    pub fn new(bucket: &str, scenario: Scenario) -> Self {
        let objects = Shelf::weighed(ROOM, MOST_BYTES, |object: &Object| object.bytes.len());
        Self { desk: Desk::new(scenario, false), bucket: bucket.to_owned(), objects: Mutex::new(objects) }
    }

    fn open(&self) -> MutexGuard<'_, Shelf<String, Object>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn object(&self, key: &str) -> Option<Object> {
        self.open().get(&key.to_owned()).cloned()
    }

    /// Oldest first.
    pub fn keys(&self) -> Vec<String> {
        self.open().iter().map(|(key, _)| key.clone()).collect()
    }

    pub fn forget(&self) {
        self.open().clear();
        self.desk.reset();
    }

    /// `upsert` replaces; without it a POST refuses what is there and a PUT what is not.
    fn put(&self, call: &Call, key: &str) -> Result<Reply, Refusal> {
        let upsert = call.header("x-upsert").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let mut objects = self.open();
        let exists = objects.get(&key.to_owned()).is_some();
        if call.method == Method::POST && exists && !upsert {
            return Err(Refusal::new(409, "Duplicate", "The resource already exists"));
        }
        if call.method == Method::PUT && !exists && !upsert {
            return Err(Refusal::new(404, "not_found", "Object not found"));
        }
        let content_type = call.header("content-type").unwrap_or("text/plain;charset=UTF-8").to_owned();
        objects.put(key.to_owned(), Object { bytes: call.body().clone(), content_type });
        Ok(Reply::json(200, &json!({"Key": format!("{}/{key}", self.bucket), "Id": object_id(key)})))
    }

    fn get(&self, key: &str, with_body: bool) -> Result<Reply, Refusal> {
        let object = self.object(key).ok_or_else(|| Refusal::new(404, "not_found", "Object not found"))?;
        let etag = format!("\"{:016x}\"", hash(&[&object.bytes]));
        let body = if with_body { object.bytes } else { Bytes::new() };
        Ok(Reply::whole(200, &object.content_type, body)
            .with_header("etag", etag)
            .with_header("cache-control", "max-age=3600"))
    }

    fn remove(&self, key: &str) -> Result<Reply, Refusal> {
        let removed = self.open().remove(&key.to_owned());
        removed.ok_or_else(|| Refusal::new(404, "not_found", "Object not found"))?;
        Ok(Reply::json(200, &json!({"message": "Successfully deleted"})))
    }

    /// The list in the body; what is not there is passed over.
    fn remove_many(&self, call: &Call) -> Result<Reply, Refusal> {
        let body = call.json().unwrap_or(&Value::Null);
        let Some(prefixes) = body["prefixes"].as_array() else {
            return Err(Refusal::new(400, "Error", "body must have required property 'prefixes'"));
        };
        let mut objects = self.open();
        let names = prefixes.iter().filter_map(Value::as_str);
        let gone = names.filter(|key| objects.remove(&(*key).to_owned()).is_some());
        let listed: Vec<Value> = gone.map(|key| json!({"name": key, "bucket_id": self.bucket})).collect();
        Ok(Reply::json(200, &json!(listed)))
    }
}

/// A name in the shape of a UUID.
fn object_id(key: &str) -> String {
    let hex = format!("{:016x}{:016x}", hash(&[key.as_bytes()]), hash(&[b"id", key.as_bytes()]));
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

impl Stub for Storage {
    fn name(&self) -> &'static str {
        "storage"
    }

    fn serves(&self, path: &str) -> bool {
        path.starts_with("/storage/v1/")
    }

    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn task(&self, call: &Call) -> String {
        let word = match call.method.as_str() {
            "POST" | "PUT" => "storage.put",
            "GET" => "storage.get",
            "HEAD" => "storage.head",
            "DELETE" => "storage.delete",
            _ => "unknown",
        };
        word.to_owned()
    }

    fn reply(&self, call: &Call, turn: &Turn) -> Result<Reply, Refusal> {
        match keys::other(call.bearer()) {
            Key::Stub => {}
            Key::Missing => {
                return Err(Refusal::new(403, "Unauthorized", "headers must have required property 'authorization'"));
            }
            Key::Real => return Err(Refusal::new(403, "Unauthorized", REAL_KEY)),
            Key::Unknown => return Err(Refusal::new(403, "Unauthorized", "Invalid Compact JWS")),
        }
        if call.is_too_large() {
            return Err(Refusal::new(413, "Payload too large", "The object exceeded the maximum allowed size"));
        }
        let rest = call.path.strip_prefix("/storage/v1/").unwrap_or_default();
        if let Some(bucket) = rest.strip_prefix("bucket/") {
            self.check_bucket(bucket)?;
            turn.spare()?;
            return Ok(Reply::json(200, &json!({"id": bucket, "name": bucket, "public": false})));
        }
        let rest = rest.strip_prefix("object/").ok_or_else(|| Refusal::new(404, "Not Found", "Route not found"))?;
        let rest = rest.strip_prefix("authenticated/").unwrap_or(rest);
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        self.check_bucket(bucket)?;
        if key.split('/').any(|part| part == "..") || key.contains("//") {
            return Err(Refusal::new(400, "InvalidKey", format!("Invalid key: {key}")));
        }
        turn.spare()?;
        match (call.method.as_str(), key) {
            ("DELETE", "") => self.remove_many(call),
            (_, "") => Err(Refusal::new(404, "Not Found", "Route not found")),
            ("POST" | "PUT", key) => self.put(call, key),
            ("GET", key) => self.get(key, true),
            ("HEAD", key) => self.get(key, false),
            ("DELETE", key) => self.remove(key),
            _ => Err(Refusal::new(404, "Not Found", "Route not found")),
        }
    }

    /// The service says 400 and puts the real status into the body; only its own failures show as they are.
    fn refuse(&self, refusal: &Refusal, _turn: &Turn) -> Reply {
        let status = if refusal.injected || refusal.status == 413 { refusal.status } else { 400 };
        let body = json!({
            "statusCode": refusal.status.to_string(),
            "error": if refusal.code.is_empty() { "Error" } else { refusal.code },
            "message": refusal.message,
        });
        Reply::json(status, &body)
    }
}

impl Storage {
    fn check_bucket(&self, bucket: &str) -> Result<(), Refusal> {
        if bucket == self.bucket { Ok(()) } else { Err(Refusal::new(404, "Bucket not found", "Bucket not found")) }
    }
}
