//! Use cases: a file per noun, a function per verb. `App` holds the handles that a use case is given.

pub mod admin;
pub mod health;
pub mod jobs;
mod knowledge;
pub mod limits;
pub mod mails;
pub mod orders;
mod pages;
pub mod payments;
pub mod planted;
pub mod quizzes;
pub mod reports;
pub mod retention;
pub mod schema;
pub mod vendors;
pub mod wakes;
mod writer;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, SubsecRound as _, Utc};
use tokio::sync::Semaphore;

use crate::clients::blobs::Blobs;
use crate::clients::cache::Cache;
use crate::clients::limits::Limits;
use crate::clients::mail::Mailer;
use crate::clients::search::Search;
use crate::clients::stripe::Stripe;
use crate::clients::{http, pricing};
use crate::config::Config;
use crate::counters::Counters;
use crate::domain::knowledge::Knowledge;
use crate::domain::quiz::{self, Questionnaire};
use crate::error::Result;
use crate::store::Db;

use wakes::Wakes;
use writer::Writer;

/// Threads that set PDFs, and PDFs set at once: half of the cores are left to requests.
fn renderers() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2))
}

/// The handles. Cheap to clone; one for the whole process.
#[derive(Clone)]
pub struct App(Arc<Handles>);

pub struct Handles {
    pub config: Config,
    pub knowledge: Knowledge,
    pub(crate) db: Db,
    pub(crate) cache: Cache,
    pub(crate) limits: Limits,
    pub(crate) writer: Writer,
    pub(crate) stripe: Option<Stripe>,
    pub(crate) mailer: Mailer,
    pub(crate) blobs: Blobs,
    pub(crate) search: Search,
    pub(crate) renderer: crb_pdf::Renderer,
    pub(crate) rendering: Semaphore,
    pub(crate) settings: reports::Flights,
    pub(crate) sample: reports::Encoded,
    pub wakes: Wakes,
    pub(crate) pages: pages::Pages,
    pub(crate) sessions: quizzes::Kept,
    pub(crate) questionnaires: BTreeMap<String, Questionnaire>,
    pub counters: Arc<Counters>,
    pub(crate) planted: planted::Planted,
    draining: AtomicBool,
    clock: fn() -> DateTime<Utc>,
}

impl App {
    /// Opens every handle; nothing is called yet but the database. `clock` is the one source of `now`.
    pub async fn open(config: Config, clock: fn() -> DateTime<Utc>) -> Result<Self> {
        http::install_tls();
        let knowledge = knowledge::load(config.knowledge_dir.as_deref())?;
        let catalogue = &config.catalogue;
        pricing::check(&[&catalogue.model_findings, &catalogue.model_options, &catalogue.model_narrative], clock())?;
        let database = &config.database;
        let counters = Arc::<Counters>::default();
        let db = Db::open(&database.url, database.pool, database.acquire_timeout, database.statement_timeout).await?;
        let db = db.counted_by(&counters);
        let cache = Cache::new(config.redis.as_ref(), &counters)?;
        let renderer = crb_pdf::Renderer::new(renderers());
        let sample = reports::sample_document(&knowledge, &config)?;
        let industries = knowledge.industries.keys();
        let questionnaires = industries.map(|slug| Ok((slug.clone(), quiz::questionnaire(&knowledge, slug)?)));
        let questionnaires = questionnaires.collect::<Result<_>>()?;
        Ok(Self(Arc::new(Handles {
            limits: Limits::new(&cache),
            writer: Writer::new(&config.claude)?,
            stripe: config.payment.stripe.as_ref().map(Stripe::new).transpose()?,
            mailer: Mailer::new(&config.mail)?,
            blobs: Blobs::new(&config.blobs)?,
            search: Search::new(&config.search)?,
            settings: reports::Flights::default(),
            rendering: Semaphore::new(renderers()),
            wakes: Wakes::default(),
            pages: pages::Pages::default(),
            sessions: quizzes::Kept::default(),
            questionnaires,
            draining: AtomicBool::new(false),
            sample,
            counters,
            planted: planted::Planted::default(),
            renderer,
            cache,
            db,
            knowledge,
            config,
            clock,
        })))
    }

    /// This moment, as precise as both databases keep it.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)().trunc_subsecs(6)
    }

    /// From here on readiness says no and no job is claimed; everything is still served.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
        self.wakes.everyone();
    }

    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Processor time that PDFs have taken. Blocks while reports are being set.
    pub(crate) fn pdf_time(&self) -> std::time::Duration {
        self.renderer.processor_time()
    }

    /// Ends the pool, so that a database can be dropped or a process can go.
    pub async fn close(&self) {
        self.db.close().await;
    }
}

impl std::ops::Deref for App {
    type Target = Handles;
    fn deref(&self) -> &Handles {
        &self.0
    }
}

/// One page of a list. `next` is the cursor of the page after it.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema)]
#[schemars(rename = "{T}Page")]
pub struct Page<T> {
    pub items: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    fn of<S>(page: crate::store::Page<S>, view: impl FnMut(S) -> T) -> Self {
        Self { items: page.items.into_iter().map(view).collect(), next: page.next }
    }
}
