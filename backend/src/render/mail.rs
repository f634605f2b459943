//! The three mails: payment received, report ready, report failed. Each is written once and set as text and as HTML.
//!
//! Names and headlines are the customer's or the model's words: they stay on one line, are escaped, and never become a
//! link. The only link of a mail is the one to the report, and it leads to our own page.

use serde::{Deserialize, Serialize};
use url::Url;

use super::money::euros;
use crate::domain::ids::OrderId;
use crate::domain::report::Scenarios;
use crate::error::{Error, Result};

/// Longer names are cut in a mail.
const NAME: usize = 120;

/// One mail. It holds a personal link, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What every mail needs to know of us.
#[derive(Debug, Clone, Copy)]
pub struct Letterhead<'a> {
    /// The page's public origin: links lead there or nowhere.
    pub app_base_url: &'a Url,
    /// Where a reader can write to.
    pub support: &'a str,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentReceived {
    pub company: String,
    pub amount_cents: i64,
    pub order_id: OrderId,
    pub report_url: Url,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportReady {
    pub company: String,
    pub headline: String,
    pub total_value_3y: Scenarios,
    pub order_id: OrderId,
    pub report_url: Url,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportFailed {
    pub company: String,
    pub amount_cents: i64,
    pub order_id: OrderId,
    pub report_url: Url,
}

impl PaymentReceived {
    pub fn mail(&self, head: Letterhead<'_>) -> Result<Mail> {
        let company = name(&self.company);
        let parts = [
            Part::Paragraph(format!(
                "Thank you. We have received {} for the cost, risk and benefit report on {company}.",
                euros(self.amount_cents)
            )),
            Part::Paragraph(
                "It is being written now, which usually takes a few minutes. You can watch it grow:".into(),
            ),
            Part::Link("Open the report", own_link(&self.report_url, head)?),
            PERSONAL,
        ];
        Ok(compose(format!("Payment received: your report on {company}"), &parts, self.order_id, head))
    }
}

impl ReportReady {
    pub fn mail(&self, head: Letterhead<'_>) -> Result<Mail> {
        let company = name(&self.company);
        let total = &self.total_value_3y;
        let parts = [
            Part::Paragraph(format!("The cost, risk and benefit report on {company} is ready. Its verdict:")),
            Part::Headline(name(&self.headline)),
            Part::Paragraph("Value over three years before costs, if you follow every recommendation:".into()),
            Part::Figures([
                ("Conservative", euros(total.conservative_cents)),
                ("Expected", euros(total.expected_cents)),
                ("Optimistic", euros(total.optimistic_cents)),
            ]),
            Part::Link("Read the report", own_link(&self.report_url, head)?),
            Part::Paragraph("You can download it there as a PDF.".into()),
            PERSONAL,
        ];
        Ok(compose(format!("Your report on {company} is ready"), &parts, self.order_id, head))
    }
}

impl ReportFailed {
    pub fn mail(&self, head: Letterhead<'_>) -> Result<Mail> {
        let company = name(&self.company);
        let parts = [
            Part::Paragraph(format!(
                "We are sorry: the report on {company} could not be finished, although we tried several times."
            )),
            Part::Paragraph(format!(
                "Your answers are kept and we have been told. We will either finish the report or return the {} you paid.",
                euros(self.amount_cents)
            )),
            Part::Paragraph("This page shows how it stands:".into()),
            Part::Link("Open the report", own_link(&self.report_url, head)?),
        ];
        Ok(compose(format!("Your report on {company} is delayed"), &parts, self.order_id, head))
    }
}

/// A piece of a mail, before it is text or HTML. The words in it are plain, not yet escaped.
enum Part {
    Paragraph(String),
    Headline(String),
    Figures([(&'static str, String); 3]),
    Link(&'static str, String),
    Note(&'static str),
}

const PERSONAL: Part = Part::Note("The link is personal: whoever has it can read the report.");

fn compose(subject: String, parts: &[Part], order: OrderId, head: Letterhead<'_>) -> Mail {
    let support = crb_pdf::one_line(head.support);
    let closing = format!("Order {order}. Questions? Write to {support}.");
    let mut text: Vec<String> = parts.iter().map(as_text).collect();
    text.push(format!("CRB Analyser\n{closing}\n"));
    let body: String = parts.iter().map(as_html).collect();
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n</head>\n\
         <body style=\"margin:0;background:#eef5f6;color:#14232b;font:16px/1.55 system-ui,-apple-system,'Segoe UI',sans-serif\">\n\
         <div style=\"max-width:560px;margin:0 auto;padding:32px 20px\">\n\
         <p style=\"margin:0 0 16px;color:#0b5563;font-weight:600\">CRB Analyser</p>\n\
         <div style=\"background:#ffffff;border-radius:6px;padding:28px 24px\">\n{body}</div>\n\
         <p style=\"margin:16px 0 0;color:#566871;font-size:13px\">{}</p>\n</div>\n</body>\n</html>\n",
        escape(&subject),
        escape(&closing),
    );
    Mail { subject, text: text.join("\n\n"), html }
}

fn as_text(part: &Part) -> String {
    match part {
        Part::Paragraph(words) => words.clone(),
        Part::Headline(words) => format!("    {words}"),
        Part::Figures(figures) => {
            let lines = figures.iter().map(|(label, figure)| format!("    {label:<14}{figure:>16}"));
            lines.collect::<Vec<_>>().join("\n")
        }
        Part::Link(label, url) => format!("{label}:\n{url}"),
        Part::Note(words) => (*words).to_owned(),
    }
}

fn as_html(part: &Part) -> String {
    match part {
        Part::Paragraph(words) => format!("<p style=\"margin:0 0 16px\">{}</p>\n", escape(words)),
        Part::Headline(words) => format!(
            "<p style=\"margin:0 0 20px;padding-left:14px;border-left:3px solid #0b5563;font-size:20px;line-height:1.3;\
             font-weight:600\">{}</p>\n",
            escape(words)
        ),
        Part::Figures(figures) => {
            let line = |(label, figure): &(&str, String)| {
                format!("<p style=\"margin:0 0 6px\">{label}: <strong>{}</strong></p>\n", escape(figure))
            };
            figures.iter().map(line).collect()
        }
        Part::Link(label, url) => format!(
            "<p style=\"margin:20px 0 20px\"><a href=\"{}\" style=\"display:inline-block;background:#0b5563;color:#ffffff;\
             padding:12px 22px;border-radius:4px;text-decoration:none;font-weight:600\">{label}</a></p>\n",
            escape(url)
        ),
        Part::Note(words) => format!("<p style=\"margin:0;color:#566871;font-size:13px\">{words}</p>\n"),
    }
}

/// A link of ours, or an error: a mail must never carry its reader elsewhere.
fn own_link(url: &Url, head: Letterhead<'_>) -> Result<String> {
    let ours = url.origin() == head.app_base_url.origin() && url.username().is_empty() && url.password().is_none();
    if ours { Ok(url.to_string()) } else { Err(Error::internal("a mail's link does not lead to our own page")) }
}

/// A name or a headline on one line, of bounded length, and such that no mail program makes a link of it.
fn name(words: &str) -> String {
    let line = crb_pdf::one_line(words);
    let mut name = String::with_capacity(line.len());
    let mut rest = line.chars().take(NAME).peekable();
    while let Some(character) = rest.next() {
        name.push(character);
        if matches!(character, '.' | ':' | '@') && rest.peek().is_some_and(|next| !next.is_whitespace()) {
            // Invisible, and enough that `example.org` is no longer an address.
            name.push('\u{200b}');
        }
    }
    name
}

fn escape(words: &str) -> String {
    let mut safe = String::with_capacity(words.len());
    for character in words.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests;
