#!/bin/sh
# Install the Debian packages named, only those that are missing, as root or with sudo;
# one of these at a time, the next waits.
set -eu
missing=""
for package in "$@"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
command -v apt-get >/dev/null 2>&1 || {
  echo "Missing:$missing. This system has no apt-get; install these by its own means and run make again." >&2
  exit 78
}
if [ "$(id -u)" = 0 ]; then as=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as="sudo"
else
  echo "Missing:$missing. Run once as root: apt-get install$missing" >&2
  exit 78
fi
export DEBIAN_FRONTEND=noninteractive
exec 9<"$0"
flock 9 # apt-get refuses a second one beside it; what it starts does not keep the lock
$as apt-get update -qq >/dev/null 9<&-
# shellcheck disable=SC2086  # the list is meant to be split
$as apt-get install -y -qq --no-install-recommends $missing >/dev/null 9<&-
