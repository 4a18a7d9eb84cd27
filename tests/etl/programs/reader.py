"""Reads what is published, again and again, and looks for anything half.

Each generation is checked once and whole: an order comes with both of its steps, the ledger adds
up, the metric equals its rows, and no generation is older than one seen before. Prints what it
saw when its standard input closes.
"""

import json
import sys
import threading
import time
from datetime import date
from pathlib import Path

from config.environment import environment
from warehouse import generation
from warehouse.engine import open_published
from warehouse.errors import GenerationGone, NoSnapshot
from warehouse.read import MetricQuery, Reader

SPAN = MetricQuery(date(2026, 10, 1), date(2026, 12, 31), source="hotline_12345")
HALF = """
SELECT
  (SELECT count(*) FROM core.hotline_order),
  (SELECT count(DISTINCT order_no) FROM core.hotline_order),
  (SELECT count(*) FROM core.hotline_event),
  (SELECT count(*) FROM core.batch WHERE rows_in <> loaded + unchanged + quarantined),
  (SELECT count(*) FROM core.gauge_reading),
  (SELECT count(DISTINCT station || observed_at) FROM core.gauge_reading)
"""


def look_inside(var: Path, number: int) -> str | None:
    files = generation.core_file(var, number), generation.mart_file(var, number)
    con = open_published(*files, threads=1)
    try:
        orders, keys, events, torn, readings, moments = con.execute(HALF).fetchone()
    finally:
        con.close()
    if orders != keys or events != 2 * orders or torn or readings != moments:
        return f"generation {number}: {orders=} {keys=} {events=} {torn=} {readings=} {moments=}"
    return None


def main() -> None:
    var = environment().var
    seen: dict[str, int] = {"rounds": 0, "generations": 0, "newest": 0, "orders": 0}
    wrong: list[str] = []
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    reader = Reader(var)
    is_last = False
    while not is_last:
        is_last = ended.is_set()  # one more look after the end
        try:
            now = reader.current()
            if now is None:
                time.sleep(0.25)
                continue
            answer = reader.metric("hotline_received", SPAN)
            rows = reader.rows("hotline_received", SPAN, limit=1, generation=answer.generation)
            if (answer.value or 0) != rows.total:
                wrong.append(f"{answer.generation}: {answer.value} is not {rows.total}")
            if answer.generation < seen["newest"]:
                wrong.append(f"{answer.generation} came after {seen['newest']}")
            if answer.generation > seen["newest"]:
                seen["newest"], seen["orders"] = answer.generation, rows.total
                seen["generations"] += 1
                fault = look_inside(var, answer.generation)
                if fault:
                    wrong.append(fault)
            seen["rounds"] += 1
        except (NoSnapshot, GenerationGone):
            pass
        except Exception as error:  # noqa: BLE001 - whatever a reader meets is told
            wrong.append(f"{type(error).__name__}: {error}")
        time.sleep(0.25)
    print(json.dumps({**seen, "wrong": wrong[:20]}, default=str), flush=True)


main()
