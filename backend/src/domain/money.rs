//! Euros and hours as a reader sees them. Money is written by the PDF's own function, so that page, PDF and mail agree.

pub use crb_pdf::euros;

/// Half hours without a needless decimal: `4`, `4.5`.
pub fn hours(hours: f64) -> String {
    let tenths = (hours * 10.0).round() as i64;
    if tenths % 10 == 0 { format!("{}", tenths / 10) } else { format!("{}.{}", tenths / 10, (tenths % 10).abs()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_figures() {
        assert_eq!(hours(4.5), "4.5");
        assert_eq!(hours(20.0), "20");
    }
}
