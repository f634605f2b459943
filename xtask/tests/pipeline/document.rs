//! Workflows and actions as values: their jobs, their steps, and the line where a word stands.

use serde_json::Value;

use crate::tree::Tree;

/// A file under `.github` that runs something.
pub struct Document<'a> {
    pub path: &'a str,
    pub text: &'a str,
    pub value: Value,
}

/// A job of a workflow.
pub struct Job<'a> {
    pub name: &'a str,
    pub value: &'a Value,
}

pub fn workflows(tree: &Tree) -> Vec<Document<'_>> {
    documents(tree, ".github/workflows/", ".yml")
}

pub fn workflow<'a>(tree: &'a Tree, name: &str) -> Document<'a> {
    let found = workflows(tree).into_iter().find(|document| document.path.ends_with(&format!("/{name}.yml")));
    found.unwrap_or_else(|| panic!("there is no workflow {name}"))
}

pub fn actions(tree: &Tree) -> Vec<Document<'_>> {
    documents(tree, ".github/actions/", "/action.yml")
}

fn documents<'a>(tree: &'a Tree, folder: &str, end: &'static str) -> Vec<Document<'a>> {
    let files = tree.ending(end).filter(|(path, _)| path.starts_with(folder));
    let found: Vec<_> = files.map(|(path, text)| Document { path, text, value: parse(path, text) }).collect();
    assert!(!found.is_empty(), "{folder} is empty");
    found
}

pub fn parse(path: &str, text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

impl Document<'_> {
    pub fn jobs(&self) -> Vec<Job<'_>> {
        let jobs = self.value["jobs"].as_object();
        jobs.into_iter().flatten().map(|(name, value)| Job { name, value }).collect()
    }

    pub fn job(&self, name: &str) -> &Value {
        &self.value["jobs"][name]
    }

    /// The steps of all jobs, or of the action.
    pub fn steps(&self) -> Vec<&Value> {
        let of_jobs = self.value["jobs"].as_object().into_iter().flatten().flat_map(|(_, job)| list(&job["steps"]));
        of_jobs.chain(list(&self.value["runs"]["steps"])).collect()
    }

    /// What is used: by steps, and by jobs that are a workflow of their own.
    pub fn uses(&self) -> Vec<&str> {
        let jobs = self.value["jobs"].as_object().into_iter().flatten().filter_map(|(_, job)| job["uses"].as_str());
        jobs.chain(self.steps().into_iter().filter_map(|step| step["uses"].as_str())).collect()
    }

    /// The shell's part.
    pub fn runs(&self) -> Vec<&str> {
        self.steps().into_iter().filter_map(|step| step["run"].as_str()).collect()
    }

    /// Counted from one; zero where the text does not stand in one line.
    pub fn line(&self, text: &str) -> usize {
        let first = text.lines().next().unwrap_or_default();
        self.text.lines().position(|line| line.contains(first)).map_or(0, |index| index + 1)
    }
}

pub fn list(value: &Value) -> std::slice::Iter<'_, Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

/// What stands behind each `start` in a text, as far as letters, digits and `_` go.
pub fn words_after<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).map(|rest| {
        let end = rest.find(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}
