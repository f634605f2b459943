//! Whole reports, set and read back: what is in them, how long they are, that nothing in them runs.

use crb_pdf::{MAX_PAGES, Pdf, Renderer, euros};
use lopdf::{Dictionary, Document, Object};
use serde_json::{Value, json};

fn full() -> Value {
    serde_json::from_str(include_str!("full.json")).unwrap()
}

fn set(document: &Value) -> Pdf {
    Renderer::new(1).render(document).unwrap()
}

/// The text of all pages without white space and soft breaks, which a PDF keeps only by position.
fn text(pdf: &Pdf) -> String {
    let read = Document::load_mem(&pdf.bytes).unwrap();
    let numbers: Vec<u32> = read.get_pages().keys().copied().collect();
    squeezed(&read.extract_text(&numbers).unwrap())
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace() && *character != '\u{200b}').collect()
}

/// Replaces every free text of the document: `change` gets its key and the text.
fn reword(key: &str, value: &mut Value, change: &impl Fn(&str, &str) -> Option<String>) {
    match value {
        Value::String(text) => {
            if let Some(other) = change(key, text) {
                *text = other;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| reword(key, item, change)),
        Value::Object(fields) => fields.iter_mut().for_each(|(key, field)| reword(key, field, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// How long a text of this name may be; None for what is no free text.
fn limit(key: &str) -> Option<usize> {
    Some(match key {
        "headline" | "publisher" => 60,
        "title" => 90,
        "label" => 80,
        "pros" | "cons" => 100,
        "name" | "subheadline" | "choose_instead_if" | "url" => 120,
        "do_instead" | "text" | "note" | "ineligible_reason" | "first_step" | "statement" | "sensitivity" => 160,
        "reasons" | "limitations" => 200,
        "key_insight" | "current_state" | "why_not" | "what_instead" | "customers" | "business" | "why_winner"
        | "detail" => 240,
        "description" => 500,
        "value" => 30,
        "industry_name" | "where" => 40,
        _ => return None,
    })
}

fn lengthen(list: &mut Value, count: usize) {
    let items = list.as_array_mut().unwrap();
    *items = items.iter().cycle().take(count).cloned().collect();
}

/// The longest report there can be: every list full, every text at its limit.
fn longest() -> Value {
    let mut document = full();
    lengthen(&mut document["findings"], 12);
    for finding in document["findings"].as_array_mut().unwrap() {
        lengthen(&mut finding["evidence"], 4);
    }
    for option in document["recommendations"].as_array_mut().unwrap() {
        for option in option["options"].as_array_mut().unwrap() {
            lengthen(&mut option["pros"], 4);
            lengthen(&mut option["cons"], 4);
        }
    }
    lengthen(&mut document["verdict"]["reasons"], 4);
    lengthen(&mut document["verdict"]["do_instead"], 4);
    for (horizon, count) in [("short", 6), ("mid", 4), ("long", 3)] {
        lengthen(&mut document["roadmap"][horizon], count);
    }
    lengthen(&mut document["methodology"]["assumptions"], 10);
    lengthen(&mut document["methodology"]["sources"], 8);
    lengthen(&mut document["methodology"]["limitations"], 6);
    lengthen(&mut document["warnings"], 8);
    reword("", &mut document, &|key, text| {
        let filler = " and a longer account of appointments, telephone calls and insurance questions at the front desk";
        limit(key).map(|most| text.chars().chain(filler.chars().cycle()).take(most).collect())
    });
    document
}

#[test]
fn the_full_report_says_everything() {
    let pdf = set(&full());
    assert!(pdf.pages <= MAX_PAGES, "{} pages", pdf.pages);
    let text = text(&pdf);
    for expected in [
        "Sample Dental Studio",
        "SAMPLE",
        "22 November 2026",
        "Proceed cautiously",
        "Start with the telephone and the diary",
        "Offline writer",
        "54 / 100",
        "€58,884.70",
        "€96,583",
        "€134,281.30",
        "22 of 23 hours a week",
        "Three in ten calls go unanswered at peak hours",
        "What we advise against",
        "A chatbot that gives medical advice",
        "missed_calls_week",
        "★ Our choice",
        "+3.95",
        "B 6.75 − C 2.00 − R 8/10",
        "−1.93",
        "€249 a month, €500 once",
        "€6,500 to €14,000 once",
        "seen 1 December 2025, not verified",
        "Needs somebody who builds automations",
        "+263.5%",
        "1.8 months",
        "€9,695.20",
        "over +500%",
        "not paid back",
        "Weeks 2–3",
        "30 minutes",
        "An hour of the team’s time costs",
        "Journal of Dental Hygiene",
        "3 high",
        "price_unverified",
        &format!("{} / {}", pdf.pages, pdf.pages),
    ] {
        assert!(text.contains(&squeezed(expected)), "{expected:?} is missing from\n{text}");
    }
}

#[test]
fn a_report_by_claude_that_is_no_sample_says_so() {
    let mut document = full();
    document["sample"] = json!(false);
    document["writer"] = json!("claude");
    let text = text(&set(&document));
    assert!(text.contains(&squeezed("written by Claude")));
    assert!(!text.contains("SAMPLE") && !text.contains("Offlinewriter"));
}

#[test]
fn money_reads_as_the_mails_write_it() {
    let mut document = full();
    let values = [0, 7, 100, 99_999, 399_840, 1_483_600, 123_456_789, -480, -123_450, -100_000_000];
    for (index, chunk) in values.chunks(2).enumerate() {
        let options = &mut document["recommendations"][index]["options"];
        for (option, cents) in options.as_array_mut().unwrap().iter_mut().zip(chunk) {
            option["roi"]["conservative"]["net_3y_cents"] = json!(cents);
        }
    }
    let text = text(&set(&document));
    for cents in values {
        assert!(text.contains(&squeezed(&euros(cents))), "{}", euros(cents));
    }
}

#[test]
fn the_longest_report_stays_within_its_pages() {
    let pdf = set(&longest());
    assert!(pdf.pages <= MAX_PAGES, "{} pages", pdf.pages);
    let mut twice = longest();
    lengthen(&mut twice["findings"], 40);
    assert!(set(&twice).pages > MAX_PAGES, "the control, far over the limits, should not fit");
}

#[test]
fn the_same_document_is_the_same_pdf() {
    let renderer = Renderer::new(1);
    let first = renderer.render(&full()).unwrap();
    let mut other = full();
    other["company"]["name"] = json!("Other Ltd");
    assert_ne!(renderer.render(&other).unwrap().bytes, first.bytes);
    assert_eq!(renderer.render(&full()).unwrap().bytes, first.bytes);
    assert_eq!(set(&full()).bytes, first.bytes);
}

#[test]
fn hostile_texts_are_shown_and_do_nothing() {
    let endless = "W".repeat(10_000);
    for hostile in [
        "#panic() #read(\"/etc/passwd\") #eval(\"1\")",
        "$x$ *a* _b_ `c` @ref <label> = head \\ // gone /* gone */",
        "<b>bold</b><script>alert(1)</script>",
        "abc\u{202e}fed\u{2066}\u{0}\u{1}\u{7f}\u{9b}\u{feff}\u{fffe}",
        "👩‍👩‍👧 שלום مرحبا 漢字 \u{e000} e\u{301}\u{301}\u{301}",
        "",
        " ",
    ] {
        let mut document = full();
        reword("", &mut document, &|key, _| limit(key).map(|_| hostile.to_owned()));
        let text = text(&set(&document));
        let plain = hostile.chars().filter(char::is_ascii_graphic).collect::<String>();
        if hostile.is_ascii() {
            assert!(text.contains(&plain), "{hostile:?} is missing");
        }
    }
    let mut document = full();
    document["company"]["name"] = json!(endless);
    document["findings"][0]["title"] = json!(endless);
    document["recommendations"][0]["options"][0]["label"] = json!(endless);
    assert!(text(&set(&document)).contains(&endless));
}

#[test]
fn a_lean_report_is_set_too() {
    let mut document = full();
    for list in ["quick_wins", "warnings", "models"] {
        document[list] = json!([]);
    }
    document["roadmap"] = json!({"short": [], "mid": [], "long": []});
    document["verdict"]["do_instead"] = json!([]);
    document["methodology"]["sources"] = json!([]);
    document["methodology"]["assumptions"] = json!([]);
    document["methodology"]["confidence_mix"] = json!({"high": 0, "medium": 0, "low": 0});
    document["readiness"]["score"] = json!(0);
    for (class, colour) in [("proceed", "green"), ("wait", "orange"), ("not_recommended", "gray")] {
        document["verdict"]["class"] = json!(class);
        document["verdict"]["colour"] = json!(colour);
        assert!(set(&document).pages < MAX_PAGES);
    }
}

fn dictionaries(document: &Document) -> impl Iterator<Item = &Dictionary> {
    document.objects.values().filter_map(|object| match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    })
}

fn is(dictionary: &Dictionary, key: &[u8], name: &[u8]) -> bool {
    dictionary.get(key).and_then(Object::as_name).is_ok_and(|found| found == name)
}

#[test]
fn every_font_is_embedded() {
    let read = Document::load_mem(&set(&full()).bytes).unwrap();
    let fonts: Vec<_> = dictionaries(&read).filter(|dictionary| is(dictionary, b"Type", b"Font")).collect();
    let descriptors: Vec<_> = dictionaries(&read).filter(|item| is(item, b"Type", b"FontDescriptor")).collect();
    assert!(!descriptors.is_empty());
    for descriptor in &descriptors {
        assert!(descriptor.has(b"FontFile3") || descriptor.has(b"FontFile2"), "{descriptor:?}");
    }
    for font in fonts {
        assert!(font.has(b"FontDescriptor") || is(font, b"Subtype", b"Type0"), "a font of the reader's: {font:?}");
        assert!(!is(font, b"Subtype", b"Type0") || font.has(b"ToUnicode"), "text that cannot be copied: {font:?}");
    }
}

#[test]
fn the_pdf_can_be_read_aloud_and_found() {
    let read = Document::load_mem(&set(&full()).bytes).unwrap();
    let catalog = read.catalog().unwrap();
    assert!(catalog.has(b"StructTreeRoot") && catalog.has(b"Outlines") && catalog.has(b"Lang"));
    let marked = read.get_dict_in_dict(catalog, b"MarkInfo").unwrap();
    assert!(marked.get(b"Marked").unwrap().as_bool().unwrap());
    let figures: Vec<_> = dictionaries(&read).filter(|item| is(item, b"S", b"Figure")).collect();
    // The gauge, the components, the confidence, and the returns of five recommendations.
    assert_eq!(figures.len(), 8);
    assert!(figures.iter().all(|figure| figure.has(b"Alt")), "a drawn figure without its text");
    for tag in [&b"TH"[..], b"TOC", b"H1", b"H2"] {
        assert!(dictionaries(&read).any(|item| is(item, b"S", tag)), "{} is missing", String::from_utf8_lossy(tag));
    }
    let metadata = read.get_object(catalog.get(b"Metadata").unwrap().as_reference().unwrap()).unwrap();
    let xmp = String::from_utf8(metadata.as_stream().unwrap().content.clone()).unwrap();
    for expected in ["Sample Dental Studio", "CRB Analyser", "2026-11-22T10:11:12", "pdfuaid:part"] {
        assert!(xmp.contains(expected), "{expected} is missing from {xmp}");
    }
}

#[test]
fn one_renderer_sets_several_reports_at_once() {
    let renderer = Renderer::new(1);
    let expected = renderer.render(&full()).unwrap();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(|| renderer.render(&full()).unwrap())).collect();
        for worker in workers {
            assert_eq!(worker.join().unwrap(), expected);
        }
    });
}
