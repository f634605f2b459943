//! The services outside the house, as stubs on one server: what they heard, and what nobody should have asked them.

use std::sync::{Arc, Mutex, PoisonError};

use crb_stubs::{Claude, Scenario, Search, SendGrid, Stripe, Stub};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::letters::Letter;

/// Secrets that Stripe's webhooks are signed with: the new one, and the one it replaces.
pub const WEBHOOK_SECRETS: [&str; 2] = ["whsec_new_of_no_worth", "whsec_old_of_no_worth"];

/// Which services there are; none answers by default.
#[derive(Clone, Default)]
pub struct Services {
    pub claude: Option<Scenario>,
    pub stripe: Option<Scenario>,
    pub sendgrid: Option<Scenario>,
    pub search: Option<Scenario>,
}

pub struct Outside {
    server: MockServer,
    pub claude: Option<Arc<Claude>>,
    pub stripe: Option<Arc<Stripe>>,
    pub sendgrid: Option<Arc<SendGrid>>,
    pub search: Option<Arc<Search>>,
    strays: Arc<Mutex<Vec<String>>>,
}

impl Outside {
    pub async fn open(services: &Services) -> Self {
        let server = MockServer::start().await;
        let strays: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = Arc::clone(&strays);
        // After every stub: what reaches this one is a call that nobody serves.
        let stray = move |request: &Request| {
            let line = format!("{} {}", request.method, request.url.path());
            noted.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            ResponseTemplate::new(404)
        };
        Mock::given(any()).respond_with(stray).with_priority(u8::MAX).mount(&server).await;
        let mut outside = Self { server, claude: None, stripe: None, sendgrid: None, search: None, strays };
        if let Some(scenario) = &services.claude {
            outside.claude = Some(crb_stubs::mount_claude(&outside.server, scenario.clone()).await);
        }
        if let Some(scenario) = &services.stripe {
            outside.stripe = Some(crb_stubs::mount_stripe(&outside.server, scenario.clone()).await);
        }
        if let Some(scenario) = &services.sendgrid {
            outside.sendgrid = Some(crb_stubs::mount_sendgrid(&outside.server, scenario.clone()).await);
        }
        if let Some(scenario) = &services.search {
            outside.search = Some(crb_stubs::mount_search(&outside.server, scenario.clone()).await);
        }
        outside
    }

    /// What the configuration must say for the house to find them.
    pub fn variables(&self) -> Vec<(String, String)> {
        let address = self.server.uri();
        let secrets = WEBHOOK_SECRETS.join(",");
        let mut variables = Vec::new();
        let mut say = |is_there: bool, said: &[(&str, &str)]| {
            let said = said.iter().filter(|_| is_there);
            variables.extend(said.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        };
        say(self.claude.is_some(), &[("ANTHROPIC_API_KEY", "sk-ant-stub-test"), ("ANTHROPIC_BASE_URL", &address)]);
        say(
            self.stripe.is_some(),
            &[
                ("PAYMENT_PROVIDER", "stripe"),
                ("STRIPE_SECRET_KEY", "sk_test_stub"),
                ("STRIPE_WEBHOOK_SECRET", &secrets),
                ("STRIPE_BASE_URL", &address),
            ],
        );
        say(self.sendgrid.is_some(), &[("SENDGRID_API_KEY", "SG.stub-test"), ("SENDGRID_BASE_URL", &address)]);
        say(self.search.is_some(), &[("BRAVE_API_KEY", "stub-test"), ("BRAVE_BASE_URL", &address)]);
        variables
    }

    pub fn claude(&self) -> &Claude {
        self.claude.as_ref().expect("the plan has Claude")
    }

    pub fn stripe(&self) -> &Stripe {
        self.stripe.as_ref().expect("the plan has Stripe")
    }

    pub fn search(&self) -> &Search {
        self.search.as_ref().expect("the plan has a search engine")
    }

    /// Calls that nobody serves, and calls that a service refused without being told to.
    pub fn unexpected(&self) -> Vec<String> {
        let mut found = self.strays.lock().unwrap_or_else(PoisonError::into_inner).clone();
        found.extend(self.claude.iter().flat_map(|stub| refused(stub.as_ref())));
        found.extend(self.stripe.iter().flat_map(|stub| refused(stub.as_ref())));
        found.extend(self.sendgrid.iter().flat_map(|stub| refused(stub.as_ref())));
        found.extend(self.search.iter().flat_map(|stub| refused(stub.as_ref())));
        found
    }
}

fn refused(stub: &impl Stub) -> Vec<String> {
    let refused = stub.calls().into_iter().filter(|entry| entry.status >= 400 && entry.fault.is_none());
    refused.map(|entry| format!("{} {} {}: {}", stub.name(), entry.status, entry.path, entry.request)).collect()
}

impl From<crb_stubs::sendgrid::Mail> for Letter {
    fn from(mail: crb_stubs::sendgrid::Mail) -> Self {
        Self { to: mail.to.join(", "), subject: mail.subject, text: mail.text, html: mail.html }
    }
}
