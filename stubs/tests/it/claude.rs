//! The Messages API: what it refuses, how it streams, what the dials do.

use crate::shared::{ask, call, events, schema, speech};
use crb_stubs::{Claude, Fault, Pace, Reply, Scenario, Stub, When};
use serde_json::{Value, json};

fn answer(scenario: Scenario, body: &Value) -> Reply {
    Claude::new(scenario).answer(&call(body))
}

/// One change to a good request, and what is said to it.
#[test]
fn what_the_service_refuses_is_refused() {
    let set = |path: &str, value: Value| {
        let mut body = ask("findings");
        let (parent, name) = path.rsplit_once('/').expect("a pointer");
        body.pointer_mut(parent).expect("the parent")[name] = value;
        body
    };
    let without = |name: &str| {
        let mut body = ask("findings");
        body.as_object_mut().expect("an object").remove(name);
        body
    };
    let control = json!({"type": "ephemeral"});
    let five: Vec<Value> =
        (0..5).map(|n| json!({"type": "text", "text": format!("{n}"), "cache_control": control})).collect();
    let table = [
        (set("/temperature", json!(0.2)), 400, "temperature: sampling"),
        (set("/top_p", json!(0.2)), 400, "top_p: sampling"),
        (set("/top_k", json!(2)), 400, "top_k: sampling"),
        (set("/surprise", json!(2)), 400, "surprise: Extra inputs"),
        (set("/tool_choice", json!({"type": "tool", "name": "x"})), 400, "tool_choice: this model"),
        (set("/tool_choice", json!({"type": "any"})), 400, "tool_choice: this model"),
        (set("/thinking", json!({"type": "disabled"})), 400, "thinking.type: this model"),
        (set("/thinking", json!({"type": "enabled", "budget_tokens": 9_000})), 400, "thinking.budget_tokens"),
        (set("/output_config/effort", json!("enormous")), 400, "output_config.effort"),
        (set("/output_config/format/type", json!("json_object")), 400, "output_config.format.type"),
        (set("/output_config/format/schema", json!(null)), 400, "output_config.format.schema"),
        (
            set("/output_config/format/schema/properties/findings/items/properties/customer_value/minimum", json!(1)),
            400,
            "output_config.format.schema: For 'integer' type, property 'minimum' is not supported",
        ),
        (set("/model", json!("claude-nothing-1")), 404, "model: claude-nothing-1"),
        (without("model"), 400, "model: Field required"),
        (without("max_tokens"), 400, "max_tokens: Field required"),
        (set("/max_tokens", json!(0)), 400, "max_tokens: must be"),
        (set("/max_tokens", json!("100")), 400, "max_tokens: must be"),
        (set("/stream", json!("yes")), 400, "stream: "),
        (without("messages"), 400, "messages: Field required"),
        (set("/messages", json!([])), 400, "messages: at least one"),
        (set("/messages/0/role", json!("assistant")), 400, "messages: first message"),
        (set("/messages/0/role", json!("system")), 400, "messages.0.role"),
        (set("/messages/0/content", json!("")), 400, "messages.0.content"),
        (set("/messages/0/content", json!([{"type": "text", "text": ""}])), 400, "messages.0.content.0.text"),
        (
            set("/system", json!([{"type": "text", "text": "x", "cache_control": {"type": "forever"}}])),
            400,
            "system.0.cache_control.type",
        ),
        (
            set("/system", json!([{"type": "text", "text": "x", "cache_control": {"type": "ephemeral", "ttl": "2h"}}])),
            400,
            "system.0.cache_control.ttl",
        ),
        (set("/system", json!(five)), 400, "A maximum of 4 blocks"),
        (json!("text"), 400, "The request body is not valid JSON"),
    ];
    for (body, status, message) in table {
        let reply = answer(Scenario::default(), &body);
        let said = reply.value();
        let kind = if status == 404 { "not_found_error" } else { "invalid_request_error" };
        assert_eq!((reply.status, said["error"]["type"].as_str()), (status, Some(kind)), "{said}");
        assert!(said["error"]["message"].as_str().is_some_and(|text| text.starts_with(message)), "{message}: {said}");
        assert_eq!(said["request_id"].as_str(), reply.header("request-id"));
        assert_eq!(said["type"], "error");
    }
    assert_eq!(answer(Scenario::default(), &ask("findings")).status, 200, "the good request is good");
}

