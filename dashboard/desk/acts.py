"""What the buttons of the alarms' desk do, by name; the gate has checked the role before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from cases import alarms as rows
from cases.alarm import KINDS, Alarm
from cases.errors import Busy, CaseError, NotAllowed, NotKnown
from config import clock
from dashboard import alarm_words
from dashboard.desk import alarms, reading
from dashboard.gate import caller
from dashboard.gate.rules import SEAT
from dashboard.pages.state import parse
from dashboard.source import data

NAME: Final = (
    "..desk-list.children...desk-top.children...desk-detail.children...desk-side.children...desk-mark.data"
    "...desk-said.children...desk-reason.value.."
)
CALLBACKS: Final = {NAME: alarms.ROLES_OF_PAGE}
_NOTHING: Final = (no_update,) * 7


def register(app: Dash) -> None:
    """The one callback of the desk: its beat and its buttons."""

    @app.callback(
        Output("desk-list", "children"),
        Output("desk-top", "children"),
        Output("desk-detail", "children"),
        Output("desk-side", "children"),
        Output("desk-mark", "data"),
        Output("desk-said", "children"),
        Output("desk-reason", "value"),
        Input("desk-beat", "n_intervals"),
        Input("desk-ack", "n_clicks"),
        Input("desk-false", "n_clicks"),
        Input("desk-shelve", "n_clicks"),
        Input({"type": "desk-back", "of": ALL}, "n_clicks"),
        State("desk-reason", "value"),
        State("desk-until", "value"),
        State("desk-mark", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    async def act(*given: Any) -> Any:
        reason, until, mark, search = given[-4:]
        pressed = ctx.triggered_id
        if pressed != "desk-beat" and not (ctx.triggered and ctx.triggered[0]["value"]):
            return _NOTHING  # a button that was only drawn
        wish = _Wish(pressed, _text(reason), _text(until), _text(search))
        return await asyncio.to_thread(_answer, wish, mark)


class _Wish:
    """What was pressed, with what stands in the form and in the address."""

    def __init__(self, pressed: Any, reason: str, until: str, search: str) -> None:
        self.pressed, self.reason, self.until = pressed, reason, until
        self.number = parse(alarms.PATH, search).get("no")


def _answer(wish: _Wish, mark: Any) -> tuple[Any, ...]:
    source = data()
    said: Any = no_update
    done = False
    if wish.pressed != "desk-beat":
        said, done = _done(wish)
    board = reading.board(source)
    fresh = [board.version, f"{board.now:%H:%M}", wish.number]
    if fresh == mark and wish.pressed == "desk-beat":
        return _NOTHING
    listed, top, detail, side, fresh = alarms.drawn(source, board, wish.number)
    return listed, top, detail, side, fresh, said, "" if done else no_update


def _done(wish: _Wish) -> tuple[str, bool]:
    """Do it and say so, or say why not."""
    who = caller.current()
    if who.role != SEAT or who.is_program:
        return "只有值守席位可以操作。", False
    if isinstance(wish.pressed, dict):
        return _tried(lambda: _back(str(wish.pressed.get("of")), who.name))
    chosen = reading.board(data()).find(wish.number)
    if chosen is None or not chosen.is_on:
        return "这条告警已经解除，不能再改。", False
    if wish.pressed == "desk-ack":
        return _tried(lambda: acknowledged(chosen, who.name))
    if wish.pressed == "desk-false":
        return _tried(lambda: _false(chosen, who.name, wish.reason))
    return _tried(lambda: _shelve(chosen, who.name, wish))


def acknowledged(chosen: Alarm, by: str) -> str:
    """Acknowledge by name; who was second is told who was first."""
    done = rows.acknowledge(data().store, chosen.id, by, clock.now())
    at = alarm_words.local(done.acknowledged_at) if done.acknowledged_at else clock.local()
    first = "" if done.acknowledged_by == by else f"{done.acknowledged_by} 已先"
    return f"{first}确认 {alarm_words.number(done)}，{at:%H:%M:%S}。"


def _false(chosen: Alarm, by: str, reason: str) -> str:
    rows.mark_false(data().store, chosen.id, by, reason, clock.now())
    return f"{alarm_words.number(chosen)} 已标为误报，水位回落前一直列在下方。"


def _shelve(chosen: Alarm, by: str, wish: _Wish) -> str:
    if chosen.rank <= 2:
        raise NotAllowed("停用", "Ⅰ、Ⅱ 级告警不可停用", "Ⅲ、Ⅳ 级")
    if wish.until not in alarms.ENDS:
        raise NotAllowed("停用", "请选截止时间", "、".join(alarms.ENDS.values()))
    now = clock.now()
    until = now + timedelta(minutes=int(wish.until))
    rows.shelve(data().store, chosen.kind, chosen.subject, until, wish.reason, by, now)
    return f"已停用至 {alarm_words.local(until):%H:%M}。"


def _back(of: str, by: str) -> str:
    kind, _, subject = of.partition(":")
    if kind not in KINDS or not rows.unshelve(data().store, kind, subject, by, clock.now()):
        return "它已经不在停用中。"
    return "已恢复。"


def _tried(do: Callable[[], str]) -> tuple[str, bool]:
    try:
        return do(), True
    except NotAllowed as error:
        return refused(error), False
    except NotKnown:
        return "没有这条告警。", False
    except (Busy, CaseError):
        return "没有存上，请再试一次。", False


def refused(error: NotAllowed) -> str:
    """Why not, and what would do, in one sentence."""
    why = str(error).partition("; allowed")[0].replace(": ", "：", 1)
    return f"{why}（{error.allowed}）。" if error.allowed else f"{why}。"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
