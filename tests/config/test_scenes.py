"""The rotation of the wall's scenes: states of the site, rounds, what a file may say."""

from datetime import datetime

import pytest

from config.errors import ConfigError
from config.scenes import DRILL, FLOOD, NIGHT, NORMAL, Round, load_rotation

SHIPPED = load_rotation()
DRILLED = "[drill]\nscenes=['command']\nseconds=30\n"


def written(monkeypatch, tmp_path, text):
    (tmp_path / "scenes.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("HONGLAN_CONFIG", str(tmp_path))
    return load_rotation()


def good(**more):
    parts = {
        "hours": "choice_hours = 2",
        "normal": "[normal]\nscenes = ['overview', 'flood']\nseconds = 30",
        "night": "[night]\nfrom = '22:00'\nuntil = '06:00'\nscenes = ['night']\nseconds = 30",
        "flood": "[flood]\nfrom = '05-01'\nuntil = '09-30'\nscenes = ['flood']\nseconds = 30",
        "drill": "[drill]\nscenes = ['command']\nseconds = 30\ntimes = ["
        "{ from = 2026-06-03T09:00:00, until = 2026-06-03T11:00:00 }]",
    } | more
    return "\n".join(parts.values())


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (datetime(2026, 4, 30, 12), NORMAL),
        (datetime(2026, 5, 1, 12), FLOOD),
        (datetime(2026, 9, 30, 12), FLOOD),
        (datetime(2026, 10, 1, 12), NORMAL),
        (datetime(2026, 7, 1, 21, 59), FLOOD),
        (datetime(2026, 7, 1, 22), NIGHT),
        (datetime(2026, 7, 2, 5, 59), NIGHT),
        (datetime(2026, 7, 2, 6), FLOOD),
    ],
)
def test_the_state_follows_season_and_time_of_day(moment, state):
    assert SHIPPED.state(moment) == state


def test_a_drill_goes_before_the_night_and_ends_by_itself(monkeypatch, tmp_path):
    rotation = written(monkeypatch, tmp_path, good())
    assert rotation.state(datetime(2026, 6, 3, 9)) == DRILL
    assert rotation.state(datetime(2026, 6, 3, 11)) == FLOOD


def test_the_wall_gives_less_light_in_the_hours_of_the_night_whatever_runs(monkeypatch, tmp_path):
    times = "[{ from = 2026-06-03T21:00:00, until = 2026-06-03T23:00:00 }]"
    drill = f"[drill]\nscenes = ['command']\nseconds = 30\ntimes = {times}"
    rotation = written(monkeypatch, tmp_path, good(drill=drill))
    at_ten = datetime(2026, 6, 3, 22)
    assert rotation.state(at_ten) == DRILL and rotation.is_night(at_ten)
    assert not rotation.is_night(datetime(2026, 6, 3, 21, 59))
    assert rotation.is_night(datetime(2026, 6, 4, 5, 59))
    assert not rotation.is_night(datetime(2026, 6, 4, 6))


def test_every_second_of_a_round_belongs_to_one_scene():
    turn = Round((("overview", 120), ("flood", 60)))
    shown = [turn.at(second) for second in range(360)]
    assert [scene for scene, _ in shown].count("overview") == 240
    assert shown[0] == ("overview", 120) and shown[119] == ("overview", 1)
    assert shown[120] == ("flood", 60) and shown[180] == ("overview", 120)


@pytest.mark.parametrize(
    ("part", "text", "said"),
    [
        ("hours", "choice_hours = 0", "choice_hours"),
        ("normal", "[normal]\nscenes = []\nseconds = 30", "normal.scenes"),
        ("normal", "[normal]\nscenes = ['overview']\nseconds = 5", "normal.seconds"),
        ("normal", "", "normal"),
        (
            "night",
            "[night]\nfrom = '25:00'\nuntil = '06:00'\nscenes = ['night']\nseconds = 30",
            "night.from",
        ),
        (
            "flood",
            "[flood]\nfrom = '05-32'\nuntil = '09-30'\nscenes = ['flood']\nseconds = 30",
            "flood.from",
        ),
        ("drill", f"{DRILLED}times = [{{ from = 2026-06-03T09:00:00 }}]", "drill.times"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_key(monkeypatch, tmp_path, part, text, said):
    with pytest.raises(ConfigError, match=said):
        written(monkeypatch, tmp_path, good(**{part: text}))
