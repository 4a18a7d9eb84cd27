"""A person changes the own password; afterwards only the session that did it goes on."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cases import users
from cases.store import Store
from dashboard.gate import caller, page
from dashboard.gate.desk import BUSY_WORDS, WAITING, desk, form_fields
from dashboard.gate.identity import Identity
from dashboard.gate.refusal import Refused


def router(store: Store, identity: Identity) -> APIRouter:
    """The address of the password form."""
    routes = APIRouter(prefix="/password", include_in_schema=False)

    @routes.get("")
    async def form() -> Response:
        user = await to_thread.run_sync(users.find, store, caller.current().name)
        return HTMLResponse(
            page.password(expired=user.password_expired(), one_time=user.must_change)
        )

    @routes.post("")
    async def change(request: Request) -> Response:
        fields = await form_fields(request)
        visitor, name = desk(store, request), caller.current().name
        try:
            with WAITING.place("login"):
                user, reason = await to_thread.run_sync(visitor.change, name, fields)
        except Refused:
            return HTMLResponse(page.password(BUSY_WORDS), 503, {"retry-after": "2"})
        if user is None:
            return HTMLResponse(page.password(reason), 400)
        session_id = await to_thread.run_sync(visitor.open, user, None)
        answer = RedirectResponse("/", 303)
        answer.headers["set-cookie"] = identity.set_cookie(session_id, user.role)
        return answer

    return routes
