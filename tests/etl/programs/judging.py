"""Judges frames as the ETL does, round after round in a child of its own that dies where armed.

A round hands over so many readings: what may be known already in one piece, as a segment does, then
the newest by itself, as it comes on the line. After each round stands how its child ended and how
many events lie in the store then.
"""

import os
import signal
import sqlite3
import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from cases import arrival
from cases.arrival import Received
from cases.schema import utc
from cases.store import open_store
from config import clock, failpoint
from config.environment import environment
from etl import registry
from etl.arrival import readings_of

data, start = Path(sys.argv[1]).read_bytes(), datetime.fromisoformat(sys.argv[2])
rows = [row for name, row in registry.parser("gauge")(data) if name == "gauge_reading"]
readings = sorted(readings_of(rows), key=lambda each: each.observed_at)
for each in sys.argv[3:]:
    count, point = each.split(" ")
    child = os.fork()
    if child == 0:
        failpoint.arm(point)
        now = start + timedelta(minutes=5 * int(count))
        with clock.frozen(now):
            store = open_store()
            for piece in (readings[: int(count) - 1], readings[int(count) - 1 : int(count)]):
                arrival.judge(store, piece, Received(utc(now)))
        os._exit(0)
    ended = os.waitpid(child, 0)[1]
    kept = sqlite3.connect(environment().var / "cases.sqlite3")  # no fork while it is open
    events = kept.execute("SELECT count(*) FROM alarm_events").fetchone()[0]
    kept.close()
    end = -signal.SIGKILL if os.WIFSIGNALED(ended) else os.WEXITSTATUS(ended)
    print(end, events, flush=True)
