"""Flights and spots: one flight a month, lives as the law has them, read by our reader."""

import io
import json
import zipfile
from datetime import date, datetime, time, timedelta

from config import clock
from demo.flight_shots import last_sent, packed
from demo.office import is_workday
from demo.plots import SPAN, flight_day, plots_on
from etl import photo
from etl.platforms.land_watch import wkt
from tests.demo.readers import ask, days, door, rows

PATH = "/land_watch/api/wf/changed"


def test_each_month_has_one_flight_and_spots_two_days_later(town):
    for month in (date(2026, 2, 1), date(2026, 6, 1), date(2026, 10, 1)):
        flown = flight_day(town, month)
        kinds = [
            [life.facts["lx"] for life in plots_on(town, flown + timedelta(days=n))] for n in (0, 2)
        ]
        assert kinds[0].count("HC") == 1
        assert kinds[1].count("TB") >= 6


def test_nothing_is_torn_down_at_night_or_on_a_holiday_and_force_waits_for_the_law(town):
    lives = [life for day in days(date(2025, 3, 1), 90) for life in plots_on(town, day)]
    end = datetime(2027, 6, 1)
    assert lives == [life for day in days(date(2025, 3, 1), 90) for life in plots_on(town, day)]
    torn = [row for life in lives if (row := life.row(end)).get("ccsj")]
    assert len(torn) > 20
    for row in torn:
        assert is_workday(row["ccsj"].date())
        assert time(8) <= row["ccsj"].time() <= time(18)
        if row["ccfs"] == "3":
            assert row["ccsj"] - row["jdsj"] > timedelta(days=180)
    for life in lives:
        assert life.steps[-1].at - life.steps[0].at < timedelta(days=SPAN)


def test_the_products_reader_takes_every_flight_and_spot(town, now, monkeypatch):
    monkeypatch.setenv("LAND_WATCH_TOKEN", "k")
    app = door(town, "land_watch")
    with clock.frozen(now):
        params = {"updateTimeFrom": "2026-09-01T00:00:00", "limit": "1000"}
        answer = ask(app, PATH, params, {"Authorization": "Bearer k"})
        refused = ask(app, PATH, params, {"Authorization": "Bearer x"})
    found = rows("land_watch", answer.content)
    assert len(found["land_flight"]) == 3
    assert len(found["land_clue"]) + 3 == answer.json()["data"]["count"] > 60
    assert all(row["polygon"].startswith("POLYGON ((") for row in found["land_clue"])
    assert refused.status_code == 401


def test_an_outline_in_geojson_is_kept_as_wkt():
    ring = [[118.9, 31.5], [118.91, 31.5], [118.9, 31.51], [118.9, 31.5]]
    given = json.dumps({"type": "Polygon", "coordinates": [ring]})
    assert wkt(given) == "POLYGON ((118.9 31.5, 118.91 31.5, 118.9 31.51, 118.9 31.5))"
    assert wkt('{"type": "Point", "coordinates": [1, 2]}') is None


def test_the_pictures_of_a_flight_are_real_and_named_as_its_spots_name_them(town):
    now = datetime(2026, 11, 20, 9)
    at = last_sent(town, now)
    assert at <= now
    name, payload = packed(town, now, at)
    assert name == "控违影像202611.zip"
    spots = [life.facts for life in plots_on(town, at.date()) if life.facts.get("hqyx")]
    with zipfile.ZipFile(io.BytesIO(payload)) as archive:
        assert sorted(archive.namelist()) == sorted(
            row[field] for row in spots for field in ("qqyx", "hqyx")
        )
        assert {photo.judge(archive.read(each)).ext for each in archive.namelist()} == {"jpg"}
    _, first = packed(town, now, None)
    assert len(first) > 2 * len(payload)
