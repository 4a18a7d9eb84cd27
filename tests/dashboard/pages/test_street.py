"""The map: what is counted, what is drawn, and what a click leads to."""

import re
from datetime import datetime
from types import SimpleNamespace

import pytest

from config.outlines import load_outlines
from config.site import load_site
from dashboard.pages import app, ground, map_layers, street
from dashboard.pages.state import State
from dashboard.pages.subject.level import Level
from dashboard.panels import street_map
from layouts.theme import load_theme
from warehouse.metric import load_metrics

ASSETS = app._ASSETS
NOW = datetime(2026, 11, 23, 12, 0)
FRAME = load_outlines(load_site()).frame
HERE, AWAY = (119.01, 31.54), (118.6, 31.9)


def event(number, at=HERE, **words):
    lng, lat = at or (None, None)
    return {
        "key": f"SJ{number}", "source": "demo:grid_event", "class_name": "暴露垃圾",
        "community": "320117005001", "grid": "320117005001001", "state": "待处理",
        "due_at": datetime(2026, 12, 9, 17), "lng": lng, "lat": lat, **words,
    }  # fmt: skip


def glass(matters=(), queries=None, total=None, stock="grid_open", **filters):
    kept = list(matters)
    return SimpleNamespace(
        now=NOW,
        stock_at=NOW,
        is_past=False,
        want=SimpleNamespace(
            filters=filters, span=SimpleNamespace(first=NOW.date(), last=NOW.date())
        ),
        rows=lambda metric, first, last, limit, sort: SimpleNamespace(
            rows=kept if metric == stock else [],
            total=(total or len(kept)) if metric == stock else 0,
        ),
        query=lambda name, **params: (queries or {}).get(name, []),
        once=lambda key, ask: ask(),
        feed=lambda *keys: None,
        data=SimpleNamespace(thresholds=SimpleNamespace(near_margin=lambda code: 0.2)),
        platforms=dict.fromkeys((*map_layers.CAMERAS, *map_layers.FLOOD)),
    )


def layer(key, *args, **words):
    kind = next(kind for kind in map_layers.KINDS if kind.key == key)
    return map_layers.read(glass(*args, stock=kind.metric, **words), kind, FRAME)


def test_drawn_lost_and_distant_things_add_up_to_the_layers_number():
    found = layer("grid", [event(1), event(2, None), event(3, AWAY), event(4)])
    assert (len(found.drawn), found.unplaced, found.outside, found.total) == (2, 1, 1, 4)


def test_a_layer_of_matters_counts_what_its_metric_counts_though_not_all_is_read():
    found = layer("grid", [event(1)], total=9_000)
    assert (len(found.things), found.total) == (1, 9_000)
    metrics = load_metrics()
    assert all(kind.metric in metrics for kind in map_layers.KINDS if kind.metric)


@pytest.mark.parametrize(
    ("key", "due", "state", "look"),
    [
        ("grid", datetime(2026, 11, 20, 17), "待处理", "over"),
        ("grid", datetime(2026, 11, 24, 17), "待处理", "soon"),
        ("grid", datetime(2026, 12, 20, 17), "待处理", "calm"),
        ("urban", datetime(2024, 1, 1, 17), "挂账", "held"),
        ("grid", datetime(2024, 1, 1, 17), "挂账", "over"),  # as its figure of overdue events
        ("grid", None, "待处理", "calm"),
    ],
)
def test_a_matter_looks_as_near_as_its_deadline_is(key, due, state, look):
    (thing,) = layer(key, [event(1, due_at=due, state=state)]).things
    assert thing.look == look


def test_a_matter_leads_to_its_case():
    (thing,) = layer("grid", [event(1)]).things
    assert thing.href == "/case/demo:grid_event/SJ1"


def camera(number, state, community="320117005001"):
    return {
        "source": "demo:camera_street", "number": number, "name": f"村口{number}", "unit": "派出所",
        "community": community, "state": state, "changed_at": NOW, "lng": HERE[0], "lat": HERE[1],
    }  # fmt: skip


def test_cameras_that_are_off_press_and_a_chosen_place_leaves_the_others_out():
    rows = [camera("1", "在线"), camera("2", "离线"), camera("3", "离线", "320117005002")]
    found = layer("camera", queries={"map_cameras": rows})
    assert (found.total, found.pressing) == (3, 2)
    narrow = layer("camera", queries={"map_cameras": rows}, community="320117005002")
    assert [thing.number for thing in narrow.things] == ["3"]


def test_a_platform_that_the_site_does_not_have_is_not_asked():
    seen = glass()
    seen.platforms = {}
    seen.query = lambda name, **params: pytest.fail(name) if name.startswith("map_") else []
    assert all(not map_layers.read(seen, kind, FRAME).things for kind in map_layers.KINDS)


