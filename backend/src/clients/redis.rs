//! The link to Redis: a bounded pool behind a breaker. Redis holds nothing that we cannot lose.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool_redis::redis::aio::{MultiplexedConnection, PubSubStream};
use deadpool_redis::redis::{self, AsyncConnectionConfig, Cmd, FromRedisValue, RedisResult};
use deadpool_redis::{Config, Pool, Runtime};
use futures_util::StreamExt;
use secrecy::ExposeSecret;
use tokio::time::{Instant, sleep_until, timeout};

use crate::counters::{Counted, Counters};
use crate::error::{Error, Result};

/// So many faults in a row open the breaker …
const FAULTS: u32 = 3;
/// … and for so long nobody asks; then one call tries.
const PAUSE: Duration = Duration::from_secs(2);

/// Cheap to clone; the clones share one pool and one breaker.
#[derive(Clone)]
pub struct Redis(Arc<Link>);

struct Link {
    pool: Pool,
    /// Opens what the pool does not hold: the shared connection and subscriptions.
    client: redis::Client,
    /// One connection for what answers at once, reads and counts: half the cost of one from the pool, which is asked for a sign of life first.
    shared: tokio::sync::Mutex<Option<MultiplexedConnection>>,
    timeout: Duration,
    breaker: Breaker,
    counters: Arc<Counters>,
}

impl fmt::Debug for Redis {
    /// The link knows a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").field("is_away", &self.is_away()).finish_non_exhaustive()
    }
}

impl Redis {
    /// Opens no connection yet; an address that cannot be read is a fault.
    pub fn new(config: &crate::config::Redis, counters: &Arc<Counters>) -> Result<Self> {
        super::http::install_tls();
        // The cause would quote the address, password and all.
        let unreadable = || Error::internal("the address of Redis cannot be read");
        let url = config.url.expose_secret();
        let client = redis::Client::open(url).map_err(|_| unreadable())?;
        let pool = Config::from_url(url)
            .builder()
            .map_err(|_| unreadable())?
            .max_size(config.pool)
            .wait_timeout(Some(config.timeout))
            .create_timeout(Some(config.timeout))
            .recycle_timeout(Some(config.timeout))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Error::internal("the pool of Redis could not be made").caused_by(error))?;
        let shared = tokio::sync::Mutex::new(None);
        Ok(Self(Arc::new(Link {
            pool,
            client,
            shared,
            timeout: config.timeout,
            breaker: Breaker::default(),
            counters: Arc::clone(counters),
        })))
    }

    /// For the health check: asks Redis itself, whatever the breaker thinks.
    pub async fn ping(&self) -> Result<()> {
        match self.pooled::<String>(&redis::cmd("PING")).await {
            Ok(_) => {
                self.0.breaker.succeeded();
                Ok(())
            }
            Err(fault) => Err(Error::unavailable("Redis is not available").caused_by(fault)),
        }
    }

    /// Whether Redis is being left alone after a series of faults.
    pub fn is_away(&self) -> bool {
        self.0.breaker.is_open()
    }

    /// Runs a command on a connection of the pool. None: Redis is away, and that has been said.
    pub(super) async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        if !self.0.breaker.allows(Instant::now()) {
            return None;
        }
        self.judge(self.pooled(command).await)
    }

    /// Runs what answers at once on the shared connection.
    pub(super) async fn read<T: FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        if !self.0.breaker.allows(Instant::now()) {
            return None;
        }
        self.judge(self.over_shared(command).await)
    }

    fn judge<T>(&self, result: Result<T, String>) -> Option<T> {
        match result {
            Ok(value) => {
                self.0.breaker.succeeded();
                Some(value)
            }
            Err(fault) => {
                self.0.breaker.failed(&fault, Instant::now());
                None
            }
        }
    }

    async fn pooled<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, String> {
        self.0.counters.count(Counted::RedisCommand);
        let answer = async {
            let mut connection = self.0.pool.get().await.map_err(|error| error.to_string())?;
            command.query_async(&mut connection).await.map_err(|error| error.to_string())
        };
        timeout(self.0.timeout, answer).await.unwrap_or_else(|_| Err("no answer in time".into()))
    }

    async fn over_shared<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, String> {
        self.0.counters.count(Counted::RedisCommand);
        let answer = async {
            let mut connection = self.shared().await?;
            command.query_async(&mut connection).await
        };
        let result: RedisResult<T> = match timeout(self.0.timeout, answer).await {
            Ok(result) => result,
            Err(_) => Err((redis::ErrorKind::Io, "no answer in time").into()),
        };
        if result.is_err() {
            // Whatever it was, the next read starts on a fresh connection.
            *self.0.shared.lock().await = None;
        }
        result.map_err(|error| error.to_string())
    }

    async fn shared(&self) -> RedisResult<MultiplexedConnection> {
        let mut shared = self.0.shared.lock().await;
        if let Some(connection) = &*shared {
            return Ok(connection.clone());
        }
        let config = AsyncConnectionConfig::new().set_connection_timeout(Some(self.0.timeout));
        let connection = self.0.client.get_multiplexed_async_connection_with_config(&config).await?;
        *shared = Some(connection.clone());
        Ok(connection)
    }
}

