"""The second factor at the door: asked after the password, and taken into use by its owner."""

from __future__ import annotations

import base64
import html
import io
from typing import Any

import segno
from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cases import attempts, factor, half_logins, sealing, users
from cases.store import Store
from config.site import load_site
from dashboard.gate import caller, page
from dashboard.gate.desk import Desk, desk, form_fields, wait_words
from dashboard.gate.identity import Identity, cookie_of

ASKED, ENROLLING = "factor", "enrol"
ASKED_S, ENROLLING_S = 300, 900
_WRONG = "动态码不正确，或已用过。请等下一个动态码再试。"
_TOO_LATE = "登录已超过 5 分钟，请重新登录。"


def ask(store: Store, identity: Identity, user: users.User, following: str) -> Response:
    """The password was right: on to the second question, without a session yet."""
    half_id = half_logins.begin(
        store, ASKED, ASKED_S, user.id, {"name": user.name, "next": following}
    )
    answer = RedirectResponse("/login/factor", 303)
    answer.headers["set-cookie"] = identity.half_cookie(half_id, ASKED_S)
    return answer


def router(store: Store, identity: Identity) -> APIRouter:
    """The addresses of the second factor."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/login/factor")
    async def question() -> Response:
        return HTMLResponse(page.factor())

    @routes.post("/login/factor")
    async def answer(request: Request) -> Response:
        half_id = cookie_of(request.headers, identity.half_name) or ""
        fields = await form_fields(request)
        visitor = desk(store, request)
        given = fields.get("code", "")[:40]
        return await to_thread.run_sync(_enter, visitor, identity, half_id, given)

    @routes.get("/factor")
    async def enrolment() -> Response:
        return await to_thread.run_sync(_offer, store, caller.current(), "")

    @routes.post("/factor")
    async def enrol(request: Request) -> Response:
        fields = await form_fields(request)
        given = (fields.get("half", "")[:64], fields.get("code", "")[:40])
        return await to_thread.run_sync(_enrol, desk(store, request), caller.current(), *given)

    return routes


def _enter(visitor: Desk, identity: Identity, half_id: str, given: str) -> Response:
    half = half_logins.find(visitor.store, ASKED, half_id)
    if half is None:
        return HTMLResponse(page.login(_TOO_LATE), 401)
    name = str(half["name"])
    wait = attempts.take(visitor.store, (f"factor:{name}",))
    if wait:
        headers = {"retry-after": str(round(wait + 0.5))}
        return HTMLResponse(page.factor(wait_words(wait)), 429, headers)
    how = factor.confirm(visitor.store, name, given)
    if not how or half_logins.take(visitor.store, ASKED, half_id) is None:
        visitor.note("factor", name, "-", "refused")
        return HTMLResponse(page.factor(_WRONG), 401)
    attempts.forget(visitor.store, f"factor:{name}")
    user = users.find(visitor.store, name)
    session_id = visitor.open(user, None, {"factor": how})
    answer = RedirectResponse(str(half["next"]) or "/", 303)
    answer.raw_headers.append((b"set-cookie", identity.set_cookie(session_id, user.role).encode()))
    answer.raw_headers.append((b"set-cookie", identity.half_cookie("", 0).encode()))
    return answer


def _offer(store: Store, who: caller.Caller, message: str) -> Response:
    """A new secret as a QR code, drawn here; it counts once a code of it was given back."""
    user = users.find(store, who.name)
    if user.has_factor:
        left = factor.spare_left(store, who.name)
        return HTMLResponse(page.factor_in_use(left))
    secret = factor.new_secret()
    sealed = base64.b64encode(sealing.seal(factor.KEY_FILE, secret.encode(), who.name.encode()))
    half_id = half_logins.begin(
        store, ENROLLING, ENROLLING_S, user.id, {"name": who.name, "secret": sealed.decode()}
    )
    picture = qr(factor.address(who.name, load_site().name, secret))
    return HTMLResponse(
        page.enrol(picture, secret, half_id, message, demanded=user.role == "admin"),
        400 if message else 200,
    )


def _enrol(visitor: Desk, who: caller.Caller, half_id: str, given: str) -> Response:
    half: dict[str, Any] | None = half_logins.take(visitor.store, ENROLLING, half_id)
    if half is None or half["name"] != who.name:
        return _offer(visitor.store, who, "已超过 15 分钟，请扫描新的二维码。")
    sealed = base64.b64decode(half["secret"])
    secret = sealing.unseal(factor.KEY_FILE, sealed, who.name.encode()).decode()
    spare = factor.enrol(visitor.store, who.name, secret, given)
    if not spare:
        return _offer(visitor.store, who, "动态码不符，请扫描新的二维码再试。")
    visitor.note("factor_enrol", who.name, who.role, "ok")
    return HTMLResponse(page.spare_codes(spare))


def qr(text: str) -> str:
    """A QR code as SVG inside the page: nothing is fetched, nothing leaves the machine."""
    out = io.BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", scale=5, border=4, xmldecl=False, svgns=True, title=html.escape("二维码")
    )
    return out.getvalue().decode()
