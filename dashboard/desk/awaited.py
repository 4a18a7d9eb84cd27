"""Whom an alarm waits for, and 误报 that waits for a second person; pure.

On the desk a seat writes answers down by the buttons here; everywhere else they are only told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from cases.alarm import ACKNOWLEDGED, POST, RAISED, Alarm, Awaited
from dashboard import alarm_words
from dashboard.gate.policy import LEADERS_POST
from dashboard.gate.rules import LEADER, SEAT
from dashboard.pages.marks import attrs

Node = Any


def button(do: str, words: str, *, about: str = "", filled: bool = False) -> Node:
    """A button of the desk; `do` is what it does and to what, as assets/pages/desk.js hands on."""
    look = "button filled" if filled else "button"
    named = {"aria-label": f"{about}：{words}"} if about else {}
    return html.Button(words, type="button", className=look, **attrs({"data-do": do, **named}))


def listed(alarm: Alarm, *, role: str = "") -> Node:
    """The posts with who answered when, then the teams.

    `role` is that of a person who may press the buttons; empty: nobody may here.
    """
    if not alarm.awaited:
        return None
    can = role if alarm.is_on and alarm.state in (RAISED, ACKNOWLEDGED) else ""
    done = len(alarm.posts) - len(alarm.missing)
    parts = [
        html.Div(
            [
                html.H2(f"须知悉岗位 {done} / {len(alarm.posts)}", className="desk-title"),
                html.Span(_basis(alarm), className="basis"),
            ],
            className="desk-head",
        ),
        _rows(alarm.posts, alarm, can),
    ]
    if alarm.teams:
        sent = sum(1 for one in alarm.teams if one.at is not None)
        words = f"已出动 {sent} 支" if sent else "至少出动一支"
        head = [html.H2("队伍", className="desk-title"), html.Span(words, className="basis")]
        parts += [html.Div(head, className="desk-head"), _rows(alarm.teams, alarm, can)]
    return html.Section(parts, className="awaited", **attrs({"aria-label": "须知悉岗位和队伍"}))


def _basis(alarm: Alarm) -> str:
    if not alarm.is_on:
        return "告警已解除"
    if alarm.is_settled:
        return "均已知悉，大屏转为飘带"
    return alarm_words.waits_for(alarm)


def _rows(each: Sequence[Awaited], alarm: Alarm, role: str) -> Node:
    return html.Ul([_row(one, alarm, role) for one in each], className="awaited-rows")


def _row(one: Awaited, alarm: Alarm, role: str) -> Node:
    is_post = one.kind == POST
    if one.at is not None:
        what = "已知悉" if is_post else "已出动"
        said = f"{what} {alarm_words.local(one.at):%H:%M:%S} · {one.by_name} 记"
        state: Node = html.Span(said)
    elif is_post:
        state = html.Span("未知悉" if alarm.is_on else "未记录", className="tag over")
    else:
        state = html.Span("未出动")
    note = html.Span(one.note, className="basis") if one.note else None
    press = _press(one, role) if one.at is None else None
    look = "done" if one.at is not None else "open"
    said_by = html.Div([state, note], className="said-by")
    return html.Li([html.B(one.name), said_by, press], className=look)


def _press(one: Awaited, role: str) -> Node:
    do = f"{one.kind}:{one.name}"
    if one.kind != POST:
        return button(do, "记为已出动", about=one.name) if role == SEAT else None
    if one.place == 0:  # the desk's own post answers by 确认
        return None
    if role == SEAT:
        return button(do, "记为已知悉", about=one.name)
    if role == LEADER and one.name == LEADERS_POST:
        return button(do, "我已知悉", about=one.name, filled=True)
    return None


def called_false(alarm: Alarm, *, who: str = "", role: str = "") -> Node:
    """误报 as one person has called it, with what a second one may answer."""
    if not alarm.is_called_false or alarm.false_at is None:
        return None
    at = alarm_words.local(alarm.false_at)
    words = f"{alarm.false_by} {at:%H:%M} 提出误报：{alarm.false_reason}"
    if who == alarm.false_by:
        then = "须由另一人复核；在此之前告警照常。"
        buttons = [button("judge:no", "撤回")]
    else:
        then = "请核对现场后复核；在此之前告警照常。"
        buttons = [button("judge:yes", "同意误报"), button("judge:no", "不是误报")]
    return html.Div(
        [
            html.Div([html.B("误报待复核"), html.Span(words), html.Span(then, className="basis")]),
            html.Div(buttons if role else [], className="awaited-buttons"),
        ],
        className="called-false",
        role="status",
    )
