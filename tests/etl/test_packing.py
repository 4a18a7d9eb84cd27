"""Closed raw days in one file each: read as before, and never lost on the way."""

from __future__ import annotations

import zipfile
from datetime import date, datetime

import pytest

from config import clock
from etl import packing
from etl.errors import BadRecord
from etl.landing import Archive

FRIDAY, MONDAY = datetime(2026, 11, 20, 10), datetime(2026, 11, 23, 10)


def land(archive: Archive, payload: bytes, at: datetime):
    with clock.frozen(at):
        return archive.land("weather", payload, ext="json", source="weather")


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path)


@pytest.fixture
def aside(tmp_path):
    return tmp_path / "quarantine" / "damaged" / "raw"


def test_a_closed_day_becomes_one_file_and_reads_as_before(archive, aside):
    lines = [land(archive, f"[{n}]".encode(), FRIDAY) for n in range(5)]
    today = land(archive, b"[9]", MONDAY)
    assert archive.pack("weather", MONDAY.date(), aside) == 5
    home = archive.root / "weather"
    assert sorted(p.name for p in home.iterdir()) == [
        "2026-11-20.zip", "2026-11-23", "manifest.jsonl",
    ]  # fmt: skip
    assert [archive.read("weather", line) for line in lines] == [b"[%d]" % n for n in range(5)]
    assert archive.read("weather", today) == b"[9]"
    assert (home / "2026-11-20.zip").stat().st_mode & 0o777 == 0o600
    assert archive.pack("weather", MONDAY.date(), aside) == 0


def test_what_comes_for_a_day_that_is_packed_goes_into_its_pack(archive, aside):
    early = land(archive, b"[1]", FRIDAY)
    archive.pack("weather", MONDAY.date(), aside)
    late = land(archive, b"[2]", FRIDAY.replace(hour=23))
    assert archive.pack("weather", MONDAY.date(), aside) == 2
    assert [archive.read("weather", line) for line in (early, late)] == [b"[1]", b"[2]"]


def test_a_damaged_file_goes_to_quarantine_and_the_others_are_packed(archive, aside):
    good, bad = (land(archive, b"[%d]" % n * 40, FRIDAY) for n in range(2))
    file = archive.root / "weather" / bad.path
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0x10
    file.write_bytes(content)
    assert archive.pack("weather", MONDAY.date(), aside) == 1
    assert archive.read("weather", good) == b"[0]" * 40
    with pytest.raises(BadRecord, match="cannot be read"):
        archive.read("weather", bad)
    assert [p.read_bytes() for p in aside.iterdir()] == [bytes(content)]


def test_a_file_that_was_never_acknowledged_is_not_packed(archive, aside):
    land(archive, b"[1]", FRIDAY)
    stray = archive.root / "weather" / "2026-11-20" / "000000.000000-0.json.gz"
    stray.write_bytes(b"half")
    assert archive.pack("weather", MONDAY.date(), aside) == 1
    with zipfile.ZipFile(archive.root / "weather" / "2026-11-20.zip") as pack:
        assert len(pack.namelist()) == 1
    assert not aside.exists()


def test_an_end_while_packing_leaves_the_day_as_it_was(archive, aside, monkeypatch):
    lines = [land(archive, b"[%d]" % n, FRIDAY) for n in range(3)]
    with monkeypatch.context() as patch:
        patch.setattr(packing.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(OSError, match="full"):
            archive.pack("weather", MONDAY.date(), aside)
    again = Archive(archive.root.parent)
    again.recover()
    assert [again.read("weather", line) for line in lines] == [b"[0]", b"[1]", b"[2]"]
    assert not list((archive.root / "weather").glob("*.part"))
    assert again.pack("weather", MONDAY.date(), aside) == 3


def test_dropped_days_leave_manifest_and_disk(archive, aside):
    land(archive, b"[1]", FRIDAY)
    archive.pack("weather", MONDAY.date(), aside)
    kept = land(archive, b"[2]", MONDAY)
    assert archive.drop("weather", MONDAY.date()) == [date(2026, 11, 20)]
    assert list(archive.lines("weather")) == [kept]
    assert archive.read("weather", kept) == b"[2]"
    assert not (archive.root / "weather" / "2026-11-20.zip").exists()
