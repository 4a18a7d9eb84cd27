"""The ribbon of open alarms on the leaders' pages: filled with the rank's colour while nobody has
acknowledged, with an edge of it once somebody has."""

from __future__ import annotations

from typing import Any

from dash import html

from cases import alarms
from cases.alarm import ACKNOWLEDGED, RAISED
from config import clock
from config.alarm_rules import LAMP
from dashboard import alarm_words
from dashboard.desk import own_posts, parts
from dashboard.desk.alarms import PATH, ROLES_OF_PAGE
from dashboard.gate import caller
from dashboard.pages.marks import attrs, link, rank
from dashboard.pages.watched import to_the_minute
from dashboard.source import Data

MOST = 3


def ribbon(data: Data, *, kind: str = "") -> Any:
    """One line for each open alarm, the worst first; nothing while there is none."""
    rules = data.thresholds.alarms
    open_now = alarms.open_alarms(data.store, clock.now())
    if open_now:  # a shelf and a drill end by the clock
        to_the_minute(clock.local())
    told = [
        one
        for one in open_now
        if one.state in {RAISED, ACKNOWLEDGED}
        and one.shelved_until is None
        and kind in {"", one.kind}
        and rules.effect(one.kind, one.rank).takes != LAMP
    ]
    if not told:
        return None
    lines = [_line(one, data) for one in told[:MOST]]
    if len(told) > MOST:
        lines.append(html.P(f"另有 {len(told) - MOST} 条告警。", className="note"))
    return html.Div(lines, className="alarm-ribbons", **attrs({"aria-label": "告警"}))


def _line(one: Any, data: Data) -> Any:
    name = alarm_words.subject(one, data.thresholds, data.platforms)
    at = alarm_words.local(one.raised_at or one.first_at)
    value = alarm_words.value(one)
    state = "未确认" if one.is_loud else alarm_words.state(one)
    where = None
    who = caller.current()
    if who.role in ROLES_OF_PAGE:
        where = link("看告警 →", f"{PATH}?no={one.id}", "button")
    elif who.role in own_posts.ROLES_OF_PAGE and own_posts.mine(one, who.right):
        where = link("本岗知悉 →", own_posts.PATH, "button")
    elif one.kind == "flood":
        where = link("看水情 →", f"/flood?station={one.subject}", "button")
    look = f"ribbon alarm-line edge-{one.rank}" + (" filled" if one.is_loud else "")
    return html.Section(
        [
            rank(one.rank),
            html.B(f"{'ⅠⅡⅢⅣ'[one.rank - 1]}级 {alarm_words.GRADES[one.rank]} · "
                   f"{alarm_words.title(one)}"),
            parts.drill(one),
            parts.doubt(one),
            html.Span(f"{name} {alarm_words.limit(one)}，{value}；{at:%H:%M} 报警"
                      if value else f"{name} {alarm_words.limit(one)}；{at:%H:%M} 报警"),
            html.B(state),
            where,
        ],
        className=look,
    )  # fmt: skip