/// A subscription that reconnects for ever.
pub(super) struct Subscription {
    redis: Redis,
    channel: String,
    messages: Option<PubSubStream>,
    retry_at: Instant,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("channel", &self.channel).finish_non_exhaustive()
    }
}

impl Subscription {
    pub(super) fn new(redis: Redis, channel: String) -> Self {
        Self { redis, channel, messages: None, retry_at: Instant::now() }
    }

    /// Waits for a message. Also returns when a connection was made, because before it something may have been missed.
    pub(super) async fn next(&mut self) {
        loop {
            if let Some(messages) = &mut self.messages {
                if messages.next().await.is_some() {
                    return;
                }
                self.messages = None;
            }
            sleep_until(self.retry_at).await;
            match timeout(self.redis.0.timeout, self.connect()).await {
                Ok(Ok(messages)) => {
                    self.messages = Some(messages);
                    return;
                }
                Ok(Err(_)) | Err(_) => self.retry_at = Instant::now() + PAUSE,
            }
        }
    }

    async fn connect(&self) -> RedisResult<PubSubStream> {
        let mut connection = self.redis.0.client.get_async_pubsub().await?;
        connection.subscribe(&self.channel).await?;
        Ok(connection.into_on_message())
    }
}

/// Leaves a sick Redis alone, so that no request waits for it; says so once, and once when it is back.
#[derive(Debug, Default)]
struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    faults: u32,
    open_until: Option<Instant>,
}

