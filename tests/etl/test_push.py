"""Webhooks: kept before answered, signed, never twice; who sends wrongly hears why."""

from __future__ import annotations

import errno
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta

import httpx
import pytest

from config import signature
from config.environment import ROOT
from config.errors import ConfigError
from config.platforms import load_platforms
from etl import process
from etl.errors import Retryable
from etl.formats.messages import messages
from etl.jobs import Answer
from etl.transports import push, push_door, segment
from etl.transports.segment import close_left_open, waiting
from tests.etl.segments import held

SECRET = "a-secret-of-the-test"
BLOCK = """
[{key}]
name = "推送"
owner = "派出所"
transport = "push"
every = "5m"
[{key}.push]
{options}
"""


def platform(configure, key: str = "police_110", options: str = 'token_env = "PUSH_TOKEN"'):
    configure(BLOCK.format(key=key, options=options))
    return load_platforms()[key]


@pytest.fixture
def hook(configure, monkeypatch, tmp_path):
    monkeypatch.setenv("PUSH_TOKEN", SECRET)
    monkeypatch.setattr(segment, "MAX_AGE_S", 0.3)
    started = []

    def start(key: str = "police_110") -> push.Hook:
        handed: queue.Queue = queue.Queue()
        made = push.stream(platform(configure, key), tmp_path / key, lambda: handed.put(1))
        made.start()
        made.handed = handed
        started.append(made)
        return made

    yield start
    for each in started:
        each.stop()


def signed(body: bytes, *, shift: int = 0, nonce: str = "", secret: str = SECRET) -> dict:
    at, fresh = signature.stamp()
    at, nonce = str(int(at) + shift), nonce or fresh
    return {
        "Content-Type": "application/json",
        signature.TIME: at,
        signature.NONCE: nonce,
        signature.SIGNATURE: signature.sign(secret, signature.message(at, nonce, body)),
    }


def send(port: int, body: bytes, headers: dict | None = None, key: str = "police_110"):
    headers = signed(body) if headers is None else headers
    url = f"http://127.0.0.1:{port}/push/{key}"
    return httpx.post(url, content=body, headers=headers, trust_env=False, timeout=60)


def kept(folder) -> list:
    return [body for data in held(folder) for _, body in messages("police_110", data)]


def test_a_message_is_answered_after_it_is_on_disk_and_read_back_as_it_was_sent(
    hook, tmp_path, monkeypatch
):
    synced, real = [], os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        synced.append(kept(tmp_path / "police_110"))

    monkeypatch.setattr(segment.os, "fsync", fsync)
    body = '{"no": "A1", "addr": "洪蓝街道"}'.encode()
    answer = send(hook().port, body)
    assert (answer.status_code, answer.json()) == (200, {"status": "kept"})
    assert synced[0] == [json.loads(body)]


def test_segments_are_handed_over_and_told(hook, tmp_path):
    at = hook()
    send(at.port, b'{"no": 1}')
    at.handed.get(timeout=60)
    assert [f.suffix for f in waiting(tmp_path / "police_110")] == [".closed"]


def test_platforms_share_the_port_and_never_their_messages(hook, tmp_path, monkeypatch):
    first, second = hook(), hook("straw_fire")
    assert first.port == second.port
    assert send(first.port, b'{"no": 1}', key="straw_fire").status_code == 200
    assert kept(tmp_path / "police_110") == []
    assert kept(tmp_path / "straw_fire") == [{"no": "1"}]
    first.stop()
    assert send(second.port, b'{"no": 2}').status_code == 404
    assert send(second.port, b'{"no": 2}', key="straw_fire").status_code == 200


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({signature.SIGNATURE: "0" * 64}, "is not that of this message"),
        ({signature.SIGNATURE: ""}, "are needed"),
        ({signature.TIME: "yesterday"}, "must be within 300 s"),
        ({signature.NONCE: "short"}, "must have 8 to 128"),
        ({signature.NONCE: "n" * 200}, "must have 8 to 128"),
        ({signature.NONCE: "another-nonce"}, "is not that of this message"),
    ],
)
def test_a_message_that_is_not_signed_rightly_is_refused(hook, tmp_path, change, said):
    answer = send(hook().port, b"{}", signed(b"{}") | change)
    assert answer.status_code == 401
    assert said in answer.json()["error"]
    assert kept(tmp_path / "police_110") == []


@pytest.mark.parametrize(("shift", "status"), [(-290, 200), (290, 200), (-310, 401), (310, 401)])
def test_a_signature_counts_for_five_minutes(hook, shift, status):
    assert send(hook().port, b"{}", signed(b"{}", shift=shift)).status_code == status


def test_a_body_changed_on_the_way_is_refused(hook):
    headers = signed(b'{"fine": 50}')
    assert send(hook().port, b'{"fine": 5000}', headers).status_code == 401


def test_a_message_sent_twice_is_kept_once(hook, tmp_path):
    at, headers = hook(), signed(b'{"no": 1}')
    assert [send(at.port, b'{"no": 1}', headers).status_code for _ in range(3)] == [200, 409, 409]
    assert kept(tmp_path / "police_110") == [{"no": "1"}]


