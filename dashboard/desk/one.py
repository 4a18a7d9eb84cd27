"""One alarm by itself, over or not: its six moments, its curve, every event, played again.

The page is drawn whole; the slider moves through it in the browser (assets/pages/desk.js).
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from dash import html

from cases.alarm import EVENTS
from config.clock import ZONE
from dashboard import alarm_words
from dashboard.desk import alarms, awaited, parts, reading
from dashboard.desk.reading import One
from dashboard.pages import frame, shell
from dashboard.pages.marks import attrs, link
from dashboard.pages.state import State

PATH = "/desk/alarm"
TITLE = "告警回放"
SHORT = ""
FEEDS = ()
FILTERS = ()
METRICS = ()
AREAS = ("one", "replay", "events")
ROLES_OF_PAGE = alarms.ROLES_OF_PAGE
STILL = True
STEPS: Final = 1000  # of the slider


def options(_data: Any) -> dict[str, dict[str, str]]:
    """No filters; the alarm is a word of the address."""
    return {}


def crumbs(_state: State, _want: Any) -> list[tuple[str, str | None]]:
    """Nothing to go down to."""
    return []


def standing(data: Any, state: State, _glass: Any) -> tuple[Any, Any]:
    """Head and body of the alarm of the address."""
    one = reading.found(data, state.get("no"))
    if one is None:
        gone = html.Section(
            frame.empty("没有这条告警", "", link("到告警列表", alarms.PATH, "button")),
            className="panel whole",
        )
        return _head("没有这条告警", state), gone
    panels = [
        frame.panel(
            "", [parts.heading(one), parts.moments(one), awaited.listed(one.alarm)], area="one"
        ),
        frame.panel("水位过程与回放", _replay(one), area="replay"),
        frame.panel("事件经过", parts.journal(one), area="events", basis="只增不改，全部留痕"),
    ]
    body = html.Div(shell.grid("desk_alarm", panels, AREAS), className="desk")
    return _head(f"{alarm_words.number(one.alarm)} {one.name}", state), body


def _head(words: str, state: State) -> Any:
    way = [
        link("总览", "/", "underlined"),
        html.Span("›"),
        link("告警", alarms.PATH, "underlined"),
        html.Span("›"),
        html.Span("回放"),
    ]
    return html.Div(
        [
            html.Div(
                [
                    html.H1(words),
                    html.Nav(way, className="crumbs", **attrs({"aria-label": "位置"})),
                ],
                className="head-title",
            ),
            html.Div(
                [shell.copy_button(state.href), shell.print_button("打印"), html.Span(id="age")],
                className="head-tools",
            ),
        ],
        className="head-row",
    )


def _replay(one: One) -> Any:
    """The curve, the slider over its whole time, and what stood at the chosen moment."""
    first, last = span(one)
    points = [[_ms(at), level] for at, level in one.readings]
    steps = [
        [int(event.at.timestamp() * 1000), EVENTS.get(event.kind, event.kind)]
        for event in one.events
        if event.kind != "reading"
    ]
    data = {
        "data-first": str(first),
        "data-last": str(last),
        "data-points": json.dumps(points),
        "data-steps": json.dumps(steps, ensure_ascii=False),
    }
    return [
        parts.curve(one, "replay-curve"),
        html.Div(id="replay", className="replay", **attrs(data)),
    ]


def span(one: One) -> tuple[int, int]:
    """From where to where it is played, in ms: a little before the first event, to the last."""
    times = [int(event.at.timestamp() * 1000) for event in one.events]
    times += [int(one.alarm.observed_at.timestamp() * 1000)]
    minute = 60_000
    return min(times) - 10 * minute, max(times) + minute


def _ms(at: datetime) -> int:
    return int(at.replace(tzinfo=ZONE).timestamp() * 1000)
