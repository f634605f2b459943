//! Railway's public API, as far as a release needs it: its verbs, with ours for what may not be said twice.

mod call;
mod reply;
mod state;

use std::time::Duration;

use anyhow::{Result, bail};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

pub use call::Failure;
pub use reply::{Deployment, ServiceInstance};
pub use state::{Stage, Status};

use crate::clock::Clock;
use crate::image::Image;
use call::Caller;

/// How long a call is tried when the platform is away for a moment.
const PATIENCE: Duration = Duration::from_mins(1);
/// The same on the way back: to give up then would leave a bad release in place.
const PATIENCE_BACK: Duration = Duration::from_mins(5);
/// How often, and how long apart, the platform is asked whether it did what it did not answer.
const LOOKS: u32 = 4;
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// How often a deployment is asked for that nobody has begun.
const TRIES: u32 = 3;

/// What every deployment is asked for.
const DEPLOYMENT: &str = "id status createdAt statusUpdatedAt meta instances { status }";

/// Where the token lets us work.
#[derive(Debug, Clone)]
pub struct Place {
    pub project: String,
    pub environment: String,
    pub name: String,
}

pub struct Railway {
    caller: Caller,
    clock: Clock,
}

impl Railway {
    pub fn new(endpoint: Url, token: SecretString, clock: &Clock) -> Result<Self> {
        Ok(Self { caller: Caller::new(endpoint, token, clock.clone(), PATIENCE)?, clock: clock.clone() })
    }

    /// From here on the way back: more patience.
    pub fn insist(&mut self) {
        self.caller.patience = PATIENCE_BACK;
    }

    pub async fn place(&self) -> Result<Place> {
        let query = "query { projectToken { projectId environmentId environment { name } } }";
        let reply: reply::Token = self.caller.ask(query, json!({})).await?;
        let token = reply.project_token;
        Ok(Place { project: token.project_id, environment: token.environment_id, name: token.environment.name })
    }

    pub async fn instances(&self, place: &Place) -> Result<Vec<ServiceInstance>> {
        let query = format!(
            "query($id: String!) {{ environment(id: $id) {{ serviceInstances(first: 100) {{ edges {{ node {{ \
             serviceId serviceName numReplicas source {{ image }} latestDeployment {{ {DEPLOYMENT} }} \
             activeDeployments {{ {DEPLOYMENT} }} }} }} }} }} }}"
        );
        let reply: reply::Environment = self.caller.ask(&query, json!({"id": place.environment})).await?;
        Ok(reply.environment.service_instances.edges.into_iter().map(|edge| edge.node).collect())
    }

    /// The newest deployment of a service, whatever became of it.
    pub async fn latest(&self, place: &Place, service: &str) -> Result<Option<Deployment>> {
        let query = format!(
            "query($environment: String!, $service: String!) {{ serviceInstance(environmentId: $environment, \
             serviceId: $service) {{ latestDeployment {{ {DEPLOYMENT} }} }} }}"
        );
        let variables = json!({"environment": place.environment, "service": service});
        let reply: reply::Latest = self.caller.ask(&query, variables).await?;
        Ok(reply.service_instance.latest_deployment)
    }

    pub async fn deployment(&self, id: &str) -> Result<Deployment> {
        let query = format!("query($id: String!) {{ deployment(id: $id) {{ {DEPLOYMENT} }} }}");
        let reply: reply::One = self.caller.ask(&query, json!({"id": id})).await?;
        Ok(reply.deployment)
    }

