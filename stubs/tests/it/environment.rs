//! What a container says of its surroundings, by the environment alone.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::process::Stdio;

use crb_stubs::Call;
use crb_stubs::stripe::sign;
use http::Method;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::running::{Running, program};
use crate::shared::{checkout, exchange};

const SECRET: &str = "whsec_of_the_environment";

#[test]
fn it_listens_where_it_is_told_in_both_families() {
    let stubs = Running::told(&[("STUBS_LISTEN", "[::]:0")]);
    assert!(stubs.address.ip().is_unspecified() && stubs.address.is_ipv6(), "{}", stubs.address);
    let health = Call::new(Method::GET, "/__stub/health");
    let port = stubs.address.port();
    assert_eq!(exchange((Ipv4Addr::LOCALHOST, port).into(), &health).status, 200);
    assert_eq!(exchange((Ipv6Addr::LOCALHOST, port).into(), &health).status, 200);
}

#[tokio::test]
async fn a_payment_is_made_at_the_public_address_and_told_to_the_receiver() {
    let receiver = MockServer::start().await;
    Mock::given(method("POST")).and(path("/hook")).respond_with(ResponseTemplate::new(200)).mount(&receiver).await;
    let stubs = Running::told(&[
        ("STUBS_LISTEN", "127.0.0.1:0"),
        ("STUBS_PUBLIC_URL", "https://stubs.example"),
        ("STUBS_WEBHOOK_URL", &format!("{}/hook", receiver.uri())),
        ("STUBS_WEBHOOK_SECRET", SECRET),
    ]);
    let session = stubs.hear(&checkout()).value();
    let page =
        session["url"].as_str().and_then(|url| url.strip_prefix("https://stubs.example")).expect("a public page");
    assert_eq!(stubs.hear(&Call::new(Method::POST, page).with_body("action=pay")).status, 303);
    let received = receiver.received_requests().await.expect("recorded");
    let header = received[0].headers["stripe-signature"].to_str().expect("text");
    let time = header.strip_prefix("t=").and_then(|rest| rest.split(',').next()).expect("a time");
    assert_eq!(header, sign(SECRET, time.parse().expect("seconds"), &received[0].body));
}

#[test]
fn the_secret_is_never_shown() {
    let shown = |options: &[&str], variables: &[(&str, &str)]| {
        let mut command = program();
        command.args(options).envs(variables.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let ended = command.output().expect("it runs");
        let said = String::from_utf8([ended.stdout, ended.stderr].concat()).expect("text");
        assert!(!said.contains(SECRET), "{said}");
        (ended.status.success(), said)
    };
    let (succeeded, help) = shown(&["--help"], &[("STUBS_WEBHOOK_SECRET", SECRET)]);
    assert!(succeeded && help.contains("STUBS_WEBHOOK_SECRET") && help.contains("STUBS_LISTEN"), "{help}");
    let variables = [("STUBS_WEBHOOK_SECRET", SECRET), ("STUBS_WEBHOOK_URL", "https://crb.example/")];
    let (succeeded, said) = shown(&[], &variables);
    assert!(!succeeded && said.contains("must begin with http://"), "{said}");
    let (succeeded, said) = shown(&[], &variables[1..]);
    assert!(!succeeded && said.contains("--webhook-secret"), "{said}");
}
