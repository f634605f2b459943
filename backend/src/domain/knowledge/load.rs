//! From files to `Knowledge`: every fault is named with its file and line, and as many as can be told at once.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer, ValueDeserializer};

use super::{
    Benchmark, Industry, IndustryQuestion, Knowledge, NotRecommended, Opportunity, Vendor, VendorPrice, VendorTier,
    check,
};
use crate::error::{Error, FieldError, Result};

macro_rules! embedded {
    ($($path:literal),* $(,)?) => { &[$(($path, include_str!(concat!("../../../knowledge/", $path)))),*] };
}

/// The files that ship inside the binary.
const BUILTIN: &[(&str, &str)] = embedded![
    "industries/dental.toml",
    "industries/home-services.toml",
    "industries/professional-services.toml",
    "vendors/answering.toml",
    "vendors/automation.toml",
    "vendors/dental.toml",
    "vendors/documents.toml",
    "vendors/finance.toml",
    "vendors/home-services.toml",
    "vendors/professional-services.toml",
    "vendors/sales.toml",
    "vendors/support.toml",
];

impl Knowledge {
    /// The base inside the binary.
    pub fn builtin() -> Result<Self> {
        Self::parse(BUILTIN)
    }

    /// A base from `(path, text)` pairs, the paths as `industries/<slug>.toml` and `vendors/<any>.toml`. Two rounds:
    /// what does not parse is told first, for all files; only a base that parses is checked as a whole, so that a
    /// missing comma does not show as forty dangling references.
    pub fn parse<P: AsRef<str>, T: AsRef<str>>(files: &[(P, T)]) -> Result<Self> {
        let mut sorted: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_ref(), text.as_ref())).collect();
        sorted.sort_unstable();
        let mut faults = Vec::new();
        for pair in sorted.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            faults.push(Fault::new(pair[1].0, 1, "the file is given twice"));
        }
        let read: Vec<File> = sorted.iter().filter_map(|(path, text)| read(path, text, &mut faults)).collect();
        if faults.is_empty() {
            faults = check::base(&read);
        }
        if !faults.is_empty() {
            return Err(refusal(faults));
        }
        let mut knowledge = Self { version: version(&sorted), industries: BTreeMap::new(), vendors: BTreeMap::new() };
        for file in read {
            match file.content {
                Content::Industry(industry) => {
                    knowledge.industries.insert(industry.slug.clone(), *industry);
                }
                Content::Vendors(vendors) => {
                    knowledge.vendors.extend(vendors.into_iter().map(|vendor| (vendor.slug.clone(), vendor)));
                }
            }
        }
        Ok(knowledge)
    }
}

/// A file that parses.
pub(super) struct File<'a> {
    pub(super) source: Source<'a>,
    pub(super) content: Content,
}

