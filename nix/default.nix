# One system's outputs: the parts, and which of them are packages, checks and apps.
{
  pkgs,
  crane,
  advisory-db,
  revision,
}:
let
  inherit (pkgs) lib;
  inherit (pkgs.stdenv.hostPlatform) isLinux;

  rust = import ./rust.nix { inherit lib pkgs crane; };
  frontend = import ./frontend.nix {
    inherit lib pkgs;
    inherit (rust) openapi;
  };
  services = import ./services.nix { inherit pkgs; };
  image = import ./image.nix {
    inherit
      lib
      pkgs
      rust
      frontend
      revision
      ;
  };
  checks = import ./checks.nix {
    inherit
      lib
      pkgs
      rust
      frontend
      services
      image
      advisory-db
      ;
  };
  dev = import ./dev.nix {
    inherit
      lib
      pkgs
      rust
      services
      image
      ;
  };

  programs = {
    inherit (rust)
      backend
      web
      stubs
      deploy
      loadtest
      openapi
      ;
    frontend = frontend.bundle;
    default = rust.backend;
  };
  # A container runs Linux, whatever it is built on.
  images = lib.optionalAttrs isLinux {
    image = image.backend;
    image-frontend = image.page;
    image-stubs = image.stubs;
    imageArchive = image.archive image.backend;
  };
in
{
  packages = programs // images;
  inherit checks;
  inherit (dev) apps devShells;
  formatter = pkgs.nixfmt-tree;
}
