//! Each rule of the place refuses what it is there for, and lets the right thing pass.

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn rule<T: fmt::Debug>(result: Result<T, Refused>) -> Rule {
    result.expect_err("refused").rule
}

fn trial() -> Trial {
    Trial { reports: 1, claude_calls: 7, stub_calls: 7, is_paid_by_stub: true }
}

fn told(claude: Option<&str>, payment: Option<&str>) -> Told {
    Told { claude: claude.map(str::to_owned), payment: payment.map(str::to_owned) }
}

#[test]
fn the_committed_list_is_whole() {
    assert!(!TARGETS.production.is_empty() && !TARGETS.staging.is_empty());
    for listed in TARGETS.production.iter().chain(&TARGETS.staging) {
        assert_eq!((listed.scheme(), listed.path()), ("https", "/"), "{listed}");
    }
    for staging in &TARGETS.staging {
        assert_eq!(allow(staging), Ok(Place::Staging), "{staging}: nothing on the list is production");
    }
}

#[test]
fn production_is_refused_however_it_is_written() {
    for text in [
        "https://crb-analyser.com",
        "https://api.crb-analyser.com",
        "http://api.crb-analyser.com",
        "https://API.CRB-Analyser.Com",
        "https://api.crb-analyser.com.",
        "https://api.crb-analyser.com..",
        "https://api.crb-analyser.com:8443",
        "https://localhost@api.crb-analyser.com",
        "https://staging-api.crb-analyser.com:pass@api.crb-analyser.com",
        "https://api%2Ecrb-analyser.com",
        "https://ａｐｉ.crb-analyser.com",
        "https://api。crb-analyser。com",
        "https://api.crb-analyser.com/api/health?x=localhost#staging",
        "https:\\\\api.crb-analyser.com",
        "ftp://api.crb-analyser.com",
    ] {
        // What the parser refuses, the program never sees as an address.
        if let Ok(url) = Url::parse(text) {
            assert_eq!(rule(allow(&url)), Rule::Production, "{text}");
        } else {
            assert!(text.contains(".."), "{text} is no address at all");
        }
    }
}

#[test]
fn production_stays_refused_when_the_list_of_staging_names_it() {
    let targets: Targets = toml::from_str(
        r#"production = ["https://api.crb-analyser.com"]
           staging = ["https://api.crb-analyser.com", "https://staging.example"]"#,
    )
    .unwrap();
    assert_eq!(rule(allow_among(&targets, &url("https://api.crb-analyser.com"))), Rule::Production);
    assert_eq!(allow_among(&targets, &url("https://staging.example")), Ok(Place::Staging));
}

#[test]
fn only_the_exact_origin_of_staging_is_allowed() {
    for text in ["https://staging-api.crb-analyser.com/", "https://staging-stubs.crb-analyser.com"] {
        assert_eq!(allow(&url(text)), Ok(Place::Staging), "{text}");
    }
    for text in [
        "http://staging-api.crb-analyser.com",
        "https://staging-api.crb-analyser.com:8443",
        "https://staging-api.crb-analyser.com.",
        "https://staging-api.crb-analyser.com.example",
        "https://x.staging-api.crb-analyser.com",
        "https://example.com",
        "https://10.0.0.1",
        "http://169.254.169.254",
        "http://0.0.0.0:8383",
        "http://[::]:8383",
        "http://localhost.example:8383",
        "http://localhost.:8383",
    ] {
        assert_eq!(rule(allow(&url(text))), Rule::Listed, "{text}");
    }
}

#[test]
fn this_machine_is_allowed() {
    for text in ["http://127.0.0.1:20000", "http://localhost:8383", "http://[::1]:20000", "http://127.8.9.1"] {
        assert_eq!(allow(&url(text)), Ok(Place::Loopback), "{text}");
    }
}

#[test]
fn a_target_is_an_origin_and_nothing_else() {
    for text in [
        "http://127.0.0.1:20000/api",
        "http://127.0.0.1:20000/?a=b",
        "http://127.0.0.1:20000/#a",
        "http://user@127.0.0.1:20000",
        "http://:secret@127.0.0.1:20000",
        "https://user:secret@staging-api.crb-analyser.com",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "data:text/plain,hello",
    ] {
        let refused = allow(&url(text)).expect_err(text);
        assert_eq!(refused.rule, Rule::BareOrigin, "{text}");
        assert!(!refused.to_string().contains("secret"), "{refused}");
    }
}

