//! How noisy the place was: whether a time that broke its limit says something about the product.

use super::Limits;
use super::line::Unit;
use crate::summary::Summary;

/// Why times of this run cannot be trusted; empty on a quiet host.
pub(super) fn reasons(summary: &Summary, limits: &Limits) -> Vec<String> {
    let host = &summary.host;
    let generator = generator_share(summary);
    let told = |what: &str, share: f64, limit: f64| {
        format!("noisy host: {what} {}, more than {}", Unit::Percent.write(share), Unit::Percent.write(limit))
    };
    let mut reasons = Vec::new();
    if let Some(pressure) = host.cpu_pressure.filter(|share| *share > limits.pressure_share) {
        reasons.push(told("somebody waited for a processor", pressure, limits.pressure_share));
    }
    if host.steal > limits.steal_share {
        reasons.push(told("stolen processor time", host.steal, limits.steal_share));
    }
    if generator > limits.generator_cpu_share {
        reasons.push(told("the generator is out of breath at", generator, limits.generator_cpu_share));
    }
    reasons
}

/// The generator's processor time, as a share of one processor over the run.
pub(super) fn generator_share(summary: &Summary) -> f64 {
    summary.generator.cpu_seconds / summary.seconds
}
