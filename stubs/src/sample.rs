//! Content made from a JSON Schema and the facts of the request: valid by the schema, plausible to a reader.
//!
//! The facts may steer it: `allowed` (property → values it may take), `distinct` (properties that never repeat),
//! `subjects` (id → what it stands for: `title`, `caution`) and `plan` (array → length). Bounds are read from the
//! schema's keywords and, because the real API refuses those, also from `{maxLength: 90}` in the description.

mod bounds;
mod hints;
mod prose;

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::dice::Dice;
use bounds::Bounds;
use prose::Voice;

/// How the content is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plausible,
    /// As little as the schema allows.
    Minimal,
    /// The customer's own text in every prose field.
    Obedient,
}

/// A value that the schema accepts; the same arguments give the same value.
pub fn sample(schema: &Value, facts: &Value, seed: u64, style: Style) -> Value {
    let mut sampler = Sampler {
        root: schema,
        facts,
        style,
        dice: Dice::new(seed),
        taken: HashSet::new(),
        voice: Voice::new(facts, style == Style::Obedient),
    };
    // A question about one thing says so, and then everything in the answer is about it.
    let about = ["finding", "opportunity", "subject"].iter().find(|name| facts[**name]["title"].is_string());
    let subject = about.map(|name| facts[*name].clone());
    sampler.value(schema, &Place { subject, ..Place::default() })
}

struct Sampler<'a> {
    root: &'a Value,
    facts: &'a Value,
    style: Style,
    dice: Dice,
    /// Property and value, of the properties that never repeat.
    taken: HashSet<(String, String)>,
    voice: Voice,
}

/// Where in the document a value stands.
#[derive(Debug, Clone, Default)]
struct Place {
    name: String,
    /// The names above, outermost first.
    above: Vec<String>,
    /// What the surrounding object is about, from `facts.subjects`.
    subject: Option<Value>,
    /// Whether the item advises against; none where that is no question.
    declined: Option<bool>,
    /// The item's number, and of how many.
    item: Option<(usize, usize)>,
}

impl Place {
    fn inside(&self, name: &str) -> Self {
        let mut above = self.above.clone();
        above.push(self.name.clone());
        Self { name: name.to_owned(), above, item: None, ..self.clone() }
    }
}

const MOST_DEPTH: usize = 32;

