"""How fast does a tile answer on the published snapshot, and how fast is that made?"""

from __future__ import annotations

import random
import threading
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import many
from benchmarks.figure import quantile, show, spread, timed
from benchmarks.many import NOW

if TYPE_CHECKING:
    from warehouse.batch import Batch

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
        core = (var / "warehouse" / "core.duckdb").stat().st_size
        show("sketches of the searched texts", f"{many.CASES * 80 / core:.0%} of core", "small")
        builds, cpu, publishes = [], [], []
        for n in range(7):  # from the fifth publish on there is an expired copy to write over
            for back in (0, 3, 900):
                con.execute(
                    "INSERT INTO core.dirty_day VALUES ('hotline_order', $1)",
                    [NOW.date() - timedelta(days=back + n)],
                )
            now = NOW + timedelta(minutes=6 * (n + 1))
            with clock.frozen(now):
                start, spent = time.perf_counter(), time.process_time()
                assert store.build().ok
                builds.append((time.perf_counter() - start) * 1000)
                cpu.append((time.process_time() - spent) * 1000)
                store.load(_orders(n, now))
                assert store.build().ok
                start, spent = time.perf_counter(), time.process_time()
                assert store.publish()
                publishes.append(
                    (
                        (time.perf_counter() - start) * 1000,
                        (time.process_time() - spent) * 1000,
                    )
                )
        show("models and metrics, three dirty days", spread(builds), REACH_BUILD)
        show("  of it CPU, on two cores", spread(cpu), "-")
        for what, some in (("a whole copy", publishes[:3]), ("what differs", publishes[3:])):
            walls, spents = zip(*some, strict=True)
            told = f"{spread(list(walls))}, CPU {quantile(list(spents), 0.5):.0f}"
            show(f"publish of twenty new orders, {what}", told, "1 s at 10 M, 0.2 s at 1 M")
        show("memory of the writer at its most", f"{many.memory_mb():.0f} MB", "450 MB and Python")


def _orders(n: int, now: datetime) -> Batch:
    """Twenty orders of the last days, as one delivery."""
    from warehouse.batch import Batch

    rows = [
        {
            "order_no": f"NEW{n}{i:05d}",
            "received_at": (NOW - timedelta(hours=i)).isoformat(sep=" "),
            "title": "春溪路12号路灯不亮",
            "unit_main": f"单位{i}",
            "updated_at": now.isoformat(sep=" "),
        }
        for i in range(20)
    ]
    source = "demo:hotline_12345"
    return Batch(f"new {n}", "hotline_12345", source, "-", now, None, {"hotline_order": rows})


def ask(var: Path) -> None:
    from warehouse.read import MetricQuery, Reader

    reader = Reader(var, remembers=0)
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

    for what, work, times, reach in (
        ("tile, total or one dimension, one reader", one, 300, "p95 5 ms"),
        ("tile, two dimensions", two, 40, "300 ms"),
        ("tile, median", median, 40, "300 ms"),
        ("tile, stock by community at the present", stock, 40, "p95 5 ms"),
    ):
        cpu = time.process_time()
        alone = timed(work, times)
        spent = (time.process_time() - cpu) * 1000 / (times + 1)
        show(what, f"{spread(alone)}, CPU {spent:.1f}", reach)
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
