//! What runs: a table of the services, by the platform's word.

use anyhow::Result;

use crate::image::short;
use crate::place::{Environment, Service};
use crate::railway::{Railway, ServiceInstance};
use crate::rollback;
use crate::world::{Ending, World};

pub async fn status(world: &World, environment: Environment) -> Ending {
    match table(world, environment).await {
        Ok((text, true)) => {
            world.console.say(text);
            Ending::Done
        }
        Ok((text, false)) => {
            world.console.say(format!("{text}\na service is missing or has no active deployment"));
            Ending::Failed
        }
        Err(error) => world.refuse(&error),
    }
}

/// The table, and whether every service has an active deployment.
async fn table(world: &World, environment: Environment) -> Result<(String, bool)> {
    let railway = Railway::new(world.settings.railway()?, world.settings.token()?, &world.clock)?;
    let place = rollback::place(&railway, environment).await?;
    let instances = railway.instances(&place).await?;
    let mut lines = vec![row(["service", "state", "runs", "image", "since", "deployment"])];
    let mut is_whole = true;
    for service in Service::ALL {
        let found = instances.iter().find(|instance| instance.service_name == service.name());
        let active = found.and_then(ServiceInstance::active);
        is_whole &= active.is_some();
        let Some((instance, active)) = found.zip(active) else {
            lines.push(row([service.name(), "none", "-", "-", "-", "-"]));
            continue;
        };
        let runs = format!("{}/{}", active.running(), instance.num_replicas.unwrap_or(1));
        let since = active.since().format("%Y-%m-%d %H:%M:%SZ").to_string();
        let digest = active.digest().map_or("unknown", short);
        lines.push(row([service.name(), &active.status.to_string(), &runs, digest, &since, &active.id]));
        if let Some(latest) = instance.latest_deployment.as_ref().filter(|latest| latest.id != active.id) {
            let since = latest.since().format("%Y-%m-%d %H:%M:%SZ").to_string();
            let digest = latest.digest().map_or("unknown", short);
            lines.push(row(["  newest", &latest.status.to_string(), "-", digest, &since, &latest.id]));
        }
    }
    Ok((lines.join("\n"), is_whole))
}

fn row(cells: [&str; 6]) -> String {
    let [service, state, runs, image, since, deployment] = cells;
    format!("{service:<11} {state:<12} {runs:<5} {image:<20} {since:<21} {deployment}")
}
