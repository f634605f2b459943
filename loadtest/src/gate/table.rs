//! The verdict as a table for a terminal: every line in order, what broke once more at the end.

use std::collections::BTreeMap;
use std::fmt;

use super::line::{Group, Line, Outcome};
use super::{Ending, Verdict};

const HEAD: [&str; 5] = ["check", "limit", "observed", "margin", ""];

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = shown(&self.lines);
        let rows: Vec<[String; 5]> = lines.iter().map(cells).collect();
        let width = |column: usize| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            cells.chain([HEAD[column].len()]).max().unwrap_or_default()
        };
        let widths: [usize; 5] = std::array::from_fn(width);
        row(f, &HEAD.map(str::to_owned), &widths)?;
        let mut group: Option<Group> = None;
        for (line, cells) in lines.iter().zip(&rows) {
            let of = line.check.group();
            if group.replace(of) != Some(of) {
                writeln!(f, "-- {}", of.name())?;
            }
            row(f, cells, &widths)?;
        }
        let broken: Vec<_> = lines.iter().zip(&rows).filter(|(line, _)| line.outcome.is_broken()).collect();
        if !broken.is_empty() {
            writeln!(f, "\n-- What broke")?;
            // Failures before what may be noise.
            for wanted in [Outcome::Failed, Outcome::Inconclusive] {
                for (_, cells) in broken.iter().filter(|(line, _)| line.outcome == wanted) {
                    row(f, cells, &widths)?;
                }
            }
        }
        writeln!(f)?;
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        let judged =
            self.lines.iter().filter(|line| matches!(line.outcome, Outcome::Passed) || line.outcome.is_broken());
        let failed = self.count(Outcome::Failed);
        let unsure = self.count(Outcome::Inconclusive);
        write!(f, "{}: {} lines judged, {failed} failed, {unsure} inconclusive", self.ending().word(), judged.count())?;
        match self.ending() {
            Ending::Inconclusive => write!(f, "; run it again on a quiet host"),
            Ending::Passed | Ending::Failed => Ok(()),
        }
    }
}

impl Verdict {
    fn count(&self, outcome: Outcome) -> usize {
        self.lines.iter().filter(|line| line.outcome == outcome).count()
    }
}

impl Outcome {
    const fn is_broken(self) -> bool {
        matches!(self, Self::Failed | Self::Inconclusive)
    }
}

/// Operations that were not judged for the same reason share a line: there are many, and nothing to read in them.
fn shown(lines: &[Line]) -> Vec<Line> {
    let mut shown: Vec<Line> = Vec::new();
    let mut counts = BTreeMap::new();
    for line in lines {
        let Outcome::NotJudged(why) = line.outcome else {
            shown.push(line.clone());
            continue;
        };
        let count = counts.entry((line.check, why)).or_insert(0_u32);
        *count += 1;
        if *count == 1 {
            shown.push(line.clone());
        }
    }
    for line in &mut shown {
        let Outcome::NotJudged(why) = line.outcome else { continue };
        let count = counts[&(line.check, why)];
        if count > 1 {
            line.subject = Some(format!("of {count} operations"));
            line.observed.clear();
        }
    }
    shown
}

fn cells(line: &Line) -> [String; 5] {
    let check = match &line.subject {
        Some(subject) => format!("{}  {subject}", line.check.name()),
        None => line.check.name().to_owned(),
    };
    [check, line.limit.clone(), line.observed.clone(), line.margin.clone(), line.outcome.word().to_owned()]
}

fn row(f: &mut fmt::Formatter<'_>, cells: &[String; 5], widths: &[usize; 5]) -> fmt::Result {
    let mut text = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        text.push_str(cell);
        text.push_str(&" ".repeat(width - cell.chars().count() + 2));
    }
    writeln!(f, "{}", text.trim_end())
}
