//! The way back: to what a receipt names, or to digests. Watched by a stop-watch, proven by what answers afterwards.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::place::{Environment, Images, Service};
use crate::railway::{Place, Railway, Stage};
use crate::receipt::{Outcome, Previous, Receipt, Said};
use crate::settings::Addresses;
use crate::smoke::{self, Expected, Smoke};
use crate::watch;
use crate::world::{Ending, World};

/// What a rollback is promised to take at most. A slower one is brought to its end and called a failure.
const PROMISED: Duration = Duration::from_mins(2);
/// After that long nobody waits any more.
const GIVEN_UP: Duration = Duration::from_mins(10);
/// How long the platform may take to move its traffic back.
const SWITCH: Duration = Duration::from_mins(5);

/// What is to be gone back to.
pub enum Aim {
    Receipt(PathBuf),
    Digests { images: Images, revision: Option<String> },
}

/// A service, and what it is to be again.
pub struct Target {
    pub service: Service,
    pub id: String,
    pub previous: Previous,
}

/// The rollback by hand.
pub async fn rollback(world: &World, environment: Environment, aim: &Aim) -> Ending {
    let started = world.clock.now();
    let (railway, place, addresses, targets) = match prepare(world, environment, aim).await {
        Ok(prepared) => prepared,
        Err(error) => return world.refuse(&error),
    };
    let back = go_back(world, &railway, &place, environment, &addresses, &targets).await;
    let seconds = world.clock.since(started).as_secs();
    if let Aim::Receipt(path) = aim
        && let Err(error) = note(world, path, back.is_ok(), seconds)
    {
        world.console.say(format!("warning: {error:#}"));
    }
    conclude(world, &format!("{environment}: rollback by hand"), &back, seconds).unwrap_or(Ending::Done)
}

/// Where the token lets us work; another environment than the one that was named is refused.
pub async fn place(railway: &Railway, environment: Environment) -> Result<Place> {
    let place = railway.place().await?;
    if !place.name.eq_ignore_ascii_case(&environment.to_string()) {
        bail!("RAILWAY_TOKEN is one of the environment {:?} and not of {environment}", place.name);
    }
    Ok(place)
}

async fn prepare(
    world: &World,
    environment: Environment,
    aim: &Aim,
) -> Result<(Railway, Place, Addresses, Vec<Target>)> {
    let addresses = world.settings.addresses()?;
    let receipt = match aim {
        Aim::Receipt(path) => Some(Receipt::read(path)?),
        Aim::Digests { .. } => None,
    };
    let mut railway = Railway::new(world.settings.railway()?, world.settings.token()?, &world.clock)?;
    railway.insist();
    let place = place(&railway, environment).await?;
    if let Some(receipt) = &receipt
        && (receipt.environment != environment || receipt.environment_id != place.environment)
    {
        bail!("the receipt is one of {} ({})", receipt.environment, receipt.environment_id);
    }
    let instances = railway.instances(&place).await?;
    let mut targets = Vec::new();
    for service in Service::ALL {
        let Some(instance) = instances.iter().find(|instance| instance.service_name == service.name()) else {
            bail!("the environment has no service {service}");
        };
        let previous = match (aim, &receipt) {
            (Aim::Digests { images, revision }, _) => given(service, images, revision.as_deref()),
            (Aim::Receipt(_), Some(receipt)) if receipt.previous.contains_key(&service) => {
                receipt.previous[&service].clone()
            }
            (Aim::Receipt(_), _) => bail!("the receipt does not say what {service} was before"),
        };
        if previous.deployment.is_none() && previous.image.is_none() {
            bail!("the receipt names nothing that {service} could go back to");
        }
        targets.push(Target { service, id: instance.service_id.clone(), previous });
    }
    Ok((railway, place, addresses, targets))
}

fn given(service: Service, images: &Images, revision: Option<&str>) -> Previous {
    let image = images.of(service).clone();
    let said = revision.map(|revision| Said { digest: Some(image.digest().to_owned()), revision: revision.to_owned() });
    Previous { deployment: None, image: Some(image), said }
}

/// Brings every service back, as far as it can be brought, and proves it. The error names all that is not as it was.
pub async fn go_back(
    world: &World,
    railway: &Railway,
    place: &Place,
    environment: Environment,
    addresses: &Addresses,
    targets: &[Target],
) -> Result<()> {
    let mut troubles = Vec::new();
    let mut under_way = Vec::new();
    for target in targets {
        match begin(world, railway, place, target).await {
            Ok(Some(deployment)) => under_way.push((target.service, deployment)),
            Ok(None) => {}
            Err(error) => troubles.push(format!("{}: {error:#}", target.service)),
        }
    }
    if let Err(error) = watch::until_they_serve(world, railway, &under_way, GIVEN_UP).await {
        troubles.push(format!("{error:#}"));
    }
    let smoke = Smoke::new(world, addresses, environment, expected(targets), false)?;
    troubles.extend(smoke::failures(&smoke.who_answers(SWITCH).await));
    if troubles.is_empty() { Ok(()) } else { bail!("{}", troubles.join("; ")) }
}

