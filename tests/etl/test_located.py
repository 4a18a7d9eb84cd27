"""Places are brought to WGS-84 once, as rows land; what cannot be a place is told."""

import json
from dataclasses import replace

import pytest

from cases.quarantine import drifts
from cases.store import migrate, open_store
from config import coordinates
from config.errors import ConfigError
from config.outlines import load_outlines
from config.platforms import load_platforms
from config.site import load_site
from etl.loader import Loader
from etl.located import NO_POINT, OUTSIDE, Told, declared, located
from warehouse.schema import Column, Table

PLACE = (119.01, 31.54)
POINT = Table(
    key=("no",),
    version=None,
    columns={
        "no": Column("text", "编号"),
        "lng": Column("double", "经度", axis="lng"),
        "lat": Column("double", "纬度", axis="lat"),
        "shape": Column("text", "范围", axis="outline"),
    },
)


def settled(how, **row):
    ((name, found),) = located([("point", {"no": "1", **row})], {"point": POINT}, how)
    return name, found


def told(system, place=PLACE):
    east, north = coordinates.from_wgs84(system, *place)
    return {"lng": str(east), "lat": str(north)}


@pytest.mark.parametrize("system", ["gcj02", "bd09", "cgcs2000-gk120", "cgcs2000-gk"])
def test_a_place_comes_out_in_wgs84(system):
    _, row = settled(Told(system), **told(system))
    assert (float(row["lng"]), float(row["lat"])) == pytest.approx(PLACE, abs=1e-7)


def test_an_outline_is_converted_point_by_point():
    east, north = coordinates.from_wgs84("gcj02", *PLACE)
    _, row = settled(Told("gcj02"), shape=f"POLYGON (({east} {north}, {east} {north}))")
    assert row["shape"] == "POLYGON ((119.0100000 31.5400000, 119.0100000 31.5400000))"


@pytest.mark.parametrize("system", ["wgs84", "cgcs2000"])
def test_what_needs_no_change_keeps_its_text(system):
    assert settled(Told(system), lng="119.0100", lat="31.54")[1]["lng"] == "119.0100"


def test_zero_and_zero_is_no_place_and_nothing_else_is_lost():
    name, row = settled(Told("gcj02"), lng="0", lat="0.0")
    assert (name, row["no"], row["lng"], row["lat"]) == ("point", "1", None, None)


@pytest.mark.parametrize("row", [{"lng": "119"}, {"lat": "31"}, {"lng": "nan", "lat": "31"}])
def test_half_a_place_is_rejected_with_the_row(row):
    name, found = settled(Told("gcj02"), **row)
    assert (name, found["reason"]) == ("!", NO_POINT)
    assert json.loads(found["row"])["no"] == "1"


def test_degrees_where_metres_were_declared_are_rejected_and_not_put_into_the_sea():
    how = replace(Told("cgcs2000-gk120"), frame=load_outlines(load_site()).frame)
    assert settled(how, lng="119.01", lat="31.54")[1]["reason"] == OUTSIDE


def test_what_is_no_figure_is_left_to_the_types_of_the_warehouse():
    name, row = settled(Told("gcj02"), lng="东", lat="北")
    assert (name, row["lng"]) == ("point", "东")


def test_a_place_off_the_street_is_refused_only_where_that_is_declared():
    frame = load_outlines(load_site()).frame
    away = told("wgs84", (118.6, 31.9))
    assert settled(Told("wgs84", frame), **away)[1]["reason"] == OUTSIDE
    assert settled(Told("wgs84"), **away)[0] == "point"
    assert settled(Told("wgs84", frame), **told("wgs84"))[0] == "point"


def test_the_towns_platforms_tell_places_in_five_ways():
    platforms = load_platforms()
    assert {each.crs for each in platforms.values()} == {
        "wgs84", "gcj02", "bd09", "cgcs2000", "cgcs2000-gk120",
    }  # fmt: skip
    assert declared(platforms)["grid_event"].frame is not None


@pytest.mark.parametrize("line", ['crs = "baidu"', "crs = 4490", 'outside = "drop"'])
def test_a_wrong_declaration_is_refused_with_what_is_allowed(tmp_path, line):
    block = '[gauge]\nname = "水位"\nowner = "办"\ntransport = "push"\nevery = "5m"\n'
    file = tmp_path / "platforms.toml"
    file.write_text(block + line, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"gcj02|keep \| refuse"):
        load_platforms(file)


# --- through the loader ---------------------------------------------------------------------------


def event(number, place):
    lng, lat = place
    return {
        "lx": "sj", "sjbh": number, "sjly": "01", "sjfl": "04001", "sbsj": "2026-11-20 09:00:00",
        "sqbm": "320117005001", "wgbm": "320117005001001", "jd": str(lng), "wd": str(lat),
        "sjzt": "2", "gxsj": "2026-11-20 09:00:00",
    }  # fmt: skip


def payload(*places):
    rows = [event(f"SJ{n}", place) for n, place in enumerate(places, 1)]
    return json.dumps({"data": {"rows": rows}}, ensure_ascii=False).encode()


@pytest.fixture
def store(var):
    store = open_store()
    migrate(store)
    return store


@pytest.fixture
def site(var, store):
    """A loader for the grid platform, as often as wanted, on one state."""

    def opened(**over):
        platform = replace(load_platforms()["grid_event"], demo=False, **over)
        return Loader(var, {"grid_event": platform}, store)

    return opened


def places_of(loader):
    with loader.writing() as warehouse:
        found = warehouse.ledger(
            lambda con: con.execute(
                "SELECT event_no, lng, lat FROM core.grid_event ORDER BY event_no"
            ).fetchall()
        )
    return {number: (lng, lat) for number, lng, lat in found}


def test_a_landed_row_is_in_wgs84_to_a_hundred_metres_and_the_vault_has_the_rest(site):
    place = (119.012345, 31.543210)
    with site() as loader:
        loader.take("grid_event", payload(coordinates.from_wgs84("gcj02", *place)), ext="json",
                    source="grid_event")  # fmt: skip
        assert places_of(loader) == {"SJ1": (119.012, 31.543)}


def test_a_replay_converts_from_raw_and_never_twice(site):
    with site() as loader:
        told_ = [coordinates.from_wgs84("gcj02", *PLACE), (118.6, 31.9)]
        tally = loader.take("grid_event", payload(*told_), ext="json", source="grid_event")
        assert (tally.loaded, tally.quarantined) == (1, 1)
        before = places_of(loader)
        loader.replay(["grid_event"])
        assert places_of(loader) == before == {"SJ1": PLACE}


def test_another_declaration_is_told_until_the_rows_are_read_anew(site, store):
    with site() as loader:
        loader.take("grid_event", payload(coordinates.from_wgs84("gcj02", *PLACE)), ext="json",
                    source="grid_event")  # fmt: skip
    with site(crs="wgs84"):
        (seen,) = drifts(store, "grid_event")
        assert (seen.fact, seen.says) == ("grid_event", "坐标系改声明")
        assert "gcj02" in seen.example and "etl rebuild" in seen.example
    with site():
        assert drifts(store, "grid_event") == []
