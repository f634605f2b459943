//! How deploy/compose.yaml runs the images: nothing that a container does not need, and nothing before its time.

use serde_json::Value;

use crate::document::{list, parse};
use crate::holds;
use crate::tree::{Fault, Tree};

const PATH: &str = "deploy/compose.yaml";
const TEMPLATE: &str = "deploy/env/staging.env";

/// Ours, and the variable that names its image.
const OURS: [(&str, &str); 3] = [("migrate", "CRB_IMAGE"), ("api", "CRB_IMAGE"), ("web", "CRB_WEB_IMAGE")];

fn services(tree: &Tree) -> Vec<(String, Value)> {
    let value = parse(PATH, tree.text(PATH).unwrap_or_default());
    let services = value["services"].as_object().cloned().unwrap_or_default();
    assert!(!services.is_empty(), "{PATH} has no services");
    services.into_iter().collect()
}

/// What a service breaks, by a list of what it must be.
fn each(tree: &Tree, rule: impl Fn(&str, &Value) -> Vec<String>) -> Vec<Fault> {
    let broken = |(name, service): (String, Value)| {
        let faults = rule(&name, &service);
        faults.into_iter().map(move |what| Fault::new(PATH, 0, format!("{name}: {what}")))
    };
    services(tree).into_iter().flat_map(broken).collect()
}

fn containers_have_no_more_than_they_need(tree: &Tree) -> Vec<Fault> {
    each(tree, |name, service| {
        let is_set = |limit: &str| !service[limit].is_null();
        let user = service["user"].as_str().unwrap_or_default().split(':').next().unwrap_or_default();
        let ports = list(&service["ports"]).map(|port| port.as_str().unwrap_or_default());
        let checks = [
            (service["read_only"] == true, "its files can be written"),
            (service["cap_drop"] == serde_json::json!(["ALL"]), "it keeps capabilities"),
            (service["cap_add"].is_null() && service["privileged"].is_null(), "it gets capabilities"),
            (list(&service["security_opt"]).any(|it| it == "no-new-privileges:true"), "it may gain privileges"),
            (user.parse::<u32>().is_ok_and(|id| id > 0), "it runs as root, or does not say as whom"),
            (is_set("pids_limit") && is_set("mem_limit"), "it is not bounded"),
            (service["network_mode"].is_null() && service["pid"].is_null(), "it shares the machine's namespaces"),
            (ports.clone().all(|port| port.starts_with("127.0.0.1:")), "it answers to the world"),
            (name == "web" || ports.count() == 0, "it is a second way in"),
            (name == "migrate" || !service["healthcheck"]["test"].is_null(), "nobody sees whether it serves"),
        ];
        checks.into_iter().filter(|(holds, _)| !holds).map(|(_, what)| what.to_owned()).collect()
    })
}

fn our_services_start_and_end_in_order(tree: &Tree) -> Vec<Fault> {
    each(tree, |name, service| {
        let Some((_, image)) = OURS.iter().find(|(known, _)| *known == name) else {
            let is_reached = list(&service["networks"]).all(|network| network == "data");
            return if is_reached { Vec::new() } else { vec!["a database is reached from outside".to_owned()] };
        };
        let waits = |other: &str, condition: &str| service["depends_on"][other]["condition"] == condition;
        let asked = format!("${{{image}:?");
        // The schema may be made by the release that comes next.
        let asked = if name == "migrate" { format!("${{CRB_MIGRATE_IMAGE:-{asked}") } else { asked };
        let named = service["image"].as_str().unwrap_or_default().starts_with(&asked);
        let order = match name {
            "migrate" => waits("postgres", "service_healthy") && service["restart"] == "no",
            "web" => waits("api", "service_healthy"),
            _ => waits("migrate", "service_completed_successfully"),
        };
        let probe = service["healthcheck"]["test"].to_string();
        let checks = [
            (named, format!("its image is not named by {image}")),
            (order, "it does not wait for what it needs".to_owned()),
            (service["stop_grace_period"] == "150s", "it is killed before it has drained".to_owned()),
            (name == "migrate" || probe.contains("\"healthcheck\""), "its probe is not its own".to_owned()),
        ];
        checks.into_iter().filter(|(holds, _)| !holds).map(|(_, what)| what).collect()
    })
}

