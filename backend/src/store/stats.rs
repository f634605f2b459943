//! The operator's figures: how many reports, how long they take, what a day costs.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};

use super::Connection;
use super::entities::reports;
use super::values::{stamp, statement, unsigned};
use crate::error::{Error, Result};

#[derive(Debug, Clone, PartialEq)]
pub struct Stats {
    pub queued: u64,
    pub running: u64,
    pub ready_24h: u64,
    pub failed_24h: u64,
    /// Over the reports that became ready in the last 30 days, 1 000 newest at the most.
    pub generation_p50_seconds: Option<f64>,
    pub generation_p95_seconds: Option<f64>,
    /// The last 30 days, oldest first, days without cost left out.
    pub cost_per_day: Vec<DayCost>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCost {
    pub day: NaiveDate,
    pub cost_microusd: i64,
}

/// How many of the newest reports the percentiles look at.
const SAMPLE: u64 = 1_000;

pub async fn stats(conn: &impl Connection, now: DateTime<Utc>) -> Result<Stats> {
    let sql = "SELECT (SELECT COUNT(*) FROM reports WHERE status = 'queued') AS queued, \
               (SELECT COUNT(*) FROM reports WHERE status = 'running') AS running, \
               (SELECT COUNT(*) FROM reports WHERE ready_at >= $1) AS ready_24h, \
               (SELECT COUNT(*) FROM reports WHERE failed_at >= $1) AS failed_24h";
    let yesterday = stamp(now - Duration::days(1));
    let Some(row) = conn.query_one_raw(statement(conn, sql, [yesterday.into()])).await? else {
        return Err(Error::internal("the reports could not be counted"));
    };
    let count = |column: &str| row.try_get::<i64>("", column).map(|count| u64::from(unsigned(count)));
    let month = stamp(now - Duration::days(30));
    let seconds = generation_seconds(conn, month).await?;
    Ok(Stats {
        queued: count("queued")?,
        running: count("running")?,
        ready_24h: count("ready_24h")?,
        failed_24h: count("failed_24h")?,
        generation_p50_seconds: percentile(&seconds, 50),
        generation_p95_seconds: percentile(&seconds, 95),
        cost_per_day: cost_per_day(conn, month).await?,
    })
}

/// From the first start to the document, retries included: what the buyer waited. Ascending.
async fn generation_seconds(conn: &impl Connection, since: DateTime<Utc>) -> Result<Vec<f64>> {
    let query = reports::Entity::find()
        .select_only()
        .columns([reports::Column::StartedAt, reports::Column::ReadyAt])
        .filter(reports::Column::ReadyAt.gte(since))
        .order_by(reports::Column::ReadyAt, Order::Desc)
        .limit(SAMPLE);
    let rows = query.into_tuple::<(Option<DateTime<Utc>>, Option<DateTime<Utc>>)>().all(conn).await?;
    let spans = rows.into_iter().filter_map(|(started, ready)| Some(ready? - started?));
    let mut seconds: Vec<f64> = spans.map(Duration::as_seconds_f64).collect();
    seconds.sort_by(f64::total_cmp);
    Ok(seconds)
}

/// The smallest value that is not below `percent` of the sorted values.
fn percentile(sorted: &[f64], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

async fn cost_per_day(conn: &impl Connection, since: DateTime<Utc>) -> Result<Vec<DayCost>> {
    let day = match conn.get_database_backend() {
        DbBackend::Postgres => "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
        _ => "substr(at, 1, 10)",
    };
    let sql = format!(
        "SELECT {day} AS day, CAST(SUM(cost_microusd) AS BIGINT) AS cost FROM llm_calls WHERE at >= $1 \
         GROUP BY {day} ORDER BY day"
    );
    let rows = conn.query_all_raw(statement(conn, sql, [since.into()])).await?;
    rows.iter()
        .map(|row| {
            let day: String = row.try_get("", "day")?;
            let day: NaiveDate = day
                .parse()
                .map_err(|error: chrono::ParseError| Error::internal("a day cannot be read").caused_by(error))?;
            Ok(DayCost { day, cost_microusd: row.try_get("", "cost")? })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn percentiles_are_values_that_were_seen() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(percentile(&values, 50), Some(10.0));
        assert_eq!(percentile(&values, 95), Some(19.0));
        assert_eq!(percentile(&[7.0], 95), Some(7.0));
        assert_eq!(percentile(&[], 50), None);
    }
}
