# The page: its packages as npm installs them, then the bundle and the checks, both without a network.
{
  lib,
  pkgs,
  openapi,
}:
let
  inherit (lib) fileset;
  nodejs = pkgs.nodejs_24;

  # The lock names what is installed by hash, but not where it lies, so nothing of nixpkgs can fetch it piece by piece.
  # npm fetches it as a whole, and the whole has a hash for each system, beside npm's words for that system.
  recorded = lib.importJSON ./npm-hashes.json;
  isCurrent = recorded.lock == builtins.hashFile "sha256" ../frontend/package-lock.json;
  system =
    lib.throwIfNot isCurrent
      "nix/npm-hashes.json is of another frontend/package-lock.json: run `nix run .#update-npm-hashes` and commit"
      recorded.systems.${pkgs.stdenv.hostPlatform.system};

  manifests = fileset.unions [
    ../frontend/.npmrc
    ../frontend/package.json
    ../frontend/package-lock.json
  ];

  packages = pkgs.stdenvNoCC.mkDerivation {
    name = "crb-page-packages";
    src = fileset.toSource {
      root = ../frontend;
      fileset = manifests;
    };
    nativeBuildInputs = [ nodejs ];
    # A machine's own registry and proxy are honoured: what comes must have the hash anyway.
    impureEnvVars = lib.fetchers.proxyImpureEnvVars ++ [ "npm_config_registry" ];
    NODE_EXTRA_CA_CERTS = "${pkgs.cacert}/etc/ssl/certs/ca-bundle.crt";
    outputHashMode = "recursive";
    outputHash = system.hash;
    dontConfigure = true;
    buildPhase = ''
      HOME=$TMPDIR npm ci --ignore-scripts ${system.npm}
    '';
    installPhase = ''
      # npm's own notes name the machine's registry.
      rm node_modules/.package-lock.json
      mv node_modules $out
    '';
    # A path of the store in here would change the hash with every update of nixpkgs.
    dontFixup = true;
  };

  # A folder as it stands in the repository, with its packages.
  work =
    args:
    pkgs.stdenvNoCC.mkDerivation (
      {
        nativeBuildInputs = [ nodejs ];
        sourceRoot = "source/frontend";
        configurePhase = ''
          cp --recursive ${packages} node_modules
          chmod --recursive u+w node_modules
          patchShebangs node_modules >/dev/null
          export HOME=$TMPDIR
        '';
        dontFixup = true;
      }
      // args
    );
  source =
    files:
    fileset.toSource {
      root = ../.;
      fileset = fileset.unions files;
    };
in
{
  inherit packages;

  # Sourcemaps are for whoever reads errors; who serves the page never needs them.
  bundle = work {
    name = "crb-page";
    outputs = [
      "out"
      "sourcemaps"
    ];
    src = source [
      manifests
      ../frontend/app.html
      ../frontend/budgets.json
      ../frontend/build
      ../frontend/index.html
      ../frontend/public
      ../frontend/src
      ../frontend/tsconfig.json
      ../frontend/vite.config.ts
    ];
    buildPhase = "npm run --silent build -- --gate";
    installPhase = ''
      mkdir $sourcemaps
      (cd dist && find . -name '*.map' -exec cp --parents --target-directory $sourcemaps {} +)
      find dist -name '*.map' -delete
      mv dist $out
    '';
    meta.description = "The page, as its server reads it";
  };

  # What `cargo xtask test --only page` and `cargo xtask gen --check` ask of the page, except for the bundle's budgets,
  # which are the bundle's own.
  check = work {
    name = "crb-page-check";
    src = source [
      ../.editorconfig
      (fileset.difference ../frontend ../frontend/server)
      ../backend/tests/vectors/roi.json
    ];
    # The types are compared with what the program itself describes, not with what is committed.
    postPatch = "chmod u+w ../backend; cp ${openapi} ../backend/openapi.json";
    buildPhase = ''
      npm run --silent format:check
      npm run --silent lint
      npm run --silent typecheck
      npm run --silent gen -- --check
      npm run --silent test
    '';
    installPhase = "touch $out";
  };
}
