//! A database of its own for every test: a SQLite file, or a PostgreSQL database where `TEST_DATABASE_URL` names a
//! server. PostgreSQL copies a template that is migrated once; the copy is gone when the test ends, the template stays for
//! the next run.

use std::path::Path;
use std::time::Duration;

use crb_backend::store::{Db, migrate};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use url::Url;
use uuid::Uuid;

pub struct TestDb {
    pub db: Db,
    pub url: SecretString,
    // Dropped after `db`, field by field.
    _place: Place,
}

/// A place for a database, and nothing in it.
pub struct EmptyDb {
    pub url: SecretString,
    pub place: Place,
}

/// What is to be cleared away.
pub enum Place {
    Sqlite { _folder: TempDir },
    Postgres { server: Url, name: String },
}

pub const POOL: u32 = 8;
pub const PATIENCE: Duration = Duration::from_secs(10);

impl TestDb {
    /// Migrated and empty.
    pub async fn new() -> Self {
        Self::with_pool(POOL).await
    }

    pub async fn with_pool(pool: u32) -> Self {
        let EmptyDb { url, place } = if let Some(server) = server() {
            postgres(server, Some(&template().await)).await
        } else {
            let empty = EmptyDb::new().await;
            migrate(&empty.url).await.expect("a new SQLite file migrates");
            empty
        };
        let db = Db::open(&url, pool, PATIENCE, PATIENCE).await.expect("a database just made opens");
        Self { db, url, _place: place }
    }

    /// A second pool on the same database, as another replica has.
    pub async fn replica(&self) -> Db {
        Db::open(&self.url, POOL, PATIENCE, PATIENCE).await.expect("a second pool opens")
    }
}

impl EmptyDb {
    pub async fn new() -> Self {
        if let Some(server) = server() {
            return postgres(server, None).await;
        }
        let folder = tempfile::tempdir().expect("a folder for the test");
        let url = format!("sqlite:{}", folder.path().join("test.db").display()).into();
        Self { url, place: Place::Sqlite { _folder: folder } }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Self::Postgres { server, name } = self else { return };
        let drop_it = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
        let server = server.to_string();
        // Inside a runtime nothing can wait for another future; a thread of its own can.
        let cleaner = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async { execute(&mut connect(&server).await, drop_it).await });
        });
        // A second panic while the first unwinds would hide it.
        let cleaned = cleaner.join().is_ok();
        assert!(cleaned || std::thread::panicking(), "the test's database could not be dropped");
    }
}

/// The PostgreSQL server to test on; none means SQLite.
#[expect(clippy::disallowed_methods, reason = "the one variable by which a test run chooses its database")]
pub fn server() -> Option<Url> {
    let text = std::env::var("TEST_DATABASE_URL").ok().filter(|text| !text.is_empty())?;
    Some(text.parse().expect("TEST_DATABASE_URL is an address"))
}

async fn postgres(server: Url, template: Option<&str>) -> EmptyDb {
    let name = format!("crb_test_{}", Uuid::now_v7().simple());
    let mut conn = connect(server.as_str()).await;
    let from = template.map_or(String::new(), |template| format!(" TEMPLATE \"{template}\""));
    execute(&mut conn, format!("CREATE DATABASE \"{name}\"{from}")).await;
    conn.close().await.expect("the connection closes");
    EmptyDb { url: at(&server, &name), place: Place::Postgres { server, name } }
}

/// The migrated database that others are copied from, named by the content of the migrations: made by the first test
/// that needs it, while the others wait. One whose making was interrupted never gets the name.
async fn template() -> String {
    let server = server().expect("only PostgreSQL has templates");
    let name = format!("crb_template_{}", history_hash());
    let mut conn = connect(server.as_str()).await;
    execute(&mut conn, "SELECT pg_advisory_lock(7310527)".to_owned()).await;
    let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)")
        .bind(&name)
        .fetch_one(&mut conn)
        .await
        .expect("the server lists its databases");
    if !there {
        let unfinished = format!("{name}_unfinished");
        execute(&mut conn, format!("DROP DATABASE IF EXISTS \"{unfinished}\" WITH (FORCE)")).await;
        execute(&mut conn, format!("CREATE DATABASE \"{unfinished}\"")).await;
        migrate(&at(&server, &unfinished)).await.expect("the template migrates");
        execute(&mut conn, format!("ALTER DATABASE \"{unfinished}\" RENAME TO \"{name}\"")).await;
    }
    conn.close().await.expect("the connection closes, and the lock with it");
    name
}

fn history_hash() -> String {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations/src"));
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the migrations lie beside the backend")
        .map(|entry| entry.expect("a file of the migrations").path())
        .collect();
    files.sort();
    let hash = files.iter().fold(Sha256::new(), |hash, file| hash.chain_update(std::fs::read(file).expect("readable")));
    hex::encode(&hash.finalize()[..6])
}

fn at(server: &Url, database: &str) -> SecretString {
    let mut url = server.clone();
    url.set_path(database);
    url.to_string().into()
}

pub async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.expect("TEST_DATABASE_URL names a server that answers")
}

pub async fn execute(conn: &mut PgConnection, sql: String) {
    let shown = sql.clone();
    if let Err(error) = sqlx::raw_sql(AssertSqlSafe(sql)).execute(conn).await {
        panic!("{shown}: {error}");
    }
}

/// The address, for what speaks to the database past the store.
pub fn exposed(url: &SecretString) -> &str {
    url.expose_secret()
}