#[test]
fn a_redirect_is_refused_and_one_to_production_by_name() {
    let asked = url("https://staging-api.crb-analyser.com/api/health/detailed");
    assert_eq!(answered(200, None, &asked), Ok(()));
    for status in [301, 302, 303, 304, 307, 308] {
        for location in [None, Some("/elsewhere"), Some("https://staging-api.crb-analyser.com/x"), Some("http://:::")] {
            assert_eq!(rule(answered(status, location, &asked)), Rule::Redirect, "{status} {location:?}");
        }
        for location in ["https://api.crb-analyser.com/api", "//API.crb-analyser.com.:444/x"] {
            assert_eq!(rule(answered(status, Some(location), &asked)), Rule::Production, "{status} {location}");
        }
    }
    for status in [401, 404, 500, 503] {
        assert_eq!(rule(answered(status, None, &asked)), Rule::Answer);
    }
}

#[test]
fn the_place_says_what_it_is() {
    assert_eq!(environment(Place::Staging, "staging"), Ok(()));
    for stage in ["development", "test", "staging"] {
        assert_eq!(environment(Place::Loopback, stage), Ok(()));
    }
    for (place, stage) in [
        (Place::Staging, "production"),
        (Place::Staging, "development"),
        (Place::Staging, "test"),
        (Place::Staging, ""),
        (Place::Staging, "Staging"),
        (Place::Loopback, "production"),
        (Place::Loopback, "unknown"),
    ] {
        assert_eq!(rule(environment(place, stage)), Rule::Environment, "{place:?} {stage}");
    }
}

#[test]
fn claude_is_the_stub_by_word_or_by_trial_and_never_against_either() {
    assert_eq!(claude(&told(Some("stub"), None), None), Ok(()));
    assert_eq!(claude(&told(None, None), Some(&trial())), Ok(()));
    assert_eq!(claude(&told(Some("stub"), None), Some(&trial())), Ok(()));
    assert_eq!(rule(claude(&told(Some("real"), None), None)), Rule::Claude);
    assert_eq!(rule(claude(&told(Some("real"), None), Some(&trial()))), Rule::Claude);
    assert_eq!(rule(claude(&told(None, None), None)), Rule::Claude);
    let silent = Trial { claude_calls: 0, stub_calls: 0, ..trial() };
    let six = Trial { claude_calls: 6, stub_calls: 6, ..trial() };
    let nothing = Trial { reports: 0, claude_calls: 0, stub_calls: 0, ..trial() };
    for trial in [silent, six, nothing] {
        assert_eq!(rule(claude(&told(Some("stub"), None), Some(&trial))), Rule::Claude, "{trial:?}");
    }
}

#[test]
fn a_call_that_the_stub_did_not_hear_may_have_cost_money() {
    for (claude_calls, stub_calls) in [(7, 0), (8, 7), (7, 8)] {
        let trial = Trial { claude_calls, stub_calls, ..trial() };
        assert_eq!(rule(claude(&told(Some("stub"), None), Some(&trial))), Rule::Cost, "{trial:?}");
    }
}

#[test]
fn payment_is_in_test_mode() {
    for mode in ["test", "dev"] {
        assert_eq!(payment(&told(None, Some(mode)), None), Ok(()));
    }
    assert_eq!(payment(&told(None, None), Some(&trial())), Ok(()));
    assert_eq!(rule(payment(&told(None, Some("live")), None)), Rule::Payment);
    assert_eq!(rule(payment(&told(None, Some("live")), Some(&trial()))), Rule::Payment);
    assert_eq!(rule(payment(&told(None, None), None)), Rule::Payment);
    let unpaid = Trial { is_paid_by_stub: false, ..trial() };
    assert_eq!(rule(payment(&told(None, None), Some(&unpaid))), Rule::Payment);
}

#[test]
fn a_refusal_says_its_rule_and_what_broke_it() {
    let refused = allow(&url("https://API.crb-analyser.com:444")).unwrap_err().to_string();
    assert!(refused.contains("production is never loaded") && refused.contains("api.crb-analyser.com"), "{refused}");
}