/// Begins the way back of one service, and gives the deployment that leads there; none where it never left.
///
/// What is pinned goes back first. Otherwise the next deployment, whoever begins it, would be the bad one again.
async fn begin(world: &World, railway: &Railway, place: &Place, target: &Target) -> Result<Option<String>> {
    let (service, Previous { deployment, image, said }) = (target.service, &target.previous);
    if let Some(image) = image {
        let revision = said.as_ref().map(|said| said.revision.as_str());
        railway.set_variables(place, &target.id, &service.variables(image, revision)).await?;
        railway.pin(place, &target.id, image).await?;
    }
    let latest = railway.latest(place, &target.id).await?;
    if deployment.is_some() && latest.as_ref().map(|latest| &latest.id) == deployment.as_ref() {
        world.console.say(format!("  {service:<10} still runs {}", deployment.as_deref().unwrap_or_default()));
        return Ok(None);
    }
    if let Some(latest) = latest.filter(|latest| matches!(latest.status.stage(), Stage::UnderWay | Stage::Unknown))
        && let Err(error) = railway.cancel(&latest.id).await
    {
        // A newer deployment replaces it anyway.
        world.console.say(format!("  {service:<10} deployment {} is not cancelled: {error:#}", latest.id));
    }
    if let Some(deployment) = deployment {
        match railway.roll_back(place, &target.id, deployment).await {
            Ok(id) => {
                world.console.say(format!("  {service:<10} back to deployment {deployment}"));
                return Ok(Some(id));
            }
            Err(failure) => world.console.say(format!("  {service:<10} rollback to {deployment} refused: {failure}")),
        }
    }
    let Some(image) = image else {
        bail!("there is no way back: it did not run an image by its digest, and its deployment cannot be had again");
    };
    let id = railway.deploy(place, &target.id).await?;
    world.console.say(format!("  {service:<10} back to {image}"));
    Ok(Some(id))
}

/// What the previous release has to say of itself.
fn expected(targets: &[Target]) -> Expected {
    let mut expected = Expected::default();
    for Target { service, previous: Previous { deployment, image, said }, .. } in targets {
        let digest = image.as_ref().map(|image| image.digest().to_owned());
        let revision = said.as_ref().map(|said| said.revision.clone());
        match service {
            Service::Api => {
                // One that was deployed by other means may not know its digest, and nobody asks it for what it never said.
                let is_told = said.as_ref().is_none_or(|said| said.digest == digest);
                expected.digest = digest.filter(|_| is_told);
                expected.revision = revision;
            }
            // By its image alone, its name is what we have given it; by its deployment, what it had before.
            Service::Web if deployment.is_none() => expected.release = revision.or(digest),
            Service::Web => expected.release = revision,
        }
    }
    expected
}

/// Says how it went. Some ending where somebody has to look: it did not work, or it took too long.
pub fn conclude(world: &World, what: &str, back: &Result<()>, seconds: u64) -> Option<Ending> {
    let console = &world.console;
    console.output("seconds", &seconds.to_string());
    let promised = PROMISED.as_secs();
    match back {
        Ok(()) if seconds <= promised => {
            console.say(format!("rolled back in {seconds} s"));
            console
                .summarise(&format!("## Rolled back in {seconds} s\n\n{what}\n\nThe previous release serves again.\n"));
            console.output("outcome", "rolled_back");
            None
        }
        Ok(()) => {
            console.say(format!("rolled back, but in {seconds} s: {promised} s are promised"));
            console.summarise(&format!(
                "## :red_circle: Rolled back too late: {seconds} s of {promised} s\n\n{what}\n\nThe previous release serves \
                 again. Find out what took so long before the next release.\n"
            ));
            console.output("outcome", "rolled_back_late");
            Some(Ending::Lost)
        }
        Err(error) => {
            console.say(format!("THE ROLLBACK FAILED after {seconds} s: {error:#}"));
            console.summarise(&format!(
                "## :red_circle: The rollback failed after {seconds} s\n\n{what}\n\nNot as it was: {error:#}\n\nGo on by hand \
                 now: docs/runbooks/deploy-and-rollback.md.\n"
            ));
            console.output("outcome", "rollback_failed");
            Some(Ending::Lost)
        }
    }
}

/// Puts into the receipt that its release does not serve any more.
fn note(world: &World, path: &std::path::Path, is_back: bool, seconds: u64) -> Result<()> {
    let mut receipt = Receipt::read(path)?;
    receipt.outcome = if is_back { Outcome::RolledBack } else { Outcome::RollbackFailed };
    receipt.rollback_seconds = Some(seconds);
    receipt.finished_at = Some(world.clock.now());
    receipt.write(path)
}