fn no_secret_is_written_out(tree: &Tree) -> Vec<Fault> {
    let template = tree.text(TEMPLATE).unwrap_or_default();
    let is_known =
        |name: &str| template.lines().any(|line| line.trim_start_matches('#').starts_with(&format!("{name}=")));
    each(tree, |name, service| {
        let mut faults = Vec::new();
        let is_backend = OURS.iter().any(|(known, image)| *known == name && *image == "CRB_IMAGE");
        if is_backend && service["env_file"] != serde_json::json!([".env.local"]) {
            faults.push("its secrets do not come from .env.local".to_owned());
        }
        for (variable, value) in service["environment"].as_object().into_iter().flatten() {
            let text = value.as_str().unwrap_or_default();
            let holds_password = variable.contains("PASSWORD") || text.contains('@');
            if holds_password && !text.contains("${POSTGRES_PASSWORD:?") {
                faults.push(format!("{variable} holds a password"));
            }
            if is_backend && !is_known(variable) {
                faults.push(format!("{variable} is no variable of the backend"));
            }
        }
        faults
    })
}

#[test]
fn a_container_has_no_more_than_it_needs() {
    holds(
        containers_have_no_more_than_they_need,
        &[
            (PATH, "  read_only: true\n", ""),
            (PATH, "cap_drop: [ALL]", "cap_drop: [NET_RAW]"),
            (PATH, "no-new-privileges:true", "no-new-privileges:false"),
            (PATH, "user: \"10001:10001\"", "user: \"0:0\""),
            (PATH, "    user: \"999:1000\"\n", ""),
            (PATH, "  pids_limit: 256\n", ""),
            (PATH, "127.0.0.1:${WEB_PORT:-8080}:8080", "${WEB_PORT:-8080}:8080"),
            (PATH, "    command: [serve]\n", "    command: [serve]\n    ports: [\"127.0.0.1:8383:8383\"]\n"),
            (PATH, "      test: [CMD, /bin/crb-web, healthcheck]\n", "      test:\n"),
            (PATH, "    shm_size: 128m\n", "    privileged: true\n"),
        ],
    );
}

#[test]
fn the_schema_comes_first_and_nobody_is_cut_off() {
    holds(
        our_services_start_and_end_in_order,
        &[
            (PATH, "condition: service_completed_successfully", "condition: service_started"),
            (PATH, "    restart: \"no\"\n", ""),
            (PATH, "  stop_grace_period: 150s\n", "  stop_grace_period: 10s\n"),
            (PATH, "${CRB_WEB_IMAGE:?", "${WEB_IMAGE:?"),
            (PATH, "${CRB_MIGRATE_IMAGE:-${CRB_IMAGE:?", "${CRB_MIGRATE_IMAGE:-${NEXT:?"),
            (PATH, "[CMD, /bin/crb, healthcheck]", "[CMD, curl, localhost]"),
            (PATH, "    networks: [data]\n", "    networks: [default, data]\n"),
        ],
    );
}

#[test]
fn secrets_come_from_a_file_that_is_not_committed() {
    holds(
        no_secret_is_written_out,
        &[
            (PATH, "env_file: [.env.local]", "env_file: [env/staging.env]"),
            (
                PATH,
                "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?a password for PostgreSQL, letters and digits}",
                "POSTGRES_PASSWORD: crb",
            ),
            (
                PATH,
                "postgres://crb:${POSTGRES_PASSWORD:?a password for PostgreSQL, letters and digits}@",
                "postgres://crb:crb@",
            ),
            (PATH, "    TRUSTED_PROXIES:", "    TRUSTED_PROXY:"),
        ],
    );
}
