//! Asks the place what it is, and makes one report to see who writes and who charges, before any load.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use url::Url;

use super::{Place, Refused, Rule, Told, Trial, allow, answered, claude, environment, payment, refused};
use crate::api::Api;
use crate::caller::Caller;
use crate::counters::Door;
use crate::journeys::buyer;
use crate::ledger::Ledger;
use crate::profiles::Profile;
use crate::stub::Stub;
use crate::visit::Visit;
use crate::world::World;

/// Told to operators: who writes the reports and who takes the money.
const TELLS: &str = "admin_counters_view";

/// What is known before the first request.
#[derive(Debug)]
pub struct Questions<'a> {
    pub target: &'a Url,
    pub stub: Option<&'a Url>,
    pub load_key: Option<&'a SecretString>,
    pub admin_token: Option<&'a SecretString>,
    /// On this machine the address and the environment are enough: a load there reaches nobody else, and a product with
    /// a planted fault, which could not finish the trial, is to be judged by the gate.
    pub tries_at_home: bool,
}

/// Every rule in order. The first one that is broken is the answer.
pub async fn preflight(questions: &Questions<'_>) -> Result<Place> {
    let place = allow(questions.target)?;
    if let Some(stub) = questions.stub {
        allow(stub)?;
    }
    let ledger = Arc::new(Ledger::default());
    let caller = Caller::new(questions.target, questions.load_key.cloned(), Arc::clone(&ledger))?;
    let health = ask(&caller, "health_detail", None).await?;
    environment(place, health["environment"].as_str().unwrap_or_default())?;
    if place == Place::Loopback && !questions.tries_at_home {
        return Ok(place);
    }
    let Some(token) = questions.admin_token else {
        return Err(refused(Rule::Token, "none was named").into());
    };
    let told: Told = serde_json::from_value(ask(&caller, TELLS, Some(token)).await?)?;
    let trial = match questions.stub {
        // What is told already may be reason enough not to try.
        Some(_) if !is_told_well(&told) => None,
        Some(stub) => Some(make_report(caller, ledger, stub, token).await?),
        None => None,
    };
    claude(&told, trial.as_ref())?;
    payment(&told, trial.as_ref())?;
    Ok(place)
}

fn is_told_well(told: &Told) -> bool {
    matches!(told.claude.as_deref(), None | Some("stub"))
        && matches!(told.payment.as_deref(), None | Some("test" | "dev"))
}

async fn ask(caller: &Caller, operation: &str, token: Option<&SecretString>) -> Result<Value> {
    let operation = Api::published().find(operation);
    let operation = operation.context("the product does not publish what is asked before a load")?;
    let url = caller.origin().join(&operation.target(&[]))?;
    let mut request = caller.client().request(operation.method.clone(), url.clone());
    if let Some(token) = token {
        request = request.bearer_auth(token.expose_secret());
    }
    let answer = request.send().await.map_err(|error| -> Refused {
        refused(Rule::Answer, &format!("nobody answers at {}: {error}", caller.origin()))
    })?;
    let location = answer.headers().get("location").and_then(|value| value.to_str().ok());
    answered(answer.status().as_u16(), location, &url)?;
    answer.json().await.with_context(|| format!("{url} answers no JSON"))
}

/// A buyer in haste. Whatever goes wrong shows in the counts.
async fn make_report(caller: Caller, ledger: Arc<Ledger>, stub: &Url, token: &SecretString) -> Result<Trial> {
    let stub = Stub::new(caller.client().clone(), stub.clone());
    let profile = Profile::named("staging").context("there is a profile for staging")?;
    // A second trial on the same product is another buyer.
    let run = format!("preflight-{:x}", rand::random::<u64>());
    let world = World::new(caller, Arc::clone(&ledger), Some(stub.clone()), profile, 1, run);
    let door = Door { caller: &world.caller, token };
    let (before, heard_before) = (door.read().await?, stub.claude_calls().await?);
    let mut visit = Visit::new(&world, None).in_haste();
    // How it ended stands in the ledger.
    let _ = buyer::travel(&mut visit).await;
    let (after, heard) = (door.read().await?, stub.claude_calls().await?);
    let reports = ledger.reports(None, false);
    Ok(Trial {
        reports: reports.ready,
        claude_calls: after.claude_calls.saturating_sub(before.claude_calls),
        stub_calls: heard.saturating_sub(heard_before),
        is_paid_by_stub: reports.paid > 0 && reports.ready == reports.paid,
    })
}
