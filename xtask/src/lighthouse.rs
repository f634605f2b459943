//! `cargo xtask lighthouse`: the pages as production serves them, measured as a phone on slow 4G sees them.

use anyhow::Result;

use crate::binaries::{self, Selection};
use crate::stack::{Outside, Plan, Stack, State};
use crate::{environment, net, page, process};

pub fn run(pages: &[String]) -> Result<()> {
    let bundle = page::build()?;
    let binaries = binaries::build(Selection::Run)?;
    // Optimised, because it compresses; the backend's speed is not what is measured here.
    let web = binaries::release("crb-web")?;
    let port = net::free_port()?;
    let front = net::free_port_besides(&[port])?;
    let url = format!("http://127.0.0.1:{front}");
    let state = State::Fresh(environment::target().join("lighthouse"));
    let plan = Plan { port, outside: Outside::Stubs { pace: "real" }, state, page: None, front: Some(url.clone()) };
    let mut stack = Stack::start(&binaries, plan)?;
    let mut serve = process::command(web);
    // Staging compresses as production does; its answer to http is not https, which this machine does not have.
    let told = [
        ("APP_ENV", "staging".to_owned()),
        ("HOST", "127.0.0.1".to_owned()),
        ("PORT", front.to_string()),
        ("WEB_ROOT", bundle.display().to_string()),
        ("CRB_API_UPSTREAM", stack.url()),
        ("CHECKOUT_ORIGINS", stack.stubs_url().unwrap_or_default().to_owned()),
        ("SHUTDOWN_LAG", "0s".to_owned()),
        ("LOG_FORMAT", "text".to_owned()),
    ];
    stack.join("web", serve.envs(told))?;
    process::wait_until("the start of crb-web", std::time::Duration::from_mins(1), || {
        stack.check()?;
        Ok(net::get(front, "/health").is_ok_and(|(status, _)| status == 200).then_some(()))
    })?;
    page::lighthouse(&url, pages)
}
