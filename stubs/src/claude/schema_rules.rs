//! Which JSON Schemas `output_config.format` accepts: a subset. What bounds a value is refused by the service, so a
//! client takes it out before it asks (and may say it in the description) and checks the answer itself.

use serde_json::{Map, Value};

const NUMBERS: [&str; 5] = ["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"];
const STRINGS: [&str; 2] = ["maxLength", "minLength"];
const ARRAYS: [&str; 6] = ["contains", "maxContains", "maxItems", "minContains", "prefixItems", "uniqueItems"];
const OBJECTS: [&str; 4] = ["maxProperties", "minProperties", "patternProperties", "propertyNames"];
const NOWHERE: [&str; 6] = ["oneOf", "not", "if", "then", "else", "dependentSchemas"];
const FORMATS: [&str; 10] =
    ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];

pub(super) fn check(root: &Value) -> Result<(), String> {
    look(root, root, &mut Vec::new())
}

fn look<'a>(root: &'a Value, schema: &'a Value, open: &mut Vec<&'a str>) -> Result<(), String> {
    let Value::Object(object) = schema else { return Err("a schema must be an object".to_owned()) };
    if let Some(word) = NOWHERE.iter().find(|word| object.contains_key(**word)) {
        return Err(format!("'{word}' is not supported"));
    }
    if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
        return follow(root, reference, open);
    }
    for kind in kinds(object) {
        check_words(kind, object)?;
    }
    let children = |name: &str| object.get(name).and_then(Value::as_object).into_iter().flat_map(Map::values);
    let list = |name: &str| object.get(name).and_then(Value::as_array).into_iter().flatten();
    let below = children("properties").chain(object.get("items")).chain(list("anyOf")).chain(list("allOf"));
    for child in below {
        look(root, child, open)?;
    }
    Ok(())
}

fn follow<'a>(root: &'a Value, reference: &'a str, open: &mut Vec<&'a str>) -> Result<(), String> {
    let Some(target) = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer)) else {
        return Err(format!("'{reference}' does not resolve inside the schema"));
    };
    if open.contains(&reference) {
        return Err(format!("Circular reference detected in schema definitions: {reference}"));
    }
    open.push(reference);
    look(root, target, open)?;
    open.pop();
    Ok(())
}

fn kinds(object: &Map<String, Value>) -> Vec<&str> {
    match object.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ if object.contains_key("properties") => vec!["object"],
        _ => Vec::new(),
    }
}

fn check_words(kind: &str, object: &Map<String, Value>) -> Result<(), String> {
    let refused: &[&str] = match kind {
        "integer" | "number" => &NUMBERS,
        "string" => &STRINGS,
        "array" => &ARRAYS,
        "object" => &OBJECTS,
        "boolean" | "null" => &[],
        other => return Err(format!("type '{other}' is not supported")),
    };
    let found: Vec<&str> = refused.iter().copied().filter(|word| object.contains_key(*word)).collect();
    match found.as_slice() {
        [] => {}
        [word] => return Err(format!("For '{kind}' type, property '{word}' is not supported")),
        words => return Err(format!("For '{kind}' type, properties {} are not supported", words.join(", "))),
    }
    match kind {
        "array" if object.get("minItems").is_some_and(|least| !matches!(least.as_u64(), Some(0 | 1))) => {
            Err("For 'array' type, 'minItems' values other than 0 or 1 are not supported".to_owned())
        }
        "object" if object.get("additionalProperties") != Some(&Value::Bool(false)) => {
            Err("For 'object' type, 'additionalProperties' must be explicitly set to false".to_owned())
        }
        "string" => match object.get("format").and_then(Value::as_str) {
            Some(format) if !FORMATS.contains(&format) => Err(format!("String format '{format}' is not supported")),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use serde_json::{Value, json};

    fn object(properties: &Value) -> Value {
        json!({"type": "object", "additionalProperties": false, "properties": properties})
    }

    #[test]
    fn bounds_are_refused_by_name() {
        let table = [
            (
                json!({"type": "integer", "minimum": 1, "maximum": 10}),
                "For 'integer' type, properties maximum, minimum are not supported",
            ),
            (json!({"type": "string", "maxLength": 90}), "For 'string' type, property 'maxLength' is not supported"),
            (
                json!({"type": ["string", "null"], "minLength": 1}),
                "For 'string' type, property 'minLength' is not supported",
            ),
            (
                json!({"type": "array", "items": {"type": "string"}, "minItems": 2}),
                "For 'array' type, 'minItems' values other than 0 or 1 are not supported",
            ),
            (
                json!({"type": "array", "items": {"type": "string"}, "maxItems": 2}),
                "For 'array' type, property 'maxItems' is not supported",
            ),
            (
                json!({"type": "object", "properties": {}}),
                "For 'object' type, 'additionalProperties' must be explicitly set to false",
            ),
            (json!({"oneOf": [{"type": "string"}]}), "'oneOf' is not supported"),
            (json!({"$ref": "#/$defs/Away"}), "'#/$defs/Away' does not resolve inside the schema"),
            (json!({"type": "string", "format": "colour"}), "String format 'colour' is not supported"),
        ];
        for (schema, fault) in table {
            assert_eq!(check(&object(&json!({"x": schema}))), Err(fault.to_owned()), "{schema}");
        }
    }

    #[test]
    fn the_subset_is_accepted_and_a_circle_is_not() {
        let mut schema = object(&json!({
            "a": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/A"}},
            "b": {"anyOf": [{"$ref": "#/$defs/A"}, {"type": "null"}]},
            "c": {"type": "string", "enum": ["x"]},
        }));
        schema["$defs"] = json!({"A": {"type": "string", "format": "date"}});
        assert_eq!(check(&schema), Ok(()));
        schema["$defs"]["A"] = object(&json!({"again": {"$ref": "#/$defs/A"}}));
        assert!(check(&schema).is_err_and(|fault| fault.starts_with("Circular")));
    }
}
