"""The raw archive: unchanged on disk, or not there at all."""

from __future__ import annotations

import errno
import gzip
import json
import os
from datetime import datetime

import pytest

from config import clock
from etl import durable, manifest
from etl.errors import BadRecord, Retryable
from etl.landing import Archive

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456)


def land(archive: Archive, payload: bytes, **more):
    return archive.land("weather", payload, ext="json", source="weather", **more)


def test_a_delivery_is_stored_unchanged_under_its_day(tmp_path):
    archive = Archive(tmp_path)
    with clock.frozen(NOON):
        line = land(archive, b'{"a": 1}', cursor="2026-11-23T11:00:00", count=1)
    file = tmp_path / "raw" / "weather" / "2026-11-23" / "120000.123456-0.json.gz"
    assert gzip.decompress(file.read_bytes()) == b'{"a": 1}'
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert list(archive.lines("weather")) == [line]
    assert archive.read("weather", line) == b'{"a": 1}'
    assert (line.cursor, line.count, line.unchanged) == ("2026-11-23T11:00:00", 1, False)


def test_two_deliveries_of_one_moment_do_not_meet(tmp_path):
    archive = Archive(tmp_path)
    with clock.frozen(NOON):
        one, two = land(archive, b"1"), land(archive, b"2")
    assert one.path != two.path
    assert archive.read("weather", one) == b"1"


def test_an_answer_equal_to_the_poll_before_is_a_line_only(tmp_path):
    archive = Archive(tmp_path)
    archive.begin("weather")
    first = land(archive, b"same")
    archive.begin("weather")
    again = land(archive, b"same")
    assert again.unchanged
    assert (again.path, again.id) == (first.path, first.id)
    assert len(list((tmp_path / "raw" / "weather").glob("*/*.gz"))) == 1


def test_an_answer_that_comes_back_after_another_is_stored_anew(tmp_path):
    archive = Archive(tmp_path)
    lines = []
    for payload in (b"a", b"b", b"a"):
        archive.begin("weather")
        lines.append(land(archive, payload))
    assert [line.unchanged for line in lines] == [False, False, False]
    assert len({line.id for line in lines}) == 3


def test_after_a_start_the_last_delivery_is_still_known(tmp_path):
    land(Archive(tmp_path), b"same")
    archive = Archive(tmp_path)
    archive.begin("weather")
    assert land(archive, b"same").unchanged


def test_a_torn_line_and_half_written_files_are_gone_after_a_start(tmp_path):
    archive = Archive(tmp_path)
    line = land(archive, b"1")
    home = tmp_path / "raw" / "weather"
    with (home / "manifest.jsonl").open("a") as manifest:
        manifest.write('{"id": "half')
    (home / line.path).with_suffix(".part").write_bytes(b"half")
    assert list(archive.lines("weather")) == [line]
    archive.recover()
    assert (home / "manifest.jsonl").read_text().endswith("}\n")
    assert not list(home.glob("*/*.part"))
    land(archive, b"2")
    assert len(list(archive.lines("weather"))) == 2


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_nothing_behind_and_passes(tmp_path, monkeypatch, number, step):
    archive = Archive(tmp_path)
    kept = land(archive, b"before")

    def full(*_):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        if step == "replace":
            patch.setattr(durable.Path, "replace", full)
        else:
            patch.setattr(durable.os, step, full)
        with pytest.raises(Retryable, match="disk is full"):
            land(archive, b"lost")
    home = tmp_path / "raw" / "weather"
    assert [line.id for line in archive.lines("weather")] == [kept.id]
    assert [p.name for p in home.glob("*/*") if p.suffix == ".part"] == []
    assert land(archive, b"after").sha256


def test_a_manifest_line_that_could_not_be_written_whole_is_taken_back(tmp_path, monkeypatch):
    archive = Archive(tmp_path)
    land(archive, b"before")
    file = tmp_path / "raw" / "weather" / "manifest.jsonl"
    before = file.read_bytes()
    real = durable.write_all

    def half(handle: int, content: bytes) -> None:
        if content.endswith(b"\n"):
            os.write(handle, content[:20])
            raise OSError(errno.ENOSPC, "full")
        real(handle, content)

    with monkeypatch.context() as patch:
        patch.setattr(manifest, "write_all", half)
        with pytest.raises(Retryable):
            land(archive, b"lost")
    assert file.read_bytes() == before


@pytest.mark.parametrize("damage", ["cut", "flip", "gone"])
def test_a_damaged_raw_file_is_never_read_as_something_else(tmp_path, damage):
    archive = Archive(tmp_path)
    line = land(archive, json.dumps(list(range(1000))).encode())
    file = tmp_path / "raw" / "weather" / line.path
    content = bytearray(file.read_bytes())
    if damage == "cut":
        file.write_bytes(content[:-9])
    elif damage == "flip":
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    else:
        file.unlink()
    with pytest.raises(BadRecord, match="raw file"):
        archive.read("weather", line)


def test_a_set_read_anew_by_another_mapping_counts_once(tmp_path):
    archive = Archive(tmp_path)
    old = land(archive, b"export", mapping="mappings/a.toml")
    new = land(archive, b"export", mapping="mappings/b.toml")
    other = land(archive, b"more", mapping="mappings/a.toml")
    assert [line.id for line in archive.in_force("weather")] == [new.id, other.id]
    assert old.id != new.id


def test_a_mapping_is_kept_beside_what_it_read(tmp_path):
    archive = Archive(tmp_path)
    name = archive.keep_mapping("weather", b"key = 1")
    assert archive.keep_mapping("weather", b"key = 1") == name
    assert (tmp_path / "raw" / "weather" / name).read_bytes() == b"key = 1"
