"""A gate around two small Dash apps, and a visitor who can ask in ways no browser would."""

import asyncio
import json
import shutil
import time
from dataclasses import dataclass, field
from urllib.parse import unquote, urlencode

import pytest
from argon2 import PasswordHasher
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, set_props
from fastapi import APIRouter, Request

from cases import factor, sessions, tokens, users
from cases.schema import metadata
from cases.store import migrate, open_store
from dashboard.gate import caller
from dashboard.gate.rules import READERS, VIEWERS
from dashboard.server import Screen, assemble

HOST = "127.0.0.1:8050"
FACTOR = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OWN = f"http://{HOST}"


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name):
        return next((value for key, value in self.headers if key == name), None)

    def json(self):
        return json.loads(self.body)


@dataclass
class Visitor:
    """Speaks ASGI to the gate as uvicorn does, with full power over every byte."""

    app: object
    headers: dict[str, str] = field(default_factory=dict)
    took: int = 0  # bytes of the body that were asked for

    def ask(self, method, path, body=b"", headers=None, chunks=None, client="10.0.0.7"):
        return asyncio.run(self._ask(method, path, body, headers or {}, chunks, client))

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, body=b"", **more):
        """A post as one of our own pages makes it."""
        own = {"origin": OWN, "sec-fetch-site": "same-origin"}
        return self.ask("POST", path, body, own | more.pop("headers", {}), **more)

    def call(self, call, path="/_dash-update-component", **more):
        more["headers"] = {"content-type": "application/json"} | more.get("headers", {})
        body = call if isinstance(call, bytes) else json.dumps(call).encode()
        return self.post(path, body, **more)

    def login(self, name, password, following="", **more):
        form = urlencode({"username": name, "password": password, "next": following}).encode()
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self.post("/login", form, headers=kind | more.pop("headers", {}), **more)

    async def _ask(self, method, path, body, headers, chunks, client):
        target, _, query = path.partition("?")
        named = {"host": HOST} | self.headers | headers
        lines = [
            (name.encode(), value.encode("latin-1"))
            for name, given in named.items()
            for value in (given if isinstance(given, list) else [given])
            if value is not None
        ]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(target),
            "raw_path": target.encode("latin-1"),
            "query_string": query.encode("latin-1"),
            "root_path": "",
            "headers": lines,
            "client": (client, 40000),
            "server": ("127.0.0.1", 8050),
        }
        parts = iter(chunks if chunks is not None else [body])
        sent, ended, answered = [], False, asyncio.Event()

        async def receive():
            nonlocal ended
            if ended:  # a browser that waits for its answer
                await answered.wait()
                return {"type": "http.disconnect"}
            part = next(parts, None)
            ended = part is None or chunks is None
            self.took += len(part or b"")
            return {"type": "http.request", "body": part or b"", "more_body": not ended}

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        answered.set()
        start = next(message for message in sent if message["type"] == "http.response.start")
        return Answer(
            start["status"],
            [(name.decode().lower(), value.decode("latin-1")) for name, value in start["headers"]],
            b"".join(message.get("body", b"") for message in sent),
        )


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """One store and one gate for a whole file of tests; making both takes longer than a test."""
    folder = tmp_path_factory.mktemp("gate")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HONGLAN_VAR", str(folder / "var"))
        patch.setenv("HONGLAN_HOST", "127.0.0.1")
        for name in ("HONGLAN_CASES_URL", "HONGLAN_BEHIND_TLS_PROXY", "HONGLAN_PUBLIC_HOST"):
            patch.delenv(name, raising=False)
        # hashed cheaply here; the real cost is held where users are tested
        cheap = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)
        patch.setattr(users, "_HASHER", cheap)
        store = open_store()
        migrate(store)
        (folder / "assets").mkdir()
        (folder / "assets" / "own.css").write_text("body{}")
        yield store, small_house(store, folder / "assets"), folder / "assets"
        store.close()


@pytest.fixture
def store(house):
    """The store of the house, empty."""
    opened = house[0]
    with opened.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    shutil.rmtree(opened.var / "audit", ignore_errors=True)
    return opened


@pytest.fixture
def gate(house, store):
    return house[1]


@pytest.fixture
def assets(house):
    """The folder of files of both small apps."""
    return house[2]


