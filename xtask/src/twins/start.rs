//! How quickly the product is there, and how little it needs while nobody asks.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::Signal;
use serde_json::json;

use super::figures::Waits;
use crate::binaries::Measured;
use crate::buyer::Shop;
use crate::process::Child;
use crate::product::{self, Plan, Product};
use crate::servers::Servers;
use crate::{environment, net, usage};

const STARTS: usize = 10;
/// From the process to the first yes.
const MOST_MS: f64 = 100.0;
const MOST_IDLE_MIB: f64 = 30.0;
const IDLE: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(20);
/// Finer than what is measured.
const TICK: Duration = Duration::from_micros(500);

pub fn run(programs: &Measured) -> Result<()> {
    let folder = std::path::absolute(environment::target().join("twins/start"))?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let (_stubs, shop) = product::start_stubs(programs, &folder)?;
    let file = folder.join("crb.sqlite3");
    let database_url = format!("sqlite:{}", file.display());
    let plan = Plan { folder: &folder, database_url: &database_url, redis_url: None, variables: &[] };
    let (mut fresh, mut again) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        for end in ["", "-wal", "-shm"] {
            let path = folder.join(format!("crb.sqlite3{end}"));
            if path.exists() {
                fs::remove_file(path)?;
            }
        }
        fresh.push(start(programs, &plan, &shop)?.1);
        again.push(start(programs, &plan, &shop)?.1);
    }
    let (child, _) = start(programs, &plan, &shop)?;
    std::thread::sleep(IDLE);
    let sqlite = mib(child.id())?;
    drop(child);
    let postgres = idle_on_postgres(programs)?;
    let (fresh, again) = (Waits::of(fresh), Waits::of(again));
    println!("start to ready, ms: new SQLite file  {}", fresh.told());
    println!("start to ready, ms: known file       {}", again.told());
    println!("idle after {} s, MiB: SQLite {sqlite:.1}, PostgreSQL and Redis {postgres:.1}", IDLE.as_secs());
    println!("load average: {}", usage::load_average());
    let told = json!({"fresh_ms": fresh.json(), "again_ms": again.json(), "idle_mib": {"sqlite": sqlite,
        "postgres": postgres}});
    fs::write(folder.join("figures.json"), serde_json::to_string_pretty(&told)? + "\n")?;
    if fresh.p50 > MOST_MS {
        bail!("a start on a new file takes {:.0} ms, more than {MOST_MS}", fresh.p50);
    }
    if sqlite.max(postgres) > MOST_IDLE_MIB {
        bail!("{:.1} MiB while idle, more than {MOST_IDLE_MIB}", sqlite.max(postgres));
    }
    Ok(())
}

/// A running product and how many milliseconds it took to say that it is ready.
fn start(programs: &Measured, plan: &Plan, shop: &Shop) -> Result<(Child, f64)> {
    let log = plan.folder.join("crb.log");
    let mut command = product::crb(programs, plan, shop);
    let command = product::into_file(command.arg("serve"), &log)?;
    let begin = Instant::now();
    let mut child = Child::start("crb", command, Signal::TERM)?;
    while !net::get(shop.port, "/api/health/ready").is_ok_and(|(status, _)| status == 200) {
        child.check().with_context(|| format!("see {}", log.display()))?;
        if begin.elapsed() > PATIENCE {
            bail!("crb is not ready after {} s; see {}", PATIENCE.as_secs(), log.display());
        }
        std::thread::sleep(TICK);
    }
    Ok((child, begin.elapsed().as_secs_f64() * 1000.0))
}

fn idle_on_postgres(programs: &Measured) -> Result<f64> {
    let folder = std::path::absolute(environment::target().join("twins/start"))?;
    let servers = Servers::start()?;
    let database_url = servers.create_database("crb_idle")?;
    let plan =
        Plan { folder: &folder, database_url: &database_url, redis_url: Some(servers.redis_url()), variables: &[] };
    let product = Product::start(programs, &plan)?;
    std::thread::sleep(IDLE);
    mib(product.id())
}

fn mib(process: u32) -> Result<f64> {
    Ok(usage::resident_kib(process)?.0 as f64 / 1024.0)
}
