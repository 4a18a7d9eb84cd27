"""Webhooks: a platform sends each message by itself, signed, and is answered once it is on disk.

The signature covers time, nonce and body (config/signature.py). A time outside of the window, a
nonce that was there before and a body that is not JSON are refused. 409 says to the sender that the
message is here already.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers

from cases.faults import Fault
from config import clock, signature
from config.environment import environment, secret
from config.errors import ConfigError
from config.platforms import Platform
from etl.errors import Retryable
from etl.formats import messages
from etl.formats.json_size import excess
from etl.transports.answer import Trouble, wrong
from etl.transports.keeping import Keeping, nothing
from etl.transports.push_door import Door, Refusal
from etl.transports.push_nonces import Nonces

EXT: Final = "jsonl"
RATE: Final = 200.0  # messages a second and platform in the long run
BURST: Final = 1000.0  # at once, after a platform was down
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")  # plain HTTP stays on this machine
_BEHIND_TLS: Final = "HONGLAN_BEHIND_TLS_PROXY"
_NONCE: Final = range(8, 129)
_doors: dict[tuple[str, int], Door] = {}
_turn = threading.Lock()


def check(platform: Platform) -> None:
    """ConfigError when the settings of a platform cannot be used."""
    for name, value in platform.options.items():
        if name != "token_env":
            raise wrong(platform, name, value, "token_env")
    given = platform.options.get("token_env")
    if not isinstance(given, str) or not given:
        raise wrong(platform, "token_env", given, "the name of the variable that holds the secret")
    host = environment().push_host
    if host not in _LOOPBACK and os.environ.get(_BEHIND_TLS) != "1":
        allowed = f"127.0.0.1, or {_BEHIND_TLS}=1 behind the shipped proxy with TLS"
        raise ConfigError("environment", "HONGLAN_PUSH_HOST", host, allowed)


def stream(platform: Platform, folder: Path, on_closed: Callable[[], None]) -> Hook:
    """The messages that a platform sends."""
    return Hook(platform.key, platform.options["token_env"], folder, on_closed)


def whole(data: bytes) -> bytes:
    """The whole messages of a segment that a sudden end left open."""
    return messages.whole(data)


class Hook:
    """Takes the messages of one platform at the door that all of them share."""

    def __init__(
        self, name: str, token_env: str, folder: Path, on_closed: Callable[[], None]
    ) -> None:
        self.name = name
        self.on_closed = on_closed
        self.on_kept: Callable[[bytes], None] = nothing
        self.port = 0
        self._token_env = token_env
        self._folder = folder
        self._at: tuple[str, int] | None = None
        self._failed: BaseException | None = None
        self._keeping = Keeping(name, folder, on_closed, lambda data: self.on_kept(data))
        self._tokens, self._filled = BURST, time.monotonic()

    def start(self) -> None:
        """Take messages; Retryable when the port cannot be had."""
        env = environment()
        at = (env.push_host, env.push_port)
        with _turn:
            try:
                door = _doors.get(at) or Door(*at)
            except OSError as error:
                where, why = f"{at[0]}:{at[1]}", error.strerror or str(error)
                what = f"the address {where} cannot be listened on ({why})"
                raise Retryable(self.name, what, fault=Fault.PORT) from None
            _doors[at] = door
            self._at, self.port = at, door.port
            door.open(self)

    def stop(self) -> None:
        """Take no more; what was confirmed is handed over."""
        with _turn:
            at, self._at = self._at, None
            if at is not None and at in _doors and _doors[at].close(self):
                del _doors[at]

    def trouble(self) -> Trouble | None:
        """Why nothing can be taken just now; None while it can."""
        if self._at is None:
            return None
        door = _doors.get(self._at)
        if door is None or not door.is_open or self._failed is not None:
            what = f"the door for messages closed by itself ({self._failed})"
            return Trouble(Fault.LISTENER, what, self._failed, ended=True)
        return self._keeping.trouble()

    async def run(self) -> None:
        """Hand over until the end."""
        self._end = asyncio.Event()
        try:
            self._nonces = Nonces(self._folder)
            await self._keeping.run(self._end)
        except Exception as error:
            self._failed = error
            self._end.set()
            raise

    def end(self) -> None:
        """Take no more."""
        self._end.set()

    async def take(self, headers: Headers, body: bytes) -> None:
        """Keep one message; Refusal when it is none, OSError when it could not be kept."""
        nonce = self._signed(headers, body)
        _judge(body)
        self._pace()
        if self._end.is_set():
            raise Refusal(503, "no messages are taken just now", after=5)
        if not self._nonces.begin(nonce):
            raise Refusal(409, "a message with this nonce is here already")
        try:
            await self._keeping.keep(messages.line(clock.local(), body))
        except BaseException:
            self._nonces.failed(nonce)
            raise
        self._nonces.taken(nonce)

    def _signed(self, headers: Headers, body: bytes) -> str:
        """The nonce of a message that really comes from the platform, just now."""
        at, nonce = headers.get(signature.TIME, ""), headers.get(signature.NONCE, "")
        given = headers.get(signature.SIGNATURE, "")
        if not (at and nonce and given):
            names = f"{signature.TIME}, {signature.NONCE} and {signature.SIGNATURE}"
            raise Refusal(401, f"the headers {names} are needed")
        if len(nonce) not in _NONCE or not (nonce.isascii() and nonce.isprintable()):
            most = f"{_NONCE.start} to {_NONCE.stop - 1} printable characters"
            raise Refusal(401, f"{signature.NONCE} must have {most}")
        if not signature.is_current(at):
            said = f"{signature.TIME} must be within {signature.WINDOW_S} s of our clock"
            raise Refusal(401, f"{said}, which is at {int(time.time())}")
        try:
            word = secret(self._token_env)
        except ConfigError:
            raise Refusal(503, "no secret is set up for this platform here", after=60) from None
        if not signature.agrees(word, signature.message(at, nonce, body), given):
            raise Refusal(401, f"{signature.SIGNATURE} is not that of this message")
        return nonce.strip()

    def _pace(self) -> None:
        """Not more than the loader can follow; who is refused sends again later."""
        now = time.monotonic()
        self._tokens = min(BURST, self._tokens + (now - self._filled) * RATE)
        self._filled = now
        if self._tokens < 1:
            raise Refusal(429, "too many messages at once", after=1)
        self._tokens -= 1


def _judge(body: bytes) -> None:
    too_much = excess(body)
    if too_much is not None:
        raise Refusal(413, f"the body {too_much}")
    try:
        json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refusal(415, "the body is not JSON in UTF-8") from None
