//! How many instructions the hot paths take, counted under callgrind: the same on a busy machine as on a quiet one.
//!
//! What goes in comes out again, so that giving its memory back is not counted.

use std::hint::black_box;

use crb_backend::app::reports::Event;
use crb_backend::domain::check::Narrative;
use crb_backend::domain::compute::Computed;
use crb_backend::domain::facts::Snapshot;
use crb_backend::domain::readiness;
use crb_backend::domain::report::{Readiness, ReportDocument};
use crb_budgets::{Comparisons, Material, Parts, Press};
use crb_pdf::Pdf;
use gungraun::prelude::*;
use gungraun::{Callgrind, EntryPoint};

/// A score alone is too little to be counted well.
const SCORES: usize = 100;
const FRAMES: usize = 100;
/// What `cargo xtask budgets` must find too much for the budget of `SCORES`.
const MORE_SCORES: usize = 105;

fn score(material: Material, times: usize) -> (Material, Option<Readiness>) {
    let scored = (0..times).map(|_| readiness::score(black_box(&material.snapshot.profile))).last();
    (material, scored)
}

#[library_benchmark(setup = crb_budgets::material)]
#[bench::sample()]
fn scoring(material: Material) -> (Material, Option<Readiness>) {
    score(material, SCORES)
}

// The control: five per cent more work than the budget of `scoring` has room for.
#[library_benchmark(setup = crb_budgets::material)]
#[bench::sample()]
fn scoring_and_more(material: Material) -> (Material, Option<Readiness>) {
    score(material, MORE_SCORES)
}

#[library_benchmark(setup = crb_budgets::material)]
#[bench::sample()]
fn figures(material: Material) -> (Snapshot, Comparisons, Computed) {
    let Material { snapshot, findings, comparisons } = material;
    let computed = crb_budgets::figures(&snapshot, findings, &comparisons);
    (snapshot, comparisons, computed)
}

#[library_benchmark(setup = crb_budgets::parts)]
#[bench::sample()]
fn document(parts: Parts) -> (Snapshot, Narrative, ReportDocument) {
    let Parts { snapshot, computed, narrative } = parts;
    let document = crb_budgets::build(&snapshot, computed, &narrative);
    (snapshot, narrative, document)
}

#[library_benchmark(setup = crb_budgets::report)]
#[bench::sample()]
fn encoding(document: ReportDocument) -> (ReportDocument, Vec<u8>) {
    let json = crb_budgets::encode(&document);
    (document, json)
}

fn encoded() -> Vec<u8> {
    crb_budgets::encode(&crb_budgets::report())
}

#[library_benchmark(setup = encoded)]
#[bench::sample()]
fn packing(json: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
    let packed = crb_budgets::gzip(&json);
    (json, packed)
}

// A frame alone is too little to be counted well.
#[library_benchmark(setup = crb_budgets::event)]
#[bench::sample()]
fn framing(event: Event) -> (Event, Option<String>) {
    let frame = (0..FRAMES).map(|_| crb_backend::api::frame(black_box(&event))).last();
    (event, frame)
}

/// The typesetter has a thread of its own, so here the whole process is counted: what a second report with other words
/// adds to a first is a report that finds fonts, templates and fixed words read.
fn whole_process() -> LibraryBenchmarkConfig {
    let callgrind = Callgrind::default().entry_point(EntryPoint::None).clone();
    LibraryBenchmarkConfig::default().tool(callgrind).clone()
}

#[library_benchmark(setup = crb_budgets::press, config = whole_process())]
#[bench::sample()]
fn pdf_once(press: Press) -> Pdf {
    press.print()
}

#[library_benchmark(setup = crb_budgets::press, config = whole_process())]
#[bench::sample()]
fn pdf_twice(press: Press) -> [Pdf; 2] {
    [press.print(), press.print_other()]
}

library_benchmark_group!(
    name = budgets,
    benchmarks = [scoring, scoring_and_more, figures, document, encoding, packing, framing, pdf_once, pdf_twice]
);
main!(library_benchmark_groups = budgets);
