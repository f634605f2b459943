//! Euros, percentages and numbers as a reader sees them: one place, so that page, PDF and mail agree.

/// `€3,998.40`, and `€14,836` where there are no cents.
pub fn euros(cents: i64) -> String {
    let sign = if cents < 0 { "−" } else { "" };
    let cents = cents.unsigned_abs();
    let whole = thousands(cents / 100);
    match cents % 100 {
        0 => format!("{sign}€{whole}"),
        rest => format!("{sign}€{whole}.{rest:02}"),
    }
}

/// Basis points as a percentage with at most one decimal: `263.5 %`.
pub fn percent(basis_points: i64) -> String {
    let sign = if basis_points < 0 { "−" } else { "" };
    let tenths = (basis_points.unsigned_abs() + 5) / 10;
    match tenths % 10 {
        0 => format!("{sign}{} %", thousands(tenths / 10)),
        rest => format!("{sign}{}.{rest} %", thousands(tenths / 10)),
    }
}

/// Half hours without a needless decimal: `4`, `4.5`.
pub fn hours(hours: f64) -> String {
    let tenths = (hours * 10.0).round() as i64;
    if tenths % 10 == 0 { format!("{}", tenths / 10) } else { format!("{}.{}", tenths / 10, (tenths % 10).abs()) }
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_figures() {
        assert_eq!(euros(399_840), "€3,998.40");
        assert_eq!(euros(1_483_600), "€14,836");
        assert_eq!(euros(-123_456_789), "−€1,234,567.89");
        assert_eq!(euros(0), "€0");
        assert_eq!(euros(7), "€0.07");
        assert_eq!(percent(26_350), "263.5 %");
        assert_eq!(percent(-5_000), "−50 %");
        assert_eq!(percent(1_234_567), "12,345.7 %");
        assert_eq!(hours(4.5), "4.5");
        assert_eq!(hours(20.0), "20");
    }
}
