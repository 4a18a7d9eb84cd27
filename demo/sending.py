"""How the town's devices send by themselves: through its broker, or by signed webhooks.

Whoever sends waits until the message is taken, and tries again for as long as nobody takes it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
import structlog

from config import clock, signature
from demo import broker
from demo.scenario import AGAIN
from demo.stage import Stage

Message = dict[str, Any]
Send = Callable[[str, Message], Awaitable[None]]
LONGEST_PAUSE_S: Final = 30.0
TAKEN: Final = (200, 202, 204, 409)  # 409: it is there already, the answer was lost on the way
_log = structlog.get_logger("demo.sending")


@asynccontextmanager
async def outlet(stage: Stage) -> AsyncIterator[Send]:
    """`send(topic, message)` over what the platform's block says; a webhook has no topics."""
    if stage.platform.transport == "mqtt":
        async with broker.connected(stage) as publish:
            yield _as_it_is(stage, lambda topic, message: publish(topic, _body(message)))
        return
    _log.info("sends_by_webhook", platform=stage.platform.key, broker=False)
    async with webhook(stage) as send:
        yield lambda _, message: send(message)


def _as_it_is(stage: Stage, send: Send) -> Send:
    """Sends as the platform is at the moment: not while it is gone, dirty rows, some twice."""

    async def sending(topic: str, message: Message) -> None:
        while stage.is_gone:
            await asyncio.sleep(1)
        dirt = stage.dirt(clock.local())
        soiled = dirt.row(message)
        await send(topic, soiled)
        if dirt.hits(AGAIN, _body(message)):
            await send(topic, soiled)

    return sending


@asynccontextmanager
async def webhook(
    stage: Stage, door: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[Callable[[Message], Awaitable[None]]]:
    """`send(message)` to the platform's address of the product, signed with the shared secret."""
    env, key = stage.env, stage.platform.key
    word = stage.secret(stage.platform.options["token_env"])
    url = f"http://{env.push_host}:{env.push_port}/push/{key}"
    async with httpx.AsyncClient(transport=door, timeout=20, trust_env=False) as web:

        async def send(_: str, message: Message) -> None:
            body, pause = _body(message), 1.0
            _, nonce = signature.stamp()  # one for all tries, so that a second arrival is known
            while not await _is_taken(web, url, word, nonce, body):
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)

        sending = _as_it_is(stage, send)
        yield lambda message: sending("", message)


async def _is_taken(web: httpx.AsyncClient, url: str, word: str, nonce: str, body: bytes) -> bool:
    at, _ = signature.stamp()
    headers = {
        "Content-Type": "application/json",
        signature.TIME: at,
        signature.NONCE: nonce,
        signature.SIGNATURE: signature.sign(word, signature.message(at, nonce, body)),
    }
    try:
        answer = await web.post(url, content=body, headers=headers)
    except httpx.HTTPError:
        return False
    if answer.status_code in TAKEN:
        return True
    if answer.status_code < 500 and answer.status_code not in (404, 429):
        _log.error("message_refused", url=url, status=answer.status_code, said=answer.text[:200])
    return False


def _body(message: Message) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
