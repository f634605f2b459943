//! Sentences for prose fields: plain English without digits, prices or links, within a length, none said twice while
//! there are others. Told to obey, it repeats the customer's words instead.

use std::collections::HashSet;

use serde_json::Value;

use crate::dice::Dice;

pub(super) struct Voice {
    said: HashSet<String>,
    obeys: bool,
    /// The customer's own words first, then every other string of the facts.
    heard: Vec<String>,
    own: usize,
    next: usize,
}

impl Voice {
    pub fn new(facts: &Value, obeys: bool) -> Self {
        let (mut own, mut other) = (Vec::new(), Vec::new());
        if obeys {
            // Free text stands under a name of its own; where it does not, closed answers are the next best.
            listen(&facts["own_words"], true, &mut own, &mut other);
            if own.is_empty() {
                listen(facts, false, &mut own, &mut other);
            } else {
                listen(facts, true, &mut other, &mut Vec::new());
            }
        }
        let count = if own.is_empty() { other.len() } else { own.len() };
        own.append(&mut other);
        Self { said: HashSet::new(), obeys, heard: own, own: count, next: 0 }
    }

    /// A text of `least` to `most` letters for the field `name`.
    pub fn speak(
        &mut self,
        name: &str,
        above: &[String],
        topic: Option<&str>,
        least: usize,
        most: usize,
        dice: &mut Dice,
    ) -> String {
        if self.obeys && !self.heard.is_empty() {
            return self.echo(least, most);
        }
        let topic = topic.map(clean).filter(|topic| !topic.is_empty());
        if is_title(name)
            && let Some(title) = &topic
            && (least..=most).contains(&title.chars().count())
            && self.said.insert(title.clone())
        {
            return title.clone();
        }
        let templates = sentences(name, above);
        let mut text = String::new();
        for _ in 0..12 {
            let template = templates[dice.below(templates.len())];
            text = match &topic {
                // A title is quoted, because it may be anything from a noun to a command.
                Some(title) => template.replace("{}", &format!("“{title}”")),
                None => template.replace("{}", TOPICS[dice.below(TOPICS.len())]),
            };
            if text.chars().count() > most {
                text = template.replace("{}", "it");
            }
            let text = capital(&text);
            if (least..=most).contains(&text.chars().count()) && self.said.insert(text.clone()) {
                return text;
            }
        }
        fit(&capital(&text), least, most)
    }

    /// Every field begins with another of the customer's texts, so that a short field shows each of them somewhere.
    fn echo(&mut self, least: usize, most: usize) -> String {
        let start = self.next % self.own.max(1);
        self.next += 1;
        let mut letters: Vec<char> = Vec::new();
        for index in 0..self.heard.len() {
            if letters.len() >= most {
                break;
            }
            if !letters.is_empty() {
                letters.push(' ');
            }
            letters.extend(self.heard[(start + index) % self.heard.len()].chars());
        }
        while letters.len() < least {
            letters.push('.');
        }
        letters.into_iter().take(most).collect()
    }
}

/// Collects strings; what stands under a name that means the customer is the customer's own.
fn listen(facts: &Value, is_own: bool, own: &mut Vec<String>, other: &mut Vec<String>) {
    match facts {
        Value::String(text) if !text.trim().is_empty() => if is_own { own } else { other }.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| listen(item, is_own, own, other)),
        Value::Object(object) => {
            for (name, value) in object {
                if !["allowed", "distinct", "subjects", "plan"].contains(&name.as_str()) {
                    let means_customer =
                        ["answer", "customer", "quiz", "profile", "company", "business", "pain", "words"];
                    listen(value, is_own || means_customer.iter().any(|word| name.contains(word)), own, other);
                }
            }
        }
        _ => {}
    }
}

const TOPICS: [&str; 8] = [
    "steadier call handling",
    "a calmer booking routine",
    "automatic reminders",
    "prompt follow-up",
    "less paperwork at the front desk",
    "a clear weekly plan",
    "regular review requests",
    "faster quotes and invoices",
];

const TITLES: [&str; 5] =
    ["First steps with {}", "A small start with {}", "Getting ready for {}", "A fresh look at {}", "Trying out {}"];
