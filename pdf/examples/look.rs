//! Sets one report for the eye, as often as is asked: `look report.json /tmp/report.pdf [times]`.

use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        return Err("give a report.json and the name of the PDF".into());
    };
    let times = arguments.next().map_or(Ok(1), |times| times.parse())?;
    let document = serde_json::from_slice(&std::fs::read(from)?)?;
    let renderer = crb_pdf::Renderer::new(1);
    for _ in 0..times {
        let (start, before) = (Instant::now(), renderer.processor_time());
        let pdf = renderer.render(&document)?;
        let took = renderer.processor_time() - before;
        println!("{} pages, {} bytes, {:?}, processor {took:?}", pdf.pages, pdf.bytes.len(), start.elapsed());
        std::fs::write(&to, pdf.bytes)?;
    }
    Ok(())
}
