"""A slip in a file that alarms stand on: what was right last stays in use, and the slip is told."""

import tomllib

import pytest

from config.errors import ConfigError
from config.flood_plans import load_flood_plans
from config.kept import faults
from config.platforms import known_platforms
from config.scenes import load_rotation
from config.site import load_site
from config.thresholds import SHIPPED, load_thresholds, read_thresholds

LAKE = "3201170001"


def told():
    return {fault.name: (fault.error.key, fault.is_last_good) for fault in faults()}


def test_what_was_right_last_stays_in_use_until_the_file_is_right_again(site_files):
    before = load_thresholds(), load_flood_plans(), known_platforms(), load_site()
    rotation = load_rotation()
    assert faults() == ()
    files = ("thresholds.toml", "flood_plans.toml", "platforms.toml", "site.toml", "scenes.toml")
    whole = {name: (site_files.folder / name).read_bytes() for name in files}
    for name in files:
        (site_files.folder / name).write_bytes(whole[name] + b"\n= 3\n")
    assert (load_thresholds(), load_flood_plans(), known_platforms(), load_site()) == before
    assert load_rotation() == rotation
    assert told() == dict.fromkeys(files, ("TOML", True))
    for name in files:
        (site_files.folder / name).unlink()
    kept = load_thresholds(), known_platforms(), load_site()
    assert kept == (before[0], before[2], before[3]) and load_rotation() == rotation
    assert load_flood_plans() == {}  # a site may have none
    for name in files:
        (site_files.folder / name).write_bytes(whole[name])
    site_files.put("thresholds.toml", "small_n = 10", "small_n = 12")
    assert (load_thresholds().small_n, load_flood_plans(), faults()) == (12, before[1], ())


def test_a_slip_in_one_station_costs_that_station_alone_at_a_start(site_files):
    site_files.put("thresholds.toml", 'kind = "lake"', "kind = lake")
    found = load_thresholds()
    assert LAKE not in {station.code for station in found.stations}
    assert len(found.stations) > 5 and found.station("3201170002").name == "西圩站"
    assert found.alarms.rank("flood", "record") == 1
    assert told()["thresholds.toml"] == ("TOML", False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[rank.1]", "[rank.1"),
        ("again_s = 60", "again_s = sixty"),
        ("record = 1, guarantee = 2", "record = 1; guarantee = 2"),
        ("record = 1, guarantee = 2", "record = 2, guarantee = 1"),
        ("[judging]", "[judgin]"),
        ("near_margin_m = 0.5 ", "near_margin_m = half "),
    ],
)
def test_a_slip_in_a_table_takes_the_delivered_one_and_every_station_stays(site_files, old, new):
    whole = read_thresholds(site_files.folder / "thresholds.toml")
    site_files.put("thresholds.toml", old, new)
    found = load_thresholds()
    assert [fault.is_last_good for fault in faults()] == [False]
    assert (found.stations, found.alarms, found.judging) == (
        whole.stations, whole.alarms, whole.judging,
    )  # fmt: skip


def test_of_a_station_only_what_is_wrong_is_left_out(site_files):
    site_files.put("thresholds.toml", "near_margin_m = 0.15", "near_margin_m = 15")
    site_files.put(
        "thresholds.toml",
        "warning = 10.40, guarantee = 12.50",
        "warning = 104.0, guarantee = 12.50",
    )
    found = load_thresholds()
    sluice, lake = found.station("3201170005"), found.station(LAKE)
    assert sluice.near_margin_m is None and sluice.levels[0].warning == 9.1
    assert [row.warning for row in lake.levels] == [10.0, 10.0]  # those that were right


def test_a_file_saved_in_the_encoding_of_windows_is_read_as_far_as_it_goes(site_files):
    file = site_files.folder / "thresholds.toml"
    text = file.read_text(encoding="utf-8")
    file.write_bytes(text.encode("gb18030"))
    assert load_thresholds().station(LAKE).name == "蛇山站"
    assert told()["thresholds.toml"] == ("encoding", False)
    file.write_bytes(text.encode("utf-8-sig"))  # a mark before the text is no slip
    assert load_thresholds().station(LAKE).name == "蛇山站" and faults() == ()


def test_without_any_file_the_delivered_ranks_remain_and_no_station(site_files):
    (site_files.folder / "thresholds.toml").unlink()
    found = load_thresholds()
    assert found.stations == () and found.alarms.effect("flood", 1).again_s == 60
    assert told()["thresholds.toml"] == ("file", False)


def test_a_slip_in_one_plan_costs_that_plan_alone_at_a_start(site_files):
    whole = len(load_thresholds().stations)
    site_files.put("flood_plans.toml", 'pumps = ["3201178001"]', 'pumps = ["3201178001]')
    plans = load_flood_plans()
    assert LAKE not in plans and len(plans) == whole - 1
    assert told() == {"flood_plans.toml": ("TOML", False)}


def test_a_process_does_not_start_without_platforms_or_site(site_files):
    files = {"platforms.toml": known_platforms, "site.toml": load_site}
    for name in files:
        (site_files.folder / name).write_text("= 3", encoding="utf-8")
    for name, load in files.items():
        with pytest.raises(ConfigError, match=name):
            load()
        assert told()[name] == ("TOML", False)


def test_the_delivered_tables_are_those_of_the_delivered_file(site_files):
    site = tomllib.loads((site_files.folder / "thresholds.toml").read_text(encoding="utf-8"))
    shipped = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    assert shipped == {key: site[key] for key in shipped if key != "target"} | {"target": {}}
    assert set(site) - set(shipped) == {"station"}
