"""Asking a platform over HTTP: pages, cursor, token, and everything that may go wrong."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from contextlib import closing
from datetime import datetime

import pytest
import stamina

from config.errors import ConfigError
from config.platforms import load_platforms
from etl.errors import Refused, Retryable
from etl.transports import bounded
from etl.transports.rest import Asking
from etl.transports.rest_options import question

NOW = datetime(2026, 11, 23, 12, 0, 0)


@pytest.fixture(autouse=True)
def no_waiting():
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def ask(hotline, configure, blocks):
    opened = []

    def make(size: int = 10, **change: str) -> Asking:
        block = blocks["hotline"].format(url=hotline.url, size=size)
        for old, new in change.items():
            block = block.replace(old, new)
        configure(block)
        opened.append(Asking(question(load_platforms()["hotline_12345"])))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def numbers(answers) -> list[str]:
    return [
        record["gdbh"]
        for answer in answers
        for record in json.loads(answer.payload)["result"]["pageData"]["records"]
    ]


def minute(n: int) -> str:
    return f"2026-11-2{n // 1440}T{n % 1440 // 60:02d}:{n % 60:02d}:00"


def test_all_pages_are_read_and_the_cursor_is_the_newest_update(ask, hotline, make_order):
    hotline.records = [make_order(n, minute(n)) for n in range(95)]
    answers = list(ask().pages(None, NOW))
    assert set(numbers(answers)) == {f"HL{n:06d}" for n in range(95)}
    assert answers[-1].cursor == minute(94)
    assert answers[0].total == 95


def test_the_question_goes_back_by_the_overlap(ask, hotline, make_order):
    hotline.records = [make_order(n, minute(n)) for n in range(60)]
    assert len(numbers(ask(size=500).pages(minute(50), NOW))) == 20
    assert hotline.asked[0]["updatedSince"] == minute(40)


def test_an_order_updated_while_pages_are_read_pushes_none_over_the_border(
    ask, hotline, make_order
):
    hotline.records = [make_order(n, minute(n)) for n in range(40)]
    seen = []
    for answer in ask().pages(None, NOW):
        seen.append(answer)
        if len(seen) == 1:
            hotline.records[0]["gxsj"] = minute(200)
    assert set(numbers(seen)) == {f"HL{n:06d}" for n in range(40)}


def test_many_orders_of_one_second_are_paged_through(ask, hotline, make_order):
    hotline.records = [make_order(n, minute(5)) for n in range(35)]
    hotline.records += [make_order(n, minute(6)) for n in range(35, 40)]
    assert set(numbers(ask().pages(None, NOW))) == {f"HL{n:06d}" for n in range(40)}


def test_a_record_dated_ahead_does_not_carry_the_cursor_away(ask, hotline, make_order):
    hotline.records = [make_order(1, minute(1)), make_order(2, "2031-01-01T00:00:00")]
    assert list(ask().pages(None, NOW))[-1].cursor == NOW.isoformat()


def test_an_unsorted_platform_is_paged_by_number_and_its_cursor_waits(
    ask, hotline, make_order, respond
):
    records = [make_order(n, minute(40 - n)) for n in range(25)]

    def unsorted(handler) -> bool:
        page = int(handler.path.split("pageNumber=")[1].split("&")[0])
        data = {"total": 25, "records": records[(page - 1) * 10 : page * 10]}
        body = json.dumps({"code": "0000", "result": {"pageData": data}}).encode()
        respond(handler, body)
        return True

    hotline.answer = unsorted
    answers = list(ask().pages(None, NOW))
    assert len(set(numbers(answers))) == 25
    assert [answer.cursor for answer in answers] == [None, None, minute(40)]


def test_a_platform_that_repeats_its_page_is_refused(ask, hotline, make_order, respond):
    def same(handler) -> bool:
        data = {"total": 99, "records": [make_order(1, None)]}
        respond(handler, json.dumps({"code": "0000", "result": {"pageData": data}}).encode())
        return True

    hotline.answer = same
    with pytest.raises(Refused, match="repeats"):
        list(ask().pages(None, NOW))


def test_a_wrong_token_is_refused_without_another_try(ask, hotline, monkeypatch):
    monkeypatch.setenv("HOTLINE_TOKEN", "another")
    with pytest.raises(Refused, match="HTTP 401"):
        list(ask().pages(None, NOW))
    assert len(hotline.asked) == 1


def test_an_envelope_that_says_no_is_refused_with_its_words(ask, hotline, respond):
    def says_no(handler) -> bool:
        respond(handler, json.dumps({"code": "0001", "message": "签名\n错误"}).encode())
        return True

    hotline.answer = says_no
    with pytest.raises(Refused, match="the platform says 0001: 签名 错误"):
        list(ask().pages(None, NOW))


@pytest.mark.parametrize(
    ("status", "headers", "kind", "tries"),
    [
        (500, {}, Retryable, 3),
        (502, {}, Retryable, 3),
        (429, {"Retry-After": "1"}, Retryable, 3),
        (503, {"Retry-After": "3000"}, Retryable, 1),
        (302, {"Location": "/login"}, Refused, 1),
        (403, {}, Refused, 1),
        (404, {}, Refused, 1),
    ],
)
def test_what_to_do_about_a_status_decides_how_often_is_asked(
    ask, hotline, respond, status, headers, kind, tries
):
    calls = []

    def answer(handler) -> bool:
        calls.append(handler.path)
        respond(handler, b"<html>", headers, status)
        return True

    hotline.answer = answer
    with pytest.raises(kind, match=f"HTTP {status}"):
        list(ask().pages(None, NOW))
    assert len(calls) == tries
    assert all("/login" not in path for path in calls)


def test_a_failure_that_passes_is_not_noticed(ask, hotline, make_order, respond):
    hotline.records = [make_order(1, minute(1))]
    calls = []

    def once_down(handler) -> bool:
        calls.append(1)
        if len(calls) == 1:
            respond(handler, b"", status=503)
            return True
        return False

    hotline.answer = once_down
    assert numbers(ask().pages(None, NOW)) == ["HL000001"]


@pytest.mark.parametrize(
    "body", [b"<html>login</html>", b'{"code": "0000"}', b"[1", b'{"code":"0000","result":7}']
)
def test_an_answer_that_is_no_envelope_is_refused(ask, hotline, respond, body):
    def answer(handler) -> bool:
        respond(handler, body, {"Content-Type": "text/html"})
        return True

    hotline.answer = answer
    with pytest.raises(Refused, match=r"^hotline_12345: the answer"):
        list(ask().pages(None, NOW))


def get(url: str, **limits: float) -> bytes:
    with closing(bounded.Web()) as web:
        return web.fetch("hotline_12345", bounded.Ask(url), **limits).body


def test_a_bomb_is_refused_after_the_limit_not_after_unpacking(hotline, respond):
    bomb = gzip.compress(b"\0" * (64 << 20))

    def answer(handler) -> bool:
        respond(handler, bomb, {"Content-Encoding": "gzip"})
        return True

    hotline.answer = answer
    with pytest.raises(Refused, match=r"larger than 8 MiB|more than 200 times"):
        get(hotline.url, max_bytes=8 << 20)


@pytest.mark.parametrize("cut", [1, 40])
def test_a_packed_answer_cut_off_or_damaged_is_asked_again(hotline, respond, cut):
    whole = gzip.compress(json.dumps(list(range(500))).encode())

    def answer(handler) -> bool:
        respond(handler, whole[:-cut], {"Content-Encoding": "gzip"})
        return True

    hotline.answer = answer
    with pytest.raises(Retryable, match="cut off"):
        get(hotline.url)


def test_an_answer_packed_otherwise_is_refused(hotline, respond):
    def answer(handler) -> bool:
        respond(handler, b"x", {"Content-Encoding": "br"})
        return True

    hotline.answer = answer
    with pytest.raises(Refused, match="packed as br"):
        get(hotline.url)


def raw_server(script: bytes) -> tuple[str, threading.Thread]:
    """A server that writes bytes and then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def serve() -> None:
        with listener:
            line, _ = listener.accept()
            with line:
                line.recv(65536)
                try:
                    line.sendall(script)
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return f"http://127.0.0.1:{port}/", thread


