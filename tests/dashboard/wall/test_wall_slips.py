"""A reading takes the wall and sounds whatever slip stands in the files of the configuration."""

from dataclasses import replace

import pytest

from config.flood_plans import load_flood_plans
from config.kept import faults
from config.site import load_site
from config.thresholds import load_thresholds
from dashboard import config_faults
from dashboard.wall import standings
from dashboard.wall.overlay import changes
from layouts.wall import load_profiles

RIVER = "3201170006"
BROKEN = {  # file: what somebody mistyped in it
    "flood_plans.toml": ('station = "3201170001"', 'station = "3201170001'),
    "thresholds.toml": ("[rank.2]", "[rank.2"),
}


@pytest.mark.parametrize("at_a_start", [False, True], ids=["running", "at a start"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_reading_at_the_guarantee_is_raised_taken_and_heard_with_a_broken(name, at_a_start, town):
    if not at_a_start:
        load_thresholds(), load_flood_plans()
    town.files.put(name, *BROKEN[name])
    (one,) = town.rise(12.30, 12.40, 12.55, 12.60)
    assert (one.state, one.rank, one.limit_name) == ("raised", 2, "guarantee")
    told = town.wall()
    assert told.look == "taking rank-2 ribboned"
    bar = told.facts["alarm_bar"]
    assert (bar.rank, bar.where, bar.what) == (2, "蛇山站", "超保证")
    assert str(told.chosen.sound).startswith("2 60 ")
    assert [fault.is_last_good for fault in faults()] == [not at_a_start]
    (said,) = config_faults.told()
    assert name in said and ("不要重启" in said) is not at_a_start


def test_a_slip_in_a_map_leaves_the_takeover_without_details_and_not_the_calm_picture(town):
    (town.files.folder / "area.geojson").write_text("{", encoding="utf-8")
    town.rise(12.55, 12.60)
    told = town.wall()
    assert told.look == "taking rank-2 ribboned"
    assert told.facts["alarm_bar"].where == "蛇山站"
    for profile in load_profiles().values():
        drawn = dict(changes(profile, told.facts, told.feed, told.now))
        assert "蛇山站" in repr(drawn["body-alarm_bar", "children"])
        assert ("body-alarm_figures", "children") in drawn  # nothing stays of an alarm before


def test_a_store_that_is_held_is_asked_again_and_draws_no_half_takeover(town, monkeypatch):
    from cases.errors import Busy

    town.rise(12.55, 12.60)
    monkeypatch.setattr(standings, "seen_of", lambda *_: (_ for _ in ()).throw(Busy("x", "held")))
    with pytest.raises(Busy):
        town.wall()


def test_the_other_files_of_the_site_may_have_a_slip_while_the_wall_runs(town):
    assert (town.wall().look, load_site().name != "") == ("calm", True)
    for name in ("platforms.toml", "site.toml"):
        file = town.files.folder / name
        file.write_bytes(file.read_bytes() + b"\n= 3")
    town.rise(9.05, 9.10, station=RIVER)
    told = town.wall()
    assert (told.facts["alarm_bar"].where, told.facts["alarm_map"].terrain.shapes != ()) == (
        "兰台桥站",
        True,
    )
    assert replace(told.facts["alarm_bar"], where="").rank == 3
