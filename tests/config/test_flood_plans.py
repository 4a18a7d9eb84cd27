"""The response plans of the gauges are read whole, or refused with what is wrong."""

import pytest

from config.environment import environment
from config.errors import ConfigError
from config.flood_plans import load_flood_plans, read_flood_plans
from config.thresholds import load_thresholds

PLAN = """
[[plan]]
station = "3201170006"
posts = ["防汛值班室"]
pumps = ["3201178005"]
place = [{ name = "河片", lng = 1.0, lat = 3.5, households = 86, people = 212, note = "x" }]
team = [{ code = "PL01", name = "一队", at = "清泉社区", lng = 119.0, lat = 31.55, task = "架泵" }]
supply = [{ store = "CK01", item = "编织袋", quantity = 6000, unit = "条" }]
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    shipped = environment().config / "thresholds.toml"
    (tmp_path / "thresholds.toml").write_bytes(shipped.read_bytes())
    monkeypatch.setenv("HONGLAN_CONFIG", str(tmp_path))

    def put(text):
        file = tmp_path / "flood_plans.toml"
        file.write_text(text, encoding="utf-8")
        return read_flood_plans(file)

    return put


def test_every_gauge_of_the_shipped_site_has_a_plan_with_posts_places_teams_and_supplies():
    plans = load_flood_plans()
    assert set(plans) == {station.code for station in load_thresholds().stations}
    for plan in plans.values():
        assert plan.posts and plan.places and plan.teams and plan.supplies
    assert (plans["3201170006"].households, plans["3201170006"].people) == (127, 309)


def test_a_site_without_the_file_has_no_plans(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_CONFIG", str(tmp_path))
    assert load_flood_plans() == {}


def test_a_plan_is_read_as_it_stands(write):
    (plan,) = write(PLAN).values()
    assert (plan.posts, plan.pumps) == (("防汛值班室",), ("3201178005",))
    assert (plan.places[0].people, plan.teams[0].task, plan.supplies[0].quantity) == (
        212, "架泵", 6000,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("3201170006", "9", "station code"),
        ('posts = ["防汛值班室"]', "posts = []", "at least one post"),
        ("households = 86", 'households = "86"', "whole number"),
        ("people = 212, ", "", "exactly name"),
        ("lng = 119.0, lat = 31.55, task", "lng = 900.0, lat = 31.55, task", "degrees"),
        ('pumps = ["3201178005"]', "pumps = 3", "list of texts"),
        ('unit = "条"', 'unit = ""', "a text"),
        ("[[plan]]", '[[plan]]\nleader = "x"', "exactly station"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place_and_what_is_allowed(write, old, new, said):
    with pytest.raises(ConfigError, match=said):
        write(PLAN.replace(old, new))


def test_one_station_has_one_plan(write):
    with pytest.raises(ConfigError, match="one plan for each"):
        write(PLAN + PLAN)