pub(super) enum Content {
    Industry(Box<Industry>),
    Vendors(Vec<Vendor>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VendorFile {
    vendors: Vec<Vendor>,
}

/// What is wrong, and where. Ordered by place.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fault {
    path: String,
    line: usize,
    message: String,
}

impl Fault {
    pub(super) fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

/// A file's text with the tree that remembers where everything stands.
pub(super) struct Source<'a> {
    pub(super) path: &'a str,
    text: &'a str,
    root: Spanned<DeTable<'a>>,
}

impl Source<'_> {
    /// A fault at a place such as `opportunities/3/benchmarks/0`. A place that is not in the file (a key with a
    /// default) falls back to the nearest part that is.
    pub(super) fn fault(&self, place: &str, message: impl Into<String>) -> Fault {
        let mut steps = place.split('/');
        let mut value = steps.next().and_then(|key| self.root.get_ref().get(key));
        let mut offset = 0;
        while let Some(found) = value {
            offset = found.span().start;
            value = steps.next().and_then(|step| match found.get_ref() {
                DeValue::Array(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
                DeValue::Table(table) => table.get(step),
                _ => None,
            });
        }
        Fault::new(self.path, self.line(offset), message)
    }

    fn line(&self, offset: usize) -> usize {
        1 + self.text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count()
    }

    fn refused(&self, error: &toml::de::Error) -> Fault {
        Fault::new(self.path, self.line(error.span().map_or(0, |span| span.start)), error.message())
    }

    /// Every item of a list by itself, so that one broken item does not hide the next.
    fn shapes<T: DeserializeOwned>(&self, list: &str) -> Vec<Fault> {
        let Some(DeValue::Array(items)) = self.root.get_ref().get(list).map(Spanned::get_ref) else {
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| T::deserialize(ValueDeserializer::from(item.clone())).err())
            .map(|error| self.refused(&error))
            .collect()
    }

    /// The same for the prices of every vendor.
    fn price_shapes(&self) -> Vec<Fault> {
        let Some(DeValue::Array(vendors)) = self.root.get_ref().get("vendors").map(Spanned::get_ref) else {
            return Vec::new();
        };
        vendors
            .iter()
            .filter_map(|vendor| vendor.get_ref().get("prices").and_then(|prices| prices.get_ref().as_array()))
            .flatten()
            .filter_map(|price| VendorPrice::deserialize(ValueDeserializer::from(price.clone())).err())
            .map(|error| self.refused(&error))
            .collect()
    }
}

fn read<'a>(path: &'a str, text: &'a str, faults: &mut Vec<Fault>) -> Option<File<'a>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let source = Source { path, text, root };
    if !errors.is_empty() {
        faults.extend(errors.iter().map(|error| source.refused(error)));
        return None;
    }
    let (mut found, content) = match path.split_once('/') {
        Some(("industries", _)) => {
            let lists = [
                source.shapes::<IndustryQuestion>("questions"),
                source.shapes::<Opportunity>("opportunities"),
                source.shapes::<Benchmark>("benchmarks"),
                source.shapes::<VendorTier>("vendors"),
                source.shapes::<NotRecommended>("not_recommended"),
            ];
            let industry = Industry::deserialize(Deserializer::from(source.root.clone()));
            (lists.into_iter().flatten().collect(), industry.map(|industry| Content::Industry(Box::new(industry))))
        }
        Some(("vendors", _)) => {
            let mut lists = source.shapes::<Vendor>("vendors");
            lists.extend(source.price_shapes());
            let file = VendorFile::deserialize(Deserializer::from(source.root.clone()));
            (lists, file.map(|file| Content::Vendors(file.vendors)))
        }
        _ => {
            faults.push(Fault::new(path, 1, "neither industries/<slug>.toml nor vendors/<name>.toml"));
            return None;
        }
    };
    match content {
        Ok(content) if found.is_empty() => Some(File { source, content }),
        whole => {
            found.extend(whole.err().map(|error| source.refused(&error)));
            found.sort();
            found.dedup();
            faults.append(&mut found);
            None
        }
    }
}

fn refusal(mut faults: Vec<Fault>) -> Error {
    faults.sort();
    let lines: Vec<String> =
        faults.iter().map(|fault| format!("{}:{}: {}", fault.path, fault.line, fault.message)).collect();
    let fields = faults
        .into_iter()
        .map(|fault| FieldError::new(format!("{}:{}", fault.path, fault.line), fault.message))
        .collect();
    Error::invalid(format!("the knowledge base has faults ({}):\n{}", lines.len(), lines.join("\n")))
        .with_fields(fields)
}

/// First 16 hex digits of SHA-256 over the sorted files; lengths keep two splits of the same bytes apart.
fn version(sorted: &[(&str, &str)]) -> String {
    let mut hash = Sha256::new();
    for (path, text) in sorted {
        for part in [path, text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    let mut digits = hex::encode(hash.finalize());
    digits.truncate(16);
    digits
}

#[cfg(test)]
mod corruption;
#[cfg(test)]
mod tests;
