//! The real program: how it starts, how it refuses to, and how it ends.

use crate::support::bundle::Bundle;
use crate::support::line::Line;
use crate::support::program::{Program, command, until};

async fn status(address: std::net::SocketAddr, path: &str) -> String {
    let mut line = Line::to(address).await;
    line.say(&format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")).await;
    line.hear("\r\n").await.trim_end().to_owned()
}

fn root(bundle: &Bundle) -> String {
    bundle.root().display().to_string()
}

#[tokio::test]
async fn sigterm_says_not_ready_serves_on_and_ends_well() {
    let bundle = Bundle::new();
    let mut program = Program::start(&[("WEB_ROOT", &root(&bundle)), ("SHUTDOWN_LAG", "1500ms")]);
    let address = program.address().await;
    let port = address.port().to_string();
    assert_eq!(status(address, "/health/ready").await, "HTTP/1.1 200 OK");
    let asked = command(&[("PORT", &port)]).arg("healthcheck").status().expect("it runs");
    assert!(asked.success());
    let no_page = command(&[("PORT", &port)]).args(["healthcheck", "--path", "/nowhere"]).output().expect("it runs");
    assert!(!no_page.status.success() && String::from_utf8_lossy(&no_page.stderr).contains("404"));

    let mut slow = Line::to(address).await;
    slow.say("GET / HTTP/1.1\r\n").await;
    program.terminate();
    until("readiness to say no", async || status(address, "/health/ready").await.contains("503").then_some(())).await;
    assert_eq!(status(address, "/").await, "HTTP/1.1 200 OK", "still served in the lag");
    assert_eq!(status(address, "/health").await, "HTTP/1.1 200 OK");
    slow.say("host: x\r\n\r\n").await;
    assert!(slow.hear("\r\n\r\n").await.starts_with("HTTP/1.1 200"));
    assert_eq!(program.ended().await.code(), Some(0));
    let log = program.log();
    let places: Vec<_> = ["listening", "draining", "closing", "stopped"].iter().map(|word| log.find(word)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{log}");
    let asked = command(&[("PORT", &port)]).arg("healthcheck").output().expect("it runs");
    assert!(!asked.status.success(), "nobody is there any more");
}

#[tokio::test]
async fn a_second_signal_stops_at_once() {
    let bundle = Bundle::new();
    let mut program = Program::start(&[("WEB_ROOT", &root(&bundle)), ("SHUTDOWN_LAG", "10m")]);
    program.address().await;
    program.terminate();
    until("the first to be heard", async || program.log().contains("draining").then_some(())).await;
    program.terminate();
    assert_eq!(program.ended().await.code(), Some(0));
    assert!(program.log().contains("a second time"));
}

#[tokio::test]
async fn a_fault_is_a_line_without_what_was_asked_for() {
    let bundle = Bundle::new();
    let values = [("WEB_ROOT", &*root(&bundle)), ("CRB_API_UPSTREAM", "http://127.0.0.1:1")];
    let mut program = Program::start(&values);
    let address = program.address().await;
    let path = format!("/api/v1/x/{}?token=secret", "t".repeat(43));
    assert_eq!(status(address, &path).await, "HTTP/1.1 502 Bad Gateway");
    let log = program.log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("answered with a fault")).collect();
    let [line] = lines[..] else { panic!("one line for one fault: {log}") };
    let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert_eq!((&line["status"], &line["path"]), (&502.into(), &"/api/v1/x/…".into()));
    assert!(!log.contains("secret") && !log.contains("tttt"), "{log}");
}

#[test]
fn what_is_wrong_is_told_and_nothing_starts() {
    let bundle = Bundle::new();
    bundle.remove("shells/quiz.html");
    let refused = command(&[("WEB_ROOT", &root(&bundle))]).output().expect("it runs");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said.contains("shells/quiz.html: is named by routes.json and missing"), "{said}");

    let refused = command(&[("PORT", "eighty"), ("SHUTDOWN_GRACE", "soon")]).output().expect("it runs");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said.contains("PORT: ") && said.contains("SHUTDOWN_GRACE: "), "{said}");

    let help = command(&[]).arg("--help").output().expect("it runs");
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("CRB_API_UPSTREAM"));
}
