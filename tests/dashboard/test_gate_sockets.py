"""Sockets: nobody without a session, from elsewhere, or with an unruled message (S2, S4, S6)."""

import asyncio
import json

import pytest

from cases import users
from dashboard.gate import sockets

pytestmark = pytest.mark.sec
PATH = "/wall/frame/_dash-ws-callback"
OWN = {"host": "127.0.0.1:8050", "origin": "http://127.0.0.1:8050"}


class Line:
    """One socket to the gate: what came, what was answered, how it ended."""

    def __init__(self, gate, headers, path=PATH):
        self.gate, self.path = gate, path
        self.headers = [(k.encode(), v.encode()) for k, v in headers.items() if v is not None]
        self.inbox, self.outbox = asyncio.Queue(), asyncio.Queue()

    async def __aenter__(self):
        scope = {
            "type": "websocket", "asgi": {"version": "3.0"}, "scheme": "ws", "path": self.path,
            "raw_path": self.path.encode(), "query_string": b"", "root_path": "",
            "headers": self.headers, "client": ("10.0.0.7", 1), "server": ("127.0.0.1", 8050),
            "subprotocols": [], "state": {},
        }  # fmt: skip
        await self.inbox.put({"type": "websocket.connect"})
        self.task = asyncio.create_task(self.gate(scope, self.inbox.get, self.outbox.put))
        self.first = await self.next()
        return self

    async def __aexit__(self, *_):
        await self.inbox.put({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(self.task, 60)

    async def next(self):
        return await asyncio.wait_for(self.outbox.get(), 60)

    async def say(self, message):
        text = message if isinstance(message, str) else json.dumps(message)
        await self.inbox.put({"type": "websocket.receive", "text": text})

    async def end(self):
        """The close that the gate sends, whatever comes before it."""
        while True:
            message = await self.next()
            if message["type"] == "websocket.close":
                return message["code"]


def call(gate):
    (name,) = gate.rules.sockets[PATH].calls.roles
    return {
        "type": "callback_request",
        "requestId": "1",
        "rendererId": "r",
        "payload": {"output": name, "inputs": [], "changedPropIds": [], "state": []},
    }


def first_answer(gate, headers, path=PATH):
    async def knock():
        async with Line(gate, headers, path) as line:
            return line.first

    return asyncio.run(knock())


def test_a_wall_gets_its_loop_and_the_loop_knows_who_asks(gate, visitor):
    async def watch():
        async with Line(gate, OWN | visitor("wall").headers) as line:
            assert line.first["type"] == "websocket.accept"
            await line.say(call(gate))
            return json.loads((await line.next())["text"])

    said = asyncio.run(watch())
    said = said[0] if isinstance(said, list) else said
    assert said["payload"]["props"]["children"].startswith("the-wall ")


@pytest.mark.parametrize(
    "headers",
    [
        OWN,
        OWN | {"cookie": "honglan_session=" + "x" * 43},
        {"host": "127.0.0.1:8050"},
        {"host": "127.0.0.1:8050", "origin": "http://evil.example"},
        {"host": "127.0.0.1:8050", "origin": "null"},
        {"host": "evil.example", "origin": "http://evil.example"},
    ],
)
def test_strangers_and_foreign_pages_are_refused_before_the_handshake(gate, headers):
    assert first_answer(gate, headers) == {"type": "websocket.close", "code": 4003, "reason": ""}


def test_a_foreign_page_is_refused_even_with_the_walls_cookie(gate, visitor):
    cookie = visitor("wall").headers
    for origin in ("http://evil.example", "https://127.0.0.1:8050", "http://127.0.0.1:8051", None):
        assert first_answer(gate, OWN | cookie | {"origin": origin})["code"] == 4003


def test_a_token_opens_no_socket(gate, visitor):
    assert first_answer(gate, OWN | visitor(token="wall").headers)["code"] == 4003


@pytest.mark.parametrize(
    "path",
    [
        "/_dash-ws-callback", "/wall/frame//_dash-ws-callback", "/wall", "/", "/x",
        "/wall/frame/./_dash-ws-callback", "/wall/frame/_dash-ws-callback/",
    ],
)  # fmt: skip
def test_there_is_one_socket_address(gate, visitor, path):
    assert first_answer(gate, OWN | visitor("admin").headers, path)["code"] == 4003


@pytest.mark.parametrize(
    "message",
    [
        "", "{", "[]", '{"type":"x"}', {"type": "callback_request"}, "x" * 300_000,
        {"type": "callback_request", "requestId": "1", "payload": {"output": "content.children"}},
        {"type": "get_props_response", "requestId": "1", "payload": "x"},
    ],
)  # fmt: skip
def test_a_message_without_a_rule_ends_the_socket(gate, visitor, message):
    async def misbehave():
        async with Line(gate, OWN | visitor("wall").headers) as line:
            await line.say(message)
            return await line.end()

    assert asyncio.run(misbehave()) == sockets.UNFIT


def test_bytes_and_a_flood_of_messages_end_the_socket(gate, visitor):
    async def flood():
        async with Line(gate, OWN | visitor("wall").headers) as line:
            for _ in range(3 * sockets.MOST_PER_SECOND):
                await line.say({"type": "heartbeat"})
            return await line.end()

    async def send_bytes():
        async with Line(gate, OWN | visitor("wall").headers) as line:
            await line.inbox.put({"type": "websocket.receive", "bytes": b"{}"})
            return await line.end()

    assert asyncio.run(flood()) == sockets.UNFIT
    assert asyncio.run(send_bytes()) == sockets.UNFIT


@pytest.mark.parametrize("change", ["logout", "role", "disable"])
def test_an_open_socket_ends_soon_after_its_session(gate, visitor, store, monkeypatch, change):
    monkeypatch.setattr(sockets, "LOOK_EVERY_S", 0.05)
    wall = visitor("wall")

    async def watch():
        async with Line(gate, OWN | wall.headers) as line:
            await line.say(call(gate))
            await line.next()
            if change == "role":
                users.set_role(store, "the-wall", "leader")
            elif change == "disable":
                users.disable(store, "the-wall")
            else:
                from cases import sessions

                sessions.end(store, wall.headers["cookie"].partition("=")[2])
            return await line.end()

    assert sockets.LOOK_EVERY_S < 5
    assert asyncio.run(watch()) == sockets.OVER


def test_one_session_has_only_so_many_sockets(gate, visitor):
    async def crowd():
        headers = OWN | visitor("wall").headers
        lines = [Line(gate, headers) for _ in range(24)]
        for line in lines:
            await line.__aenter__()
        async with Line(gate, headers) as one_more:
            answer = one_more.first
        for line in lines:
            await line.__aexit__()
        async with Line(gate, headers) as later:
            return answer, later.first

    refused, accepted = asyncio.run(crowd())
    assert refused["type"] == "websocket.close"
    assert accepted["type"] == "websocket.accept"
