"""The desk of alarms: what is on, one of them in full, what a seat does about it.

It stands on the case store alone, so it works without any published data. The list and the chosen
alarm are drawn anew by its own beat; what is being typed stands outside of them and stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from dash import dcc, html

from cases.alarm import Alarm, Shelf
from dashboard import alarm_words
from dashboard.desk import awaited, parts, reading
from dashboard.desk.reading import Board
from dashboard.gate import caller
from dashboard.gate.rules import LEADER, SEAT
from dashboard.pages import frame, shell
from dashboard.pages.marks import attrs, link
from dashboard.pages.state import State
from dashboard.wall.choosing import choose

PATH = "/desk/alarms"
TITLE = "告警值守"
SHORT = "告警"
FEEDS = ()
FILTERS = ()
METRICS = ()
AREAS = ("list", "detail", "side")
ROLES_OF_PAGE = frozenset({SEAT, LEADER})
STILL = True
BEAT_MS: Final = 2000
ENDS: Final = {"30": "30 分钟", "60": "1 小时", "120": "2 小时", "240": "4 小时"}


def options(_data: Any) -> dict[str, dict[str, str]]:
    """No filters; the chosen alarm is a word of the address."""
    return {}


def crumbs(_state: State, _want: Any) -> list[tuple[str, str | None]]:
    """Nothing to go down to."""
    return []


def standing(data: Any, state: State, _glass: Any) -> tuple[Any, Any]:
    """The three columns of the desk."""
    board = reading.board(data)
    listed, top, detail, side, mark = drawn(data, board, state.get("no"))
    panels = [
        frame.panel("", html.Div(listed, id="desk-list", tabIndex="0"), area="list"),
        frame.panel("", _detail(top, detail), area="detail"),
        frame.panel("", html.Div(side, id="desk-side"), area="side"),
    ]
    chosen = " picked" if state.get("no") else ""
    body = html.Div(
        [
            dcc.Interval(id="desk-beat", interval=BEAT_MS),
            dcc.Store(id="desk-mark", data=mark),
            dcc.Store(id="desk-wish"),
            shell.grid("desk_alarms", panels, AREAS),
        ],
        className=f"desk{chosen}",
    )
    return html.Span(id="age", className="hidden"), body


def drawn(data: Any, board: Board, number: str) -> tuple[Any, Any, Any, Any, list[Any]]:
    """List, head of the chosen alarm, its course, side, and the mark of what they show."""
    chosen = board.find(number)
    one = None if chosen is None else reading.one_of(data, chosen)
    sound = str(choose(board.open, data.thresholds.alarms, board.now).sound)
    heard = html.Div(
        sound,
        id="desk-sound",
        className="hidden",
        **attrs({"data-now": str(int(board.now.timestamp() * 1000))}),
    )
    listed = [*parts.listed(board, chosen, PATH), heard]
    top: Any = None
    if one is None:
        detail: Any = html.P("选择一条告警查看详情。", className="desk-none")
    else:
        who = caller.current()
        role = "" if who.is_program or who.role not in ROLES_OF_PAGE else who.role
        top = [parts.heading(one), awaited.called_false(one.alarm, who=who.name, role=role)]
        detail = [
            awaited.listed(one.alarm, role=role),
            parts.moments(one),
            html.H2("水位过程", className="desk-title") if one.readings else None,
            parts.curve(one) if one.readings else None,
            html.Div(
                [
                    html.H2("事件经过", className="desk-title"),
                    html.Span("只增不改，全部留痕", className="basis"),
                    link("回放本次告警 →", f"/desk/alarm?no={one.alarm.id}", "underlined"),
                ],
                className="desk-head",
            ),
            parts.journal(one),
        ]
    minute = f"{board.now:%H:%M}"
    return listed, top, detail, _side(board), [board.version, minute, number]


def _detail(top: Any, detail: Any) -> list[Any]:
    """The chosen alarm, with the buttons below its head; forms stay while it is drawn anew."""
    acts = _acts() if caller.current().role == SEAT else _only_read()
    return [
        html.Div(top, id="desk-top"),
        html.Div(acts, className="desk-acts"),
        html.Div(detail, id="desk-detail", tabIndex="0"),
    ]


def _acts() -> list[Any]:
    def button(do: str, words: str, key: str, filled: bool = False) -> Any:
        cls = "button filled" if filled else "button"
        return html.Button(
            [words, html.Kbd(key)],
            id=f"desk-{do}", type="button", className=cls, **attrs({"data-do": do}),
        )  # fmt: skip

    return [
        html.Div(
            [
                button("ack", "确认，我来处置", "A", filled=True),
                button("false", "误报", "F"),
                button("shelve", "停用", "S"),
                dcc.Input(
                    id="desk-reason", maxLength=200, autoComplete="off", value="",
                    placeholder="理由、接听人",
                ),
                dcc.Dropdown(
                    id="desk-until", options=[{"label": w, "value": k} for k, w in ENDS.items()],
                    value="60", clearable=False, searchable=False,
                ),
            ],
            className="desk-buttons",
        ),
        html.P(
            "误报须写理由，由另一人复核；停用须写理由和截止，最长 4 小时，升级即恢复，"
            "Ⅰ、Ⅱ 级不可停用。列表中可用 A 确认、F 误报、S 停用、↑↓ 选择。",
            className="note",
        ),
        html.Div(id="desk-said", className="said", role="status"),
    ]  # fmt: skip


def _only_read() -> list[Any]:
    form = html.Div(
        [dcc.Input(id="desk-reason", value=""), dcc.Input(id="desk-until", value="60")],
        className="hidden",
    )
    return [
        form,
        html.P("确认、停用由值守席位操作；领导可记本岗知悉、复核误报。", className="note"),
        html.Div(id="desk-said", className="said", role="status"),
    ]


def _side(board: Board) -> list[Any]:
    return [*_shelved(board), *_load(board)]


def _shelved(board: Board) -> list[Any]:
    """What is shelved, by whom, why and until when; a seat may take it into use again."""
    seat = caller.current().role == SEAT
    rows: list[Any] = []
    for shelf in board.shelves:
        of = f"back:{shelf.kind}:{shelf.subject}"
        rows.append(
            html.Div(
                [
                    html.B(board.name(shelf.kind, shelf.subject)),
                    html.Span(
                        f"{_up_to(shelf)}停用至 {alarm_words.local(shelf.until):%m-%d %H:%M}"
                    ),
                    html.Span(f"{shelf.by_name}：{shelf.reason}", className="basis"),
                    awaited.button(of, "恢复") if seat else None,
                ],
                className="desk-shelf",
            )
        )
    none = html.P("没有停用的测站和平台。", className="desk-none")
    return [html.H2("停用中", className="desk-title"), *(rows or [none])]


def _up_to(shelf: Shelf) -> str:
    return f"{'ⅠⅡⅢⅣ'[shelf.rank - 1]} 级" + ("及以下" if shelf.rank < 4 else "")


def _load(board: Board) -> list[Any]:
    """How many alarms began in each of the last hours: whether a seat can still follow."""
    hours = [board.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=k)
             for k in reversed(range(8))]  # fmt: skip
    counts = [_in_hour((*board.open, *board.ended), hour) for hour in hours]
    most = max(6, *counts)
    bars = [
        html.Div(
            [
                html.Span(str(count), className="count"),
                html.Span(className="bar", style={"height": f"{64 * count / most:.0f}px"}),
                html.Span(f"{hour:%H}", className="hour"),
            ],
            className="hour-bar",
        )
        for hour, count in zip(hours, counts, strict=True)
    ]
    return [
        html.Div(
            [
                html.H2("告警负荷", className="desk-title"),
                html.Span("每小时新增", className="basis"),
            ],
            className="desk-head",
        ),
        html.Div(bars, className="hour-bars"),
    ]


def _in_hour(every: Sequence[Alarm], hour: Any) -> int:
    end = hour + timedelta(hours=1)
    return sum(1 for one in every if hour <= one.first_at.astimezone(hour.tzinfo) < end)
