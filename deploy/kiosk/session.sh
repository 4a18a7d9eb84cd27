#!/bin/sh
# The player's session under X: a bare window manager, the browser, and the one that looks after it.
set -u
here=$(cd "$(dirname "$0")" && pwd)
profile=${PROFILE:-$HOME/chromium}

xset s off s noblank 2>/dev/null
xset -dpms 2>/dev/null
openbox --config-file "$here/openbox.xml" &

# a browser that finds no server shows its own page, and nobody is there to press "reload"
until curl -fsS -m 5 -o /dev/null "$URL/healthz"; do sleep 2; done

# a browser that was cut off does not ask what to do about it
tidy() {
  file=$profile/Default/Preferences
  [ ! -f "$file" ] || sed -i 's/"exit_type":"[^"]*"/"exit_type":"Normal"/; s/"exited_cleanly":false/"exited_cleanly":true/' "$file"
  rm -f "$profile"/Singleton*
}

browser() {
  chromium --user-data-dir="$profile" --no-first-run --noerrdialogs --disable-infobars \
    --hide-crash-restore-bubble --disable-session-crashed-bubble --disable-pinch \
    --overscroll-history-navigation=0 --autoplay-policy=no-user-gesture-required \
    --disable-backgrounding-occluded-windows --disable-background-timer-throttling \
    --disable-renderer-backgrounding --password-store=basic --disable-component-update \
    --check-for-update-interval=31536000 ${CHROMIUM_FLAGS:-} "$@"
}

while :; do
  tidy
  if [ "${WINDOWS:-full}" = full ]; then
    browser --kiosk "$URL/wall" &
  else
    for one in $WINDOWS; do
      box=${one%%\?*}
      query=${one#"$box"}
      IFS=, read -r left top width height <<END
$box
END
      browser --app="$URL/wall$query" --window-position="$left,$top" --window-size="$width,$height" &
      sleep 2 # the first one owns the profile, the others join it
    done
  fi
  sh "$here/watch.sh" "$profile"
  pkill -KILL -f -- "--user-data-dir=$profile" # only the browser of this profile
  sleep 1
done
