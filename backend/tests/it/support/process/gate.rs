//! A gate inside the database: whoever comes to keep the result of a phase waits there, so that a process can be killed
//! at exactly this commit and not a moment later.

use crb_backend::domain::ids::Phase;
use crb_backend::store::Connection;
use sqlx::{Connection as _, PgConnection};

use super::World;
use crate::support::db::{connect, execute, exposed};

/// Closed for as long as it lives; open it once the waiting process is gone.
pub struct Gate {
    /// Holds the lock that PostgreSQL's trigger asks for; SQLite has none, its trigger counts for ever.
    lock: Option<PgConnection>,
}

const LOCK: &str = "7310611";

impl World {
    /// Closes the way to the end of a phase: the insertion of its checkpoint, or for the last one the finished report.
    pub async fn close_gate(&self, phase: Phase) -> Gate {
        let (event, table, condition) = match phase {
            Phase::Render => ("BEFORE UPDATE", "reports", "NEW.status = 'ready'".to_owned()),
            phase => ("BEFORE INSERT", "report_checkpoints", format!("NEW.phase = '{phase}'")),
        };
        let conn = self.test.db.conn();
        if !self.test.db.is_postgres() {
            // SQLite cannot wait inside a statement, but it can be kept busy: so many rows are never counted.
            let rows: Vec<String> = (0..9).map(|n| format!("vendors v{n}")).collect();
            let body = format!("BEGIN SELECT COUNT(*) FROM {}; END", rows.join(", "));
            let trigger = format!("CREATE TRIGGER gate {event} ON {table} WHEN {condition} {body}");
            conn.execute_unprepared(&trigger).await.expect("a trigger");
            return Gate { lock: None };
        }
        let mut lock = connect(exposed(&self.test.url)).await;
        execute(&mut lock, format!("SELECT pg_advisory_lock({LOCK})")).await;
        let body = format!("BEGIN PERFORM pg_advisory_xact_lock({LOCK}); RETURN NEW; END");
        let function = format!("CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $${body}$$");
        let trigger =
            format!("CREATE TRIGGER gate {event} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION gate()");
        for statement in [function, trigger] {
            conn.execute_unprepared(&statement).await.expect("a trigger");
        }
        Gate { lock: Some(lock) }
    }

    pub async fn open_gate(&self, gate: Gate) {
        match gate.lock {
            // Whoever waits goes through, and so does everybody later.
            Some(lock) => lock.close().await.expect("the connection closes, and the lock with it"),
            None => {
                self.test.db.conn().execute_unprepared("DROP TRIGGER gate").await.expect("the trigger is there");
            }
        }
    }
}