#[test]
fn headers_and_keys_are_checked() {
    let good = call(&ask("findings"));
    let without = |name: &str| {
        let mut call = good.clone();
        call.headers.remove(name);
        call
    };
    let key = |key: &str| without("x-api-key").with_header("x-api-key", key);
    let table = [
        (good.clone(), 200),
        (good.clone().with_header("anthropic-version", "2023-06-01"), 200),
        (without("x-api-key").with_header("authorization", "Bearer stub-token"), 200),
        (key("stub"), 200),
        (without("anthropic-version"), 400),
        (good.clone().with_header("anthropic-version", "2024-01-01"), 400),
        (without("content-type"), 400),
        (without("x-api-key"), 401),
        (key("sk-ant-api03-looksreal"), 401),
        (key("sk-ant-admin01-looksreal"), 401),
        (key("other"), 401),
        (good.clone().with_body(vec![b' '; crb_stubs::call::BODY_LIMIT + 1]), 413),
    ];
    let claude = Claude::new(Scenario::default());
    for (index, (call, status)) in table.into_iter().enumerate() {
        let reply = claude.answer(&call);
        assert_eq!(reply.status, status, "row {index}: {}", reply.text());
    }
    assert_eq!(claude.counts().by_status[&401], 4);
    let kept = claude.calls();
    assert!(!format!("{kept:?}").contains("looksreal"), "the ledger keeps no key");
}

#[test]
fn a_stream_has_its_events_in_order_and_cumulative_usage() {
    let reply = answer(Scenario::default(), &ask("findings"));
    assert_eq!(reply.header("content-type"), Some("text/event-stream; charset=utf-8"));
    assert!(reply.header("request-id").is_some_and(|id| id.starts_with("req_")));
    assert!(reply.header("anthropic-ratelimit-requests-remaining").is_some());
    let events = events(&reply.text());
    let mut names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    names.dedup();
    let meant = [
        "message_start",
        "ping",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "heartbeat_notice",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ];
    assert_eq!(names, meant);
    assert!(events.iter().all(|(name, data)| data["type"] == name.as_str()), "the type is in both places");
    let deltas: Vec<&str> = events.iter().filter_map(|(_, data)| data["delta"]["type"].as_str()).collect();
    assert_eq!(&deltas[..3], ["thinking_delta", "thinking_delta", "signature_delta"]);
    assert!((30..=40).contains(&deltas.iter().filter(|kind| **kind == "text_delta").count()));
    let first = &events[0].1["message"]["usage"];
    let last = &events[events.len() - 2].1["usage"];
    assert_eq!(first["input_tokens"], last["input_tokens"]);
    assert_eq!(first["output_tokens"], 1);
    assert!(last["output_tokens"].as_u64().is_some_and(|tokens| tokens > 100));
    assert_eq!(events[events.len() - 2].1["delta"]["stop_reason"], "end_turn");
    let text = speech(&events);
    let value: Value = serde_json::from_str(&text).expect("the text is JSON");
    assert!(jsonschema::is_valid(&schema(), &value), "{value}");
}

#[test]
fn the_same_words_come_as_one_message_without_a_stream() {
    let claude = Claude::new(Scenario::default());
    let mut body = ask("findings");
    body["stream"] = json!(false);
    let message = claude.answer(&call(&body)).value();
    assert_eq!(message["content"][0]["type"], "thinking");
    assert_eq!(message["content"][1]["type"], "text");
    assert_eq!((message["stop_reason"].as_str(), message["role"].as_str()), (Some("end_turn"), Some("assistant")));
    let again = claude.answer(&call(&body)).value();
    assert_eq!(message["content"], again["content"], "the same request has the same answer");
    let other = Claude::new(Scenario::default().seed(2)).answer(&call(&body)).value();
    assert_ne!(message["content"][1], other["content"][1], "another seed has another");
}

