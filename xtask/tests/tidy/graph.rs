//! What the programs are made of, as cargo resolves it: what must not reach the product.

use std::path::Path;
use std::process::Command;

/// What is deployed, what deploys it, and what stands in for the outside beside it.
const PRODUCT: [&str; 7] =
    ["crb-backend", "crb-web", "crb-door", "crb-migrations", "crb-pdf", "crb-stubs", "crb-deploy"];

/// Whether a package, built by itself, contains a crate.
fn knows(package: &str, name: &str) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands inside the repository");
    let listed = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--prefix", "none", "--format", "{p}", "--package", package])
        .current_dir(root)
        .output()
        .expect("cargo lists the dependencies");
    assert!(listed.status.success(), "cargo tree: {}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).expect("names are text");
    let known: Vec<&str> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(known.contains(&package), "cargo tree says nothing about {package}");
    known.contains(&name)
}

#[test]
fn one_cryptography_reaches_the_product() {
    // The control: the load test brings a second one, which is why it is never built together with the product.
    assert!(knows("crb-loadtest", "aws-lc-sys"), "the rule is blind: goose brings aws-lc");
    for package in PRODUCT {
        assert!(!knows(package, "aws-lc-sys"), "{package} knows aws-lc-sys; TLS is rustls with ring");
    }
}
