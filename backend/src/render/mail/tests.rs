//! The mails word for word, and what hostile names cannot do to them.

use super::*;

const ORDER: OrderId = OrderId(uuid::Uuid::from_u128(0x019a_b8c2_6f00_7000_8000_0000_0000_0002));

fn with<T>(test: impl FnOnce(Letterhead<'_>) -> T) -> T {
    let app = Url::parse("https://app.example.org/").unwrap();
    test(Letterhead { app_base_url: &app, support: "help@example.org" })
}

fn link() -> Url {
    Url::parse("https://app.example.org/report/019ab8c2?token=a&b=c").unwrap()
}

fn received(company: &str) -> Mail {
    let mail =
        PaymentReceived { company: company.to_owned(), amount_cents: 14_700, order_id: ORDER, report_url: link() };
    with(|head| mail.mail(head)).unwrap()
}

fn ready(company: &str, headline: &str) -> Mail {
    let total = Scenarios { conservative_cents: 5_888_470, expected_cents: 9_658_300, optimistic_cents: -13_428_130 };
    let mail = ReportReady {
        company: company.to_owned(),
        headline: headline.to_owned(),
        total_value_3y: total,
        order_id: ORDER,
        report_url: link(),
    };
    with(|head| mail.mail(head)).unwrap()
}

fn failed(company: &str) -> Mail {
    let mail = ReportFailed { company: company.to_owned(), amount_cents: 14_700, order_id: ORDER, report_url: link() };
    with(|head| mail.mail(head)).unwrap()
}

#[test]
fn payment_received() {
    let mail = received("Müller & Söhne");
    insta::assert_snapshot!(mail.subject, @"Payment received: your report on Müller & Söhne");
    insta::assert_snapshot!(mail.text, @r##"
    Thank you. We have received €147 for the cost, risk and benefit report on Müller & Söhne.

    It is being written now, which usually takes a few minutes. You can watch it grow:

    Open the report:
    https://app.example.org/report/019ab8c2?token=a&b=c

    The link is personal: whoever has it can read the report.

    CRB Analyser
    Order 019ab8c2-6f00-7000-8000-000000000002. Questions? Write to help@example.org.
    "##);
    insta::assert_snapshot!(mail.html, @r##"
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Payment received: your report on Müller &amp; Söhne</title>
    </head>
    <body style="margin:0;background:#eef5f6;color:#14232b;font:16px/1.55 system-ui,-apple-system,'Segoe UI',sans-serif">
    <div style="max-width:560px;margin:0 auto;padding:32px 20px">
    <p style="margin:0 0 16px;color:#0b5563;font-weight:600">CRB Analyser</p>
    <div style="background:#ffffff;border-radius:6px;padding:28px 24px">
    <p style="margin:0 0 16px">Thank you. We have received €147 for the cost, risk and benefit report on Müller &amp; Söhne.</p>
    <p style="margin:0 0 16px">It is being written now, which usually takes a few minutes. You can watch it grow:</p>
    <p style="margin:20px 0 20px"><a href="https://app.example.org/report/019ab8c2?token=a&amp;b=c" style="display:inline-block;background:#0b5563;color:#ffffff;padding:12px 22px;border-radius:4px;text-decoration:none;font-weight:600">Open the report</a></p>
    <p style="margin:0;color:#566871;font-size:13px">The link is personal: whoever has it can read the report.</p>
    </div>
    <p style="margin:16px 0 0;color:#566871;font-size:13px">Order 019ab8c2-6f00-7000-8000-000000000002. Questions? Write to help@example.org.</p>
    </div>
    </body>
    </html>
    "##);
}

#[test]
fn report_ready() {
    let mail = ready("Sample Dental Studio", "Start with the telephone and the diary");
    insta::assert_snapshot!(mail.subject, @"Your report on Sample Dental Studio is ready");
    insta::assert_snapshot!(mail.text, @r##"
    The cost, risk and benefit report on Sample Dental Studio is ready. Its verdict:

        Start with the telephone and the diary

    Value over three years before costs, if you follow every recommendation:

        Conservative        €58,884.70
        Expected               €96,583
        Optimistic        −€134,281.30

    Read the report:
    https://app.example.org/report/019ab8c2?token=a&b=c

    You can download it there as a PDF.

    The link is personal: whoever has it can read the report.

    CRB Analyser
    Order 019ab8c2-6f00-7000-8000-000000000002. Questions? Write to help@example.org.
    "##);
    insta::assert_snapshot!(mail.html, @r##"
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Your report on Sample Dental Studio is ready</title>
    </head>
    <body style="margin:0;background:#eef5f6;color:#14232b;font:16px/1.55 system-ui,-apple-system,'Segoe UI',sans-serif">
    <div style="max-width:560px;margin:0 auto;padding:32px 20px">
    <p style="margin:0 0 16px;color:#0b5563;font-weight:600">CRB Analyser</p>
    <div style="background:#ffffff;border-radius:6px;padding:28px 24px">
    <p style="margin:0 0 16px">The cost, risk and benefit report on Sample Dental Studio is ready. Its verdict:</p>
    <p style="margin:0 0 20px;padding-left:14px;border-left:3px solid #0b5563;font-size:20px;line-height:1.3;font-weight:600">Start with the telephone and the diary</p>
    <p style="margin:0 0 16px">Value over three years before costs, if you follow every recommendation:</p>
    <p style="margin:0 0 6px">Conservative: <strong>€58,884.70</strong></p>
    <p style="margin:0 0 6px">Expected: <strong>€96,583</strong></p>
    <p style="margin:0 0 6px">Optimistic: <strong>−€134,281.30</strong></p>
    <p style="margin:20px 0 20px"><a href="https://app.example.org/report/019ab8c2?token=a&amp;b=c" style="display:inline-block;background:#0b5563;color:#ffffff;padding:12px 22px;border-radius:4px;text-decoration:none;font-weight:600">Read the report</a></p>
    <p style="margin:0 0 16px">You can download it there as a PDF.</p>
    <p style="margin:0;color:#566871;font-size:13px">The link is personal: whoever has it can read the report.</p>
    </div>
    <p style="margin:16px 0 0;color:#566871;font-size:13px">Order 019ab8c2-6f00-7000-8000-000000000002. Questions? Write to help@example.org.</p>
    </div>
    </body>
    </html>
    "##);
}

#[test]
fn report_failed() {
    let mail = failed("Sample Dental Studio");
    insta::assert_snapshot!(mail.subject, @"Your report on Sample Dental Studio is delayed");
    insta::assert_snapshot!(mail.text, @r##"
    We are sorry: the report on Sample Dental Studio could not be finished, although we tried several times.

    Your answers are kept and we have been told. We will either finish the report or return the €147 you paid.

    This page shows how it stands:

    Open the report:
    https://app.example.org/report/019ab8c2?token=a&b=c

    CRB Analyser
    Order 019ab8c2-6f00-7000-8000-000000000002. Questions? Write to help@example.org.
    "##);
    insta::assert_snapshot!(mail.html, @r##"
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Your report on Sample Dental Studio is delayed</title>
    </head>
    <body style="margin:0;background:#eef5f6;color:#14232b;font:16px/1.55 system-ui,-apple-system,'Segoe UI',sans-serif">
    <div style="max-width:560px;margin:0 auto;padding:32px 20px">
    <p style="margin:0 0 16px;color:#0b5563;font-weight:600">CRB Analyser</p>
    <div style="background:#ffffff;border-radius:6px;padding:28px 24px">
    <p style="margin:0 0 16px">We are sorry: the report on Sample Dental Studio could not be finished, although we tried several times.</p>
    <p style="margin:0 0 16px">Your answers are kept and we have been told. We will either finish the report or return the €147 you paid.</p>
    <p style="margin:0 0 16px">This page shows how it stands:</p>
    <p style="margin:20px 0 20px"><a href="https://app.example.org/report/019ab8c2?token=a&amp;b=c" style="display:inline-block;background:#0b5563;color:#ffffff;padding:12px 22px;border-radius:4px;text-decoration:none;font-weight:600">Open the report</a></p>
    </div>
    <p style="margin:16px 0 0;color:#566871;font-size:13px">Order 019ab8c2-6f00-7000-8000-000000000002. Questions? Write to help@example.org.</p>
    </div>
    </body>
    </html>
    "##);
}

#[test]
fn a_name_cannot_add_a_header_or_a_line() {
    for hostile in ["A\r\nBcc: all@example.org", "A\nBcc: x", "A\u{2028}B", "A\u{85}B", "A\0B", "A\u{202e}B"] {
        for mail in [received(hostile), ready(hostile, hostile), failed(hostile)] {
            assert!(!mail.subject.chars().any(char::is_control), "{:?}", mail.subject);
            assert!(!mail.subject.contains(['\u{2028}', '\u{202e}']), "{:?}", mail.subject);
            assert!(mail.text.lines().all(|line| !line.starts_with("Bcc")), "{}", mail.text);
        }
    }
    assert!(received(&"x".repeat(10_000)).subject.chars().count() < 200);
}

#[test]
fn a_name_cannot_become_markup_or_a_link() {
    let hostile =
        "<script>alert(1)</script><a href='https://evil.example/x'>\"&win.example www.evil.example m@evil.example";
    for mail in [received(hostile), ready(hostile, hostile), failed(hostile)] {
        assert!(!mail.html.contains("<script") && !mail.html.contains("'https://evil"), "{}", mail.html);
        assert!(mail.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{}", mail.html);
        assert_eq!(mail.html.matches("<a ").count(), 1, "{}", mail.html);
        assert_eq!(mail.html.matches("<a href=\"https://app.example.org/").count(), 1);
        for text in [&mail.subject, &mail.text, &mail.html] {
            for address in ["evil.example", "win.example", "https://evil", "m@evil"] {
                assert!(!text.contains(address), "{address} would be a link in {text}");
            }
        }
    }
}

#[test]
fn a_link_leads_to_our_own_page_or_there_is_no_mail() {
    for other in [
        "https://app.example.org.evil.example/report",
        "http://app.example.org/report",
        "https://app.example.org:8443/report",
        "https://user@app.example.org/report",
        "javascript:alert(1)",
    ] {
        let mail = ReportFailed {
            company: "A".into(),
            amount_cents: 1,
            order_id: ORDER,
            report_url: Url::parse(other).unwrap(),
        };
        let error = with(|head| mail.mail(head)).err().unwrap_or_else(|| panic!("{other} became a link"));
        assert!(!error.chain().contains("evil"), "an error does not repeat a link: it may hold a token");
    }
}

#[test]
fn the_mail_shows_the_totals_as_the_pdf_does() {
    let mail = ready("A", "B");
    for cents in [5_888_470, 9_658_300, -13_428_130] {
        assert!(mail.text.contains(&euros(cents)) && mail.html.contains(&euros(cents)));
    }
}

#[test]
fn a_mail_survives_the_outbox() {
    let total = Scenarios { conservative_cents: 1, expected_cents: 2, optimistic_cents: 3 };
    let ready = ReportReady {
        company: "A".into(),
        headline: "B".into(),
        total_value_3y: total,
        order_id: ORDER,
        report_url: link(),
    };
    let stored = serde_json::to_value(&ready).unwrap();
    let back: ReportReady = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(serde_json::to_value(&back).unwrap(), stored);
}
