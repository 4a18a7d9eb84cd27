"""Login at the site's identity provider: authorization code with PKCE, state and nonce.

The provider says who it is; whether there is such an account and what it may do is ours alone.
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

import structlog
from anyio import to_thread
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import APIRouter, Request
from starlette.datastructures import QueryParams
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cases import attempts, half_logins, outside_logins, sessions
from cases.store import Store
from dashboard.gate import id_token, page, second
from dashboard.gate.crowd import Crowd
from dashboard.gate.desk import BUSY_WORDS, SHORT_WAIT_S, Desk, desk, wait_words
from dashboard.gate.id_token import NotBelieved
from dashboard.gate.identity import Identity, cookie_of
from dashboard.gate.login import inside, target
from dashboard.gate.provider import Asking, Away
from dashboard.gate.refusal import Refused

log = structlog.get_logger(__name__)
KIND, KEPT_S = "oidc", 600
START, BACK = "/login/oidc", "/login/oidc/back"
WAITING = Crowd(in_all=8, for_each=8)  # apart from passwords: a slow provider keeps nobody out
_LONGEST = 2048
_AWAY = "统一身份认证暂时不能用，请稍后再试。"
_NOT_BELIEVED = "统一身份认证没有通过，请重新登录。"
_NOBODY = "本系统没有为您开通账号，或账号已停用，请联系系统管理员。"


def router(store: Store, identity: Identity, asking: Asking) -> APIRouter:
    """The way to the provider and the way back."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(START)
    async def start(request: Request) -> Response:
        return await _guarded(_start, store, identity, asking, request)

    @routes.get(BACK)
    async def back(request: Request) -> Response:
        return await _guarded(_back, store, identity, asking, request)

    return routes


async def _guarded(
    step: Any, store: Store, identity: Identity, asking: Asking, request: Request
) -> Response:
    """One step, in one of few places; a provider that is away is one sentence on the form."""
    visitor = desk(store, request)
    try:
        with WAITING.place("oidc"):
            answer: Response = await to_thread.run_sync(step, visitor, identity, asking, request)
            return answer
    except Refused:
        return HTMLResponse(page.login(BUSY_WORDS), 503, {"retry-after": "2"})
    except Away as away:
        log.warning("identity_provider_away", cause=str(away))
        await to_thread.run_sync(_refuse, visitor, "-", "provider away")
        return HTMLResponse(page.login(_AWAY), 503, {"retry-after": "30"})
    except NotBelieved as doubt:
        log.warning("identity_provider_not_believed", cause=str(doubt), address=visitor.address)
        await to_thread.run_sync(_refuse, visitor, "-", str(doubt)[:200])
        answer = HTMLResponse(page.login(_NOT_BELIEVED), 401)
        answer.headers["set-cookie"] = identity.half_cookie("", 0)
        return answer


def _start(visitor: Desk, identity: Identity, asking: Asking, request: Request) -> Response:
    """To the provider; what the way back must show is kept here, the browser gets a random id."""
    wait = attempts.take(visitor.store, (f"oidc:{visitor.address}",), longest=SHORT_WAIT_S)
    if wait:
        headers = {"retry-after": str(round(wait + 0.5))}
        return HTMLResponse(page.login(wait_words(wait)), 429, headers)
    offer = asking.offer()
    former = identity.session_id(request.headers)
    session = sessions.find(visitor.store, former) if former else None
    detail = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
        "back": identity.origins.own(request.headers) + BACK,
        "next": inside(request.query_params.get("next", "")),
        # the way back is a link from another site, on which the session's cookie does not come
        "former": session.id_hash if session else "",
    }
    half_id = half_logins.begin(visitor.store, KIND, KEPT_S, None, detail)
    params = {
        "response_type": "code",
        "client_id": asking.provider.client_id,
        "redirect_uri": detail["back"],
        "scope": "openid profile",
        "state": detail["state"],
        "nonce": detail["nonce"],
        "code_challenge": create_s256_code_challenge(detail["verifier"]),
        "code_challenge_method": "S256",
    }
    answer = RedirectResponse(add_params_to_uri(offer.authorization, [*params.items()]), 303)
    answer.headers["set-cookie"] = identity.half_cookie(half_id, KEPT_S)
    return answer


def _back(visitor: Desk, identity: Identity, asking: Asking, request: Request) -> Response:
    """In with a new session, once, if everything fits the login that this browser began."""
    store, provider = visitor.store, asking.provider
    half_id = cookie_of(request.headers, identity.half_name) or ""
    half = half_logins.take(store, KIND, half_id)
    if half is None:
        raise NotBelieved("no login was begun in this browser, or it is over")
    code = _code(request.query_params, half["state"], provider.issuer)
    offer = asking.offer()
    token = asking.id_token(offer, code, half["verifier"], half["back"])
    said = id_token.read(token, asking.keys(offer), provider, half["nonce"])
    user = outside_logins.owner(store, provider.issuer, said.subject, said.name)
    if user is None:
        _refuse(visitor, said.name or "-", "no open account")
        return HTMLResponse(page.login(_NOBODY), 403, {"set-cookie": identity.half_cookie("", 0)})
    attempts.forget(store, f"oidc:{visitor.address}")
    following = target(user, half["next"])
    if half["former"]:
        sessions.end_one(store, half["former"])
    if user.has_factor:
        return second.ask(store, identity, user, following)
    session_id = visitor.open(user, None, {"by": "oidc"})
    # a page that goes on by itself: after a redirect from another site browsers would keep the
    # strict cookie to themselves and ask for the login again
    answer = HTMLResponse(page.onward(following))
    for cookie in (identity.set_cookie(session_id, user.role), identity.half_cookie("", 0)):
        answer.raw_headers.append((b"set-cookie", cookie.encode()))
    return answer


def _code(query: QueryParams, state: str, issuer: str) -> str:
    """The code of an answer that belongs to this login; NotBelieved says what does not fit."""
    given = {name: query.getlist(name) for name in ("state", "code", "iss", "error")}
    states, codes = given["state"], given["code"]
    if len(states) != 1 or not secrets.compare_digest(states[0].encode(), state.encode()):
        raise NotBelieved("state is not that of this login")
    if given["error"]:
        raise NotBelieved("the provider answered " + quote(given["error"][0][:40]))
    if given["iss"] not in ([], [issuer]):  # RFC 9207
        raise NotBelieved("the answer names another issuer")
    if len(codes) != 1 or not 0 < len(codes[0]) <= _LONGEST:
        raise NotBelieved("the answer holds no code")
    return codes[0]


def _refuse(visitor: Desk, name: str, why: str) -> None:
    visitor.note("login", name, "-", "refused", {"by": "oidc", "why": why})
