//! A real PostgreSQL and a real Redis for the tests: private, on free ports, in a scratch folder, gone afterwards.
//!
//! PostgreSQL refuses to run as root, so as root both run as an unprivileged user of the system. Nothing is synced to
//! disk: the data live as long as the tests.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustix::process::Signal;

use crate::process::Child;
use crate::{environment, install, net, process};

const DATABASE: &str = "TEST_DATABASE_URL";
const REDIS: &str = "TEST_REDIS_URL";
const PATIENCE: Duration = Duration::from_mins(1);

/// Running servers and how the tests reach them. The servers stop before their folder goes: fields drop in order.
pub struct Servers {
    _running: Vec<Child>,
    folder: Folder,
    psql: Option<PathBuf>,
    database_url: String,
    redis_url: String,
}

impl Servers {
    /// Uses what the two variables name; installs and starts what they do not.
    pub fn start() -> Result<Self> {
        let (database, redis) = (environment::variable(DATABASE), environment::variable(REDIS));
        let programs = Programs::find_or_install(database.is_none(), redis.is_none())?;
        let folder = Folder::make(User::unprivileged()?)?;
        let mut servers = Vec::new();
        let database_url = match database {
            Some(url) => url,
            None => start_postgres(&programs, &folder, &mut servers)?,
        };
        let redis_url = match redis {
            Some(url) => url,
            None => start_redis(&programs, &folder, &mut servers)?,
        };
        let psql = find_postgres().map(|folder| folder.join("psql")).filter(|path| path.is_file());
        let psql = psql.or_else(|| environment::program("psql", &[]));
        Ok(Self { _running: servers, folder, psql, database_url, redis_url })
    }

    /// Points the tests that a command runs at the servers.
    pub fn offer(&self, command: &mut Command) {
        command.env(DATABASE, &self.database_url).env(REDIS, &self.redis_url);
    }

    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    pub fn redis_url(&self) -> &str {
        &self.redis_url
    }

    /// An empty database of this name, and its address.
    pub fn create_database(&self, name: &str) -> Result<String> {
        let (server, _) = self.database_url.rsplit_once('/').context("the address names no database")?;
        for statement in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
            self.sql(&self.database_url, &statement)?;
        }
        Ok(format!("{server}/{name}"))
    }

    /// What a statement answers: a row a line, its columns parted by `|`.
    pub fn sql(&self, database_url: &str, statement: &str) -> Result<String> {
        let mut command = process::command(self.psql.as_ref().context("there is no psql here")?);
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database_url, "-c", statement]);
        process::output("psql", &mut command)
    }

    /// What a PostgreSQL that was started here writes down.
    pub fn postgres_log(&self) -> PathBuf {
        self.folder.path.join("postgres.log")
    }

    /// Hides servers that the caller's environment names: the tests then use SQLite and the cache in memory.
    pub fn hide(command: &mut Command) {
        command.env_remove(DATABASE).env_remove(REDIS);
    }
}

fn start_postgres(programs: &Programs, folder: &Folder, servers: &mut Vec<Child>) -> Result<String> {
    let port = net::free_port()?;
    let data = folder.path.join("postgres");
    let mut initdb = folder.command(&programs.postgres.join("initdb"), "TERM", "initdb.log")?;
    initdb.arg("-D").arg(&data);
    initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
    process::run("initdb", &mut initdb).with_context(|| folder.tail("initdb.log"))?;

    let mut postgres = folder.command(&programs.postgres.join("postgres"), "INT", "postgres.log")?;
    postgres.arg("-D").arg(&data).args(["-p", &port.to_string()]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "max_connections=400",
        "shared_buffers=64MB",
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
    ] {
        postgres.args(["-c", setting]);
    }
    // SIGINT is PostgreSQL's "fast" shutdown: it does not wait for clients that a failed test left behind.
    let mut server = Child::start("postgres", &mut postgres, Signal::INT)?;
    process::wait_until("PostgreSQL's start", PATIENCE, || {
        server.check().with_context(|| folder.tail("postgres.log"))?;
        let mut ask = Command::new(programs.postgres.join("pg_isready"));
        ask.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
        Ok(ask.status().context("pg_isready does not start")?.success().then_some(()))
    })?;
    servers.push(server);
    println!("PostgreSQL on 127.0.0.1:{port}");
    Ok(format!("postgres://postgres@127.0.0.1:{port}/postgres"))
}

fn start_redis(programs: &Programs, folder: &Folder, servers: &mut Vec<Child>) -> Result<String> {
    let port = net::free_port()?;
    let mut redis = folder.command(&programs.redis, "TERM", "redis.log")?;
    redis.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "no", "--dir"]);
    redis.arg(&folder.path);
    let mut server = Child::start("redis", &mut redis, Signal::TERM)?;
    process::wait_until("Redis' start", PATIENCE, || {
        server.check().with_context(|| folder.tail("redis.log"))?;
        Ok(net::redis_answers(port).then_some(()))
    })?;
    servers.push(server);
    println!("Redis on 127.0.0.1:{port}");
    Ok(format!("redis://127.0.0.1:{port}"))
}

