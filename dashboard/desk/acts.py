"""What the buttons of the alarms' desk do, by name; the gate has checked the role before.

A press and the beat are two callbacks: Dash forgets the answer of one that is asked again before it
has come, and the beat asks every two seconds. The browser hands a press over as one wish, and asks
for a beat when it is answered. Neither reads what the other writes: Dash would let it wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from dash import Dash, Input, Output, State, html, no_update

from cases import alarms as rows
from cases.alarm import FALSE_ALARM, KINDS, POST, TEAM, Alarm
from cases.errors import Busy, CaseError, NotAllowed, NotKnown
from config import clock
from dashboard import alarm_words
from dashboard.desk import alarms, own_posts, reading
from dashboard.gate import caller
from dashboard.gate.rules import SEAT, UNIT
from dashboard.pages.marks import attrs
from dashboard.pages.state import parse
from dashboard.source import data

PRESSED: Final = "..desk-said.children...desk-reason.value.."
DRAWN: Final = (
    "..desk-list.children...desk-top.children...desk-detail.children...desk-side.children"
    "...desk-mark.data.."
)
_ROLES: Final = alarms.ROLES_OF_PAGE | own_posts.ROLES_OF_PAGE
CALLBACKS: Final = {PRESSED: _ROLES, DRAWN: _ROLES}
_NOT_YOURS: Final = "只有值守席位可以操作。"


def register(app: Dash) -> None:
    """The two callbacks of the desk: what a press does, and what stands there."""

    @app.callback(
        Output("desk-said", "children"),
        Output("desk-reason", "value"),
        Input("desk-wish", "data"),
        State("desk-reason", "value"),
        State("desk-until", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    async def act(pressed: Any, reason: Any, until: Any, search: Any) -> Any:
        if not isinstance(pressed, dict):
            return no_update, no_update
        wish = _Wish(_text(pressed.get("do")), _text(reason), _text(until), _text(search))
        said, done = await asyncio.to_thread(_done, wish)
        words = html.Span(said, **attrs({"data-wish": str(pressed.get("at"))}))
        return words, "" if done else no_update

    @app.callback(
        Output("desk-list", "children"),
        Output("desk-top", "children"),
        Output("desk-detail", "children"),
        Output("desk-side", "children"),
        Output("desk-mark", "data"),
        Input("desk-beat", "n_intervals"),
        State("desk-mark", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    async def follow(_count: Any, mark: Any, search: Any) -> Any:
        return await asyncio.to_thread(_drawn, _text(search), mark)


class _Wish:
    """What was pressed, with what stands in the form and in the address."""

    def __init__(self, do: str, reason: str, until: str, search: str) -> None:
        self.do, self.reason, self.until = do, reason, until
        self.number = parse(alarms.PATH, search).get("no")


def _drawn(search: str, mark: Any) -> Any:
    source = data()
    board = reading.board(source)
    number = parse(alarms.PATH, search).get("no")
    if mark == [board.version, f"{board.now:%H:%M}", number]:
        return (no_update,) * 5
    if caller.current().role == UNIT:
        return own_posts.drawn(board, caller.current().right, number)
    return alarms.drawn(source, board, number)


def _done(wish: _Wish) -> tuple[str, bool]:
    """Do it and say so, or say why not."""
    who = caller.current()
    if who.is_program or who.role not in _ROLES:
        return _NOT_YOURS, False
    kind, _, about = wish.do.partition(":")
    if not _may(who, kind, about):
        return _NOT_YOURS, False
    if kind == "back":
        return _tried(lambda: _back(about, who.name))
    board = reading.board(data())
    chosen = board.find(wish.number)
    if kind == own_posts.NOTICED:  # the row says which alarm; no other is meant
        number, _, about = about.partition(":")
        kind, chosen = POST, next((one for one in board.open if str(one.id) == number), None)
    if chosen is None or not chosen.is_on:
        return "这条告警已经解除，不能再改。", False
    if kind == "judge" and not chosen.is_called_false:
        return "这条误报已经复核过了。", False
    do = _PRESSED.get(kind)
    waits = any((one.kind, one.name) == (kind, about) for one in chosen.awaited)
    if do is None or (kind in (POST, TEAM) and not waits):
        return "没有这个操作。", False
    return _tried(lambda: do(chosen, who.name, wish, about))


def _may(who: caller.Caller, kind: str, about: str) -> bool:
    """A seat does everything here; others answer for posts of their own, leaders judge 误报."""
    if who.role == SEAT:
        return True
    if kind == own_posts.NOTICED:
        return who.right.answers(about.partition(":")[2])
    if who.role == UNIT:
        return False
    return kind == "judge" or (kind == POST and who.right.answers(about))


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
    if wish.until not in alarms.ENDS:
        raise NotAllowed("停用", "请选截止时间", "、".join(alarms.ENDS.values()))
    now = clock.now()
    until = now + timedelta(minutes=int(wish.until))
    rows.shelve(data().store, chosen.kind, chosen.subject, until, wish.reason, by, now)
    return f"已停用至 {alarm_words.local(until):%H:%M}。"


_PRESSED: Final[Mapping[str, Callable[[Alarm, str, _Wish, str], str]]] = {
    "ack": _acknowledge,
    "false": _false,
    "shelve": _shelve,
    POST: _answered,
    TEAM: _sent,
    "judge": _judged,
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
