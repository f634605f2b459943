//! The environments, the services in each, and which image each of them runs.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::image::Image;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    Staging,
    Production,
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Staging => "staging",
            Self::Production => "production",
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Service {
    #[serde(rename = "crb-api")]
    Api,
    #[serde(rename = "crb-web")]
    Web,
}

impl Service {
    /// In the order in which they are deployed: the page may call what only the new API answers.
    pub const ALL: [Self; 2] = [Self::Api, Self::Web];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Api => "crb-api",
            Self::Web => "crb-web",
        }
    }

    /// What the deploy tells a service about itself: an image cannot hold its own digest.
    pub fn variables(self, image: &Image, revision: Option<&str>) -> Vec<(&'static str, String)> {
        let digest = image.digest();
        match self {
            Self::Api => {
                vec![("IMAGE_DIGEST", digest.to_owned()), ("APP_REVISION", revision.unwrap_or("unknown").to_owned())]
            }
            Self::Web => vec![("RELEASE", revision.unwrap_or(digest).to_owned())],
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What is released together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Images {
    pub backend: Image,
    pub web: Image,
}

impl Images {
    pub fn of(&self, service: Service) -> &Image {
        match service {
            Service::Api => &self.backend,
            Service::Web => &self.web,
        }
    }
}
