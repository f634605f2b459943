//! What the typesetter may see: the built-in templates, the built-in fonts and one `report.json`. Nothing else exists.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

const FONTS: [&[u8]; 3] = [
    include_bytes!("../fonts/Inter-Regular.otf"),
    include_bytes!("../fonts/Inter-SemiBold.otf"),
    include_bytes!("../fonts/InterDisplay-SemiBold.otf"),
];

/// The first is the one that is set; the others are what it imports.
const TEMPLATES: [(&str, &str); 7] = [
    ("report.typ", include_str!("../template/report.typ")),
    ("style.typ", include_str!("../template/style.typ")),
    ("charts.typ", include_str!("../template/charts.typ")),
    ("opening.typ", include_str!("../template/opening.typ")),
    ("findings.typ", include_str!("../template/findings.typ")),
    ("recommendations.typ", include_str!("../template/recommendations.typ")),
    ("method.typ", include_str!("../template/method.typ")),
];

/// A file's id is given out once a process and kept for ever, so the names are constants.
static REPORT: LazyLock<FileId> = LazyLock::new(|| id("report.json"));

/// What every report shares: the fonts, the parsed templates, the typesetter's library.
pub(crate) struct Shelf {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    /// By its number, whether every face has a character. No face has one beyond the end.
    covered: Vec<bool>,
    sources: Vec<Source>,
}

impl Shelf {
    pub(crate) fn stocked() -> Self {
        Self::with(&TEMPLATES)
    }

    fn with(templates: &[(&str, &str)]) -> Self {
        let fonts: Vec<Font> = FONTS.iter().flat_map(|data| Font::iter(Bytes::new(*data))).collect();
        // The feature names the heads of table rows for a screen reader.
        let library = Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build();
        Self {
            library: LazyHash::new(library),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            covered: covered(&fonts),
            fonts,
            sources: templates.iter().map(|(name, text)| Source::new(id(name), (*text).to_owned())).collect(),
        }
    }

    /// Whether every face has the character.
    pub(crate) fn covers(&self, character: char) -> bool {
        self.covered.get(character as usize).is_some_and(|is_covered| *is_covered)
    }
}

/// As a table, because a face answers by going through its list.
fn covered(fonts: &[Font]) -> Vec<bool> {
    let Some((first, rest)) = fonts.split_first() else { return Vec::new() };
    let in_all = |code: u32| rest.iter().all(|font| font.info().coverage.contains(code));
    let codes = first.info().coverage.iter().filter(|code| in_all(*code));
    let mut covered = Vec::new();
    for code in codes {
        covered.resize(code as usize, false);
        covered.push(true);
    }
    covered
}

/// One report on the desk.
pub(crate) struct Desk<'a> {
    shelf: &'a Shelf,
    report: Bytes,
    today: Datetime,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(shelf: &'a Shelf, report: Vec<u8>, today: Datetime) -> Self {
        Self { shelf, report: Bytes::new(report), today }
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shelf.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shelf.book
    }

    fn main(&self) -> FileId {
        self.shelf.sources[0].id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.shelf.sources.iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == *REPORT { Ok(self.report.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shelf.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        Some(self.today)
    }
}

fn id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a built-in file has a plain name");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

#[cfg(test)]
mod tests {
    use typst_layout::PagedDocument;

    use super::*;

    fn set(template: &str) -> Result<(), String> {
        let shelf = Shelf::with(&[("main.typ", template)]);
        let desk = Desk::new(&shelf, br#"{"a": 1}"#.to_vec(), Datetime::from_ymd(2026, 11, 22).unwrap());
        let output = typst::compile::<PagedDocument>(&desk).output;
        output.map(drop).map_err(|errors| errors[0].message.to_string())
    }

    #[test]
    fn the_report_is_the_only_file() {
        set("#json(\"report.json\").a").expect("the report is there");
        for path in ["/etc/passwd", "../../etc/passwd", "etc/passwd", "Cargo.toml", "/report.txt"] {
            let error = set(&format!("#read({path:?})")).expect_err(path);
            assert!(error.contains("access denied") || error.contains("escape"), "{path}: {error}");
        }
        for other in ["#import \"other.typ\"", "#image(\"a.png\")", "#include \"/etc/hosts\""] {
            assert!(set(other).is_err(), "{other}");
        }
    }

    #[test]
    fn there_are_no_packages() {
        let error = set("#import \"@preview/cetz:0.3.0\"").expect_err("packages are denied");
        assert!(error.contains("denied"), "{error}");
    }

    #[test]
    fn markup_runs_in_a_template_and_not_in_a_text() {
        assert!(set("#panic()").is_err());
        set("#let text = \"#panic()\"; #text").expect("a string is shown");
    }

    #[test]
    fn today_is_the_reports_own_day() {
        set("#assert.eq(datetime.today(), datetime(year: 2026, month: 11, day: 22))").expect("today is given");
    }

    #[test]
    fn every_face_is_there_and_covers_what_we_write() {
        let shelf = Shelf::stocked();
        assert_eq!(shelf.fonts.len(), FONTS.len());
        assert_eq!(shelf.book.families().map(|(name, _)| name).collect::<Vec<_>>(), ["Inter", "Inter Display"]);
        for character in "aZ09€−–—’“”·•…→↓✓✗★□Łőșçßøαωжя%".chars() {
            assert!(shelf.covers(character), "{character}");
        }
        assert!(!shelf.covers('漢'));
    }
}
