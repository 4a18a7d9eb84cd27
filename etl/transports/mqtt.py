"""Messages of a broker: QoS 1 in a session the broker keeps for us, acknowledged once on disk.

What was not acknowledged comes again after the next connection, so a sudden end loses nothing; a
message that comes twice is one row. Without TLS only a broker on this machine is spoken to.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from cases.faults import Fault
from config import clock
from config.environment import secret
from config.platforms import Platform
from etl.formats import messages
from etl.transports.answer import Trouble
from etl.transports.keeping import Keeping, first_of, nothing
from etl.transports.mqtt_options import options, trust

EXT: Final = "jsonl"
MAX_MESSAGE: Final = 256 << 10  # larger ones are noted, not kept
MAX_PACKET: Final = 4 << 20  # larger ones are not even received: the connection is closed
MAX_PENDING: Final = 5_000  # messages waiting for the disk; a broker that sends more must wait
LONGEST_PAUSE_S: Final = 120
AGAIN_S: Final = 5.0  # after the disk was full
GRACE_S: Final = 15.0  # a connection that is back by then is no trouble
_UNAVAILABLE: Final = 136  # the broker says so itself; it passes
_log = structlog.get_logger("etl.transports.mqtt")

whole = messages.whole


def check(platform: Platform) -> None:
    """ConfigError when the settings of a platform cannot be used."""
    options(platform)


def stream(platform: Platform, folder: Path, on_closed: Callable[[], None]) -> Subscriber:
    """The broker of a platform, not connected yet."""
    return Subscriber(platform.key, options(platform), folder, on_closed)


class _Client(paho.Client):
    """Receives nothing larger than allowed: the library itself has no limit for MQTT 3.1.1."""

    def _sock_recv(self, bufsize: int) -> bytes:
        if self._in_packet["remaining_length"] > MAX_PACKET:
            _log.error("message_too_large", bytes=self._in_packet["remaining_length"])
            raise ConnectionAbortedError("a message larger than allowed")
        return super()._sock_recv(bufsize)


@dataclass
class Count:
    """What came since the start."""

    messages: int = 0
    acknowledged: int = 0
    noise: int = 0
    connections: int = 0


class Subscriber:
    """One broker of one platform: the library's thread receives, ours keeps and acknowledges."""

    def __init__(
        self, name: str, how: Mapping[str, Any], folder: Path, on_closed: Callable[[], None]
    ) -> None:
        self.name = name
        self.on_closed = on_closed
        self.on_kept: Callable[[bytes], None] = nothing
        self.count = Count()
        self._options = how
        self._folder = folder
        self._topics: list[str] = how["topics"]
        self._ready = threading.Event()
        self._received_so_far = self._done_so_far = 0  # each counted by one thread
        self.is_reading = self._is_ending = False
        self._down_since: float | None = None
        self._trouble: Trouble | None = None
        self.is_down = False
        self._failed: BaseException | None = None
        self._keeping: Keeping | None = None
        self._thread = threading.Thread(target=self._run, name=f"mqtt-{name}", daemon=True)

    def start(self) -> None:
        """Begin to connect and go on trying; ConfigError when secret or certificate are missing."""
        self._client = self._made()
        self._down_since = time.monotonic()  # until it has been let in
        self._trouble = Trouble(Fault.BROKER, "no connection yet")
        self._thread.start()
        self._ready.wait()
        how = self._options
        self._client.connect_async(how["host"], how["port"], how["keep_alive"])
        self._client.loop_start()

    def trouble(self) -> Trouble | None:
        """Why nothing can be taken just now; a connection that is made anew in time is none."""
        if self._is_ending:
            return None
        if not self._thread.is_alive():
            what = f"the subscriber ended by itself ({self._failed})"
            return Trouble(Fault.LISTENER, what, self._failed, ended=True)
        kept = self._keeping.trouble() if self._keeping is not None else None
        since, found = self._down_since, self._trouble
        if kept is not None or since is None or found is None:
            return kept
        passes = found.fault is Fault.BROKER and time.monotonic() - since < GRACE_S
        return None if passes else found

    def stop(self) -> None:
        """Leave the broker, which keeps our session; what was acknowledged is handed over."""
        if self._is_ending:
            return
        self._is_ending = True
        self._client.disconnect()
        self._client.loop_stop()
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join(10)

    def _made(self) -> _Client:
        how = self._options
        made = _Client(
            CallbackAPIVersion.VERSION2,
            client_id=how["client_id"],
            clean_session=False,
            manual_ack=True,
        )
        if how["user"]:
            password = secret(how["password_env"]) if how["password_env"] else None
            made.username_pw_set(how["user"], password)
        if how["tls"]:
            made.tls_set_context(trust(self.name, how["ca"]))
        made.reconnect_delay_set(1, LONGEST_PAUSE_S)
        made.on_connect = self._connected
        made.on_connect_fail = lambda *_: self._down(Fault.BROKER, "no connection")
        made.on_disconnect = self._disconnected
        made.on_subscribe = self._subscribed
        made.on_message = self._received
        return made

    def _connected(
        self, client: paho.Client, _: object, flags: Any, code: Any, properties: object
    ) -> None:
        if code.is_failure:
            fault = Fault.BROKER if code.value == _UNAVAILABLE else Fault.BROKER_REFUSES
            self._down(fault, f"the broker refuses us: {code}")
            return
        self.count.connections += 1
        if self.count.connections > 1 and not flags.session_present:
            _log.warning("session_forgotten", platform=self.name, effect="messages may be missing")
        client.subscribe([(topic, 1) for topic in self._topics])

    def _subscribed(
        self, client: paho.Client, _: object, mid: int, codes: list[Any], properties: object
    ) -> None:
        refused = [
            topic for topic, code in zip(self._topics, codes, strict=False) if code.is_failure
        ]
        if refused:
            what = f"the broker does not let us read {', '.join(refused)}"
            self._down(Fault.SUBSCRIPTION, what)
            return
        self.is_reading = True
        if self.is_down:
            _log.info("broker_up", platform=self.name)
        self._down_since = self._trouble = None
        self.is_down = False

    def _disconnected(
        self, client: paho.Client, _: object, flags: object, code: Any, properties: object
    ) -> None:
        self.is_reading = False
        if not self._is_ending and (self._trouble is None or self._trouble.fault is Fault.BROKER):
            self._down(Fault.BROKER, f"the connection ended ({code})")

    def _received(self, client: paho.Client, _: object, message: paho.MQTTMessage) -> None:
        """In the library's thread: what came goes to ours, which alone touches the disk."""
        if self._received_so_far - self._done_so_far >= MAX_PENDING:
            self._cut()
            return
        self._received_so_far += 1
        self._loop.call_soon_threadsafe(self._take, message, self.count.connections)

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception as error:  # noqa: BLE001 - the edge of this thread; trouble() tells it
            self._failed = error
        finally:
            self._ready.set()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        kept = self._keeping = Keeping(
            self.name, self._folder, self.on_closed, lambda data: self.on_kept(data)
        )
        self._tasks: set[asyncio.Task[None]] = set()
        finish = asyncio.Event()
        keeping = asyncio.create_task(kept.run(finish))
        self._ready.set()
        await first_of(self._end, keeping)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        finish.set()
        await keeping

    def _take(self, message: paho.MQTTMessage, connection: int) -> None:
        task = self._loop.create_task(self._keep(message, connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep(self, message: paho.MQTTMessage, connection: int) -> None:
        """Keep one message, then acknowledge it, in this order."""
        assert self._keeping is not None
        try:
            fault = self._fault(message)
            if fault:
                self.count.noise += 1
                row = f"{message.topic} {message.payload[:2000].decode('utf-8', 'replace')}"
                self._keeping.note(fault, row)
            else:
                self.count.messages += 1
                line = messages.line(clock.local(), bytes(message.payload), message.topic)
                await self._keeping.keep(line)
        except OSError:
            self._loop.call_later(AGAIN_S, self._cut)  # only a new connection brings it again
            return
        finally:
            self._done_so_far += 1
        # a number means another message on another connection
        if message.qos and connection == self.count.connections:
            self._client.ack(message.mid, message.qos)
            self.count.acknowledged += 1

    def _fault(self, message: paho.MQTTMessage) -> str:
        """Why this is no message of ours; empty when it is one."""
        if len(message.payload) > MAX_MESSAGE:
            return f"消息超过{MAX_MESSAGE >> 10}KB"
        if not any(paho.topic_matches_sub(each, message.topic) for each in self._topics):
            return "不是订阅的主题"  # an earlier configuration's, which the session remembers
        return ""

    def _cut(self) -> None:
        """End the connection; the library makes a new one, and the broker sends again."""
        line = self._client.socket()
        if isinstance(line, socket.socket):  # also with TLS
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _down(self, fault: Fault, reason: str) -> None:
        self._trouble = Trouble(fault, reason)
        if self._down_since is None:
            self._down_since = time.monotonic()
        if not self.is_down:
            self.is_down = True
            _log.warning("broker_down", platform=self.name, reason=reason)
