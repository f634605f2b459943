//! One port for all services.
