"""Browsers as the server sees them: a wall's window on its socket, a leader's and a seat's calls.

What they send are the bodies that Dash's own renderer sends: built from the app's declarations
(`/_dash-dependencies`), so that they stay true when a callback changes. Every answer is read whole.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import aiohttp

CALLS = "/_dash-update-component"
FRAME, SHEET, ROWS, BEAT = "..top.children", "..sheet.children", "case-rows", "..generation.data"
DESK = "desk-beat"
PAGES = ("/", "/hotline", "/mediation", "/flood", "/grid", "/urban", "/whistle", "/land",
         "/enforcement", "/people", "/services", "/platforms")  # fmt: skip
SUBJECTS = ("hotline", "mediation")
KINDS = ("open a page", "filter a page", "open a proof", "page of a table")
METRICS = ("hotline_received", "hotline_on_time_rate", "mediation_accepted", "grid_reported")
PLACES = tuple(f"320117005{n:03d}" for n in range(1, 13))
THINKS_S = (4.0, 16.0)  # a leader reads before the next click
BEAT_S = 15.0  # of a page that stands open
DESK_S = 2.0
EXPORT_EVERY = 40
SLOW_S = 30.0
_BROKEN = "这一块没取到"
BROKEN = (_BROKEN.encode(), json.dumps(_BROKEN).strip('"').encode())


@dataclass
class Told:
    """What was measured: waits in ms by kind, errors by kind and what was said."""

    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    heard: int = 0  # characters that came on the walls' sockets

    def note(self, kind: str, ms: float, wrong: str = "") -> None:
        """One answer."""
        self.waits[kind].append(ms)
        if wrong:
            self.errors[f"{kind}: {wrong}"] += 1


@dataclass
class Stay:
    """How long visitors stay: some seconds, or until a process ends if that is sooner."""

    seconds: float
    process: subprocess.Popen[bytes] | None = None
    begun: float = field(default_factory=time.monotonic)

    def left(self) -> float:
        """Seconds until they go, as far as is known; 0 when they go."""
        if self.process is not None and self.process.poll() is not None:
            return 0.0
        return max(self.begun + self.seconds - time.monotonic(), 0.0)


@dataclass(frozen=True)
class Server:
    """Where it listens, and the callbacks its pages declare."""

    address: str
    calls: Sequence[Mapping[str, Any]]

    def call(self, begins: str, path: str, search: str, **values: Any) -> dict[str, Any]:
        """The body of a call, as the renderer sends it from a page's address."""
        spec = next(one for one in self.calls if str(one["output"]).startswith(begins))
        known = {"pathname": path, "search": search}

        def entry(one: Mapping[str, Any]) -> dict[str, Any]:
            name, prop = one["id"], one["property"]
            given = known.get(prop) if name == "url" else values.get(name.replace("-", "_"))
            return {"id": name, "property": prop, "value": given}

        inputs = [[] if "{" in one["id"] else entry(one) for one in spec["inputs"]]
        outputs = list(_outputs(spec["output"]))
        first = spec["inputs"][0]
        return {
            "output": spec["output"],
            "outputs": outputs if spec["output"].startswith("..") else outputs[0],
            "inputs": inputs,
            "state": [entry(one) for one in spec["state"]],
            "changedPropIds": [f"{first['id']}.{first['property']}"],
        }


async def server_at(address: str, cookie: str) -> Server:
    async with aiohttp.ClientSession() as client:
        headers = {"cookie": f"honglan_session={cookie}"}
        async with client.get(f"{address}/_dash-dependencies", headers=headers) as answer:
            return Server(address, await answer.json())


def _outputs(output: str) -> Iterator[dict[str, str]]:
    for part in output.strip(".").split("..."):
        name, _, prop = part.rpartition(".")
        yield {"id": name, "property": prop.partition("@")[0]}


