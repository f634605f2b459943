//! What tokens cost: a price file with dates and tiers. An unknown model is an error, never free.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::claude::Usage;
use crate::error::{Error, Result};

static BUILT_IN: LazyLock<Result<Prices, String>> = LazyLock::new(|| parse(include_str!("../../models/prices.toml")));

/// The cost of one attempt in millionths of a US dollar, rounded up.
pub fn cost_microusd(model: &str, usage: &Usage, at: DateTime<Utc>) -> Result<i64> {
    let prices = built_in()?.of(model, at)?;
    let tier = prices
        .tiers
        .iter()
        .find(|tier| tier.up_to_prompt_tokens.is_none_or(|bound| usage.prompt() <= bound))
        .ok_or_else(|| Error::internal(format!("{model} has no price for {} prompt tokens", usage.prompt())))?;
    // Dollars per million tokens are microdollars per token; the file's finest price is a thousandth of one.
    let picousd: u128 = [
        (usage.input, tier.input),
        (usage.cache_write, tier.cache_write),
        (usage.cache_read, tier.cache_read),
        (usage.output, tier.output),
    ]
    .into_iter()
    .map(|(tokens, price)| u128::from(tokens) * u128::from(price.0))
    .sum();
    i64::try_from(picousd.div_ceil(1_000_000)).map_err(|_| Error::internal("a call cannot cost so much"))
}

/// Refuses a model that could not be priced at `at`: for the start of the program.
pub fn check(models: &[&str], at: DateTime<Utc>) -> Result<()> {
    let prices = built_in()?;
    models.iter().try_for_each(|model| prices.of(model, at).map(drop))
}

fn built_in() -> Result<&'static Prices> {
    BUILT_IN.as_ref().map_err(|fault| Error::internal("the price file cannot be read").caused_by(fault.as_str()))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Prices {
    price: Vec<Price>,
}

/// What a model costs from a day on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    model: String,
    effective_from: NaiveDate,
    tiers: Vec<Tier>,
}

/// The price of a whole request whose prompt has at most so many tokens.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tier {
    up_to_prompt_tokens: Option<u64>,
    input: Dollars,
    /// Kept for five minutes: the only kind we ask for.
    cache_write: Dollars,
    cache_read: Dollars,
    output: Dollars,
}

/// US dollars per million tokens, held as millionths of a dollar per million tokens.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "f64")]
struct Dollars(u64);

impl TryFrom<f64> for Dollars {
    type Error = String;

    fn try_from(dollars: f64) -> Result<Self, String> {
        let millionths = dollars * 1e6;
        let whole = millionths.round();
        if !(1.0..=1e9).contains(&whole) || (millionths - whole).abs() > 1e-3 {
            return Err(format!("{dollars} is not a price in US dollars per million tokens"));
        }
        Ok(Self(whole as u64))
    }
}

impl Prices {
    /// The latest price that holds at `at`.
    fn of(&self, model: &str, at: DateTime<Utc>) -> Result<&Price> {
        let day = at.date_naive();
        self.price
            .iter()
            .filter(|price| is_model(model, &price.model) && price.effective_from <= day)
            .max_by_key(|price| price.effective_from)
            .ok_or_else(|| Error::internal(format!("there is no price for the model {model:?} on {day}")))
    }
}

/// The model itself or a dated snapshot of it, which costs the same.
fn is_model(asked: &str, name: &str) -> bool {
    asked.strip_prefix(name).is_some_and(|rest| {
        rest.is_empty()
            || rest.strip_prefix('-').is_some_and(|date| date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit()))
    })
}

