"""Drone photos beside a table: through the inbox, checked, kept once, found by a row's name."""

from __future__ import annotations

import hashlib
import io
import os
import time
import zipfile
from datetime import datetime, timedelta

import pytest
from PIL import Image

from config import clock
from demo.flight_shots import draw
from etl import commands, pictured, retention
from etl.album import AMBIGUOUS, GONE, MISSING, Album
from etl.errors import BadRecord, Refused

LAND = """
[land_watch]
name = "智慧控违监管"
owner = "区城管局"
transport = "files"
every = "15m"
stale_after = "1d"

[land_watch.files]
pattern = "*.json"
"""
BEFORE, AFTER = draw("TB1", is_after=False), draw("TB1", is_after=True)


def png(width: int = 4, height: int = 3) -> bytes:
    """A real PNG."""
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def table(*numbers: str) -> bytes:
    """Spots, each naming two pictures."""
    rows = ",".join(
        f'{{"lx":"TB","tbbh":"{n}","faxsj":"2026-11-02T09:00:00","mj":50,"tbzt":"20",'
        f'"gxsj":"2026-11-02T09:00:00","qqyx":"HC202610/{n}_q.jpg","hqyx":"HC202611/{n}_h.jpg"}}'
        for n in numbers
    )
    return f'{{"data":{{"list":[{rows}]}}}}'.encode()