def test_a_message_sent_many_times_at_once_is_kept_once(hook, tmp_path):
    at, headers, codes = hook(), signed(b'{"no": 1}'), []
    senders = [
        threading.Thread(target=lambda: codes.append(send(at.port, b'{"no": 1}', headers)))
        for _ in range(8)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(answer.status_code for answer in codes) == [200] + [409] * 7
    assert kept(tmp_path / "police_110") == [{"no": "1"}]


def test_a_message_is_still_known_after_a_restart(hook, tmp_path):
    headers = signed(b'{"no": 1}')
    first = hook()
    assert send(first.port, b'{"no": 1}', headers).status_code == 200
    first.stop()
    assert send(hook().port, b'{"no": 1}', headers).status_code == 409


def test_a_nonce_is_forgotten_when_its_signature_is_no_longer_good(tmp_path, monkeypatch):
    now = [time.time()]
    monkeypatch.setattr(push.time, "time", lambda: now[0])
    seen = push.Nonces(tmp_path)
    for nonce in ("first", "second"):
        assert seen.begin(nonce)
        seen.taken(nonce)
        now[0] += 601
    assert not seen.begin("first")
    seen.begin("third")
    seen.taken("third")
    assert seen.begin("first")
    assert not seen.begin("second")
    assert not push.Nonces(tmp_path).begin("third")


def test_a_message_that_could_not_be_kept_may_come_again_as_it_is(hook, tmp_path, monkeypatch):
    real, full = os.fsync, [True]

    def fsync(handle: int) -> None:
        if full[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(segment.os, "fsync", fsync)
    at, headers = hook(), signed(b'{"no": 1}')
    answer = send(at.port, b'{"no": 1}', headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    full[0] = False
    assert send(at.port, b'{"no": 1}', headers).status_code == 200
    assert kept(tmp_path / "police_110") == [{"no": "1"}]


@pytest.mark.parametrize(
    ("body", "headers", "status", "said"),
    [
        (b"a=1", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "Content-Type"),
        (b"{}", {"Content-Encoding": "gzip"}, 415, "packed"),
        (b"<xml/>", {}, 415, "not JSON"),
        ('{"a": "洪"}'.encode("gbk"), {}, 415, "not JSON in UTF-8"),
        ('{"a": "洪"}'.encode("utf-16"), {}, 415, "not JSON in UTF-8"),
        (b"[" * 100 + b"]" * 100, {}, 413, "deeper than 64"),
        (b"[" * 200_000, {}, 415, "not JSON"),
        (b"1" * ((1 << 20) + 1), {}, 413, "larger than 1 MiB"),
    ],
)
def test_what_is_no_message_is_refused_with_one_sentence(
    hook, tmp_path, body, headers, status, said
):
    answer = send(hook().port, body, signed(body) | headers)
    assert answer.status_code == status
    assert said in answer.json()["error"]
    assert kept(tmp_path / "police_110") == []


def test_a_body_that_does_not_say_how_long_it_is_is_cut_at_the_limit(hook):
    def endless():
        for _ in range(64):
            yield b"1" * 65536

    url = f"http://127.0.0.1:{hook().port}/push/police_110"
    with pytest.raises(httpx.HTTPError):
        # the refusal comes while we still send; what counts is that it does not go on
        answer = httpx.post(url, content=endless(), headers=signed(b""), trust_env=False)
        assert answer.status_code == 413
        raise httpx.ReadError("refused in time")


def test_more_than_the_loader_can_follow_is_asked_to_wait(hook, monkeypatch):
    at = hook()
    monkeypatch.setattr(push, "BURST", 2.0)
    monkeypatch.setattr(push, "RATE", 0.0)
    answers = [send(at.port, b"{}") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "1"


@pytest.mark.parametrize("path", ["/", "/push", "/push/unknown", "/push/police_110/x", "/docs"])
def test_there_is_nothing_else_behind_the_port(hook, path):
    url = f"http://127.0.0.1:{hook().port}{path}"
    assert httpx.post(url, headers=signed(b""), trust_env=False).status_code == 404


def test_it_only_takes_and_says_nothing(hook):
    url = f"http://127.0.0.1:{hook().port}/push/police_110"
    answer = httpx.get(url, trust_env=False)
    assert answer.status_code == 405
    assert "server" not in answer.headers


def test_a_sender_who_says_nothing_is_hung_up_on(hook, monkeypatch):
    monkeypatch.setattr(push_door, "HEAD_S", 0.2)
    with socket.create_connection(("127.0.0.1", hook().port)) as line:
        line.settimeout(60)
        line.sendall(b"POST /push/police_110 HTTP/1.1\r\nHost: x\r\n")
        assert line.recv(1) == b""


def test_a_body_that_does_not_come_is_given_up(hook, monkeypatch):
    monkeypatch.setattr(push_door, "BODY_S", 0.2)
    head = "".join(f"{name}: {value}\r\n" for name, value in signed(b"{}").items())
    said = f"POST /push/police_110 HTTP/1.1\r\nHost: x\r\n{head}Content-Length: 2\r\n\r\n{{"
    with socket.create_connection(("127.0.0.1", hook().port)) as line:
        line.settimeout(60)
        line.sendall(said.encode())
        assert b" 408 " in line.recv(100)


def test_a_secret_that_is_not_set_up_lets_nobody_in(hook, monkeypatch):
    at = hook()
    monkeypatch.delenv("PUSH_TOKEN")
    assert send(at.port, b"{}").status_code == 503


def test_a_taken_port_is_told(hook, configure, monkeypatch, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("HONGLAN_PUSH_PORT", str(taken.getsockname()[1]))
        with pytest.raises(Retryable, match="cannot be listened on"):
            push.stream(platform(configure), tmp_path, lambda: None).start()


@pytest.mark.parametrize(
    ("options", "named"),
    [("", "police_110.push.token_env = None"), ("port = 3", "police_110.push.port = 3")],
)
def test_a_wrong_setting_is_named(configure, options, named):
    with pytest.raises(ConfigError, match=named):
        push.check(platform(configure, options=options))


@pytest.mark.parametrize(
    ("host", "proxy", "good"),
    [("127.0.0.1", "", True), ("0.0.0.0", "", False), ("0.0.0.0", "1", True), ("::1", "", True)],
)
def test_messages_do_not_cross_a_network_in_the_clear(configure, monkeypatch, host, proxy, good):
    monkeypatch.setenv("HONGLAN_PUSH_HOST", host)
    monkeypatch.setenv("HONGLAN_BEHIND_TLS_PROXY", proxy)
    sender = platform(configure)
    if good:
        push.check(sender)
        return
    with pytest.raises(ConfigError, match=r"HONGLAN_PUSH_HOST = '0\.0\.0\.0'"):
        push.check(sender)


def test_what_a_platform_sends_is_loaded_by_the_running_etl(
    hook, place, configure, monkeypatch, core
):
    """The fixture of the watch towers, message by message, sent twice as senders do."""
    monkeypatch.setattr(process, "TICK", timedelta(seconds=0.1))
    configure(BLOCK.format(key="straw_fire", options='token_env = "PUSH_TOKEN"'))
    fixture = ROOT / "tests" / "fixtures" / "platforms" / "straw_fire"
    bodies = [
        json.loads(line)["body"].encode()
        for line in (fixture / "payload.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    expected = json.loads((fixture / "expected.json").read_text(encoding="utf-8"))
    at = place()
    etl = process.Etl(at, lambda words: Answer(0))
    etl.start()
    try:
        for body in [each for each in bodies if is_json(each)]:
            headers = signed(body)
            codes = [send(etl.streams[0].port, body, headers, "straw_fire") for _ in range(2)]
            assert [answer.status_code for answer in codes] == [200, 409]
    finally:
        etl.stop()
    numbers = {row["alarm_no"] for name, row in expected if name == "straw_fire_alarm"}
    loaded = core(at, "SELECT DISTINCT alarm_no FROM core.straw_fire_alarm")
    assert loaded
    assert {number for (number,) in loaded} <= numbers
    (line,) = {each.path.rsplit(".", 2)[1] for each in at.loader.archive.lines("straw_fire")}
    assert line == "jsonl"


def is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


TAKER = """
import sys
from pathlib import Path
from etl.transports import push
hook = push.Hook("police_110", "PUSH_TOKEN", Path(sys.argv[1]), lambda: None)
hook.start()
print(hook.port, flush=True)
sys.stdin.read()
"""


@pytest.mark.fault
def test_whatever_was_confirmed_is_there_after_a_kill_and_the_rest_comes_again(tmp_path):
    """Killed while messages come; unanswered ones are sent again as they were."""
    env = {**os.environ, "PUSH_TOKEN": SECRET, "HONGLAN_PUSH_PORT": "0"}
    bodies = [json.dumps({"no": n, "text": "甲" * 50}).encode() for n in range(200)]
    sent = {n: signed(body) for n, body in enumerate(bodies)}
    confirmed: set[int] = set()
    for cut in (20, 37, 5, 60, 11):
        taker = subprocess.Popen(
            [sys.executable, "-c", TAKER, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=env,
            cwd=ROOT,
        )
        port = int(taker.stdout.readline())
        killer = threading.Timer(0.02 * cut, taker.send_signal, (signal.SIGKILL,))
        killer.start()
        try:
            for n in sorted(set(sent) - confirmed):
                if send(port, bodies[n], sent[n]).status_code in (200, 409):
                    confirmed.add(n)
        except httpx.HTTPError:
            pass  # it is dead
        finally:
            killer.cancel()
            taker.kill()
            taker.wait()
            taker.stdin.close()
            taker.stdout.close()
        close_left_open(tmp_path, push.whole)
    numbers = [int(body["no"]) for body in kept(tmp_path)]
    assert confirmed
    assert confirmed <= set(numbers)
    # kept twice are at most those that were on disk, not yet answered, when the kill came
    assert len(numbers) - len(set(numbers)) <= 5
