//! Files we keep (rendered PDFs): Supabase Storage, or a directory.

use bytes::Bytes;

use crate::error::Result;

#[derive(Debug, Clone)]
pub enum Blobs {
    Supabase(Supabase),
    Disk(Disk),
}

#[derive(Debug, Clone)]
pub struct Supabase {}

#[derive(Debug, Clone)]
pub struct Disk {}

impl Blobs {
    /// Supabase where it is configured, else the disk.
    pub fn new(_config: &crate::config::Blobs) -> Result<Self> {
        todo!()
    }

    /// Writes or replaces. A key is `folder/name.ext`: lower and upper case letters, digits, `-`, `_`, `.`.
    pub async fn put(&self, _key: &str, _bytes: Bytes, _content_type: &str) -> Result<()> {
        todo!()
    }

    pub async fn get(&self, _key: &str) -> Result<Option<Bytes>> {
        todo!()
    }

    /// Deleting what is not there succeeds.
    pub async fn delete(&self, _key: &str) -> Result<()> {
        todo!()
    }

    /// For the health check: the place answers and is ours.
    pub async fn check(&self) -> Result<()> {
        todo!()
    }
}
