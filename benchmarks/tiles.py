"""How fast does a tile answer on the published snapshot of 1 M cases and 3 M readings?

HONGLAN_BENCH_CASES sets another number of cases (readings are three times as many).
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import threading
import time
from datetime import date, datetime, timedelta
from pathlib import Path

from benchmarks.figure import quantile, show, spread, timed

CASES = int(os.environ.get("HONGLAN_BENCH_CASES", "1000000"))
YEARS = 5
FIRST = date(2021, 11, 22)
NOW = datetime(2026, 11, 22, 23, 59)


def fill(var: Path) -> None:
    """Cases and readings straight into core, then models, cube and a publish."""
    from etl.platforms import gauge, hotline_12345
    from warehouse.write import Warehouse

    days = YEARS * 365
    with Warehouse(var, {**hotline_12345.TABLES, **gauge.TABLES}) as store:
        con = store.connection
        con.execute(
            f"""INSERT INTO core.hotline_order BY NAME
            SELECT 'demo:hotline_12345' AS source, 'B' || i AS order_no,
              received AS received_at, received + to_hours(120) AS due_at,
              CASE WHEN h % 50 > 0
                THEN received + to_minutes(CAST(h % 9000 AS INTEGER)) END AS closed_at,
              CASE WHEN h % 3 = 0 THEN received + to_hours(160) END AS revisit_at,
              h % 97 > 0 AS contacted, h % 11 > 0 AS resolved,
              CASE WHEN h % 13 > 0 THEN '满意' ELSE '不满意' END AS satisfaction,
              '投诉' AS req_type,
              printf('%02d%02d%02d', h % 10 + 1, h % 3 + 1, h % 5 + 1) AS class_code,
              printf('320117005%03d', h % 12 + 1) AS community_code,
              printf('320117005%03d%03d', h % 12 + 1, h % 5 + 1) AS grid_code,
              '单位' || (h % 20) AS unit_main, '已办结' AS state, received AS updated_at,
              received AS _version, h AS _hash, 1 AS _batch, received AS _recorded_at
            FROM (SELECT i, hash(i) % 1000003 AS h,
                TIMESTAMP '{FIRST} 00:00:00'
                + to_seconds(CAST(i * {days * 86400} // {CASES} AS BIGINT)) AS received
              FROM range({CASES}) AS t(i))"""
        )
        con.execute(
            f"""INSERT INTO core.gauge_reading BY NAME
            SELECT 'demo:gauge' AS source, printf('32011700%02d', i % 12 + 1) AS station,
              observed AS observed_at, 8 + (hash(i) % 300) / 100.0 AS level_m,
              (hash(i) % 5) / 10.0 AS rain_mm, 0.0833 AS interval_h,
              observed AS _version, hash(i) AS _hash, 1 AS _batch, observed AS _recorded_at
            FROM (SELECT i, TIMESTAMP '{FIRST} 00:00:00'
                + to_seconds(CAST(i * {days * 86400} // {CASES * 3} AS BIGINT)) AS observed
              FROM range({CASES * 3}) AS t(i))"""
        )
        for table in ("hotline_order", "gauge_reading"):
            con.execute(
                f"INSERT INTO core.dirty_day SELECT '{table}', CAST(d AS DATE) FROM "
                f"generate_series(DATE '{FIRST}', DATE '{FIRST + timedelta(days=days)}',"
                " INTERVAL 1 DAY) AS t(d)"
            )
        store.mark_success("hotline_12345", "demo:hotline_12345", NOW)
        store.mark_success("gauge", "demo:gauge", NOW)
        start = time.perf_counter()
        result = store.build()
        assert result.ok, result.failures
        show(
            f"models and metrics, every day, {CASES:,} cases",
            f"{time.perf_counter() - start:.1f} s",
            "-",
        )
        start = time.perf_counter()
        assert store.publish()
        show("publish, first time", f"{time.perf_counter() - start:.2f} s", "1 s at 10 M")
        builds, publishes = [], []
        for n in range(5):
            for back in (0, 3, 900):
                con.execute(
                    "INSERT INTO core.dirty_day VALUES ('hotline_order', $1)",
                    [NOW.date() - timedelta(days=back + n)],
                )
            start = time.perf_counter()
            assert store.build().ok
            builds.append((time.perf_counter() - start) * 1000)
            start = time.perf_counter()
            store._core_changed = True
            from config import clock

            with clock.frozen(NOW + timedelta(minutes=n + 1)):
                assert store.publish()
            publishes.append((time.perf_counter() - start) * 1000)
        show("models and metrics, three dirty days", spread(builds), "300 ms")
        show("publish after a change", spread(publishes), "1 s at 10 M")


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
    var = Path(tempfile.mkdtemp(prefix="honglan-bench-"))
    try:
        fill(var)
        ask(var)
    finally:
        shutil.rmtree(var)


if __name__ == "__main__":
    main()