def zipped(members: dict[str, bytes]) -> bytes:
    """A ZIP of these."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def at(place, configure):
    """The place where the work is done, for this one platform."""
    configure(LAND)
    made = place()
    made.mend()
    return made


def bring(at, name: str, content: bytes):
    """One file through the inbox."""
    file = at.var / "inbox" / "land_watch" / name
    file.write_bytes(content)
    os.utime(file, (1, 1))
    return at.turn("land_watch", "files", at.feeds["land_watch"].sweep, wait=True)


def kept(at) -> list[bytes]:
    """What lies there as pictures."""
    return [f.read_bytes() for f in sorted((at.var / "raw/land_watch/pictures").glob("*/*"))]


def reasons(at, *names: str) -> list[str]:
    """Why each name has no picture; an empty text where it has."""
    return [shot.reason for shot in Album(at.var, "land_watch").find(names)]


def test_photos_in_the_zip_of_a_table_become_files_and_its_rows_find_them(at, core):
    members = {"图斑.json": table("TB1"), "HC202610/TB1_q.jpg": BEFORE, "HC202611/TB1_h.jpg": AFTER}
    assert bring(at, "十一月.zip", zipped(members)).loaded == 1
    ((before, after),) = core(at, "SELECT photo_before, photo_after FROM core.land_clue")
    shots = Album(at.var, "land_watch").find([before, after])
    assert [shot.sha256 for shot in shots] == [
        hashlib.sha256(each).hexdigest() for each in (BEFORE, AFTER)
    ]
    home = at.var / "raw" / "land_watch"
    assert [(home / shot.file).read_bytes() for shot in shots] == [BEFORE, AFTER]
    assert len(list(home.glob("*/*.json.gz"))) == 1
    assert not list(home.glob("*/*.zip.gz"))


def test_a_zip_imported_by_hand_gives_its_photos_too_and_one_of_photos_alone_is_no_table(
    at, core, tmp_path
):
    members = {"图斑.json": table("TB1"), "HC202610/TB1_q.jpg": BEFORE}
    (tmp_path / "十一月.zip").write_bytes(zipped(members))
    (tmp_path / "补.zip").write_bytes(zipped({"HC202611/TB1_h.jpg": AFTER}))
    told = commands.import_file(at, "land_watch", tmp_path / "十一月.zip", None, None)
    assert "1 rows in, 1 loaded" in told.out
    told = commands.import_file(at, "land_watch", tmp_path / "补.zip", None, None)
    assert "pictures only, kept" in told.out
    assert kept(at) == sorted([BEFORE, AFTER], key=lambda one: hashlib.sha256(one).hexdigest())
    ((before, after),) = core(at, "SELECT photo_before, photo_after FROM core.land_clue")
    assert reasons(at, before, after) == ["", ""]


@pytest.mark.parametrize("name", ["a.xlsx", "a.zip", "a.xls"])
def test_a_book_that_is_none_inside_is_told_as_that(at, tmp_path, name):
    (tmp_path / name).write_bytes(b"\x00\x01" * 400)
    with pytest.raises(BadRecord, match=rf"{name} is no [A-Z]+ file inside; send it once more"):
        commands.import_file(at, "land_watch", tmp_path / name, None, None)
    with pytest.raises(Refused, match="file inside; send it once more"):
        bring(at, name, b"\x00\x01" * 400)


def test_broken_and_missing_photos_are_told_by_reason_and_every_row_is_loaded(at):
    huge = png()[:16] + (9000).to_bytes(4, "big") * 2 + png()[24:]
    members = {
        "t.json": table("TB1", "TB2", "TB3"),
        "HC202610/TB1_q.jpg": BEFORE[:-200],
        "HC202611/TB1_h.jpg": b"<html>404</html>",
        "HC202610/TB2_q.jpg": huge,
        "HC202611/TB2_h.jpg": AFTER,
        "HC202610/TB3_q.jpg": b"\xff\xd8\xff" + bytes(17 << 20),
    }
    tally = bring(at, "t.zip", zipped(members))
    assert (tally.loaded, tally.quarantined) == (3, 0)
    assert kept(at) == [AFTER]
    at.loader.publish(force=True)
    said = pictured.report("land_watch", at.var)
    assert "1 of 6 named pictures are here" in said
    assert "TB1 photo_before HC202610/TB1_q.jpg: 图片残缺" in said
    assert "TB1 photo_after HC202611/TB1_h.jpg: 不是JPEG或PNG图片" in said
    assert "TB2 photo_before HC202610/TB2_q.jpg: 图片像素过大(9000×9000)" in said
    assert "TB3 photo_before HC202610/TB3_q.jpg: 图片超过16 MiB" in said
    assert f"TB3 photo_after HC202611/TB3_h.jpg: {MISSING}" in said
    assert "TB2 photo_after HC202611/TB2_h.jpg: raw/land_watch/pictures/" in pictured.report(
        "land_watch", at.var, "TB2"
    )


def test_a_photo_alone_in_the_inbox_is_kept_and_a_broken_one_lies_aside(at):
    bring(at, "TB1_h.JPG", AFTER)
    bring(at, "TB2_h.png", png())
    assert reasons(at, "HC202611/TB1_h.jpg", "HC202611\\TB2_h.png") == ["", ""]
    with pytest.raises(Refused, match="图片残缺"):
        bring(at, "TB3_h.jpg", AFTER[:-2])
    aside = at.var / "inbox" / "land_watch" / "refused" / "TB3_h.jpg.txt"
    assert "图片残缺" in aside.read_text("utf-8")
    bring(at, "TB3_h.jpg", AFTER)
    assert reasons(at, "TB3_h.jpg") == [""]


def test_the_same_photo_is_stored_once_and_two_that_fit_one_name_are_not_guessed(at):
    bring(at, "a.zip", zipped({"A/1.jpg": AFTER, "B/2.jpg": AFTER, "B/1.jpg": BEFORE}))
    bring(at, "b.zip", zipped({"A/1.jpg": AFTER}))
    assert sorted(kept(at)) == sorted([AFTER, BEFORE])
    assert reasons(at, "A/1.jpg", "B/2.jpg", "2.jpg") == ["", "", ""]
    assert reasons(at, "1.jpg", "") == [AMBIGUOUS, MISSING]


def test_a_broken_photo_does_not_take_the_place_of_a_whole_one(at):
    bring(at, "a.zip", zipped({"A/1.jpg": AFTER}))
    bring(at, "b.zip", zipped({"A/1.jpg": AFTER[:-9]}))
    assert reasons(at, "A/1.jpg") == [""]


def test_photos_and_their_lines_go_when_raw_does(at):
    bring(at, "a.zip", zipped({"t.json": table("TB1"), "A/1.jpg": AFTER, "A/2.jpg": BEFORE}))
    (old,) = Album(at.var, "land_watch").find(["A/1.jpg"])
    limit = retention.raw_limit(at.platforms["land_watch"], at.loader.tables["land_watch"])
    stamp = time.time() - (limit + timedelta(days=1)).total_seconds()
    os.utime(at.var / "raw" / "land_watch" / old.file, (stamp, stamp))
    now: datetime = clock.local()
    assert "land_watch: 1 pictures removed" in retention.turn(at.loader, now)
    assert reasons(at, "A/1.jpg", "A/2.jpg") == [GONE, ""]
    Album(at.var, "land_watch").forget(now + timedelta(days=1))
    assert reasons(at, "A/1.jpg", "A/2.jpg") == [MISSING, ""]
