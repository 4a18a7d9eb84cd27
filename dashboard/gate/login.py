"""In and out: login, logout, and the sign of life of a person at a page."""

from __future__ import annotations

import re

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cases import audit, sessions, users
from cases.store import Store
from dashboard.gate import caller, page, place, second
from dashboard.gate.desk import BUSY_WORDS, WAITING, desk, form_fields, wait_words
from dashboard.gate.identity import Identity
from dashboard.gate.refusal import Refused

_INSIDE = re.compile(r"/(?![/\\])[A-Za-z0-9._~@+=,:/-]*(\?[^\s\\#]*)?")
_WRONG = "用户名或密码不正确。"
HOME = {"wall": "/wall", "auditor": "/admin/audit"}


def router(store: Store, identity: Identity) -> APIRouter:
    """The addresses of coming and going."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/login")
    async def form(request: Request) -> Response:
        following = inside(request.query_params.get("next", ""))
        at_desk = await to_thread.run_sync(_at_desk, store, identity, request)
        return HTMLResponse(page.login(following=following, at_desk=at_desk))

    @routes.get("/login/known")
    async def known(request: Request) -> Response:
        """Tell the login page, in words no console shows as an error, that it is not needed."""
        who = await identity.of(request.headers, "-")
        return Response("yes" if who and who.session else "no", media_type="text/plain")

    @routes.post("/login")
    async def login(request: Request) -> Response:
        return await enter(store, identity, request)

    @routes.post("/logout")
    async def logout(request: Request) -> Response:
        who = caller.current()
        session_id = identity.session_id(request.headers)
        if session_id:
            await to_thread.run_sync(sessions.end, store, session_id)
        entry = audit.Entry("logout", who.name, who.name, who.role, who.address)
        await to_thread.run_sync(audit.record, store, entry)
        answer = RedirectResponse("/login", 303)
        answer.headers["set-cookie"] = identity.drop_cookie()
        if who.session is not None and who.role in place.ROLES:
            kept = await to_thread.run_sync(place.mark, who.session.user_id)
            answer.headers.append("set-cookie", identity.desk_cookie(kept))
        return answer

    @routes.post("/session/seen")
    async def seen(request: Request) -> Response:
        """Keep the session; say in words, no console shows as an error, that there is none."""
        who = await identity.of(request.headers, "-")
        if who is None or who.session is None:
            return Response("no", media_type="text/plain")
        await to_thread.run_sync(sessions.touch, store, who.session)
        return Response(status_code=204)

    return routes


async def enter(store: Store, identity: Identity, request: Request) -> Response:
    """Answer a posted login: in with a new session, or the form again with the reason."""
    fields = await form_fields(request)
    visitor = desk(store, request)
    name = fields.get("username", "").strip().lower()[:64]
    following = inside(fields.get("next", ""))
    try:
        with WAITING.place("login"):
            user, wait = await to_thread.run_sync(visitor.check, name, fields.get("password", ""))
    except Refused:
        return HTMLResponse(page.login(BUSY_WORDS, name, following), 503, {"retry-after": "2"})
    if wait:
        at_desk = await to_thread.run_sync(_at_desk, store, identity, request)
        said = page.login(wait_words(wait), name, following, at_desk=at_desk)
        return HTMLResponse(said, 429, {"retry-after": str(round(wait + 0.5))})
    if user is None:
        return HTMLResponse(page.login(_WRONG, name, following), 401)
    former = identity.session_id(request.headers)
    if user.has_factor:
        if former:
            await to_thread.run_sync(sessions.end, store, former)
        return await to_thread.run_sync(second.ask, store, identity, user, target(user, following))
    session_id = await to_thread.run_sync(visitor.open, user, former)
    answer = RedirectResponse(target(user, following), 303)
    answer.headers["set-cookie"] = identity.set_cookie(session_id, user.role)
    return answer


def _at_desk(store: Store, identity: Identity, request: Request) -> bool:
    """Whether alarms may be acknowledged by name here, without a login."""
    return bool(place.found(store, identity, request.headers, caller.current().address))


def inside(address: str) -> str:
    """An address of our own, or nothing: the login never leads anywhere else."""
    return address if len(address) <= 1000 and _INSIDE.fullmatch(address) else ""


def target(user: users.User, following: str) -> str:
    """Where to after the login: the wall's screen only to the wall."""
    home = HOME.get(user.role, "/")
    if user.role == "wall":
        return following if following.partition("?")[0] == "/wall" else home
    return following or home
