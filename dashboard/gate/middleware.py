"""The gate: pure ASGI around HTTP and websockets, deny by default.

Order of the checks: spelling of the path, host, rule, identity, origin, role, room, body,
callback. Nothing reaches the app before all have passed.
"""

from __future__ import annotations

import time
from urllib.parse import quote

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.errors import CaseError
from cases.sessions import Session
from cases.store import real_now
from cases.users import PASSWORD_AGE
from dashboard.gate import bodies
from dashboard.gate.caller import NOBODY, Caller, asking
from dashboard.gate.crowd import Crowd
from dashboard.gate.headers import secure
from dashboard.gate.identity import Identity
from dashboard.gate.paths import is_plain
from dashboard.gate.refusal import Refused, answer
from dashboard.gate.rules import Rule, Rulebook
from dashboard.gate.sockets import GuardedSocket
from dashboard.gate.telemetry import Telemetry

log = structlog.get_logger(__name__)
_SAFE = frozenset({"GET"})
_BODYLESS = 8 * 1024
_WITH_EXPIRED_PASSWORD = frozenset({"/password", "/logout", "/session/seen"})
_WITHOUT_FACTOR = _WITH_EXPIRED_PASSWORD | {"/factor"}


class Gate:
    """Lets through what a rule allows to the one who asks; everything else ends here."""

    def __init__(
        self,
        app: ASGIApp,
        rules: Rulebook,
        identity: Identity,
        telemetry: Telemetry | None = None,
    ) -> None:
        self.app, self.rules, self.identity = app, rules, identity
        self.telemetry = telemetry or Telemetry()
        self.requests = Crowd(in_all=256, for_each=48)
        self.sockets = Crowd(in_all=256, for_each=24)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, one socket, or the server's start and stop."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        headers = Headers(scope=scope)
        rule = self.rules.rule(method, path, scope.get("query_string", b""))
        began, started = time.perf_counter(), False

        async def secured(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self.telemetry.answers.labels(str(message["status"])).inc()
                self.telemetry.seconds.observe(time.perf_counter() - began)
                cache = None if rule is None else rule.cache
                secure(
                    message,
                    self.rules.policy(path),
                    cache=cache,
                    tls=self.identity.origins.behind_tls,
                )
            await send(message)

        try:
            await self._admit(scope, headers, rule, receive, secured)
        except Refused as refused:
            await self._refuse(refused, scope, headers, rule, receive, secured)
        except CaseError as error:  # the store is held, away or not migrated
            log.warning("store_unavailable", path=path, cause=str(error))
            unavailable = Refused(503, headers={"retry-after": "1"})
            await self._refuse(unavailable, scope, headers, rule, receive, secured)
        except Exception:
            log.exception("request_failed", path=path, method=method)
            if not started:
                await self._refuse(Refused(500), scope, headers, rule, receive, secured)

    async def _admit(
        self, scope: Scope, headers: Headers, rule: Rule | None, receive: Receive, send: Send
    ) -> None:
        method, path = scope["method"], scope["path"]
        if not is_plain(scope):
            raise Refused(404)
        if not self.identity.origins.is_ours(headers):
            raise Refused(421)
        peer = (scope.get("client") or ("-", 0))[0]
        caller = await self._caller(scope, headers, rule, peer)
        if rule is None:
            raise self._no_rule(path, caller)
        if method not in _SAFE and not (caller and caller.is_program):
            self._demand_own_origin(headers)
        if not rule.is_public:
            caller = _demand_role(rule, caller)
            _demand_fresh_password(caller, path)
            _demand_factor(caller, path)
        who = caller or Caller(
            NOBODY.name, NOBODY.role, self.identity.origins.address(headers, peer)
        )
        key = f"address:{who.address}" if caller is None else who.key
        with self.requests.place(key), asking(who):
            await self.app(scope, await self._body(method, headers, rule, who, receive), send)

    async def _caller(
        self, scope: Scope, headers: Headers, rule: Rule | None, peer: str
    ) -> Caller | None:
        if rule is not None and rule.is_public:
            return None
        return await self.identity.of(headers, peer)

    def _no_rule(self, path: str, caller: Caller | None) -> Refused:
        methods = self.rules.methods(path)
        if methods and caller is None:
            return Refused(401)
        if methods:
            return Refused(405, headers={"allow": ", ".join(sorted(methods))})
        return Refused(404)

    def _demand_own_origin(self, headers: Headers) -> None:
        if not self.identity.origins.same_origin(headers):
            raise Refused(403, "请求不是从本系统的页面发出的", code="cross_site")

    async def _body(
        self, method: str, headers: Headers, rule: Rule, who: Caller, receive: Receive
    ) -> Receive:
        if method in _SAFE:
            declared = headers.get("content-length", "0")
            if not declared.isdigit() or int(declared[:12]) > _BODYLESS:
                raise Refused(413, headers={"connection": "close"})
            return bodies.replay(b"", receive)
        body = await bodies.read(receive, headers, rule.limit)
        if rule.calls is not None:
            if not headers.get("content-type", "").lower().startswith("application/json"):
                raise Refused(415)
            rule.calls.check_post(body, who)
        return bodies.replay(body, receive)

    async def _refuse(
        self,
        refused: Refused,
        scope: Scope,
        headers: Headers,
        rule: Rule | None,
        receive: Receive,
        send: Send,
    ) -> None:
        is_page = rule is not None and rule.is_page
        if refused.status == 401 and is_page and scope["method"] == "GET":
            refused = Refused(303, headers={"location": login_address(scope)})
        elif refused.status == 401 and "authorization" in headers:
            refused.headers["www-authenticate"] = "Bearer"
        for_person = "text/html" in headers.get("accept", "")
        await answer(refused, for_person=for_person)(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        rule = self.rules.sockets.get(scope["path"])
        peer = (scope.get("client") or ("-", 0))[0]
        origins = self.identity.origins
        refusal = {"type": "websocket.close", "code": 4003, "reason": ""}
        if (
            rule is None
            or not is_plain(scope)
            or not origins.is_ours(headers)
            or not origins.same_origin_socket(headers)
        ):
            await send(refusal)
            return
        try:
            caller = await self.identity.of(headers, peer)
        except CaseError:
            caller = None
        if caller is None or caller.is_program or caller.role not in rule.roles:
            await send(refusal)
            return

        async def is_valid() -> bool:
            return await self.identity.of(headers, peer) is not None

        try:
            with (
                self.sockets.place(caller.key),
                self.telemetry.sockets.track_inprogress(),
                asking(caller),
            ):
                guarded = GuardedSocket(rule, caller, receive, send, is_valid)
                await guarded.run(self.app, scope)
        except Refused:
            await send(refusal)
        except Exception:
            log.exception("socket_failed", path=scope["path"])


def login_address(scope: Scope) -> str:
    """Where one enters and is led back: people by the login, the wall's screens by their key."""
    query = scope.get("query_string", b"").decode("latin-1")
    asked = f"?{query}" if query else ""
    if scope["path"] == "/wall":
        return f"/wall/pair{asked}"
    wanted = scope["path"] + asked
    return "/login" if wanted == "/" else "/login?next=" + quote(wanted, safe="/")


def _demand_role(rule: Rule, caller: Caller | None) -> Caller:
    if caller is None:
        raise Refused(401)
    if caller.role not in (rule.programs if caller.is_program else rule.roles):
        raise Refused(403)
    return caller


def _demand_fresh_password(caller: Caller, path: str) -> None:
    if caller.session and _is_old(caller.session) and path not in _WITH_EXPIRED_PASSWORD:
        raise Refused(303, headers={"location": "/password"})


def _demand_factor(caller: Caller, path: str) -> None:
    """An administrator does nothing before the second factor is in use."""
    session = caller.session
    lacks = session is not None and session.role == "admin" and not session.has_factor
    if lacks and path not in _WITHOUT_FACTOR:
        raise Refused(303, headers={"location": "/factor"})


def _is_old(session: Session) -> bool:
    old = real_now() - session.password_at > PASSWORD_AGE
    has_own = session.role != "wall" and session.login_by == "own"  # else no password of ours
    return has_own and (old or session.must_change)


async def _lifespan(receive: Receive, send: Send) -> None:
    """Answered here: Dash would otherwise install a route that catches every path."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
