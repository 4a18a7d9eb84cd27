"""Log injection (S14): whatever is written into a log, one event is one line of JSON."""

import io
import json
import logging
import sys

import pytest
import structlog
from _pytest.logging import LogCaptureHandler

from cases import audit
from config import log
from tests.attacks.payloads import LOGGED, WEB
from tests.dashboard.conftest import Visitor

pytestmark = pytest.mark.sec


@pytest.fixture
def logged(monkeypatch):
    """What the processes write, as its lines; nothing of it outlives the test."""
    written, before = io.StringIO(), list(logging.getLogger().handlers)
    # a report with half a character in it cannot be sent from one test process to the other
    monkeypatch.setattr(LogCaptureHandler, "emit", lambda *_: None)
    monkeypatch.setattr(sys, "stderr", written)
    log.configure("web")
    yield lambda: [each for each in written.getvalue().split("\n") if each]
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.getLogger().handlers[:] = before


@pytest.mark.parametrize("text", LOGGED, ids=ascii)
def test_s14_a_text_in_an_event_stays_in_its_line_and_comes_back_as_it_was(logged, text):
    structlog.get_logger("x").warning("seen", said=text, **{"k": {text: [text]}})
    (line,) = logged()
    assert json.loads(line)["said"] == text and json.loads(line)["k"] == {text: [text]}
    assert line.splitlines() == [line], "for every reader of lines"
    assert not any(ord(sign) < 32 or 0x7F <= ord(sign) <= 0x9F for sign in line)


@pytest.mark.parametrize("text", LOGGED, ids=ascii)
def test_s14_a_librarys_message_and_a_traceback_are_one_line_each(logged, text):
    logging.getLogger("uvicorn.error").warning("Invalid request %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        structlog.get_logger("x").exception("failed")
        logging.getLogger("asyncio").exception("failed %r", text)
    lines = logged()
    assert len(lines) == 3
    told = [json.loads(line) for line in lines]
    assert told[0]["event"] == f"Invalid request {text}" and told[0]["level"] == "warning"
    assert "Traceback" in told[1]["exception"] and "Traceback" in told[2]["exception"]
    assert all(line.splitlines() == [line] for line in lines)


def test_s14_what_a_visitor_says_at_the_door_makes_whole_lines_and_whole_rows(logged, house, store):
    before, visitor = len(audit.recent(store)), Visitor(house[1])
    for number, text in enumerate([*LOGGED, *WEB[::20]]):
        client = f"10.1.{number // 200}.{number % 200 + 1}"
        header = "".join(s for s in text if s not in "\r\n\0").encode("utf-8", "replace")
        agent = {"user-agent": header.decode("latin-1")[:900]}
        said = visitor.login(text.encode("utf-8", "replace"), "wrong-" + text[:50].encode(
            "utf-8", "replace").decode(), headers=agent, client=client)  # fmt: skip
        assert said.status in (400, 401, 413, 429), (text, said.status)
        path = "/hotline/" + header.decode("latin-1")[:200].replace("?", "")
        assert visitor.get(path, headers=agent, client=client).status in (303, 401, 404)
    lines = logged()
    assert len(lines) > 10
    for line in lines:
        assert isinstance(json.loads(line), dict) and line.splitlines() == [line]
    rows = audit.recent(store, 200)
    assert len(rows) > before
    for row in rows:
        assert isinstance(json.loads(row.detail), dict)
    assert audit.verify(store) == len(rows)
