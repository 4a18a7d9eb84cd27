#!/bin/sh
# Looks after the browser: returns when it is gone, or one of its windows is stuck or lost, so that
# it is started again. There is to be a live window for each line of WINDOWS: the others must not
# hide one that hangs, or stands on an error page or alone on the page for pairing.
# The wall writes into its title that it lives, and whether an alarm wakes the screen:
#   智慧洪蓝 · 大屏 · 1795947577          (seconds since 1970, each 10 s)
#   智慧洪蓝 · 大屏 · 告警 · 1795947577
set -u
profile=$1
stuck=${STUCK_S:-90}
every=${LOOK_S:-5}
began=$(date +%s)
heard=$began
screen=on
wanted=0
for one in ${WINDOWS:-full}; do wanted=$((wanted + 1)); done

is_night() {
  [ -n "${SCREEN_OFF:-}" ] && [ -n "${SCREEN_ON:-}" ] || return 1
  now=$(date +%H:%M)
  # times of day are compared as words: 22:30 > 06:00
  if [ "$(printf '%s\n%s\n' "$SCREEN_OFF" "$SCREEN_ON" | sort | head -n 1)" = "$SCREEN_OFF" ]; then
    later "$now" "$SCREEN_OFF" && ! later "$now" "$SCREEN_ON"
  else
    later "$now" "$SCREEN_OFF" || ! later "$now" "$SCREEN_ON"
  fi
}

later() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort | head -n 1)" = "$2" ]; }

switch() {
  [ "$1" = "$screen" ] && return
  screen=$1
  if [ -n "${SCREEN_SWITCH:-}" ]; then
    $SCREEN_SWITCH "$1"
  elif [ "$1" = off ]; then
    xset dpms force off
  else
    xset dpms force on
    xset -dpms
  fi
}

while sleep "$every"; do
  pgrep -f -- "--user-data-dir=$profile" >/dev/null || exit 0
  now=$(date +%s)
  titles=$(xdotool search --name '智慧洪蓝 · 大屏' 2>/dev/null | while read -r window; do
    xdotool getwindowname "$window" 2>/dev/null; done)
  live=0
  for written in $(printf '%s\n' "$titles" | sed -n 's/.*大屏 · .*\([0-9]\{10\}\).*/\1/p'); do
    [ $((now - written)) -gt "$stuck" ] || live=$((live + 1))
  done
  pairing=$(printf '%s\n' "$titles" | grep -c '大屏配对')
  if [ "$live" -ge "$wanted" ] || [ "$pairing" -ge "$wanted" ]; then heard=$now; fi
  if [ $((now - heard)) -gt "$stuck" ]; then
    echo "of $wanted windows of the wall $live are alive, $pairing wait to be paired: started again" >&2
    exit 0
  fi
  case $titles in *"告警"*) switch on ;; *) if is_night; then switch off; else switch on; fi ;; esac
done
