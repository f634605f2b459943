//! The schema and its first rows: migrate, seed.

use secrecy::SecretString;

use super::{App, pages};
use crate::error::Result;
use crate::store::{self, Migrated};

/// Brings the schema up to this binary; safe from several replicas at once.
pub async fn migrate(url: &SecretString) -> Result<Migrated> {
    let migrated = store::migrate(url).await?;
    for name in &migrated.applied {
        tracing::info!(migration = name, "applied");
    }
    if !migrated.unknown.is_empty() {
        tracing::warn!(unknown = migrated.unknown.len(), "the schema is newer than this binary, which is fine");
    }
    Ok(migrated)
}

/// Writes the knowledge base's vendors; what an operator has touched stays.
pub async fn seed(app: &App) -> Result<store::vendors::Seeded> {
    let tx = app.db.begin().await?;
    let seeded = store::vendors::seed(&tx, &app.knowledge, app.now()).await?;
    pages::commit(app, tx).await?;
    tracing::info!(inserted = seeded.inserted, updated = seeded.updated, kept = seeded.kept, "vendors are seeded");
    Ok(seeded)
}
