# The workspace by crane: its dependencies once, then each program from the sources of its own crates alone.
{
  lib,
  pkgs,
  crane,
}:
let
  craneLib = crane.mkLib pkgs;
  inherit (lib) fileset;
  inherit ((lib.importTOML ../Cargo.toml).workspace) package;

  # What images hold is linked as one program, which takes long and runs a fifth quicker: see Cargo.toml.
  profile = "deploy";

  manifests = [
    ../Cargo.toml
    ../Cargo.lock
    ../.cargo
  ];

  # What each crate is compiled from, without its tests.
  crates = {
    door = [
      ../door/Cargo.toml
      ../door/src
    ];
    migrations = [
      ../migrations/Cargo.toml
      ../migrations/src
    ];
    pdf = [
      ../pdf/Cargo.toml
      ../pdf/src
      ../pdf/template
      ../pdf/fonts
    ];
    web = [
      ../frontend/server/Cargo.toml
      ../frontend/server/src
    ];
    backend = [
      ../backend/Cargo.toml
      ../backend/src
      ../backend/knowledge
      ../backend/models
    ];
    stubs = [
      ../stubs/Cargo.toml
      ../stubs/src
    ];
    deploy = [
      ../deploy/Cargo.toml
      ../deploy/src
    ];
    loadtest = [
      ../loadtest/Cargo.toml
      ../loadtest/src
      ../loadtest/targets.toml
      ../backend/openapi.json
    ];
  };

  # The whole workspace, and what its tests read besides.
  everything = fileset.toSource {
    root = ../.;
    fileset = fileset.unions (
      manifests
      ++ [
        ../.config
        ../clippy.toml
        ../deny.toml
        ../rust-toolchain.toml
        ../rustfmt.toml
        ../backend
        ../budgets
        ../deploy
        ../docs/API.md
        ../docs/PROBLEMS.md
        ../door
        ../frontend/server
        ../loadtest
        ../migrations
        ../pdf
        ../stubs
        ../xtask
      ]
    );
  };

  # Cargo reads every member's manifest, however little it compiles. Here all members are empty shells, and the named
  # crates are whole: a change elsewhere compiles nothing again.
  shells = craneLib.mkDummySrc {
    pname = "crb-shells";
    src = everything;
  };
  sourceOf =
    names:
    let
      whole = fileset.toSource {
        root = ../.;
        fileset = fileset.unions (manifests ++ lib.concatMap (name: crates.${name}) names);
      };
    in
    pkgs.runCommand "crb-source" { } ''
      cp --recursive --no-preserve=mode ${shells} $out
      cp --recursive --no-preserve=mode ${whole}/. $out
    '';

  common = {
    inherit (package) version;
    strictDeps = true;
    # Tests run once, in checks.nix.
    doCheck = false;
    cargoVendorDir = craneLib.vendorCargoDeps { src = everything; };
  };

  # The dependencies as these commands of cargo want them.
  dependencies =
    pname: settings: commands:
    craneLib.buildDepsOnly (
      common
      // settings
      // {
        inherit pname;
        src = everything;
        buildPhaseCargoCommand = lib.concatMapStringsSep "\n" (
          command: "cargoWithProfile ${command} --locked"
        ) commands;
      }
    );

  choice = name: "--package ${name} --bins";

  # Cargo unites the features of what is chosen together. Each program is chosen by itself, here as in its build, so that
  # it never carries what only another one asked for.
  released = dependencies "crb" { CARGO_PROFILE = profile; } (
    map (name: "build ${choice name}") [
      "crb-backend"
      "crb-web"
      "crb-stubs"
      "crb-deploy"
    ]
  );

  # The load test brings a cryptography that the product does without.
  loadtestDependencies = dependencies "crb-loadtest" { CARGO_PROFILE = "release"; } [
    "build --package crb-loadtest --lib --bins --tests"
  ];

  program =
    {
      name,
      crate,
      sources,
      description,
      CARGO_PROFILE ? profile,
      cargoArtifacts ? released,
    }:
    craneLib.buildPackage (
      common
      // {
        inherit cargoArtifacts CARGO_PROFILE;
        pname = name;
        src = sourceOf sources;
        cargoExtraArgs = "--locked ${choice crate}";
        meta = {
          inherit description;
          mainProgram = name;
        };
      }
    );
in
rec {
  inherit
    craneLib
    package
    everything
    common
    dependencies
    loadtestDependencies
    ;

  backend = program {
    name = "crb";
    crate = "crb-backend";
    sources = [
      "backend"
      "door"
      "migrations"
      "pdf"
      "web"
    ];
    description = "The API, the report engine and its worker";
  };

  web = program {
    name = "crb-web";
    crate = "crb-web";
    sources = [
      "web"
      "door"
    ];
    description = "Serves the page, and passes its calls on to the API";
  };

  stubs = program {
    name = "crb-stubs";
    crate = "crb-stubs";
    sources = [ "stubs" ];
    description = "Stand-ins for the paid services";
  };

  deploy = program {
    name = "crb-deploy";
    crate = "crb-deploy";
    sources = [ "deploy" ];
    description = "Releases images by digest, and takes a release back";
  };

  loadtest = program {
    name = "crb-loadtest";
    crate = "crb-loadtest";
    sources = [ "loadtest" ];
    description = "Users against the product, and a gate whose exit code decides";
    CARGO_PROFILE = "release";
    cargoArtifacts = loadtestDependencies;
  };

  # The API's description, as the program itself prints it.
  openapi = pkgs.runCommand "openapi.json" { } "${lib.getExe backend} openapi > $out";
}
