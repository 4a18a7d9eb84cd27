"""How many rows a second does each transport bring: asked over its real protocol, then merged?

Servers are those of Debian's packages, on loopback, in folders of their own.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from benchmarks.figure import show
from tests.etl import servers

ROWS, MESSAGES, PAGE = 10_000, 5_000, 1_000
NOW = datetime(2026, 11, 23, 12)
START = datetime(2026, 11, 1)
CASE = "rec_id, event_src_id, type_code, community_id, create_time, act_state, update_time"
TABLE = """
CREATE TABLE {schema}cases (rec_id {text} PRIMARY KEY, event_src_id {text}, type_code {text},
  community_id {text}, create_time {time}, act_state {text}, update_time {time});
CREATE INDEX by_update ON {schema}cases (update_time, rec_id);
"""
FILL = {
    "postgresql+psycopg": TABLE.format(schema="", text="text", time="timestamp")
    + f"""INSERT INTO cases SELECT 'R' || n, '1', '010203', '320117005001',
      timestamp '2026-11-01' + n * interval '1 minute', '1',
      timestamp '2026-11-01' + n * interval '1 minute' FROM generate_series(1, {ROWS}) AS n;""",
    "mysql+pymysql": "USE street;"
    + TABLE.format(schema="", text="varchar(32)", time="datetime")
    + f"""INSERT INTO cases SELECT concat('R', seq), '1', '010203', '320117005001',
      '2026-11-01' + INTERVAL seq MINUTE, '1', '2026-11-01' + INTERVAL seq MINUTE
      FROM seq_1_to_{ROWS};""",
}


def hotline() -> list[dict[str, str]]:
    """Orders sorted by update time, as a platform holds them."""
    return [
        {
            "gdbh": f"B{n}",
            "slsj": (START + timedelta(minutes=n)).isoformat(),
            "gxsj": (START + timedelta(minutes=n)).isoformat(),
            "sqr": "王大明",
            "lxdh": f"138{n:08d}",
            "nr": "小区北门路灯连续三晚不亮，请尽快处理。",
            "sqfl": "020301",
            "sqbm": "320117005001",
            "gdzt": "办理中",
        }
        for n in range(ROWS)
    ]


@contextmanager
def answering(records):  # type: ignore[no-untyped-def]
    """A platform over HTTP that knows its records by update time."""
    times = [each["gxsj"] for each in records]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            from bisect import bisect_left

            asked = dict(parse_qsl(urlsplit(self.path).query))
            size, page = int(asked["pageSize"]), int(asked["pageNumber"])
            first = bisect_left(times, asked.get("updatedSince", ""))
            found = records[first + (page - 1) * size : first + page * size]
            data = {"total": len(records) - first, "records": found}
            body = json.dumps({"code": "0000", "result": {"pageData": data}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/list"
    finally:
        server.shutdown()
        server.server_close()


def bring(what: str, platform) -> None:  # type: ignore[no-untyped-def]
    """Ask alone, then ask, land and merge into a warehouse of its own."""
    from cases.store import migrate, open_store
    from etl.feed import Feed
    from etl.health import Tally
    from etl.loader import Loader
    from etl.transports.answer import transport

    poll = transport(platform.transport).poll(platform)
    start = time.perf_counter()
    rows = sum(answer.records for answer in poll.pages(None, NOW))
    show(f"{what}: asked", f"{rows / (time.perf_counter() - start):,.0f} rows/s", "-")
    poll.close()
    with tempfile.TemporaryDirectory(prefix="honglan-bench-") as folder:
        os.environ["HONGLAN_VAR"] = folder
        store = open_store()
        migrate(store)
        with Loader(Path(folder), {platform.key: platform}, store) as loader:
            feed, tally = Feed(loader, platform), Tally()
            start = time.perf_counter()
            feed.poll(tally)
            seconds = time.perf_counter() - start
            feed.close()
        store.close()
    assert tally.loaded >= ROWS, tally
    show(f"{what}: asked, landed, merged", f"{rows / seconds:,.0f} rows/s", "-")


def listen() -> None:
    """Messages that wait at the broker, until each is on disk and acknowledged."""
    from config.platforms import load_platforms
    from etl.transports import mqtt

    base = next(iter(load_platforms().values()))
    with servers.mosquitto() as broker, tempfile.TemporaryDirectory() as folder:
        options = {"host": "127.0.0.1", "port": broker.port, "topics": ["iot/#"]}
        options |= {"user": servers.USER, "password_env": "BENCH_PASSWORD"}
        platform = replace(base, key="iot_device", transport="mqtt", options=options)
        for messages in (1, MESSAGES):  # the first makes the session
            reading = mqtt.stream(platform, Path(folder), lambda: None)
            if messages > 1:
                broker.publish("iot/1/up", *(b'{"v": %d}' % n for n in range(messages)))
            start = time.perf_counter()
            reading.start()
            while messages > 1 and reading.count.acknowledged < messages:
                time.sleep(0.002)
            while not reading.is_reading:
                time.sleep(0.002)
            seconds = time.perf_counter() - start
            reading.stop()
    show("mqtt: received, synced, acknowledged", f"{MESSAGES / seconds:,.0f} messages/s", "-")


def main() -> None:
    os.environ["BENCH_PASSWORD"] = servers.PASSWORD
    os.environ["HOTLINE_12345_TOKEN"] = "t"
    os.environ["HONGLAN_VAR"] = var = tempfile.mkdtemp(prefix="honglan-bench-")
    from config import clock
    from config.platforms import load_platforms

    platforms = load_platforms()
    try:
        with clock.frozen(NOW):
            with answering(hotline()) as url:
                asked = platforms["hotline_12345"]
                options = {**asked.options, "url": url, "size": PAGE}
                bring("rest", replace(asked, options=options, totals={}))
            for driver, server in (
                ("postgresql+psycopg", servers.postgresql),
                ("mysql+pymysql", servers.mariadb),
            ):
                with server() as there:
                    there["say"](FILL[driver])
                    options = {"driver": driver, "host": "127.0.0.1", "port": there["port"]}
                    options |= {"database": there["database"], "user": servers.USER}
                    options |= {"password_env": "BENCH_PASSWORD", "view": "cases", "key": "rec_id"}
                    options |= {"updated": "update_time", "size": PAGE}
                    asked = replace(platforms["urban_case"], options=options, totals={})
                    bring(f"sql_view, {driver.partition('+')[0]}", asked)
        listen()
    finally:
        shutil.rmtree(var)


if __name__ == "__main__":
    main()
