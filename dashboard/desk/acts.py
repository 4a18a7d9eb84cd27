"""What the buttons of the alarms' desk do, by name; the gate has checked the role before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from cases import alarms as rows
from cases.alarm import FALSE_ALARM, KINDS, POST, TEAM, Alarm, Awaited
from cases.errors import Busy, CaseError, NotAllowed, NotKnown
from config import clock
from dashboard import alarm_words
from dashboard.desk import alarms, awaited, reading
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
_LEADERS: Final = awaited.word_of(Awaited(POST, awaited.LEADERS_POST, 0))
_NOT_YOURS: Final = "只有值守席位可以操作。"


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
        Input({"type": awaited.DO, "of": ALL}, "n_clicks"),
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
    if who.is_program or who.role not in alarms.ROLES_OF_PAGE:
        return _NOT_YOURS, False
    of = str(wish.pressed.get("of")) if isinstance(wish.pressed, dict) else ""
    kind, _, about = of.partition(":")
    if who.role != SEAT and not (kind == "false" or of == _LEADERS):
        return _NOT_YOURS, False
    if kind == "back":
        return _tried(lambda: _back(about, who.name))
    chosen = reading.board(data()).find(wish.number)
    if chosen is None or not chosen.is_on:
        return "这条告警已经解除，不能再改。", False
    if kind == "false" and not chosen.is_called_false:
        return "这条误报已经复核过了。", False
    do = _PRESSED.get(kind or str(wish.pressed))
    if kind in (POST, TEAM):
        about = awaited.named(chosen, of)
    if do is None or (kind and not about):
        return "没有这个操作。", False
    return _tried(lambda: do(chosen, who.name, wish, about))


def acknowledged(chosen: Alarm, by: str) -> str:
    """Acknowledge by name; who was second is told who was first."""
    done = rows.acknowledge(data().store, chosen.id, by, clock.now())
    at = alarm_words.local(done.acknowledged_at) if done.acknowledged_at else clock.local()
    first = "" if done.acknowledged_by == by else f"{done.acknowledged_by} 已先"
    return f"{first}确认 {alarm_words.number(done)}，{at:%H:%M:%S}。"


def _acknowledge(chosen: Alarm, by: str, _wish: _Wish, _about: str) -> str:
    return acknowledged(chosen, by)


def _answered(chosen: Alarm, by: str, wish: _Wish, post: str) -> str:
    done = rows.answer(data().store, chosen.id, post, by, wish.reason, clock.now())
    return _noted(done, POST, post, by)


def _sent(chosen: Alarm, by: str, wish: _Wish, team: str) -> str:
    done = rows.send_team(data().store, chosen.id, team, by, wish.reason, clock.now())
    return _noted(done, TEAM, team, by)


def _noted(done: Alarm, kind: str, name: str, by: str) -> str:
    """What stands in the row now; who was second is told who was first."""
    one = next(each for each in done.awaited if (each.kind, each.name) == (kind, name))
    at = alarm_words.local(one.at) if one.at else clock.local()
    first = "" if one.by_name == by else f"{one.by_name} 已先记："
    return f"{first}{name} {'已知悉' if kind == POST else '已出动'}，{at:%H:%M:%S}。"


def _judged(chosen: Alarm, by: str, wish: _Wish, answer: str) -> str:
    """What a second person says of 误报; the first one takes it back by a no."""
    if answer == "yes":
        return _false(chosen, by, wish, "")
    rows.refuse_false(data().store, chosen.id, by, wish.reason, clock.now())
    return f"{alarm_words.number(chosen)} 不是误报，告警照常。"


def _false(chosen: Alarm, by: str, wish: _Wish, _about: str) -> str:
    done = rows.mark_false(data().store, chosen.id, by, wish.reason, clock.now())
    number = alarm_words.number(chosen)
    if done.state == FALSE_ALARM:
        return f"{number} 已标为误报，水位回落前一直列在下方。"
    return f"{number} 已提出误报，请另一人复核；在此之前告警照常。"


def _shelve(chosen: Alarm, by: str, wish: _Wish, _about: str) -> str:
    if chosen.rank <= 2:
        raise NotAllowed("停用", "Ⅰ、Ⅱ 级告警不可停用", "Ⅲ、Ⅳ 级")
    if wish.until not in alarms.ENDS:
        raise NotAllowed("停用", "请选截止时间", "、".join(alarms.ENDS.values()))
    now = clock.now()
    until = now + timedelta(minutes=int(wish.until))
    rows.shelve(data().store, chosen.kind, chosen.subject, until, wish.reason, by, now)
    return f"已停用至 {alarm_words.local(until):%H:%M}。"


_PRESSED: Final[Mapping[str, Callable[[Alarm, str, _Wish, str], str]]] = {
    "desk-ack": _acknowledge,
    "desk-false": _false,
    "desk-shelve": _shelve,
    "post": _answered,
    "team": _sent,
    "false": _judged,
}


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
