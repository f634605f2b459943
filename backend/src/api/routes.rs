//! The table of routes, read off the API's description: which operation an address and a method name.
//!
//! The framework's own pattern says `:param0`; a span and a metric need `/api/v1/reports/{id}`, and they need it for
//! calls too that never reach an operation.

use std::collections::HashMap;
use std::sync::Arc;

use poem::http::Method;
use poem_openapi::OpenApi;

pub(super) struct Routes {
    /// Addresses without a parameter.
    plain: HashMap<Arc<str>, Route>,
    /// Those with one, cut into their steps.
    filled: Vec<(Vec<String>, Route)>,
}

/// One address of the API.
pub(super) struct Route {
    /// As the document writes it.
    pub(super) template: Arc<str>,
    /// For the header of a 405.
    pub(super) allow: String,
    operations: Vec<(Method, &'static str)>,
}

impl Routes {
    pub(super) fn of<T: OpenApi>() -> Self {
        let mut routes: Vec<Route> = Vec::new();
        for path in T::meta().into_iter().flat_map(|api| api.paths) {
            let operations = path.operations.iter().map(|operation| {
                (operation.method.clone(), operation.operation_id.expect("every operation has an id"))
            });
            if let Some(route) = routes.iter_mut().find(|route| *route.template == *path.path) {
                route.operations.extend(operations);
            } else {
                let operations = operations.collect();
                routes.push(Route { template: path.path.into(), allow: String::new(), operations });
            }
        }
        for route in &mut routes {
            let mut methods: Vec<&str> = route.operations.iter().map(|(method, _)| method.as_str()).collect();
            if methods.contains(&"GET") {
                methods.push("HEAD");
            }
            route.allow = methods.join(", ");
        }
        // A brace sorts after every letter, so a word wins over a parameter.
        routes.sort_by(|a, b| a.template.cmp(&b.template));
        let (filled, plain): (Vec<_>, Vec<_>) = routes.into_iter().partition(|route| route.template.contains('{'));
        let steps = |route: &Route| route.template.split('/').map(str::to_owned).collect();
        Self {
            plain: plain.into_iter().map(|route| (Arc::clone(&route.template), route)).collect(),
            filled: filled.into_iter().map(|route| (steps(&route), route)).collect(),
        }
    }

    pub(super) fn find(&self, path: &str) -> Option<&Route> {
        self.plain.get(path).or_else(|| {
            let fits = |steps: &[String]| {
                let mut given = path.split('/');
                steps.iter().all(|step| given.next().is_some_and(|part| step == part || is_filled(step, part)))
                    && given.next().is_none()
            };
            self.filled.iter().find(|(steps, _)| fits(steps)).map(|(_, route)| route)
        })
    }
}

impl Route {
    /// The operation that a method names here. What answers GET answers HEAD.
    pub(super) fn operation(&self, method: &Method) -> Option<&'static str> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.operations.iter().find(|(known, _)| known == method).map(|(_, id)| *id)
    }
}

fn is_filled(step: &str, part: &str) -> bool {
    step.starts_with('{') && !part.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_a_method_name_an_operation() {
        let routes = Routes::of::<super::super::Apis>();
        let table = [
            ("GET", "/api/health", Some("health_live")),
            ("GET", "/api/v1/reports/sample", Some("report_sample_view")),
            ("GET", "/api/v1/reports/0193a7e4-0000-7000-8000-000000000001", Some("report_view")),
            ("HEAD", "/api/v1/tiers", Some("tier_list")),
            ("DELETE", "/api/v1/tiers", None),
            ("GET", "/api/v1/reports/", None),
            ("GET", "/api/v1/tiers/", None),
            ("GET", "/", None),
        ];
        for (method, path, expected) in table {
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            let found = routes.find(path).and_then(|route| route.operation(&method));
            assert_eq!(found, expected, "{method} {path}");
        }
        let quiz = routes.find("/api/v1/quiz/sessions/x").expect("the address exists");
        assert_eq!(&*quiz.template, "/api/v1/quiz/sessions/{id}");
        assert_eq!(quiz.allow, "GET, PATCH, HEAD");
    }
}
