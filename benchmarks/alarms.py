"""How long from a gauge reading on the line to an alarm that another process can read?

Stations send SL 651 frames over TCP to the real listener; another process asks the case store for
its version every 20 ms and tells when each alarm was there. Beside it: what such a look costs, and
500 sensors that cross within a moment.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.figure import quantile, show, spread, timed

ROUNDS, SENSORS = 200, 500
NOW = datetime(2026, 11, 20, 12)
GAUGE = """
[gauge]
name = "g"
short = "g"
owner = "o"
phone = "1"
transport = "sl651"
every = "5m"
stale_after = "20m"
demo = true
enabled = true
"""
WATCHER = """
import sys, time, json
from cases import alarms
from cases.store import open_store
from config import clock
store, seen, version = open_store(), {}, -1
print("ready", flush=True)
end = time.monotonic() + 600
while time.monotonic() < end and len(seen) < int(sys.argv[1]):
    now = alarms.version(store)
    if now != version:
        version, at = now, time.monotonic()
        for one in alarms.open_alarms(store, clock.now()):
            if one.raised_at is not None:
                seen.setdefault(one.subject, at)
    time.sleep(0.02)
print(json.dumps(seen), flush=True)
"""


def main() -> None:
    """Set the folders, then ask."""
    with tempfile.TemporaryDirectory(prefix="honglan-alarms-") as folder:
        home = Path(folder)
        config = home / "config"
        config.mkdir()
        for file in (Path(__file__).resolve().parent.parent / "config").iterdir():
            if file.is_file():
                (config / file.name).write_bytes(file.read_bytes())
        (config / "platforms.toml").write_text(GAUGE, encoding="utf-8")
        _stations(config / "thresholds.toml")
        os.environ |= {"HONGLAN_VAR": str(home / "var"), "HONGLAN_CONFIG": str(config)}
        os.environ["HONGLAN_SL651_PORT"] = "0"
        _ask(home / "var")


def _stations(file: Path) -> None:
    """As many gauges as there are rounds: each crosses its limit once."""
    text = file.read_text(encoding="utf-8")
    head = text[: text.index("[[station]]")]
    block = (
        '[[station]]\ncode = "{code}"\nname = "{code}"\nriver = "r"\nkind = "river"\nlng = 119.0\n'
        'lat = 31.5\ncommunity = "320117005004"\ndatum = "d"\n'
        "levels = [{{ valid_from = 2010-01-01, warning = 9.0, guarantee = 10.0 }}]\n"
    )
    codes = [f"{3300000000 + n}" for n in range(max(ROUNDS, SENSORS))]
    plans = file.with_name("flood_plans.toml")
    plans.unlink()
    file.write_text(head + "".join(block.format(code=c) for c in codes), encoding="utf-8")


def _ask(var: Path) -> None:
    from cases import alarms, arrival
    from cases.flood_track import Reading
    from cases.schema import utc
    from cases.store import migrate, open_store
    from config import clock
    from config.platforms import load_platforms
    from etl.place import Place
    from tests.etl.stations import report

    var.mkdir()
    store = open_store()
    migrate(store)
    now = NOW + timedelta(minutes=10)
    with Place(var, load_platforms(), store) as place, clock.frozen(now):
        stream = place.feeds["gauge"].stream(lambda: None)
        assert stream is not None
        stream.start()
        watcher = subprocess.Popen(
            [sys.executable, "-c", WATCHER, str(ROUNDS)], stdout=subprocess.PIPE, text=True
        )
        assert watcher.stdout is not None
        watcher.stdout.readline()
        sent: dict[str, float] = {}
        with socket.create_connection(("127.0.0.1", stream.port)) as line:  # type: ignore[attr-defined]
            for n in range(ROUNDS):
                code = f"{3300000000 + n}"
                for step, level in enumerate(("00009100", "00009120")):
                    sent[code] = time.monotonic()
                    line.sendall(report(step, 715 + 5 * step, level, code))
                    line.recv(100)
                time.sleep(0.02)
        seen = json.loads(watcher.stdout.readline())
        watcher.wait()
        stream.stop()
        waits = [(seen[code] - at) * 1000 for code, at in sent.items()]
        p50, p99 = quantile(waits, 0.5), quantile(waits, 0.99)
        show(
            f"reading sent by SL651 → alarm in another process, {ROUNDS}",
            f"p50 {p50:.0f} p99 {p99:.0f} ms",
            "p99 ≤ 1 s on the wall",
        )
        looks = timed(lambda: alarms.version(store), 300)
        show("one look at the version, as every 100 ms", spread(looks), "tiny")
        codes = [f"{3300000000 + n}" for n in range(SENSORS)]
        first = [Reading(code, NOW + timedelta(minutes=30), 9.3) for code in codes]
        second = [replace(each, observed_at=NOW + timedelta(minutes=35)) for each in first]
        start = time.perf_counter()
        with clock.frozen(NOW + timedelta(minutes=36)):
            for rows in (first, second):
                arrival.judge(store, rows, arrival.Received(utc(clock.now())))
        took = time.perf_counter() - start
        show(
            f"{SENSORS} sensors cross at once: both readings judged, stored",
            f"{took:.1f} s, {2 * SENSORS / took:,.0f} readings/s",
            "F19: within a minute",
        )
        with clock.frozen(NOW + timedelta(minutes=37)):
            _screens(var)
    store.close()


def _screens(var: Path) -> None:
    """What the desk and the wall answer while 500 alarms and more are on."""
    import plotly.io as pio

    from cases import alarms
    from config import clock
    from dashboard.desk import alarms as desk
    from dashboard.desk import reading
    from dashboard.gate import caller
    from dashboard.gate.rules import SEAT
    from dashboard.source import Data
    from dashboard.wall import standings
    from dashboard.wall.asking import Memory
    from layouts.wall import load_profiles

    data, profile, memory = Data(var), load_profiles()["lcd_7x3"], Memory()
    on = len(alarms.open_alarms(data.store, clock.now()))

    def at_the_desk() -> str:
        with caller.asking(caller.Caller("bench", SEAT, "-", session=object())):
            drawn = desk.drawn(data, reading.board(data), "")
        return str(pio.json.to_json_plotly(list(drawn)))

    def on_the_wall() -> object:
        with caller.asking(caller.SCREEN):
            standing = standings.look(data, (0, None, clock.local()), memory)
            return standings._props(profile, standing)

    for what, work in (("desk", at_the_desk), ("wall", on_the_wall)):
        before = time.process_time()
        waits = timed(work, 40)
        busy = (time.process_time() - before) / 41 * 1000  # what of it this process worked
        told = f"{spread(waits)}, processor {busy:.0f}"
        show(f"answer of the {what} with {on} alarms open", told, "F19: p95 < 500 ms")
    data.close()


if __name__ == "__main__":
    main()
