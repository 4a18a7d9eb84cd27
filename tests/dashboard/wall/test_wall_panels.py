"""Every panel of the wall by existing: full, empty, one row; sizes, colours, seams, words."""

import importlib
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.panels import (
    district_map,
    hotline_trend,
    level_curve,
    mediation_lines,
    on_time_rate,
    open_matters,
    overdue,
    platform_lamps,
    received_today,
    revisit_rates,
    ribbon,
    top_classes,
)
from dashboard.wall import frame
from dashboard.wall.catalogue import panel
from dashboard.wall.parts import Room, rows_in
from dashboard.wall.water import Limits
from layouts.theme import load_theme
from layouts.wall import load_profiles, load_scene
from warehouse.metric import load_metrics
from warehouse.read import load_queries

PANELS = load_scene("overview").panels
CHARTS = [name for name in PANELS if panel(name).chart]
SCENE = load_scene("overview")
SHOWN = [(key, name) for key, one in load_profiles().items() for name in frame.rooms(one, SCENE)]
CASES = ("full", "empty", "single")
ROOM = Room(24.39, 13.5)
RANK_COLOURS = {load_theme()["wall"][f"rank-{k}"] for k in (1, 2, 3, 4)}
SIZES = {"size", "tickfont"}


def plain(node):
    return json.loads(json.dumps(node, cls=PlotlyJSONEncoder))


def words_of(node):
    """Every text of a component tree."""
    if isinstance(node, str | int | float):
        yield str(node)
    elif isinstance(node, list):
        for one in node:
            yield from words_of(one)
    elif isinstance(node, dict) and "props" in node:
        yield from words_of(node["props"].get("children") or [])


def said(view):
    parts = plain([view.title, view.basis, view.body, view.over, view.foot])
    return " ".join(words_of(parts))


def fonts_of(figure):
    if isinstance(figure, dict):
        for key, value in figure.items():
            if key in {"font", "tickfont"} and "size" in value:
                yield value["size"]
            yield from fonts_of(value)
    elif isinstance(figure, list | tuple):
        for one in figure:
            yield from fonts_of(one)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("key", "name"), SHOWN)
def test_a_panel_draws_on_every_profile(key, name, case, request):
    facts = request.getfixturevalue(case)[name]
    view = panel(name).view(facts, frame.rooms(load_profiles()[key], SCENE)[name])
    assert plain(view.body) or view.figure
    assert "None" not in said(view) and "nan" not in said(view)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", CHARTS)
def test_no_text_in_a_chart_is_smaller_than_one_rem(name, case, rooms, request):
    figure = panel(name).view(request.getfixturevalue(case)[name], rooms[name]).figure
    assert all(size >= 1.0 for size in fonts_of(figure))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", CHARTS)
def test_no_chart_uses_the_colour_of_a_rank(name, case, rooms, request):
    figure = panel(name).view(request.getfixturevalue(case)[name], rooms[name]).figure
    assert not RANK_COLOURS & set(re.findall(r"#[0-9A-F]{6}", json.dumps(plain(figure))))


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_names_what_it_reads(name):
    module = importlib.import_module(f"dashboard.panels.{name}")
    assert isinstance(module.TITLE, str)
    known = set(load_metrics()) | set(load_queries())
    assert set(module.READS) <= known


@pytest.mark.parametrize("name", PANELS)
def test_no_panel_writes_a_colour(name):
    path = Path(importlib.import_module(f"dashboard.panels.{name}").__file__)
    assert not re.search(r"#[0-9A-Fa-f]{3,8}\b", path.read_text(encoding="utf-8"))


def test_figures_are_plain_dicts(full):
    for name in CHARTS:
        figure = panel(name).view(full[name], ROOM).figure
        assert type(figure) is dict and set(figure) == {"data", "layout"}


def test_rows_keep_off_the_seams():
    room = Room(24, 27.35, down=(13.75,))
    tops = rows_in(room, first=2.75, pitch=3.5, text_height=2.75, last=25).tops
    assert len(tops) == 6
    assert all(top + 2.75 < 13.75 - 0.3 or top > 13.75 + 0.3 for top in tops)


def test_today_is_compared_with_the_same_hours(full):
    view = received_today.view(full["received_today"], ROOM)
    assert "186" in said(view) and "上周二同时段 171 件 ▲ 15" in said(view)


def test_zero_is_a_zero(empty):
    assert said(received_today.view(empty["received_today"], ROOM)).split()[0] == "0"
    assert "0" in said(overdue.view(empty["overdue"], ROOM)).split()


