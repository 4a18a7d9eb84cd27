"""The locked seat: what a desk shows once its session has fallen idle.

Counts by rank and the sound go on; nothing says where or what. A browser proves itself by the
session it had: fallen idle or over, never ended by a logout, an administrator or a shut account.
Acknowledging asks for name and password each time and opens nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from cases import alarms, sessions
from cases.alarm import ACKNOWLEDGED, FALSE_ALARM, PENDING, Alarm
from cases.errors import CaseError, NotAllowed, NotKnown
from cases.store import Store
from config import clock
from config.thresholds import load_thresholds
from dashboard import alarm_words
from dashboard.gate import locked_page
from dashboard.gate.desk import BUSY_WORDS, WAITING, desk, form_fields, wait_words
from dashboard.gate.identity import Identity
from dashboard.gate.refusal import Refused
from dashboard.source import data
from dashboard.wall.choosing import choose

log = structlog.get_logger(__name__)
PATH, STATE = "/desk/locked", "/desk/locked/state"
ROLES = frozenset({"seat", "leader"})
_WRONG = "用户名或密码不正确。"


def router(store: Store, identity: Identity) -> APIRouter:
    """The addresses of the locked seat."""
    routes = APIRouter(include_in_schema=False)

    def knows(request: Request) -> bool:
        session_id = identity.session_id(request.headers)
        return session_id is not None and sessions.was(store, session_id) in ROLES

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
        if not await to_thread.run_sync(knows, request):
            return RedirectResponse("/login?next=/desk/alarms", 303)
        return await _confirm(store, request)

    return routes


async def _confirm(store: Store, request: Request) -> Response:
    """Acknowledge for whoever proves to be a seat, or the page again with the reason."""
    fields = await form_fields(request)
    visitor = desk(store, request)
    name = fields.get("username", "").strip().lower()[:64]
    try:
        with WAITING.place("confirm"):
            user, wait = await to_thread.run_sync(visitor.confirm, name, fields.get("password", ""))
    except Refused:
        return await _again(store, BUSY_WORDS, name, 503)
    if wait:
        return await _again(store, wait_words(wait), name, 429)
    if user is None:
        return await _again(store, _WRONG, name, 401)
    if user.role != "seat":
        return await _again(store, "只有值守席位可以确认告警。", name, 403)
    said = await to_thread.run_sync(_acknowledged, store, fields.get("alarm", ""), user.name)
    now = await to_thread.run_sync(standing, store)
    return HTMLResponse(locked_page.page(now, said=said))


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


def _acknowledged(store: Store, number: str, by: str) -> str:
    """Acknowledge by name; the answer names the subject, since its reader has said who they are."""
    if not number.isdecimal() or len(number) > 9:
        return "请选择一条告警。"
    try:
        done = alarms.acknowledge(store, int(number), by, clock.now())
    except NotKnown:
        return "没有这条告警。"
    except NotAllowed:
        return "这条告警已经解除或已有人处理。"
    except CaseError as error:
        log.warning("not_acknowledged", alarm=number, cause=str(error))
        return "没有存上，请再试一次。"
    source = data()
    subject = alarm_words.subject(done, source.thresholds, source.platforms)
    first = "" if done.acknowledged_by == by else f"{done.acknowledged_by} 已先"
    word = "确认" if done.state == ACKNOWLEDGED else alarm_words.state(done)
    return f"{by}：{first}{word} {alarm_words.number(done)} {subject} {alarm_words.limit(done)}。"