impl Breaker {
    fn allows(&self, now: Instant) -> bool {
        let mut state = self.state();
        match state.open_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                // This call is the one that tries; the others stay away for another pause.
                state.open_until = Some(now + PAUSE);
                true
            }
        }
    }

    fn is_open(&self) -> bool {
        self.state().open_until.is_some()
    }

    fn succeeded(&self) {
        let mut state = self.state();
        if state.open_until.is_some() {
            tracing::info!("Redis is back: caches and limits are shared again");
        }
        *state = State::default();
    }

    fn failed(&self, fault: &str, now: Instant) {
        let mut state = self.state();
        state.faults = state.faults.saturating_add(1);
        if state.faults < FAULTS {
            return;
        }
        if state.open_until.is_none() {
            tracing::warn!(error = fault, "Redis is away: caches miss, limits count per process");
        }
        state.open_until = Some(now + PAUSE);
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The Redis that tests may use, or none. Set and unreachable is a failure, never a silent pass.
    pub(in crate::clients) fn configured() -> Option<crate::config::Redis> {
        #[expect(clippy::disallowed_methods, reason = "tests find their Redis by an environment variable")]
        let url = std::env::var("TEST_REDIS_URL").ok()?;
        Some(crate::config::Redis { url: url.into(), pool: 4, timeout: Duration::from_secs(5) })
    }

    /// A Redis that is not there.
    pub(in crate::clients) fn absent() -> crate::config::Redis {
        crate::config::Redis { url: "redis://127.0.0.1:1".into(), pool: 4, timeout: Duration::from_millis(500) }
    }

    #[test]
    fn the_breaker_opens_after_three_faults_lets_one_try_and_closes_on_success() {
        let breaker = Breaker::default();
        let now = Instant::now();
        for _ in 0..2 {
            breaker.failed("x", now);
        }
        assert!(breaker.allows(now) && !breaker.is_open());
        breaker.failed("x", now);
        assert!(breaker.is_open() && !breaker.allows(now));

        let later = now + PAUSE;
        assert!(breaker.allows(later), "one may try");
        assert!(!breaker.allows(later), "only one");
        breaker.failed("x", later);
        assert!(!breaker.allows(later));

        let last = later + PAUSE;
        assert!(breaker.allows(last));
        breaker.succeeded();
        assert!(breaker.allows(last) && breaker.allows(last) && !breaker.is_open());
    }

    #[tokio::test]
    async fn an_absent_redis_is_none_soon_and_opens_the_breaker() {
        let redis = Redis::new(&absent(), &Arc::default()).expect("a link");
        for _ in 0..FAULTS {
            assert_eq!(redis.run::<String>(&redis::cmd("PING")).await, None);
        }
        assert!(redis.is_away());
        let before = Instant::now();
        assert_eq!(redis.read::<String>(&redis::cmd("PING")).await, None);
        assert!(before.elapsed() < Duration::from_millis(100), "nobody waits for it");
        assert_eq!(redis.ping().await.expect_err("away").kind(), crate::error::Kind::Unavailable);
    }

    #[tokio::test]
    async fn a_silent_redis_is_none_within_the_time_out() {
        // The kernel takes the connections; nobody ever answers.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("redis://{}", listener.local_addr().expect("an address"));
        let config = crate::config::Redis { url: url.into(), timeout: Duration::from_millis(30), ..absent() };
        let redis = Redis::new(&config, &Arc::default()).expect("a link");
        let before = Instant::now();
        assert_eq!(redis.run::<String>(&redis::cmd("PING")).await, None);
        assert_eq!(redis.read::<String>(&redis::cmd("PING")).await, None);
        assert_eq!(redis.read::<String>(&redis::cmd("PING")).await, None);
        assert!(before.elapsed() < Duration::from_secs(1), "{:?}", before.elapsed());
        assert!(redis.is_away());
    }

    #[tokio::test]
    async fn a_connection_that_was_killed_is_replaced() {
        let Some(config) = configured() else { return };
        let redis = Redis::new(&config, &Arc::default()).expect("a link");
        let id = redis.read::<u64>(redis::cmd("CLIENT").arg("ID")).await.expect("an id");
        assert_eq!(redis.run::<u64>(redis::cmd("CLIENT").arg("KILL").arg("ID").arg(id)).await, Some(1));
        // The first read may find the broken connection; the second one starts afresh.
        let first = redis.read::<u64>(redis::cmd("CLIENT").arg("ID")).await;
        let second = redis.read::<u64>(redis::cmd("CLIENT").arg("ID")).await;
        assert!(first.or(second).is_some_and(|new| new != id) && second.is_some());
        assert!(!redis.is_away());
    }

    #[test]
    fn a_wrong_address_is_refused_without_being_quoted() {
        let config = crate::config::Redis { url: "nonsense://:hunter2@x".into(), ..absent() };
        let error = Redis::new(&config, &Arc::default()).expect_err("not an address");
        assert!(!error.chain().contains("hunter2"), "{}", error.chain());
    }

    #[tokio::test]
    async fn a_present_redis_answers_over_pool_and_shared_connection() {
        let Some(config) = configured() else { return };
        let redis = Redis::new(&config, &Arc::default()).expect("a link");
        redis.ping().await.expect("TEST_REDIS_URL is set, so Redis must answer");
        assert_eq!(redis.run::<String>(&redis::cmd("PING")).await.as_deref(), Some("PONG"));
        assert_eq!(redis.read::<String>(&redis::cmd("PING")).await.as_deref(), Some("PONG"));
        assert_eq!(format!("{redis:?}"), "Redis { is_away: false, .. }");
    }
}
