//! The one room that makes HTTP clients: TLS, time-outs, no redirects, and the retries of what may be said twice.
