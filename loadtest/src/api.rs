//! The product's operations by their ids, as its own document publishes them: no journey knows a path or a method.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use serde_json::Value;

const DOCUMENT: &str = include_str!("../../backend/openapi.json");

/// What may stand in a path's part as it is.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

static PUBLISHED: LazyLock<Api> = LazyLock::new(|| {
    // The document is generated, committed and checked; one that cannot be read is a broken build.
    Api::read(serde_json::from_str(DOCUMENT).expect("the committed document is JSON"))
});

#[derive(Debug)]
pub struct Api {
    operations: BTreeMap<String, Operation>,
    document: Value,
}

#[derive(Debug)]
pub struct Operation {
    pub id: String,
    pub method: Method,
    /// With its parameters in braces.
    pub path: String,
    responses: Value,
}

impl Api {
    pub fn published() -> &'static Self {
        &PUBLISHED
    }

    fn read(document: Value) -> Self {
        let mut operations = BTreeMap::new();
        for (path, methods) in document["paths"].as_object().into_iter().flatten() {
            for (method, about) in methods.as_object().into_iter().flatten() {
                let (Some(id), Ok(method)) = (about["operationId"].as_str(), method.to_uppercase().parse()) else {
                    continue;
                };
                let operation =
                    Operation { id: id.to_owned(), method, path: path.clone(), responses: about["responses"].clone() };
                operations.insert(id.to_owned(), operation);
            }
        }
        Self { operations, document }
    }

    pub fn find(&self, id: &str) -> Option<&Operation> {
        self.operations.get(id)
    }

    /// Panics on an id that the document does not know: the journey that names it was written for another product.
    pub fn operation(&self, id: &str) -> &Operation {
        self.find(id).unwrap_or_else(|| panic!("the document knows no operation {id}"))
    }

    /// The schemas that others refer to.
    pub fn components(&self) -> &Value {
        &self.document["components"]["schemas"]
    }
}

impl Operation {
    /// The address below an origin. Panics where an argument is missing, as the journey's own mistake.
    pub fn target(&self, arguments: &[(&str, &str)]) -> String {
        let mut target = self.path.clone();
        for (name, value) in arguments {
            target = target.replace(&format!("{{{name}}}"), &utf8_percent_encode(value, PART).to_string());
        }
        assert!(!target.contains('{'), "{} is called without its arguments: {target}", self.id);
        target
    }

    /// What the document says of a status: the entry's key and the described bodies by media type.
    pub fn described(&self, status: u16) -> Option<(&str, &Value)> {
        let range = format!("{}XX", status / 100);
        let responses = self.responses.as_object()?;
        let (key, said) = responses.get_key_value(&status.to_string()).or_else(|| responses.get_key_value(&range))?;
        Some((key, &said["content"]))
    }
}

#[cfg(test)]
mod tests {
    use super::Api;

    #[test]
    fn an_operation_is_found_by_its_id_and_knows_its_address() {
        let operation = Api::published().operation("session_answer");
        assert_eq!(operation.method, reqwest::Method::PATCH);
        assert_eq!(operation.target(&[("id", "a/b c")]), "/api/v1/quiz/sessions/a%2Fb%20c");
    }

    #[test]
    fn a_status_is_described_exactly_or_by_its_range() {
        let operation = Api::published().operation("report_view");
        assert_eq!(operation.described(202).expect("described").0, "202");
        assert_eq!(operation.described(404).expect("described").0, "4XX");
        assert!(operation.described(303).is_none());
    }

    #[test]
    #[should_panic(expected = "no operation report_burn")]
    fn an_unknown_operation_is_the_journeys_mistake() {
        Api::published().operation("report_burn");
    }

    #[test]
    #[should_panic(expected = "without its arguments")]
    fn a_missing_argument_is_the_journeys_mistake() {
        Api::published().operation("report_view").target(&[]);
    }
}
