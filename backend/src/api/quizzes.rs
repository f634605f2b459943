//! Quizzes: the questionnaire, a session with its answers, and the free score.

#![expect(clippy::unused_async, reason = "an operation is async, also where its use case is not")]

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Tag;
use super::access::Session;
use super::client::Client;
use super::json::Json;
use super::parameters::{BasedOn, Slug};
use super::replies::{Created, Items, Kept, Public, Versioned};
use crate::app::App;
use crate::app::limits::Scope;
use crate::app::quizzes::{self, Answers, Completed, IndustrySummary, SessionCreated, SessionView};
use crate::domain::ids::SessionId;
use crate::domain::quiz::Questionnaire;
use crate::error::{Error, Result};

/// More than any questionnaire asks.
const MAX_ANSWERS: usize = 64;

pub(super) struct Quizzes;

/// A quiz to begin.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewSession {
    /// An industry's `slug`.
    #[schemars(example = &"dental", length(min = 1, max = 64))]
    industry: String,
    /// The version of the questionnaire that will be shown.
    #[schemars(example = &"1", length(min = 1, max = 64))]
    questionnaire_version: String,
}

/// Answers to store; those that are not named stay.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AnswersChange {
    /// By question id; null takes an answer back.
    #[schemars(extend("maxProperties" = MAX_ANSWERS, "example" = {"employee_count": 12, "pain_points": ["scheduling"]}))]
    answers: Answers,
}

/// The end of a quiz.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Completion {
    /// Where to send the report's link later, if the customer wants to say so now.
    #[serde(default)]
    #[schemars(email, length(max = 254))]
    email: Option<String>,
    /// The customer agrees that the answers are processed.
    consent: bool,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Quizzes")]
impl Quizzes {
    /// The industries that have a quiz
    #[oai(path = "/industries", method = "get", operation_id = "industry_list")]
    async fn industries(&self, Data(app): Data<&App>) -> Result<Public<Items<IndustrySummary>>> {
        Ok(Public(Items { items: quizzes::industries(app) }))
    }

    /// The questions of an industry
    #[oai(path = "/questionnaires/:industry", method = "get", operation_id = "questionnaire_view")]
    async fn questionnaire(
        &self,
        Data(app): Data<&App>,
        /// An industry's `slug`
        Path(industry): Path<Slug>,
    ) -> Result<Kept<Questionnaire>> {
        quizzes::questionnaire_page(app, &industry.into_inner()).await.map(Kept::of)
    }

    /// Begin a quiz
    ///
    /// The answer holds the session's token, this once.
    #[oai(path = "/quiz/sessions", method = "post", operation_id = "session_create")]
    async fn create(
        &self,
        Data(app): Data<&App>,
        client: Client,
        Json(body): Json<NewSession>,
    ) -> Result<Created<SessionCreated>> {
        client.take(app, Scope::SessionCreate).await?;
        quizzes::create(app, &body.industry, &body.questionnaire_version, app.now()).await.map(Created)
    }

    /// The answers so far
    #[oai(path = "/quiz/sessions/:id", method = "get", operation_id = "session_view")]
    async fn view(
        &self,
        Data(app): Data<&App>,
        Session(token): Session,
        Path(id): Path<SessionId>,
    ) -> Result<Versioned<SessionView>> {
        quizzes::view(app, id, &token, app.now()).await.map(versioned)
    }

    /// Store answers
    ///
    /// `If-Match` names the version that the change is based on; a stale one is a conflict and changes nothing.
    #[oai(path = "/quiz/sessions/:id", method = "patch", operation_id = "session_answer")]
    async fn answer(
        &self,
        Data(app): Data<&App>,
        Session(token): Session,
        Path(id): Path<SessionId>,
        /// The `version` of the answers as they were last seen
        #[oai(name = "If-Match")]
        based_on: BasedOn,
        Json(body): Json<AnswersChange>,
    ) -> Result<Versioned<SessionView>> {
        if body.answers.len() > MAX_ANSWERS {
            return Err(Error::field("answers", format!("must be {MAX_ANSWERS} at most")));
        }
        quizzes::answer(app, id, &token, based_on.0, body.answers, app.now()).await.map(versioned)
    }

    /// Finish the quiz and score it
    ///
    /// Doing it again gives the same result.
    #[oai(path = "/quiz/sessions/:id/complete", method = "post", operation_id = "session_complete")]
    async fn complete(
        &self,
        Data(app): Data<&App>,
        Session(token): Session,
        Path(id): Path<SessionId>,
        Json(body): Json<Completion>,
    ) -> Result<Json<Completed>> {
        quizzes::complete(app, id, &token, body.email, body.consent, app.now()).await.map(Json)
    }

    /// The score and the teaser of a finished quiz
    #[oai(path = "/quiz/sessions/:id/teaser", method = "get", operation_id = "teaser_view")]
    async fn teaser(
        &self,
        Data(app): Data<&App>,
        Session(token): Session,
        Path(id): Path<SessionId>,
    ) -> Result<Json<Completed>> {
        quizzes::teaser(app, id, &token, app.now()).await.map(Json)
    }
}

fn versioned(session: SessionView) -> Versioned<SessionView> {
    Versioned { version: session.version, body: session }
}