fn parse(text: &str) -> Result<Prices, String> {
    let prices: Prices = toml::from_str(text).map_err(|error| error.to_string())?;
    for price in &prices.price {
        let bounds: Vec<_> = price.tiers.iter().map(|tier| tier.up_to_prompt_tokens.unwrap_or(u64::MAX)).collect();
        if bounds.last() != Some(&u64::MAX) || !bounds.is_sorted_by(|a, b| a < b) {
            return Err(format!("the tiers of {} must rise, and the last be unbounded", price.model));
        }
    }
    Ok(prices)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> DateTime<Utc> {
        format!("{day}T12:00:00Z").parse().expect("a time")
    }

    const MILLION: u64 = 1_000_000;

    #[test]
    fn a_million_tokens_of_each_kind_cost_what_the_list_says() {
        let now = at("2026-11-22");
        for (model, input, write, read, output) in [
            ("claude-opus-5-5", 4_000_000, 5_000_000, 200_000, 20_000_000),
            ("claude-sonnet-5-5", 2_000_000, 2_500_000, 100_000, 10_000_000),
            ("claude-sonnet-5-5-20260930", 2_000_000, 2_500_000, 100_000, 10_000_000),
            ("claude-haiku-5-5", 500_000, 625_000, 50_000, 2_500_000),
            ("claude-fable-5-1", 10_000_000, 12_500_000, 250_000, 50_000_000),
        ] {
            let cost = |usage: Usage| cost_microusd(model, &usage, now).expect("a price");
            assert_eq!(cost(Usage { input: MILLION, ..Usage::default() }), input, "{model}");
            assert_eq!(cost(Usage { cache_write: MILLION, ..Usage::default() }), write, "{model}");
            assert_eq!(cost(Usage { cache_read: MILLION, ..Usage::default() }), read, "{model}");
            if model != "claude-haiku-5-5" {
                assert_eq!(cost(Usage { output: MILLION, ..Usage::default() }), output, "{model}");
            }
        }
    }

    #[test]
    fn haiku_is_dearer_for_the_whole_request_above_a_hundred_thousand_prompt_tokens() {
        let cost = |usage| cost_microusd("claude-haiku-5-5", &usage, at("2026-11-22")).expect("a price");
        let below = Usage { input: 40_000, cache_write: 30_000, cache_read: 30_000, output: 1000 };
        // 40,000 × 0.10 + 30,000 × 0.125 + 30,000 × 0.01 + 1,000 × 0.50
        assert_eq!(cost(below), 4000 + 3750 + 300 + 500);
        // One token more, from the cache, and everything costs five times as much.
        assert_eq!(cost(Usage { cache_read: 30_001, ..below }), 20_000 + 18_750 + 1501 + 2500);
    }

    #[test]
    fn a_fraction_of_a_microdollar_is_rounded_up_and_nothing_costs_nothing() {
        let cost = |usage| cost_microusd("claude-sonnet-5-5", &usage, at("2026-11-22")).expect("a price");
        assert_eq!(cost(Usage { cache_read: 1, ..Usage::default() }), 1);
        assert_eq!(cost(Usage { cache_read: 11, ..Usage::default() }), 2);
        assert_eq!(cost(Usage::default()), 0);
        assert!(
            cost_microusd("claude-opus-5-5", &Usage { output: u64::MAX, ..Usage::default() }, at("2026-11-22"))
                .is_err()
        );
    }

    #[test]
    fn an_unknown_model_or_day_is_an_error_and_never_free() {
        for (model, day) in [
            ("claude-sonnet-9", "2026-11-22"),
            ("claude-sonnet-5-5-latest", "2026-11-22"),
            ("", "2026-11-22"),
            ("claude-sonnet-5-5", "2020-01-01"),
        ] {
            let error = cost_microusd(model, &Usage::default(), at(day)).expect_err(model);
            assert_eq!(error.kind(), crate::error::Kind::Internal);
            assert!(check(&[model], at(day)).is_err());
        }
        check(&["claude-sonnet-5-5", "claude-opus-5-5"], at("2026-11-22")).expect("known models");
    }

    const TWO: &str = r#"
        price = [
          { model = "m", effective_from = "2026-01-01", tiers = [{ input = 1, cache_write = 1, cache_read = 1, output = 1 }] },
          { model = "m", effective_from = "2026-07-01", tiers = [{ input = 2, cache_write = 1, cache_read = 1, output = 1 }] },
        ]"#;

    #[test]
    fn the_latest_price_that_holds_is_taken() {
        let prices = parse(TWO).expect("prices");
        for (day, millionths) in [("2026-06-30", 1_000_000), ("2026-07-01", 2_000_000), ("2030-01-01", 2_000_000)] {
            assert_eq!(prices.of("m", at(day)).expect("a price").tiers[0].input.0, millionths, "{day}");
        }
    }

    #[test]
    fn a_price_file_with_a_fault_is_refused() {
        parse(TWO).expect("the control is accepted");
        for (from, to) in [
            ("input = 1", "input = 0"),
            ("input = 1", "input = -1"),
            ("input = 1", "input = 0.00000001"),
            ("input = 1", "input = nan"),
            ("output = 1", "outputs = 1"),
            ("input = 1", "up_to_prompt_tokens = 5, input = 1"),
            ("2026-01-01", "January"),
        ] {
            assert!(parse(&TWO.replacen(from, to, 1)).is_err(), "{to}");
        }
    }
}
