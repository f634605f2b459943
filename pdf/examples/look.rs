//! Sets one report for the eye: `cargo run -p crb-pdf --example look -- pdf/tests/full.json /tmp/report.pdf`.

use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args().skip(1);
    let (Some(from), Some(to)) = (paths.next(), paths.next()) else {
        return Err("give a report.json and the name of the PDF".into());
    };
    let document = serde_json::from_slice(&std::fs::read(from)?)?;
    let renderer = crb_pdf::Renderer::new(1);
    let start = Instant::now();
    let pdf = renderer.render(&document)?;
    println!("{} pages, {} bytes, {:?}", pdf.pages, pdf.bytes.len(), start.elapsed());
    std::fs::write(to, pdf.bytes)?;
    Ok(())
}
