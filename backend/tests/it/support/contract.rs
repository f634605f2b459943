//! The API's own description, held against what it does: which address an operation has, and what it may answer.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

/// One operation, as the document describes it.
pub struct Operation {
    pub id: String,
    pub method: Method,
    /// With its parameters in braces.
    pub path: String,
    pub about: Value,
}

/// Every operation by its id.
pub fn operations() -> &'static BTreeMap<String, Operation> {
    static ALL: OnceLock<BTreeMap<String, Operation>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = BTreeMap::new();
        for (path, methods) in document()["paths"].as_object().expect("paths") {
            for (method, about) in methods.as_object().expect("methods") {
                let id = about["operationId"].as_str().expect("an id").to_owned();
                let method = method.to_uppercase().parse().expect("a method");
                all.insert(id.clone(), Operation { id, method, path: path.clone(), about: about.clone() });
            }
        }
        all
    })
}

/// The document as the program describes itself.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(crb_backend::api::document)
}

impl Operation {
    pub fn named(id: &str) -> &'static Self {
        operations().get(id).unwrap_or_else(|| panic!("the document knows no operation {id}"))
    }

    /// The names of the schemes that open it; none for everybody.
    pub fn schemes(&self) -> Vec<&str> {
        let ways = self.about["security"].as_array().into_iter().flatten();
        ways.filter_map(Value::as_object).flat_map(|way| way.keys().map(String::as_str)).collect()
    }

    /// What it answered must be what it says that it answers.
    #[track_caller]
    pub fn judge(&self, status: u16, content_type: &str, body: &[u8]) {
        let (id, range) = (&self.id, format!("{}XX", status / 100));
        let responses = self.about["responses"].as_object().expect("responses");
        let exact = status.to_string();
        let said = [exact.as_str(), range.as_str()].into_iter().find(|key| responses.contains_key(*key));
        let said = said.unwrap_or_else(|| panic!("{id} answers {status}, which it does not describe"));
        let Some(content) = responses[said].get("content").and_then(Value::as_object) else {
            return assert!(body.is_empty(), "{id} describes no body for {status}: {}", String::from_utf8_lossy(body));
        };
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let described = content.keys().find(|key| key.split(';').next() == Some(media_type));
        let described = described.unwrap_or_else(|| panic!("{id} answers {status} as {content_type:?}"));
        if !media_type.ends_with("json") {
            return;
        }
        let value: Value = serde_json::from_slice(body).unwrap_or_else(|error| panic!("{id} {status}: {error}"));
        let validator = validator(id, said, &content[described]["schema"]);
        if let Some(fault) = validator.iter_errors(&value).next() {
            panic!("{id} {status}: {} at {}", fault, fault.instance_path());
        }
    }
}

fn validator(id: &str, status: &str, schema: &Value) -> Arc<Validator> {
    static MADE: OnceLock<Mutex<HashMap<String, Arc<Validator>>>> = OnceLock::new();
    let key = format!("{id} {status}");
    let mut made = MADE.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    let make = || {
        let mut whole = json!({"allOf": [schema], "components": {"schemas": document()["components"]["schemas"]}});
        modernise(&mut whole);
        Arc::new(jsonschema::validator_for(&whole).expect("the document's schemas are schemas"))
    };
    Arc::clone(made.entry(key).or_insert_with(make))
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
