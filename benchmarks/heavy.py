"""Loads orders into the state of HONGLAN_VAR as the ETL does: landed, merged, published every 15 s.

`python -m benchmarks.heavy ROWS`; part of `crowd`.
"""

from __future__ import annotations

import json
import sys
import time

from benchmarks.figure import show
from benchmarks.load import PAGE, hotline_page
from cases.store import open_store
from config.environment import ROOT, environment
from config.platforms import load_platforms
from etl.health import Tally
from etl.loader import Loader
from etl.pile import Pile

KEY = "hotline_12345"
FIXTURE = ROOT / "tests" / "fixtures" / "platforms" / KEY / "payload.json"
PUBLISH_S, AT_ONCE = 15.0, 10_000


def page(first: int) -> bytes:
    """One answer in which no field lacks that the platform ever sent."""
    answer = json.loads(hotline_page(first, 0))
    payload = FIXTURE.read_text(encoding="utf-8")
    whole = json.loads(payload)["result"]["pageData"]["records"][0] | {"lz": []}
    records = answer["result"]["pageData"]["records"]
    answer["result"]["pageData"]["records"] = [whole | one for one in records]
    return json.dumps(answer).encode()


def main(rows: int) -> None:
    begun, cpu = time.monotonic(), time.process_time()
    platforms = load_platforms()
    source, done, published = platforms[KEY].source, 0, time.monotonic()
    with Loader(environment().var, platforms, open_store()) as loader:
        try:
            for first in range(0, rows, AT_ONCE):
                with Pile(loader, KEY, Tally()) as pile:
                    for start in range(first, min(first + AT_ONCE, rows), PAGE):
                        content = page(start)
                        ref = loader.archive.land(KEY, content, ext="json", source=source)
                        pile.add(ref, content)
                done = min(first + AT_ONCE, rows)
                if time.monotonic() - published > PUBLISH_S:
                    loader.publish()
                    published = time.monotonic()
            loader.publish()
        finally:
            spent = f"{done:,} rows in {time.monotonic() - begun:.0f} s"
            show(f"L3, loading process ({time.process_time() - cpu:.0f} s CPU)", spent, "1,000,000")


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    main(int(sys.argv[1]))
