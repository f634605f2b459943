# The images: a program, what it reads, and nothing to run besides. Built as streams, so that no archive fills the store.
{
  lib,
  pkgs,
  rust,
  frontend,
  revision,
}:
let
  inherit (rust.package) version;
  user = "10001:10001";

  # What the programs read of a system: roots to trust, names of time zones, a name for their user.
  base = [
    pkgs.dockerTools.caCertificates
    pkgs.tzdata
    (pkgs.fakeNss.override {
      extraPasswdLines = [ "crb:x:${user}:CRB Analyser:/tmp:/sbin/nologin" ];
      extraGroupLines = [ "crb:x:10001:" ];
    })
  ];

  image =
    {
      program,
      arguments ? [ ],
      environment ? { },
      port,
      # Whether the program can ask itself how it is.
      probes ? true,
      also ? [ ],
      # Megabytes, unpacked. The check compares; a growth is a decision.
      bound,
    }:
    let
      name = program.meta.mainProgram;
      path = lib.getExe program;
    in
    pkgs.dockerTools.streamLayeredImage {
      inherit name;
      # The program is on the path as well, for those who name it: a pre-deploy command, a probe.
      contents = base ++ [ program ] ++ also;
      # The time of creation is 1970, so that the same sources are the same image; the labels say which sources.
      extraCommands = ''
        mkdir tmp
        chmod 1777 tmp
      '';
      config = {
        Entrypoint = [ path ];
        Cmd = arguments;
        User = user;
        WorkingDir = "/tmp";
        Env = lib.mapAttrsToList (name: value: "${name}=${value}") (
          environment
          // {
            PATH = "/bin";
            SSL_CERT_FILE = "/etc/ssl/certs/ca-bundle.crt";
            TZDIR = "/share/zoneinfo";
          }
        );
        ExposedPorts."${toString port}/tcp" = { };
        StopSignal = "SIGTERM";
        Labels = {
          "org.opencontainers.image.title" = name;
          "org.opencontainers.image.description" = program.meta.description;
          "org.opencontainers.image.version" = version;
          "org.opencontainers.image.revision" = revision;
        }
        // lib.optionalAttrs (rust.package ? repository) {
          "org.opencontainers.image.source" = rust.package.repository;
        };
      }
      // lib.optionalAttrs probes {
        # Docker alone reads it, and of its own format alone; a platform's probe asks over HTTP.
        Healthcheck.Test = [
          "CMD"
          path
          "healthcheck"
        ];
      };
      passthru = { inherit bound path; };
      meta.description = "Writes the image of ${name} to its output, as an archive of Docker's format";
    };

  settled = {
    program = rust.backend;
    arguments = [ "serve" ];
    environment.APP_REVISION = revision;
    port = 8383;
    bound = 140;
  };
in
{
  backend = image settled;

  # The control: what `contents` must refuse.
  withShell = image (settled // { also = [ pkgs.bash ]; });

  page = image {
    program = rust.web;
    arguments = [ "serve" ];
    environment = {
      RELEASE = revision;
      WEB_ROOT = "${frontend.bundle}";
    };
    port = 8080;
    bound = 90;
  };

  # Staging's alone: no customer meets it.
  stubs = image {
    program = rust.stubs;
    port = 18080;
    probes = false;
    bound = 70;
  };

  # The same as a file, for whoever loads it without a pipe.
  archive =
    stream:
    pkgs.runCommand "${stream.imageName}.tar" { } ''
      ${stream} > $out
    '';

  # Unpacks an image as a runtime would, and refuses what must not be in it. The result lists what is in it.
  contents =
    stream:
    pkgs.runCommand "${stream.imageName}-contents" { nativeBuildInputs = [ pkgs.jq ]; } ''
      mkdir archive
      ${stream} | tar --extract --directory archive
      config=archive/$(jq --raw-output '.[0].Config' archive/manifest.json)
      for layer in $(jq --raw-output '.[0].Layers[]' archive/manifest.json); do
        tar --list --verbose --numeric-owner --absolute-names --file archive/$layer >> all
      done
      # Mode, owner, size, name; a folder is named once, however many layers hold it.
      awk '{ print $1, $2, $3, $6 }' all | sort --unique --key 4 > list

      refuse() { echo "${stream.imageName}: $1" >&2; exit 1; }
      expect() { jq --exit-status "$1" $config >/dev/null || refuse "its configuration is not: $1"; }
      expect '.config.User == "${user}"'
      expect '.config.Entrypoint == ["${stream.path}"]'
      expect '.created == "1970-01-01T00:00:01+00:00"'
      expect '.config.Labels."org.opencontainers.image.revision" | length > 0'

      programs() { grep --extended-regexp "/s?bin/[^ ]*($1)\$" list; }
      if programs '(ba|da|a|z|k|c|tc|fi)?sh|busybox|toybox|perl|python[0-9.]*'; then refuse 'has a shell'; fi
      if grep --extended-regexp '^.{3}[sS]|^.{6}[sS]' list; then refuse 'has a file with setuid or setgid'; fi
      if grep --extended-regexp '^-.{7}w' list; then refuse 'has a file that everybody may write'; fi
      grep --quiet --extended-regexp '^drwxrwxrwt .* (\./)?tmp/$' list || refuse 'has no /tmp for everybody'
      grep --quiet 'ca-bundle.crt$' list || refuse 'trusts nobody: no roots'
      grep --quiet 'zoneinfo/Europe/Amsterdam$' list || refuse 'knows no time zones'

      bytes=$(awk '{ sum += $3 } END { print sum }' list)
      [ $bytes -le ${
        toString (stream.bound * 1000000)
      } ] || refuse "has $bytes bytes; ${toString stream.bound} MB are allowed"

      {
        echo "${stream.imageName}: $bytes bytes unpacked, of at most ${toString stream.bound} MB"
        cat list
      } > $out
    '';
}
