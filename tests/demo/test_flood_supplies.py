"""Stores and teams: files on Mondays and in heavy rain, read by the product's own reader."""

from datetime import date, datetime, timedelta

from config.environment import environment
from config.platforms import load_platforms
from demo import sky, stores
from demo.feeds import flood_supplies as feed
from demo.stage import Stage
from etl.platforms import flood_supplies


def rows(payload):
    found = list(flood_supplies.parse(payload))
    assert not [row for name, row in found if name == "!"]
    return found


def wet_day(town):
    day = date(2026, 6, 1)
    while sky.rain_on(town, day) < stores.WET_MM:
        day += timedelta(days=1)
    return day


def test_the_products_reader_takes_every_item_of_every_store_and_every_team(town):
    (turn,) = stores.turns(town, date(2026, 11, 23))
    found = rows(stores.workbook(town, turn))
    supplies = [row for name, row in found if name == "flood_supply"]
    teams = [row for name, row in found if name == "flood_team"]
    assert len(supplies) == len(stores.STORES) * len(stores.ITEMS)
    assert len(teams) == len(stores.TEAMS)
    assert {row["state"] for row in teams} == {"待命"}
    short = sum(float(row["qty"]) < float(row["quota"]) for row in supplies)
    assert 0 < short < len(supplies) / 4


def test_teams_go_out_in_heavy_rain_and_come_back_the_next_morning(town):
    day = wet_day(town)
    doing = [turn.doing for turn in stores.turns(town, day)]
    assert doing[-2:] == ["出动", "作业"]
    assert stores.turns(town, day + timedelta(days=1))[0].doing == "归队"
    out = [r for n, r in rows(stores.workbook(town, stores.turns(town, day)[-1])) if r.get("point")]
    assert out and all(row["state"] == "作业" for row in out)


def test_files_that_are_due_are_dropped_once_and_the_same_every_time(var, town, now):
    stage = Stage(town, environment(), load_platforms()["flood_supplies"])
    first = feed.drop(stage, now)
    assert len(first) >= feed.WEEKS
    assert feed.drop(stage, now) == []
    assert feed.drop(stage, now + timedelta(days=7))
    turn = stores.turns(town, date(2026, 11, 23))[0]
    assert list(stores.supplies(town, turn)) == list(stores.supplies(town, turn))
    assert turn.at == datetime(2026, 11, 23, 8, 10)
