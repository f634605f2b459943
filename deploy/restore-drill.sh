#!/usr/bin/env bash
# Whether a backup brings the product back: a database is dumped, restored into an empty server on this machine, counted
# row by row, brought up to this program's schema, and served.
#
#   DRILL_SOURCE_URL=postgres://… deploy/restore-drill.sh CRB
#
# CRB is the backend's program. Needs the tools of a PostgreSQL that is not older than the source. Only reads the source.
set -euo pipefail

if [ $# -ne 1 ] || [ -z "${DRILL_SOURCE_URL:-}" ]; then
  echo "usage: DRILL_SOURCE_URL=postgres://… $0 CRB" >&2
  exit 2
fi
crb=$(realpath "$1")
port=${DRILL_PORT:-54329}

scratch=$(mktemp -d)
export PGHOST=127.0.0.1 PGPORT=$port PGUSER=drill
# Whatever has ended already, the drill's own result is told.
finish() {
  code=$?
  if [ -n "${server:-}" ]; then
    kill "$server" || true
    wait "$server" || true
  fi
  pg_ctl --pgdata "$scratch/data" --mode immediate --silent stop || true
  rm -r "$scratch"
  exit $code
}
trap finish EXIT

initdb --pgdata "$scratch/data" --username drill --auth trust --encoding UTF8 --locale C.UTF-8 > "$scratch/initdb.log"
pg_ctl --pgdata "$scratch/data" --log "$scratch/postgres.log" --wait --silent start \
  --options "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='' -c fsync=off"
createdb crb

# How many rows each table has, a line a table.
counts="select format('%s %s', table_name, (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from
  %I.%I', table_schema, table_name), false, true, '')))[1]) from information_schema.tables
  where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name"

# The source is alive: what is counted and what is dumped is the same moment of it.
start=$SECONDS
coproc SOURCE { psql --dbname "$DRILL_SOURCE_URL" --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1; }
echo "begin transaction isolation level repeatable read read only; select pg_export_snapshot();" >&"${SOURCE[1]}"
read -r snapshot <&"${SOURCE[0]}"
echo "$counts; select '.';" >&"${SOURCE[1]}"
while read -r line <&"${SOURCE[0]}" && [ "$line" != . ]; do echo "$line"; done > "$scratch/before"
pg_dump --dbname "$DRILL_SOURCE_URL" --snapshot "$snapshot" --format custom --schema public --no-owner --no-acl \
  --file "$scratch/dump"
echo 'commit; \q' >&"${SOURCE[1]}"
dumped=$((SECONDS - start))

start=$SECONDS
# The schema is there already in an empty database.
pg_restore --list "$scratch/dump" | grep --invert-match ' SCHEMA - public ' > "$scratch/list"
pg_restore --dbname crb --use-list "$scratch/list" --exit-on-error --no-owner --no-acl "$scratch/dump"
psql --dbname crb --no-psqlrc --quiet --no-align --tuples-only --command "$counts" > "$scratch/after"
restored=$((SECONDS - start))

if [ ! -s "$scratch/before" ]; then
  echo "the source has no tables: this is not the product's database" >&2
  exit 1
fi
diff --unified "$scratch/before" "$scratch/after" || { echo "the restored rows are not those of the source" >&2; exit 1; }

# The product comes up on it: no key of anybody, nothing is sent and nothing is written on.
unset DRILL_SOURCE_URL
export DATABASE_URL="postgres://drill@127.0.0.1:$port/crb" APP_ENV=development PORT=${DRILL_HTTP_PORT:-54330}
cd "$scratch"
"$crb" migrate
"$crb" serve --only api > "$scratch/crb.log" 2>&1 &
server=$!
for _ in $(seq 100); do
  if "$crb" healthcheck 2> /dev/null; then break; fi
  kill -0 "$server" || break
  sleep 0.2
done
"$crb" healthcheck || { tail -n 40 "$scratch/crb.log" >&2; exit 1; }

cat "$scratch/after"
echo "dumped in $dumped s, restored and counted in $restored s, and served"
