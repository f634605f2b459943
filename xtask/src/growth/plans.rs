//! PostgreSQL's plans, as auto_explain writes them into the log: which statements read a table from end to end.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde_json::Value;

/// The chores that read whole tables on purpose, by how their statements begin.
///
/// The hourly sweep asks for quizzes that nobody paid for; those that were paid for stay, and are looked at each time.
const CHORES: [&str; 1] = ["SELECT id FROM quiz_sessions WHERE expires_at < $1 AND NOT EXISTS"];

/// A statement that reads a whole table or index, and how often it came.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reading {
    /// What is read: a table, or an index that is walked from one end to the other.
    pub relation: String,
    how: String,
    statement: String,
    pub times: usize,
}

impl Reading {
    pub fn told(&self) -> String {
        let Self { relation, how, statement, times } = self;
        format!("{how} of all of {relation}, {times} times: {statement}")
    }

    pub fn is_chore(&self) -> bool {
        CHORES.iter().any(|start| self.statement.starts_with(start))
    }
}

/// How many plans there are, and which of them read from end to end.
pub fn read(log: &str) -> Result<(usize, Vec<Reading>)> {
    let mut found: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    let mut count = 0;
    let mut lines = log.lines().peekable();
    while let Some(line) = lines.next() {
        if !(line.contains("LOG:  duration: ") && line.trim_end().ends_with("plan:")) {
            continue;
        }
        // What belongs to a message follows it, indented.
        let mut text = String::new();
        while let Some(more) = lines.next_if(|line| line.starts_with('\t')) {
            text.push_str(more.trim_start_matches('\t'));
            text.push(' ');
        }
        let plan: Value = serde_json::from_str(&text).with_context(|| format!("a plan that is no JSON: {text}"))?;
        count += 1;
        let statement = plan["Query Text"].as_str().unwrap_or_default();
        let statement = statement.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut whole = Vec::new();
        visit(&plan["Plan"], false, &mut whole);
        for (relation, how) in whole {
            *found.entry((relation, how, statement.clone())).or_default() += 1;
        }
    }
    let reading = |((relation, how, statement), times)| Reading { relation, how, statement, times };
    Ok((count, found.into_iter().map(reading).collect()))
}

/// A limit above ends the walk along an index early; a table is read whole all the same when its rows are sorted first.
fn visit(node: &Value, is_limited: bool, found: &mut Vec<(String, String)>) {
    let kind = node["Node Type"].as_str().unwrap_or_default();
    let walks = matches!(kind, "Index Scan" | "Index Only Scan") && node["Index Cond"].is_null() && !is_limited;
    // A partial index may be small though its table is not.
    let relation = if walks { &node["Index Name"] } else { &node["Relation Name"] };
    if kind == "Seq Scan" || walks {
        found.push((relation.as_str().unwrap_or_default().to_owned(), kind.to_owned()));
    }
    let is_limited = match kind {
        "Limit" => true,
        "Sort" | "Aggregate" | "Hash" => false,
        _ => is_limited,
    };
    for child in node["Plans"].as_array().into_iter().flatten() {
        visit(child, is_limited, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(plan: &str) -> String {
        format!(
            "2026-11-27 13:00:00 UTC [7] LOG:  duration: 0.010 ms  plan:\n\t{{\n\t  \"Query Text\": \"SELECT\\n 1\",\n\t  \"Plan\": {plan}\n\t}}\n2026-11-27 13:00:01 UTC [7] LOG:  other\n"
        )
    }

    #[test]
    fn a_table_that_is_read_whole_is_named_with_its_statement() {
        let inner = r#"{"Node Type": "Aggregate", "Plans": [{"Node Type": "Seq Scan", "Relation Name": "orders"}]}"#;
        let (count, readings) = read(&(log(inner) + &log(inner))).unwrap();
        assert_eq!(count, 2);
        assert_eq!(readings.len(), 1);
        assert_eq!(readings[0].told(), "Seq Scan of all of orders, 2 times: SELECT 1");
    }

    #[test]
    fn an_index_that_is_walked_whole_is_no_better() {
        let walk = r#"{"Node Type": "Index Only Scan", "Relation Name": "orders", "Index Name": "i"}"#;
        assert_eq!(read(&log(walk)).unwrap().1[0].told(), "Index Only Scan of all of i, 1 times: SELECT 1");
        let limited = format!(r#"{{"Node Type": "Limit", "Plans": [{walk}]}}"#);
        assert!(read(&log(&limited)).unwrap().1.is_empty());
        let sorted = format!(r#"{{"Node Type": "Limit", "Plans": [{{"Node Type": "Sort", "Plans": [{walk}]}}]}}"#);
        assert_eq!(read(&log(&sorted)).unwrap().1.len(), 1);
    }

    #[test]
    fn a_chore_is_known_by_its_statement() {
        let reading = |statement: &str| Reading {
            relation: "orders".to_owned(),
            how: "Seq Scan".to_owned(),
            statement: statement.to_owned(),
            times: 1,
        };
        assert!(reading(&format!("{} (SELECT 1 FROM orders)", CHORES[0])).is_chore());
        assert!(!reading("SELECT id FROM quiz_sessions WHERE email = $1").is_chore());
    }

    #[test]
    fn a_row_that_is_looked_up_is_fine() {
        let find =
            r#"{"Node Type": "Index Scan", "Relation Name": "orders", "Index Name": "i", "Index Cond": "(id = $1)"}"#;
        assert_eq!(read(&log(find)).unwrap(), (1, Vec::new()));
        assert_eq!(read("nothing of this kind\n").unwrap(), (0, Vec::new()));
    }
}