#[test]
fn a_cached_prefix_is_written_once_and_then_read() {
    let claude = Claude::new(Scenario::default());
    let mut body = ask("findings");
    body["stream"] = json!(false);
    let usage = |reply: &Reply| {
        let usage = reply.value()["usage"].clone();
        let count = |name: &str| usage[name].as_u64().expect("a count");
        (count("input_tokens"), count("cache_creation_input_tokens"), count("cache_read_input_tokens"))
    };
    let (input, written, read) = usage(&claude.answer(&call(&body)));
    assert!(input > 0 && written > 0 && read == 0);
    assert_eq!(usage(&claude.answer(&call(&body))), (input, 0, written));
    body["model"] = json!("claude-opus-5-5");
    assert_eq!(usage(&claude.answer(&call(&body))), (input, written, 0), "another model has its own cache");
    assert_eq!(claude.counts().usage.cache_read, written);
    assert_eq!(claude.counts().usage.cache_write, 2 * written);
}

#[test]
fn each_status_has_its_type() {
    let table = [
        (Fault::Status(400), 400, "invalid_request_error"),
        (Fault::Status(401), 401, "authentication_error"),
        (Fault::Status(402), 402, "billing_error"),
        (Fault::Status(403), 403, "permission_error"),
        (Fault::Status(404), 404, "not_found_error"),
        (Fault::Status(413), 413, "request_too_large"),
        (Fault::RateLimit(None), 429, "rate_limit_error"),
        (Fault::SpendLimit, 429, "rate_limit_error"),
        (Fault::Status(500), 500, "api_error"),
        (Fault::Status(504), 504, "timeout_error"),
        (Fault::Status(529), 529, "overloaded_error"),
    ];
    for (fault, status, kind) in table {
        let reply = answer(Scenario::default().fault(fault.clone(), When::Always), &ask("findings"));
        assert_eq!((reply.status, reply.value()["error"]["type"].as_str()), (status, Some(kind)), "{fault:?}");
        assert_eq!(reply.header("retry-after"), None);
    }
    let busy = answer(Scenario::default().fault(Fault::RateLimit(Some(3)), When::Always), &ask("findings"));
    assert_eq!(busy.header("retry-after"), Some("3"));
    let spent = answer(Scenario::default().fault(Fault::SpendLimit, When::Always), &ask("findings"));
    assert_eq!(spent.value()["error"]["code"], "enforced_spend_limit_reached");
}

#[test]
fn a_stream_breaks_as_told() {
    let played =
        |fault: Fault| answer(Scenario::default().stall_ms(5).drip_ms(1).fault(fault, When::Always), &ask("findings"));
    let last = |reply: &Reply| events(&reply.text()).last().map(|(name, _)| name.clone()).unwrap_or_default();
    let whole = answer(Scenario::default(), &ask("findings"));

    let cut = played(Fault::Cut);
    assert_eq!(cut.end, crb_stubs::call::End::Cut);
    assert!(whole.text().starts_with(&cut.text()) && last(&cut) == "content_block_delta");
    assert_eq!(last(&played(Fault::MissingStop)), "message_delta");
    assert_eq!(last(&played(Fault::ErrorEvent)), "error");
    assert!(serde_json::from_str::<Value>(&speech(&events(&played(Fault::InvalidJson).text()))).is_err());
    let wrong: Value = serde_json::from_str(&speech(&events(&played(Fault::WrongSchema).text()))).expect("JSON");
    assert!(!jsonschema::is_valid(&schema(), &wrong));
    let empty: Value = serde_json::from_str(&speech(&events(&played(Fault::EmptyReport).text()))).expect("JSON");
    assert_eq!(empty, json!({"findings": [], "summary": ""}));
    assert!(jsonschema::is_valid(&schema(), &empty));
    for (fault, reason) in [(Fault::MaxTokens, "max_tokens"), (Fault::Refusal, "refusal")] {
        let events = events(&played(fault).text());
        assert_eq!(events[events.len() - 2].1["delta"]["stop_reason"], reason);
        assert!(serde_json::from_str::<Value>(&speech(&events)).is_err());
    }
    let noisy = events(&played(Fault::UnknownEvents).text());
    assert!(noisy.iter().filter(|(name, _)| name == "citation_hint").count() > 30);
    assert_eq!(speech(&noisy), speech(&events(&whole.text())), "the words are the same");
    let drip = played(Fault::SlowDrip);
    assert!(drip.pieces.iter().all(|piece| piece.bytes.len() <= 16 && !piece.after.is_zero()));
    assert_eq!(drip.body(), whole.body());
    assert!(std::str::from_utf8(&played(Fault::Garbage).body()).is_err());
    assert_eq!(played(Fault::HeaderStall).delay().as_millis(), 5);
    assert_eq!(played(Fault::StreamStall).delay().as_millis(), 5);
    assert_eq!(played(Fault::Refuse).end, crb_stubs::call::End::Refused);
}