def test_an_answer_shorter_than_announced_is_asked_again():
    url, thread = raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{}")
    with pytest.raises(Retryable, match="connection failed"):
        get(url)
    thread.join()


def test_a_refused_connection_may_come_back():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Retryable, match="connection failed"):
        get(f"http://127.0.0.1:{port}/")


def test_a_silent_platform_is_a_time_out(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setattr(bounded, "_SILENCE_S", 0.2)
        with pytest.raises(Retryable, match="no answer in time"):
            get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('page = "number"', 'page = "cursors"', "hotline_12345.rest.page = 'cursors'"),
        ('auth = "bearer"', 'auth = "basic"', "hotline_12345.rest.auth = 'basic'"),
        ("size = 10", "size = 0", "hotline_12345.rest.size = 0"),
        ('overlap = "10m"', 'overlap = "soon"', "hotline_12345.rest.overlap = 'soon'"),
        ("size = 10", "size = 10\nsizes = 3", "hotline_12345.rest.sizes = 3"),
        ('token_env = "HOTLINE_TOKEN"', "", "hotline_12345.rest.token_env = None"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(ask, old, new, named):
    with pytest.raises(ConfigError) as wrong:
        ask(**{old: new})
    assert named in str(wrong.value)
    assert "platforms.toml" in str(wrong.value)
    assert "allowed:" in str(wrong.value)


def test_an_address_with_another_scheme_is_a_wrong_setting(ask, hotline):
    with pytest.raises(ConfigError, match=r"hotline_12345\.rest\.url"):
        ask(**{hotline.url: "file:///etc/passwd"})


def test_plain_offsets_and_extra_parameters_are_sent(ask, hotline, make_order, respond):
    asked = []

    def answer(handler) -> bool:
        asked.append(handler.path)
        data = {"records": []}
        respond(handler, json.dumps({"code": "0000", "result": {"pageData": data}}).encode())
        return True

    hotline.answer = answer
    change = {
        'page = "number"': 'page = "offset"',
        'total = "result.pageData.total"': 'params = { street = "洪蓝" }',
    }
    list(ask(**change).pages(None, NOW))
    assert "pageNumber=0&" in asked[0]
    assert "street=%E6%B4%AA%E8%93%9D" in asked[0]
