"""How many rows a second does a REST delivery reach core with: landed, parsed, sealed, merged?"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.figure import show, spread, timed

ROWS, PAGE = 10_000, 1_000
START = datetime(2026, 11, 1)


def hotline_page(first: int, round_: int) -> bytes:
    """Orders with caller, telephone, address and free text."""
    records = []
    for n in range(first, first + PAGE):
        received = START + timedelta(minutes=n % 28_000)  # none after today
        records.append(
            {
                "gdbh": f"B{n}",
                "slsj": received.isoformat(),
                "gxsj": (received + timedelta(hours=round_)).isoformat(),
                "blsx": (received + timedelta(days=5)).isoformat(),
                "sqr": "王大明",
                "lxdh": f"138{n:08d}",
                "dz": f"清泉社区{n % 90}幢{n % 30}室",
                "bt": "路灯不亮",
                "nr": "小区北门路灯连续三晚不亮，请尽快处理。",
                "sqfl": "020301",
                "sqbm": "320117005001",
                "zbdw": "城管中队",
                "gdzt": "办理中",
            }
        )
    return json.dumps({"code": "0000", "result": {"pageData": {"records": records}}}).encode()


def weather_page(first: int, round_: int) -> bytes:
    """Readings without anything personal."""
    listed = []
    for n in range(first, first + PAGE):
        at = START + timedelta(minutes=n)
        listed.append(
            {
                "kind": "obs",
                "stationId": "58238",
                "obsTime": at.isoformat(),
                "temp": 12.5,
                "humidity": 70,
                "windSpeed": 3.1,
                "windDir": "东北",
                "sky": "阴",
                "rain1h": 0.0,
                "rain24h": 1.2,
                "next6hLow": 0.0,
                "next6hHigh": 1.0,
                "updateTime": (at + timedelta(hours=round_)).isoformat(),
            }
        )
    return json.dumps({"status": 200, "data": {"list": listed}}).encode()


def idle(loader) -> None:  # type: ignore[no-untyped-def]
    """A cycle in which all 25 platforms answer what they answered before."""
    fixtures = Path(__file__).parent.parent / "tests" / "fixtures" / "platforms"
    files = {folder.name: next(folder.glob("payload.*")) for folder in fixtures.iterdir()}
    contents = {key: (file.suffix[1:], file.read_bytes()) for key, file in files.items()}

    def cycle() -> None:
        for key, (ext, content) in contents.items():
            platform = loader.platforms[key]
            loader.archive.begin(key)
            loader.take(key, content, ext=ext, source=platform.source)
            loader.succeeded(platform, clock.local())
        loader.publish()

    from config import clock

    loader.catch_up()
    loader.publish(force=True)
    cycle()
    spent = []
    for _ in range(10):
        start = time.process_time()
        cycle()
        spent.append((time.process_time() - start) * 1000)
    show(f"a cycle with nothing new, {len(contents)} platforms, CPU", spread(spent), "500 ms")


def main() -> None:
    var = Path(tempfile.mkdtemp(prefix="honglan-bench-"))
    os.environ["HONGLAN_VAR"] = str(var)
    from cases.store import migrate, open_store
    from config import clock
    from config.platforms import load_platforms
    from etl.health import Tally
    from etl.loader import Loader
    from etl.pile import Pile

    try:
        store = open_store()
        migrate(store)
        platforms = load_platforms()
        with clock.frozen(datetime(2026, 11, 23, 12)), Loader(var, platforms, store) as loader:
            for key, page, reach in (
                ("weather", weather_page, "40,000 rows/s"),
                ("hotline_12345", hotline_page, "20,000 rows/s with personal columns"),
            ):
                source = platforms[key].source
                best = 0.0
                for round_ in range(4):  # the first is new, the others are all updates
                    pages = [page(first, round_) for first in range(0, ROWS, PAGE)]
                    start = time.perf_counter()
                    with Pile(loader, key, Tally()) as pile:  # as a poll does
                        for content in pages:
                            pile.add(
                                loader.archive.land(key, content, ext="json", source=source),
                                content,
                            )
                    best = max(best, ROWS / (time.perf_counter() - start))
                show(f"{key}: land, read, merge {ROWS:,} rows by key", f"{best:,.0f} rows/s", reach)
            idle(loader)
            again = weather_page(0, 3)

            def unchanged() -> None:
                loader.archive.begin("weather")
                loader.take("weather", again, ext="json", source="demo:weather")

            unchanged()
            show("one unchanged answer", spread(timed(unchanged, 25)), "25 in 500 ms")
    finally:
        shutil.rmtree(var)


if __name__ == "__main__":
    main()
