#!/bin/sh
# Install the Debian packages named, only those that are missing, as root or with sudo.
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
$as apt-get update -qq >/dev/null
# shellcheck disable=SC2086  # the list is meant to be split
$as apt-get install -y -qq --no-install-recommends $missing >/dev/null
