//! Files that are there whole or not at all.

use std::path::Path;

use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use crate::error::{Error, Result};

/// Writes beside the place and renames: a reader sees the old file or the new one, also after a crash.
pub(super) async fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    // A full disk or a lost mount can be mended: what was to be written is tried again.
    let fault = |error: std::io::Error| Error::unavailable("a file could not be written").caused_by(error);
    let parent = path.parent().ok_or_else(|| Error::internal("a file needs a directory"))?;
    tokio::fs::create_dir_all(parent).await.map_err(fault)?;
    let temporary = parent.join(format!(".{}.tmp", Uuid::new_v4().simple()));
    let written = write(&temporary, path, bytes).await;
    if written.is_err() {
        // The first fault is the one worth telling.
        let _ = tokio::fs::remove_file(&temporary).await;
    }
    written.map_err(fault)
}

async fn write(temporary: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = tokio::fs::File::create(temporary).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    drop(file);
    tokio::fs::rename(temporary, path).await
}
