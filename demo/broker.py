"""The town's own mosquitto, on loopback with a password, and those who publish through it.

It lives as long as any feed needs it. A message counts as sent when the broker has a subscriber
for it, so that nothing is lost before the ETL has come for the first time.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import os
import secrets
import shutil
import threading
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import structlog
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from config.platforms import mosquitto
from demo.stage import Stage

TOWN: Final = "town"  # the account of those who publish
NO_SUBSCRIBER: Final = 16  # MQTT 5: taken, but nobody wants it
AGAIN_S: Final = 2.0
ANSWER_S: Final = 15.0
SETTLED_S: Final = 0.5
ROUNDS: Final = 101  # as mosquitto_passwd does by default
_log = structlog.get_logger("demo.broker")


@dataclass
class _Broker:
    """One mosquitto: its process, the word of its publishers, how many feeds need it."""

    word: str
    users: int = 0
    process: Process | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


_brokers: dict[int, _Broker] = {}


@asynccontextmanager
async def connected(stage: Stage) -> AsyncIterator[Callable[[str, bytes], Awaitable[None]]]:
    """`publish(topic, body)` through the broker at the port of the platform's block."""
    port = int(stage.platform.options["port"])
    held = _brokers.setdefault(port, _Broker(secrets.token_urlsafe(24)))
    held.users += 1
    try:
        async with held.turn:
            if held.process is None or held.process.returncode is not None:
                held.process = await _started(stage, port, held.word)
        publisher = Publisher(port, f"town-{stage.platform.key}", held.word)
        try:
            yield publisher.publish
        finally:
            publisher.close()
    finally:
        held.users -= 1
        if not held.users:
            _brokers.pop(port, None)
            await _stopped(held.process)


class Publisher:
    """One connection to the broker; the library keeps it up in a thread of its own."""

    def __init__(self, port: int, client: str, word: str) -> None:
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=client, protocol=paho.MQTTv5
        )
        self._client.username_pw_set(TOWN, word)
        self._client.reconnect_delay_set(1, 10)
        self._client.on_publish = self._answered
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[int, asyncio.Future[int]] = {}
        self._turn = threading.Lock()
        self._client.connect_async("127.0.0.1", port)
        self._client.loop_start()

    def close(self) -> None:
        """Leave the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    async def publish(self, topic: str, body: bytes) -> None:
        """Publish until the broker has somebody to give it to."""
        while await self._once(topic, body) == NO_SUBSCRIBER:
            await asyncio.sleep(AGAIN_S)

    async def _once(self, topic: str, body: bytes) -> int:
        answer: asyncio.Future[int] = self._loop.create_future()
        with self._turn:  # the answer may be here before we know its number
            number = self._client.publish(topic, body, qos=1).mid
            self._waiting[number] = answer
        try:
            async with asyncio.timeout(ANSWER_S):  # wait_for may swallow the end of the town
                return await answer
        finally:
            self._waiting.pop(number, None)

    def _answered(
        self, _client: Any, _data: Any, number: int, reason: ReasonCode, _properties: Any
    ) -> None:
        with self._turn:
            answer = self._waiting.get(number)
        if answer is not None:
            self._loop.call_soon_threadsafe(_settle, answer, reason.value)


def _settle(answer: asyncio.Future[int], value: int) -> None:
    if not answer.done():
        answer.set_result(value)


async def _started(stage: Stage, port: int, word: str) -> Process:
    """A broker that knows the publishers and the account of the platform's block."""
    program = mosquitto()
    if program is None:  # the block would have said push
        raise FileNotFoundError("mosquitto is not installed any more")
    options = stage.platform.options
    folder = stage.env.var / "demo" / "broker"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    accounts = {TOWN: word, options["user"]: stage.secret(options["password_env"])}
    _written(folder / "accounts", "".join(f"{n}:{_hashed(w)}\n" for n, w in accounts.items()))
    _written(folder / "mosquitto.conf", _settings(folder, port))
    # a killed town must not leave its broker behind on the port
    guard = [setpriv, "--pdeathsig", "TERM"] if (setpriv := shutil.which("setpriv")) else []
    process = await asyncio.create_subprocess_exec(
        *guard, program, "-c", str(folder / "mosquitto.conf"),
        stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL,
    )  # fmt: skip
    try:
        await _answers(process, port, folder / "mosquitto.log")
    except BaseException:
        await _stopped(process)
        raise
    _log.info("broker_started", port=port, process=process.pid)
    return process


async def _answers(process: Process, port: int, log: Path) -> None:
    """Wait until the broker takes connections; OSError when it ends or never does."""
    async with asyncio.timeout(ANSWER_S):
        while process.returncode is None:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                await asyncio.sleep(SETTLED_S)  # on a port that is taken it ends only now
                if process.returncode is None:
                    return
            await asyncio.sleep(0.1)
    raise OSError(f"mosquitto ended at once; see {log}")


async def _stopped(process: Process | None) -> None:
    if process is not None and process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await process.wait()


def _settings(folder: Path, port: int) -> str:
    user = "user root\n" if os.geteuid() == 0 else ""  # else it could not write its folder
    return f"""# written by the demo town at each start
listener {port} 127.0.0.1
{user}allow_anonymous false
password_file {folder / "accounts"}
persistence true
persistence_location {folder}/
autosave_interval 30
max_queued_messages 100000
log_dest file {folder / "mosquitto.log"}
log_type error
log_type warning
"""


def _written(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")


def _hashed(word: str) -> str:
    """A password as mosquitto keeps it: PBKDF2 with SHA-512."""
    salt = secrets.token_bytes(12)
    made = hashlib.pbkdf2_hmac("sha512", word.encode(), salt, ROUNDS)
    return f"$7${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"
