//! A release: refused early or written down first, deployed in order, smoked, and taken back when anything fails.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::place::{Environment, Images, Service};
use crate::railway::{Place, Railway, ServiceInstance, Stage};
use crate::receipt::{Outcome, Previous, Receipt, Said};
use crate::rollback::{self, Target};
use crate::settings::Addresses;
use crate::smoke::{self, Check, Expected, Smoke};
use crate::watch;
use crate::world::{Ending, World};

/// The pre-deploy step, the start and its health check.
const DEPLOY: Duration = Duration::from_mins(12);
/// How long all replicas may take to run once the first of them serves.
const REPLICAS: Duration = Duration::from_mins(2);
const LOOK_AGAIN: Duration = Duration::from_secs(3);

/// What is to be released.
pub struct Order {
    pub environment: Environment,
    pub images: Images,
    pub revision: Option<String>,
    pub receipt: PathBuf,
    pub staging_receipt: Option<PathBuf>,
    pub with_report: bool,
}

/// Everything that is known before anything is changed.
struct Plan {
    railway: Railway,
    place: Place,
    addresses: Addresses,
    targets: Vec<Target>,
    receipt: Receipt,
}

pub async fn release(world: &World, order: &Order) -> Ending {
    let mut plan = match prepare(world, order).await {
        Ok(plan) => plan,
        Err(error) => return world.refuse(&error),
    };
    let failed = match carry_out(world, order, &mut plan).await {
        Ok(()) => return finish(world, order, &mut plan),
        Err(error) => error,
    };
    let failed_at = world.clock.now();
    world.console.say(format!("failed: {failed:#}\nrolling back"));
    plan.railway.insist();
    let back =
        rollback::go_back(world, &plan.railway, &plan.place, order.environment, &plan.addresses, &plan.targets).await;
    let seconds = world.clock.since(failed_at).as_secs();
    plan.receipt.outcome = if back.is_ok() { Outcome::RolledBack } else { Outcome::RollbackFailed };
    plan.receipt.rollback_seconds = Some(seconds);
    keep(world, order, &mut plan);
    if !plan.receipt.checks.is_empty() {
        world.console.summarise(&smoke::table(&plan.receipt.checks));
    }
    rollback::conclude(world, &format!("{}: the release failed: {failed:#}", order.environment), &back, seconds)
        .unwrap_or(Ending::Failed)
}

/// Looks at everything and writes the receipt. Nothing is changed here.
async fn prepare(world: &World, order: &Order) -> Result<Plan> {
    smoke::may_buy(order.environment, order.with_report)?;
    let addresses = world.settings.addresses()?;
    vouched_for(order)?;
    if order.receipt.exists() {
        bail!("{} exists already: it says how to go back from another release", order.receipt.display());
    }
    let railway = Railway::new(world.settings.railway()?, world.settings.token()?, &world.clock)?;
    let place = rollback::place(&railway, order.environment).await?;
    let instances = railway.instances(&place).await?;
    let (backend, page) = smoke::said(&addresses).await?;
    let mut targets = Vec::new();
    for service in Service::ALL {
        let instance = find(&instances, service)?;
        is_quiet(service, instance)?;
        let said = match service {
            Service::Api => backend.clone(),
            Service::Web => page.clone(),
        };
        targets.push(target(world, service, instance, said));
    }
    let mut receipt = Receipt::begin(
        order.environment,
        &place.environment,
        world.clock.now(),
        order.images.clone(),
        order.revision.clone(),
    );
    receipt.previous = targets.iter().map(|target| (target.service, target.previous.clone())).collect();
    receipt.write(&order.receipt)?;
    world.console.say(format!("the way back stands in {}", order.receipt.display()));
    world.console.output("receipt", &order.receipt.display().to_string());
    Ok(Plan { railway, place, addresses, targets, receipt })
}

/// Production takes what staging has proven, and nothing else.
fn vouched_for(order: &Order) -> Result<()> {
    match (order.environment, &order.staging_receipt) {
        (Environment::Staging, None) => Ok(()),
        (Environment::Staging, Some(_)) => bail!("--staging-receipt is for production"),
        (Environment::Production, None) => {
            bail!("production takes only what staging has proven: name its receipt with --staging-receipt")
        }
        (Environment::Production, Some(path)) => {
            Receipt::read(path)?.vouches_for(&order.images, order.revision.as_deref())
        }
    }
}

fn find(instances: &[ServiceInstance], service: Service) -> Result<&ServiceInstance> {
    let found = instances.iter().find(|instance| instance.service_name == service.name());
    found.with_context(|| format!("the environment has no service {service}: is .railway/railway.ts applied?"))
}

/// Two releases at once would each undo the other.
fn is_quiet(service: Service, instance: &ServiceInstance) -> Result<()> {
    match &instance.latest_deployment {
        Some(latest) if matches!(latest.status.stage(), Stage::UnderWay | Stage::Unknown) => {
            bail!("{service}: deployment {} is under way ({}): wait for its end", latest.id, latest.status)
        }
        _ => Ok(()),
    }
}

