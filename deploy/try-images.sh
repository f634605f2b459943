#!/usr/bin/env bash
# Runs both images as deploy/compose.yaml says, a command against them, and then sees that they drain.
#
#   deploy/try-images.sh CRB CRB_WEB COMMAND...
#
# CRB and CRB_WEB are what `nix build .#image` and `.#image-frontend` leave: programs that write an image. The command
# finds API_BASE_URL and APP_BASE_URL in its environment. Needs Docker with its compose.
#
# MIGRATED_BY names the backend's image of another release, which makes the schema: a release must run on the next one's.
set -euo pipefail

if [ $# -lt 3 ]; then
  echo "usage: $0 CRB CRB_WEB COMMAND..." >&2
  exit 2
fi
page_port=${WEB_PORT:-8080}

load() { "$1" | docker load --quiet | sed -n 's/^Loaded image: //p'; }
CRB_IMAGE=$(load "$1")
CRB_WEB_IMAGE=$(load "$2")
shift 2
export CRB_MIGRATE_IMAGE=$CRB_IMAGE
if [ -n "${MIGRATED_BY:-}" ]; then CRB_MIGRATE_IMAGE=$(load "$MIGRATED_BY"); fi

# A stage that is deployed, with keys that open nothing: what it refuses at its start, it refuses here.
scratch=$(mktemp -d)
export CRB_IMAGE CRB_WEB_IMAGE APP_ENV=staging WEB_PORT="$page_port" POSTGRES_PASSWORD=of-no-worth
export API_BASE_URL="http://localhost:$page_port" APP_BASE_URL="http://localhost:$page_port"
cat > "$scratch/.env.local" <<VARIABLES
SECRET_KEY=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
ANTHROPIC_API_KEY=sk-ant-stub-try
ANTHROPIC_BASE_URL=http://stand-in.invalid
STRIPE_SECRET_KEY=sk_test_stub
STRIPE_BASE_URL=http://stand-in.invalid
STRIPE_WEBHOOK_SECRET=whsec_try
SENDGRID_API_KEY=SG.stub
SENDGRID_BASE_URL=http://stand-in.invalid
VARIABLES

compose() { docker compose --project-name crb-try --project-directory "$scratch" --file "$(dirname "$0")/compose.yaml" "$@"; }
# Whatever cannot be shown or removed any more, the result of the try is told.
finish() {
  code=$?
  if [ $code -ne 0 ]; then compose logs --tail 60 >&2 || true; fi
  compose down --volumes --timeout 10 || true
  rm -r "$scratch"
  exit $code
}
trap finish EXIT

compose up --detach --wait --wait-timeout 180
"$@"

# SIGTERM, the lag, the graces: who was killed in the end did not drain.
compose stop
for service in migrate api web; do
  code=$(docker inspect --format '{{.State.ExitCode}}' "$(compose ps --all --quiet "$service")")
  if [ "$code" -ne 0 ]; then
    echo "$service ended with $code" >&2
    exit 1
  fi
done
echo "both images served, and drained"
