"""What the desk draws: list, head of one alarm, its six stamps, its journal; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash import dcc, html

from cases.alarm import EVENTS, FALSE_ALARM, FLOOD, PENDING, RAISED, Alarm, Event
from dashboard import alarm_words, wording
from dashboard.alarm_groups import ONE_BY_ONE, Group
from dashboard.desk.reading import Board, One
from dashboard.desk.stamps import stamps
from dashboard.pages.marks import attrs, due_tag, link, rank
from dashboard.panels import gauge_curve

Node = Any
GRAPH: Any = {"displayModeBar": False, "responsive": True, "doubleClick": False}
ENDED = 100  # of those that ended today so many rows at most; their number counts all
READINGS = 40  # rows of the journal at most; new readings are left out of it first


def listed(board: Board, chosen: Alarm | None, address: str) -> Node:
    """The alarms: those that wait, those that are known, what makes no sound, what ended today."""
    silent = [one for one in board.open if _is_silent(one)]
    shown = [one for one in board.open if not _is_silent(one)]
    waiting = len(board.loud)
    head = html.Div(
        [
            html.H2(["当前告警 ", html.B(str(len(shown)))]),
            html.Span(f"未确认 {waiting}" if waiting else "均已确认", className="basis"),
        ],
        className="desk-head",
    )
    rows: list[Node] = [_row(one, board, chosen, address) for one in shown[:ONE_BY_ONE]]
    rows += [_group(each, board, chosen, address) for each in board.groups(shown[ONE_BY_ONE:])]
    if not shown:
        said = f"当前无告警 · {board.now:%H:%M:%S} 查看"
        rows = [html.P(said, className="desk-none", role="listitem")]
    if silent:
        rows += [_rule(f"不发声 {len(silent)}", "待核实、停用、误报")]
        rows += [_row(one, board, chosen, address) for one in silent]
    if board.ended:
        rows += [_rule(f"今日已解除 {len(board.ended)}", "点开可回放")]
        rows += [_row(one, board, chosen, address) for one in board.ended[:ENDED]]
        if len(board.ended) > ENDED:
            older = f"更早解除的 {len(board.ended) - ENDED} 条未列出"
            rows.append(html.P(older, className="desk-none", role="listitem"))
    wrong = [
        html.P([due_tag("配置有误", over=True), f" {said}"], className="notice", role="alert")
        for said in board.faults
    ]
    return [head, *wrong, html.Div(rows, className="desk-rows", role="list")]


def _group(group: Group, board: Board, chosen: Alarm | None, address: str) -> Node:
    """Alarms beyond the first five that are alike: their number, and each when it is opened."""
    if len(group.alarms) == 1:
        return _row(group.alarms[0], board, chosen, address)
    is_here = chosen is not None and any(one.id == chosen.id for one in group.alarms)
    head = [
        rank(group.rank),
        html.Div(
            [
                html.Div([html.B(group.words), html.Span("同类合并", className="basis")],
                         className="line"),
                html.Div(group.counted, className="what"),
            ],
            className="names",
        ),
        html.Span("展开", className="state end"),
    ]  # fmt: skip
    rows = [_row(one, board, chosen, address) for one in group.alarms]
    folded = html.Details(
        [
            html.Summary(head, className="desk-row"),
            html.Div(rows, className="desk-rows", role="list"),
        ],
        open=is_here,
        className="desk-group",
        **attrs({"data-group": group.words}),
    )
    return html.Div(folded, role="listitem")


def _is_silent(alarm: Alarm) -> bool:
    return alarm.shelved_until is not None or alarm.state in {PENDING, FALSE_ALARM}


def _rule(words: str, note: str) -> Node:
    return html.Div([html.Span(words), html.Span(note)], className="desk-rule", role="listitem")


def _row(alarm: Alarm, board: Board, chosen: Alarm | None, address: str) -> Node:
    name = board.name(alarm.kind, alarm.subject)
    since = alarm_words.local(alarm.raised_at or alarm.first_at)
    tag = html.Span(
        ["未确认 ", counting(alarm)] if alarm.is_loud else alarm_words.state(alarm),
        className="tag over" if alarm.is_loud else "state",
    )
    is_here = chosen is not None and chosen.id == alarm.id
    quiet = not alarm.is_on or _is_silent(alarm)
    shown = html.Div(
        [
            rank(alarm.rank, in_force=not quiet),
            html.Div(
                [
                    html.Div(
                        [
                            html.B(name),
                            html.Span(f"{alarm_words.GRADES[alarm.rank]} · "
                                      f"{alarm_words.kind(alarm)}", className="basis"),
                            drill(alarm),
                            html.Span("误报待复核", className="tag")
                            if alarm.is_called_false
                            else None,
                            doubt(alarm),
                        ],
                        className="line",
                    ),
                    html.Div(_said(alarm), className="what"),
                ],
                className="names",
            ),
            html.Div([html.Span(f"{since:%H:%M:%S}", className="at"), tag], className="end"),
        ],
        className="desk-row" + (" here" if is_here else "") + (" quiet" if quiet else ""),
    )  # fmt: skip
    where = link(shown, f"{address}?no={alarm.id}", "desk-link")
    return html.Div(where, role="listitem", **attrs({"data-alarm": str(alarm.id)}))


def _said(alarm: Alarm) -> str:
    value = alarm_words.value(alarm)
    return f"{alarm_words.limit(alarm)} · {value}" if value else alarm_words.limit_in_full(alarm)


def drill(alarm: Alarm) -> Node:
    """The mark of a drill."""
    return html.Span("演练", className="tag drill") if alarm.drill else None


def doubt(alarm: Alarm) -> Node:
    """That a single reading is past a higher limit."""
    words = alarm_words.doubt(alarm)
    return html.Span(words, className="tag") if words else None


def counting(alarm: Alarm) -> Node:
    """A clock that the browser keeps going since the alarm was raised."""
    since = attrs({"data-since": str(alarm_words.since_ms(alarm))})
    return html.Span(className="counting", **since)


def heading(one: One) -> Node:
    """Rank, kind and number; subject and what has been passed; how long it has been waiting."""
    alarm = one.alarm
    grade = (
        f"{'ⅠⅡⅢⅣ'[alarm.rank - 1]}级 {alarm_words.GRADES[alarm.rank]} · "
        f"{alarm_words.title(alarm)} · {alarm_words.number(alarm)}"
    )
    state = alarm_words.state(alarm)
    if alarm.acknowledged_by and alarm.is_on:
        at = alarm_words.local(alarm.acknowledged_at or alarm.first_at)
        waiting = alarm_words.waits_for(alarm)
        state = f"已确认 {at:%H:%M:%S}" + (f" · {waiting}" if waiting else "")
    words = " ".join(filter(None, [one.name, alarm_words.limit(alarm), alarm_words.value(alarm)]))
    return html.Div(
        [
            rank(alarm.rank, in_force=alarm.is_on),
            html.Div(
                [html.Div([grade, drill(alarm), doubt(alarm)], className="grade"), html.H1(words)],
                className="names",
            ),
            html.Div(
                [
                    html.Span(state, className="basis"),
                    html.Div(counting(alarm), className="big") if alarm.is_loud else
                    html.Div(alarm.acknowledged_by or "", className="by"),
                ],
                className="end",
            ),
        ],
        className=f"desk-alarm edge-{alarm.rank}" + ("" if alarm.is_on else " ended"),
    )  # fmt: skip


def moments(one: One) -> Node:
    """The six stamps on a line, what has not been as a hollow ring."""
    made = []
    for stamp in stamps(one.alarm, one.events):
        made.append(
            html.Li(
                [
                    html.Span(className="dot"),
                    html.B(stamp.name),
                    html.Span(stamp.shown, className="at"),
                    html.Span(stamp.after, className="after"),
                ],
                className="" if stamp.at else "ahead",
            )
        )
    return html.Ol(made, className="stamps", **attrs({"aria-label": "六个时刻"}))


def curve(one: One, identity: str = "desk-curve") -> Node:
    """The level around the alarm under its limits."""
    if not one.readings:
        why = "没有水位" if one.alarm.kind == FLOOD else "此类告警没有过程线"
        return html.P(why, className="desk-none")
    drawn = gauge_curve.figure(
        gauge_curve.Curve(
            times=[at for at, _ in one.readings],
            levels=[level for _, level in one.readings],
            rain=[],
            limits=one.limits,
        )
    )
    graph = dcc.Graph(id=identity, figure=drawn, config=GRAPH, className="chart")
    return html.Div(graph, className="chart-box desk-graph")


def journal(one: One) -> Node:
    """Every event row, oldest first; between others only the last of many readings are told."""
    rows = [_event(event) for event in told(one.events)]
    return html.Div(
        html.Table(
            [
                html.Caption("事件经过", className="hidden-word"),
                html.Tbody(rows),
            ],
            className="journal",
        ),
        className="journal-box",
        tabIndex="0",  # it scrolls, so that keys must reach it
    )


def told(events: Sequence[Event]) -> list[Event]:
    """All events but readings, and of these the newest as far as there is room."""
    readings = [one for one in events if one.kind == "reading"]
    room = max(3, READINGS - (len(events) - len(readings)))
    kept = {one.id for one in readings[-room:]}
    return [one for one in events if one.kind != "reading" or one.id in kept]


def _event(event: Event) -> Node:
    at = alarm_words.local(event.at)
    millis = attrs({"data-at": str(int(event.at.timestamp() * 1000))})
    return html.Tr(
        [
            html.Td(f"{at:%m-%d %H:%M:%S}", className="at"),
            html.Td(event.by_name or "系统", className="by"),
            html.Td(html.B(EVENTS.get(event.kind, event.kind))),
            html.Td("；".join(_parts(event))),
        ],
        **millis,
    )


def _parts(event: Event) -> Iterable[str]:
    if event.rank and event.kind in {PENDING, RAISED, "rank_up", "rank_down"}:
        yield f"{'ⅠⅡⅢⅣ'[event.rank - 1]}级 {alarm_words.GRADES[event.rank]}"
    if event.value is not None and event.about == FLOOD:
        yield f"水位 {wording.fixed(event.value, 2)} m"
    if event.observed_at is not None:
        yield f"{alarm_words.local(event.observed_at):%H:%M:%S} 观测"
    if event.delay_ms is not None:
        yield f"用时 {event.delay_ms} 毫秒"
    if event.note:
        yield event.note
