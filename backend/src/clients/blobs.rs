//! Files we keep (rendered PDFs): Supabase Storage, or a directory.

use std::path::PathBuf;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Response, StatusCode};
use url::Url;

use super::files;
use super::http::{self, Peer, Timeouts};
use crate::error::{Error, Result};

/// A report's PDF has some 300 KB.
const BLOB_LIMIT: usize = 32 * 1024 * 1024;
/// Never written: asking for it shows whether the place answers.
const PROBE: &str = "health/none";

#[derive(Debug, Clone)]
pub enum Blobs {
    Supabase(Supabase),
    Disk(Disk),
}

#[derive(Debug, Clone)]
pub struct Supabase {
    peer: Peer,
    base: Url,
    bucket: String,
}

#[derive(Debug, Clone)]
pub struct Disk {
    dir: PathBuf,
}

impl Blobs {
    /// Supabase where it is configured, else the disk.
    pub fn new(config: &crate::config::Blobs) -> Result<Self> {
        let Some(supabase) = &config.supabase else {
            return Ok(Self::Disk(Disk { dir: config.dir.clone() }));
        };
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, http::secret_header("Bearer ", &supabase.service_key)?);
        headers.insert(HeaderName::from_static("apikey"), http::secret_header("", &supabase.service_key)?);
        Ok(Self::Supabase(Supabase {
            peer: Peer::new("the storage", Timeouts::SHORT, headers)?,
            base: supabase.url.clone(),
            bucket: supabase.bucket.clone(),
        }))
    }

    /// Writes or replaces. A key is `folder/name.ext`: lower and upper case letters, digits, `-`, `_`, `.`.
    pub async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<()> {
        check_key(key)?;
        if bytes.len() > BLOB_LIMIT {
            return Err(Error::internal("a file is too large to be kept"));
        }
        match self {
            Self::Supabase(supabase) => supabase.put(key, bytes, content_type).await,
            Self::Disk(disk) => files::write_whole(&disk.dir.join(key), &bytes).await,
        }
    }

    pub async fn get(&self, key: &str) -> Result<Option<Bytes>> {
        check_key(key)?;
        match self {
            Self::Supabase(supabase) => supabase.get(key).await,
            Self::Disk(disk) => disk.get(key).await,
        }
    }

    /// Deleting what is not there succeeds.
    pub async fn delete(&self, key: &str) -> Result<()> {
        check_key(key)?;
        match self {
            Self::Supabase(supabase) => supabase.delete(key).await,
            Self::Disk(disk) => disk.delete(key).await,
        }
    }

    /// For the health check: the place answers and is ours. A missing bucket is a fault, and none is made.
    pub async fn check(&self) -> Result<()> {
        self.get(PROBE).await.map(drop)
    }
}

impl Supabase {
    async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<()> {
        let kind = HeaderValue::from_str(content_type)
            .map_err(|_| Error::internal("a content type holds characters that no header can carry"))?;
        let url = self.object(key)?;
        let response = self
            .peer
            .send(|client| {
                let request = client.post(url.clone()).header("x-upsert", "true").header(CONTENT_TYPE, kind.clone());
                request.body(bytes.clone())
            })
            .await?;
        self.found(response).await?.map(drop).ok_or_else(|| Error::upstream("the storage has no place for a file"))
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>> {
        let url = self.object(key)?;
        let response = self.peer.send(|client| client.get(url.clone())).await?;
        match self.found(response).await? {
            Some(response) => self.peer.body(response, BLOB_LIMIT).await.map(Some),
            None => Ok(None),
        }
    }

    async fn delete(&self, key: &str) -> Result<()> {
        let url = self.object(key)?;
        let response = self.peer.send(|client| client.delete(url.clone())).await?;
        self.found(response).await.map(drop)
    }

    fn object(&self, key: &str) -> Result<Url> {
        let segments: Vec<_> = ["storage", "v1", "object", &self.bucket].into_iter().chain(key.split('/')).collect();
        http::endpoint(&self.base, &segments)
    }

    /// None: no such object. Supabase says that with a 400 whose body says 404, and a missing bucket likewise.
    async fn found(&self, response: Response) -> Result<Option<Response>> {
        let (status, headers) = (response.status(), response.headers().clone());
        if status.is_success() {
            return Ok(Some(response));
        }
        let reply = self.peer.json(response).await.unwrap_or_default();
        let word = |name: &str| reply[name].as_str().unwrap_or_default().to_ascii_lowercase();
        let words = [word("code"), word("error"), word("message")];
        let is_missing = status == StatusCode::NOT_FOUND || reply["statusCode"] == "404";
        if words.iter().any(|word| word.contains("bucket")) {
            return Err(Error::internal("the storage has no such bucket"));
        }
        if is_missing { Ok(None) } else { Err(self.peer.refused(status, &headers, "")) }
    }
}

impl Disk {
    async fn get(&self, key: &str) -> Result<Option<Bytes>> {
        match tokio::fs::read(self.dir.join(key)).await {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::internal("a file could not be read").caused_by(error)),
        }
    }

    async fn delete(&self, key: &str) -> Result<()> {
        match tokio::fs::remove_file(self.dir.join(key)).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::internal("a file could not be deleted").caused_by(error))
            }
            _ => Ok(()),
        }
    }
}

