# A shell in which `cargo xtask` finds all it needs, and the apps of `nix run`: the same commands, inside that shell.
{
  lib,
  pkgs,
  rust,
  services,
  image,
}:
let
  inherit (pkgs.stdenv.hostPlatform) isLinux;

  servers = services {
    folder = "$PWD/var/services";
    postgresPort = 54320;
    redisPort = 63790;
  };

  tools = [
    pkgs.cargo
    pkgs.rustc
    pkgs.clippy
    pkgs.rustfmt
    pkgs.cargo-nextest
    pkgs.cargo-deny
    pkgs.stdenv.cc
    pkgs.stdenv.cc.bintools
    pkgs.nodejs_24
    pkgs.python3
    pkgs.poppler-utils
    pkgs.git
  ]
  ++ servers.packages
  ++ lib.optionals isLinux [
    pkgs.chromium
    # setpriv: whatever a habit starts ends with it.
    pkgs.util-linux
  ];

  app = description: program: {
    type = "app";
    program = lib.getExe program;
    meta = { inherit description; };
  };

  # A command in the checkout that the caller stands in.
  habit =
    name: description: text:
    app description (
      pkgs.writeShellApplication {
        inherit name;
        runtimeInputs = tools;
        text = ''
          cd "$(git rev-parse --show-toplevel)"
          ${text}
        '';
      }
    );

  # The programs as they are deployed.
  measured = pkgs.symlinkJoin {
    name = "crb-measured";
    paths = [
      rust.backend
      rust.stubs
      rust.loadtest
    ];
  };

  push = pkgs.writeShellApplication {
    name = "push-image";
    runtimeInputs = [
      pkgs.skopeo
      pkgs.coreutils
    ];
    text = ''
      case "''${1:-}" in
        crb) stream=${image.backend} ;;
        crb-web) stream=${image.page} ;;
        crb-stubs) stream=${image.stubs} ;;
        *) stream= ;;
      esac
      if [ -z "$stream" ] || [ $# -lt 2 ]; then
        echo "usage: push-image crb|crb-web|crb-stubs REGISTRY/PATH:TAG [OPTION OF SKOPEO COPY]..." >&2
        exit 2
      fi
      reference=$2
      shift 2
      digest=$(mktemp)
      trap 'rm -f "$digest"' EXIT
      # The archive is made here and now, so that there is no policy to ask about it. Docker's own format keeps the probe.
      "$stream" | skopeo copy --insecure-policy --format v2s2 --digestfile "$digest" "$@" \
        docker-archive:/dev/stdin "docker://$reference" >&2
      cat "$digest"
      echo
    '';
  };

  update-npm-hashes = pkgs.writeShellApplication {
    name = "update-npm-hashes";
    runtimeInputs = [
      pkgs.nodejs_24
      pkgs.nix
      pkgs.jq
      pkgs.git
      pkgs.coreutils
    ];
    text = ''
      cd "$(git rev-parse --show-toplevel)"
      ${builtins.readFile ./update-npm-hashes.sh}
    '';
  };
in
{
  devShells.default = pkgs.mkShell {
    packages = tools ++ [
      pkgs.nixfmt
      pkgs.deadnix
      pkgs.rust-analyzer
    ];
    RUST_SRC_PATH = pkgs.rustPlatform.rustLibSrc;
  };

  apps = {
    dev = habit "dev" "PostgreSQL, Redis, stand-ins, backend and Vite, until Ctrl-C" ''
      ${servers.start}
      export DATABASE_URL=${servers.databaseUrl} REDIS_URL=${servers.redisUrl}
      cargo xtask dev --hot "$@"
    '';
    test = habit "test" "Every check of the house, as cargo xtask test" ''
      exec cargo xtask test "$@"
    '';
    load-gate =
      habit "load-gate" "Users against the programs as they are deployed; the exit code decides"
        ''
          exec cargo xtask load --programs ${measured}/bin "$@"
        '';
    migrate = app "Bring the database of DATABASE_URL up to this program" (
      pkgs.writeShellScriptBin "migrate" ''exec ${lib.getExe rust.backend} migrate "$@"''
    );
    loadtest = app rust.loadtest.meta.description rust.loadtest;
    deploy = app rust.deploy.meta.description rust.deploy;
    update-npm-hashes = app "Renew nix/npm-hashes.json after a change of package-lock.json" update-npm-hashes;
  }
  // lib.optionalAttrs isLinux {
    push-image = app "Push an image to a registry and print its digest" push;
  };
}
