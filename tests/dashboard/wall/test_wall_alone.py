"""What fails in one part of a takeover stays there: rank, place and sound are told all the same."""

import json
from datetime import timedelta

import pytest

from cases import raising
from cases.alarm_rows import changing
from config import clock
from dashboard.wall import overlay, standing, standings
from dashboard.wall.asking import Memory
from layouts.wall import load_profiles
from tests import fresh
from tests.dashboard.wall.conftest import NOW, Unpublished

STATION = "3201170005"
PARTS = (
    (standing, "rise"),
    (standing, "_target"),
    (standing, "_bar"),
    (standing, "water"),
    (standing, "_curve"),
    (standing, "steps"),
    (standing, "_map"),
    (standings, "load_terrain"),
    (standings, "plan_of"),
    (standings, "others"),
    (standings, "_posts"),
    (standings, "_limits"),
    (standings, "_series"),
    (standings, "_around"),
    (standings, "_beside"),
    (standings.alarms, "events"),
    (standings.alarm_words, "subject"),
)


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setenv("HONGLAN_VAR", str(tmp_path))
    store = fresh.store()
    now = NOW.replace(tzinfo=clock.ZONE)
    facts = raising.Facts(
        kind="flood", subject=STATION, now=now, observed_at=now - timedelta(seconds=1),
        received_at=now, delay_ms=40, rank=3, limit_name="warning", threshold=9.1, value=9.2,
    )  # fmt: skip
    with changing(store) as connection:
        raising.start(connection, facts, is_raised=True, drill_until=None)
    with clock.frozen(NOW + timedelta(seconds=5)):
        yield Unpublished(store)
    store.close()


def broken(*_any, **_more):
    raise RuntimeError("a part that fails")


def shown(source, profile):
    found = standings.look(source, (0, None, clock.local()), Memory())
    return {prop: text for prop, (text, _) in standings._props(profile, found).items()}


def read(text):
    return json.loads(text)


def is_told(props):
    """The region taken, a bar in the rank's colour, a sound to be heard, a mark to be reported."""
    return (
        "taking rank-3" in read(props["takeover", "className"])
        and "alarm-bar rank-ground-3" in props["body-alarm_bar", "children"]
        and read(props[overlay.SOUND, "children"]).startswith("3 ")
        and read(props[overlay.MARK, "children"]).endswith(".3")
    )


@pytest.mark.parametrize(("room", "part"), PARTS, ids=lambda one: one if type(one) is str else "")
def test_a_part_that_cannot_be_found_out_costs_neither_bar_nor_sound(
    source, monkeypatch, room, part
):
    monkeypatch.setattr(room, part, broken)
    assert is_told(shown(source, load_profiles()["screen_16x9"]))


@pytest.mark.parametrize("name", sorted(overlay.PANELS))
def test_a_panel_that_cannot_be_drawn_says_so_in_its_own_frame(source, monkeypatch, name):
    profile = load_profiles()["lcd_7x3"]
    before = shown(source, profile)
    monkeypatch.setattr(overlay.PANELS[name], "view", broken)
    after = shown(source, profile)
    assert is_told(after)
    other = {prop for prop in after if after[prop] != before[prop]}
    assert other and {prop[0].partition("-")[2] for prop in other} == {name}
    said = after[f"body-{name}", "children"]
    assert "失败" in said or "无法显示" in said


def test_what_could_not_be_read_is_not_shown_as_if_there_were_none(source, monkeypatch):
    profile = load_profiles()["lcd_7x3"]
    monkeypatch.setattr(standings, "plan_of", broken)
    monkeypatch.setattr(standings, "_around", broken)
    props = shown(source, profile)
    for name in ("alarm_forces", "alarm_places", "alarm_around"):
        assert "读取失败" in props[f"body-{name}", "children"]


def test_the_sound_goes_out_before_any_panel_and_the_bar_before_the_others(source):
    elements = [prop[0] for prop in shown(source, load_profiles()["screen_16x9"])]
    assert elements[0] == overlay.SOUND
    panels = [one.partition("-")[2] for one in elements if one.startswith("body-")]
    assert panels[0] == "alarm_bar" and len(panels) > 3


def test_every_card_of_a_takeover_carries_when_its_data_were_seen_landed_and_drawn(source):
    profile = load_profiles()["lcd_7x3"]
    props = shown(source, profile)
    seen, came = (NOW - timedelta(seconds=1)).isoformat(), NOW.isoformat()
    for name in ("alarm_curve", "alarm_figures"):
        told = [read(props[f"card-{name}", f"data-{which}"]) for which in ("source", "landed")]
        assert told == [seen, came], name
    for name in overlay.boxes(profile):
        drawn = read(props[f"card-{name}", "data-drawn"])
        assert drawn == (NOW + timedelta(seconds=5)).isoformat(), name
    for name in ("alarm_curve", "alarm_steps", "alarm_map"):
        assert "16:40" in props[f"head-{name}", "children"], name
