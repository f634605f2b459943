# What `nix flake check` builds: everything that depends on nothing but its inputs. A passed check is kept by its inputs, so
# nothing that measures time stands here; the timed gate is `nix run .#load-gate`.
{
  lib,
  pkgs,
  rust,
  frontend,
  services,
  image,
  advisory-db,
}:
let
  inherit (rust) craneLib common everything;
  inherit (pkgs.stdenv.hostPlatform) isLinux;

  # Both lists are those of `cargo xtask test`: what is chosen together shares its features, and so its dependencies.
  product = "--workspace --exclude xtask --exclude crb-loadtest --exclude crb-budgets --lib --bins --tests";
  habits = "--package xtask --bins --tests";

  # Tests build without optimisation, and with dependencies of their own.
  unoptimised = {
    CARGO_PROFILE = "dev";
  };
  dependencies = rust.dependencies "crb-tests" unoptimised [
    "build ${product}"
    "build ${habits}"
  ];

  cargo =
    settings:
    craneLib.mkCargoDerivation (
      common
      // unoptimised
      // {
        pname = "crb";
        src = everything;
        cargoArtifacts = dependencies;
        doInstallCargoArtifacts = false;
      }
      // settings
    );

  # clippy's driver in build mode: check mode would compile every dependency a second time.
  lint =
    selections:
    lib.concatMapStringsSep "\n" (selection: ''
      RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-Dwarnings__CLIPPY_HACKERY__ \
        cargoWithProfile build --locked ${selection}
    '') selections;

  # A network of its own stands around a build on Linux, so that these ports are always free.
  servers = services {
    folder = "$TMPDIR/services";
    postgresPort = 5432;
    redisPort = 6379;
  };

  environment = {
    HOME = "/tmp";
    SSL_CERT_FILE = "${pkgs.cacert}/etc/ssl/certs/ca-bundle.crt";
    # Snapshots are compared and never written.
    INSTA_UPDATE = "no";
  };

  generated = {
    "backend/openapi.json" = "openapi";
    ".env.example" = "config --example";
    "docs/CONFIG.md" = "config --markdown";
    "docs/PROBLEMS.md" = "problems --markdown";
    "deploy/env/staging.env" = "config --template staging";
    "deploy/env/production.env" = "config --template production";
  };

  onLinux = {
    nextest = cargo (
      environment
      // {
        pnameSuffix = "-nextest";
        nativeBuildInputs = [ pkgs.cargo-nextest ] ++ servers.packages;
        buildPhaseCargoCommand = ''
          cargo nextest run --locked ${product} --no-fail-fast
          ${servers.start}
          export TEST_DATABASE_URL=${servers.databaseUrl} TEST_REDIS_URL=${servers.redisUrl}
          cargo nextest run --locked ${product} --no-fail-fast -E 'package(crb-backend) | package(crb-migrations)'
        '';
      }
    );

    image-contents = image.contents image.backend;
    image-frontend-contents = image.contents image.page;
    image-stubs-contents = image.contents image.stubs;
    image-contents-control =
      let
        refused = pkgs.testers.testBuildFailure (image.contents image.withShell);
      in
      pkgs.runCommand "crb-contents-control" { } ''
        grep 'has a shell' ${refused}/testBuildFailure.log > $out
      '';
  };
in
{
  inherit (rust)
    backend
    web
    stubs
    deploy
    loadtest
    ;

  fmt = craneLib.cargoFmt {
    inherit (common) version;
    pname = "crb";
    src = everything;
    cargoExtraArgs = "--all";
  };

  clippy = cargo {
    pnameSuffix = "-clippy";
    nativeBuildInputs = [ pkgs.clippy ];
    buildPhaseCargoCommand = lint [
      product
      habits
    ];
  };

  # The load test is built by itself, optimised, as the load runs it.
  load = cargo (
    environment
    // {
      pname = "crb-loadtest";
      pnameSuffix = "-tests";
      CARGO_PROFILE = "release";
      cargoArtifacts = rust.loadtestDependencies;
      nativeBuildInputs = [
        pkgs.cargo-nextest
        pkgs.clippy
      ];
      buildPhaseCargoCommand = ''
        cargo nextest run --locked --release --package crb-loadtest --lib --bins --tests --no-fail-fast
        ${lint [ "--package crb-loadtest --lib --bins --tests" ]}
      '';
    }
  );

  # Documentation without a broken link, and its examples.
  doc = cargo {
    pnameSuffix = "-doc";
    RUSTDOCFLAGS = "--deny warnings";
    buildPhaseCargoCommand = ''
      cargoWithProfile doc --locked --no-deps --workspace --exclude xtask --exclude crb-loadtest --exclude crb-budgets
      cargoWithProfile test --locked --doc --workspace --exclude xtask --exclude crb-loadtest --exclude crb-budgets
    '';
  };

  openapi-drift = pkgs.runCommand "crb-openapi-drift" { } ''
    ${lib.concatStrings (
      lib.mapAttrsToList (path: command: ''
        ${lib.getExe rust.backend} ${command} | diff --unified ${../. + "/${path}"} - \
          || { echo "${path} is not current: run cargo xtask gen and commit" >&2; exit 1; }
      '') generated
    )}
    touch $out
  '';

  deny = craneLib.cargoDeny (
    common
    // {
      pname = "crb";
      src = everything;
    }
  );

  # The same exceptions as `cargo deny check advisories`, from their one list.
  audit = craneLib.cargoAudit {
    inherit (common) version;
    inherit advisory-db;
    pname = "crb";
    src = everything;
    cargoAuditExtraArgs = lib.concatMapStringsSep " " (
      exception: "--ignore ${exception.id}"
    ) (lib.importTOML ../deny.toml).advisories.ignore;
  };

  frontend = frontend.check;
  frontend-bundle = frontend.bundle;

  nix-lint =
    pkgs.runCommand "crb-nix-lint"
      {
        nativeBuildInputs = [
          pkgs.nixfmt
          pkgs.deadnix
        ];
      }
      ''
        nixfmt --check ${../flake.nix} ${./.}/*.nix
        deadnix --fail ${../flake.nix} ${./.}
        touch $out
      '';

  # With Nix and without it, the same compiler.
  toolchain =
    let
      asked = (lib.importTOML ../rust-toolchain.toml).toolchain.channel;
      given = pkgs.rustc.version;
    in
    lib.throwIf (asked != given)
      "rust-toolchain.toml asks for Rust ${asked} and nixpkgs has ${given}: change both together"
      (pkgs.runCommand "crb-toolchain" { } "echo ${given} > $out");
}
// lib.optionalAttrs isLinux onLinux