/// Keys come from our own ids; anything else is a fault of ours, stopped before it becomes a path.
fn check_key(key: &str) -> Result<()> {
    let is_name = |name: &str| {
        !name.is_empty()
            && !name.starts_with('.')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    if key.len() <= 512 && key.split('/').all(is_name) {
        Ok(())
    } else {
        Err(Error::internal("a file has a key that is none"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wiremock::matchers::{any, header, method, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::error::Kind;

    fn disk(dir: &std::path::Path) -> Blobs {
        Blobs::new(&crate::config::Blobs { supabase: None, dir: dir.to_owned() }).expect("a directory")
    }

    async fn supabase() -> (Blobs, MockServer) {
        let server = MockServer::start().await;
        let supabase = crate::config::Supabase {
            url: server.uri().parse().expect("a URL"),
            service_key: "hunter2".into(),
            bucket: "reports".into(),
        };
        let blobs = Blobs::new(&crate::config::Blobs { supabase: Some(supabase), dir: "unused".into() });
        (blobs.expect("a storage"), server)
    }

    #[tokio::test]
    async fn a_directory_keeps_replaces_and_deletes_and_leaves_no_crumbs() {
        let dir = tempfile::tempdir().expect("a directory");
        let blobs = disk(&dir.path().join("blobs"));
        blobs.check().await.expect("an empty place is well");
        assert_eq!(blobs.get("pdf/a.pdf").await.expect("asked"), None);
        for content in ["one", "two"] {
            blobs.put("pdf/a.pdf", content.into(), "application/pdf").await.expect("kept");
            assert_eq!(blobs.get("pdf/a.pdf").await.expect("asked").as_deref(), Some(content.as_bytes()));
        }
        assert_eq!(std::fs::read_dir(dir.path().join("blobs/pdf")).expect("a directory").count(), 1);
        for _ in 0..2 {
            blobs.delete("pdf/a.pdf").await.expect("deleted");
        }
        assert_eq!(blobs.get("pdf/a.pdf").await.expect("asked"), None);
    }

    #[tokio::test]
    async fn a_key_that_leaves_its_place_is_refused_everywhere() {
        let dir = tempfile::tempdir().expect("a directory");
        let (remote, server) = supabase().await;
        for blobs in [disk(dir.path()), remote] {
            for key in
                ["", "/a", "a/", "a//b", "../a", "a/../b", "a/.hidden", "a\\b", "a b", "ä", "a?b", &"a".repeat(513)]
            {
                assert_eq!(blobs.get(key).await.expect_err(key).kind(), Kind::Internal);
                assert!(blobs.put(key, Bytes::new(), "text/plain").await.is_err(), "{key}");
                assert!(blobs.delete(key).await.is_err(), "{key}");
            }
        }
        assert!(server.received_requests().await.expect("recorded").is_empty());
    }

    #[tokio::test]
    async fn supabase_is_written_with_upsert_and_read_back() {
        let (blobs, server) = supabase().await;
        Mock::given(method("POST"))
            .and(path("/storage/v1/object/reports/pdf/a.pdf"))
            .and(header("authorization", "Bearer hunter2"))
            .and(header("apikey", "hunter2"))
            .and(header("x-upsert", "true"))
            .and(header("content-type", "application/pdf"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({ "Key": "reports/pdf/a.pdf" })))
            .expect(1)
            .mount(&server)
            .await;
        Mock::given(method("GET"))
            .and(path("/storage/v1/object/reports/pdf/a.pdf"))
            .respond_with(ResponseTemplate::new(200).set_body_bytes(b"%PDF"))
            .mount(&server)
            .await;
        blobs.put("pdf/a.pdf", "%PDF".into(), "application/pdf").await.expect("kept");
        assert_eq!(blobs.get("pdf/a.pdf").await.expect("asked").as_deref(), Some(&b"%PDF"[..]));
        assert!(!format!("{blobs:?}").contains("hunter2"), "{blobs:?}");
    }

    #[tokio::test]
    async fn a_missing_object_is_none_and_a_missing_bucket_a_fault() {
        let absent = [
            (400, json!({ "statusCode": "404", "error": "not_found", "message": "Object not found" })),
            (404, json!({ "code": "NoSuchKey", "message": "Object not found" })),
        ];
        for (status, body) in absent {
            let (blobs, server) = supabase().await;
            Mock::given(any()).respond_with(ResponseTemplate::new(status).set_body_json(body)).mount(&server).await;
            assert_eq!(blobs.get("a").await.expect("asked"), None);
            blobs.delete("a").await.expect("deleted");
            blobs.check().await.expect("well");
            assert_eq!(blobs.put("a", Bytes::new(), "x/y").await.expect_err("no place").kind(), Kind::Upstream);
        }
        let faults = [
            (
                400,
                json!({ "statusCode": "404", "error": "Bucket not found", "message": "Bucket not found" }),
                Kind::Internal,
            ),
            (404, json!({ "code": "NoSuchBucket", "message": "x" }), Kind::Internal),
            (400, json!({ "statusCode": "400", "error": "InvalidKey", "message": "x" }), Kind::Upstream),
            (403, json!({ "statusCode": "403", "error": "Unauthorized", "message": "x" }), Kind::Internal),
        ];
        for (status, body, kind) in faults {
            let (blobs, server) = supabase().await;
            let reply = ResponseTemplate::new(status).set_body_json(&body);
            Mock::given(any()).respond_with(reply).mount(&server).await;
            assert_eq!(blobs.check().await.expect_err("a fault").kind(), kind, "{body}");
            assert_eq!(blobs.put("a", Bytes::new(), "x/y").await.expect_err("a fault").kind(), kind, "{body}");
        }
    }
}
