"""Ranks, what they do, and how readings are judged: read whole, or refused with what is wrong."""

import pytest

from config.environment import environment
from config.errors import ConfigError
from config.thresholds import load_thresholds, read_thresholds

SHIPPED = (environment().config / "thresholds.toml").read_text(encoding="utf-8")


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_CONFIG", str(tmp_path))

    def put(old, new):
        assert old in SHIPPED
        file = tmp_path / "thresholds.toml"
        file.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
        return read_thresholds(file)

    return put


def test_only_floods_from_yellow_up_and_the_two_highest_ranks_take_the_region():
    rules = load_thresholds().alarms
    taking = {key for key, effect in rules.effects.items() if effect.takes == "region"}
    assert {key for key in taking if key[0] == "flood"} == {
        ("flood", 1),
        ("flood", 2),
        ("flood", 3),
    }
    assert {rank for kind, rank in taking if kind != "flood"} == {1, 2}


def test_a_late_platform_lights_its_lamp_and_blue_is_a_silent_ribbon():
    rules = load_thresholds().alarms
    late = rules.effect("platform", rules.rank("platform", "stale"))
    blue = rules.effect("flood", rules.rank("flood", "near"))
    assert (late.takes, late.sound) == ("lamp", False)
    assert (blue.takes, blue.sound) == ("ribbon", False)
    assert [rules.effect("flood", rank).again_s for rank in (1, 2, 3, 4)] == [60, 60, 0, 0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("record = 1, guarantee = 2", "record = 5, guarantee = 2", "a rank: 1, 2, 3 or 4"),
        ("record = 1, guarantee = 2", "record = 3, guarantee = 2", "never a lower rank"),
        ("warning = 3, near = 4 }", "warning = 3 }", "exactly record"),
        ("takes = { 3 = \"region\" }", "takes = { 4 = \"region\" }", "only for ranks 1 to 3"),
        ("takes = { 3 = \"region\" }", "takes = { 3 = \"siren\" }", "region | ribbon | lamp"),
        ("takes = { 3 = \"region\" }", "takes = { 9 = \"lamp\" }", "ranks 1 to 4"),
        ("ranks = { missing = 3 }", "ranks = { missing = 3 }\nloud = true", "ranks, takes"),
        ("sound = false\nagain_s = 0", "sound = false\nagain_s = 60", "0 where sound is false"),
        ("again_s = 60", "again_s = -1", "0 .once. to 3600"),
        ("sound = true", 'sound = "yes"', "true or false"),
        ("[alarm.storage]", "[alarm.thunder]", "exactly flood"),
        ('posts = ["带班领导"]', 'posts = "带班领导"', "a list of posts"),
        ('posts = ["带班领导"]', 'posts = ["带班领导", "带班领导"]', "each once"),
        ("plan = true", 'plan = "yes"', "true or false"),
        ("plan = true\n", "", "exactly takes, sound, again_s, plan, posts"),
        ("confirm = 2 ", "confirm = 1 ", "from 2 to 10"),
        ('clear_after = "30m"', 'clear_after = "soon"', "a span such as"),
        ("clear_margin_m = 0.05", "clear_margin_m = 0", "over 0"),
        ("step_m = { river = 0.6,", "step_m = { canal = 0.6,", "each of river"),
        ("sentinels = [-99,", 'sentinels = ["none",', "a list of numbers"),
        ("above_m = 5.0", "above = 5.0", "exactly confirm"),
        ("near_margin_m = 0.15", "near_margin_m = 5.0", "春和闸站.*0.01 to 2.0 metres"),
        ("near_margin_m = 0.15", 'near_margin_m = "0.15"', "a number of metres"),
        ("near_margin_m = 0.15", "clear_margin_m = 0", "clear_margin_m.*0.01 to 2.0 metres"),
        ("near_margin_m = 0.15", "margin_m = 0.15", "the keys of config"),
        ('kind = "lake"', 'kind = "pond"', "river | lake | reservoir"),
        ("lng = 118.94615", 'lng = "118.94615"', "degrees"),
        ('name = "蛇山站"', "name = 3", "a text"),
        ("guarantee = 12.50, record = 12.68", 'guarantee = "12.50", record = 12.68', "patrol ≤"),
        ("guarantee = 12.50, record = 12.68", "guarantee = nan, record = 12.68", "patrol ≤"),
        ("valid_from = 2016-07-07", 'valid_from = "2016-07-07"', "a day such as 2020-01-01"),
        ("valid_from = 2016-07-07", "valid_from = 2016-07-07T08:00:00", "a day such as"),
        ('code = "3201170002"', 'code = "3201170001"', "one station of each code"),
        ("near_margin_m = 0.5 ", 'near_margin_m = "0.5" ', "a number of metres"),
        ("small_n = 10", "small_n = -1", "a whole number"),
        ("bands = [0.25,", "bands = [0.95,", "numbers from 0 to 1"),
        ("hotline_on_time_rate = 0.95", 'hotline_on_time_rate = "x"', "a table of numbers"),
        ("agree_rain_mm = 10.0", "agree_rain_mm = nan", "over 0"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place_and_what_is_allowed(write, old, new, said):
    with pytest.raises(ConfigError, match=said):
        write(old, new)


def test_a_station_has_the_margins_of_all_or_its_own(write):
    thresholds = write("near_margin_m = 0.15", "clear_margin_m = 0.02")
    held, other = (thresholds.station(code) for code in ("3201170005", "3201170006"))
    assert (thresholds.near_margin(held), thresholds.clear_margin(held)) == (0.5, 0.02)
    assert (thresholds.near_margin(other), thresholds.clear_margin(other)) == (0.5, 0.05)
    assert load_thresholds().near_margin(None) == 0.5
