//! A hundred reports at once: paid in the same moment, over a model whose calls take 200 ms each.

use std::sync::Barrier;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::figures::Waits;
use crate::binaries::Measured;
use crate::buyer::{Order, Shop};
use crate::call::call;
use crate::product::{Plan, Product};
use crate::servers::Servers;
use crate::{environment, process, usage};

const CALL_MS: u32 = 200;
/// From the payment to the report, three calls after each other included.
const MOST_MS: f64 = 1500.0;
const PATIENCE: Duration = Duration::from_mins(2);
/// psql is a process each time: asking more often would be load of its own.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

pub fn run(programs: &Measured, reports: usize) -> Result<()> {
    let folder = std::path::absolute(environment::target().join("twins"))?;
    let servers = Servers::start()?;
    let database_url = servers.create_database("crb_burst")?;
    let plan = Plan {
        folder: &folder,
        database_url: &database_url,
        redis_url: Some(servers.redis_url()),
        // As many as are wanted at once; a day's budget is not what is measured here.
        variables: &[("WORKER_CONCURRENCY", "100"), ("CLAUDE_MAX_STREAMS", "600"), ("DAY_BUDGET_USD", "100000.00")],
    };
    let product = Product::start(programs, &plan)?;
    let shop = product.shop();
    shop.buy().context("no report could be bought")?;
    let orders = (0..reports).map(|_| order(shop)).collect::<Result<Vec<_>>>()?;
    let pace = json!({"claude": {"pace": {"first_ms": CALL_MS, "min_ms": 0, "max_ms": 0, "frames": 40}}});
    call(shop.stubs_port, "PUT", "/__stub/scenario", &[], Some(&pace))?.of(200)?;

    let before = usage::cpu_seconds(product.id())?;
    let begin = servers.sql(&database_url, "SELECT extract(epoch FROM clock_timestamp())")?;
    pay_all(shop, &orders)?;
    let ids: Vec<String> = orders.iter().map(|order| format!("'{}'", order.id)).collect();
    let ours =
        format!("FROM reports JOIN orders ON orders.id = reports.order_id WHERE orders.id IN ({})", ids.join(","));
    let count = format!("SELECT count(*) FILTER (WHERE reports.status = 'failed'), count(reports.ready_at) {ours}");
    process::wait_until("a hundred reports", PATIENCE, || {
        std::thread::sleep(LOOK_AGAIN);
        match servers.sql(&database_url, &count)?.trim().split_once('|') {
            Some(("0", ready)) => Ok((ready.parse() == Ok(reports)).then_some(())),
            other => bail!("failed and ready: {other:?}"),
        }
    })?;
    let used = usage::cpu_seconds(product.id())? - before;
    let waits = |since: &str| -> Result<Waits> {
        let text =
            servers.sql(&database_url, &format!("SELECT 1000 * (extract(epoch FROM ready_at) - {since}) {ours}"))?;
        Ok(Waits::of(text.lines().filter_map(|line| line.trim().parse().ok()).collect()))
    };
    let (whole, own) = (waits(begin.trim())?, waits("extract(epoch FROM paid_at)")?);
    println!("from the moment all paid, ms:        {}", whole.told());
    println!("from each payment's arrival, ms:     {}", own.told());
    println!("CPU of the product a report, ms:     {:.1}", used * 1000.0 / reports as f64);
    println!("load average: {}", usage::load_average());
    let told: Value = json!({"reports": reports, "call_ms": CALL_MS, "from_all_paid_ms": whole.json(),
        "from_own_payment_ms": own.json(), "cpu_ms_a_report": used * 1000.0 / reports as f64});
    std::fs::write(folder.join("burst.json"), serde_json::to_string_pretty(&told)? + "\n")?;
    if whole.p99 > MOST_MS || whole.count != reports {
        bail!("p99 of {} reports at once: {:.0} ms, more than {MOST_MS}", whole.count, whole.p99);
    }
    Ok(())
}

fn order(shop: &Shop) -> Result<Order> {
    let quiz = shop.answered()?;
    shop.finish(&quiz)?;
    shop.order(&quiz)
}

fn pay_all(shop: &Shop, orders: &[Order]) -> Result<()> {
    let barrier = Barrier::new(orders.len());
    std::thread::scope(|scope| {
        let pay = |order| {
            barrier.wait();
            shop.pay(order)
        };
        let payments: Vec<_> = orders.iter().map(|order| scope.spawn(move || pay(order))).collect();
        payments.into_iter().try_for_each(|payment| payment.join().expect("a payment does not panic"))
    })
}
