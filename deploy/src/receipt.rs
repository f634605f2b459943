//! The receipt of a release: what was there before, written before anything changes, and what came of it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::image::Image;
use crate::place::{Environment, Images, Service};
use crate::smoke::Check;

/// A receipt of another form is refused instead of guessed at.
const FORMAT: u32 = 1;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    format: u32,
    pub environment: Environment,
    pub environment_id: String,
    pub started_at: DateTime<Utc>,
    pub images: Images,
    pub revision: Option<String>,
    pub outcome: Outcome,
    /// What to go back to.
    pub previous: BTreeMap<Service, Previous>,
    /// The deployments of this release, as far as it came.
    pub deployments: BTreeMap<Service, String>,
    pub checks: Vec<Check>,
    pub finished_at: Option<DateTime<Utc>>,
    pub rollback_seconds: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Something may have been changed; nothing is proven.
    Started,
    Released,
    RolledBack,
    RollbackFailed,
}

/// A service as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Previous {
    pub deployment: Option<String>,
    /// None where it did not run an image by its digest.
    pub image: Option<Image>,
    /// What the running release said of itself, where it answered.
    pub said: Option<Said>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Of the backend alone.
    pub digest: Option<String>,
    pub revision: String,
}

impl Receipt {
    pub fn begin(
        environment: Environment,
        environment_id: &str,
        now: DateTime<Utc>,
        images: Images,
        revision: Option<String>,
    ) -> Self {
        Self {
            format: FORMAT,
            environment,
            environment_id: environment_id.to_owned(),
            started_at: now,
            images,
            revision,
            outcome: Outcome::Started,
            previous: BTreeMap::new(),
            deployments: BTreeMap::new(),
            checks: Vec::new(),
            finished_at: None,
            rollback_seconds: None,
        }
    }

    /// Whole or not at all: a reader never finds half of it.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).context("a receipt that is no JSON")?;
        let what = || format!("the receipt {} cannot be written", path.display());
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).with_context(what)?;
        let mut file = tempfile::NamedTempFile::new_in(folder).with_context(what)?;
        writeln!(file, "{text}").with_context(what)?;
        file.as_file().sync_all().with_context(what)?;
        file.persist(path).with_context(what)?;
        Ok(())
    }

    pub fn read(path: &Path) -> Result<Self> {
        let what = || format!("the receipt {}", path.display());
        let text = fs::read_to_string(path).with_context(what)?;
        let receipt: Self = serde_json::from_str(&text).with_context(what)?;
        if receipt.format != FORMAT {
            bail!("the receipt {} has form {}; this program reads form {FORMAT}", path.display(), receipt.format);
        }
        Ok(receipt)
    }

    /// Whether this receipt of staging lets these images go to production.
    pub fn vouches_for(&self, images: &Images, revision: Option<&str>) -> Result<()> {
        if self.environment != Environment::Staging {
            bail!("the staging receipt is one of {}", self.environment);
        }
        if self.outcome != Outcome::Released {
            bail!("the release to staging did not succeed: its receipt says {:?}", self.outcome);
        }
        if self.checks.is_empty() || self.checks.iter().any(|check| !check.passed) {
            bail!("the release to staging was not smoked, or did not pass");
        }
        for service in Service::ALL {
            let (proven, wanted) = (self.images.of(service), images.of(service));
            if proven.digest() != wanted.digest() {
                bail!("staging proved {proven} for {service}, and not {wanted}");
            }
        }
        if self.revision.as_deref() != revision {
            bail!("staging proved revision {}", self.revision.as_deref().unwrap_or("unknown"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images(backend: &str, web: &str) -> Images {
        let image = |name: &str, sign: &str| format!("{name}@sha256:{}", sign.repeat(64)).parse().expect("an image");
        Images { backend: image("ghcr.io/owner/crb", backend), web: image("ghcr.io/owner/crb-web", web) }
    }

    fn proven() -> Receipt {
        let mut receipt = Receipt::begin(
            Environment::Staging,
            "e-1",
            DateTime::UNIX_EPOCH,
            images("a", "b"),
            Some("abcdef1".to_owned()),
        );
        receipt.outcome = Outcome::Released;
        receipt.checks = vec![Check::passed("live", "healthy")];
        receipt
    }

    #[test]
    fn only_what_staging_released_and_smoked_is_vouched_for() {
        let (wanted, revision) = (images("a", "b"), Some("abcdef1"));
        proven().vouches_for(&wanted, revision).expect("the same");
        let change = |change: fn(&mut Receipt)| {
            let mut receipt = proven();
            change(&mut receipt);
            receipt
        };
        for (receipt, says) in [
            (change(|receipt| receipt.environment = Environment::Production), "one of production"),
            (change(|receipt| receipt.outcome = Outcome::Started), "Started"),
            (change(|receipt| receipt.outcome = Outcome::RolledBack), "RolledBack"),
            (change(|receipt| receipt.checks.clear()), "not smoked"),
            (change(|receipt| receipt.checks.push(Check::failed("quiz", "503"))), "did not pass"),
            (change(|receipt| receipt.images = images("c", "b")), "for crb-api"),
            (change(|receipt| receipt.images = images("a", "c")), "for crb-web"),
            (change(|receipt| receipt.revision = None), "revision unknown"),
        ] {
            let refused = receipt.vouches_for(&wanted, revision).expect_err(says).to_string();
            assert!(refused.contains(says), "{refused}");
        }
    }

    #[test]
    fn a_receipt_is_read_as_it_was_written_and_no_other_form_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("below/receipt.json");
        let mut receipt = proven();
        let image = Some(receipt.images.web.clone());
        receipt.previous.insert(Service::Web, Previous { deployment: Some("d-1".to_owned()), image, said: None });
        receipt.write(&path).expect("written");
        receipt.outcome = Outcome::RolledBack;
        receipt.write(&path).expect("written again");
        let read = Receipt::read(&path).expect("read");
        assert_eq!((read.outcome, read.previous), (Outcome::RolledBack, receipt.previous.clone()));
        assert_eq!(
            fs::read_dir(path.parent().expect("a folder")).expect("a folder").count(),
            1,
            "nothing is left over"
        );

        receipt.format = 2;
        receipt.write(&path).expect("written");
        assert!(Receipt::read(&path).expect_err("form 2").to_string().contains("has form 2"));
        fs::write(&path, "{").expect("written");
        assert!(Receipt::read(&path).is_err());
    }
}
