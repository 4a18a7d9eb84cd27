"""The flood response in force as it was decided, and what the alarms of water speak for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from dash import html

from cases import alarms, flood_response
from cases.alarm import ACKNOWLEDGED, FLOOD, RAISED, Alarm
from cases.flood_response import Decision
from cases.schema import local
from config import clock
from dashboard import alarm_words, wording
from dashboard.gate import caller
from dashboard.gate.rules import LEADER, SEAT
from dashboard.pages.marks import RANKS, link, rank
from dashboard.pages.reading import Glass
from dashboard.pages.watched import to_the_minute

DESK: Final = "/desk/response"
ROLES: Final = frozenset({SEAT, LEADER})  # who writes a decision down


def view(glass: Glass) -> Any:
    """The level in force with what it rests on, the proposal, the way to write a decision down."""
    store = glass.data.store
    held = flood_response.latest(store)
    on = alarms.open_alarms(store, clock.now())
    if on:  # a shelf and a drill end by the clock
        to_the_minute(clock.local())
    spoken = proposed(on, held)
    way = caller.current().role in ROLES
    return [
        in_force(held, glass.today),
        None if spoken is None else _proposal(glass, spoken),
        html.P("响应由防汛指挥机构决定，系统只按水情告警建议；气象预警另列。", className="note"),
        link("记录响应决定 →", DESK, "underlined") if way else None,
    ]


def proposed(on: Iterable[Alarm], held: Decision | None) -> Alarm | None:
    """The worst alarm of water that speaks for a higher level than the one in force."""
    level = held.level if held is not None and held.is_on else len(RANKS) + 1
    real = [
        one
        for one in on
        if one.kind == FLOOD
        and one.state in (RAISED, ACKNOWLEDGED)
        and one.shelved_until is None
        and not one.drill
        and one.rank < level
    ]
    return min(real, key=lambda one: (one.rank, one.id), default=None)


def in_force(held: Decision | None, today: Any) -> Any:
    """The level in force by shape, numeral and word; that there is none is said as plainly."""
    if held is None or not held.is_on:
        since = "没有记录过响应决定。"
        if held is not None:
            since = f"{wording.moment(local(held.at), today)} 终止，{held.basis}"
        said = [html.B("未启动应急响应"), html.P(since)]
        return html.Div(html.Div(said), className="warning")
    told = f"{wording.moment(local(held.at), today)} 记录；依据 {held.basis}；{held.by_name} 记"
    return html.Div(
        [rank(held.level), html.Div([html.B(level_words(held.level)), html.P(told)])],
        className="warning",
    )


def level_words(level: int) -> str:
    """Ⅲ级应急响应, or that it has ended."""
    return f"{RANKS[level][0]}级应急响应" if level else "终止应急响应"


def _proposal(glass: Glass, alarm: Alarm) -> Any:
    name = alarm_words.subject(alarm, glass.data.thresholds, glass.data.platforms)
    said = f"建议研判 {RANKS[alarm.rank][0]}级：{name} {alarm_words.limit(alarm)}"
    return html.P(html.B(said))
