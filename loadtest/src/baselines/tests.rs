//! Baselines: their middle, what is refused, and that a file survives the way to disk and back.

use super::*;
use crate::gate::sample;

const REASON: &str = "the first measured run";

#[test]
fn the_middle_of_three_runs_is_kept_with_its_reason() {
    let mut runs = [sample::summary(), sample::summary(), sample::summary()];
    for (run, (p10, resident)) in runs.iter_mut().zip([(4.0, 50), (9.0, 90), (5.0, 40)]) {
        run.requests.get_mut("vendor_list").unwrap().latency.p10 = p10;
        run.server.peak_resident_bytes = resident;
    }
    runs[2].started_at = "2026-11-28T08:00:00Z".into();
    let baseline = Baseline::of(&runs, REASON).unwrap();
    assert_eq!(baseline.requests["vendor_list"].p10.to_bits(), 5.0_f64.to_bits());
    assert_eq!(baseline.figures.peak_resident_bytes.to_bits(), 50.0_f64.to_bits());
    assert_eq!((baseline.runs, baseline.reason.as_str()), (3, REASON));
    assert_eq!(baseline.date, "2026-11-28T08:00:00Z", "the date is the last run's, not the clock's");
}

#[test]
fn two_runs_give_the_mean_of_both() {
    assert_eq!(median(vec![3.0, 1.0]).to_bits(), 2.0_f64.to_bits());
    assert_eq!(median(vec![1.0 / 3.0]).to_bits(), 0.3333_f64.to_bits());
}

#[test]
fn a_call_that_one_run_lacks_is_not_in_the_baseline() {
    let mut second = sample::summary();
    second.requests.remove("vendor_list");
    second.server.operations.remove("vendor_list");
    let baseline = Baseline::of(&[sample::summary(), second], REASON).unwrap();
    assert!(!baseline.requests.contains_key("vendor_list") && !baseline.operations.contains_key("vendor_list"));
    assert!(baseline.requests.contains_key("session_answer"));
}

#[test]
fn what_may_not_become_a_baseline_is_refused_with_its_reason() {
    let changed = |change: fn(&mut Summary)| {
        let mut summary = sample::summary();
        change(&mut summary);
        summary
    };
    let good = sample::summary();
    let cases = [
        (vec![], REASON, "a summary at least"),
        (vec![good.clone()], "  short  ", "a reason that a reviewer understands"),
        (vec![good.clone(), changed(|run| run.profile = "soak".into())], REASON, "summary 2 is of another profile"),
        (vec![good.clone(), changed(|run| run.host.runner_class = "other".into())], REASON, "another profile, machine"),
        (vec![good.clone(), changed(|run| run.users = 99)], REASON, "number of users"),
        (vec![good, changed(|run| run.target.revision = "other".into())], REASON, "or revision"),
        (vec![changed(|run| run.reports.lost = 1)], REASON, "does not pass by itself"),
        (vec![changed(|run| run.host.steal = 0.5)], REASON, "is no measure: noisy host"),
    ];
    for (summaries, reason, told) in cases {
        let error = Baseline::of(&summaries, reason).expect_err(told).to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn a_written_baseline_is_found_again_for_its_profile_and_machine_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = sample::summary();
    assert_eq!(Baseline::find(folder.path(), &run).unwrap(), None);
    let baseline = Baseline::of(std::slice::from_ref(&run), REASON).unwrap();
    let path = baseline.write(folder.path()).unwrap();
    assert!(path.ends_with("baseline-100/linux-x86_64-2cpu.json"), "{}", path.display());
    assert_eq!(Baseline::find(folder.path(), &run).unwrap(), Some(baseline));
    run.users = 50;
    assert_eq!(Baseline::find(folder.path(), &run).unwrap(), None, "half the users are another load");
    run.host.runner_class = "linux-x86_64-64cpu".into();
    assert_eq!(Baseline::find(folder.path(), &run).unwrap(), None);
    fs::copy(&path, path.with_file_name("linux-x86_64-64cpu.json")).unwrap();
    let error = Baseline::find(folder.path(), &run).unwrap_err().to_string();
    assert!(error.contains("is the baseline of baseline-100 on linux-x86_64-2cpu"), "{error}");
}

#[test]
fn a_name_cannot_lead_out_of_the_folder() {
    let mut run = sample::summary();
    for name in ["../../etc", "a/b", "", "UPPER"] {
        run.host.runner_class = name.into();
        let error = Baseline::find(Path::new("baselines"), &run).unwrap_err().to_string();
        assert!(error.contains("cannot name a baseline"), "{error}");
    }
}

#[test]
fn a_file_that_is_no_summary_is_told_by_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summary.json");
    fs::write(&path, r#"{"profile": "smoke"}"#).unwrap();
    let error = format!("{:#}", read::<Summary>(&path).unwrap_err());
    assert!(error.contains("summary.json is not what it should be") && error.contains("missing field"), "{error}");
}
