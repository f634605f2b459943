//! What is deleted after its time, and what a person may have or have deleted.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{App, pages};
use crate::error::Result;
use crate::store;
use crate::store::retention::{Erased, Pruned};

/// Ends quizzes whose time is up and deletes what is past its retention. What went.
pub async fn sweep(app: &App, now: DateTime<Utc>) -> Result<Pruned> {
    store::sessions::set_expired(app.db.conn(), now).await?;
    let mut all = Pruned::default();
    loop {
        let tx = app.db.begin().await?;
        let pruned = store::retention::prune(&tx, now).await?;
        if pruned == Pruned::default() {
            tx.commit().await?;
            return Ok(all);
        }
        pages::commit(app, tx).await?;
        delete_files(app, &pruned.pdf_keys).await;
        all.sessions += pruned.sessions;
        all.reports += pruned.reports;
        all.calls += pruned.calls;
        all.keys += pruned.keys;
        all.pdf_keys.extend(pruned.pdf_keys);
    }
}

/// Everything that is stored under a mail address.
pub async fn export(app: &App, email: &str) -> Result<Value> {
    store::retention::export_person(app.db.conn(), email).await
}

/// Removes a person's answers, reports and mails; the books keep the orders without the address.
pub async fn erase(app: &App, email: &str, now: DateTime<Utc>) -> Result<Erased> {
    let tx = app.db.begin().await?;
    let erased = store::retention::erase_person(&tx, email, now).await?;
    pages::commit(app, tx).await?;
    delete_files(app, &erased.pdf_keys).await;
    app.cache.flush("report:").await?;
    Ok(erased)
}

async fn delete_files(app: &App, keys: &[String]) {
    for key in keys {
        if let Err(error) = app.blobs.delete(key).await {
            tracing::error!(blob.key = key, error = %error.chain(), "a PDF is left behind");
        }
    }
}
