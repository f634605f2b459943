//! Delivers webhooks as Stripe does: signed, with a few tries until somebody says 2xx.

use std::io;
use std::time::Duration;

use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde_json::Value;
use tokio::net::TcpStream;
use url::Url;

use crate::call::now;
use crate::stripe::webhook;

/// Waits before the second and the third try.
const WAITS: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];
const TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub struct Courier {
    host: String,
    authority: String,
    target: String,
    secret: String,
}

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    pub event: String,
    pub kind: String,
    pub tries: u32,
    /// The last status; none when nobody answered.
    pub status: Option<u16>,
    pub error: Option<String>,
}

impl Courier {
    /// Plain HTTP only: the receiver stands beside the stub.
    pub fn new(url: &Url, secret: &str) -> Result<Self, String> {
        if url.scheme() != "http" {
            return Err(format!("the webhook address must begin with http://, not {}://", url.scheme()));
        }
        if secret.is_empty() {
            return Err("a webhook needs a secret to be signed with".to_owned());
        }
        let name = url.host_str().ok_or("the webhook address has no host")?;
        let port = url.port_or_known_default().unwrap_or(80);
        let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let authority = format!("{name}:{port}");
        Ok(Self { host: authority.clone(), authority, target, secret: secret.to_owned() })
    }

    pub async fn deliver(&self, event: &Value) -> Delivery {
        let word = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let mut delivery = Delivery { event: word("id"), kind: word("type"), tries: 0, status: None, error: None };
        for wait in std::iter::once(None).chain(WAITS.map(Some)) {
            if let Some(wait) = wait {
                tokio::time::sleep(wait).await;
            }
            delivery.tries += 1;
            match tokio::time::timeout(TIMEOUT, self.post(event)).await {
                Ok(Ok(status)) => (delivery.status, delivery.error) = (Some(status), None),
                Ok(Err(error)) => (delivery.status, delivery.error) = (None, Some(error.to_string())),
                Err(_) => (delivery.status, delivery.error) = (None, Some("no answer in time".to_owned())),
            }
            if delivery.status.is_some_and(|status| (200..300).contains(&status)) {
                break;
            }
        }
        delivery
    }

    async fn post(&self, event: &Value) -> io::Result<u16> {
        let (signature, body) = webhook(&self.secret, event, now());
        let stream = TcpStream::connect(&self.authority).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        let request = Request::post(&self.target)
            .header("host", &self.host)
            .header("content-type", "application/json; charset=utf-8")
            .header("user-agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
            .header("stripe-signature", signature)
            .header("connection", "close")
            .body(Full::new(bytes::Bytes::from(body)))
            .map_err(io::Error::other)?;
        let exchange = async {
            let response = sender.send_request(request).await.map_err(io::Error::other)?;
            let status = response.status().as_u16();
            response.into_body().collect().await.map_err(io::Error::other)?;
            Ok(status)
        };
        tokio::pin!(exchange);
        tokio::pin!(connection);
        tokio::select! {
            biased;
            status = &mut exchange => status,
            _ = &mut connection => exchange.await,
        }
    }
}
