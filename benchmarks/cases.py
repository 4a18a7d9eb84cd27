"""How fast are a case table's pages, its search and a subject page's figures, for one and eight?"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import many, tiles
from benchmarks.figure import quantile, show, spread, timed
from benchmarks.many import NOW

LAST = NOW.date()
MONTH, YEAR, EVER = timedelta(days=29), timedelta(days=364), timedelta(days=36_500)
PAGE = (  # what a subject page asks before it is drawn
    ("hotline_received", (None, "day", "community", "class", "unit")),
    ("hotline_closed", (None, "day")),
    ("hotline_on_time_rate", (None, "community", "unit")),
    ("hotline_response_rate", (None,)),
    ("hotline_satisfaction_rate", (None,)),
    ("hotline_open", (None, "community")),
    ("hotline_overdue", (None,)),
)


def ask(var: Path) -> None:
    from warehouse.read import Filter, MetricQuery, Reader, Scope, Sift, contribution

    reader = Reader(var, remembers=0)
    pages = Reader(var)  # remembers what was asked together
    of_unit = pages.within(Scope(units=("单位3", "单位5")))
    of_village = pages.within(Scope(communities=("320117005003",)))
    chance = random.Random(7)

    def rows(reach: timedelta, words: str = "", **options: Any) -> None:
        back = timedelta(days=chance.randrange(300)) if reach == MONTH else timedelta()
        query = MetricQuery(LAST - back - reach, LAST - back)
        sift = Sift(words, options.pop("full", False), options.pop("filters", ()))
        reader.rows("hotline_received", query, **{"limit": 100, "sift": sift, **options})

    def number() -> str:
        return f"XF{chance.randrange(many.CASES):010d}"

    def title() -> str:
        return f"{chance.choice(many.ROADS)}{chance.randrange(300)}号路灯"

    def figures(whose: Reader = pages) -> None:
        """As a page asks: together first, then one by one; other days each time."""
        last = LAST - timedelta(days=chance.randrange(300))
        wanted = [
            (metric, MetricQuery(last - MONTH, last, by=by))
            for metric, dimensions in PAGE
            for by in dimensions
        ]
        whose.ahead(wanted)
        for metric, query in wanted:
            whose.metric(metric, query)

    def explained() -> None:
        now = MetricQuery(LAST - MONTH, LAST, by="community")
        before = MetricQuery(LAST - 2 * MONTH, LAST - MONTH - timedelta(days=1), by="community")
        one, two = (reader.metric("hotline_received", each) for each in (now, before))
        contribution(reader.definitions()["hotline_received"], two, one)

    unhappy = (Filter("satisfaction", "equals", ("不满意",)),)
    asked: dict[str, tuple[Callable[[], None], int, str]] = {
        "table page, newest of a month": (lambda: rows(MONTH), 30, "100 / 300 ms"),
        "table page, newest of everything": (lambda: rows(EVER), 20, "100 / 300 ms"),
        "table page, page 50 of a year": (lambda: rows(YEAR, offset=5000), 20, "100 / 300 ms"),
        "table page, a month by title": (lambda: rows(MONTH, sort="title"), 20, "100 / 300 ms"),
        "table page, a month filtered": (
            lambda: rows(MONTH, filters=unhappy),
            20,
            "100 / 300 ms",
        ),
        "search by number, everything": (lambda: rows(EVER, number()), 20, "500 ms"),
        "search by title, a year": (lambda: rows(YEAR, title()), 5, "500 ms"),
        "search by title, everything": (lambda: rows(EVER, title()), 5, "500 ms"),
        "search by place, everything": (
            lambda: rows(EVER, chance.choice(many.ROADS)),
            5,
            "500 ms",
        ),
        "all hits of a place counted, everything": (
            lambda: rows(EVER, chance.choice(many.ROADS), limit=0),
            3,
            "before a file",
        ),
        "full text over a year": (
            lambda: rows(YEAR, f"编号{chance.randrange(99991)}", full=True),
            5,
            "500 ms",
        ),
        "figures of a subject page": (figures, 20, "150 / 400 ms"),
        "figures of a subject page, of two units": (
            lambda: figures(of_unit),
            10,
            "150 / 400 ms",
        ),
        "figures of a subject page, of a village": (
            lambda: figures(of_village),
            10,
            "150 / 400 ms",
        ),
        "contribution of communities to a change": (explained, 20, "300 ms"),
    }
    for what, (work, times, reach) in asked.items():
        cpu = time.process_time()
        alone = timed(work, times)
        spent = (time.process_time() - cpu) * 1000 / (times + 1)
        show(f"{what}, one reader", f"{spread(alone)}, CPU {spent:.0f}", reach)
        together, refused = _eight(work, max(2, times // 5))
        said = f"{reach}, worst {quantile(together, 1):.0f}, refused {refused}"
        show(f"{what}, eight readers", spread(together), said)
    show("memory of the reader at its most", f"{many.memory_mb():.0f} MB", "256 MB and Python")


def _eight(work: Callable[[], None], times: int) -> tuple[list[float], int]:
    """What eight at once waited, and how many of them were refused for time or memory."""
    from warehouse.errors import QueryFailed

    waits: list[float] = []
    refused: list[str] = []

    def reading() -> None:
        for _ in range(times):
            start = time.perf_counter()
            try:
                work()
            except QueryFailed as error:
                refused.append(str(error))
            waits.append((time.perf_counter() - start) * 1000)

    threads = [threading.Thread(target=reading) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits, len(refused)


def main() -> None:
    with many.folder() as var:
        if not many.is_filled(var):
            tiles.fill(var)
        ask(var)


if __name__ == "__main__":
    main()