@pytest.fixture(scope="session")
def assembled():
    """Makes another gate, under another environment."""
    return small_house


def small_house(store, folder, routers=None):
    """A gate around the two small apps; `routers` take the place of the echo."""
    return assemble(
        store,
        pages=Screen(small_pages(folder), PAGE_CALLS, READERS, folder, ("/", "/hotline")),
        wall=Screen(small_wall(folder), {"*persistent": VIEWERS}, VIEWERS, folder),
        shell=lambda: "<!DOCTYPE html><title>wall</title>",
        routers=routers or (_echo(),),
    )


PAGE_CALLS = {
    "content.children": READERS,
    "..a.children...b.title..": {"admin"},
    '{"n":["ALL"],"t":"row"}.children': READERS,
}


def small_pages(folder):
    def create(server):
        app = Dash("small_pages", server=server, assets_folder=str(folder))
        app.layout = html.Div([dcc.Location(id="url"), html.Div(id="content")])
        app.config.suppress_callback_exceptions = True

        @app.callback(Output("content", "children"), Input("url", "pathname"))
        async def show(path):
            return f"{caller.current().name} at {path}"

        @app.callback(
            Output("a", "children"), Output("b", "title"), Input("c", "n"), State("d", "v")
        )
        async def two(n, v):
            return str(n), str(v)

        @app.callback(
            Output({"t": "row", "n": ALL}, "children"), Input({"t": "row", "n": ALL}, "n_clicks")
        )
        async def many(clicks):
            return [str(click) for click in clicks]

        @app.callback(Output("secret", "children"), Input("c", "n"))
        async def secret(n):
            return "secret"

        return app

    return create


def small_wall(folder):
    def create(server):
        app = Dash(
            "small_wall",
            server=server,
            routes_pathname_prefix="/wall/frame/",
            requests_pathname_prefix="/wall/frame/",
            assets_folder=str(folder),
        )
        app.layout = html.Div(html.Span(id="tick"))

        @app.callback(persistent=True, websocket=True)
        async def loop():
            number = 0
            while not ctx.websocket.is_shutdown:
                number += 1
                set_props("tick", {"children": f"{caller.current().name} {number}"})
                await asyncio.sleep(0.05)

        return app

    return create


def _echo():
    """Stands where the API stands, so that the gate can be tried without a warehouse."""
    routes = APIRouter()

    @routes.get("/healthz")
    async def healthz():
        return "ok"

    @routes.get("/api/v1/metrics")
    async def metrics(request: Request):
        return {"who": caller.current().name, "role": caller.current().role}

    @routes.post("/api/v1/reports")
    async def reports(request: Request):
        return {"bytes": len(await request.body())}

    @routes.get("/api/v1/platforms")
    async def broken():
        raise ZeroDivisionError("a secret of the inside")

    return routes


@pytest.fixture(scope="module")
def enrolled():
    """The rows of the accounts below, once they were made; each test begins with a copy."""
    return []


@pytest.fixture
def people(store, enrolled):
    """One account of each role, with the same good password."""
    accounts = metadata.tables["users"]
    if enrolled:
        with store.writing() as connection:
            connection.execute(accounts.insert(), enrolled)
    else:
        for role in users.ROLES:
            users.add(store, f"the-{role}", role, "Honglan-2026-x", units=own_units(role))
        now = time.time()
        before = factor.code(FACTOR, int(now // factor.STEP_S) - 1)
        assert factor.enrol(store, "the-admin", FACTOR, before, now)
        with store.reading() as connection:
            enrolled += [dict(row._mapping) for row in connection.execute(accounts.select())]
    return {role: users.find(store, f"the-{role}") for role in users.ROLES}


def own_units(role):
    """The unit of those who have one."""
    return ("城管中队",) if role in users.NARROW else ()


@pytest.fixture
def visitor(gate, store, people):
    """visitor() is a stranger, visitor("leader") has a session, visitor(token="…") a token."""

    def come(role=None, *, token=None, to=gate):
        if token:
            return Visitor(
                to,
                {"authorization": f"Bearer {tokens.create(store, token, units=own_units(token))}"},
            )
        if role is None:
            return Visitor(to)
        user = people[role]
        session_id = sessions.start(store, user.id, user.role)
        return Visitor(to, {"cookie": f"honglan_session={session_id}"})

    return come
