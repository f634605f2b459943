//! A product of a few lines, and a world that looks at it.

pub mod product;

use std::sync::Arc;
use std::time::Duration;

use crb_loadtest::caller::Caller;
use crb_loadtest::ledger::Ledger;
use crb_loadtest::profiles::Profile;
use crb_loadtest::world::{Bought, World};

use product::Product;

/// A world around this product, with the patience of a test.
pub fn world(product: &Product, forced_reconnects: f64) -> World {
    let profile = Profile {
        forced_reconnects,
        silence: Duration::from_millis(200),
        patience: Duration::from_secs(20),
        ..Profile::named("smoke").expect("a profile")
    };
    let ledger = Arc::new(Ledger::default());
    let caller = Caller::new(&product.origin, None, Arc::clone(&ledger)).expect("a client");
    World::new(caller, ledger, None, profile, 1, "test".to_owned())
}

pub fn bought() -> Bought {
    Bought { report: "01890000-0000-7000-8000-000000000001".to_owned(), token: "token".to_owned() }
}
