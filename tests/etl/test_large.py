"""Deliveries too large to be held: read by pieces, loaded whole or not at all."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import zipfile

import pytest

from config.environment import ROOT
from etl import reading
from etl.errors import BadRecord, Refused
from etl.formats import stored
from etl.transports import files

HEAD = "STCD,TM,Z,DRP,INTV\n"
ROWS = 3_000


def line(n: int) -> str:
    at = f"2026-11-{1 + n // 600:02d} {n // 60 % 10:02d}:{n % 60:02d}:00"
    return f"32011700{n % 10:02d},{at},{9 + n % 7},0,1\n"


def dump(rows: int = ROWS, encoding: str = "gb18030") -> bytes:
    return (HEAD + "".join(line(n) for n in range(rows))).encode(encoding)


@pytest.fixture
def at(place, configure, blocks, monkeypatch):
    """An installation to which 10 KiB are much already."""
    for module in (stored, files, sys.modules["etl.landing"], sys.modules["etl.formats.bundle"]):
        monkeypatch.setattr(module, "WHOLE", 10 << 10)
    monkeypatch.setattr(reading, "CHUNK", 500)
    monkeypatch.setattr(reading, "HELD", 500)
    monkeypatch.setattr("warehouse.spooled.PIECE", 1_000)
    configure(blocks["gauge"] + blocks["mediation"].replace('"*.xlsx"', '"*"'))
    opened = place()
    opened.mend()
    return opened


def drop(at, key: str, name: str, content: bytes) -> None:
    file = at.var / "inbox" / key / name
    file.write_bytes(content)
    os.utime(file, (1, 1))


def sweep(at, key: str):
    return at.turn(key, "files", at.feeds[key].sweep, wait=True)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_a_large_table_is_loaded_as_a_small_one_is(at, core, encoding):
    drop(at, "gauge", "levels.csv", dump(encoding=encoding))
    tally = sweep(at, "gauge")
    assert (tally.rows_in, tally.loaded + tally.unchanged) == (ROWS, ROWS)
    levels = core(at, "SELECT count(DISTINCT (station, observed_at)) FROM core.gauge_reading")
    assert levels == core(at, "SELECT count(*) FROM core.gauge_reading")
    (row,) = at.loader.archive.lines("gauge")
    assert gzip.decompress((at.var / "raw" / "gauge" / row.path).read_bytes()) == dump(
        encoding=encoding
    )


def test_the_same_rows_in_pieces_and_at_once_make_the_same_tables(at, core, monkeypatch):
    content = dump() + dump(500)[len(HEAD) :].replace(b",9,", b",8.5,")  # one key, two contents
    drop(at, "gauge", "levels.csv", content)
    sweep(at, "gauge")
    question = "SELECT * EXCLUDE (_batch, _recorded_at) FROM core.{} ORDER BY ALL"
    tables = ("gauge_reading", "gauge_reading_version")
    by_pieces = [core(at, question.format(each)) for each in tables]
    monkeypatch.setattr(reading, "HELD", 1 << 30)
    with at.loader.writing() as warehouse:
        warehouse.forget_source("gauge")
    at.loader.catch_up(["gauge"])
    assert [core(at, question.format(each)) for each in tables] == by_pieces


def test_wrong_rows_of_a_large_table_are_set_aside_by_their_place(at, core):
    lines = dump().decode("gb18030").splitlines(keepends=True)
    lines[2_500] = lines[2_500].replace("2026-11", "2026-13")
    drop(at, "gauge", "levels.csv", "".join(lines).encode())
    tally = sweep(at, "gauge")
    assert (tally.rows_in, tally.quarantined) == (ROWS, 1)
    (file,) = (at.var / "quarantine" / "gauge").glob("*.jsonl")
    assert '"row": 2499' in file.read_text()


def test_a_large_table_of_another_shape_is_set_aside_whole(at, core):
    drop(at, "gauge", "levels.csv", dump().replace(b"2026-11-0", b"yesterday"))
    with pytest.raises(Refused, match=f"{ROWS} rows came and too many"):
        sweep(at, "gauge")
    (file,) = (at.var / "quarantine" / "gauge").glob("*.jsonl")
    assert file.read_text().count("\n") == ROWS
    assert core(at, "SELECT count(*) FROM core.gauge_reading") == [(0,)]
    assert list((at.var / "quarantine" / "gauge").glob("*.part")) == []


def test_a_large_table_that_breaks_off_counts_for_nothing(at, core):
    drop(at, "gauge", "levels.csv", dump() + b"\xff\xff\xff")
    with pytest.raises(Refused, match="the text is not"):
        sweep(at, "gauge")
    assert core(at, "SELECT count(*) FROM core.gauge_reading") == [(0,)]


def test_a_large_table_in_a_zip_is_read_from_it(at, core):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("levels.csv", dump())
    drop(at, "gauge", "levels.zip", packed.getvalue())
    assert sweep(at, "gauge").rows_in == ROWS


def test_a_large_raw_file_that_was_changed_is_damaged_and_nothing_of_it_loaded(at, core):
    drop(at, "gauge", "levels.csv", dump())
    sweep(at, "gauge")
    (row,) = at.loader.archive.lines("gauge")
    (at.var / "raw" / "gauge" / row.path).write_bytes(gzip.compress(dump(ROWS - 1)))
    with at.loader.writing() as warehouse:
        warehouse.forget_source("gauge")
    at.loader.catch_up(["gauge"])
    assert core(at, "SELECT count(*) FROM core.gauge_reading") == [(0,)]


def test_the_same_large_file_again_is_not_kept_twice(at):
    drop(at, "gauge", "levels.csv", dump())
    sweep(at, "gauge")
    drop(at, "gauge", "again.csv", dump())
    assert sweep(at, "gauge").rows_in == 0
    assert len(list(at.loader.archive.lines("gauge"))) == 1
    assert list((at.var / "raw" / "gauge").glob("*/*.part")) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", b'{"data": [' + b"1," * 20_000 + b"1]}", "JSON file is larger"),
        ("a.xml", b"<a>" + b"<b/>" * 9_000 + b"</a>", "XML file is larger"),
        ("a.csv", b"x" * 40_000, "no header row"),
        ("a.json", b"[" * 3_000 + b"]" * 3_000, "nested deeper"),
    ],
)
def test_what_can_only_be_held_is_refused_when_it_is_large(at, monkeypatch, name, content, said):
    limits = [(mark, kind, min(most, 10 << 10)) for mark, kind, most in stored._BEGINNINGS]
    monkeypatch.setattr(stored, "_BEGINNINGS", limits)
    drop(at, "mediation", name, content)
    with pytest.raises(Refused, match=said):
        sweep(at, "mediation")
    assert (at.var / "inbox" / "mediation" / "refused" / name).is_file()


def test_who_does_not_read_a_large_delivery_to_its_end_is_told(at):
    from etl.formats import bundle

    payload = stored.Stored.behind(lambda: io.BytesIO(b"x" * 100_000), 100_000)
    parts = bundle.parts("weather", payload)
    assert next(parts).startswith(b"x")
    with pytest.raises(BadRecord, match="must be a table of text"):
        next(parts)


PEAK = """
import os, resource, sys, time
from tests.etl.test_large import HEAD, line
from benchmarks.files import place
with place() as at:
    file = at.var / "inbox" / "gauge" / "levels.csv"
    with file.open("w") as out:
        out.write(HEAD)
        many = "".join(line(n) for n in range(3000))
        for _ in range(int(sys.argv[1]) // 3000):
            out.write(many)
    os.utime(file, (1, 1))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line_ = at.loader.archive.land_once(
        "gauge", next(at.feeds["gauge"]._inboxes[0].finished()).payload, ext="csv", source="gauge"
    )
    batch, fault = at.loader.deliveries.read("gauge", line_)
    assert fault is None and len(batch.rows["gauge_reading"]) == int(sys.argv[1])
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_memory_that_reading_takes_does_not_grow_with_the_file():
    took = [
        int(
            subprocess.run(
                [sys.executable, "-W", "ignore", "-c", PEAK, str(rows)],
                cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
                capture_output=True, text=True, check=True,
            ).stdout.split()[-1]
        )
        for rows in (600_000, 1_200_000)
    ]  # fmt: skip
    assert max(took) <= 96, took  # MiB; the files are 28 and 56 MiB
