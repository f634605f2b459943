//! Places that must not be loaded are refused over the wire, too, by the rule that they break.

use crb_loadtest::staging::{Place, Questions, Refused, Rule, preflight};
use secrecy::SecretString;

use crate::support::product::{Product, Said};

/// The place answers this to everything; the rule that it breaks, if any.
async fn looked_at(status: u16, location: Option<&'static str>, body: &str, token: bool) -> Result<Place, Rule> {
    let headers = location.map(|location| ("location", location)).into_iter();
    let headers = headers.chain([("content-type", "application/json")]).collect();
    let product = Product::start(Vec::new(), Said { status, headers, body: body.into() }).await;
    let token = token.then(|| SecretString::from("an operator's token"));
    let questions = Questions {
        target: &product.origin,
        stub: None,
        load_key: None,
        admin_token: token.as_ref(),
        tries_at_home: true,
    };
    preflight(&questions).await.map_err(|error| match error.downcast::<Refused>() {
        Ok(refused) => refused.rule,
        Err(error) => panic!("no rule says this: {error:#}"),
    })
}

#[tokio::test]
async fn a_place_that_says_all_the_right_things_is_let_through() {
    let body = r#"{"environment": "staging", "claude": "stub", "payment": "test"}"#;
    assert_eq!(looked_at(200, None, body, true).await, Ok(Place::Loopback));
}

#[tokio::test]
async fn each_wrong_word_is_refused_by_its_rule() {
    for (status, location, body, token, rule) in [
        (302, Some("/elsewhere"), "{}", true, Rule::Redirect),
        (308, Some("https://api.crb-analyser.com/api/health/detailed"), "{}", true, Rule::Production),
        (503, None, "{}", true, Rule::Answer),
        (200, None, r#"{"environment": "production", "claude": "stub", "payment": "test"}"#, true, Rule::Environment),
        (200, None, r#"{"claude": "stub", "payment": "test"}"#, true, Rule::Environment),
        (200, None, r#"{"environment": "staging", "claude": "stub", "payment": "test"}"#, false, Rule::Token),
        (200, None, r#"{"environment": "staging", "claude": "real", "payment": "test"}"#, true, Rule::Claude),
        (200, None, r#"{"environment": "staging", "payment": "test"}"#, true, Rule::Claude),
        (200, None, r#"{"environment": "staging", "claude": "stub", "payment": "live"}"#, true, Rule::Payment),
        (200, None, r#"{"environment": "staging", "claude": "stub"}"#, true, Rule::Payment),
    ] {
        assert_eq!(looked_at(status, location, body, token).await, Err(rule), "{status} {body}");
    }
}

#[tokio::test]
async fn nobody_at_home_is_refused() {
    let origin =
        Product::start(Vec::new(), Said { status: 200, headers: Vec::new(), body: Vec::new() }).await.origin.clone();
    // Its server went with the value; the port is free again.
    let questions = Questions { target: &origin, stub: None, load_key: None, admin_token: None, tries_at_home: false };
    let error = preflight(&questions).await.expect_err("refused");
    assert_eq!(error.downcast_ref::<Refused>().map(|refused| refused.rule), Some(Rule::Answer), "{error:#}");
}
