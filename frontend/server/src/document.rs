//! A document, made ready at start: the place it runs in written into it, its policy computed, and compressed.

use bytes::Bytes;
use poem::Response;
use poem::http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::content::{Content, Effort};
use crate::headers::ROBOTS;
use crate::markup::elements;
use crate::policy;
use crate::settings::Settings;

/// The element that holds the block.
const BLOCK: &str = "crb-config";

#[derive(Debug)]
pub(crate) struct Document {
    content: Content,
    policy: HeaderValue,
    /// A shell says nothing before its scripts run: there is nothing to be found in it.
    is_shell: bool,
}

impl Document {
    pub(crate) async fn new(html: &str, is_shell: bool, settings: &Settings) -> Result<Self, String> {
        let html = inject(html, &settings.block())?;
        let policy = policy::of(&html, settings);
        let content =
            Content::compressed("text/html; charset=utf-8", Bytes::from(html), &policy, Effort::at(settings.stage))
                .await;
        let policy = HeaderValue::from_str(&policy).map_err(|_| "its policy fits no header".to_owned())?;
        Ok(Self { content, policy, is_shell })
    }

    /// Asked for again each time, and sent again only when it has changed.
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let mut response = self.content.answer(request);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        self.label(response)
    }

    pub(crate) fn answer_not_found(&self, request: &HeaderMap) -> Response {
        self.label(self.content.answer_as(StatusCode::NOT_FOUND, request))
    }

    fn label(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        if self.is_shell {
            headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
        }
        response
    }
}

/// The document with the block in its place.
fn inject(html: &str, block: &str) -> Result<String, String> {
    let found = elements(html);
    let mut places = found.iter().filter(|one| one.attribute("id") == Some(BLOCK));
    let missing = || format!("has no <script type=\"application/json\" id=\"{BLOCK}\">");
    let place = places.next().ok_or_else(missing)?;
    if place.name != "script" || place.attribute("type") != Some("application/json") {
        return Err(missing());
    }
    if places.next().is_some() {
        return Err(format!("has more than one element with the id {BLOCK}"));
    }
    Ok(format!("{}{block}{}", &html[..place.content.start], &html[place.content.end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_stands_where_the_document_has_room_for_it() {
        let html = "<head><script id=crb-config type=\"application/json\">{\"old\":1}</script></head>";
        let expected = "<head><script id=crb-config type=\"application/json\">{\"a\":1}</script></head>";
        assert_eq!(inject(html, "{\"a\":1}").as_deref(), Ok(expected));
        let good = "<script type=\"application/json\" id=\"crb-config\">{}</script>";
        for bad in ["<p>", "<div id=\"crb-config\"></div>", "<script id=\"crb-config\"></script>", &good.repeat(2)] {
            assert!(inject(bad, "{}").is_err(), "{bad}");
        }
    }
}