class Visitor:
    """One browser with a session."""

    def __init__(self, server: Server, cookie: str, told: Told, seed: int) -> None:
        self.server, self.told = server, told
        self.chance = random.Random(seed)
        self.seen: Any = None
        own = {"origin": server.address, "sec-fetch-site": "same-origin"}
        self.headers = {"cookie": f"honglan_session={cookie}", **own}

    async def call(self, web: aiohttp.ClientSession, kind: str, body: Mapping[str, Any]) -> Any:
        """One callback; its answer, None when it failed."""
        begun = time.perf_counter()
        wrong, found = "", None
        try:
            address = self.server.address + CALLS
            async with web.post(address, json=body, headers=self.headers) as answer:
                text = await answer.read()
                wrong = "" if answer.status in (200, 204) else str(answer.status)
                if any(words in text for words in BROKEN):
                    wrong = "a part was not read"
                found = json.loads(text) if text and answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError) as error:
            wrong = type(error).__name__
        self.told.note(kind, (time.perf_counter() - begun) * 1000, wrong)
        return found

    async def lead(self, web: aiohttp.ClientSession, stay: Stay) -> None:
        """Open pages, filter, look at proofs and rows, take an export now and then; think."""
        turn = self.chance.randrange(EXPORT_EVERY)
        await asyncio.sleep(self.chance.uniform(0, THINKS_S[1]))
        while stay.left():
            turn += 1
            for kind in KINDS:
                path, body = self.wish(kind)
                await self.call(web, kind, body)
                if kind != KINDS[-1]:
                    await self._thinks(web, path, stay)
            if turn % EXPORT_EVERY == 0:
                await self._export(web)
            await self._thinks(web, path, stay)

    def wish(self, kind: str) -> tuple[str, dict[str, Any]]:
        """What one of the kinds asks by chance, of what all choose from: its page and its call."""
        if kind == KINDS[0]:
            path = self.chance.choice(PAGES)
            return path, self.server.call(FRAME, path, "")
        path = f"/{self.chance.choice(SUBJECTS)}"
        if kind == KINDS[1]:
            chip = f"?community={self.chance.choice(PLACES)}"
            return path, self.server.call(FRAME, path, chip)
        proof = f"?proof={self.chance.choice(METRICS)}&from={self.days[0]}&to={self.days[1]}"
        if kind == KINDS[2]:
            return path, self.server.call(SHEET, path, proof)
        return path, self._block(path, f"{proof}&rows=1", 100 * self.chance.randrange(3))

    days = ("2026-10-01", "2026-10-31")

    async def tour(self, web: aiohttp.ClientSession) -> None:
        """Everything that `lead` may ask for, once."""
        asked = [(FRAME, path, "") for path in PAGES]
        asked += [(FRAME, f"/{one}", f"?community={place}") for one in SUBJECTS for place in PLACES]
        for path, metric in product((f"/{one}" for one in SUBJECTS), METRICS):
            proof = f"?proof={metric}&from={self.days[0]}&to={self.days[1]}"
            asked.append((SHEET, path, proof))
            for start in (0, 100, 200):
                await self.call(web, "tour", self._block(path, f"{proof}&rows=1", start))
        for begins, path, search in asked:
            await self.call(web, "tour", self.server.call(begins, path, search))

    def _block(self, path: str, search: str, start: int) -> dict[str, Any]:
        request = {"startRow": start, "endRow": start + 100, "sortModel": [], "filterModel": {}}
        return self.server.call(ROWS, path, search, case_rows=request)

    async def _export(self, web: aiohttp.ClientSession) -> None:
        begun, wrong = time.perf_counter(), ""
        words = f"form=csv&from={self.days[0]}&to={self.days[1]}"
        address = f"{self.server.address}/api/v1/metrics/hotline_received/export?{words}"
        try:
            async with web.get(address, headers=self.headers) as answer:
                await answer.read()
                wrong = "" if answer.status == 200 else str(answer.status)
        except (aiohttp.ClientError, TimeoutError) as error:
            wrong = type(error).__name__
        self.told.note("export", (time.perf_counter() - begun) * 1000, wrong)

    async def _thinks(self, web: aiohttp.ClientSession, path: str, stay: Stay) -> None:
        """Read what is there; an open page asks whether it is still current."""
        seconds = min(self.chance.uniform(*THINKS_S), stay.left())
        await asyncio.sleep(seconds)
        if self.chance.random() < seconds / BEAT_S:
            body = self.server.call(BEAT, path, "", generation=self.seen)
            told = await self.call(web, "beat of a page", body)
            mark = ((told or {}).get("response") or {}).get("generation", {}).get("data")
            if mark is not None and mark != self.seen:  # a new generation: drawn anew
                self.seen = mark
                body = self.server.call(FRAME, path, "", generation=mark)
                await self.call(web, "draw a page anew", body)

    async def sit(self, web: aiohttp.ClientSession, stay: Stay) -> None:
        """A seat at the desk of alarms, which looks every two seconds."""
        await asyncio.sleep(self.chance.uniform(0, DESK_S))
        await self.call(web, "open the desk", self.server.call(FRAME, "/desk/alarms", ""))
        looks = next(
            one for one in self.server.calls if any(i["id"] == DESK for i in one["inputs"])
        )
        while stay.left():
            body = self.server.call(looks["output"], "/desk/alarms", "", desk_beat=1)
            await self.call(web, "beat of the desk", body)
            await asyncio.sleep(DESK_S)

    async def watch(self, web: aiohttp.ClientSession, stay: Stay, profile: str) -> None:
        """A wall's window: answers each question of the loop as its renderer does.

        Measured is the beat itself: from the acknowledged one to the next, less the two seconds
        that lie between them by design.
        """
        address = self.server.address.replace("http", "ws") + "/wall/frame/_dash-ws-callback"
        async with web.ws_connect(address, headers=self.headers, max_msg_size=0) as socket:
            async with web.get(
                f"{self.server.address}/wall/frame/_dash-dependencies", headers=self.headers
            ) as answer:
                loop = next(one for one in await answer.json() if one.get("persistent"))
            await socket.send_json(
                {"type": "callback_request", "requestId": "1", "rendererId": "r",
                 "payload": {"output": loop["output"], "outputs": [], "inputs": [], "state": [],
                             "changedPropIds": []}}
            )  # fmt: skip
            drawn, last = 0, 0.0
            while stay.left():
                message = await asyncio.wait_for(socket.receive(), SLOW_S)
                if message.type is not aiohttp.WSMsgType.TEXT:
                    self.told.note("beat of a wall", 0.0, f"closed {message.data}")
                    return
                self.told.heard += len(message.data)
                for told in _messages(message.data):
                    if told.get("type") == "set_props":
                        beat = told["payload"]["props"].get("children")
                        if told["payload"]["componentId"] == "tick" and isinstance(beat, str):
                            now = time.perf_counter()
                            if drawn:
                                self.told.note("beat of a wall", (now - last - 2.0) * 1000)
                            drawn, last = int(beat.split(" ")[0]), now
                    elif told.get("type") == "get_props_request":
                        await socket.send_json(_answer(told, drawn, profile))


def _messages(text: str) -> Iterator[dict[str, Any]]:
    """What one frame carries: the server sends what comes at once as a list."""
    found = json.loads(text)
    yield from found if isinstance(found, list) else [found]


def _answer(asked: Mapping[str, Any], drawn: int, profile: str) -> dict[str, Any]:
    wanted = asked["payload"]["properties"][0]
    values = {"search": f"?profile={profile}&scene=overview", "data": drawn}
    return {
        "type": "get_props_response",
        "requestId": asked["requestId"],
        "rendererId": asked.get("rendererId", ""),
        "payload": {wanted: values.get(wanted)},
    }
