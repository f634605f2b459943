//! An abuser: wrong tokens, broken bodies, other people's ids, wrong methods. Every answer is a 4xx.

use rand::Rng as _;
use reqwest::Method;
use serde_json::json;

use crate::caller::{Call, Expect};
use crate::visit::{Step, Visit};

/// As long as a token of ours.
const TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const ATTEMPTS: usize = 12;

pub async fn travel(visit: &mut Visit<'_>) -> Step {
    let first = visit.dice.random_range(0..ATTEMPTS);
    for attempt in (0..ATTEMPTS).map(|number| (first + number) % ATTEMPTS) {
        let somebody = visit.world.from_shelf(&mut visit.dice).map(|bought| bought.report);
        let stranger = format!("01890000-0000-7000-8000-{:012x}", visit.dice.random_range(0..1_u64 << 40));
        let report = somebody.as_deref().unwrap_or(&stranger);
        visit.call(attempted(attempt, &stranger, report).labelled("abuse")).await?;
        visit.think(1.0..=3.0).await?;
    }
    Ok(())
}

fn attempted<'a>(attempt: usize, stranger: &'a str, report: &'a str) -> Call<'a> {
    let call = |operation: &str| Call::new(operation, Expect::Refusal);
    match attempt {
        0 => call("session_view").at("id", stranger).token(TOKEN),
        1 => {
            call("session_answer").at("id", stranger).token(TOKEN).header("if-match", "1").json(&json!({"answers": {}}))
        }
        2 => call("session_create").header("content-type", "application/json").body("{\"industry\": \"dental\""),
        3 => call("session_create").json(&json!({"industry": "dental", "questionnaire_version": "1", "admin": true})),
        4 => call("session_create").json(&json!({"industry": "../../etc/passwd", "questionnaire_version": "1"})),
        5 => {
            let body = json!({"session_id": stranger, "tier": "report", "email": "nobody@load.example"});
            call("order_create").token(TOKEN).header("idempotency-key", "not-a-key-of-ours").json(&body)
        }
        6 => call("report_view").at("id", report).token(TOKEN),
        7 => call("report_download").at("id", report).token("short"),
        8 => call("report_follow").at("id", report).token(TOKEN),
        9 => call("admin_stats_view").token("not.an.operator"),
        10 => call("industry_list").by(Method::DELETE),
        _ => {
            let call = call("payment_receive").header("stripe-signature", "t=1,v1=00");
            call.header("content-type", "application/json").body("{\"type\": \"checkout.session.completed\"}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ATTEMPTS, attempted};

    #[test]
    fn every_attempt_names_an_operation_that_there_is() {
        let names: std::collections::BTreeSet<String> =
            (0..ATTEMPTS).map(|attempt| attempted(attempt, "a", "b").name()).collect();
        assert!(names.len() >= ATTEMPTS - 2, "{names:?}");
    }
}
