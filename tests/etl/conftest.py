"""An installation of its own for each test: state, configuration, a platform to talk to."""

from __future__ import annotations

import gzip
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import structlog

from config.environment import ROOT, environment
from config.platforms import load_platforms
from etl.place import Place
from tests import fresh

HOTLINE = """
[hotline_12345]
name = "12345政务服务便民热线"
owner = "热线办"
transport = "rest"
every = "1m"
stale_after = "20m"

[hotline_12345.rest]
url = "{url}"
auth = "bearer"
token_env = "HOTLINE_TOKEN"
page = "number"
page_param = "pageNumber"
size_param = "pageSize"
size = {size}
since_param = "updatedSince"
overlap = "10m"
ok_field = "code"
ok_value = "0000"
message_field = "message"
records = "result.pageData.records"
total = "result.pageData.total"
cursor_field = "gxsj"
"""
MEDIATION = """
[mediation]
name = "矛盾纠纷调处化解平台"
owner = "矛调中心"
transport = "files"
every = "5m"
stale_after = "2h"

[mediation.files]
pattern = "*.xlsx"
"""
GAUGE = """
[gauge]
name = "防汛水位雨量遥测"
owner = "区水务局"
transport = "sl651"
every = "5m"
stale_after = "20m"

[gauge.sl651]
centre = "01"
"""


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """What a test made of the log does not outlive it."""
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """HONGLAN_VAR, HONGLAN_CONFIG and the secrets of one test."""
    state, config = tmp_path / "var", tmp_path / "config"
    state.mkdir()
    shutil.copytree(ROOT / "config", config, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setenv("HONGLAN_VAR", str(state))
    monkeypatch.setenv("HONGLAN_CONFIG", str(config))
    monkeypatch.setenv("HONGLAN_SL651_PORT", "0")
    monkeypatch.setenv("HONGLAN_PUSH_PORT", "0")
    monkeypatch.setenv("HOTLINE_TOKEN", "a-token-of-the-test")
    monkeypatch.delenv("HONGLAN_CASES_URL", raising=False)
    return state


@pytest.fixture
def configure(var: Path) -> Callable[[str], None]:
    """Write platforms.toml."""

    def write(text: str) -> None:
        (environment().config / "platforms.toml").write_text(text, encoding="utf-8")

    return write


@pytest.fixture
def place(var: Path) -> Iterator[Callable[[], Place]]:
    """Opens the place where the work is done, as the configuration is at that moment."""
    opened: list[Place] = []

    def make() -> Place:
        platforms = load_platforms()
        fresh.warehouse(var, platforms)
        opened.append(Place(var, platforms, fresh.store()))
        return opened[-1]

    yield make
    for each in opened:
        each.__exit__(None, None, None)
        each.store.close()


def order(number: int, updated_at: str, **more: str | None) -> dict:
    """A hotline order as the platform sends it."""
    return {
        "gdbh": f"HL{number:06d}",
        "sqr": "王五",
        "lxdh": "025-57200011",
        "bt": "路灯不亮",
        "sqfl": "050203",
        "sqflmc": "市政设施",
        "sqbm": "320117005001",
        "zbdw": "城管中队",
        "slsj": "2026-11-01T08:00:00",
        "gdzt": "办理中",
        "gxsj": updated_at,
        "lz": [
            {"xh": "1", "cz": "受理", "sj": "2026-11-01T08:00:00"},
            {"xh": "2", "cz": "派单", "sj": "2026-11-01T08:10:00"},
        ],
        **more,
    }


class Hotline:
    """A hotline platform on a loopback port: sorted by update time, paged, with a token."""

    def __init__(self) -> None:
        self.records: list[dict] = []
        self.asked: list[dict[str, str]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], bool] | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if outer.answer is not None and outer.answer(self):
                    return
                outer.reply(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # a client that went away is no news
        self.url = f"http://127.0.0.1:{self.server.server_port}/order/list"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def reply(self, handler: BaseHTTPRequestHandler) -> None:
        from urllib.parse import parse_qsl, urlsplit

        asked = dict(parse_qsl(urlsplit(handler.path).query))
        self.asked.append(asked)
        if handler.headers["Authorization"] != "Bearer a-token-of-the-test":
            send(handler, b"", status=401)
            return
        size, page = int(asked["pageSize"]), int(asked["pageNumber"])
        found = [r for r in self.records if (r["gxsj"] or "") >= asked["updatedSince"]]
        found.sort(key=lambda r: (r["gxsj"], r["gdbh"]))
        data = {"total": len(found), "records": found[(page - 1) * size : page * size]}
        body = {"code": "0000", "message": None, "result": {"pageData": data}}
        send(handler, gzip.compress(json.dumps(body).encode()), {"Content-Encoding": "gzip"})

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def send(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    headers: dict[str, str] | None = None,
    status: int = 200,
) -> None:
    """One whole answer."""
    handler.send_response(status)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def hotline() -> Iterator[Hotline]:
    """A hotline platform to ask."""
    platform = Hotline()
    yield platform
    platform.close()


@pytest.fixture
def make_order() -> Callable[..., dict]:
    """Orders as the platform sends them."""
    return order


@pytest.fixture
def respond() -> Callable[..., None]:
    """Sends one whole answer from a handler."""
    return send


@pytest.fixture
def blocks() -> dict[str, str]:
    """Blocks for platforms.toml, by key."""
    return {"hotline": HOTLINE, "mediation": MEDIATION, "gauge": GAUGE}


@pytest.fixture
def core() -> Callable[[Place, str], list[tuple]]:
    """Asks core as the writer sees it."""

    def ask(at: Place, sql: str) -> list[tuple]:
        with at.loader.writing() as warehouse:
            return warehouse.connection.execute(sql).fetchall()

    return ask
