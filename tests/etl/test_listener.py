"""Stations on the line: what is confirmed is on disk, what is bad is passed over."""

from __future__ import annotations

import errno
import os
import queue
import socket
import threading
import time

import pytest

from etl.errors import Retryable
from etl.formats import sl651
from etl.transports import segment
from etl.transports.segment import close_left_open, waiting
from etl.transports.sl651 import Listener, whole
from tests.etl.segments import held

STATION = "3201170001"


def frame(number: int, function: int = 0x32, level: str = "00009835") -> bytes:
    head = number.to_bytes(2, "big") + bytes.fromhex("261120080000")
    body = head
    if function != sl651.KEEP_ALIVE:
        minute = f"{number % 60:02d}"
        observed = f"2611{20 + number // 1440:02d}{number // 60 % 24:02d}{minute}"
        body += bytes.fromhex(f"F1F1{STATION}48F0F0{observed}3923{level}38121248")
    raw = (
        sl651.MARK
        + b"\x01"
        + bytes.fromhex(STATION)
        + b"\x12\x34"
        + bytes([function])
        + len(body).to_bytes(2, "big")
        + b"\x02"
        + body
        + b"\x03"
    )
    return raw + sl651.checksum(raw)


@pytest.fixture
def listener(tmp_path, monkeypatch):
    monkeypatch.setattr(segment, "MAX_AGE_S", 0.3)
    handed: queue.Queue = queue.Queue()
    started = []

    def start(**more) -> Listener:
        made = Listener("gauge", "127.0.0.1", 0, tmp_path, lambda: handed.put(1), **more)
        made.start()
        made.handed = handed
        started.append(made)
        return made

    yield start
    for each in started:
        each.stop()


def line(to: Listener) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", to.port))
    made.settimeout(60)
    return made


def answers(on: socket.socket, count: int) -> list[sl651.Frame]:
    splitter, found = sl651.Splitter(), []
    while len(found) < count:
        data = on.recv(65536)
        assert data, "the line was closed"
        found += splitter.feed(data)
    return found


def stored(tmp_path) -> bytes:
    return b"".join(held(tmp_path))


def test_a_frame_is_confirmed_with_its_serial_after_it_is_on_disk(listener, tmp_path, monkeypatch):
    synced = []
    real = os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        synced.append(stored(tmp_path))

    monkeypatch.setattr(segment.os, "fsync", fsync)
    with line(listener()) as station:
        station.sendall(frame(7))
        (answer,) = answers(station, 1)
        assert synced[0] == frame(7)
        assert answer.raw == sl651.confirmation(next(iter(sl651.split(frame(7)))))
        assert (answer.up, answer.function, answer.raw[-3]) == (False, 0x32, sl651.ESC)


def test_frames_glued_and_in_single_bytes_are_all_confirmed(listener, tmp_path):
    with line(listener()) as station:
        station.sendall(b"".join(frame(n) for n in range(30)))
        assert len(answers(station, 30)) == 30
        for byte in frame(30):
            station.sendall(bytes([byte]))
        assert len(answers(station, 1)) == 1
    assert stored(tmp_path) == b"".join(frame(n) for n in range(31))


def test_a_bad_frame_is_noted_and_the_line_lives_on(listener, tmp_path):
    bad = bytearray(frame(1))
    bad[20] ^= 1
    at = listener()
    with line(at) as station:
        station.sendall(b"noise" + bytes(bad) + frame(2))
        (answer,) = answers(station, 1)
        assert answer.head == frame(2)[14:22]
        station.sendall(frame(3))
        assert answers(station, 1)
    assert at.count.bad == 2
    at.stop()
    notes = b"".join(f.read_bytes() for f in tmp_path.glob("*.noise")).decode()
    assert sl651.WRONG_SUM in notes
    assert bytes(bad).hex().upper() in notes
    assert stored(tmp_path) == frame(2) + frame(3)


def test_a_keep_alive_is_answered_and_not_kept(listener, tmp_path):
    with line(listener()) as station:
        station.sendall(frame(9, sl651.KEEP_ALIVE))
        (answer,) = answers(station, 1)
        assert answer.function == sl651.KEEP_ALIVE
    assert stored(tmp_path) == b""


def test_a_frame_for_another_centre_is_not_confirmed(listener):
    at = listener(centre=2)
    with line(at) as station:
        station.sendall(frame(1) + frame(2, sl651.KEEP_ALIVE))
        end = time.monotonic() + 60
        while at.count.bad < 2:  # both are read: what would be answered is answered now
            assert time.monotonic() < end, "the frames were not read"
            time.sleep(0.01)
        station.settimeout(0.3)
        with pytest.raises(TimeoutError):
            station.recv(1)
    assert at.count.bad == 2


def test_a_segment_is_handed_over_and_holds_whole_frames(listener, tmp_path, monkeypatch):
    at = listener()
    with line(at) as station:
        monkeypatch.setattr(segment, "MAX_AGE_S", 600)  # not between the two, however slow
        station.sendall(frame(1) + frame(2))
        answers(station, 2)
        monkeypatch.setattr(segment, "MAX_AGE_S", 0.0)
        at.handed.get(timeout=60)
        (file,) = waiting(tmp_path)
        assert file.read_bytes() == frame(1) + frame(2)
        station.sendall(frame(3))
        answers(station, 1)
        at.handed.get(timeout=60)
    assert len(waiting(tmp_path)) == 2


def test_what_cannot_be_kept_is_not_confirmed_and_comes_again(listener, tmp_path, monkeypatch):
    at = listener()

    def full(*_):
        raise OSError(errno.ENOSPC, "no space")

    with monkeypatch.context() as patch:
        patch.setattr(segment.os, "fsync", full)
        with line(at) as station:
            station.sendall(frame(1))
            assert station.recv(100) == b""
    assert stored(tmp_path) == b""
    with line(at) as station:
        station.sendall(frame(1))
        assert len(answers(station, 1)) == 1
    assert stored(tmp_path) == frame(1)


def test_many_stations_at_a_time_lose_nothing(listener, tmp_path):
    at = listener()

    def send(first: int) -> None:
        with line(at) as station:
            for n in range(first, first + 40):
                station.sendall(frame(n))
                answers(station, 1)

    threads = [threading.Thread(target=send, args=(100 * n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    at.stop()
    kept = {piece.raw for piece in sl651.split(stored(tmp_path))}
    assert kept == {frame(100 * n + k) for n in range(8) for k in range(40)}


def test_a_segment_left_open_is_closed_after_its_last_whole_frame(tmp_path):
    (tmp_path / "a.open").write_bytes(frame(1) + frame(2)[:20])
    (tmp_path / "b.open").write_bytes(frame(3)[:5])
    close_left_open(tmp_path, whole)
    assert [file.read_bytes() for file in waiting(tmp_path)] == [frame(1)]
    assert not list(tmp_path.glob("*.open"))


def test_a_taken_port_is_told(listener, tmp_path):
    at = listener()
    second = Listener("gauge", "127.0.0.1", at.port, tmp_path, lambda: None)
    with pytest.raises(Retryable, match="in use"):
        second.start()
