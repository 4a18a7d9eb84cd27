"""A year of answers that told nothing new is a few lines, and freshness is what it was."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta

import pytest

from config import clock
from etl import retention
from etl.landing import Archive
from etl.manifest import answered
from etl.rebuild import rebuild

START = datetime(2026, 11, 1)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def spells(lines, every: timedelta) -> list[tuple[datetime, datetime]]:
    """From the first to the last of each spell, as the warehouse makes them of these moments."""
    found: list[list[datetime]] = []
    for at in answered(lines, "weather", every):
        if found and at - found[-1][1] <= 2 * every:
            found[-1][1] = max(found[-1][1], at)
        else:
            found.append([at, at])
    return [(first, last) for first, last in found]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_came_the_spells_stay_what_they_are_to_the_second(tmp_path, seed):
    dice = random.Random(seed)
    archive, at = Archive(tmp_path), START
    pages = [b"a1", b"b1"]
    while at < START + 3 * DAY:
        with clock.frozen(at):
            archive.begin("weather")
            if dice.random() < 0.05:
                pages = [b"%d" % dice.randrange(10**6), pages[1]]
            for page in pages:
                archive.land("weather", page, ext="json", source="weather")
        pause = 5 * MINUTE if dice.random() < 0.97 else timedelta(hours=dice.uniform(0.2, 9))
        at += pause + timedelta(seconds=dice.uniform(-20, 20))
    before = list(archive.lines("weather"))
    thin = archive.thin("weather", (START + 2 * DAY).date(), 5 * MINUTE)
    after = list(archive.lines("weather"))
    assert len(before) - len(after) == thin > len(before) // 3
    assert spells(after, 5 * MINUTE) == spells(before, 5 * MINUTE)
    assert [each for each in after if not each.unchanged] == [
        each for each in before if not each.unchanged
    ]
    today = [each for each in before if each.received >= START + 2 * DAY]
    assert after[-len(today) :] == today  # the running day is left alone
    assert archive.thin("weather", (START + 2 * DAY).date(), 5 * MINUTE) == 0


def test_a_thinned_archive_gives_the_same_warehouse_and_is_polled_on(
    place, configure, blocks, hotline, make_order, core
):
    configure(blocks["hotline"].format(url=hotline.url, size=20))
    hotline.records = [make_order(1, "2026-11-01T00:00:00")]
    success = "SELECT * FROM core.success ORDER BY ALL"
    with clock.frozen(START):
        at = place()
        at.mend()
    for minute in [*range(30), *range(60, 90)]:
        with clock.frozen(START + minute * MINUTE):
            at._due["hotline_12345"] = 0.0
            at.poll("hotline_12345")
    before = core(at, success)
    assert len(before) == 2
    with clock.frozen(START + DAY + timedelta(hours=3)):
        assert "57 lines" in " ".join(retention.turn(at.loader, clock.local()))
        assert len(list(at.loader.archive.lines("hotline_12345"))) == 3
        _, unexplained = rebuild(at.loader)
        assert unexplained == []
        assert core(at, success) == before
        at._due["hotline_12345"] = 0.0
        at.poll("hotline_12345")
    (_, _, _, newest) = at.loader.archive.lines("hotline_12345")
    assert newest.unchanged  # it is still known what was said before


def test_a_year_of_a_platform_asked_each_minute_is_some_kilobytes(tmp_path):
    archive = Archive(tmp_path)
    with clock.frozen(START):
        first = archive.land("weather", b"x", ext="json", source="weather")
    line = {
        "id": first.id, "path": first.path, "sha256": first.sha256, "bytes": 1, "cursor": None,
        "count": 1, "source": "weather", "unchanged": True, "mapping": None,
    }  # fmt: skip
    manifest = tmp_path / "raw" / "weather" / "manifest.jsonl"
    with manifest.open("a") as file:
        for minute in range(1, 90 * 1440):
            at = START + minute * MINUTE
            file.write(json.dumps(line | {"recorded_at": at.isoformat()}) + "\n")
    size = manifest.stat().st_size
    archive.thin("weather", (START + 90 * DAY).date(), MINUTE)
    assert len(list(archive.lines("weather"))) == 91
    assert manifest.stat().st_size * 1000 < size
