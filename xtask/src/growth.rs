//! `cargo xtask growth`: what the same journey costs beside a thousand rows and beside a million, and by which plans.
//!
//! PostgreSQL writes the plan of every statement down (auto_explain). A statement of the product that reads a large
//! table from end to end is a failure, named with its text.

mod fill;
mod journey;
mod plans;

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Value, json};

use crate::binaries::{self, Choice, Measured};
use crate::product::{self, Plan, Product};
use crate::servers::Servers;
use crate::{environment, process};
use journey::Cost;
use plans::Reading;

/// The name of the scratch database.
const DATABASE: &str = "crb_growth";
/// A table or an index with more rows than this is not read from end to end.
const LARGE: u64 = 10_000;
const PATIENCE: Duration = Duration::from_mins(10);
const LOOK_AGAIN: Duration = Duration::from_millis(300);

#[derive(Args)]
pub struct Options {
    /// Rows in each of the large tables, ascending
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000, 100_000, 1_000_000])]
    sizes: Vec<u64>,
    /// Vendors in the catalogue, ascending
    #[arg(long, value_delimiter = ',', default_values_t = [100, 1_000, 10_000])]
    vendors: Vec<u64>,
    /// How often each operation is asked for
    #[arg(long, default_value_t = 20)]
    repeats: usize,
    #[command(flatten)]
    programs: Choice,
    /// Run this statement on the empty schema first: drop an index to see the check fail, or try one
    #[arg(long)]
    before: Option<String>,
}

/// What one size showed.
struct Stage {
    rows: u64,
    costs: Vec<Cost>,
    readings: Vec<Reading>,
    chores: Vec<Reading>,
    statements: usize,
    bytes: u64,
}

pub fn run(options: &Options) -> Result<()> {
    let programs = binaries::measured(&options.programs)?;
    let folder = std::path::absolute(environment::target().join("growth"))?;
    let servers = Servers::start()?;
    let database_url = servers.create_database(DATABASE)?;
    explain_everything(&servers, &database_url)?;
    let plan = Plan {
        folder: &folder,
        database_url: &database_url,
        redis_url: Some(servers.redis_url()),
        // Old calls cost something too, and a day's budget is not what is measured here.
        variables: &[("DAY_BUDGET_USD", "1000000.00")],
    };
    product::migrate(&programs, &plan)?;
    if let Some(statement) = &options.before {
        servers.sql(&database_url, statement)?;
        println!("before anything else: {statement}");
    }
    let mut stages = Vec::new();
    let mut filled = 0;
    for rows in options.sizes.iter().copied().filter(|rows| *rows > 0) {
        fill::rows(&servers, &database_url, filled, rows)?;
        filled = filled.max(rows);
        stages.push(stage(&servers, &programs, &plan, rows, options.repeats)?);
    }
    println!("{}", table(&stages));
    let vendors = vendors(&servers, &programs, &plan, options)?;
    let told = json!({
        "sizes": stages.iter().map(Stage::told).collect::<Vec<_>>(),
        "vendors": vendors,
        "before": options.before,
    });
    let file = folder.join("figures.json");
    std::fs::write(&file, serde_json::to_string_pretty(&told)? + "\n")?;
    println!("written: {}", file.display());
    let faults: Vec<String> = stages
        .iter()
        .flat_map(|stage| stage.readings.iter().map(|reading| format!("{} rows: {}", stage.rows, reading.told())))
        .collect();
    if faults.is_empty() { Ok(()) } else { bail!("large tables are read from end to end:\n{}", faults.join("\n")) }
}

fn stage(servers: &Servers, programs: &Measured, plan: &Plan, rows: u64, repeats: usize) -> Result<Stage> {
    let log = servers.postgres_log();
    let begin = std::fs::metadata(&log)?.len();
    let product = Product::start(programs, plan)?;
    // The chores of the start are not what is measured. Their plans count all the same.
    await_quiet(servers)?;
    let postgres = postgres_id(servers, plan.database_url)?;
    let costs = journey::walk(programs, plan, &product, postgres, repeats)?;
    drop(product);
    let (statements, mut readings) = plans::read(&since(&log, begin)?)?;
    if statements < repeats {
        bail!("PostgreSQL wrote only {statements} plans down: auto_explain does not work here, and nothing is proven");
    }
    let large = fill::counted(servers, plan.database_url)?;
    readings.retain(|reading| large.get(&reading.relation).is_some_and(|rows| *rows > LARGE));
    let (chores, readings): (Vec<_>, Vec<_>) = readings.into_iter().partition(Reading::is_chore);
    let bytes = servers.sql(plan.database_url, &format!("SELECT pg_database_size('{DATABASE}')"))?.trim().parse()?;
    println!("{rows} rows: {statements} plans, {} readings from end to end", readings.len());
    for reading in &readings {
        println!("    {}", reading.told());
    }
    for chore in &chores {
        println!("    a chore: {}", chore.told());
    }
    Ok(Stage { rows, costs, readings, chores, statements, bytes })
}

