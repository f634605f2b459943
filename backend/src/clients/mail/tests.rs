//! What SendGrid is told, what a file holds, and what is not sent at all.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wiremock::matchers::{any, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::error::Kind;

fn now() -> DateTime<Utc> {
    "2026-11-22T10:00:00Z".parse().expect("a time")
}

fn mail() -> Outgoing {
    Outgoing {
        to: "buyer@example.org".into(),
        subject: "Ihr Bericht für Zähne GmbH ist fertig: Kosten, Risiken und Nutzen auf einen Blick".into(),
        text: "Fertig.\n".into(),
        html: "<p>Fertig – <a href=\"https://app.example/r#t\">lesen</a></p>".into(),
        dedupe_key: "report-ready:0197".into(),
    }
}

fn config(base: &str, key: Option<&str>, dir: &std::path::Path) -> crate::config::Mail {
    crate::config::Mail {
        sendgrid_key: key.map(Into::into),
        base_url: base.parse().expect("a URL"),
        from: "CRB Analyser <reports@example.org>".into(),
        dir: dir.to_owned(),
    }
}

async fn sendgrid(reply: ResponseTemplate) -> (Mailer, MockServer) {
    let server = MockServer::start().await;
    Mock::given(method("POST")).and(path("/v3/mail/send")).respond_with(reply).expect(1).mount(&server).await;
    let mailer = Mailer::new(&config(&server.uri(), Some("SG.hunter2"), "unused".as_ref())).expect("a mailer");
    (mailer, server)
}

#[tokio::test]
async fn sendgrid_gets_text_before_html_and_tracks_nothing() {
    let (mailer, server) = sendgrid(ResponseTemplate::new(202).insert_header("x-message-id", "m-1")).await;
    assert_eq!(mailer.send(&mail(), now()).await.expect("sent"), "m-1");
    let requests = server.received_requests().await.expect("recorded");
    assert_eq!(requests[0].headers["authorization"], "Bearer SG.hunter2");
    let body: Value = requests[0].body_json().expect("JSON");
    assert_eq!(body["personalizations"][0]["to"], json!([{ "email": "buyer@example.org" }]));
    assert_eq!(body["personalizations"][0]["custom_args"]["dedupe_key"], "report-ready:0197");
    assert_eq!(body["from"], json!({ "email": "reports@example.org", "name": "CRB Analyser" }));
    assert_eq!(body["content"][0]["type"], "text/plain");
    assert_eq!(body["content"][1], json!({ "type": "text/html", "value": mail().html }));
    assert_eq!(body["tracking_settings"]["click_tracking"]["enable"], false);
}

#[tokio::test]
async fn refusals_are_told_apart_and_nothing_is_sent_twice() {
    for (status, kind) in [
        (400, Kind::Invalid),
        (413, Kind::Invalid),
        (401, Kind::Internal),
        (429, Kind::Unavailable),
        (500, Kind::Unavailable),
    ] {
        let prose = json!({ "errors": [{ "message": "bad SG.hunter2 for buyer@example.org" }] });
        let (mailer, _server) = sendgrid(ResponseTemplate::new(status).set_body_json(prose)).await;
        let error = mailer.send(&mail(), now()).await.expect_err("refused");
        assert_eq!(error.kind(), kind, "status {status}");
        assert!(!format!("{error:?}{mailer:?}").contains("hunter2") && !format!("{error:?}").contains("buyer"));
    }
}

#[tokio::test]
async fn a_mail_that_would_break_its_headers_is_refused_by_field() {
    let server = MockServer::start().await;
    Mock::given(any()).and(header("x", "y")).respond_with(ResponseTemplate::new(202)).expect(0).mount(&server).await;
    let dir = tempfile::tempdir().expect("a directory");
    for mailer in [config(&server.uri(), Some("SG.x"), dir.path()), config(&server.uri(), None, dir.path())] {
        let mailer = Mailer::new(&mailer).expect("a mailer");
        for (to, subject, key, field) in [
            ("a@b\r\nBcc: c@d", "Hello", "k", "to"),
            ("nobody", "Hello", "k", "to"),
            ("a@b@c", "Hello", "k", "to"),
            ("A <a@b>", "Hello", "k", "to"),
            ("a@b", "Hello\r\nBcc: c@d", "k", "subject"),
            ("a@b", "", "k", "subject"),
            ("a@b", "Hello", "", "dedupe_key"),
        ] {
            let mail = Outgoing { to: to.into(), subject: subject.into(), dedupe_key: key.into(), ..mail() };
            let error = mailer.send(&mail, now()).await.expect_err(to);
            assert_eq!(error.field_errors()[0].field, field);
        }
    }
    assert!(server.received_requests().await.expect("recorded").is_empty());
    assert_eq!(std::fs::read_dir(dir.path()).expect("a directory").count(), 0);
}

