//! What a reviewer reads in a minute: the run as tables, and its course as a drawing.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::gate::Verdict;
use crate::summary::Summary;

mod chart;
mod scale;
mod tables;

pub use chart::{Axis, Chart, Curve, Panel};
pub use scale::Scale;

/// Writes `summary.md` and `chart.svg` into a folder, and says where.
pub fn write(summary: &Summary, verdict: &Verdict, folder: &Path) -> Result<[PathBuf; 2]> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let files = [
        (folder.join("summary.md"), tables::tables(summary, verdict)),
        (folder.join("chart.svg"), course(summary).svg()),
    ];
    for (path, text) in &files {
        fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(files.map(|(path, _)| path))
}

/// Draws curves that a file describes, for the pages of the documentation.
pub fn draw(description: &Path, to: &Path) -> Result<()> {
    let chart: Chart = crate::baselines::read(description)?;
    fs::write(to, chart.svg()).with_context(|| format!("{} cannot be written", to.display()))
}

/// Throughput with the users, and below it the latency, over the time of the run.
fn course(summary: &Summary) -> Chart {
    let of = |pick: fn(&crate::summary::Moment) -> f64| -> Vec<(f64, f64)> {
        summary.course.iter().map(|moment| (f64::from(moment.second), pick(moment))).collect()
    };
    // A moment lasts until the next one begins; the last as long as the one before it.
    let mut rates = Vec::new();
    for (index, moment) in summary.course.iter().enumerate() {
        let next = summary.course.get(index + 1).map(|next| next.second);
        let before = index.checked_sub(1).map(|before| summary.course[before].second);
        let lasts = next
            .map(|next| next.saturating_sub(moment.second))
            .or_else(|| before.map(|before| moment.second.saturating_sub(before)));
        let lasts = f64::from(lasts.unwrap_or(1).max(1));
        rates.push((f64::from(moment.second), moment.requests as f64 / lasts));
    }
    let linear = |label: &str| Axis { label: label.to_owned(), scale: Scale::Linear };
    let curve = |name: &str, points, is_step| Curve { name: name.to_owned(), points, is_step };
    Chart {
        title: format!("{} on {}, {}", summary.profile, summary.host.runner_class, summary.started_at),
        x: linear("seconds since the start"),
        panels: vec![
            Panel {
                y: linear("requests a second"),
                curves: vec![curve("requests a second", rates, false)],
                right: Some(linear("users")),
                right_curves: vec![curve("users", of(|moment| f64::from(moment.users)), true)],
            },
            Panel {
                y: linear("milliseconds"),
                curves: vec![
                    curve("p50", of(|moment| moment.p50), false),
                    curve("p95", of(|moment| moment.p95), false),
                ],
                right: None,
                right_curves: Vec::new(),
            },
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{Limits, judge, sample};

    #[test]
    fn both_files_are_written_and_say_what_the_run_was() {
        let folder = tempfile::tempdir().unwrap();
        let summary = sample::summary();
        let verdict = judge(&summary, None, &Limits::default());
        let [tables, chart] = write(&summary, &verdict, &folder.path().join("new")).unwrap();
        let (tables, chart) = (fs::read_to_string(tables).unwrap(), fs::read_to_string(chart).unwrap());
        for word in ["baseline-100", "passed", "vendor_list", "60 paid", "p99"] {
            assert!(tables.contains(word), "{word}:\n{tables}");
        }
        for word in ["<svg", "users", "requests a second", "milliseconds", "p95", "seconds since the start", "</svg>"] {
            assert!(chart.contains(word), "{word}:\n{chart}");
        }
    }

    #[test]
    fn a_run_without_a_course_is_drawn_too() {
        let mut summary = sample::summary();
        summary.course.clear();
        assert!(course(&summary).svg().contains("</svg>"));
        summary.course.push(crate::summary::Moment { second: 0, users: 1, requests: 0, p50: 0.0, p95: 0.0 });
        assert!(course(&summary).svg().contains("</svg>"));
    }

    #[test]
    fn curves_come_from_a_file_and_a_wrong_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (description, to) = (folder.path().join("curves.json"), folder.path().join("curves.svg"));
        fs::write(
            &description,
            r#"{"title": "Cost", "x": {"label": "rows", "scale": "log"}, "panels": [{"y": {"label": "ms", "scale": "log"},
                "curves": [{"name": "report_view", "points": [[1000, 1.2], [10000, 1.3], [1000000, 1.4]]}]}]}"#,
        )
        .unwrap();
        draw(&description, &to).unwrap();
        assert!(fs::read_to_string(&to).unwrap().contains("report_view"));
        fs::write(&description, r#"{"title": "Cost"}"#).unwrap();
        assert!(draw(&description, &to).is_err());
    }
}
