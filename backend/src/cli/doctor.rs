//! Tries every dependency once, and says what is wrong in words that help.

use crate::app::{App, health, schema};
use crate::config::{Config, Stage};
use crate::error::{Error, Result};
use crate::serve::clock;

pub(super) async fn examine(config: Config) -> Result<()> {
    println!("stage            {}", config.stage);
    println!(
        "writer           {}",
        if config.claude.api_key.is_some() { "Claude" } else { "offline (no ANTHROPIC_API_KEY)" }
    );
    println!("payment          {}", config.payment.provider);
    println!(
        "mail             {}",
        if config.mail.sendgrid_key.is_some() {
            "SendGrid".to_owned()
        } else {
            format!("files in {}", config.mail.dir.display())
        }
    );
    println!(
        "files            {}",
        if config.blobs.supabase.is_some() { "Supabase".to_owned() } else { config.blobs.dir.display().to_string() }
    );
    if matches!(config.stage, Stage::Development | Stage::Test) {
        schema::migrate(&config.database.url).await?;
    }
    let app = App::open(config, clock).await?;
    let detailed = health::detailed(&app, app.now()).await;
    for (name, check) in &detailed.checks {
        let error = check.error.as_deref().unwrap_or_default();
        println!("{name:<17}{} {error}", check.status);
    }
    let ready = health::ready(&app).await;
    app.close().await;
    if ready.ready {
        println!("Everything that is needed is there.");
        return Ok(());
    }
    Err(Error::unavailable(format!("not ready: {}", ready.reasons.join(", "))))
}