#[tokio::test]
async fn a_file_holds_both_alternatives_and_the_same_mail_is_one_file() {
    let dir = tempfile::tempdir().expect("a directory");
    let mails = dir.path().join("mails");
    let mailer = Mailer::new(&config("https://unused.example", None, &mails)).expect("a mailer");
    let path = mailer.send(&mail(), now()).await.expect("sent");
    assert_eq!(mailer.send(&mail(), now()).await.expect("sent again"), path);

    let mut names: Vec<_> =
        std::fs::read_dir(&mails).expect("a directory").map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(names, ["report-ready-0197-e20a1ec71dd8.eml", "report-ready-0197-e20a1ec71dd8.html"]);
    assert_eq!(std::fs::read_to_string(mails.join(&names[1])).expect("a file"), mail().html);

    let eml = std::fs::read_to_string(&path).expect("a file");
    assert!(eml.lines().all(|line| line.len() <= 76 && line.is_ascii()), "{eml}");
    assert!(!eml.replace("\r\n", "").contains(['\r', '\n']));
    let (head, body) = eml.split_once("\r\n\r\n").expect("head and body");
    let head = head.replace("?=\r\n =?UTF-8?B?", "");
    let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).expect(name).to_owned();
    assert_eq!(field("From: "), "CRB Analyser <reports@example.org>");
    assert_eq!(field("To: "), "buyer@example.org");
    assert_eq!(field("Date: "), "Sun, 22 Nov 2026 10:00:00 +0000");
    assert!(field("Message-ID: ").ends_with("@example.org>"));
    let words: Vec<_> =
        eml.split("=?UTF-8?B?").skip(1).map(|word| decode(word.split("?=").next().expect("an end"))).collect();
    assert_eq!(words.concat(), mail().subject);
    assert!(words.len() > 1, "a long subject is folded");

    let parts: Vec<_> = body.split("--=_crb_alternative").collect();
    assert_eq!((parts.len(), parts[3]), (4, "--\r\n"));
    for (part, kind, text) in [(parts[1], "text/plain", mail().text), (parts[2], "text/html", mail().html)] {
        let (head, encoded) = part.split_once("\r\n\r\n").expect("head and body");
        assert!(head.contains(kind), "{head}");
        assert_eq!(decode(&encoded.replace("\r\n", "")), text);
    }
}

fn decode(text: &str) -> String {
    String::from_utf8(STANDARD.decode(text).expect("base64")).expect("UTF-8")
}

#[test]
fn no_key_names_a_file_elsewhere_and_no_two_keys_share_one() {
    let names: Vec<_> = ["a-b", "a/b", "a:b", "../../etc/passwd", "..", ".", &"x".repeat(300), &"x".repeat(301)]
        .iter()
        .map(|key| file_name(key))
        .collect();
    assert_eq!(names[0], "a-b");
    for name in &names {
        assert!(!name.contains('/') && !name.starts_with('.') && name.len() <= 113, "{name}");
    }
    assert_eq!(names.iter().collect::<std::collections::HashSet<_>>().len(), names.len());
}

#[test]
fn a_sender_has_an_address_and_perhaps_a_name() {
    let sender = |name: Option<&str>| Sender { address: "a@b.example".into(), name: name.map(Into::into) };
    assert_eq!(Sender::parse("a@b.example").expect("a sender"), sender(None));
    assert_eq!(Sender::parse(" \"A B\" <a@b.example> ").expect("a sender"), sender(Some("A B")));
    assert_eq!(Sender::parse("<a@b.example>").expect("a sender"), sender(None));
    for text in ["", "a", "A <a>", "A\r\nBcc: x <a@b>"] {
        assert!(Sender::parse(text).is_err(), "{text}");
    }
}
