//! How long and how large: from the schema's keywords, or from the words a client left in the description.

use serde_json::{Map, Value};

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Bounds {
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub step: Option<f64>,
    pub least_letters: usize,
    pub most_letters: Option<usize>,
    pub least_items: usize,
    pub most_items: Option<usize>,
    pub unique: bool,
}

impl Bounds {
    pub fn of(schema: &Value) -> Self {
        let mut words = schema["description"].as_str().map(from_description).unwrap_or_default();
        words.extend(schema.as_object().cloned().unwrap_or_default());
        let number = |name: &str| words.get(name).and_then(Value::as_f64);
        let length = |name: &str| words.get(name).and_then(Value::as_u64).map(|length| length as usize);
        let is_integer = schema["type"] == "integer" || schema["type"][0] == "integer";
        let gap = if is_integer { 1.0 } else { 0.5 };
        Self {
            low: number("minimum").or_else(|| number("exclusiveMinimum").map(|low| low + gap)),
            high: number("maximum").or_else(|| number("exclusiveMaximum").map(|high| high - gap)),
            step: number("multipleOf"),
            least_letters: length("minLength").unwrap_or(0),
            most_letters: length("maxLength"),
            least_items: length("minItems").unwrap_or(0),
            most_items: length("maxItems"),
            unique: words.get("uniqueItems") == Some(&Value::Bool(true)),
        }
    }

    pub fn integers(&self) -> (Option<i64>, Option<i64>) {
        (self.low.map(|low| low.ceil() as i64), self.high.map(|high| high.floor() as i64))
    }

    /// The nearest multiple of the step that lies between both ends.
    pub fn on_step(&self, value: i64, low: i64, high: i64) -> i64 {
        let step = self.step.map_or(1, |step| (step.round() as i64).max(1));
        let down = value.div_euclid(step) * step;
        if down >= low {
            down
        } else if down + step <= high {
            down + step
        } else {
            value
        }
    }
}

/// `At most {minLength: 1, maxLength: 90}`: the last braces, read as names and numbers.
fn from_description(text: &str) -> Map<String, Value> {
    let inside = text.rsplit_once('{').and_then(|(_, rest)| rest.split_once('}')).map_or("", |(inside, _)| inside);
    inside
        .split(',')
        .filter_map(|pair| {
            let (name, value) = pair.split_once(':')?;
            let name = name.trim().trim_matches('"');
            Some((name.to_owned(), serde_json::from_str(&value.trim().to_lowercase()).ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Bounds;
    use serde_json::json;

    #[test]
    fn bounds_come_from_keywords_and_from_the_description() {
        let said = json!({"type": "string", "description": "A title.\n\n{minLength: 1, maxLength: 90}"});
        let written = json!({"type": "string", "minLength": 1, "maxLength": 90});
        assert_eq!(Bounds::of(&said), Bounds::of(&written));
        assert_eq!(Bounds::of(&said).most_letters, Some(90));
        let items = Bounds::of(&json!({"description": "{minItems: 2, maxItems: 4, uniqueItems: True}"}));
        assert_eq!((items.least_items, items.most_items, items.unique), (2, Some(4), true));
        let range = Bounds::of(&json!({"type": "integer", "exclusiveMinimum": 0, "maximum": 9.5}));
        assert_eq!(range.integers(), (Some(1), Some(9)));
        assert_eq!(Bounds::of(&json!({"description": "no braces: none"})), Bounds::default());
    }

    #[test]
    fn a_step_is_kept_inside_both_ends() {
        let bounds = Bounds::of(&json!({"multipleOf": 5}));
        assert_eq!(bounds.on_step(13, 1, 20), 10);
        assert_eq!(bounds.on_step(3, 1, 20), 5);
    }
}