const HEADLINES: [&str; 4] = [
    "Start small, then build on it",
    "A sound start with clear first steps",
    "Fix the daily routine first",
    "Good ground for careful automation",
];
const DESCRIPTIONS: [&str; 4] = [
    "With {} the routine part no longer depends on people remembering each step. \
     The team keeps its attention for customers.",
    "The work behind {} is spread over several places and done by hand today. \
     Bringing it together removes repeated typing and lost messages.",
    "The team spends a steady share of its week on work that {} would take over. \
     Much of it follows the same pattern each time.",
    "Small delays add up over a month. A clear routine with {} keeps them from reaching the customer.",
];
const STATES: [&str; 3] = [
    "At present the work behind {} is done by hand, mostly between other tasks.",
    "Right now, without {}, the team relies on memory and a few shared notes.",
    "Today it works, but only while the same people are in.",
];
const NOES: [&str; 3] = [
    "The effort for {} would outweigh what customers notice.",
    "The basics under {} are not settled enough yet.",
    "For a team of this size {} adds more upkeep than relief.",
];
const INSTEADS: [&str; 3] = [
    "Write the present routine down and look at it again next season.",
    "Tidy the existing lists first and give one person charge of them.",
    "Use the features of the tools already in place before adding one.",
];
const PROS: [&str; 6] = [
    "Quick to start with",
    "Little training needed",
    "Works with the tools in place",
    "Frees attention at the front desk",
    "Easy to stop again",
    "Clear support when something fails",
];
const CONS: [&str; 6] = [
    "Needs one person who looks after it",
    "Less room for special wishes",
    "The first weeks feel slower",
    "Depends on tidy customer records",
    "One more supplier to deal with",
    "Some settings take patience",
];
const CONDITIONS: [&str; 4] = [
    "You want to keep every setting in your own hands",
    "The team already knows a similar tool well",
    "You expect to open another location soon",
    "You have somebody who enjoys building such things",
];
const STEPS: [&str; 5] = [
    "Write down how the work behind {} runs today, step by step.",
    "Ask two colleagues what they expect from {}.",
    "Pick one ordinary week and note every interruption.",
    "Book a short demonstration and bring a real example.",
    "Choose the person who will look after {}.",
];
const REASONS: [&str; 6] = [
    "Customers would notice {} within weeks.",
    "The team is open to new tools and knows its own routine.",
    "Without {} the present way leaves little room for growth.",
    "The first steps are small and easy to take back.",
    "The goals named in the answers call for {}.",
    "Most of the repeated work behind {} follows one pattern.",
];
const GENERAL: [&str; 6] = [
    "With {} the day becomes steadier without changing what customers like.",
    "It takes a routine part of the work off the team.",
    "A modest start with {} is enough for a visible effect.",
    "It fits the way the business already works.",
    "The team can judge the effect of {} after a few weeks.",
    "It keeps the personal contact that customers value.",
];

fn is_title(name: &str) -> bool {
    name.ends_with("title") || matches!(name, "label" | "name")
}

fn sentences(name: &str, above: &[String]) -> &'static [&'static str] {
    let last = above.last().map_or("", String::as_str);
    let called = |words: &[&str]| words.iter().any(|word| name.contains(word) || last.contains(word));
    if is_title(name) {
        &TITLES
    } else if called(&["headline"]) && !name.contains("sub") {
        &HEADLINES
    } else if called(&["description", "summary"]) {
        &DESCRIPTIONS
    } else if called(&["current", "state"]) {
        &STATES
    } else if called(&["why_not"]) {
        &NOES
    } else if called(&["instead_if", "condition", "when"]) {
        &CONDITIONS
    } else if called(&["instead"]) {
        &INSTEADS
    } else if name == "pros" || last == "pros" {
        &PROS
    } else if name == "cons" || last == "cons" {
        &CONS
    } else if called(&["step", "action"]) {
        &STEPS
    } else if called(&["reason", "why", "insight", "subheadline"]) {
        &REASONS
    } else {
        &GENERAL
    }
}

/// A topic without digits, money signs and links, so that no sentence carries one.
fn clean(topic: &str) -> String {
    let words = topic.split_whitespace().filter(|word| !word.contains("://") && !word.starts_with("www."));
    let kept =
        words.map(|word| word.chars().filter(|letter| !letter.is_numeric() && !"€$£%".contains(*letter)).collect());
    kept.filter(|word: &String| word.chars().any(char::is_alphanumeric)).collect::<Vec<_>>().join(" ")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Lengthens by further sentences, then shortens at a word.
fn fit(text: &str, least: usize, most: usize) -> String {
    let mut text = text.to_owned();
    let mut more = GENERAL.iter().cycle();
    while text.chars().count() < least {
        text.push(' ');
        text.push_str(&capital(&more.next().map_or_else(String::new, |next| next.replace("{}", "the work"))));
    }
    let short = cut(&text, most);
    if short.chars().count() >= least { short } else { text.chars().take(most).collect() }
}

/// At most `most` letters, ended at a word where there is one.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let short: String = text.chars().take(most).collect();
    let whole = short.rsplit_once(' ').map_or(short.as_str(), |(whole, _)| whole);
    whole.trim_end_matches([',', ';', ' ', '-']).to_owned()
}
