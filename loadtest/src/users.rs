//! Who travels: a fixed number of users by goose, or journeys that begin at a rate of their own.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use goose::GooseAttack;
use goose::client::GooseClientBuilder;
use goose::config::GooseConfiguration;
use goose::goose::{GooseUser, Scenario, Transaction, TransactionFunction};
use tokio::task::JoinSet;

use crate::journeys::Kind;
use crate::pacer::Pacer;
use crate::visit::{Stop, Visit};
use crate::world::World;

/// What a user whose load is over waits before goose asks him whether he goes on.
const AT_THE_END: Duration = Duration::from_millis(100);

/// A journey of a user that keeps no other book.
pub async fn travel(world: &World, kind: Kind, goose: Option<&mut GooseUser>) {
    if world.is_over() {
        return tokio::time::sleep(AT_THE_END).await;
    }
    let mut visit = Visit::new(world, goose).of(kind.name());
    if kind.travel(&mut visit).await == Err(Stop::Wrong) {
        // Somebody who met a fault looks at it before he tries again. That the load ends meanwhile is no matter.
        let _ = visit.think(1.0..=2.0).await;
    }
}

/// Goose starts the users one by one, lets them travel, and waits for every journey that is under way. It cannot end a
/// journey: the users see the end themselves.
pub async fn by_goose(
    world: &Arc<World>,
    users: &BTreeMap<Kind, u32>,
    ramp_seconds: u32,
    seconds: u32,
    report: &Path,
) -> Result<()> {
    let count: u32 = users.values().sum();
    // Goose spreads two users or more over a time; one comes at a rate.
    let (increase, pace) = if count > 1 { ("--increase-time", ramp_seconds.max(1)) } else { ("--increase-rate", 1) };
    let options = [
        "--host".to_owned(),
        world.caller.origin().to_string(),
        "--users".to_owned(),
        count.to_string(),
        increase.to_owned(),
        pace.to_string(),
        "--run-time".to_owned(),
        seconds.to_string(),
        "--report-file".to_owned(),
        report.display().to_string(),
        "--co-mitigation".to_owned(),
        "disabled".to_owned(),
        "--no-telnet".to_owned(),
        "--no-print-metrics".to_owned(),
        "--no-error-summary".to_owned(),
        "-q".to_owned(),
    ];
    let configuration = GooseConfiguration::parse_args_default(&options).map_err(wrapped)?;
    let mut attack = GooseAttack::initialize_with_config(configuration).map_err(wrapped)?;
    // Its own clients make no call: one for all is enough.
    let client = GooseClientBuilder::new().without_cookies();
    attack = attack.set_client_builder_without_cookies(client).map_err(wrapped)?;
    for (&kind, &count) in users {
        let scenario = Scenario::new(kind.name()).set_weight(count as usize).map_err(wrapped)?;
        let coming = Transaction::new(coming(world)).set_on_start().set_name("coming");
        let journey = Transaction::new(journey(world, kind)).set_name("journey");
        let going = Transaction::new(going(world)).set_on_stop().set_name("going");
        attack = attack.register_scenario(
            scenario.register_transaction(coming).register_transaction(journey).register_transaction(going),
        );
    }
    // Boxed, because goose's own state is large.
    Box::pin(attack.execute()).await.map_err(wrapped).context("goose has failed")?;
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
fn wrapped(error: goose::GooseError) -> anyhow::Error {
    // Only its debug form names the option that it refuses.
    anyhow!("goose: {error:?}")
}

fn coming(world: &Arc<World>) -> TransactionFunction {
    let world = Arc::clone(world);
    Arc::new(move |_| {
        let world = Arc::clone(&world);
        Box::pin(async move {
            world.ledger.user_comes();
            Ok(())
        })
    })
}

fn journey(world: &Arc<World>, kind: Kind) -> TransactionFunction {
    let world = Arc::clone(world);
    Arc::new(move |user| {
        let world = Arc::clone(&world);
        Box::pin(async move {
            travel(&world, kind, Some(user)).await;
            Ok(())
        })
    })
}

fn going(world: &Arc<World>) -> TransactionFunction {
    let world = Arc::clone(world);
    Arc::new(move |_| {
        let world = Arc::clone(&world);
        Box::pin(async move {
            world.ledger.user_goes();
            Ok(())
        })
    })
}

/// What an open load has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Opened {
    pub starts: u64,
    pub late: u64,
}

/// Journeys begin when the rate says so. Returns when the last one has come to its end.
pub async fn by_rate(world: &Arc<World>, rate: &[(f64, f64)], begun: Instant) -> Opened {
    let mut pacer = Pacer::new(begun, rate);
    let mut travellers = JoinSet::new();
    let deal = dealt(&world.profile.mix.deal(100));
    let mut starts = 0;
    while pacer.next().await {
        let (world, kind) = (Arc::clone(world), deal[starts % deal.len()]);
        starts += 1;
        travellers.spawn(async move {
            world.ledger.user_comes();
            travel(&world, kind, None).await;
            world.ledger.user_goes();
        });
        while travellers.try_join_next().is_some() {}
    }
    while travellers.join_next().await.is_some() {}
    Opened { starts: starts as u64, late: pacer.late() }
}

/// A hundred journeys in an order that mixes the kinds evenly: always the one that is furthest behind its share.
fn dealt(shares: &BTreeMap<Kind, u32>) -> Vec<Kind> {
    let sum: u32 = shares.values().sum();
    let mut given: BTreeMap<Kind, u32> = BTreeMap::new();
    (1..=sum)
        .filter_map(|turn| {
            let behind = |kind: &Kind| {
                f64::from(shares[kind]) * f64::from(turn) / f64::from(sum)
                    - f64::from(given.get(kind).copied().unwrap_or(0))
            };
            let next = shares.keys().copied().max_by(|one, other| behind(one).total_cmp(&behind(other)))?;
            *given.entry(next).or_default() += 1;
            Some(next)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Kind, dealt};

    #[test]
    fn journeys_are_dealt_evenly() {
        let order =
            dealt(&BTreeMap::from([(Kind::Visitor, 50), (Kind::Buyer, 20), (Kind::Reader, 29), (Kind::Abuser, 1)]));
        assert_eq!(order.len(), 100);
        let buyers = |part: &[Kind]| part.iter().filter(|kind| **kind == Kind::Buyer).count();
        assert_eq!(buyers(&order), 20);
        assert!(order.chunks(10).all(|ten| (1..=3).contains(&buyers(ten))), "{order:?}");
    }
}
