"""How a screen of the wall gets in: it shows a code, or signs with the key that it holds.

Three posts, all in JSON from our own page: for the code, for a challenge, and with its signature.
"""

from __future__ import annotations

import base64
import json
import math
from typing import Any

import structlog
from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from cases import devices, pairing
from cases.errors import NotAllowed
from cases.store import Store
from dashboard.gate import caller, page
from dashboard.gate.identity import Identity
from dashboard.gate.refusal import Refused

log = structlog.get_logger(__name__)
PAGE = "/wall/pair"
_LONGEST_WORD = 64
MOST_OUTPUTS = 8
REPORTED = {  # what a screen tells of itself: the name and its kind
    "scene": str,
    "profile": str,
    "size": str,
    "version": str,
    "up": int,  # seconds since the shell was loaded
    "drawn": int,  # seconds since the last beat was drawn
    "swaps": int,  # frames that were changed since then
    "heap": int,  # MB
    "errors": int,
    "sound": bool,
}


def router(store: Store, identity: Identity) -> APIRouter:
    """The addresses of screens that are not known yet, and the report of those that are."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(PAGE)
    async def waiting_room() -> Response:
        return HTMLResponse(page.pairing())

    @routes.post(f"{PAGE}/code")
    async def code(request: Request) -> Response:
        """The number of a screen that is known already, else its code, else how long to wait."""
        given = await _fields(request)
        public_key = _key(given)
        device = await to_thread.run_sync(devices.by_public_key, store, public_key)
        if device is not None:
            return JSONResponse({"device": device.id})
        address, agent = caller.current().address, request.headers.get("user-agent", "")
        begun = await to_thread.run_sync(pairing.begin, store, public_key, address, agent)
        if isinstance(begun, pairing.Pending):
            return JSONResponse({"code": begun.code, "seconds": begun.seconds})
        return JSONResponse({"wait": math.ceil(begun)})

    @routes.post(f"{PAGE}/challenge")
    async def challenge(request: Request) -> Response:
        number = _number(await _fields(request))
        asked = await to_thread.run_sync(devices.challenge, store, number)
        return JSONResponse({"challenge": asked})

    @routes.post(f"{PAGE}/enter")
    async def enter(request: Request) -> Response:
        given = await _fields(request)
        who = caller.current()
        agent = request.headers.get("user-agent", "")
        try:
            key = await to_thread.run_sync(
                devices.enter,
                store,
                _number(given),
                str(given.get("challenge", ""))[:128],
                _bytes(given.get("signature")),
                who.address,
                agent,
            )
        except NotAllowed as error:
            log.warning("screen_refused", address=who.address, cause=str(error))
            return JSONResponse({"entered": False})
        answer = JSONResponse({"entered": True})
        answer.headers["set-cookie"] = identity.device_cookie(key)
        return answer

    @routes.post("/wall/health")
    async def health(request: Request) -> Response:
        device = caller.current().device
        if device is not None:
            given = await _fields(request)
            said, output = _report(given), _output(given)
            await to_thread.run_sync(devices.report, store, device.id, output, said)
        return Response(status_code=204)

    return routes


async def renewed(store: Store, identity: Identity, request: Request, answer: Response) -> None:
    """Another key for a screen that loads the wall."""
    key = identity.device_key(request.headers)
    if caller.current().device is None or key is None:
        return
    following = await to_thread.run_sync(devices.renew, store, key)
    if following is not None:
        answer.headers["set-cookie"] = identity.device_cookie(following)


async def _fields(request: Request) -> dict[str, Any]:
    try:
        given = json.loads(await request.body())
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise _refused("body", "a JSON object")
    return given


def _key(given: dict[str, Any]) -> bytes:
    try:
        return devices.point(str(given.get("key", ""))[:200])
    except NotAllowed:
        raise _refused("key", "a public key on P-256 in base64") from None


def _number(given: dict[str, Any]) -> int:
    number = given.get("device")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**31:
        raise _refused("device", "the number of a screen")
    return number


def _bytes(given: object) -> bytes:
    try:
        return base64.b64decode(str(given)[:200], validate=True)
    except ValueError:
        return b""


def _report(given: dict[str, Any]) -> dict[str, Any]:
    """What is known of a report; anything else in it is left out."""
    said: dict[str, Any] = {}
    for name, kind in REPORTED.items():
        value = given.get(name)
        if type(value) is kind:
            said[name] = value[:_LONGEST_WORD] if isinstance(value, str) else value
    return said


def _output(given: dict[str, Any]) -> int:
    """Which output a window shows; 0 for the whole."""
    output = given.get("output")
    return output if type(output) is int and 0 < output <= MOST_OUTPUTS else 0


def _refused(name: str, allowed: str) -> Refused:
    return Refused(400, f"{name} 不对", f"应为 {allowed}")
