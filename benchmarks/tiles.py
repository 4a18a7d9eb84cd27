"""How fast does a tile answer on the published snapshot, and how fast is that made?"""

from __future__ import annotations

import random
import threading
import time
from datetime import date, timedelta
from pathlib import Path

from benchmarks import many
from benchmarks.figure import quantile, show, spread, timed
from benchmarks.many import NOW

REACH_BUILD = "300 ms"


def fill(var: Path) -> None:
    """Cases and readings straight into core, then models, cube and a publish."""
    from config import clock
    from etl.platforms import gauge, hotline_12345
    from warehouse.write import Warehouse

    with Warehouse(var, {**hotline_12345.TABLES, **gauge.TABLES}) as store:
        con = store.connection
        start = time.perf_counter()
        many.fill(con)
        store.mark_success("hotline_12345", "demo:hotline_12345", NOW)
        store.mark_success("gauge", "demo:gauge", NOW)
        store.checkpoint()
        show("rows written by the benchmark itself", f"{time.perf_counter() - start:.0f} s", "-")
        start = time.perf_counter()
        with clock.frozen(NOW):
            result = store.build()
        assert result.ok, result.failures
        what = f"models and metrics, every day, {many.CASES:,} cases"
        show(what, f"{time.perf_counter() - start:.1f} s", "-")
        start = time.perf_counter()
        with clock.frozen(NOW):
            assert store.publish()
        show("publish, first time", f"{time.perf_counter() - start:.2f} s", "1 s at 10 M")
        builds, cpu, publishes = [], [], []
        for n in range(5):
            for back in (0, 3, 900):
                con.execute(
                    "INSERT INTO core.dirty_day VALUES ('hotline_order', $1)",
                    [NOW.date() - timedelta(days=back + n)],
                )
            with clock.frozen(NOW + timedelta(minutes=n + 1)):
                start, spent = time.perf_counter(), time.process_time()
                assert store.build().ok
                builds.append((time.perf_counter() - start) * 1000)
                cpu.append((time.process_time() - spent) * 1000)
                start = time.perf_counter()
                store._core_changed = True
                assert store.publish()
                publishes.append((time.perf_counter() - start) * 1000)
        show("models and metrics, three dirty days", spread(builds), REACH_BUILD)
        show("  of it CPU, on two cores", spread(cpu), "-")
        show("publish after a change", spread(publishes), "1 s at 10 M")
        show("memory of the writer at its most", f"{many.memory_mb():.0f} MB", "600 MB and Python")


def ask(var: Path) -> None:
    from warehouse.read import MetricQuery, Reader

    reader = Reader(var)
    chance = random.Random(7)
    last = NOW.date()

    def month(back: int) -> tuple[date, date]:
        end = last - timedelta(days=back)
        return end - timedelta(days=29), end

    def one() -> None:
        first, end = month(chance.randrange(1500))
        metric = chance.choice(
            ["hotline_received", "hotline_closed", "hotline_on_time_rate", "hotline_response_rate"]
        )
        by = chance.choice([None, "day", "community", "unit", "class"])
        reader.metric(metric, MetricQuery(first, end, by=by))

    def two() -> None:
        first, end = month(chance.randrange(1500))
        reader.metric(
            "hotline_received",
            MetricQuery(first, end, by="unit", community="320117005003"),
        )

    def median() -> None:
        first, end = month(chance.randrange(1500))
        reader.metric("hotline_handling_days", MetricQuery(first, end))

    def stock() -> None:
        reader.metric("hotline_open", MetricQuery(last, last, by="community"))

    show("tile, total or one dimension, one reader", spread(timed(one, 300)), "p95 5 ms")
    show("tile, two dimensions", spread(timed(two, 40)), "300 ms")
    show("tile, median", spread(timed(median, 40)), "300 ms")
    show("tile, stock by community at the present", spread(timed(stock, 40)), "p95 5 ms")
    waits: list[float] = []

    def reading() -> None:
        own = timed(one, 100)
        waits.extend(own)

    threads = [threading.Thread(target=reading) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    show("tile, eight readers at once", spread(waits), f"p95 60 ms, worst {quantile(waits, 1):.0f}")


def main() -> None:
    with many.folder() as var:
        if not many.is_filled(var):
            fill(var)
        ask(var)


if __name__ == "__main__":
    main()
