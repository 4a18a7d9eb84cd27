"""Judges frames as the ETL does, round after round in a child of its own that dies where armed.

Each round judges so many readings from the first on, one after the other as they come on the line;
the ends of the children are printed.
"""

import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from cases import arrival
from cases.arrival import Received
from cases.schema import utc
from cases.store import open_store
from config import clock, failpoint
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
            for reading in readings[: int(count)]:
                arrival.judge(store, [reading], Received(utc(now)))
        os._exit(0)
    ended = os.waitpid(child, 0)[1]
    print(-signal.SIGKILL if os.WIFSIGNALED(ended) else os.WEXITSTATUS(ended), flush=True)