fn target(world: &World, service: Service, instance: &ServiceInstance, said: Option<Said>) -> Target {
    let deployment = instance.active().map(|active| active.id.clone());
    let previous = Previous { deployment, image: instance.image(), said };
    match (&previous.deployment, &previous.image) {
        (None, None) => world.console.say(format!("warning: {service} has run nothing yet: there is no way back")),
        (_, None) => world.console.say(format!("warning: {service} does not run an image by its digest")),
        (_, Some(image)) => world.console.say(format!("  {service:<10} runs {image}")),
    }
    Target { service, id: instance.service_id.clone(), previous }
}

async fn carry_out(world: &World, order: &Order, plan: &mut Plan) -> Result<()> {
    let deploy = async |plan: &mut Plan, service: Service| -> Result<String> {
        let (image, id) = (order.images.of(service), id_of(plan, service));
        world.console.say(format!("{service}: {image}"));
        let variables = service.variables(image, order.revision.as_deref());
        plan.railway.set_variables(&plan.place, &id, &variables).await?;
        plan.railway.pin(&plan.place, &id, image).await?;
        let deployment = plan.railway.deploy(&plan.place, &id).await?;
        plan.receipt.deployments.insert(service, deployment.clone());
        plan.receipt.write(&order.receipt)?;
        Ok(deployment)
    };
    for service in Service::ALL {
        let deployment = deploy(plan, service).await.with_context(|| service.to_string())?;
        watch::until_they_serve(world, &plan.railway, &[(service, deployment)], DEPLOY).await?;
    }
    world.console.say("smoke");
    let expected = Expected {
        digest: Some(order.images.backend.digest().to_owned()),
        revision: order.revision.clone(),
        release: Some(order.revision.clone().unwrap_or_else(|| order.images.web.digest().to_owned())),
    };
    let smoke = Smoke::new(world, &plan.addresses, order.environment, expected, order.with_report)?;
    plan.receipt.checks = smoke.run().await;
    // An instance that answered nobody is seen by the platform alone.
    if plan.receipt.checks.iter().all(|check| check.passed) {
        let check = every_replica_runs(world, order, plan).await;
        plan.receipt.checks.push(check);
    }
    match smoke::failures(&plan.receipt.checks) {
        None => Ok(()),
        Some(failures) => bail!("the smoke test failed: {failures}"),
    }
}

/// By the platform's word: each service serves this deployment of this image on as many instances as it should.
async fn every_replica_runs(world: &World, order: &Order, plan: &Plan) -> Check {
    const NAME: &str = "replicas";
    let start = world.clock.now();
    loop {
        let missing = match plan.railway.instances(&plan.place).await {
            Ok(instances) => Service::ALL.into_iter().find_map(|service| falls_short(&instances, service, order, plan)),
            Err(error) => Some(format!("{error:#}")),
        };
        let check = match missing {
            None => Check::passed(NAME, "every service runs this release on all of its instances"),
            Some(why) if world.clock.since(start) >= REPLICAS => Check::failed(NAME, why),
            Some(_) => {
                world.clock.wait(LOOK_AGAIN).await;
                continue;
            }
        };
        world.console.say(format!("  {:<5} {NAME:<15} {}", if check.passed { "ok" } else { "FAIL" }, check.seen));
        return check;
    }
}

fn falls_short(instances: &[ServiceInstance], service: Service, order: &Order, plan: &Plan) -> Option<String> {
    let instance = instances.iter().find(|instance| instance.service_name == service.name())?;
    let deployment = plan.receipt.deployments.get(&service)?;
    let Some(active) = instance.active_deployments.iter().find(|active| active.id == *deployment) else {
        return Some(format!("{service}: deployment {deployment} is not active"));
    };
    if active.status.stage() != Stage::Serves {
        return Some(format!("{service}: deployment {deployment} is {}", active.status));
    }
    let wanted = order.images.of(service).digest();
    if let Some(digest) = active.digest().filter(|digest| *digest != wanted) {
        return Some(format!("{service}: the platform pulled {digest} and not {wanted}"));
    }
    let (running, due) = (active.running(), instance.num_replicas.unwrap_or(1));
    (running < due).then(|| format!("{service}: {running} of {due} instances run"))
}

fn id_of(plan: &Plan, service: Service) -> String {
    let target = plan.targets.iter().find(|target| target.service == service);
    target.map(|target| target.id.clone()).unwrap_or_default()
}

fn finish(world: &World, order: &Order, plan: &mut Plan) -> Ending {
    plan.receipt.outcome = Outcome::Released;
    keep(world, order, plan);
    let seconds = world.clock.since(plan.receipt.started_at).as_secs();
    world.console.say(format!("released to {} in {seconds} s", order.environment));
    world.console.summarise(&format!(
        "## Released to {} in {seconds} s\n\n- backend `{}`\n- web `{}`\n- revision `{}`\n\n{}",
        order.environment,
        order.images.backend,
        order.images.web,
        order.revision.as_deref().unwrap_or("unknown"),
        smoke::table(&plan.receipt.checks)
    ));
    world.console.output("outcome", "released");
    world.console.output("seconds", &seconds.to_string());
    Ending::Done
}

/// The platform's state counts, whatever becomes of the file.
fn keep(world: &World, order: &Order, plan: &mut Plan) {
    plan.receipt.finished_at = Some(world.clock.now());
    if let Err(error) = plan.receipt.write(&order.receipt) {
        world.console.say(format!("warning: {error:#}"));
    }
}
