"""A district's interface on a loopback port: four ways to turn pages, five to ask who is there."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config import signature

SECRET = "a-secret-of-the-test"
CLIENT = "honglan:街道"


class District:
    """Records with `no`, `changed` and `version`; refuses whoever does not show who he is."""

    def __init__(self) -> None:
        self.records: list[dict] = []
        self.asked: list[dict] = []
        self.tokens: dict[str, float] = {}  # bearer tokens and when they end
        self.lives_s = 3600
        self.given = 0
        self.nonces: set[str] = set()
        self.before: Callable[[Request], Response | None] = lambda request: None

    def app(self) -> Starlette:
        """Paths are /<auth>/<paging>, and /token."""
        return Starlette(
            routes=[
                Route("/token", self.token, methods=["POST"]),
                Route("/{auth}/{page}", self.list, methods=["GET", "POST"]),
            ]
        )

    async def token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        pair = f"{form.get('client_id')}:{form.get('client_secret')}"
        basic = request.headers.get("Authorization", "")
        if basic.startswith("Basic "):
            quoted = dict(zip("ab", base64.b64decode(basic[6:]).decode().split(":"), strict=True))
            pair = ":".join(v for _, v in parse_qsl(f"a={quoted['a']}&b={quoted['b']}"))
        if pair != f"{CLIENT}:{SECRET}" or form["grant_type"] != "client_credentials":
            return JSONResponse({"error": "invalid_client"}, 401)
        self.given += 1
        token = f"token-{self.given}"
        self.tokens[token] = time.monotonic() + self.lives_s
        return JSONResponse({"access_token": token, "expires_in": self.lives_s})

    async def list(self, request: Request) -> Response:
        body = await request.body()
        odd = self.before(request)
        if odd is not None:
            return odd
        if not self.lets_in(request, body):
            return JSONResponse({"code": 401}, 401)
        query = json.loads(body) if body else dict(request.query_params)
        self.asked.append(query)
        since = query.get("since", "")
        found = [r for r in self.records if r["changed"] >= str(since)]
        if "version" in query:
            found = [r for r in self.records if int(r["version"]) > int(query["version"])]
        return self.page(request, query, found)

    def page(self, request: Request, query: dict, found: list[dict]) -> Response:
        size = min(int(query.get("size", 10)), 10)
        kind = request.path_params["page"]
        page = int(query.get("page", 1))
        start = {"number": (page - 1) * size, "offset": int(query.get("offset", 0))}.get(kind, 0)
        if kind in ("cursor", "link", "body"):
            start = int(base64.b64decode(query.get("token", "")) or 0)
        data: dict = {"list": found[start : start + size], "total": len(found)}
        headers = {}
        if kind in ("cursor", "link", "body") and start + size < len(found):
            token = base64.b64encode(str(start + size).encode()).decode()
            data["next"] = token
            rest = urlencode({**query, "token": token})
            headers["Link"] = f'</first>; rel="first", <?{rest}>; title="a, b"; rel="last next"'
            data["url"] = f"{request.url.path}?{rest}"
        return JSONResponse({"code": 0, "data": data}, headers=headers)

    def lets_in(self, request: Request, body: bytes) -> bool:
        kind, headers = request.path_params["auth"], request.headers
        authorization = headers.get("Authorization", "")
        if kind == "none":
            return not authorization
        if kind == "bearer":
            return authorization == f"Bearer {SECRET}"
        if kind == "header":
            return headers.get("X-Token") == SECRET
        if kind == "oauth2":
            return self.tokens.get(authorization.removeprefix("Bearer "), 0) > time.monotonic()
        at, nonce = headers["X-Timestamp"], headers["X-Random"]
        text = signature.question(
            request.method, request.url.path, request.query_params.items(), at, nonce, body
        )
        fresh = nonce not in self.nonces and signature.is_current(at)
        self.nonces.add(nonce)
        return (
            fresh
            and headers["X-Key-Id"] == "k1"
            and signature.agrees(SECRET, text, headers["X-Signature"])
        )


class Served:
    """An application on a free loopback port, in a thread."""

    def __init__(self, app: object, **more: object) -> None:
        config = uvicorn.Config(app, "127.0.0.1", 0, log_config=None, lifespan="off", **more)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            self._thread.join(0.01)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        scheme = "https" if more.get("ssl_certfile") else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
