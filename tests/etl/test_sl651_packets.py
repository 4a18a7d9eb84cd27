"""Pictures in several packets: put together in any order, kept on disk, answered by the mode."""

from __future__ import annotations

import random
import socket
from datetime import timedelta

import pytest

from config.errors import ConfigError
from config.platforms import load_platforms
from etl.formats import sl651
from etl.formats.sl651_packets import INCOMPLETE, MAX_BYTES, Gathering
from etl.platforms import gauge
from etl.transports import packets
from etl.transports import sl651 as transport
from etl.transports.segment import waiting
from tests.etl import stations
from tests.etl.stations import JPEG, STATION, picture, report


def read(payload: bytes) -> list[tuple[str, dict]]:
    return list(gauge.parse(payload))


@pytest.mark.parametrize("size", [100, 4000, 20_000])
@pytest.mark.parametrize("heads", [False, True])
def test_a_picture_in_packets_is_one_row_that_names_its_file(size, heads):
    made = picture(size=min(size, 4000), heads=heads)
    ((table, row),) = read(b"".join(made))
    assert table == "gauge_picture"
    assert (row["station"], row["taken_at"]) == (STATION, "2026-11-20T08:05:00")
    assert (row["bytes"], row["packets"]) == (str(len(JPEG)), str(len(made)))
    assert row["whole"] == "true"
    assert row["file"] == f"pictures/{STATION}/20261120T0805-{row['sha256'][:12]}.jpg"


def test_packets_between_other_frames_and_of_two_stations_are_not_mixed():
    other = "40590235C2"
    a, b = picture(size=3000), picture(JPEG[:-2] + b"\x00\xff\xd9", size=3000, station=other)
    mixed = [piece for pair in zip(a, b, strict=True) for piece in (*pair, report(1, 5))]
    rows = read(b"".join(mixed))
    pictures = {row["station"]: row["sha256"] for table, row in rows if table == "gauge_picture"}
    assert set(pictures) == {STATION, other}
    assert len(set(pictures.values())) == 2
    assert sum(table == "gauge_reading" for table, _ in rows) == len(a)


def test_packets_after_the_first_may_come_in_any_order_and_twice():
    made = picture(size=700)
    rest = made[1:] * 2
    random.Random(7).shuffle(rest)
    gathering = Gathering()
    found = [gathering.add(frame(raw)) for raw in (made[0], made[0], *rest)]
    (whole,) = [each.whole for each in found if each.whole]
    assert b"".join(each.raw for each in whole) == b"".join(made)


def frame(raw: bytes) -> sl651.Frame:
    (piece,) = sl651.split(raw)
    assert isinstance(piece, sl651.Frame)
    return piece


def test_a_new_first_packet_gives_the_old_report_up():
    old, new = picture(size=4000, serial=1), picture(JPEG + b"\xff\xd9", size=4000, serial=2)
    rows = read(b"".join([*old[:2], *new]))
    assert [row["reason"] for table, row in rows if table == "!"] == [INCOMPLETE] * 2
    assert [row["bytes"] for table, row in rows if table == "gauge_picture"] == [str(len(JPEG) + 2)]


def test_a_report_without_its_first_or_last_packet_is_told():
    made = picture(size=4000)
    assert len(made) == 3
    for part, lost in ((made[1:], 2), (made[:-1], 2), ([made[0], made[2]], 2)):
        rows = read(b"".join(part))
        assert [row["reason"] for _, row in rows] == [INCOMPLETE] * lost


def test_what_is_no_jpeg_and_what_has_no_time_is_told():
    ((_, row),) = read(b"".join(picture(b"GIF89a" + JPEG, size=4000)))
    assert row["reason"] == "图片不是JPEG"
    ((_, row),) = read(b"".join(picture(size=4000, intro=f"F1F1{STATION}48F3F3")))
    assert row["reason"] == "图片报没有观测时间"


def test_a_report_of_readings_may_come_in_packets_too():
    values = bytes.fromhex("0418000005" + "3923" + "00009835" * 12)
    intro = f"F1F1{STATION}48F0F02611200805"
    made = picture(values, size=20, intro=intro, function=0x31)
    rows = read(b"".join(made))
    assert [row["level_m"] for _, row in rows] == ["9.835"] * 12


def test_a_report_without_end_does_not_fill_the_memory():
    gathering = Gathering()
    total = 0xFFF
    lost = 0
    for number in range(1, total):
        body = (total << 12 | number).to_bytes(3, "big") + bytes(4000)
        lost += len(gathering.add(frame(stations.frame(0x36, 0x16, body, 0x17))).lost)
        assert sum(len(each.raw) for each in gathering.rest()) <= MAX_BYTES
    assert lost > 0


