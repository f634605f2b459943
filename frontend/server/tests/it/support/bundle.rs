//! A built page, small enough to see through.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

pub const STYLE: &str = "\n  body > p { color: red }\n";
pub const SCRIPT: &str = "document.documentElement.dataset.theme = 'a' < 'b' ? 'light' : 'dark'";
pub const RULES: &str = r#"{"prefetch":[{"where":{"href_matches":"/quiz"}}]}"#;
pub const CODE: &str = "console.log('the page')\n";
/// What stands in a compressed twin need not be compressed for a test: it is sent as it lies there.
pub const CODE_BR: &str = "brotli of the code";
pub const CODE_GZ: &str = "gzip of the code";

const ROUTES: &str = r#"{
  "documents": [
    {"pattern": "/", "file": "index.html"},
    {"pattern": "/privacy", "file": "privacy.html"},
    {"pattern": "/quiz/*", "file": "shells/quiz.html"},
    {"pattern": "/checkout/*", "file": "shells/checkout.html"},
    {"pattern": "/reports/:id", "file": "shells/reports.html"}
  ],
  "fallback": "shells/error.html",
  "preload": [
    {"pattern": "/reports/:id", "href": "/api/v1/reports/:id"},
    {"pattern": "/quiz", "href": "/api/v1/industries"}
  ]
}"#;

pub struct Bundle(TempDir);

impl Bundle {
    pub fn new() -> Self {
        let bundle = Self(tempfile::tempdir().expect("a folder"));
        let block = r#"<script type="application/json" id="crb-config">{}</script>"#;
        let app = r#"<script type="module" src="/assets/app-1a2b.js"></script>"#;
        let landing = format!(
            "<!doctype html><html lang=\"en\"><head><title>Landing</title>{block}<style>{STYLE}</style>\
             <script>{SCRIPT}</script><script type=\"speculationrules\">{RULES}</script></head><body>{}</body></html>",
            "<p>What AI is worth to you.</p>".repeat(60)
        );
        bundle.write("index.html", &landing);
        for name in ["privacy", "shells/quiz", "shells/checkout", "shells/reports", "shells/error"] {
            let html = format!(
                "<!doctype html><head><title>{name}</title>{block}{app}</head><body><div id=root></div></body>"
            );
            bundle.write(&format!("{name}.html"), &html);
        }
        bundle.write("routes.json", ROUTES);
        bundle.write("assets/app-1a2b.js", CODE);
        bundle.write("assets/app-1a2b.js.br", CODE_BR);
        bundle.write("assets/app-1a2b.js.gz", CODE_GZ);
        bundle.write("assets/app-1a2b.js.map", "{}");
        bundle.write("assets/font-9c.woff2", "a font");
        bundle.write("assets/old-3d.css", "a{}");
        bundle.write("assets/old-3d.css.gz", "gzip of the style");
        bundle.write("favicon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
        bundle.write("robots.txt", "User-agent: *\n");
        bundle.write(".well-known/security.txt", "Contact: mailto:security@crb-analyser.com\n");
        bundle.write(".vite/manifest.json", "{}");
        bundle
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.root().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.root().join(name)).expect("the file was there");
    }

    pub fn replace(&self, name: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.root().join(name)).expect("a file");
        assert!(text.contains(old), "{name} does not hold {old}");
        self.write(name, &text.replace(old, new));
    }
}
