"""The hotline page: volume and rates with both comparisons, trend, places, units, classes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from dash import html

from dashboard import wording
from dashboard.pages import compare, frame, hotline_split, hotline_trend, shell
from dashboard.pages.due import due_state, left_words
from dashboard.pages.marks import attrs, door, link
from dashboard.pages.reading import Glass, pair_of
from dashboard.pages.state import State
from dashboard.panels import hour_heat, order_list, ranked, tiles

PATH = "/hotline"
TITLE = "12345 热线"
SHORT = "热线"
FEEDS = ("hotline_12345",)
FILTERS = ("community", "class", "unit", "vs")
MAIN = "hotline_received"
METRICS = (
    "hotline_received",
    "hotline_closed",
    "hotline_open",
    "hotline_overdue",
    "hotline_on_time_rate",
    "hotline_response_rate",
    "hotline_resolution_rate",
    "hotline_satisfaction_rate",
    "hotline_handling_days",
    "hotline_handling_workdays",
    "hotline_repeat_rate",
)
RATES = (
    ("hotline_on_time_rate", "按时办结率", "本期应办结"),
    ("hotline_response_rate", "响应率", "有效回访"),
    ("hotline_resolution_rate", "解决率", "有效回访"),
    ("hotline_satisfaction_rate", "满意率", "已评价"),
)
AREAS = ("volume", "rates", "trend", "classes", "map", "units", "hours", "cases")
_SHOWN = 10


def options(data: Any) -> dict[str, dict[str, str]]:
    """The values the filters of this page may take, with their names."""
    site = data.site
    return {
        "community": {c.code: c.name for c in site.communities},
        "class": {class_path(c.code): c.name for c in site.hotline_classes},
        "unit": {u.name: u.name for u in site.units},
    }


def class_path(code: str) -> str:
    """050203 as the path 05/0502/050203."""
    return "/".join(code[:end] for end in range(2, len(code) + 1, 2))


def crumbs(_state: State, want: Any) -> list[str]:
    """Where the filters have led, in words."""
    return [want.name_of(key) for key in ("community", "class", "unit") if key in want.filters]


def body(glass: Glass) -> Any:
    """The panels of the page in reading order."""
    place = glass.want.filters.get("community")
    panels = [
        glass.panel(
            "volume", "受理与办结", lambda: tiles.view(_volume(glass)), FEEDS, show_time=False
        ),
        glass.panel(
            "rates",
            "时限与三率",
            lambda: tiles.view(_rates(glass)),
            FEEDS,
            show_time=False,
            basis="圆点为本期，竖线为目标，横轴 60—100 %；升降为个百分点",
        ),
        hotline_trend.trend_panel(glass),
        glass.panel(
            "classes",
            ranked.TITLE,
            lambda: ranked.view(hotline_split.classes(glass)),
            FEEDS,
            show_time=False,
            basis=hotline_split.class_trail(glass),
        ),
        glass.panel(
            "map",
            f"{glass.want.name_of('community')}各网格受理" if place else "各社区（村）受理",
            lambda: hotline_split.area(glass),
            FEEDS,
            show_time=False,
            basis="件 · 示意" if glass.data.site.outlines_schematic else "件",
        ),
        glass.panel(
            "units",
            "承办单位",
            lambda: hotline_split.units(glass),
            FEEDS,
            show_time=False,
            basis="按时办结/应办结 · 按机构顺序",
        ),
        glass.panel(
            "hours",
            hour_heat.TITLE,
            lambda: hour_heat.view(hotline_split.hours(glass)),
            FEEDS,
            show_time=False,
        ),
        glass.panel(
            "cases",
            order_list.TITLE,
            lambda: _cases(glass),
            FEEDS,
            show_time=False,
            heading=partial(_case_head, glass),
            aside="按应办结时间先后 · 不含来电人信息",
        ),
    ]
    return shell.grid("hotline", panels, AREAS)


def _periods(glass: Glass) -> list[tuple[str, Any]]:
    span = glass.want.span
    both = [("去年", span.year)] if span.same else [("上期", span.previous), ("去年", span.year)]
    return both if glass.want.versus == "previous" or span.same else both[::-1]


def _volume(glass: Glass) -> list[tiles.Tile]:
    told = []
    for metric, name, basis in (
        ("hotline_received", "受理", "按受理时间"),
        ("hotline_closed", "办结", "按办结时间"),
        ("hotline_open", "在办", "期末"),
        ("hotline_overdue", "超期在办", "期末"),
    ):
        value = glass.now_of(metric).value
        before = [
            compare.count(word, value, glass.metric(metric, period.first, period.last).value)
            for word, period in _periods(glass)
        ]
        span = glass.want.span
        told.append(
            tiles.Tile(
                name=name,
                shown=wording.count(value),
                unit="件",
                before=before,
                basis=basis,
                href=glass.doors.to(metric, span.first, span.last),
            )
        )
    return told


def _rates(glass: Glass) -> list[tiles.Tile]:
    span = glass.want.span
    told = []
    for metric, name, basis in RATES:
        now = pair_of(glass.now_of(metric))
        before = [
            compare.rate(word, now, pair_of(glass.metric(metric, period.first, period.last)))
            for word, period in _periods(glass)
        ]
        small = wording.is_small(now[1])
        told.append(
            tiles.Tile(
                name=name,
                shown=wording.rate(*now),
                fraction="" if small or not now[1] else wording.ratio(*now),
                before=before,
                basis=basis,
                href=glass.doors.to(metric, span.first, span.last),
                place=now[0] / now[1] if now[1] and not small else None,
                target=glass.data.thresholds.targets.get(metric),
            )
        )
    return [*told, _days_tile(glass)]


def _days_tile(glass: Glass) -> tiles.Tile:
    span = glass.want.span
    days = glass.now_of("hotline_handling_days")
    before = [
        compare.length(
            word, days.value, glass.metric("hotline_handling_days", p.first, p.last).value
        )
        for word, p in _periods(glass)
    ]
    workdays_value = glass.now_of("hotline_handling_workdays")
    shown = wording.fixed(workdays_value.value, 1)
    href = glass.doors.to("hotline_handling_workdays", span.first, span.last)
    return tiles.Tile(
        name="办理时长",
        shown=wording.fixed(days.value, 1),
        unit="天",
        basis="中位数",
        before=before,
        href=glass.doors.to("hotline_handling_days", span.first, span.last),
        extra=[
            html.Div(
                [
                    "折 ",
                    html.A(shown, href=href, className="door", **attrs({"data-go": "1"})),
                    " 个工作日",
                ],
                className="tile-note",
            ),
            *_repeat(glass),
        ],
    )


def _open_rows(glass: Glass) -> Any:
    span = glass.want.span
    show = glass.state.get("show")
    metric = "hotline_overdue" if show == "over" else "hotline_open"
    return glass.rows(metric, span.first, span.last, limit=400, sort="due_at")


def _repeat(glass: Glass) -> list[Any]:
    """How many orders repeat an earlier one."""
    span = glass.want.span
    pair = pair_of(glass.now_of("hotline_repeat_rate"))
    if not pair[1]:
        return []
    href = glass.doors.to("hotline_repeat_rate", span.first, span.last)
    words = ["重复诉求 ", door(wording.rate(*pair), href, about="重复诉求率")]
    return [html.Div(words, className="tile-note")]


def _case_head(glass: Glass) -> Any:
    span, show = glass.want.span, glass.state.get("show")
    chips = []
    for key, words, metric in (("", "在办", "hotline_open"), ("over", "超期", "hotline_overdue")):
        count = wording.count(glass.metric(metric, span.first, span.last).value)
        on = key == show or (not key and show != "over")
        href = glass.state.but(show=key or None).href
        chips.append(link(f"{words} {count}", href, "chip small on" if on else "chip small"))
    past = glass.moment < glass.now
    name = f"{wording.day(span.last)}{order_list.TITLE}" if past else order_list.TITLE
    return [name, html.Span(chips, className="head-chips")]


def _cases(glass: Glass) -> Any:
    found = _open_rows(glass)
    if not found.rows:
        return frame.empty("没有在办工单", "本页的筛选下没有未办结的工单。")
    shown = [_order(glass, row) for row in found.rows[:_SHOWN]]
    span = glass.want.span
    metric = "hotline_overdue" if glass.state.get("show") == "over" else "hotline_open"
    every = f"{glass.doors.to(metric, span.first, span.last)}&rows=1"
    return [
        order_list.view(shown),
        html.Div(
            [
                html.Span(f"先列 {len(shown)} 件" if found.total > len(shown) else ""),
                link(f"打开全部 {found.total} 件 →", every, "underlined"),
            ],
            className="case-foot",
        ),
    ]


def _order(glass: Glass, row: Mapping[str, Any]) -> order_list.Order:
    due, now = row.get("due_at"), glass.moment
    state = due_state(due, now)
    path = str(row.get("class_path") or "")
    names = glass.want.options["class"]
    parts = [names.get(p, "") for p in (path, "/".join(path.split("/")[:1]))]
    matter = parts[0] or path or "未分类"
    received = row.get("received_at")
    return order_list.Order(
        number=str(row.get("key")),
        matter=f"{parts[1]} · {matter}" if parts[1] and parts[1] != matter else matter,
        place=str(glass.data.site.community_name(row.get("community"))),
        unit=str(row.get("unit") or ""),
        received=_when(received, now),
        due=_when(due, now),
        left=left_words(due, now, state, _calm(glass, row)),
        over=state == "over",
        soon=state == "soon",
    )


def _when(at: datetime | None, now: datetime) -> str:
    if at is None:
        return wording.NONE
    return f"{at:%m-%d %H:%M}" if at.year == now.year else f"{at:%Y-%m-%d}"


def _calm(glass: Glass, row: Mapping[str, Any]) -> str:
    """The state of an order that does not press; of a past stock, whether it was closed since."""
    if glass.moment < glass.now and row.get("closed_at"):
        return "其后办结"
    return str(row.get("state") or "在办")