def address(**words):
    state = State("/map", tuple(words.items()))
    return SimpleNamespace(state=state)


def test_layers_are_those_of_the_address_and_a_click_takes_one_off():
    assert street.chosen(address()) == ("grid", "urban", "plot", "gauge")
    assert street.chosen(address(layers="camera,moon,grid")) == ("grid", "camera")
    assert street.chosen(address(layers="none")) == ()
    assert street.toggled(address(layers="grid"), "grid") == "/map?layers=none"
    assert street.toggled(address(layers="none"), "camera") == "/map?layers=camera"


def test_an_unknown_shade_is_the_first_one():
    assert street.shade(address(shade="moon")) == "hotline_received"
    assert street.shade(address(shade="none")) == ""
    assert set(street.SHADES) <= set(load_metrics())


def chart(**words):
    spot = street_map.Spot(HERE, "网", "over", "网格 <b>甲</b>：超期", "/case/x/1")
    square = ((HERE, (119.02, 31.54), (119.02, 31.55), HERE),)
    area = street_map.Area("320117005001", "甲村", (square,), HERE, "7", 2, "/map?community=1")
    given = {
        "areas": [area], "lines": [], "waters": [], "layers": {"grid": [spot], "gauge": []},
        "frame": FRAME, "apart": frozenset({"gauge"}), **words,
    }  # fmt: skip
    return street_map.view(street_map.Chart(**given))


def parts(drawn):
    return {part.id: part for part in drawn.children.children if hasattr(part, "id")}


def test_what_people_wrote_travels_as_text_and_never_as_a_popup():
    found = parts(chart())
    (feature,) = found["map-grid"].data["features"]
    assert feature["properties"]["words"] == "网格 <b>甲</b>：超期"
    assert not {"tooltip", "popup"} & set(feature["properties"])
    for part in found.values():
        assert all(not {"tooltip", "popup"} & set(f["properties"]) for f in part.data["features"])
    script = (ASSETS / "map.js").read_text(encoding="utf-8")
    assert "textContent" in script and "innerHTML" not in script and "bindPopup" not in script


def test_points_are_gathered_but_for_layers_that_must_stand_apart():
    found = parts(chart())
    assert found["map-grid"].cluster is True and found["map-gauge"].cluster is False


def test_tiles_are_asked_for_only_where_the_site_has_its_own():
    assert "TileLayer" not in repr(chart())
    assert "https://maps.example/{z}/{x}/{y}.png" in repr(
        chart(tiles="https://maps.example/{z}/{x}/{y}.png")
    )


def test_every_function_the_map_names_is_in_its_script():
    script = (ASSETS / "map.js").read_text(encoding="utf-8")
    named = set(re.findall(r"honglan\.map\.(\w+)", repr(chart())))
    assert named == set(re.findall(r"^    (\w+): function", script, re.M))


def test_the_maps_colours_are_those_of_the_theme():
    script = (ASSETS / "map.js").read_text(encoding="utf-8")
    named = set(re.findall(r'token\("([\w-]+)"\)', script)) - {"map-"}
    assert named and named <= set(load_theme()["light"])


def test_the_fullest_shade_is_kept_for_the_most_and_zero_is_seen():
    state = State("/map")
    seen = SimpleNamespace(
        state=state,
        data=SimpleNamespace(site=load_site(), thresholds=SimpleNamespace(bands=(0.25, 0.5, 0.75))),
    )
    asked = Level("community", None, "320117005002")
    drawn = {a.code: a for a in ground.areas(seen, asked, {"320117005001": 40, "320117005002": 9})}
    assert (drawn["320117005001"].step, drawn["320117005001"].figure) == (4, "40")
    assert (drawn["320117005002"].step, drawn["320117005002"].chosen) == (1, True)
    assert drawn["320117005003"].figure == "0" and len(drawn) == 12
    assert drawn["320117005001"].href == "/map?community=320117005001"
    assert all(area.figure == "" for area in ground.areas(seen, asked, None))


def test_a_matter_that_was_checked_has_met_the_deadline_of_its_check():
    row = {"key": "TB1", "source": "x", "state": "责令整改", "check_due_at": datetime(2026, 1, 1)}
    assert layer("plot", [row]).things[0].look == "over"
    checked = {**row, "checked_at": datetime(2025, 12, 30)}
    assert layer("plot", [checked]).things[0].look == "calm"


def test_a_map_among_other_panels_lets_the_wheel_scroll_the_page():
    assert chart().children.scrollWheelZoom is True
    assert chart(small=True).children.scrollWheelZoom is False
