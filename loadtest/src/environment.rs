//! Secrets come from the environment and from nowhere else: never from an argument, never shown.

use anyhow::{Result, bail};
use secrecy::SecretString;

/// The value of a variable that was named on the command line; none where no variable was named.
#[expect(clippy::disallowed_methods, reason = "the one room of this program that reads the environment")]
pub fn secret(name: Option<&str>) -> Result<Option<SecretString>> {
    let Some(name) = name else { return Ok(None) };
    match std::env::var(name) {
        Ok(value) if !value.is_empty() => Ok(Some(value.into())),
        _ => bail!("the environment has no {name}"),
    }
}
