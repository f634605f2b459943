//! Railway's replies, as far as they are read.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::state::Status;
use crate::image::{Image, is_digest};

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    pub id: String,
    pub status: Status,
    pub created_at: DateTime<Utc>,
    pub status_updated_at: Option<DateTime<Utc>>,
    /// Of a form that nobody promises; read where it says what we look for.
    #[serde(default)]
    meta: Value,
    #[serde(default)]
    pub instances: Vec<Instance>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Instance {
    pub status: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceInstance {
    pub service_id: String,
    pub service_name: String,
    pub num_replicas: Option<usize>,
    source: Option<Source>,
    pub latest_deployment: Option<Deployment>,
    #[serde(default)]
    pub active_deployments: Vec<Deployment>,
}

#[derive(Debug, Clone, Deserialize)]
struct Source {
    image: Option<String>,
}

impl Deployment {
    /// What the platform pulled, where it says so.
    pub fn digest(&self) -> Option<&str> {
        let told = self.meta.get("imageDigest").and_then(Value::as_str).filter(|digest| is_digest(digest));
        told.or_else(|| self.image_name()?.split_once('@').map(|(_, digest)| digest).filter(|digest| is_digest(digest)))
    }

    fn image_name(&self) -> Option<&str> {
        self.meta.get("image").and_then(Value::as_str)
    }

    pub fn running(&self) -> usize {
        self.instances.iter().filter(|instance| instance.status == "RUNNING").count()
    }

    /// Since when it is in its state.
    pub fn since(&self) -> DateTime<Utc> {
        self.status_updated_at.unwrap_or(self.created_at)
    }
}

impl ServiceInstance {
    /// The deployment that serves: the newest of those that run.
    pub fn active(&self) -> Option<&Deployment> {
        self.active_deployments.iter().max_by_key(|deployment| deployment.created_at)
    }

    /// The image of the deployment that serves, by its digest; where the platform does not tell, the one that is pinned.
    pub fn image(&self) -> Option<Image> {
        let pinned = self.source.as_ref().and_then(|source| source.image.as_deref());
        let Some(active) = self.active() else { return pinned?.parse().ok() };
        let name = active.image_name().or(pinned)?;
        match active.digest() {
            Some(digest) => {
                let name = name.split('@').next().unwrap_or(name);
                let (path, last) = name.rsplit_once('/').unwrap_or(("", name));
                let last = last.split(':').next().unwrap_or(last);
                let name = if path.is_empty() { last.to_owned() } else { format!("{path}/{last}") };
                format!("{name}@{digest}").parse().ok()
            }
            None => name.parse().ok(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Token {
    pub(super) project_token: ProjectToken,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProjectToken {
    pub(super) project_id: String,
    pub(super) environment_id: String,
    pub(super) environment: Named,
}

#[derive(Deserialize)]
pub(super) struct Named {
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct Environment {
    pub(super) environment: Instances,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Instances {
    pub(super) service_instances: Edges,
}

#[derive(Deserialize)]
pub(super) struct Edges {
    pub(super) edges: Vec<Edge>,
}

#[derive(Deserialize)]
pub(super) struct Edge {
    pub(super) node: ServiceInstance,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Latest {
    pub(super) service_instance: OfService,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfService {
    pub(super) latest_deployment: Option<Deployment>,
}

#[derive(Deserialize)]
pub(super) struct One {
    pub(super) deployment: Deployment,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Variables {
    pub(super) variable_collection_upsert: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Updated {
    pub(super) service_instance_update: bool,
}

#[derive(Deserialize)]
pub(super) struct Deployed {
    #[serde(rename = "serviceInstanceDeployV2")]
    pub(super) service_instance_deploy_v2: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RolledBack {
    pub(super) deployment_rollback: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cancelled {
    #[serde(rename = "deploymentCancel")]
    pub(super) _done: bool,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn instance(pinned: Option<&str>, active: &Value) -> ServiceInstance {
        let deployment = |(index, meta): (usize, &Value)| {
            json!({"id": format!("d-{index}"), "status": "SUCCESS", "createdAt": format!("2026-11-0{}T00:00:00Z", index + 1),
                   "statusUpdatedAt": null, "meta": meta, "instances": [{"status": "RUNNING"}, {"status": "EXITED"}]})
        };
        let active: Vec<Value> = active.as_array().expect("a list").iter().enumerate().map(deployment).collect();
        serde_json::from_value(json!({
            "serviceId": "s", "serviceName": "crb-api", "numReplicas": 2, "source": {"image": pinned},
            "latestDeployment": null, "activeDeployments": active,
        }))
        .expect("a reply")
    }

    #[test]
    fn the_image_is_the_one_that_serves_and_not_the_one_that_is_pinned() {
        let (old, new) = (format!("sha256:{}", "a".repeat(64)), format!("sha256:{}", "b".repeat(64)));
        let (was, pinned) = (format!("ghcr.io/owner/crb@{old}"), format!("ghcr.io/owner/crb@{new}"));
        for (active, expected) in [
            (json!([{"image": was}]), Some(&was)),
            (json!([{"image": "ghcr.io/owner/crb:v1", "imageDigest": old}]), Some(&was)),
            (json!([{"image": "x/y", "imageDigest": new}, {"image": was, "imageDigest": old}]), Some(&was)),
            (json!([]), Some(&pinned)),
            (json!([null]), Some(&pinned)),
            (json!([{"image": "ghcr.io/owner/crb:v1"}]), None),
        ] {
            let found = instance(Some(&pinned), &active).image().map(|image| image.to_string());
            assert_eq!(found.as_ref(), expected, "{active}");
        }
        assert_eq!(instance(None, &json!([])).image(), None);
        assert_eq!(instance(None, &json!([null])).active().expect("one").running(), 1);
    }
}
