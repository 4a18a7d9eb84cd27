"""Request bodies: counted while they stream in, never held beyond the limit."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from dashboard.gate.refusal import Refused

LIMIT = 1024 * 1024
LOGIN_LIMIT = 8 * 1024
SLOWEST_S = 20
_CLOSE = {"connection": "close"}


async def read(receive: Receive, headers: Headers, limit: int) -> bytes:
    """The whole body; Refused when it is too large, too slow or broken off."""
    declared = headers.get("content-length", "")
    if declared and (not declared.isascii() or not declared.isdigit()):
        raise Refused(400, headers=_CLOSE)
    if declared and int(declared[:12]) > limit:
        raise Refused(413, hint=f"上限 {limit // 1024} KB", headers=_CLOSE)
    body = bytearray()
    try:
        async with asyncio.timeout(SLOWEST_S):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refused(400, headers=_CLOSE)
                body += message.get("body", b"")
                if len(body) > limit:
                    raise Refused(413, hint=f"上限 {limit // 1024} KB", headers=_CLOSE)
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise Refused(408, headers=_CLOSE) from None


def replay(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body that was read, then what comes after it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if not given:
            given = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return again
