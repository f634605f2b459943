//! How money, ratios and days are written. The mails use the same functions, so a total reads the same everywhere.

/// Euros from cents: `€14,836`, `€3,998.40`, `−€1,234.50`. Cents stand only where there are some.
pub fn euros(cents: i64) -> String {
    let sign = if cents < 0 { "−" } else { "" };
    let whole = grouped(cents.unsigned_abs() / 100);
    match cents.unsigned_abs() % 100 {
        0 => format!("{sign}€{whole}"),
        rest => format!("{sign}€{whole}.{rest:02}"),
    }
}

/// A change in percent from basis points, with its sign and at most one decimal: `+263.5%`, `−12%`, `0%`.
pub fn percent(bp: i64) -> String {
    let share = share(bp);
    match bp.signum() {
        1 if share != "0%" => format!("+{share}"),
        _ => share,
    }
}

/// A share in percent from basis points: `25%`, `12.5%`.
pub(crate) fn share(bp: i64) -> String {
    // Halves round away from zero, as a reader would.
    let tenths = (bp.unsigned_abs() + 5) / 10;
    let sign = if bp < 0 && tenths > 0 { "−" } else { "" };
    let whole = grouped(tenths / 10);
    match tenths % 10 {
        0 => format!("{sign}{whole}%"),
        rest => format!("{sign}{whole}.{rest}%"),
    }
}

/// `22 November 2026` from `2026-11-22`, with or without a time behind it; None for anything else.
pub(crate) fn day(iso: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let date = iso.split('T').next()?;
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<u16>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let month = MONTHS.get(usize::from(month).checked_sub(1)?)?;
    (1..=31).contains(&day).then(|| format!("{day}\u{a0}{month}\u{a0}{year}"))
}

/// Thousands set apart by commas.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn euros_show_cents_only_where_there_are_some() {
        for (cents, text) in [
            (0, "€0"),
            (7, "€0.07"),
            (100, "€1"),
            (99_900, "€999"),
            (100_000, "€1,000"),
            (399_840, "€3,998.40"),
            (1_483_600, "€14,836"),
            (123_456_789, "€1,234,567.89"),
            (-123_450, "−€1,234.50"),
            (-5, "−€0.05"),
            (i64::MIN, "−€92,233,720,368,547,758.08"),
        ] {
            assert_eq!(euros(cents), text);
        }
    }

    #[test]
    fn percent_has_a_sign_and_one_decimal_at_most() {
        for (bp, text) in [
            (0, "0%"),
            (4, "0%"),
            (-4, "0%"),
            (5, "+0.1%"),
            (-5, "−0.1%"),
            (1_200, "+12%"),
            (26_349, "+263.5%"),
            (50_000, "+500%"),
            (123_456, "+1,234.6%"),
            (-10_000, "−100%"),
        ] {
            assert_eq!(percent(bp), text);
        }
        assert_eq!(share(2_500), "25%");
        assert_eq!(share(1_250), "12.5%");
    }

    #[test]
    fn a_day_is_written_out_and_anything_else_is_left_alone() {
        assert_eq!(day("2026-11-22").as_deref(), Some("22\u{a0}November\u{a0}2026"));
        assert_eq!(day("2026-01-02T10:00:00Z").as_deref(), Some("2\u{a0}January\u{a0}2026"));
        for other in ["", "soon", "2026", "2026-00-10", "2026-13-10", "2026-11-32", "2026-11-0", "2026-11-22 10:00"] {
            assert_eq!(day(other), None, "{other}");
        }
    }
}
