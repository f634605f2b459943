//! Deployments on their way: until they serve, or why they do not.

use std::time::Duration;

use anyhow::{Result, bail};
use chrono::{DateTime, Utc};

use crate::place::Service;
use crate::railway::{Railway, Stage, Status};
use crate::world::World;

const POLL: Duration = Duration::from_secs(3);
/// A line at least so often: a silent log looks like a program that hangs.
const SPEAK: Duration = Duration::from_secs(30);
/// How long a state may last that this program does not know.
const UNKNOWN: Duration = Duration::from_mins(1);

/// A deployment on its way.
struct Way<'a> {
    service: Service,
    deployment: &'a str,
    status: Option<Status>,
    spoken: DateTime<Utc>,
    unknown_since: Option<DateTime<Utc>>,
}

/// Waits until all of them serve. The first that cannot any more ends the wait.
pub async fn until_they_serve(
    world: &World,
    railway: &Railway,
    deployments: &[(Service, String)],
    limit: Duration,
) -> Result<()> {
    let start = world.clock.now();
    let mut ways: Vec<Way> = deployments
        .iter()
        .map(|(service, deployment)| Way {
            service: *service,
            deployment,
            status: None,
            spoken: start,
            unknown_since: None,
        })
        .collect();
    loop {
        let mut left = Vec::new();
        for mut way in ways {
            if !way.look(world, railway, start).await? {
                left.push(way);
            }
        }
        if left.is_empty() {
            return Ok(());
        }
        if world.clock.since(start) >= limit {
            let names: Vec<String> = left.iter().map(Way::told).collect();
            bail!("not serving after {} s: {}", limit.as_secs(), names.join(", "));
        }
        world.clock.wait(POLL).await;
        ways = left;
    }
}

impl Way<'_> {
    /// Whether it serves now.
    async fn look(&mut self, world: &World, railway: &Railway, start: DateTime<Utc>) -> Result<bool> {
        let status = railway.deployment(self.deployment).await?.status;
        let now = world.clock.now();
        let is_news = self.status.as_ref() != Some(&status);
        if is_news || world.clock.since(self.spoken) >= SPEAK {
            let seconds = world.clock.since(start).as_secs();
            world.console.say(format!("  {:<10} {status:<12} {seconds:>4} s  {}", self.service, self.deployment));
            self.spoken = now;
        }
        let stage = status.stage();
        self.status = Some(status);
        if stage != Stage::Unknown {
            self.unknown_since = None;
        }
        match stage {
            Stage::Serves => Ok(true),
            Stage::UnderWay => Ok(false),
            Stage::Ended => bail!("{}, which is the end of it", self.told()),
            Stage::Unknown => {
                let since = *self.unknown_since.get_or_insert(now);
                if world.clock.since(since) >= UNKNOWN {
                    bail!("{}, a state that this program does not know, for {} s", self.told(), UNKNOWN.as_secs());
                }
                Ok(false)
            }
        }
    }

    fn told(&self) -> String {
        let status = self.status.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{}: deployment {} is {status}", self.service, self.deployment)
    }
}