/// Where the servers' programs stand; empty for what is not to be started.
struct Programs {
    /// The folder of initdb, postgres and `pg_isready`.
    postgres: PathBuf,
    redis: PathBuf,
}

impl Programs {
    fn find_or_install(postgres: bool, redis: bool) -> Result<Self> {
        let lacks = |needed: bool, found: Option<PathBuf>| needed && found.is_none();
        let missing: Vec<&str> = [
            lacks(postgres, find_postgres()).then_some("postgresql"),
            lacks(redis, find_redis()).then_some("redis-server"),
        ]
        .into_iter()
        .flatten()
        .collect();
        install::packages(&missing, &format!("Or name running servers in {DATABASE} and {REDIS}."))?;
        let take = |needed: bool, found: Option<PathBuf>, what: &str| match found {
            Some(path) => Ok(path),
            None if !needed => Ok(PathBuf::new()),
            None => bail!("{what} was fetched and is still not found"),
        };
        Ok(Self {
            postgres: take(postgres, find_postgres(), "PostgreSQL's initdb")?,
            redis: take(redis, find_redis(), "redis-server")?,
        })
    }
}

fn find_redis() -> Option<PathBuf> {
    environment::program("redis-server", &[install::unpacked_programs()])
}

/// The folder with initdb: the one on the path, else Debian's newest version, else an unpacked one.
fn find_postgres() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_by(|a, b| b.cmp(a));
    let mut folders: Vec<PathBuf> = versions.into_iter().map(|(_, folder)| folder).collect();
    folders.push(install::unpacked_programs());
    // A link on the path is followed, because initdb wants its companions beside it.
    let initdb = fs::canonicalize(environment::program("initdb", &folders)?).ok()?;
    initdb.parent().map(Path::to_path_buf)
}

/// Whom the servers run as when this process is root.
#[derive(Clone, Copy)]
struct User {
    id: u32,
    group: u32,
}

impl User {
    fn unprivileged() -> Result<Option<Self>> {
        if !environment::is_root() {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd").context("the system's users cannot be read")?;
        let user = ["postgres", "nobody"].iter().find_map(|name| Self::named(&users, name));
        Ok(Some(user.context("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")?))
    }

    fn named(users: &str, name: &str) -> Option<Self> {
        let fields: Vec<&str> =
            users.lines().map(|line| line.split(':').collect()).find(|fields: &Vec<&str>| fields[0] == name)?;
        Some(Self { id: fields.get(2)?.parse().ok()?, group: fields.get(3)?.parse().ok()? })
    }
}

/// The servers' scratch folder; it goes with the value.
struct Folder {
    path: PathBuf,
    user: Option<User>,
}

impl Folder {
    fn make(user: Option<User>) -> Result<Self> {
        // Root's own TMPDIR may be closed to others; /tmp is open to all.
        let parent = if user.is_some() { PathBuf::from("/tmp") } else { std::env::temp_dir() };
        let path = parent.join(format!("crb-servers-{}", std::process::id()));
        fs::create_dir(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        let folder = Self { path, user };
        fs::set_permissions(&folder.path, fs::Permissions::from_mode(0o700))?;
        if let Some(user) = user {
            chown(&folder.path, Some(user.id), Some(user.group))?;
        }
        Ok(folder)
    }

    /// A server's program, run as the folder's user, with an environment of its own and its output in a file here.
    fn command(&self, program: &Path, death: &str, log: &str) -> Result<Command> {
        let log = fs::File::create(self.path.join(log))?;
        let mut command = process::leashed(program, death);
        command.env_clear().env("PATH", environment::variable("PATH").unwrap_or_default()).env("LC_ALL", "C");
        command.current_dir(&self.path).stdout(log.try_clone()?).stderr(log);
        if let Some(user) = self.user {
            command.uid(user.id).gid(user.group);
        }
        Ok(command)
    }

    /// The end of a log, for an error.
    fn tail(&self, log: &str) -> String {
        let text = fs::read_to_string(self.path.join(log)).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        format!("{log} ends:\n{}", lines[lines.len().saturating_sub(20)..].join("\n"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("{} stays behind: {error}", self.path.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let users = "root:x:0:0::/root:/bin/sh\npostgres2:x:5:6::/:\npostgres:x:101:104:admin:/var:/bin/bash\n";
        let user = User::named(users, "postgres").unwrap();
        assert_eq!((user.id, user.group), (101, 104));
        assert!(User::named(users, "nobody").is_none());
    }
}
