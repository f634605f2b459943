//! Quizzes: create, view, answer, complete.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use schemars::JsonSchema;
use serde::{Deserialize as _, Serialize, Serializer};

use super::App;
use super::reports::Encoded;
use crate::domain::ids::{SessionId, SessionStatus};
use crate::domain::quiz::{self, QUESTIONNAIRE_VERSION, Questionnaire};
use crate::domain::readiness::{self, Teaser};
use crate::domain::report::Readiness;
use crate::domain::tokens::Token;
use crate::error::{Error, Result};
use crate::store;
use crate::store::sessions::{Completion, NewSession, Session};

/// Sessions whose last change this process has written, as that change left them. A version's answers never change, and
/// the write asks for the version, so that what is kept here can be old but not wrong: one statement an answer.
pub(crate) struct Kept(moka::sync::Cache<SessionId, Session>);

impl Default for Kept {
    fn default() -> Self {
        Self(moka::sync::Cache::builder().max_capacity(KEPT).time_to_live(KEPT_FOR).build())
    }
}

impl Kept {
    fn get(&self, id: SessionId, version: i64) -> Option<Session> {
        self.0.get(&id).filter(|session| session.version == version)
    }

    fn keep(&self, session: &Session) {
        self.0.insert(session.id, session.clone());
    }
}

/// A session is some 2 KB.
const KEPT: u64 = 1_000;
const KEPT_FOR: std::time::Duration = std::time::Duration::from_mins(10);

/// How long an unfinished quiz is kept open.
const SESSION_DAYS: i64 = 7;

pub use crate::domain::quiz::Answers;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IndustrySummary {
    pub slug: String,
    pub name: String,
    pub description: String,
}

#[derive(Serialize, JsonSchema)]
pub struct SessionCreated {
    pub session_id: SessionId,
    /// Shown once; send it as `Authorization: Bearer …`.
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SessionView {
    pub session_id: SessionId,
    pub industry: String,
    pub questionnaire_version: String,
    pub status: SessionStatus,
    #[serde(serialize_with = "shared")]
    #[schemars(with = "Answers")]
    pub answers: Arc<Answers>,
    pub completion_percent: u32,
    /// Required questions without an answer, in order.
    pub missing: Vec<String>,
    /// Send it back as `If-Match` with the next change.
    pub version: i64,
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Completed {
    pub readiness: Readiness,
    pub teaser: Teaser,
}

pub fn industries(app: &App) -> Vec<IndustrySummary> {
    let summary = |industry: &crate::domain::knowledge::Industry| IndustrySummary {
        slug: industry.slug.clone(),
        name: industry.name.clone(),
        description: industry.description.clone(),
    };
    app.knowledge.industries.values().map(summary).collect()
}

/// The questionnaire of an industry, for everybody; not found names the known ones.
pub async fn questionnaire_page(app: &App, industry: &str) -> Result<Encoded> {
    let known = questionnaire(app, industry)?;
    app.pages.get_or(format!("questionnaire:{}", known.industry), async { Ok(known) }).await
}

pub(super) fn questionnaire<'a>(app: &'a App, industry: &str) -> Result<&'a Questionnaire> {
    match app.questionnaires.get(industry) {
        Some(questionnaire) => Ok(questionnaire),
        // Says which there are.
        None => Err(quiz::industry(&app.knowledge, industry).err().unwrap_or_else(|| Error::internal("no questions"))),
    }
}

pub async fn create(
    app: &App,
    industry: &str,
    questionnaire_version: &str,
    now: DateTime<Utc>,
) -> Result<SessionCreated> {
    if !app.knowledge.industries.contains_key(industry) {
        let known: Vec<&str> = app.knowledge.industries.keys().map(String::as_str).collect();
        return Err(Error::field("industry", format!("must be one of {}", known.join(", "))));
    }
    if questionnaire_version != QUESTIONNAIRE_VERSION {
        return Err(Error::field(
            "questionnaire_version",
            format!("must be {QUESTIONNAIRE_VERSION:?}; load the questionnaire again"),
        ));
    }
    let token = Token::from_bytes(rand::random());
    let new = NewSession {
        id: SessionId::new(),
        token_sha256: token.sha256(),
        industry: industry.into(),
        questionnaire_version: questionnaire_version.into(),
        expires_at: now + Duration::days(SESSION_DAYS),
    };
    store::sessions::insert(app.db.conn(), &new, now).await?;
    Ok(SessionCreated { session_id: new.id, token: token.reveal(), expires_at: new.expires_at })
}

pub async fn view(app: &App, id: SessionId, token: &Token, now: DateTime<Utc>) -> Result<SessionView> {
    let session = open(app, id, token, now).await?;
    show(app, session)
}

