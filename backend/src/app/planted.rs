//! Faults planted on purpose, so that the load test's gate can be seen to fail. The configuration refuses them where
//! customers are.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::App;
use crate::config::PlantedFault;
use crate::counters::{Counted, thread_time};
use crate::domain::ids::ReportId;
use crate::error::{Error, Result};

/// One request in so many fails.
const ERROR_EVERY: u64 = 500;
const DELAY: Duration = Duration::from_millis(3);

/// What the planted fault remembers from one call to the next.
#[derive(Debug, Default)]
pub struct Planted {
    requests: AtomicU64,
}

/// Before an operation, probes aside. `path` is as it was asked for.
pub async fn before(app: &App, path: &str) -> Result<()> {
    match app.config.planted {
        Some(PlantedFault::Statement) => app.db.ping().await,
        Some(PlantedFault::Delay) if path == "/api/v1/industries" => {
            tokio::time::sleep(DELAY).await;
            Ok(())
        }
        Some(PlantedFault::Error) => {
            let number = app.planted.requests.fetch_add(1, Ordering::Relaxed) + 1;
            if number.is_multiple_of(ERROR_EVERY) { Err(Error::internal("planted")) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

/// Keeps the processor for about a third of the time again that PDFs take here.
pub(super) fn after_setting(app: &App) {
    if app.config.planted != Some(PlantedFault::PdfCpu) {
        return;
    }
    let took = app.pdf_time() / u32::try_from(app.counters.get(Counted::Pdf)).unwrap_or(1).max(1);
    let began = thread_time();
    let spent = || thread_time().saturating_sub(began);
    while spent() < took * 3 / 10 {
        std::hint::spin_loop();
    }
    let spun = u64::try_from(spent().as_micros()).unwrap_or(0);
    app.counters.add(Counted::PlantedTime, spun);
}

/// Whether the stream of this report never says its last word: one in five.
pub(super) fn loses_last_event(app: &App, report: ReportId) -> bool {
    app.config.planted == Some(PlantedFault::LostEvent) && share(report, 5)
}

/// Whether whoever claims this report forgets it: one in ten.
pub fn forgets(app: &App, report: ReportId) -> bool {
    app.config.planted == Some(PlantedFault::UnfinishedReport) && share(report, 10)
}

/// The last bits of an id are random, and stay the same for every attempt.
fn share(report: ReportId, every: u128) -> bool {
    (report.0.as_u128() & 0xFFFF_FFFF).is_multiple_of(every)
}
