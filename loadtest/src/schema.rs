//! Bodies held against the schemas that the document publishes: the first of each kind, and one in fifty after it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::api::{Api, Operation};

/// Of the bodies of one kind, each so-manieth is looked at.
const ONE_IN: u64 = 50;

/// Which bodies were seen, and the validators made for them.
#[derive(Debug, Default)]
pub struct Samples {
    seen: Mutex<HashMap<String, u64>>,
    made: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Samples {
    /// Whether the next body of this kind is to be looked at. Counts it.
    pub fn is_due(&self, kind: &str) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let count = seen.entry(kind.to_owned()).or_default();
        *count += 1;
        *count % ONE_IN == 1
    }

    /// What is wrong with a body, in words; none where it is as described.
    pub fn fault(
        &self,
        api: &Api,
        operation: &Operation,
        status: u16,
        media_type: &str,
        body: &[u8],
    ) -> Option<String> {
        let id = &operation.id;
        let Some((key, content)) = operation.described(status) else {
            return Some(format!("{id} answers {status}, which it does not describe"));
        };
        let Some(content) = content.as_object() else {
            return (!body.is_empty()).then(|| format!("{id} describes no body for {status}"));
        };
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        let described = content.iter().find(|(name, _)| name.split(';').next() == Some(media_type));
        let Some((_, described)) = described else {
            return Some(format!("{id} answers {status} as {media_type:?}"));
        };
        if !media_type.ends_with("json") {
            return None;
        }
        match serde_json::from_slice(body) {
            Ok(value) => self.judge(api, &format!("{id} {key}"), &described["schema"], &value),
            Err(error) => Some(format!("{id} {status}: {error}")),
        }
    }

    /// The same for one event of a stream.
    pub fn event_fault(&self, api: &Api, operation: &Operation, data: &str) -> Option<String> {
        let (_, content) = operation.described(200)?;
        let schema = &content["text/event-stream"]["schema"]["items"];
        match serde_json::from_str(data) {
            Ok(value) => self.judge(api, &format!("{}:event", operation.id), schema, &value),
            Err(error) => Some(format!("an event of {} is no JSON: {error}", operation.id)),
        }
    }

    fn judge(&self, api: &Api, name: &str, schema: &Value, value: &Value) -> Option<String> {
        let validator = match self.validator(api, name, schema) {
            Ok(validator) => validator,
            Err(words) => return Some(format!("{name}: its schema is none: {words}")),
        };
        let fault = validator.iter_errors(value).next()?;
        // Without the value itself: a report has sixty thousand letters.
        Some(format!("{name}: {} at {}", fault.masked(), fault.instance_path()))
    }

    fn validator(&self, api: &Api, name: &str, schema: &Value) -> Result<Arc<Validator>, String> {
        let mut all = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = all.get(name) {
            return Ok(Arc::clone(validator));
        }
        let mut whole = json!({"allOf": [schema], "components": {"schemas": api.components()}});
        modernise(&mut whole);
        let made = Arc::new(jsonschema::validator_for(&whole).map_err(|error| error.to_string())?);
        all.insert(name.to_owned(), Arc::clone(&made));
        Ok(made)
    }
}

/// OpenAPI 3.0 says `nullable` where JSON Schema lists the null.
fn modernise(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.values_mut().for_each(modernise);
            if fields.remove("nullable") == Some(json!(true)) {
                let other = Value::Object(std::mem::take(fields));
                fields.insert("anyOf".into(), json!([other, {"type": "null"}]));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(modernise),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{ONE_IN, Samples};
    use crate::api::Api;

    #[test]
    fn the_first_and_one_in_fifty_are_looked_at() {
        let samples = Samples::default();
        let due: Vec<u64> = (1..=101).filter(|_| samples.is_due("order_view 200")).collect();
        assert_eq!(due, [1, 1 + ONE_IN, 1 + 2 * ONE_IN]);
        assert!(samples.is_due("order_view 404"), "each kind is counted by itself");
    }

    #[test]
    fn a_body_that_breaks_its_schema_is_found() {
        let (samples, api) = (Samples::default(), Api::published());
        let operation = api.operation("order_create");
        let judge = |status, kind: &str, body: &str| samples.fault(api, operation, status, kind, body.as_bytes());
        let good = r#"{"order_id":"01890000-0000-7000-8000-000000000000","checkout_url":"http://x"}"#;
        assert_eq!(judge(201, "application/json", good), None);
        assert!(judge(201, "application/json", r#"{"order_id":"x"}"#).expect("a fault").contains("checkout_url"));
        assert!(judge(201, "text/html", good).expect("a fault").contains("text/html"));
        assert!(judge(202, "application/json", good).expect("a fault").contains("does not describe"));
        assert!(judge(404, "application/problem+json", "{").is_some());
    }

    #[test]
    fn an_event_is_held_against_its_schema() {
        let (samples, api) = (Samples::default(), Api::published());
        let operation = api.operation("report_follow");
        let good = r#"{"seq":1,"at":"2026-11-27T10:00:00Z","kind":"progress","progress":5,"payload":{}}"#;
        assert_eq!(samples.event_fault(api, operation, good), None);
        assert!(samples.event_fault(api, operation, r#"{"seq":1}"#).is_some());
    }
}