/// Applies changes on top of `version`; a stale version is a conflict, an expired session is gone.
pub async fn answer(
    app: &App,
    id: SessionId,
    token: &Token,
    version: i64,
    changes: Answers,
    now: DateTime<Utc>,
) -> Result<SessionView> {
    let mut session = match app.sessions.get(id, version) {
        Some(session) => admit(Some(session), token, now)?,
        None => open(app, id, token, now).await?,
    };
    if session.status == SessionStatus::Completed || session.version != version {
        return Err(closed(&session));
    }
    quiz::check(questionnaire(app, &session.industry)?, &changes)?;
    session.answers = Arc::new(quiz::merge(&session.answers, &changes));
    match store::sessions::answer(app.db.conn(), id, version, &session.answers, now).await? {
        Some(version) => {
            session.version = version;
            app.sessions.keep(&session);
            show(app, session)
        }
        // Somebody was faster between our look and our write.
        None => Err(closed(&open(app, id, token, now).await?)),
    }
}

/// Scores the quiz. Doing it again gives the same result.
pub async fn complete(
    app: &App,
    id: SessionId,
    token: &Token,
    email: Option<String>,
    consent: bool,
    now: DateTime<Utc>,
) -> Result<Completed> {
    let session = open(app, id, token, now).await?;
    let email = email.map(|email| mail_address(&email)).transpose()?;
    if email.is_some() && !consent {
        return Err(Error::field("consent", "must be given for us to keep the mail address"));
    }
    if session.status == SessionStatus::Completed {
        return completed(app, &session);
    }
    let profile = quiz::profile(questionnaire(app, &session.industry)?, &session.answers)?;
    let readiness = readiness::score(&profile);
    let teaser = readiness::teaser(&profile, &app.knowledge)?;
    let completion = Completion {
        email,
        consent,
        readiness_score: readiness.score,
        teaser: serde_json::to_value(&teaser).map_err(|error| Error::internal("no teaser").caused_by(error))?,
    };
    // A completion at the same time came to the same result from the same answers.
    store::sessions::complete(app.db.conn(), id, &completion, now).await?;
    Ok(Completed { readiness, teaser })
}

/// Conflict until the quiz is complete.
pub async fn teaser(app: &App, id: SessionId, token: &Token, now: DateTime<Utc>) -> Result<Completed> {
    completed(app, &open(app, id, token, now).await?)
}

/// The session, for whoever holds its token; gone once it has expired.
pub(super) async fn open(app: &App, id: SessionId, token: &Token, now: DateTime<Utc>) -> Result<Session> {
    admit(store::sessions::find(app.db.conn(), id).await?, token, now)
}

fn admit(session: Option<Session>, token: &Token, now: DateTime<Utc>) -> Result<Session> {
    let session = session.filter(|session| token.opens(&session.token_sha256));
    let session = session.ok_or_else(|| Error::not_found("there is no such quiz, or the token is not its own"))?;
    let over = session.status == SessionStatus::InProgress && session.expires_at <= now;
    if over || session.status == SessionStatus::Expired {
        return Err(Error::gone("the quiz has expired; please start a new one"));
    }
    Ok(session)
}

/// A mail address as far as anybody can tell without sending to it.
pub(super) fn mail_address(text: &str) -> Result<String> {
    let text = text.trim();
    let good = text.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains("..")
            && !host.contains('@')
    });
    let plain = text.chars().all(|c| !c.is_control() && !c.is_whitespace() && !"<>()[],;:\\\"".contains(c));
    if good && plain && text.len() <= 254 {
        return Ok(text.to_owned());
    }
    Err(Error::field("email", "must be a mail address"))
}

fn completed(app: &App, session: &Session) -> Result<Completed> {
    let teaser = session.teaser.as_ref().ok_or_else(|| Error::conflict("the quiz is not complete yet"))?;
    let profile = quiz::profile(questionnaire(app, &session.industry)?, &session.answers)?;
    let teaser =
        Teaser::deserialize(teaser).map_err(|error| Error::internal("the teaser cannot be read").caused_by(error))?;
    Ok(Completed { readiness: readiness::score(&profile), teaser })
}

/// serde writes what an `Arc` holds only with a feature that would be switched on for every crate.
fn shared<S: Serializer>(answers: &Arc<Answers>, serializer: S) -> Result<S::Ok, S::Error> {
    answers.serialize(serializer)
}

fn show(app: &App, session: Session) -> Result<SessionView> {
    let questionnaire = questionnaire(app, &session.industry)?;
    Ok(SessionView {
        completion_percent: quiz::completion_percent(questionnaire, &session.answers),
        missing: quiz::missing(questionnaire, &session.answers),
        session_id: session.id,
        industry: session.industry,
        questionnaire_version: session.questionnaire_version,
        status: session.status,
        answers: session.answers,
        version: session.version,
        expires_at: session.expires_at,
    })
}

/// Why a change does not apply.
fn closed(session: &Session) -> Error {
    if session.status == SessionStatus::Completed {
        return Error::conflict("the quiz is complete; its answers stand");
    }
    let current = session.version;
    Error::conflict(format!("the answers were changed elsewhere; load version {current} and apply your change to it"))
}