#[test]
fn max_tokens_is_a_real_limit() {
    let mut body = ask("findings");
    body["max_tokens"] = json!(40);
    let events = events(&answer(Scenario::default(), &body).text());
    let delta = &events[events.len() - 2].1;
    assert_eq!(delta["delta"]["stop_reason"], "max_tokens");
    assert!(delta["usage"]["output_tokens"].as_u64().is_some_and(|tokens| tokens <= 40));
}

#[test]
fn faults_come_by_number_by_task_and_by_chance() {
    let scenario = Scenario::default().fault_in("options", Fault::Status(529), When::Nth(2)).fault_in(
        "narrative",
        Fault::Status(500),
        When::First(2),
    );
    let claude = Claude::new(scenario);
    let statuses = |task: &str| (0..3).map(|_| claude.answer(&call(&ask(task))).status).collect::<Vec<_>>();
    assert_eq!(statuses("findings"), [200, 200, 200]);
    assert_eq!(statuses("options"), [200, 529, 200]);
    assert_eq!(statuses("narrative"), [500, 500, 200]);
    let counts = claude.counts();
    assert_eq!((counts.calls, counts.by_fault["status_529"], counts.good["narrative"]), (9, 1, 1));
    // A request that is wrong is told so, whatever the dial says.
    let told = Claude::new(Scenario::default().fault(Fault::Status(529), When::Always));
    assert_eq!(told.answer(&call(&json!({}))).status, 400);
    assert!(told.counts().by_fault.is_empty());

    let sometimes = |seed: u64| {
        let claude = Claude::new(Scenario::default().seed(seed).fault(Fault::Status(529), When::Share(0.3)));
        (0..200).map(|_| claude.answer(&call(&ask("findings"))).status).collect::<Vec<_>>()
    };
    let first = sometimes(1);
    assert_eq!(first, sometimes(1), "the same seed has the same bad luck");
    assert_ne!(first, sometimes(2));
    assert!((35..=85).contains(&first.iter().filter(|status| **status == 529).count()));
}

#[test]
fn a_repair_turn_keeps_task_and_facts() {
    let mut body = ask("findings");
    body["messages"].as_array_mut().expect("messages").extend([
        json!({"role": "assistant", "content": [{"type": "text", "text": "{}"}]}),
        json!({"role": "user", "content": json!({"task": "findings", "errors": ["too few"]}).to_string()}),
    ]);
    let claude = Claude::new(Scenario::default());
    assert_eq!(claude.answer(&call(&body)).status, 200);
    assert_eq!(claude.facts("findings")[0]["plan"]["findings"], 8);
    assert!(claude.prompts()[0].contains("You write reports"));
}

#[test]
fn the_real_pace_is_that_of_a_model() {
    let reply = answer(Scenario::default().pace(Pace::REAL), &ask("findings"));
    assert!((40..=60).contains(&reply.pieces.len()), "{}", reply.pieces.len());
    assert_eq!(reply.pieces[0].after.as_millis(), 600);
    assert!(reply.pieces[1..].iter().all(|piece| (25..=100).contains(&piece.after.as_millis())));
    assert_eq!(answer(Scenario::default(), &ask("findings")).delay().as_millis(), 0);
}
