import re
from datetime import datetime, timedelta

import pytest

from dashboard.panels import (
    day_bars,
    due_wave,
    duty_list,
    eight_weeks,
    gauge_curve,
    hour_heat,
    open_cases,
    order_list,
    paired_bars,
    ranked,
    sentences,
    station_table,
    tiles,
    two_lines,
    weather_facts,
)

AT = datetime(2026, 9, 30, 9, 40)
DRAWN = {
    "gauge_curve": (
        gauge_curve.figure,
        gauge_curve.Curve([], [], [], {3: 10.4}),
        gauge_curve.Curve([AT], [10.41], [0.0], {3: 10.4}),
        gauge_curve.Curve(
            [AT + timedelta(minutes=5 * n) for n in range(9)],
            [9.9, 9.9, None, 10.0, 10.1, 10.2, 10.2, 10.3, 10.41],
            [0.0, 0.5, None, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            {4: 9.8, 3: 10.4, 2: 12.5, 1: 13.02},
        ),
    ),
}
VIEWS = {
    "day_bars": (
        day_bars.view,
        day_bars.Bars([], "件"),
        day_bars.Bars([day_bars.Bar("9.1", "9月1日 7 件", 7)], "件"),
        day_bars.Bars(
            [day_bars.Bar(str(n), f"{n} 件", n, mean=3.0, ago=4) for n in range(30)], "件", 3
        ),
    ),
    "due_wave": (
        due_wave.view,
        due_wave.Wave([], []),
        due_wave.Wave([due_wave.Day("30日", "三", 5, False, "5 件")], ["说明"]),
        due_wave.Wave(
            [due_wave.Day(str(n), "三", n, n > 3, f"{n} 件") for n in range(9)], ["说明"]
        ),
    ),
    "duty_list": (
        duty_list.view,
        [],
        [duty_list.Duty("派出所", "热线 1 件", "剩 22 分", "办结 10:06", "/hotline", False)],
        [duty_list.Duty("派出所", "热线 3 件", "超期 3 天", "办结", "/hotline", True)] * 4,
    ),
    "eight_weeks": (
        lambda lines: eight_weeks.view(lines, [f"第 {n} 周" for n in range(1, 9)]),
        [],
        [eight_weeks.Line("热线受理", [None] * 8, "—", "")],
        [eight_weeks.Line("热线受理", [66, 71, 70, 69, 80, 75, 73, 66], "66 件", "均值 71.3")],
    ),
    "hour_heat": (
        hour_heat.view,
        hour_heat.Hours({}),
        hour_heat.Hours({(0, 9): 1}),
        hour_heat.Hours({(d, h): d * h for d in range(7) for h in range(24)}, unknown=3),
    ),
    "open_cases": (
        open_cases.view,
        [],
        [open_cases.Case("MT-1", "中", "邻里", "赵*", "派出所", "3 天", "9月30日", "调解中")],
        [
            open_cases.Case(
                "MT-1", "中", "邻里", "赵*", "派出所", "3 天", "9月1日", "超期 2 天", over=True
            )
        ]
        * 8,
    ),
    "order_list": (
        order_list.view,
        [],
        [order_list.Order("NJ1", "路灯", "清泉", "建管中心", "09-01", "09-08", "在办")],
        [order_list.Order("NJ1", "路灯", "清泉", "建管中心", "09-01", "09-08", "剩 2", soon=True)]
        * 8,
    ),
    "ranked": (
        ranked.view,
        ranked.Ranked([], "上期", 0),
        ranked.Ranked([ranked.Row("噪声", 0)], "上期", 0),
        ranked.Ranked(
            [ranked.Row("噪声", n, n + 1, "/x", "/y", True) for n in range(9)], "上期", 9
        ),
    ),
    "sentences": (
        sentences.view,
        sentences.Block([], "没有达到提示线的变化。"),
        sentences.Block([sentences.Said(["热线少了 5 件。"])], ""),
        sentences.Block(
            [
                sentences.Said(
                    ["热线 ", sentences.Door("5", "/x"), " 件"], ["本周", sentences.Door("34")], 3
                )
            ]
            * 4,
            "",
        ),
    ),
    "station_table": (
        station_table.view,
        [],
        [
            station_table.Station(
                "蛇山站", "石臼湖", None, "—", "—", None, {}, "—", "—", "/flood", silent="未报到"
            )
        ],
        [
            station_table.Station(
                "蛇山站",
                "石臼湖",
                10.41,
                "涨 0.06 m",
                "超警戒 0.01 m",
                3,
                {4: 9.8, 3: 10.4, 2: 12.5, 1: 13.02},
                "0.0 / 1.5",
                "09:40",
                "/flood",
                chosen=True,
            )
        ]
        * 3,
    ),
    "tiles": (
        tiles.view,
        [],
        [tiles.Tile("受理", "—")],
        [tiles.Tile("按时办结率", "97.2 %", fraction="139/143", place=0.972, target=0.95)] * 5,
    ),
    "two_lines": (
        two_lines.view,
        two_lines.Split(["中心", "单位"], []),
        two_lines.Split(["中心"], [two_lines.Row("邻里", [two_lines.Cell(0, 0)])]),
        two_lines.Split(
            ["中心", "单位"],
            [two_lines.Row("邻里", [two_lines.Cell(1, 2, "/x"), two_lines.Cell(3, 3)])] * 9,
        ),
    ),
    "weather_facts": (
        weather_facts.view,
        weather_facts.Weather([], [], "09:44"),
        weather_facts.Weather([("天气", "小雨")], [], "09:44"),
        weather_facts.Weather(
            [("天气", "小雨")], [weather_facts.Warning_(4, "暴雨蓝色预警", "雨")], "09:44"
        ),
    ),
}


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("case", [1, 2, 3], ids=["empty", "one", "normal"])
def test_a_panel_draws_nothing_one_and_many(name, case, words):
    view = VIEWS[name][0]
    assert isinstance(words(view(VIEWS[name][case])), str)


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("case", [1, 2, 3], ids=["empty", "one", "normal"])
def test_a_figure_is_a_plain_dict_without_template(name, case):
    figure = DRAWN[name][0](DRAWN[name][case])
    assert type(figure) is dict
    assert figure["layout"]["template"] == "none"
    for trace in figure["data"]:
        assert trace.get("line", {}).get("shape", "linear") == "linear"


def test_bars_stand_on_zero_and_the_mean_leaves_out_the_running_one():
    bars = [day_bars.Bar("1", "", 4, mean=4.0), day_bars.Bar("2", "", 8, mean=6.0)]
    running = day_bars.Bar("3", "", 1, mean=5.0, running=True)
    plot = day_bars.view(day_bars.Bars([*bars, running], "件"))[0].children[0]
    ribbon = plot.children[-1].style["clipPath"]
    assert ribbon.count(",") == 3  # two points, there and back
    columns = plot.children[3].children
    assert columns[1].children[0].children[0].style["height"] == "100.00%"
    assert "running" in columns[2].children[0].children[0].className


def test_a_time_without_a_single_case_says_so_and_looks_not_empty():
    bars = [day_bars.Bar("1", "", 0), day_bars.Bar("2", "", 0, running=True)]
    words = "这段时间都是 0 站"
    assert words in str(day_bars.view(day_bars.Bars(bars, "站")))
    assert words not in str(day_bars.view(day_bars.Bars([*bars, day_bars.Bar("3", "", 1)], "站")))
    last_year = [day_bars.Bar("1月", "", 0, ago=2)]
    assert words not in str(day_bars.view(day_bars.Bars(last_year, "站")))


def test_the_tick_of_last_year_never_strikes_a_figure_out():
    drawn = str(day_bars.view(day_bars.Bars([day_bars.Bar("11月", "", 27, ago=29)] * 3, "处")))
    values = re.findall(r"className='plot-value', style=\{'bottom': '([\d.]+)%'\}", drawn)
    assert [float(value) for value in values] == [pytest.approx(100 * 29 / 30, abs=0.01)] * 3


def test_a_figure_of_a_sentence_stays_on_one_line_with_its_unit():
    told = ["上升 ", sentences.Door("13.0 %", "/"), "，共 420 件。"]
    drawn = str(sentences.view(sentences.Block([sentences.Said(["网格"], told)], "")))
    assert "13.0\\xa0%" in drawn and "420\\xa0件" in drawn and "上升 " in drawn


def test_the_scale_of_two_courses_begins_at_zero_and_says_its_unit():
    side = paired_bars.Side("11月1日 14 件", 14, "/")
    drawn = str(paired_bars.view(paired_bars.Paired([paired_bars.Step("11.1", side, None)],
                                                    ("11月", "10月"), "件")))  # fmt: skip
    assert "Span('0')" in drawn and "Span('10 件')" in drawn


def test_a_gap_in_the_readings_stays_a_gap():
    times = [AT, AT + timedelta(minutes=5), AT + timedelta(hours=2)]
    figure = gauge_curve.figure(gauge_curve.Curve(times, [9.0, 9.1, 9.4], [0, 0, 0], {}))
    assert None in figure["data"][0]["y"]