/// The catalogue grows while everything else stays.
fn vendors(servers: &Servers, programs: &Measured, plan: &Plan, options: &Options) -> Result<Value> {
    let mut told = Vec::new();
    println!("\n| vendors | operation | p50 ms | CPU ms, product | PostgreSQL |\n|--:|---|--:|--:|--:|");
    for count in options.vendors.iter().copied() {
        fill::vendors(servers, plan.database_url, count)?;
        let product = Product::start(programs, plan)?;
        await_quiet(servers)?;
        let postgres = postgres_id(servers, plan.database_url)?;
        let costs = journey::catalogue(&product, postgres, options.repeats)?;
        for cost in &costs {
            println!("| {count} | {} |", cost.told());
        }
        told.push(json!({"vendors": count, "operations": costs.iter().map(Cost::json).collect::<Vec<_>>()}));
    }
    Ok(told.into())
}

impl Stage {
    fn told(&self) -> Value {
        json!({
            "rows": self.rows,
            "database_bytes": self.bytes,
            "plans": self.statements,
            "end_to_end": self.readings.iter().map(Reading::told).collect::<Vec<_>>(),
            "chores_end_to_end": self.chores.iter().map(Reading::told).collect::<Vec<_>>(),
            "operations": self.costs.iter().map(Cost::json).collect::<Vec<_>>(),
        })
    }
}

/// An operation a line, a size a column.
fn table(stages: &[Stage]) -> String {
    let sizes = stages.iter().map(|stage| format!(" {} rows |", stage.rows)).collect::<Vec<_>>().concat();
    let mut lines = vec![
        format!("\n| operation: p50 ms, CPU ms of the product, of PostgreSQL |{sizes}"),
        format!("|---|{}", "--:|".repeat(stages.len())),
    ];
    for (index, cost) in stages.first().map_or(&[][..], |stage| &stage.costs).iter().enumerate() {
        let figures =
            |stage: &Stage| stage.costs.get(index).map_or(" – |".to_owned(), |cost| format!(" {} |", cost.figures()));
        lines.push(format!("| {} |{}", cost.name, stages.iter().map(figures).collect::<String>()));
    }
    lines.join("\n")
}

/// Every session of this database writes its plans; those of foreign keys too.
fn explain_everything(servers: &Servers, database_url: &str) -> Result<()> {
    for (name, value) in [
        ("session_preload_libraries", "auto_explain"),
        ("auto_explain.log_min_duration", "0"),
        ("auto_explain.log_analyze", "off"),
        ("auto_explain.log_nested_statements", "on"),
        ("auto_explain.log_format", "json"),
    ] {
        servers.sql(database_url, &format!("ALTER DATABASE {DATABASE} SET {name} = '{value}'"))?;
    }
    // A million rows are much to write down; a checkpoint every few seconds would double it.
    servers.sql(database_url, "ALTER SYSTEM SET max_wal_size = '16GB'")?;
    servers.sql(database_url, "SELECT pg_reload_conf()").map(drop)
}

/// Waits until nobody asks the database anything, three looks in a row.
fn await_quiet(servers: &Servers) -> Result<()> {
    let ask = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{DATABASE}' AND state <> 'idle'");
    let mut quiet = 0;
    process::wait_until("the sweep of the start", PATIENCE, || {
        std::thread::sleep(LOOK_AGAIN);
        // Asked in another database, whose statements are not written down.
        quiet = if servers.sql(servers.database_url(), &ask)?.trim() == "0" { quiet + 1 } else { 0 };
        Ok((quiet >= 3).then_some(()))
    })
}

fn postgres_id(servers: &Servers, database_url: &str) -> Result<u32> {
    let folder = servers.sql(database_url, "SHOW data_directory")?;
    let file = Path::new(folder.trim()).join("postmaster.pid");
    let text = std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    text.lines().next().and_then(|line| line.trim().parse().ok()).context("PostgreSQL has no id")
}

fn since(log: &Path, begin: u64) -> Result<String> {
    let mut file = File::open(log).context("PostgreSQL's log cannot be read; was it started elsewhere?")?;
    file.seek(SeekFrom::Start(begin))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