@pytest.fixture
def listener(tmp_path):
    """Starts listeners on a folder like the one under raw."""
    started = []

    def start(mode: str = "M2", **more) -> transport.Listener:
        made = transport.Listener(
            "gauge", "127.0.0.1", 0, tmp_path / "segments", lambda: None, mode=mode, **more
        )
        made.start()
        started.append(made)
        return made

    yield start
    for each in started:
        each.stop()


def line(to: transport.Listener) -> socket.socket:
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


def pictures(tmp_path) -> list[bytes]:
    return [file.read_bytes() for file in (tmp_path / "pictures").rglob("*.jpg")]


def test_each_packet_is_acknowledged_and_the_last_one_confirmed(listener, tmp_path):
    made = picture(size=4000)
    at = listener("M2")
    with line(at) as station:
        for raw, end in zip(made, (sl651.ACK, sl651.ACK, sl651.ESC), strict=True):
            station.sendall(raw)
            (answer,) = answers(station, 1)
            assert (answer.function, answer.raw[-3]) == (sl651.PICTURE, end)
            assert answer.head == frame(made[0]).head
    assert pictures(tmp_path) == [JPEG]
    assert at.count.pictures == 1
    at.stop()
    (segment,) = waiting(tmp_path / "segments")
    assert segment.read_bytes() == b"".join(made)
    assert not list((tmp_path / "segments" / "packets").iterdir())


def test_a_group_is_confirmed_once_when_all_of_it_is_there(listener, tmp_path):
    made = picture(size=1000)
    with line(listener("M3")) as station:
        station.sendall(b"".join(made))
        (answer,) = answers(station, 1)
        assert answer.raw[-3] == sl651.ESC
        station.sendall(report(1, 5))
        (answer,) = answers(station, 1)
        assert answer.function == 0x32
    assert pictures(tmp_path) == [JPEG]


def test_a_lost_packet_is_not_confirmed_and_sent_again_completes_the_picture(listener, tmp_path):
    made = picture(size=1000)
    at = listener("M3")
    with line(at) as station:
        station.sendall(b"".join(made[:3] + made[4:]) + report(1, 5))
        (answer,) = answers(station, 1)
        assert answer.function == 0x32
        station.sendall(b"".join(made))
        (answer,) = answers(station, 1)
        assert (answer.function, answer.raw[-3]) == (sl651.PICTURE, sl651.ESC)
    assert pictures(tmp_path) == [JPEG]


def test_a_station_that_wants_no_answer_gets_none(listener, tmp_path):
    at = listener("M1")
    with line(at) as station:
        station.sendall(report(1, 5) + b"".join(picture(size=4000)))
        station.shutdown(socket.SHUT_WR)
        assert station.recv(1) == b""
    at.stop()
    (segment,) = waiting(tmp_path / "segments")
    assert len(read(segment.read_bytes())) == 2


def test_a_silent_station_is_asked_and_its_answer_is_a_report(listener, tmp_path):
    at = listener("M4", ask_s=0.1)
    with line(at) as station:
        station.sendall(stations.frame(sl651.KEEP_ALIVE, sl651.STX, bytes(8), 0x03))
        answers(station, 1)
        (question,) = answers(station, 1)[-1:]
        assert (question.up, question.function) == (False, sl651.ASK_NOW)
        assert (question.station, question.raw[-3]) == (STATION, sl651.ENQ)


def test_acknowledged_packets_outlive_a_sudden_end(listener, tmp_path):
    made = picture(size=4000)
    at = listener("M2")
    with line(at) as station:
        station.sendall(b"".join(made[:2]))
        answers(station, 2)
    at.stop()
    again = listener("M2")
    with line(again) as station:
        station.sendall(made[2])
        (answer,) = answers(station, 1)
        assert answer.raw[-3] == sl651.ESC
    assert pictures(tmp_path) == [JPEG]


def test_a_picture_that_never_ends_is_given_up_and_noted(listener, tmp_path, monkeypatch):
    monkeypatch.setattr(packets, "FORGET_S", -1.0)
    other = "40590235C2"
    at = listener("M2")
    with line(at) as station:
        station.sendall(picture(size=4000)[0])
        answers(station, 1)
        station.sendall(picture(size=4000, station=other)[0])
        answers(station, 1)
    at.stop()
    notes = [f.read_text() for f in (tmp_path / "segments").glob("*.noise")]
    assert INCOMPLETE in "".join(notes)


def test_a_mode_that_is_none_is_refused(var, configure, blocks):
    configure(blocks["gauge"] + 'mode = "M5"\n')
    with pytest.raises(ConfigError, match=r"M1 \| M2 \| M3 \| M4"):
        transport.check(load_platforms()["gauge"])
    configure(blocks["gauge"] + 'mode = "M4"\n')
    platform = load_platforms()["gauge"]
    transport.check(platform)
    made = transport.stream(platform, var, lambda: None)
    assert (made.mode, made.ask_s) == ("M4", timedelta(minutes=5).total_seconds())