def test_a_rate_carries_its_pair_and_its_change_in_points(full):
    shown = said(on_time_rate.view(full["on_time_rate"], ROOM))
    assert "98.4 %" in shown and "按时 359 / 应办结 365 件" in shown and "▲ 0.7 个百分点" in shown


def test_a_rate_of_nothing_is_a_dash(empty):
    assert "—" in said(on_time_rate.view(empty["on_time_rate"], ROOM))


def test_a_small_rate_is_shown_as_n_of_m(single):
    assert "3/4" in said(revisit_rates.view(single["revisit_rates"], ROOM))
    assert "%" not in said(mediation_lines.view(single["mediation_lines"], ROOM))


def test_almost_all_is_never_a_hundred_per_cent():
    facts = on_time_rate.Facts(9999, 10000, None, None)
    assert "99.9 %" in said(on_time_rate.view(facts, ROOM))


def test_the_balance_adds_up_on_the_screen(full):
    assert "结转 61＋186－办结 198－退并 2＝47" in said(overdue.view(full["overdue"], ROOM))


def test_the_running_day_is_drawn_apart_and_hollow(full):
    bars, today, mean = hotline_trend.figure(full["hotline_trend"], ROOM)["data"]
    assert today["x"][0] - bars["x"][-1] > 1
    assert today["marker"]["color"] == "rgba(0,0,0,0)"
    assert mean["line"]["shape"] == "linear" and mean["y"][5] is None and mean["y"][6]


def test_bars_stand_on_zero(full):
    assert hotline_trend.figure(full["hotline_trend"], ROOM)["layout"]["yaxis"]["range"][0] == 0


def test_the_mean_of_seven_days():
    assert hotline_trend.seven_day_mean((7,) * 8) == (None,) * 6 + (7.0, 7.0)


def test_the_scale_of_rates_shows_every_dot():
    rates = (revisit_rates.Rate("满意率", 61, 100, 0.92),)
    assert revisit_rates.floor_of(rates) == 0.6
    assert revisit_rates.floor_of((revisit_rates.Rate("满意率", 95, 100, 0.92),)) == 0.8


def test_classes_and_the_rest_add_up_to_the_month(full):
    facts = full["top_classes"]
    shown = said(top_classes.view(facts, ROOM))
    assert sum(one.count for one in facts.classes) + 179 == 401
    assert "其他 179 件" in shown and "本月 401 件" in shown


def test_a_rise_that_stands_out_is_marked_without_a_hue(full):
    body = json.dumps(plain(top_classes.view(full["top_classes"], ROOM).body), ensure_ascii=False)
    assert body.count("moved loud") == 1 and "▲ 17" in body


def test_both_lines_stand_with_their_basis_and_are_not_added(full):
    shown = said(mediation_lines.view(full["mediation_lines"], ROOM))
    assert "72.2 %" in shown and "办结 65 / 受理 90 件次" in shown
    assert "97.2 %" in shown and "办结 139 / 受理 143 起" in shown
    assert "本年1—9月" in shown and "两线不相加" in shown and "204" not in shown
    assert "今日轮驻 社保中心" in shown


def test_overdue_matters_carry_the_inverse_pill(full):
    room = Room(24.4, 27.35, down=(13.75,))
    rows = plain(open_matters.view(full["open_matters"], room).body)
    text = json.dumps(rows, ensure_ascii=False)
    assert text.count('"className": "pill"') == 1 and "超 2:06" in text and "余 0:48" in text


def test_orders_and_disputes_are_counted_apart(full):
    room = Room(24.4, 27.35, down=(13.75,))
    view = open_matters.view(full["open_matters"], room)
    assert len(view.body) == 6
    assert "其余 热线 41 件 · 纠纷 12 起" in said(view)


def test_a_matter_without_a_deadline_says_so():
    one = open_matters.Matter(None, "咨询", "柳圩", "热线办", "12345热线", "办理中")
    shown = said(open_matters.view(open_matters.Facts((one,), 1, 0), Room(24.4, 27)))
    assert "未定时限" in shown


def test_lamps_differ_by_shape_and_word(full):
    body = json.dumps(
        plain(platform_lamps.view(full["platform_lamps"], Room(24.39, 18)).body), ensure_ascii=False
    )
    for state, word in (("failed", "失败"), ("stale", "停更"), ("late", "迟到"), ("fresh", "正常")):
        assert f"lamp {state}" in body and word in body
    assert body.index("lamp failed") < body.index("lamp stale") < body.index("lamp fresh")


