#!/bin/sh
# Make this Debian machine (12 or later) a player of the wall:
#   sh install.sh https://board.example            and again after every change; nothing is doubled
#   sh install.sh https://board.example honglan-ca.pem      with the CA of `make cert`
# Needs root and Debian's packages. Settings of this player: /etc/honglan-kiosk.conf
set -eu
here=$(cd "$(dirname "$0")" && pwd)
url=${1:-}
ca=${2:-}
case $url in
  https://?* | http://127.0.0.1* | http://localhost*) ;;
  *) echo "install.sh: '$url' cannot be used; allowed: https://HOST (plain http only to this machine)" >&2; exit 2 ;;
esac
[ "$(id -u)" = 0 ] || { echo "install.sh: run it as root" >&2; exit 2; }
[ -z "$ca" ] || [ -f "$ca" ] || { echo "install.sh: no such file: $ca" >&2; exit 2; }
url=${url%/}

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends \
  chromium xserver-xorg xinit openbox x11-xserver-utils xdotool curl ca-certificates \
  libnss3-tools fonts-noto-cjk alsa-utils >/dev/null

home=/var/lib/honglan-kiosk
id honglan-kiosk >/dev/null 2>&1 || useradd --system --home-dir $home --create-home --shell /usr/sbin/nologin honglan-kiosk
for group in audio video input render tty; do
  ! getent group $group >/dev/null || usermod -a -G $group honglan-kiosk
done

install -D -m 0755 "$here/session.sh" /usr/local/lib/honglan-kiosk/session.sh
install -D -m 0755 "$here/watch.sh" /usr/local/lib/honglan-kiosk/watch.sh
install -D -m 0644 "$here/openbox.xml" /usr/local/lib/honglan-kiosk/openbox.xml
install -D -m 0644 "$here/honglan-kiosk.service" /etc/systemd/system/honglan-kiosk.service
[ -f /etc/honglan-kiosk.conf ] || install -m 0644 "$here/honglan-kiosk.conf" /etc/honglan-kiosk.conf
sed -i "s|^URL=.*|URL=$url|" /etc/honglan-kiosk.conf

# the browser may open this one site, with sound, and nothing of its own gets in the way
mkdir -p /etc/chromium/policies/managed
sed "s|@URL@|$url|g" "$here/policy.json" > /etc/chromium/policies/managed/honglan-kiosk.json

# X may be started by a unit, not only from a console
printf 'allowed_users=anybody\nneeds_root_rights=yes\n' > /etc/X11/Xwrapper.config

if [ -n "$ca" ]; then
  store=$home/.pki/nssdb
  mkdir -p "$store"
  [ -f "$store/cert9.db" ] || certutil -N -d "sql:$store" --empty-password
  certutil -D -d "sql:$store" -n honglan 2>/dev/null || true
  certutil -A -d "sql:$store" -t C,, -n honglan -i "$ca"
  install -m 0644 "$ca" /usr/local/share/ca-certificates/honglan.crt # for the question whether it is up
  update-ca-certificates >/dev/null
fi
chown -R honglan-kiosk: $home

if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable honglan-kiosk.service
  systemctl restart honglan-kiosk.service
else
  systemctl enable honglan-kiosk.service
fi
echo "The wall opens $url/wall and shows a pairing code the first time."
