//! The built page, read once at start: every file and every document, or the list of what is wrong with it.

mod media;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use bytes::Bytes;
use crb_door::Coding;
use poem::Response;
use poem::http::{HeaderMap, HeaderValue, header};

use crate::content::Content;
use crate::document::Document;
use crate::faults::Faults;
use crate::markup::elements;
use crate::routes::{Pattern, Preload, Table, segments};
use crate::settings::Settings;

pub(crate) const ASSETS: &str = "/assets/";
const TABLE: &str = "/routes.json";
/// Documents that are filled in by scripts stand here.
const SHELLS: &str = "shells/";

/// A name that changes with its content never has to be asked for again; any other is believed for an hour.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

#[derive(Debug)]
pub(crate) struct Bundle {
    files: HashMap<String, File>,
    documents: Vec<(Pattern, Arc<Document>)>,
    pub(crate) fallback: Arc<Document>,
    pub(crate) preload: Vec<Preload>,
}

#[derive(Debug)]
pub(crate) struct File {
    content: Content,
    keep: HeaderValue,
}

impl File {
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let mut response = self.content.answer(request);
        response.headers_mut().insert(header::CACHE_CONTROL, self.keep.clone());
        response
    }
}

impl Bundle {
    pub(crate) async fn read(root: &Path, settings: &Settings) -> Result<Self, Faults> {
        let what = format!("the bundle in {}", root.display());
        let mut found = BTreeMap::new();
        walk(root, "", &mut found).map_err(|error| Faults::one(&what, format!("cannot be read: {error}")))?;
        let table = found.get(TABLE).ok_or_else(|| Faults::one(&what, "routes.json is missing; is the page built?"))?;
        let table: Table =
            serde_json::from_slice(table).map_err(|error| Faults::one(&what, format!("routes.json: {error}")))?;

        let mut faults = misfits(&table);
        let mut ready: BTreeMap<&str, Arc<Document>> = BTreeMap::new();
        let names: BTreeSet<&str> =
            table.documents.iter().map(|entry| entry.file.as_str()).chain([&*table.fallback]).collect();
        for name in names {
            let made = match text(&found, name) {
                Ok(html) => {
                    faults
                        .extend(dangling(&found, html).map(|asset| format!("{name}: names {asset}, which is missing")));
                    Document::new(html, name.starts_with(SHELLS), settings).await
                }
                Err(fault) => Err(fault),
            };
            match made {
                Ok(document) => _ = ready.insert(name, Arc::new(document)),
                Err(fault) => faults.push(format!("{name}: {fault}")),
            }
        }
        Faults::none_or(&what, faults)?;

        let document = |name: &str| Arc::clone(&ready[name]);
        let fallback = document(&table.fallback);
        let documents = table.documents.iter().map(|entry| (entry.pattern.clone(), document(&entry.file))).collect();
        Ok(Self { files: files(&found), documents, fallback, preload: table.preload })
    }

    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    pub(crate) fn document(&self, path: &str) -> Option<&Document> {
        self.documents.iter().find(|(pattern, _)| pattern.fit(path).is_some()).map(|(_, document)| document.as_ref())
    }
}

/// Every file below, by the address that it would have. What a link leads to counts as what stands there.
fn walk(folder: &Path, address: &str, found: &mut BTreeMap<String, Bytes>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().ok_or_else(|| io::Error::other(format!("{} is no plain name", name.display())))?;
        let address = format!("{address}/{name}");
        if fs::metadata(entry.path())?.is_dir() {
            walk(&entry.path(), &address, found)?;
        } else {
            found.insert(address, Bytes::from(fs::read(entry.path())?));
        }
    }
    Ok(())
}

/// What has an address of its own. Documents have those that the table gives them; what the build left for itself, and
/// the compressed twins, have none.
fn files(found: &BTreeMap<String, Bytes>) -> HashMap<String, File> {
    let twin = |address: &str, coding, ending: &str| Some((coding, found.get(&format!("{address}{ending}"))?.clone()));
    let mut files = HashMap::new();
    for (address, bytes) in found.iter().filter(|(address, _)| is_public(address)) {
        let twins = [twin(address, Coding::Brotli, ".br"), twin(address, Coding::Gzip, ".gz")];
        let content = Content::new(media::type_of(address), bytes.clone(), twins.into_iter().flatten().collect());
        let keep = if address.starts_with(ASSETS) { IMMUTABLE } else { HOUR };
        files.insert(address.clone(), File { content, keep });
    }
    files
}

fn is_public(address: &str) -> bool {
    let is_hidden = segments(address).any(|part| part.starts_with('.') && part != ".well-known");
    let is_ours = [".html", ".map", ".br", ".gz"].iter().any(|ending| address.ends_with(ending));
    !is_hidden && !is_ours && address != TABLE
}

fn text<'a>(found: &'a BTreeMap<String, Bytes>, name: &str) -> Result<&'a str, String> {
    let bytes = found.get(&format!("/{name}")).ok_or("is named by routes.json and missing")?;
    std::str::from_utf8(bytes).map_err(|_| "is not text".to_owned())
}

/// Assets that a document loads and that are not there: its page would stay white.
fn dangling<'a>(found: &BTreeMap<String, Bytes>, html: &'a str) -> impl Iterator<Item = String> + use<'a> {
    let named = |element: &crate::markup::Element<'_>| {
        [element.attribute("src"), element.attribute("href")]
            .into_iter()
            .flatten()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let assets: BTreeSet<String> =
        elements(html).iter().flat_map(named).filter(|address| address.starts_with(ASSETS)).collect();
    assets.into_iter().filter(|address| !found.contains_key(address)).collect::<Vec<_>>().into_iter()
}

/// What is wrong with the table itself.
fn misfits(table: &Table) -> Vec<String> {
    let mut faults = Vec::new();
    if !table.documents.iter().any(|entry| entry.pattern.fit("/").is_some()) {
        faults.push("routes.json: no document stands at /".to_owned());
    }
    for Preload { pattern, href } in &table.preload {
        let unknown = segments(href).filter_map(|part| part.strip_prefix(':')).find(|name| !pattern.names(name));
        if let Some(name) = unknown {
            faults.push(format!("routes.json: the preload {href} names :{name}, which its pattern does not"));
        }
        if !href.starts_with("/api/") || href.contains(|sign: char| !sign.is_ascii_graphic() || "<>\",;".contains(sign))
        {
            faults.push(format!("routes.json: the preload {href} is no address of the API"));
        }
    }
    faults
}
