# PostgreSQL and Redis as lines of a shell: they start where the lines stand and end with the shell.
#
# Nothing is synced to the disk: the data are a test's or a developer's. The caller chooses the folder and the ports.
{ pkgs }:
{
  folder,
  postgresPort,
  redisPort,
}:
rec {
  packages = [
    pkgs.postgresql_18
    pkgs.redis
  ];

  databaseUrl = "postgres://postgres@127.0.0.1:${toString postgresPort}/postgres";
  redisUrl = "redis://127.0.0.1:${toString redisPort}";

  start = ''
    services=${folder}
    mkdir -p "$services"
    if [ ! -e "$services/postgres/PG_VERSION" ]; then
      initdb --pgdata "$services/postgres" --username postgres --auth trust --encoding UTF8 --locale C --no-sync \
        >"$services/initdb.log" 2>&1 || { cat "$services/initdb.log"; exit 1; }
    fi
    stop_services() {
      redis-cli -u ${redisUrl} shutdown nosave >/dev/null 2>&1 || true
      pg_ctl stop --silent --mode fast --pgdata "$services/postgres" || true
    }
    trap stop_services EXIT
    pg_ctl start --silent --wait --pgdata "$services/postgres" --log "$services/postgres.log" --options "\
      -c listen_addresses=127.0.0.1 -c port=${toString postgresPort} -c unix_socket_directories= \
      -c max_connections=400 -c fsync=off -c synchronous_commit=off -c full_page_writes=off" \
      || { tail "$services/postgres.log"; exit 1; }
    redis-server --bind 127.0.0.1 --port ${toString redisPort} --dir "$services" --save "" --appendonly no \
      --daemonize yes --logfile "$services/redis.log" >/dev/null
    for _ in $(seq 100); do
      if redis-cli -u ${redisUrl} ping >/dev/null 2>&1; then break; fi
      sleep 0.1
    done
    redis-cli -u ${redisUrl} ping >/dev/null || { tail "$services/redis.log"; exit 1; }
  '';
}
