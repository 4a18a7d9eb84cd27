"""The locked seat: what a desk shows once its session has fallen idle.

Counts by rank and the sound go on; nothing says where or what. It is there where a desk has stood:
in a browser whose session fell idle or was properly ended, and at an address where a seat has
logged in (place.py), so that a logout or a new browser keeps nobody from an alarm. Acknowledging
asks for name and password each time, only while something waits, and opens nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from cases import alarms
from cases.alarm import ACKNOWLEDGED, FALSE_ALARM, PENDING, RAISED, Alarm
from cases.errors import CaseError, NotAllowed, NotKnown
from cases.store import Store
from config import clock
from config.thresholds import load_thresholds
from dashboard import alarm_words
from dashboard.gate import caller, locked_page, place
from dashboard.gate.desk import BUSY_WORDS, CONFIRMING, desk, form_fields, wait_words
from dashboard.gate.identity import Identity
from dashboard.gate.refusal import Refused
from dashboard.source import data
from dashboard.wall.choosing import choose

log = structlog.get_logger(__name__)
PATH, STATE = "/desk/locked", "/desk/locked/state"
_WRONG = "用户名或密码不正确，或不是值守席位的账号。"


def router(store: Store, identity: Identity) -> APIRouter:
    """The addresses of the locked seat."""
    routes = APIRouter(include_in_schema=False)

    def knows(request: Request) -> str:
        return place.found(store, identity, request.headers, caller.current().address)

    @routes.get(PATH)
    async def page(request: Request) -> Response:
        if not await to_thread.run_sync(knows, request):
            return RedirectResponse("/login?next=/desk/alarms", 303)
        return HTMLResponse(locked_page.page(await to_thread.run_sync(standing, store)))

    @routes.get(STATE)
    async def state(request: Request) -> Response:
        if not await to_thread.run_sync(knows, request):
            return JSONResponse({"known": False})
        return JSONResponse(locked_page.told(await to_thread.run_sync(standing, store)))

    @routes.post(PATH)
    async def acknowledge(request: Request) -> Response:
        known = await to_thread.run_sync(knows, request)
        if not known:
            return RedirectResponse("/login?next=/desk/alarms", 303)
        return await _confirm(store, request, known)

    return routes


async def _confirm(store: Store, request: Request, known: str) -> Response:
    """Acknowledge for whoever proves to be a seat, or the page again with the reason."""
    fields = await form_fields(request)
    visitor = desk(store, request)
    name, number = fields.get("username", "").strip().lower()[:64], fields.get("alarm", "")
    gone = await to_thread.run_sync(_not_waiting, store, number)
    if gone:  # no password is looked at
        return await _again(store, gone, name, 409)
    try:
        with CONFIRMING.place(known):
            user, wait = await to_thread.run_sync(
                visitor.confirm, name, fields.get("password", ""), known
            )
    except Refused:
        return await _again(store, BUSY_WORDS, name, 503)
    if wait:
        return await _again(store, wait_words(wait), name, 429)
    if user is None:
        return await _again(store, _WRONG, name, 401)
    said = await to_thread.run_sync(_acknowledged, store, int(number), user.name)
    now = await to_thread.run_sync(standing, store)
    return HTMLResponse(locked_page.page(now, said=said))


_DONE = "这条告警已经解除或已有人处理。"


def standing(store: Store) -> locked_page.Standing:
    """What a locked seat may know: how many by rank, which wait, what is to be heard."""
    now = clock.now()
    on = alarms.open_alarms(store, now)
    chosen = choose(on, load_thresholds().alarms, now)
    waiting = tuple(one for one in on if one.is_loud)
    return locked_page.Standing(now, _counts(on), waiting, str(chosen.sound))


def _counts(on: Sequence[Alarm]) -> dict[int, tuple[int, int]]:
    """By rank: how many wait, how many are on; silent ones aside."""
    told = [
        one for one in on if one.shelved_until is None and one.state not in {PENDING, FALSE_ALARM}
    ]
    return {
        rank: (
            sum(1 for one in told if one.rank == rank and one.is_loud),
            sum(1 for one in told if one.rank == rank),
        )
        for rank in (1, 2, 3, 4)
    }


async def _again(store: Store, why: str, name: str, status: int) -> Response:
    now = await to_thread.run_sync(standing, store)
    return HTMLResponse(locked_page.page(now, wrong=why, name=name), status)


def _not_waiting(store: Store, number: str) -> str:
    """Why there is nothing to acknowledge under this number; empty where there is."""
    if not (number.isascii() and number.isdecimal()) or len(number) > 9:
        return "请选择一条告警。"
    try:
        found = alarms.alarm(store, int(number), clock.now())
    except NotKnown:
        return "没有这条告警。"
    return "" if found.is_on and found.state == RAISED else _DONE


def _acknowledged(store: Store, number: int, by: str) -> str:
    """Acknowledge by name; the answer names the subject, since its reader has said who they are."""
    try:
        done = alarms.acknowledge(store, number, by, clock.now())
    except NotAllowed:
        return _DONE
    except CaseError as error:
        log.warning("not_acknowledged", alarm=number, cause=str(error))
        return "没有存上，请再试一次。"
    source = data()
    subject = alarm_words.subject(done, source.thresholds, source.platforms)
    first = "" if done.acknowledged_by == by else f"{done.acknowledged_by} 已先"
    word = "确认" if done.state == ACKNOWLEDGED else alarm_words.state(done)
    return f"{by}：{first}{word} {alarm_words.number(done)} {subject} {alarm_words.limit(done)}。"