@pytest.mark.parametrize("profile", sorted(load_profiles()))
def test_all_25_platforms_are_named_on_every_wall(profile):
    room = frame.rooms(load_profiles()[profile], SCENE)["platform_lamps"]
    for silent in (0, 1, 2, 12, 25):
        lamps = tuple(
            platform_lamps.PlatformLamp(
                f"平台{k:02}", "stale" if k < silent else "fresh", "1", "3 时", "1 时", "x", 1, 0
            )
            for k in range(25)
        )
        view = platform_lamps.view(platform_lamps.Facts(lamps), room)
        shown = said(view)
        assert all(f"平台{k:02}" in shown for k in range(25))
        assert "其余" not in shown and f"{25 - silent} / 25 正常" in shown
        assert not silent or "停更" in shown


def test_platforms_whose_names_do_not_fit_keep_their_lamps_and_the_silent_ones_their_names():
    lamps = tuple(
        platform_lamps.PlatformLamp(f"平台{k}", "fresh", "1", "", "", "", 1, 0) for k in range(40)
    )
    shown = said(platform_lamps.view(platform_lamps.Facts(lamps), Room(24.4, 13.35)))
    assert "40" in shown and "各平台均按时报送" in shown and "平台3" not in shown
    late = [replace(one, state="late", age="3 时") for one in lamps[:9]]
    view = platform_lamps.view(platform_lamps.Facts((*late, *lamps[9:])), Room(24.4, 13.35))
    told = said(view)
    assert "31" in told and "平台0 " in told and "平台9" not in told
    assert re.search(r"其余 \d 个", told)
    assert str(view).count("className='lamp late'") >= 9


def test_the_ribbon_names_rank_colour_and_place(full):
    shown = said(ribbon.view(full["ribbon"], Room(49, 3.35)))
    assert "Ⅳ级 蓝色 水位超设防" in shown and "另 2 项" in shown


def test_a_calm_ribbon_has_no_mark(empty):
    body = json.dumps(plain(ribbon.view(empty["ribbon"], Room(49, 3.35)).body))
    assert "rank" not in body


def test_map_classes_begin_at_shares_of_the_largest_count():
    assert district_map.classes_of([3, 34, 10], (0.25, 0.5, 0.75)) == (0, 9, 17, 26)
    assert district_map.class_of(8, (0, 9, 17, 26)) == 1
    assert district_map.class_of(26, (0, 9, 17, 26)) == 4
    assert district_map.classes_of([0, 0], (0.25, 0.5, 0.75)) == (0,)
    assert district_map.classes_of([], (0.5,)) == (0,)


def test_the_map_and_what_has_no_place_add_up_to_its_title(full):
    facts = full["district_map"]
    total = sum(one.count for one in facts.counts) + facts.unplaced
    shown = said(district_map.view(facts, Room(46, 31)))
    assert f"本月热线 {total} 件" in shown and "未定到村 3 件" in shown and "边界示意" in shown


def test_limits_out_of_reach_are_stacked_with_their_distance(full):
    facts = full["level_curve"]
    shown = said(level_curve.view(facts, ROOM))
    for rank, name in ((1, "历史最高"), (2, "保证"), (3, "警戒"), (4, "设防")):
        value = facts.limits.by_rank()[rank]
        assert f"{name} {value:.2f}" in shown


def test_small_movements_do_not_look_like_a_flood(full):
    facts = level_curve.Facts(
        "蛇山站",
        "吴淞",
        Limits(warning=30.0),
        full["level_curve"].times,
        tuple(9.7 + 0.01 * (k % 2) for k in range(97)),
    )
    low, high = level_curve.view(facts, ROOM).figure["layout"]["yaxis"]["range"]
    assert high - low >= level_curve.LEAST_SPAN


def test_the_curve_of_one_reading_is_drawn(single, rooms):
    view = level_curve.view(single["level_curve"], rooms["level_curve"])
    assert view.figure["data"][1]["y"] == [9.74]


def test_a_time_left_of_two_days_or_more_is_in_days():
    one = open_matters.Matter(timedelta(days=3), "咨询", "柳圩", "热线办", "12345热线", "办理中")
    assert "余 3 天" in said(open_matters.view(open_matters.Facts((one,), 1, 0), Room(24.4, 27)))
