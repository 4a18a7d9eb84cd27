"""Messages of a real broker: what was acknowledged is on disk, what was not comes again."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from config.environment import ROOT
from config.errors import ConfigError
from config.platforms import Platform
from etl.formats.messages import messages
from etl.transports import mqtt, segment
from etl.transports.segment import close_left_open, waiting
from tests.etl import servers
from tests.etl.segments import held


def platform(**options: object) -> Platform:
    return Platform(
        "iot_device", "物联", "物联", "城管", "", "mqtt", timedelta(minutes=1),
        timedelta(minutes=4), False, True, options,
    )  # fmt: skip


def until(is_so: Callable[[], object], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def kept(folder: Path) -> list[str]:
    """The bodies in all segments, as text, in order."""
    found = []
    for data in held(folder):
        whole = mqtt.whole(data)
        found += [str(body) for _, body in messages("iot_device", whole)] if whole else []
    return found


@pytest.fixture(scope="module")
def server() -> Iterator[servers.Broker]:
    with servers.mosquitto() as broker:
        yield broker


@pytest.fixture
def subscribe(server, tmp_path, monkeypatch, request) -> Iterator[Callable[..., mqtt.Subscriber]]:
    monkeypatch.setenv("BROKER_PASSWORD", servers.PASSWORD)
    monkeypatch.setattr(segment, "MAX_AGE_S", 0.1)
    monkeypatch.setattr(mqtt, "LONGEST_PAUSE_S", 1)
    started = []

    def start(broker: servers.Broker = server, **more: object) -> mqtt.Subscriber:
        options = {"host": "127.0.0.1", "port": broker.port, "topics": ["iot/+/up"]}
        options |= {"user": servers.USER, "password_env": "BROKER_PASSWORD"}
        options |= {"client_id": request.node.name[:60], **more}
        made = mqtt.stream(platform(**options), tmp_path / "segments", lambda: None)
        made.start()
        started.append(made)
        return made

    yield start
    for each in started:
        each.stop()


def reading(made: mqtt.Subscriber) -> None:
    until(lambda: made.is_reading, "the broker did not take the subscription")


def test_messages_are_on_disk_with_their_topic_before_they_are_acknowledged(
    server, subscribe, tmp_path, monkeypatch
):
    made = subscribe()
    reading(made)
    synced: list[int] = []
    sync, ack = os.fsync, made._client.ack
    monkeypatch.setattr(os, "fsync", lambda handle: (sync(handle), synced.append(handle)))
    order: list[tuple[int, int]] = []
    made._client.ack = lambda mid, qos: (order.append((len(synced), mid)), ack(mid, qos))[1]
    server.publish("iot/7/up", b'{"v": 1}', '{"名": "井盖"}'.encode("gb18030"), b"no json")
    until(lambda: made.count.acknowledged == 3, "not acknowledged")
    assert all(syncs for syncs, _ in order)
    until(lambda: waiting(tmp_path / "segments"), "not handed over")
    made.stop()
    payload = b"".join(file.read_bytes() for file in waiting(tmp_path / "segments"))
    found = list(messages("iot_device", payload))
    assert [body for _, body in found] == [{"v": "1"}, {"名": "井盖"}, "no json"]
    assert {about["topic"] for about, _ in found} == {"iot/7/up"}


def test_what_comes_while_we_are_away_waits_at_the_broker(server, subscribe, tmp_path):
    first = subscribe()
    reading(first)
    first.stop()
    server.publish("iot/1/up", b'"a"', b'"b"')
    second = subscribe()
    until(lambda: second.count.acknowledged == 2, "the session was not kept")
    assert kept(tmp_path / "segments") == ["a", "b"]


def test_a_restart_of_the_broker_is_survived_by_both_sides(subscribe, tmp_path):
    with servers.mosquitto() as broker:
        made = subscribe(broker)
        reading(made)
        broker.publish("iot/1/up", b'"before"')
        until(lambda: made.count.acknowledged == 1, "not acknowledged")
        made.stop()
        broker.publish("iot/1/up", b'"queued"')
        broker.end()
        again = subscribe(broker)  # starts although nobody answers
        broker.begin()
        reading(again)
        broker.publish("iot/1/up", b'"after"')
        until(lambda: again.count.acknowledged == 2, "not acknowledged")
        broker.end()
        until(lambda: not again.is_reading, "the end of the broker was not noticed")
        broker.begin()
        reading(again)
        broker.publish("iot/1/up", b'"last"')
        until(lambda: again.count.acknowledged == 3, "not acknowledged")
        assert kept(tmp_path / "segments") == ["before", "queued", "after", "last"]


def child(broker: servers.Broker, folder: Path, how: str = "") -> subprocess.Popen:
    program = ROOT / "tests" / "etl" / "programs" / "subscriber.py"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "BROKER_PASSWORD": servers.PASSWORD}
    return subprocess.Popen(
        [sys.executable, str(program), str(broker.port), str(folder), how],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip


@pytest.mark.fault
def test_kill_9_between_receipt_and_acknowledgement_loses_nothing(tmp_path):
    with servers.mosquitto() as broker:
        first = child(broker, tmp_path)  # makes the session
        assert first.stdout.readline() == "started\n"
        until(lambda: "iot_device 1 iot/#" in (broker.folder / "log").read_text(), "no session")
        first.communicate("\n", timeout=120)
        broker.publish("iot/1/up", *(f'"{n}"'.encode() for n in range(30)))
        second = child(broker, tmp_path, "hang")
        assert [second.stdout.readline() for _ in range(2)].count("received\n") == 1
        second.kill()
        second.communicate()
        assert waiting(tmp_path) == []
        for file in tmp_path.glob("*.open"):
            file.unlink()  # as if the power had failed: nothing of it was synced
        third = child(broker, tmp_path)
        until(lambda: len(set(kept(tmp_path))) == 30, "a message was lost")
        third.communicate("\n", timeout=120)


@pytest.mark.fault
@pytest.mark.slow
def test_kill_9_at_random_moments_loses_no_message(tmp_path):
    dice = random.Random(7)
    with servers.mosquitto() as broker:
        sent = 0
        for _ in range(8):
            reader = child(broker, tmp_path)
            assert reader.stdout.readline() == "started\n"
            if not sent:
                until(lambda: "iot/#" in (broker.folder / "log").read_text(), "no session")
            broker.publish("iot/1/up", *(f'"{n}"'.encode() for n in range(sent, sent + 100)))
            sent += 100
            time.sleep(dice.uniform(0, 0.2))  # the moment is the point
            reader.kill()
            reader.communicate()
        last = child(broker, tmp_path)
        until(lambda: len(set(kept(tmp_path))) == sent, "a message was lost")
        last.communicate("\n", timeout=120)
        close_left_open(tmp_path, mqtt.whole)
        assert sorted(set(map(int, kept(tmp_path)))) == list(range(sent))


def test_a_full_disk_acknowledges_nothing_and_the_messages_come_again(
    server, subscribe, tmp_path, monkeypatch
):
    made = subscribe()
    reading(made)
    sync, broken = os.fsync, [True]

    def fsync(handle: int) -> None:
        if broken[0]:
            raise OSError(28, "No space left on device")
        sync(handle)

    monkeypatch.setattr(mqtt, "AGAIN_S", 0.1)
    monkeypatch.setattr(os, "fsync", fsync)
    server.publish("iot/1/up", b'"kept in the end"')
    until(lambda: made.count.connections > 1, "the message was not asked for again")
    assert made.count.acknowledged == 0
    broken[0] = False
    until(lambda: made.count.acknowledged, "not acknowledged")
    assert set(kept(tmp_path / "segments")) == {"kept in the end"}


def test_too_large_and_foreign_messages_are_noted_and_do_not_hold_up_the_rest(
    server, subscribe, tmp_path, monkeypatch
):
    old = subscribe(topics=["iot/+/up", "old/#"])
    reading(old)
    old.stop()
    monkeypatch.setattr(mqtt, "MAX_MESSAGE", 1000)
    server.publish("iot/1/up", b"9" * 1001)
    server.publish("old/1", b"{}")
    server.publish("iot/1/up", b'"fine"')
    made = subscribe()
    until(lambda: made.count.acknowledged == 3, "not acknowledged")
    made.stop()
    assert kept(tmp_path / "segments") == ["fine"]
    notes = "".join(f.read_text() for f in (tmp_path / "segments").glob("*.noise"))
    assert "消息超过" in notes and "不是订阅的主题" in notes


def test_a_message_beyond_all_bounds_is_not_even_received(subscribe, tmp_path, monkeypatch):
    monkeypatch.setattr(mqtt, "MAX_PACKET", 100_000)
    with servers.mosquitto() as broker:
        made = subscribe(broker)
        reading(made)
        broker.publish("iot/1/up", b"9" * 200_000)
        until(lambda: made.count.connections > 1, "the connection was not closed")
        assert made.count.messages == made.count.noise == 0


# the library leaves the socket of a failed handshake to the collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_over_tls_only_a_broker_that_the_authority_vouches_for_is_believed(
    subscribe, tmp_path, var
):
    with servers.mosquitto(tls=True) as broker, servers.mosquitto(tls=True) as other:
        made = subscribe(broker, tls=True, ca=str(broker.ca), host="localhost")
        reading(made)
        broker.publish("iot/1/up", b'"secret"')
        until(lambda: made.count.acknowledged == 1, "not acknowledged")
        fooled = subscribe(other, tls=True, ca=str(broker.ca), host="localhost")
        until(lambda: fooled.is_down, "a broker nobody vouches for was believed")
        assert fooled.count.connections == 0


def test_a_wrong_password_is_told_and_tried_again(server, subscribe, monkeypatch):
    monkeypatch.setenv("BROKER_PASSWORD", "a-wrong-one")
    made = subscribe()
    until(lambda: made.is_down, "not told")
    assert made.count.connections == 0


def test_a_missing_secret_or_authority_is_told_at_the_start(var, tmp_path, monkeypatch):
    monkeypatch.delenv("BROKER_PASSWORD", raising=False)
    there = {"host": "127.0.0.1", "topics": ["a"], "user": "u", "password_env": "BROKER_PASSWORD"}
    with pytest.raises(ConfigError, match="BROKER_PASSWORD"):
        mqtt.stream(platform(**there), tmp_path, lambda: None).start()
    monkeypatch.setenv("BROKER_PASSWORD", "x")
    with pytest.raises(ConfigError, match=r"mqtt\.ca"):
        absent = platform(**there, tls=True, ca="/nowhere.pem")
        mqtt.stream(absent, tmp_path, lambda: None).start()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("host", ""),
        ("host", "mqtt://b"),
        ("topics", []),
        ("topics", "iot/#"),
        ("topics", ["iot/#/up"]),
        ("topics", ["iot/a+/up"]),
        ("port", "1883"),
        ("tls", False),
        ("user", ""),
        ("ca", 1),
        ("password", "topsecret"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(var, name, value):
    good = {"host": "broker.street", "topics": ["iot/+/up", "$share/g/x", "#"], "tls": True}
    good |= {"user": "u", "password_env": "P"}
    mqtt.check(platform(**good))
    with pytest.raises(ConfigError) as caught:
        mqtt.check(platform(**{**good, name: value}))
    assert caught.value.key == f"iot_device.mqtt.{name}"
