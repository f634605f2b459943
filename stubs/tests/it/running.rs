//! The binary as a process of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use crb_stubs::Call;
use http::Method;
use serde_json::{Value, json};

use crate::shared::{Heard, ask, call, exchange};

/// The binary on a port of its own; it ends with the test.
pub(crate) struct Running {
    pub child: Child,
    pub address: SocketAddr,
}

/// The binary, of whose options the test's own environment says nothing.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crb-stubs"));
    for name in ["STUBS_LISTEN", "STUBS_PUBLIC_URL", "STUBS_WEBHOOK_URL", "STUBS_WEBHOOK_SECRET"] {
        command.env_remove(name);
    }
    command
}

impl Running {
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::run(program().args(["--listen", "127.0.0.1:0"]).args(options))
    }

    /// The same, told by the environment alone.
    pub(crate) fn told(variables: &[(&str, &str)]) -> Self {
        Self::run(program().envs(variables.iter().copied()))
    }

    fn run(command: &mut Command) -> Self {
        let mut child = command
            // Memory that the C library keeps for each thread grows with the machine's cores, not with what is sent.
            .env("MALLOC_ARENA_MAX", "1")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("crb-stubs listening on http://").expect("the address");
        Self { address: address.parse().expect("an address"), child }
    }

    pub(crate) fn hear(&self, call: &Call) -> Heard {
        exchange(self.address, call)
    }

    pub(crate) fn get(&self, target: &str) -> Heard {
        self.hear(&Call::new(Method::GET, target))
    }

    pub(crate) fn play(&self, claude: &Value) {
        let call = Call::new(Method::PUT, "/__stub/scenario").with_json(&json!({"claude": claude}));
        let heard = self.hear(&call);
        assert_eq!(heard.status, 200, "{}", heard.body);
    }

    pub(crate) fn ask(&self) -> Heard {
        self.hear(&call(&ask("findings")))
    }

    /// Asks it to stop.
    pub(crate) fn terminate(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
