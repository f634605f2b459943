//! Who may: the tokens of a session and of a report, and the operator's signed one.

use poem::http::header;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::client::Client;
use crate::app::limits::Scope;
use crate::app::{self, App};
use crate::domain::ids::ReportId;
use crate::domain::tokens::{self, Token};
use crate::error::{Error, Result};

const COOKIE: &str = "crb_report";
const COOKIE_SECONDS: u32 = 30 * 24 * 60 * 60;

/// The holder of a quiz session.
pub(super) struct Session(pub(super) Token);

/// The holder of a report's link.
pub(super) struct ReportHolder(pub(super) Token);

/// A reader of a report: by its link's token, or by the cookie that the token was exchanged for. An `EventSource` and a
/// plain link can send no header, a browser sends the cookie by itself.
pub(super) struct ReportReader(pub(super) Token);

/// An operator, by name.
pub(super) struct Operator(pub(super) tokens::Operator);

/// The cookie that lets a browser read one report, and nothing else.
pub(super) fn report_cookie(app: &App, id: ReportId, token: &Token) -> String {
    let secure = if matches!(app.config.stage.as_str(), "development" | "test") { "" } else { "; Secure" };
    format!(
        "{COOKIE}={}; Path=/api/v1/reports/{id}; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Strict{secure}",
        token.reveal()
    )
}

fn bearer(request: &Request) -> Result<&str> {
    let missing = || Error::unauthenticated("send `Authorization: Bearer` with your token");
    let value = request.headers().get(header::AUTHORIZATION).ok_or_else(missing)?;
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(missing)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(missing()) }
}

fn cookie(request: &Request) -> Option<&str> {
    let pairs = request.headers().get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

fn session(request: &Request) -> Result<Session> {
    Ok(Session(Token::parse(bearer(request)?)?))
}

fn report_holder(request: &Request) -> Result<ReportHolder> {
    Ok(ReportHolder(Token::parse(bearer(request)?)?))
}

fn report_reader(request: &Request) -> Result<ReportReader> {
    let text = match cookie(request) {
        Some(cookie) if !request.headers().contains_key(header::AUTHORIZATION) => cookie,
        _ => bearer(request)?,
    };
    Ok(ReportReader(Token::parse(text)?))
}

/// Every failure counts against the caller's address, so that nobody can guess on.
async fn operator(request: &Request) -> Result<Operator> {
    let app = request.data::<App>().ok_or_else(|| Error::internal("the door carries no App"))?;
    match bearer(request).and_then(|token| app::admin::authenticate(app, token, app.now())) {
        Ok(operator) => Ok(Operator(operator)),
        Err(refused) => {
            Client::of(request).take(app, Scope::Admin).await?;
            Err(refused)
        }
    }
}

const NOTHING: MetaSecurityScheme = MetaSecurityScheme {
    ty: "http",
    description: None,
    name: None,
    key_in: None,
    scheme: None,
    bearer_format: None,
    flows: None,
    openid_connect_url: None,
};

const fn by_bearer(description: &'static str) -> MetaSecurityScheme {
    MetaSecurityScheme { description: Some(description), scheme: Some("bearer"), ..NOTHING }
}

const SESSION: (&str, MetaSecurityScheme) =
    ("session_token", by_bearer("The token that starting a quiz session gave, once."));
const REPORT: (&str, MetaSecurityScheme) =
    ("report_token", by_bearer("The token in the fragment of a report's link, as the order and the mail name it."));
const REPORT_COOKIE: (&str, MetaSecurityScheme) = (
    "report_cookie",
    MetaSecurityScheme {
        ty: "apiKey",
        description: Some("What `report_access_open` sets, for one report: browsers send it with streams and links."),
        name: Some(COOKIE),
        key_in: Some("cookie"),
        ..NOTHING
    },
);
const ADMIN: (&str, MetaSecurityScheme) =
    ("admin_token", by_bearer("A signed token that names its operator and expires; `crb admin-token` makes one."));

macro_rules! schemes {
    ($($name:ident: $($scheme:expr),+ => |$request:ident| $extract:expr;)*) => {$(
        impl<'a> ApiExtractor<'a> for $name {
            const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

            type ParamType = ();
            type ParamRawType = ();

            fn register(registry: &mut Registry) {
                $(
                    let (name, scheme) = $scheme;
                    registry.create_security_scheme(name, scheme);
                )+
            }

            fn security_schemes() -> Vec<&'static str> {
                vec![$($scheme.0),+]
            }

            async fn from_request($request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
                Ok($extract?)
            }
        }
    )*};
}

schemes! {
    Session: SESSION => |request| session(request);
    ReportHolder: REPORT => |request| report_holder(request);
    ReportReader: REPORT, REPORT_COOKIE => |request| report_reader(request);
    Operator: ADMIN => |request| operator(request).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> Token {
        Token::from_bytes([7; 32])
    }

    #[test]
    fn a_token_comes_by_header_and_by_header_only() {
        let good = format!("bearer {}", token().reveal());
        assert!(session(&Request::builder().header("Authorization", good).finish()).is_ok());
        let basic = format!("Basic {}", token().reveal());
        for bad in [basic.as_str(), "Bearer", "Bearer ", "Bearer short", ""] {
            assert!(session(&Request::builder().header("Authorization", bad).finish()).is_err(), "{bad}");
        }
        let cookie = format!("crb_report={}", token().reveal());
        assert!(session(&Request::builder().header("Cookie", cookie).finish()).is_err());
    }

    #[test]
    fn a_report_is_read_by_header_or_by_its_own_cookie() {
        let text = token().reveal();
        let hash = token().sha256();
        let by_cookie = Request::builder().header("Cookie", format!("other=1; crb_report={text}")).finish();
        assert!(report_reader(&by_cookie).expect("the cookie").0.opens(&hash));
        let by_header = Request::builder().header("Authorization", format!("Bearer {text}")).finish();
        assert!(report_reader(&by_header).expect("the header").0.opens(&hash));
        let other_cookie = Request::builder().header("Cookie", format!("xcrb_report={text}")).finish();
        assert!(report_reader(&other_cookie).is_err());
        assert!(report_holder(&by_cookie).is_err(), "the exchange itself takes the token, not the cookie");
    }
}
