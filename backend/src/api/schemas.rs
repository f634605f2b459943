//! Bodies are described by schemars, operations by poem-openapi: here the two meet.
//!
//! poem-openapi's registry can only hold its own schema type. So a body's schema, with everything it refers to, travels
//! through the registry inside an otherwise empty schema's `default`; `document` takes it out again.

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// Which side writes the body: a field that may be left out of a response is not one that may be null.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Request,
    Response,
}

/// A reference to the body's schema by name.
pub(super) fn reference<T: JsonSchema>() -> MetaSchemaRef {
    if T::inline_schema() { inline(MetaSchema::ANY) } else { MetaSchemaRef::Reference(T::schema_name().into_owned()) }
}

pub(super) fn inline(schema: MetaSchema) -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(schema))
}

/// Puts the body's schema, and those it refers to, into the registry.
pub(super) fn register<T: JsonSchema>(registry: &mut Registry, side: Use) {
    if !T::inline_schema() {
        let name = T::schema_name().into_owned();
        registry.create_schema::<T, _>(name, |_| MetaSchema {
            default: Some(Value::Object(components::<T>(side))),
            ..MetaSchema::ANY
        });
    }
}

/// Takes the schemas that `register` put in out of the finished document's components.
pub(super) fn unpack(packed: &Map<String, Value>) -> Map<String, Value> {
    let mut schemas = Map::new();
    for parts in packed.values().filter_map(|schema| schema["default"].as_object()) {
        for (name, schema) in parts {
            let known = schemas.entry(name).or_insert_with(|| schema.clone());
            assert!(known == schema, "two different bodies are called {name}: rename one of them");
        }
    }
    schemas
}

fn components<T: JsonSchema>(side: Use) -> Map<String, Value> {
    let settings = SchemaSettings::openapi3();
    let settings = match side {
        Use::Request => settings.for_deserialize(),
        Use::Response => settings.for_serialize(),
    };
    let mut generator = settings.into_generator();
    generator.subschema_for::<T>();
    let mut parts = generator.take_definitions(true);
    for schema in parts.values_mut() {
        if side == Use::Response {
            drop_nulls(schema);
        }
    }
    parts
}

/// We leave an empty field out and never send null for it, so the schema must not say `nullable`.
fn drop_nulls(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    let required: Vec<String> =
        map.get("required").and_then(|names| serde_json::from_value(names.clone()).ok()).unwrap_or_default();
    if let Some(properties) = map.get_mut("properties").and_then(Value::as_object_mut) {
        for (name, property) in properties.iter_mut() {
            drop_nulls(property);
            if !required.contains(name) {
                without_null(property);
            }
        }
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = map.get_mut(key) {
            drop_nulls(inner);
        }
    }
}

fn without_null(property: &mut Value) {
    let Some(map) = property.as_object_mut() else { return };
    map.remove("nullable");
    let Some(Value::Array(mut choices)) = map.remove("anyOf") else { return };
    choices.retain(|choice| choice["nullable"] != json!(true));
    match (choices.len(), map.is_empty()) {
        (1, true) => *property = choices.remove(0),
        // A reference may have no siblings, so a described one stands in `allOf`.
        (1, false) => drop(map.insert("allOf".into(), choices.into())),
        _ => drop(map.insert("anyOf".into(), choices.into())),
    }
}
