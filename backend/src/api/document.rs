//! The API's description: what poem-openapi collects, completed and tidied. Needs no environment, database or network.

use serde_json::{Map, Value, json};

use super::{schemas, service};

/// The API's version, as its address says it.
pub(super) const VERSION: &str = "1";

const ABOUT: &str = "Quiz, free readiness score, one payment, and a report that is written while its buyer watches. \
                     Every refusal and every fault is an `application/problem+json` document; match on its `code`.";

/// The OpenAPI 3.0 document.
pub fn document() -> Value {
    let spec = service().description(ABOUT).server("/").spec();
    let mut document: Value = serde_json::from_str(&spec).expect("poem-openapi writes JSON");
    document["openapi"] = json!("3.0.3");
    let packed = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
    document["components"]["schemas"] = Value::Object(schemas::unpack(&packed));
    for (method, operation) in operations(&mut document) {
        complete(method, operation);
    }
    tidy(&mut document);
    document
}

fn operations(document: &mut Value) -> impl Iterator<Item = (&String, &mut Map<String, Value>)> {
    let paths = document["paths"].as_object_mut().expect("a document has paths");
    let methods = paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::iter_mut);
    methods.filter_map(|(method, operation)| Some((method, operation.as_object_mut()?)))
}

/// What the door adds to every operation: the request's id, and the short answer to a reader who has it all already.
fn complete(method: &str, operation: &mut Map<String, Value>) {
    let responses = operation["responses"].as_object_mut().expect("an operation has responses");
    rename_headers(responses);
    let tag = responses.get("200").and_then(|ok| ok["headers"].get("ETag")).cloned();
    if let Some(tag) = tag
        && method == "get"
    {
        let unchanged =
            json!({ "description": "Unchanged since the version in `If-None-Match`", "headers": { "ETag": tag } });
        responses.insert("304".into(), unchanged);
    }
    for response in responses.values_mut() {
        response["headers"]["X-Request-Id"] =
            json!({ "description": "Names this call", "required": true, "schema": { "type": "string" } });
    }
    if responses.contains_key("304") {
        let parameters = operation.entry("parameters").or_insert_with(|| json!([])).as_array_mut();
        parameters.expect("parameters are a list").push(json!({
            "name": "If-None-Match",
            "in": "header",
            "description": "The `ETag` of the version that the caller holds",
            "required": false,
            "schema": { "type": "string" },
        }));
    }
}

/// poem-openapi writes the names of headers in capitals.
fn rename_headers(responses: &mut Map<String, Value>) {
    for response in responses.values_mut() {
        let Some(headers) = response.get_mut("headers").and_then(Value::as_object_mut) else { continue };
        *headers = std::mem::take(headers).into_iter().map(|(name, header)| (spelled(&name), header)).collect();
    }
}

fn spelled(name: &str) -> String {
    if name.eq_ignore_ascii_case("etag") {
        return "ETag".into();
    }
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + &letters.as_str().to_ascii_lowercase())
    };
    name.split('-').filter_map(capital).collect::<Vec<_>>().join("-")
}

/// Takes out what says nothing, and writes whole numbers as whole numbers.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("deprecated") == Some(&json!(false)) {
                map.remove("deprecated");
            }
            if map.contains_key("in") && map.contains_key("schema") {
                map.remove("explode");
            }
            for key in ["minimum", "maximum", "multipleOf"] {
                if let Some(number) = map.get_mut(key).filter(|number| number.is_f64())
                    && let Some(whole) = number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e15)
                {
                    *number = json!(whole as i64);
                }
            }
            map.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    found.push(reference.clone());
                }
                map.values().for_each(|inner| references(inner, found));
            }
            Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 50);
        for reference in found {
            let pointer = reference.strip_prefix('#').expect("a local reference");
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }

    #[test]
    fn every_operation_is_named_grouped_described_and_says_how_it_fails() {
        let mut document = document();
        let mut ids = std::collections::BTreeSet::new();
        for (_, operation) in operations(&mut document) {
            let id = operation["operationId"].as_str().expect("an id").to_owned();
            assert!(
                id.split('_').count() >= 2 && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
                "{id}"
            );
            assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{id}");
            assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 3), "{id}");
            for range in ["4XX", "5XX"] {
                let content = operation["responses"][range]["content"].as_object().expect("a problem");
                assert_eq!(content.keys().collect::<Vec<_>>(), ["application/problem+json"], "{id}");
            }
            for response in operation["responses"].as_object().expect("responses").values() {
                assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{id}");
            }
            assert!(ids.insert(id.clone()), "{id} names two operations");
        }
        assert!(ids.len() > 35, "{ids:?}");
    }

    #[test]
    fn media_types_headers_and_bounds_are_spelled_as_clients_read_them() {
        let text = document().to_string();
        assert!(!text.contains("application/json;"), "a media type without parameters");
        for shouted in ["\"ETAG\"", "\"LOCATION\"", "\"RETRY-AFTER\"", "\"SET-COOKIE\""] {
            assert!(!text.contains(shouted), "{shouted}");
        }
        let list = &document()["paths"]["/api/v1/vendors"]["get"];
        let limit = list["parameters"].as_array().expect("parameters").iter().find(|p| p["name"] == "limit");
        assert_eq!(limit.expect("a limit")["schema"]["minimum"], json!(1));
        assert_eq!(limit.expect("a limit")["schema"]["maximum"], json!(100));
        assert!(list["responses"]["304"].is_object());
    }

    #[test]
    fn an_optional_field_of_a_response_is_left_out_and_never_null() {
        let order = &document()["components"]["schemas"]["OrderView"];
        assert!(order["properties"]["report_id"].get("nullable").is_none());
        assert!(!order["required"].as_array().expect("required fields").contains(&json!("report_id")));
        assert!(order["required"].as_array().expect("required fields").contains(&json!("status")));
    }

    #[test]
    fn it_is_the_same_every_time() {
        assert_eq!(document().to_string(), document().to_string());
    }
}
