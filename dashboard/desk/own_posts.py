"""The notice that a unit or a village gives of an alarm: its own posts in each, and nothing else.

A response plan names a village or a unit as a post that must take notice; whoever has an account
for it says so here by name, instead of being rung up by the desk. Who else was asked, what the desk
does and what the water did is not told here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dash import dcc, html

from cases.alarm import ACKNOWLEDGED, FLOOD, RAISED, Alarm, Awaited
from dashboard import alarm_words
from dashboard.desk import awaited, parts, reading
from dashboard.desk.reading import Board
from dashboard.gate import caller
from dashboard.gate.policy import Right
from dashboard.gate.rules import UNIT
from dashboard.pages import frame, shell
from dashboard.pages.marks import link, rank
from dashboard.pages.state import State

PATH = "/desk/posts"
TITLE = "告警知悉"
SHORT = "告警"
FEEDS = ()
FILTERS = ()
METRICS = ()
AREAS = ("posts",)
ROLES_OF_PAGE = frozenset({UNIT})
STILL = True
BEAT_MS: Final = 5000
NOTICED: Final = "noticed"
Drawn = tuple[Any, Any, Any, Any, list[Any]]


def options(_data: Any) -> dict[str, dict[str, str]]:
    """No filters: all that is asked of one's own posts is shown."""
    return {}


def crumbs(_state: State, _want: Any) -> list[tuple[str, str | None]]:
    """Nothing to go down to."""
    return []


def standing(data: Any, state: State, _glass: Any) -> tuple[Any, Any]:
    """The one column; what the desk's presses and beat hand on and draw is there too."""
    right = caller.current().right
    board = reading.board(data)
    listed, *_, mark = drawn(board, right, state.get("no"))
    unused = [html.Div(id=f"desk-{name}") for name in ("top", "detail", "side")]
    forms = [dcc.Input(id="desk-reason", value=""), dcc.Input(id="desk-until", value="60")]
    body = html.Div(
        [
            dcc.Interval(id="desk-beat", interval=BEAT_MS),
            dcc.Store(id="desk-mark", data=mark),
            dcc.Store(id="desk-wish"),
            html.Div([*unused, *forms], className="hidden"),
            shell.grid("desk_posts", [_panel(listed, right)], AREAS),
        ],
        className="desk own-posts",
    )
    return html.Span(id="age", className="hidden"), body


def _panel(listed: Any, right: Right) -> Any:
    said = html.Div(id="desk-said", className="said", role="status")
    return frame.panel(
        "须本岗知悉的告警",
        [html.Div(listed, id="desk-list"), said],
        area="posts",
        basis=f"本账号的岗位：{'、'.join(right.posts or ()) or '无'}",
    )


def mine(alarm: Alarm, right: Right) -> tuple[Awaited, ...]:
    """The posts of an alarm that the caller answers for; the desk's own answers by 确认 alone."""
    if alarm.state not in (RAISED, ACKNOWLEDGED) or alarm.shelved_until is not None:
        return ()
    return tuple(one for one in alarm.posts if one.place and right.answers(one.name))


def drawn(board: Board, right: Right, number: str) -> Drawn:
    """The rows, and the mark of what they show; what else stands on a desk is empty here."""
    asked = [(alarm, posts) for alarm in board.open if (posts := mine(alarm, right))]
    rows: list[Any] = [_row(board, alarm, posts) for alarm, posts in asked]
    if not rows:
        at = alarm_words.local(board.now)
        rows = [html.P(f"当前没有须本岗知悉的告警 · {at:%H:%M} 查看", className="desk-none")]
    return rows, None, None, None, [board.version, f"{board.now:%H:%M}", number]


def _row(board: Board, alarm: Alarm, posts: Sequence[Awaited]) -> Any:
    name = board.name(alarm.kind, alarm.subject)
    at = alarm_words.local(alarm.raised_at or alarm.first_at)
    value = alarm_words.value(alarm)
    facts = "，".join(filter(None, [alarm_words.limit(alarm), value, f"{at:%H:%M} 报警"]))
    water = link("看水情 →", f"/flood?station={alarm.subject}", "underlined")
    head = [
        rank(alarm.rank),
        html.Div(
            [
                html.Div(
                    [
                        html.B(name),
                        html.Span(alarm_words.title(alarm), className="basis"),
                        parts.drill(alarm),
                    ],
                    className="line",
                ),
                html.Div(facts, className="what"),
            ],
            className="names",
        ),
        html.Div(water if alarm.kind == FLOOD else None, className="end"),
    ]
    told = html.Ul([_post(alarm, one) for one in posts], className="awaited-rows")
    return html.Section([html.Div(head, className="desk-row"), told], className="own-post")


def _post(alarm: Alarm, one: Awaited) -> Any:
    if one.at is not None:
        said: Any = f"已知悉 {alarm_words.local(one.at):%H:%M:%S} · {one.by_name} 记"
        return html.Li([html.B(one.name), html.Div(said, className="said-by")], className="done")
    press = awaited.button(
        f"{NOTICED}:{alarm.id}:{one.name}", "已知悉", about=one.name, filled=True
    )
    tag = html.Div(html.Span("未知悉", className="tag over"), className="said-by")
    return html.Li([html.B(one.name), tag, press], className="open")
