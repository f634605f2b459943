//! The knowledge base: built in, or from a directory.

use std::path::Path;

use crate::domain::knowledge::Knowledge;
use crate::error::{Error, Result};

/// A fault in a file stops the start, with file and line.
pub(super) fn load(dir: Option<&Path>) -> Result<Knowledge> {
    let Some(dir) = dir else {
        return Knowledge::builtin();
    };
    let mut files = Vec::new();
    for room in ["industries", "vendors"] {
        read_room(dir, room, &mut files)?;
    }
    Knowledge::parse(&files)
}

fn read_room(dir: &Path, room: &str, files: &mut Vec<(String, String)>) -> Result<()> {
    let unreadable = |path: &Path| {
        let message = format!("{} cannot be read", path.display());
        move |error: std::io::Error| Error::invalid(message).caused_by(error)
    };
    let path = dir.join(room);
    for entry in std::fs::read_dir(&path).map_err(unreadable(&path))? {
        let file = entry.map_err(unreadable(&path))?.path();
        if file.extension().is_some_and(|extension| extension == "toml") {
            let text = std::fs::read_to_string(&file).map_err(unreadable(&file))?;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            files.push((format!("{room}/{name}"), text));
        }
    }
    files.sort();
    Ok(())
}
