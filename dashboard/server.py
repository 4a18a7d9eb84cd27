"""The web process: pages, wall and API in one server, behind one gate."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from dash import Dash
from fastapi import APIRouter, FastAPI, Request
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.store import Store, demand_current, open_store
from cases.watching import Watcher
from config import log
from config.flood_plans import load_flood_plans
from config.oidc import client_secret, load_provider
from config.outlines import load_outlines
from config.site import load_site
from dashboard.api import answers
from dashboard.gate import locked, login, oidc, pairing, password, second
from dashboard.gate.callbacks import CallbackBook
from dashboard.gate.identity import Identity
from dashboard.gate.middleware import Gate
from dashboard.gate.origins import from_environment
from dashboard.gate.provider import Asking
from dashboard.gate.rules import EVERYONE, NOBODYS, PEOPLE, READERS, VIEWERS, Rulebook
from dashboard.gate.telemetry import Telemetry
from dashboard.packed import PackedFiles
from dashboard.ready import CALLS, Answer, Ready

ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class Screen:
    """One Dash app: how it is made, who may see it, who may call which callback."""

    create: Callable[[FastAPI], Dash]
    callbacks: Mapping[str, Set[str]]
    roles: frozenset[str]
    assets: Path
    paths: Iterable[str] = ()
    own_paths: re.Pattern[str] | None = None
    path_roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()  # servers of the site's own that pictures may come from
    ready: Mapping[str, Answer] = field(default_factory=dict)


def worker() -> Gate:
    """What each process of `python -m dashboard serve` runs."""
    log.configure("web")
    from dashboard.wall import early

    gate = build()
    early.begin_known()
    Watcher(open_store()).start()  # the ETL cannot tell its own death
    return gate


def build() -> Gate:
    """The product's server, ready to serve; a wrong configuration is said before it starts."""
    from dashboard.api import alarms, exports, metrics, reports, state, users
    from dashboard.pages import app as pages
    from dashboard.wall import app as wall
    from dashboard.wall import shell, showing

    site = load_site()
    load_outlines(site)  # what is wrong with the map is said now, not on the first page
    load_flood_plans()  # and what is right now is kept through any later slip
    showing.demand_known()
    store = open_store()
    demand_current(store)
    telemetry = Telemetry()
    return assemble(
        store,
        pages=Screen(
            pages.create,
            pages.CALLBACKS,
            PEOPLE,
            ASSETS / "pages",
            paths=pages.PATHS,
            own_paths=pages.OWN_PATHS,
            path_roles=pages.ROLES,
            scripts=("/assets/gate/session.js",),
            pictures=(site.tile_server,) if site.tiles else (),
            ready=pages.READY,
        ),
        wall=Screen(wall.create, wall.CALLBACKS, VIEWERS, ASSETS / "wall"),
        shell=shell.page,
        routers=(
            alarms.routes,
            metrics.routes,
            exports.routes,
            reports.routes,
            users.routes,
            state.router(telemetry),
        ),
        telemetry=telemetry,
    )


def assemble(
    store: Store,
    *,
    pages: Screen,
    wall: Screen,
    shell: Callable[[], str],
    routers: Iterable[APIRouter],
    telemetry: Telemetry | None = None,
) -> Gate:
    """Two Dash apps, static files and routes in one server, each with its rule."""
    identity = Identity(store, from_environment())
    server = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    answers.install(server)
    rules = Rulebook()
    for name, roles, suffixes, files in (
        ("fonts", NOBODYS, (".css", ".woff2"), StaticFiles),
        ("gate", NOBODYS, (), StaticFiles),
        ("lib", EVERYONE, (".js", ".css"), PackedFiles),
    ):
        server.mount(f"/assets/{name}", files(directory=ASSETS / name))
        rules.add_folder(f"/assets/{name}/", ASSETS / name, roles, suffixes)
    doors = (login, password, second, pairing, locked)
    for router in (*(door.router(store, identity) for door in doors), *routers):
        server.include_router(router)
    provider = load_provider()
    if provider is not None:  # else these addresses do not exist
        server.include_router(oidc.router(store, identity, Asking(provider, client_secret())))
        for path in (oidc.START, oidc.BACK):
            rules.add_public_page(path)

    @server.get("/wall", include_in_schema=False)
    async def wall_shell(request: Request) -> Response:
        answer = HTMLResponse(shell())
        await pairing.renewed(store, identity, request, answer)
        return answer

    apps = [(screen, _make(server, screen)) for screen in (wall, pages)]
    server.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=6)
    for screen, app in apps:
        _add_rules(server, rules, screen, app)
    for path in pages.paths:
        rules.add_pages([path], pages.path_roles.get(path, pages.roles))
    if pages.own_paths is not None:
        rules.add_pattern(pages.own_paths, READERS)
    index = _OneIndex(server, frozenset(pages.paths), pages.own_paths)
    return Gate(Ready(index, f"/{CALLS}", pages.ready), rules, identity, telemetry)


def _make(server: FastAPI, screen: Screen) -> Dash:
    app = screen.create(server)
    app.config.external_scripts.extend(screen.scripts)
    uses_socket = any(spec.get("websocket") for spec in app.callback_map.values())
    app.backend.websocket_capability = uses_socket  # else its pages open one for nothing
    return app


def _add_rules(server: FastAPI, rules: Rulebook, screen: Screen, app: Dash) -> None:
    prefix = app.config.routes_pathname_prefix
    _visit(server, prefix)  # Dash finishes its set-up with the first visit: callbacks, scripts
    rules.add_app(
        app, CallbackBook(app.callback_map, screen.callbacks), screen.roles, screen.pictures
    )
    rules.add_folder(prefix + "assets/", screen.assets, screen.roles)


class _OneIndex:
    """All addresses of the pages app are one page, which reads its address in the browser."""

    def __init__(
        self, app: ASGIApp, paths: frozenset[str], own_paths: re.Pattern[str] | None = None
    ) -> None:
        self.app, self.paths, self.own_paths = app, paths, own_paths

    def _is_page(self, path: str) -> bool:
        return path in self.paths or bool(self.own_paths and self.own_paths.fullmatch(path))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._is_page(scope["path"]):
            scope = {**scope, "path": "/", "raw_path": b"/"}
        await self.app(scope, receive, send)


def _visit(server: ASGIApp, path: str) -> None:
    """Ask for a page once, in a loop of its own, whether or not one is running here."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] != 200:
            raise RuntimeError(f"{path} answered {message['status']} at the first visit")

    async def visit() -> None:
        await server(scope, receive, send)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, visit()).result()
