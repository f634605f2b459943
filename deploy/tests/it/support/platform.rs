//! A platform that stands in for Railway's API: services, deployments that take their time, and faults on order.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, Utc};
use crb_deploy::Clock;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::{OLD_REVISION, TOKEN, digest, image};

/// How long a deployment takes when nothing else is said.
pub const USUAL: Duration = Duration::from_secs(20);

/// What becomes of a deployment.
#[derive(Clone)]
pub enum Fate {
    ServesAfter(Duration),
    /// Ends in this state.
    Ends(&'static str),
    /// Stays in this state for ever.
    Stays(&'static str),
}

/// What goes wrong with the next call whose text holds a word.
#[derive(Clone)]
pub enum Fault {
    /// Nothing is done, and this is the answer.
    Instead(u16, Value, Vec<(&'static str, String)>),
    /// It is done, and nobody hears of it.
    Unheard(u16),
}

#[derive(Clone)]
struct Config {
    image: String,
    variables: BTreeMap<String, String>,
}

struct Deployment {
    id: String,
    config: Config,
    created: DateTime<Utc>,
    fate: Fate,
    is_cancelled: bool,
}

struct Service {
    config: Config,
    replicas: usize,
    running: usize,
    deployments: Vec<Deployment>,
    fates: VecDeque<Fate>,
}

/// Is told of each mutation before it is done.
type Watch = Box<dyn Fn(&str) + Send>;

/// Reads a service's variable, of the deployment that serves or of the first one of all.
pub type Reader = Box<dyn Fn(&str, &str, bool) -> String + Send + Sync>;

struct Book {
    clock: Clock,
    environment: String,
    services: BTreeMap<String, Service>,
    mutations: Vec<String>,
    asked: Vec<(DateTime<Utc>, String)>,
    faults: Vec<(String, u32, Fault)>,
    /// What becomes of a rollback's deployment.
    back: Fate,
    watch: Option<Watch>,
}

pub struct Platform {
    server: MockServer,
    book: Arc<Mutex<Book>>,
}

struct Door(Arc<Mutex<Book>>);

impl Platform {
    pub async fn start(clock: &Clock, environment: &str) -> Self {
        let services = [("crb-api", "crb", 'a', 2), ("crb-web", "crb-web", 'b', 2)];
        let service = |(name, repository, sign, replicas): (&str, &str, char, usize)| {
            let variables = match name {
                "crb-web" => vec![("RELEASE", OLD_REVISION.to_owned())],
                _ => vec![("IMAGE_DIGEST", digest(sign)), ("APP_REVISION", OLD_REVISION.to_owned())],
            };
            let variables = variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let config = Config { image: image(repository, sign), variables };
            let first = Deployment {
                id: format!("{name}-1"),
                config: config.clone(),
                created: clock.now() - Duration::from_hours(24),
                fate: Fate::ServesAfter(USUAL),
                is_cancelled: false,
            };
            let service =
                Service { config, replicas, running: replicas, deployments: vec![first], fates: VecDeque::new() };
            (name.to_owned(), service)
        };
        let book = Book {
            clock: clock.clone(),
            environment: environment.to_owned(),
            services: services.into_iter().map(service).collect(),
            mutations: Vec::new(),
            asked: Vec::new(),
            faults: Vec::new(),
            back: Fate::ServesAfter(USUAL),
            watch: None,
        };
        let (server, book) = (MockServer::start().await, Arc::new(Mutex::new(book)));
        Mock::given(any()).respond_with(Door(Arc::clone(&book))).mount(&server).await;
        Self { server, book }
    }

    pub fn url(&self) -> String {
        format!("{}/graphql/v2", self.server.uri())
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().expect("the book")
    }

    /// What becomes of a service's next deployment.
    pub fn next(&self, service: &str, fate: Fate) {
        self.book().services.get_mut(service).expect("a service").fates.push_back(fate);
    }

    pub fn on_the_way_back(&self, fate: Fate) {
        self.book().back = fate;
    }

    /// So many calls that hold the word go wrong.
    pub fn fail(&self, word: &str, times: u32, fault: Fault) {
        self.book().faults.push((word.to_owned(), times, fault));
    }

    pub fn remove(&self, service: &str) {
        self.book().services.remove(service);
    }

    /// How many instances of a service run, of those that should.
    pub fn run_only(&self, service: &str, running: usize) {
        self.book().services.get_mut(service).expect("a service").running = running;
    }

    /// Is told each mutation before it is done.
    pub fn watch(&self, watch: impl Fn(&str) + Send + 'static) {
        self.book().watch = Some(Box::new(watch));
    }

    /// Somebody else begins a deployment.
    pub fn deploy_elsewhere(&self, service: &str) {
        self.book().begin(service, None);
    }

    /// Everything that was changed, in order.
    pub fn mutations(&self) -> Vec<String> {
        self.book().mutations.clone()
    }

    /// When a call that holds the word was made.
    pub fn asked(&self, word: &str) -> Vec<DateTime<Utc>> {
        self.book().asked.iter().filter(|(_, query)| query.contains(word)).map(|(at, _)| *at).collect()
    }

    /// The image that serves.
    pub fn running(&self, service: &str) -> String {
        let book = self.book();
        let service = &book.services[service];
        service.active(book.clock.now()).map(|active| active.config.image.clone()).unwrap_or_default()
    }

    pub fn pinned(&self, service: &str) -> String {
        self.book().services[service].config.image.clone()
    }

    pub fn reader(&self) -> Reader {
        let book = Arc::clone(&self.book);
        Box::new(move |service, name, is_first| {
            let book = book.lock().expect("the book");
            let service = book.services.get(service);
            let serves = if is_first {
                service.and_then(|service| service.deployments.first())
            } else {
                service.and_then(|service| service.active(book.clock.now()))
            };
            serves.and_then(|serves| serves.config.variables.get(name).cloned()).unwrap_or_else(|| "unknown".to_owned())
        })
    }
}

impl Deployment {
    fn status(&self, now: DateTime<Utc>) -> &'static str {
        let age = (now - self.created).to_std().unwrap_or_default();
        match &self.fate {
            _ if self.is_cancelled => "REMOVED",
            Fate::ServesAfter(time) if age >= *time => "SUCCESS",
            Fate::Ends(word) if age >= USUAL / 2 => word,
            Fate::ServesAfter(_) | Fate::Ends(_) => "DEPLOYING",
            Fate::Stays(word) => word,
        }
    }
}

impl Service {
    fn active(&self, now: DateTime<Utc>) -> Option<&Deployment> {
        self.deployments.iter().rev().find(|one| one.status(now) == "SUCCESS")
    }

    fn shown(&self, deployment: &Deployment, now: DateTime<Utc>) -> Value {
        let status = deployment.status(now);
        let running = if status == "SUCCESS" { self.running } else { 0 };
        json!({
            "id": deployment.id, "status": status, "createdAt": deployment.created,
            "statusUpdatedAt": deployment.created,
            "meta": {"image": deployment.config.image, "imageDigest": deployment.config.image.split('@').nth(1)},
            "instances": vec![json!({"status": "RUNNING"}); running],
        })
    }
}

impl Book {
    fn begin(&mut self, name: &str, from: Option<Config>) -> String {
        let (now, back) = (self.clock.now(), self.back.clone());
        let service = self.services.get_mut(name).expect("a service");
        let id = format!("{name}-{}", service.deployments.len() + 1);
        let fate = match &from {
            Some(_) => back,
            None => service.fates.pop_front().unwrap_or(Fate::ServesAfter(USUAL)),
        };
        let config = from.unwrap_or_else(|| service.config.clone());
        service.deployments.push(Deployment { id: id.clone(), config, created: now, fate, is_cancelled: false });
        id
    }

    /// A service by the id that the API gives it.
    fn named(id: &Value) -> String {
        id.as_str().expect("a service's id").trim_start_matches("id-of-").to_owned()
    }

    fn of_deployment(&self, id: &Value) -> Option<(String, &Deployment)> {
        self.services.iter().find_map(|(name, service)| {
            let found = service.deployments.iter().find(|one| one.id == id.as_str().unwrap_or_default())?;
            Some((name.clone(), found))
        })
    }

    fn change(&mut self, told: String) {
        if let Some(watch) = &self.watch {
            watch(&told);
        }
        self.mutations.push(told);
    }

    fn answer(&mut self, query: &str, variables: &Value) -> Value {
        let now = self.clock.now();
        if query.contains("projectToken") {
            let environment = json!({"name": self.environment});
            return json!({"projectToken": {"projectId": "p", "environmentId": "e", "environment": environment}});
        }
        if query.contains("serviceInstances(") {
            let node = |(name, service): (&String, &Service)| {
                let list: Vec<Value> = service.active(now).map(|one| service.shown(one, now)).into_iter().collect();
                let latest = service.deployments.last().map(|one| service.shown(one, now));
                json!({"node": {
                    "serviceId": format!("id-of-{name}"), "serviceName": name, "numReplicas": service.replicas,
                    "source": {"image": service.config.image}, "latestDeployment": latest, "activeDeployments": list,
                }})
            };
            let edges: Vec<Value> = self.services.iter().map(node).collect();
            return json!({"environment": {"serviceInstances": {"edges": edges}}});
        }
        if query.contains("serviceInstance(") {
            let service = &self.services[&Self::named(&variables["service"])];
            let latest = service.deployments.last().map(|one| service.shown(one, now));
            return json!({"serviceInstance": {"latestDeployment": latest}});
        }
        if query.contains("deployment(id") {
            let (name, found) = self.of_deployment(&variables["id"]).expect("a deployment");
            return json!({"deployment": self.services[&name].shown(found, now)});
        }
        self.mutate(query, variables)
    }

    fn mutate(&mut self, query: &str, variables: &Value) -> Value {
        let input = &variables["input"];
        if query.contains("variableCollectionUpsert") {
            assert_eq!(input["skipDeploys"], true, "variables alone deploy nothing");
            let name = Self::named(&input["serviceId"]);
            let set: BTreeMap<String, String> = serde_json::from_value(input["variables"].clone()).expect("words");
            self.change(format!("{name} variables {}", input["variables"]));
            self.services.get_mut(&name).expect("a service").config.variables.extend(set);
            json!({"variableCollectionUpsert": true})
        } else if query.contains("serviceInstanceUpdate") {
            let name = Self::named(&variables["service"]);
            let image = input["source"]["image"].as_str().expect("an image").to_owned();
            self.change(format!("{name} image {image}"));
            self.services.get_mut(&name).expect("a service").config.image = image;
            json!({"serviceInstanceUpdate": true})
        } else if query.contains("serviceInstanceDeployV2") {
            let name = Self::named(&variables["service"]);
            self.change(format!("{name} deploy"));
            json!({"serviceInstanceDeployV2": self.begin(&name, None)})
        } else if query.contains("deploymentRollback") {
            let (name, found) = self.of_deployment(&variables["id"]).expect("a deployment");
            let (config, told) = (found.config.clone(), format!("{name} rollback {}", found.id));
            self.change(told);
            self.begin(&name, Some(config));
            json!({"deploymentRollback": true})
        } else if query.contains("deploymentCancel") {
            let (name, found) = self.of_deployment(&variables["id"]).expect("a deployment");
            let id = found.id.clone();
            self.change(format!("{name} cancel {id}"));
            let service = self.services.get_mut(&name).expect("a service");
            service.deployments.iter_mut().filter(|one| one.id == id).for_each(|one| one.is_cancelled = true);
            json!({"deploymentCancel": true})
        } else {
            panic!("a call that the stand-in does not know: {query}")
        }
    }
}

impl Respond for Door {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut book = self.0.lock().expect("the book");
        let is_known = request.headers.get("project-access-token").is_some_and(|token| token == TOKEN);
        let body: Value = request.body_json().expect("JSON");
        let query = body["query"].as_str().expect("a query");
        let now = book.clock.now();
        book.asked.push((now, query.to_owned()));
        if !is_known {
            return ResponseTemplate::new(200).set_body_json(json!({"errors": [{"message": "Not Authorized"}]}));
        }
        let due = book.faults.iter_mut().find(|(word, times, _)| *times > 0 && query.contains(word.as_str()));
        let fault = due.map(|(_, times, fault)| {
            *times -= 1;
            fault.clone()
        });
        match fault {
            Some(Fault::Instead(status, body, headers)) => {
                let reply = ResponseTemplate::new(status).set_body_json(body);
                headers.into_iter().fold(reply, |reply, (name, value)| reply.insert_header(name, value.as_str()))
            }
            Some(Fault::Unheard(status)) => {
                book.answer(query, &body["variables"]);
                ResponseTemplate::new(status)
            }
            None => ResponseTemplate::new(200).set_body_json(json!({"data": book.answer(query, &body["variables"])})),
        }
    }
}
