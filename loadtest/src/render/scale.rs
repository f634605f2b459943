//! Where a value stands on an axis, and which values are written beside it.

use serde::Deserialize;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    #[default]
    Linear,
    Log,
}

/// An axis over the values it has to show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    scale: Scale,
    low: f64,
    high: f64,
}

impl Scale {
    /// What cannot be drawn is left out: no logarithm of nothing, no place for what is no number.
    pub(super) fn shows(self, value: f64) -> bool {
        value.is_finite() && (self == Self::Linear || value > 0.0)
    }
}

impl Span {
    /// Linear axes of a measure begin at zero, so that heights can be compared.
    pub(super) fn of(scale: Scale, values: impl Iterator<Item = f64>, from_zero: bool) -> Self {
        let shown: Vec<f64> = values.filter(|value| scale.shows(*value)).collect();
        let low = shown.iter().copied().fold(f64::INFINITY, f64::min);
        let high = shown.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = match scale {
            _ if shown.is_empty() => (1.0, 10.0),
            Scale::Linear => (if from_zero { low.min(0.0) } else { low }, high),
            Scale::Log => (low, high),
        };
        match scale {
            Scale::Linear => {
                let high = if high > low { high } else { low + 1.0 };
                let step = step(high - low);
                Self { scale, low: (low / step).floor() * step, high: (high / step).ceil() * step }
            }
            Scale::Log => {
                let high = if high > low { high } else { 10.0 * low };
                Self { scale, low: rounded(low, f64::floor), high: rounded(high, f64::ceil) }
            }
        }
    }

    /// 0 at the low end, 1 at the high one.
    pub(super) fn share(self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log => (value / self.low).ln() / (self.high / self.low).ln(),
        }
    }

    pub(super) fn ticks(self) -> Vec<f64> {
        match self.scale {
            Scale::Linear => {
                let step = step(self.high - self.low);
                let count = ((self.high - self.low) / step).round() as i32;
                (0..=count).map(|index| self.low + f64::from(index) * step).collect()
            }
            Scale::Log => {
                let decades = self.low.log10().floor() as i32..=self.high.log10().ceil() as i32;
                // Over many decades the powers of ten are enough; over few they would be too few.
                let factors: &[f64] = if decades.clone().count() > 4 { &[1.0] } else { &[1.0, 2.0, 5.0] };
                decades
                    .flat_map(|power| factors.iter().map(move |factor| factor * 10_f64.powi(power)))
                    .filter(|value| (-1e-9..=1.0 + 1e-9).contains(&self.share(*value)))
                    .collect()
            }
        }
    }
}

/// A round distance between ticks: four to nine of them.
fn step(length: f64) -> f64 {
    let rough = length / 5.0;
    let power = 10_f64.powf(rough.log10().floor());
    let factor = rough / power;
    power
        * if factor < 1.5 {
            1.0
        } else if factor < 3.5 {
            2.0
        } else if factor < 7.5 {
            5.0
        } else {
            10.0
        }
}

/// The next of 1, 2, 5 and 10 of a decade, in the direction that is asked for.
fn rounded(value: f64, towards: fn(f64) -> f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let factor = value / power;
    let marks = [1.0, 2.0, 5.0, 10.0];
    let is_up = towards(0.5) > 0.5;
    let near = |mark: f64| (factor - mark).abs() < 1e-9;
    let mark = if is_up {
        marks.into_iter().find(|mark| *mark >= factor || near(*mark))
    } else {
        marks.into_iter().rev().find(|mark| *mark <= factor || near(*mark))
    };
    power * mark.unwrap_or(factor)
}

/// A tick's value, short: 1.5, 20, 10k, 2M.
pub(super) fn label(value: f64) -> String {
    let size = value.abs();
    let (value, unit) = if size >= 1e6 {
        (value / 1e6, "M")
    } else if size >= 1e4 {
        (value / 1e3, "k")
    } else {
        (value, "")
    };
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{}{unit}", if text == "-0" { "0" } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_embrace_the_values() {
        for values in [[0.0, 47.0], [3.0, 1_999.0], [0.01, 0.07], [5.0, 5.0]] {
            let span = Span::of(Scale::Linear, values.into_iter(), true);
            let ticks = span.ticks();
            assert!((3..=12).contains(&ticks.len()), "{values:?}: {ticks:?}");
            assert!(ticks[0] <= values[0] && *ticks.last().unwrap() >= values[1] - 1e-9, "{values:?}: {ticks:?}");
        }
    }

    #[test]
    fn a_log_axis_has_equal_steps_for_equal_factors() {
        let span = Span::of(Scale::Log, [1_000.0, 1_000_000.0].into_iter(), false);
        assert!((span.share(1_000.0)).abs() < 1e-9 && (span.share(1_000_000.0) - 1.0).abs() < 1e-9);
        assert!((span.share(10_000.0) - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!(span.ticks().iter().map(|tick| label(*tick)).collect::<Vec<_>>()[..2], ["1000", "2000"]);
        let wide = Span::of(Scale::Log, [0.5, 1_000_000.0].into_iter(), false);
        assert!(wide.ticks().len() < 9, "{:?}", wide.ticks());
    }

    #[test]
    fn what_has_no_place_is_left_out() {
        let span = Span::of(Scale::Log, [0.0, -5.0, f64::NAN].into_iter(), false);
        assert!(span.ticks().iter().all(|tick| tick.is_finite()));
        assert!(!Scale::Log.shows(0.0) && Scale::Linear.shows(0.0) && !Scale::Linear.shows(f64::INFINITY));
    }

    #[test]
    fn labels_are_short() {
        assert_eq!([0.0, 1.5, 20.0, 10_000.0, 2e6, 0.001].map(label), ["0", "1.5", "20", "10k", "2M", "0.001"]);
    }
}
