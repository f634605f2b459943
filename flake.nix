# The product as Nix builds it: programs, page, images, checks and a shell to work in. Each part stands in nix/.
{
  description = "CRB Analyser: honest Cost / Risk / Benefit reports for small service businesses";

  # No more than these: each further input saves ten lines and is one more thing to trust and to update.
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    crane.url = "github:ipetkov/crane";
    advisory-db = {
      url = "github:rustsec/advisory-db";
      flake = false;
    };
  };

  outputs =
    {
      self,
      nixpkgs,
      crane,
      advisory-db,
    }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      parts = nixpkgs.lib.genAttrs systems (
        system:
        import ./nix {
          inherit crane advisory-db;
          pkgs = nixpkgs.legacyPackages.${system};
          # Only images know it. A program that did would be compiled again for every commit.
          revision = self.rev or self.dirtyRev or "unknown";
        }
      );
      each = name: builtins.mapAttrs (_: part: part.${name}) parts;
    in
    {
      packages = each "packages";
      apps = each "apps";
      checks = each "checks";
      devShells = each "devShells";
      formatter = each "formatter";
    };
}
