# Installs the page's packages once for each system, as nix/frontend.nix does, and records the hash of each result.
file=nix/npm-hashes.json
folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT
lock=$(sha256sum frontend/package-lock.json | cut --delimiter ' ' --fields 1)
recorded=$(jq --arg lock "$lock" '.lock = $lock' "$file")
for system in $(jq --raw-output '.systems | keys[]' "$file"); do
  work=$folder/$system
  mkdir "$work"
  cp frontend/.npmrc frontend/package.json frontend/package-lock.json "$work"
  read -ra target < <(jq --raw-output --arg system "$system" '.systems[$system].npm' "$file")
  (cd "$work" && npm ci --ignore-scripts "${target[@]}" >&2)
  rm "$work/node_modules/.package-lock.json"
  hash=$(nix --extra-experimental-features nix-command hash path "$work/node_modules")
  echo "$system $hash"
  recorded=$(jq --arg system "$system" --arg hash "$hash" '.systems[$system].hash = $hash' <<<"$recorded")
done
echo "$recorded" >"$file"