    /// Sets variables and deploys nothing. May be said twice.
    pub async fn set_variables(
        &self,
        place: &Place,
        service: &str,
        variables: &[(&'static str, String)],
    ) -> Result<()> {
        let query = "mutation($input: VariableCollectionUpsertInput!) { variableCollectionUpsert(input: $input) }";
        let named: serde_json::Map<String, Value> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect();
        let input = json!({
            "projectId": place.project, "environmentId": place.environment, "serviceId": service,
            "variables": named, "skipDeploys": true,
        });
        let reply: reply::Variables = self.caller.ask(query, json!({"input": input})).await?;
        if reply.variable_collection_upsert { Ok(()) } else { bail!("Railway did not set the variables") }
    }

    /// Says which image a service runs from its next deployment on. May be said twice.
    pub async fn pin(&self, place: &Place, service: &str, image: &Image) -> Result<()> {
        let query = "mutation($environment: String!, $service: String!, $input: ServiceInstanceUpdateInput!) { \
                     serviceInstanceUpdate(environmentId: $environment, serviceId: $service, input: $input) }";
        let variables = json!({
            "environment": place.environment, "service": service,
            "input": {"source": {"image": image.to_string()}},
        });
        let reply: reply::Updated = self.caller.ask(query, variables).await?;
        if reply.service_instance_update { Ok(()) } else { bail!("Railway did not take the image") }
    }

    /// Begins one deployment of what is pinned, and gives its id.
    pub async fn deploy(&self, place: &Place, service: &str) -> Result<String> {
        let query = "mutation($environment: String!, $service: String!) { \
                     serviceInstanceDeployV2(environmentId: $environment, serviceId: $service) }";
        let variables = json!({"environment": place.environment, "service": service});
        let begun = self.begin(place, service, async || {
            let reply: reply::Deployed = self.caller.ask_once(query, &variables).await?;
            Ok(Some(reply.service_instance_deploy_v2))
        });
        Ok(begun.await?)
    }

    /// Begins one deployment of what an earlier deployment ran, and gives the new one's id. A refusal is told apart: there
    /// is another way back.
    pub async fn roll_back(&self, place: &Place, service: &str, to: &str) -> Result<String, Failure> {
        let query = "mutation($id: String!) { deploymentRollback(id: $id) }";
        let variables = json!({"id": to});
        let begun = self.begin(place, service, async || {
            let reply: reply::RolledBack = self.caller.ask_once(query, &variables).await?;
            if reply.deployment_rollback { Ok(None) } else { Err(Failure::Refused("Railway said no".to_owned())) }
        });
        begun.await
    }

    /// Stops a deployment that is under way. May be said twice.
    pub async fn cancel(&self, deployment: &str) -> Result<()> {
        let query = "mutation($id: String!) { deploymentCancel(id: $id) }";
        let _: reply::Cancelled = self.caller.ask(query, json!({"id": deployment})).await?;
        Ok(())
    }

    /// Says what must not be said twice: when no answer comes, it looks whether the deployment is there before it says it
    /// again. `say` gives the new deployment's id where the platform tells it.
    async fn begin(
        &self,
        place: &Place,
        service: &str,
        say: impl AsyncFn() -> Result<Option<String>, Failure>,
    ) -> Result<String, Failure> {
        let before = self.newest(place, service).await?;
        let start = self.clock.now();
        let mut tries = 0;
        loop {
            tries += 1;
            let said = say().await;
            let failure = match said {
                Ok(Some(id)) => return Ok(id),
                Ok(None) => Failure::Lost("Railway agreed, and no deployment appeared".to_owned()),
                Err(failure @ Failure::Refused(_)) => return Err(failure),
                // Not heard at all: there is nothing to look for.
                Err(failure @ (Failure::Away(_) | Failure::Later(..))) => {
                    self.caller.pause(tries, &failure, start).await?;
                    continue;
                }
                Err(ref failure @ Failure::Lost(_)) => failure.clone(),
            };
            if let Some(id) = self.newer_than(before.as_ref(), place, service).await? {
                return Ok(id);
            }
            if said.is_ok() || tries >= TRIES {
                return Err(failure);
            }
        }
    }

    /// The deployment that has appeared since, if one does within some seconds.
    async fn newer_than(
        &self,
        before: Option<&String>,
        place: &Place,
        service: &str,
    ) -> Result<Option<String>, Failure> {
        for _ in 0..LOOKS {
            let newest = self.newest(place, service).await?;
            if newest.is_some() && newest.as_ref() != before {
                return Ok(newest);
            }
            self.clock.wait(LOOK_AGAIN).await;
        }
        Ok(None)
    }

    async fn newest(&self, place: &Place, service: &str) -> Result<Option<String>, Failure> {
        let latest = self.latest(place, service).await.map_err(|error| Failure::Lost(format!("{error:#}")))?;
        Ok(latest.map(|deployment| deployment.id))
    }
}
