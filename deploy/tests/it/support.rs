//! The bench of every test: a platform, a product on it, a clock by hand, and the program between them.

pub mod platform;
pub mod product;
mod replies;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use crb_deploy::{Clock, Console, Ending, Settings, World};
use serde_json::Value;
use tempfile::TempDir;

use platform::Platform;
use product::Product;

/// A token that must not appear anywhere.
pub const TOKEN: &str = "canary-4f1c7a90-project-token";
pub const OLD_REVISION: &str = "0000001";
pub const NEW_REVISION: &str = "1111111";

pub struct Bench {
    pub clock: Clock,
    pub platform: Platform,
    pub product: Product,
    /// Where the program looks for the platform.
    pub railway: String,
    folder: TempDir,
    said: String,
}

/// `sha256:` and one sign 64 times.
pub fn digest(sign: char) -> String {
    format!("sha256:{}", sign.to_string().repeat(64))
}

/// The image of the release that runs (`a`, `b`) or of the one that comes (`c`, `d`).
pub fn image(name: &str, sign: char) -> String {
    format!("ghcr.io/owner/{name}@{}", digest(sign))
}

impl Bench {
    pub async fn new(environment: &str) -> Self {
        let start: DateTime<Utc> = "2026-11-27T12:00:00Z".parse().expect("a date");
        let clock = Clock::by_hand(start);
        let platform = Platform::start(&clock, environment).await;
        let product = Product::start(&platform, environment).await;
        let (railway, folder) = (platform.url(), tempfile::tempdir().expect("a folder"));
        Self { clock, platform, product, railway, folder, said: String::new() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with these arguments; options that name files are completed with the bench's folder.
    pub async fn run(&mut self, arguments: &[&str]) -> Ending {
        let values = BTreeMap::from([
            ("RAILWAY_TOKEN".to_owned(), TOKEN.to_owned()),
            ("RAILWAY_API_URL".to_owned(), self.railway.clone()),
            ("API_BASE_URL".to_owned(), self.product.api_url()),
            ("APP_BASE_URL".to_owned(), self.product.app_url()),
        ]);
        let console = Console::keeping(Some(self.path("summary.md")), Some(self.path("outputs")));
        let world =
            World { settings: Settings::from_map(&values), clock: self.clock.clone(), console: console.clone() };
        let completed = arguments.iter().map(|argument| match argument.strip_prefix("file:") {
            Some(name) => self.path(name).display().to_string(),
            None => (*argument).to_owned(),
        });
        let arguments: Vec<String> = std::iter::once("crb-deploy".to_owned()).chain(completed).collect();
        let ending = crb_deploy::cli::run(arguments, &world).await;
        self.said = console.kept();
        ending
    }

    /// The new release to this environment, with what else there is to say.
    pub async fn release(&mut self, environment: &str, more: &[&str]) -> Ending {
        let (backend, web) = (image("crb", 'c'), image("crb-web", 'd'));
        let mut arguments = vec!["release", "--environment", environment, "--backend", &backend, "--web", &web];
        arguments.extend(["--revision", NEW_REVISION, "--receipt", "file:receipt.json"]);
        arguments.extend(more);
        self.run(&arguments).await
    }

    /// What the last command said.
    pub fn said(&self) -> &str {
        &self.said
    }

    pub fn file(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    pub fn receipt(&self) -> Value {
        serde_json::from_str(&self.file("receipt.json")).expect("a receipt")
    }

    /// What the receipt says of a check.
    pub fn seen(&self, name: &str) -> String {
        let receipt = self.receipt();
        let check = receipt["checks"].as_array().expect("checks").iter().find(|check| check["name"] == name);
        check.unwrap_or_else(|| panic!("no check {name} in {receipt}"))["seen"].as_str().expect("words").to_owned()
    }

    /// Whether backend and page run this release, by the platform's book.
    pub fn runs(&self, backend: char, web: char) -> bool {
        let runs = |service: &str, name: &str, sign: char| self.platform.running(service) == image(name, sign);
        runs("crb-api", "crb", backend) && runs("crb-web", "crb-web", web)
    }

    /// Whether the next deployment would be of this release.
    pub fn is_pinned(&self, backend: char, web: char) -> bool {
        let is = |service: &str, name: &str, sign: char| self.platform.pinned(service) == image(name, sign);
        is("crb-api", "crb", backend) && is("crb-web", "crb-web", web)
    }

    #[track_caller]
    pub fn says(&self, words: &str) {
        assert!(self.said.contains(words), "{words:?} is not said in:\n{}", self.said);
    }
}