impl Sampler<'_> {
    fn value(&mut self, schema: &Value, place: &Place) -> Value {
        if place.above.len() > MOST_DEPTH {
            return Value::Null;
        }
        let schema = &self.resolve(schema);
        if let Some(only) = schema.get("const") {
            return only.clone();
        }
        if let Some(branches) = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array) {
            return self.branch(branches, place);
        }
        let kind = self.kind(schema, place);
        if !matches!(kind, "object" | "array")
            && let Some(value) = self.allowed(schema, place)
        {
            return value;
        }
        if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
            return self.choose(choices, place);
        }
        let bounds = Bounds::of(schema);
        match kind {
            "object" => self.object(schema, place),
            "array" => self.array(schema, &bounds, place),
            "string" => self.string(schema, &bounds, place),
            "integer" => json!(self.integer(&bounds, place)),
            "number" => self.number(&bounds, place),
            "boolean" => json!(self.style != Style::Minimal && self.dice.chance(0.7)),
            _ => Value::Null,
        }
    }

    /// Follows references and folds `allOf` into one schema.
    fn resolve(&self, schema: &Value) -> Value {
        let mut schema = schema.clone();
        for _ in 0..MOST_DEPTH {
            let reference = schema.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
            let Some(target) = reference.and_then(|pointer| self.root.pointer(pointer)) else { break };
            let beside = schema.as_object().cloned().unwrap_or_default();
            schema = target.clone();
            fold(&mut schema, &beside.into_iter().filter(|(key, _)| key != "$ref").collect());
        }
        if let Some(Value::Array(parts)) = schema.get("allOf").cloned() {
            for part in &parts {
                let part = self.resolve(part);
                fold(&mut schema, part.as_object().unwrap_or(&Map::new()));
            }
            schema.as_object_mut().and_then(|object| object.remove("allOf"));
        }
        schema
    }

    fn branch(&mut self, branches: &[Value], place: &Place) -> Value {
        let is_null = |branch: &&Value| branch["type"] == "null" || branch.get("const") == Some(&Value::Null);
        let nullable = branches.iter().any(|branch| is_null(&branch));
        let real: Vec<&Value> = branches.iter().filter(|branch| !is_null(branch)).collect();
        if real.is_empty() || (nullable && !self.wants(place)) {
            return Value::Null;
        }
        // An enum whose words have descriptions comes as one branch a word.
        let words: Vec<Value> = real.iter().filter_map(|branch| branch.get("const").cloned()).collect();
        if words.len() == real.len() {
            let choices = json!({"enum": words});
            return self.value(&choices, place);
        }
        let index = if self.style == Style::Minimal { 0 } else { self.dice.below(real.len()) };
        self.value(real[index], place)
    }

    fn kind<'s>(&mut self, schema: &'s Value, place: &Place) -> &'s str {
        match schema.get("type") {
            Some(Value::String(kind)) => kind,
            Some(Value::Array(kinds)) => {
                let nullable = kinds.iter().any(|kind| kind == "null");
                if nullable && !self.wants(place) {
                    return "null";
                }
                kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null")
            }
            _ if schema.get("properties").is_some() => "object",
            _ if schema.get("items").is_some() => "array",
            _ => "string",
        }
    }

    /// Whether a value that may be missing is there.
    fn wants(&mut self, place: &Place) -> bool {
        if self.style == Style::Minimal {
            return false;
        }
        match place.declined {
            Some(declined) if hints::explains_a_no(&place.name) => declined,
            _ => self.dice.chance(0.9),
        }
    }

    /// A value from the facts' list for this property.
    fn allowed(&mut self, schema: &Value, place: &Place) -> Option<Value> {
        let offered = self.facts["allowed"].get(&place.name)?.as_array()?;
        let within = schema.get("enum").and_then(Value::as_array);
        let fits: Vec<Value> =
            offered.iter().filter(|value| within.is_none_or(|choices| choices.contains(value))).cloned().collect();
        let free: Vec<Value> = fits.iter().filter(|value| self.is_free(&place.name, value)).cloned().collect();
        let value = self.dice.pick(if free.is_empty() { &fits } else { &free })?.clone();
        self.take(&place.name, &value);
        Some(value)
    }

    fn is_distinct(&self, name: &str) -> bool {
        self.facts["distinct"].as_array().is_some_and(|names| names.iter().any(|distinct| distinct == name))
    }

    fn is_free(&self, name: &str, value: &Value) -> bool {
        !self.taken.contains(&(name.to_owned(), value.to_string()))
    }

    fn take(&mut self, name: &str, value: &Value) {
        if self.is_distinct(name) {
            self.taken.insert((name.to_owned(), value.to_string()));
        }
    }

    fn choose(&mut self, choices: &[Value], place: &Place) -> Value {
        if let Some(known) = place.subject.as_ref().and_then(|subject| subject.get(&place.name))
            && choices.contains(known)
        {
            return known.clone();
        }
        // `benchmark:no-show` is a benchmark: an id may begin with the word for its kind.
        let ids = place.subject.as_ref().and_then(|subject| subject["id"].as_str()).unwrap_or_default();
        let named = |choice: &&Value| choice.as_str().is_some_and(|word| hints::begins_with(ids, word));
        if let Some(kind) = choices.iter().find(named) {
            return kind.clone();
        }
        // As many items as words: one of each, in order.
        let one_of_each = place.name == "kind" || self.is_distinct(&place.name);
        if let Some((index, of)) = place.item
            && of == choices.len()
            && one_of_each
        {
            return choices[index].clone();
        }
        let free: Vec<Value> = choices.iter().filter(|value| self.is_free(&place.name, value)).cloned().collect();
        let value = self.dice.pick(if free.is_empty() { choices } else { &free }).cloned().unwrap_or(Value::Null);
        self.take(&place.name, &value);
        value
    }

    fn object(&mut self, schema: &Value, place: &Place) -> Value {
        let none = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
        let required = schema.get("required").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut place = place.clone();
        let mut made = Map::new();
        // Ids first: they say what the rest is about.
        let (ids, rest): (Vec<_>, Vec<_>) =
            properties.iter().partition(|(name, _)| self.facts["allowed"].get(*name).is_some());
        for (name, property) in ids.into_iter().chain(rest) {
            let below = Place { item: place.item, ..place.inside(name) };
            if !required.iter().any(|wanted| wanted == name) && !self.wants(&below) {
                continue;
            }
            let value = self.value(property, &below);
            if let Some(id) = value.as_str()
                && self.facts["allowed"].get(name).is_some()
            {
                let subject = self.subject(id);
                // The facts may say themselves which subjects are warned against.
                if place.declined.is_some() && self.warns() {
                    place.declined = Some(subject["caution"] == true);
                }
                place.subject = Some(subject);
            }
            made.insert(name.clone(), value);
        }
        for name in required.iter().filter_map(Value::as_str) {
            if !made.contains_key(name) {
                let value = self.value(&json!({}), &place.inside(name));
                made.insert(name.to_owned(), value);
            }
        }
        Value::Object(made)
    }

    fn warns(&self) -> bool {
        self.facts["subjects"].as_object().is_some_and(|subjects| subjects.values().any(|one| one["caution"] == true))
    }

    fn subject(&self, id: &str) -> Value {
        let mut subject = self.facts["subjects"].get(id).cloned().unwrap_or_else(|| json!({}));
        if subject.is_object() && subject.get("id").is_none() {
            subject["id"] = json!(id);
        }
        subject
    }

    fn array(&mut self, schema: &Value, bounds: &Bounds, place: &Place) -> Value {
        let any = json!({});
        let items = schema.get("items").unwrap_or(&any);
        let inner = self.resolve(items);
        let length = self.length(&inner, bounds, place);
        let declined = hints::declined_items(&place.name, length, &self.facts["plan"]);
        let mut made: Vec<Value> = Vec::with_capacity(length);
        for index in 0..length {
            let mut below = place.inside(&place.name);
            below.item = Some((index, length));
            below.declined = declined.map_or(place.declined, |count| Some(index + count >= length));
            let mut value = self.value(items, &below);
            // Lists of ids and of sentences do not say anything twice, as far as there is enough to say.
            for _ in 0..24 {
                if !made.contains(&value) || !(bounds.unique || value.is_string()) {
                    break;
                }
                value = self.value(items, &below);
            }
            if bounds.unique && made.contains(&value) {
                break;
            }
            made.push(value);
        }
        Value::Array(made)
    }

    fn length(&mut self, inner: &Value, bounds: &Bounds, place: &Place) -> usize {
        let least = bounds.least_items;
        if self.style == Style::Minimal {
            return least;
        }
        let default = hints::usual_length(&place.name);
        let most = bounds.most_items.unwrap_or_else(|| default.1.max(least));
        let planned = self.facts["plan"].get(&place.name).and_then(Value::as_u64);
        let kinds = inner["properties"]["kind"].clone();
        let kinds = self.resolve(&kinds);
        let kinds = kinds.get("enum").and_then(Value::as_array).map(Vec::len);
        let length = match (planned, kinds) {
            (Some(planned), _) => planned as usize,
            (None, Some(kinds)) if place.name == "options" => kinds,
            _ => {
                let shortest = default.0.max(least);
                shortest + self.dice.below(default.1.min(most).saturating_sub(shortest) + 1)
            }
        };
        self.offered(inner, place).map_or(length, |offered| length.min(offered)).clamp(least, most.max(least))
    }

    /// How many items the facts can still fill without repeating an id.
    fn offered(&self, inner: &Value, place: &Place) -> Option<usize> {
        let count = |name: &str| {
            let values = self.facts["allowed"].get(name)?.as_array()?;
            Some(values.iter().filter(|value| self.is_free(name, value)).count())
        };
        match inner["properties"].as_object() {
            Some(properties) => {
                properties.keys().filter(|name| self.is_distinct(name)).filter_map(|name| count(name)).min()
            }
            None => count(&place.name),
        }
    }

    fn string(&mut self, schema: &Value, bounds: &Bounds, place: &Place) -> Value {
        if let Some(format) = schema.get("format").and_then(Value::as_str)
            && let Some(text) = hints::formatted(format)
        {
            return json!(text);
        }
        let most = bounds.most_letters.unwrap_or_else(|| hints::usual_letters(&place.name));
        let least = bounds.least_letters.min(most);
        let needless = place.declined == Some(false) && hints::explains_a_no(&place.name) && least == 0;
        let text = if needless && self.style == Style::Plausible {
            String::new()
        } else if self.style == Style::Minimal {
            // Items of a list differ, because the list may have to be without repetition.
            match place.item {
                Some((index, _)) => char::from(b'a' + (index % 26) as u8).to_string().repeat(least.max(1).min(most)),
                None => "x".repeat(least),
            }
        } else if hints::is_id(&place.name) {
            prose::cut(&hints::made_up_id(&mut self.dice), most)
        } else {
            let topic = place.subject.as_ref().and_then(|subject| subject["title"].as_str());
            self.voice.speak(&place.name, &place.above, topic, least, most, &mut self.dice)
        };
        json!(text)
    }

    fn integer(&mut self, bounds: &Bounds, place: &Place) -> i64 {
        let (low, high) = bounds.integers();
        if self.style == Style::Minimal {
            return low.unwrap_or_else(|| high.map_or(0, |high| high.min(0)));
        }
        let (usual_low, usual_high) = hints::usual_range(&place.name, &place.above, place.declined, &mut self.dice);
        let low = low.unwrap_or_else(|| high.map_or(usual_low, |high| usual_low.min(high)));
        let high = high.unwrap_or_else(|| usual_high.max(low));
        let (from, to) = (usual_low.clamp(low, high), usual_high.clamp(low, high));
        bounds.on_step(self.dice.between(from, to), low, high)
    }

    /// Half steps, unless the schema names its own.
    fn number(&mut self, bounds: &Bounds, place: &Place) -> Value {
        let step = bounds.step.filter(|step| *step > 0.0).unwrap_or(0.5);
        let (usual_low, usual_high) = hints::usual_range(&place.name, &place.above, place.declined, &mut self.dice);
        let low = bounds.low.unwrap_or(usual_low as f64);
        let high = bounds.high.unwrap_or_else(|| (usual_high as f64).max(low));
        let from = (usual_low as f64).clamp(low, high.max(low));
        let to = (usual_high as f64).clamp(low, high.max(low));
        let (first, last) = ((from / step).ceil() as i64, (to / step).floor() as i64);
        let value = match self.style {
            Style::Minimal => low,
            _ if first > last => low,
            _ => self.dice.between(first, last) as f64 * step,
        };
        json!(value)
    }
}

/// Adds the words of one schema to another; properties and required lists grow.
fn fold(schema: &mut Value, part: &Map<String, Value>) {
    let Some(object) = schema.as_object_mut() else { return };
    for (key, value) in part {
        match (object.get_mut(key), value) {
            (Some(Value::Object(old)), Value::Object(new)) if key == "properties" => old.extend(new.clone()),
            (Some(Value::Array(old)), Value::Array(new)) if key == "required" => old.extend(new.iter().cloned()),
            _ => {
                object.insert(key.clone(), value.clone());
            }
        }
    }
}
