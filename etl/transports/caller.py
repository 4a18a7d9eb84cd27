"""Asks one platform until it answers: who we are, another try when it helps, an end in time."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Any, Final

import stamina

from cases.faults import Fault
from config.errors import ConfigError
from etl.errors import BadRecord, Refused, Retryable, Unaccepted
from etl.formats.cell import load_json
from etl.formats.json_size import excess
from etl.transports.bounded import DEADLINE_S, MAX_BYTES, Ask, Reply, Web
from etl.transports.rest_auth import Auth

ATTEMPTS: Final = 3
_TOKEN_BYTES: Final = 64 << 10
stamina.instrumentation.set_on_retry_hooks([])  # a platform that is down is told once, elsewhere


class Caller:
    """One platform on the line; used by one thread at a time."""

    def __init__(
        self, key: str, auth: Auth, *, ca: Path | None = None, deadline_s: float = DEADLINE_S
    ) -> None:
        self.key = key
        self._auth = auth
        self._deadline_s = deadline_s
        self._web = Web(ca)

    def close(self) -> None:
        """Give the connections back."""
        self._web.close()

    def ask(self, ask: Ask, *, max_bytes: int = MAX_BYTES) -> Reply:
        """The answer within the deadline, after three tries at most; EtlError when none came."""
        until = time.monotonic() + self._deadline_s
        for attempt in stamina.retry_context(
            on=_Wait(until), attempts=ATTEMPTS, timeout=self._deadline_s
        ):
            with attempt:
                try:
                    return self._once(ask, until, max_bytes)
                except Unaccepted:
                    if not self._auth.renew():
                        raise
                return self._once(ask, until, max_bytes)
        raise AssertionError("the last attempt either answers or raises")

    def _once(self, ask: Ask, until: float, max_bytes: int) -> Reply:
        def fetch(ask: Ask, most: int = _TOKEN_BYTES) -> Reply:
            left = max(0.1, until - time.monotonic())
            limit = self._deadline_s
            return self._web.fetch(self.key, ask, max_bytes=most, deadline_s=left, limit_s=limit)

        try:
            signed = self._auth.sign(ask, fetch)
        except ConfigError as error:  # a secret that is not there stops this platform, no other
            raise Refused(self.key, str(error), fault=Fault.CONFIG) from None
        return fetch(signed, max_bytes)


def read(key: str, payload: bytes) -> Any:
    """A JSON answer that is small enough to be read; Refused when it is none."""
    too_much = excess(payload)
    if too_much is not None:
        raise Refused(key, f"the answer {too_much}", fault=Fault.TOO_LARGE)
    try:
        return load_json(key, payload)
    except BadRecord as error:
        if payload.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            raise Refused(
                key, "the answer is a page, not JSON (a login page?)", fault=Fault.LOGIN_PAGE
            ) from None
        raise Refused(key, error.what, fault=error.fault) from None


class _Wait:
    """How long until the next attempt: what the platform asks for, else full jitter.

    A wait that leaves no time to ask again is for the next poll, which comes anyway.
    """

    def __init__(self, until: float) -> None:
        self._until = until
        self._failed = 0

    def __call__(self, error: Exception) -> bool | float:
        if not isinstance(error, Retryable):
            return False
        self._failed += 1
        most = min(8.0, 0.5 * 2**self._failed)
        wait = secrets.SystemRandom().uniform(0.0, most) if error.after is None else error.after
        return wait if time.monotonic() + wait < self._until else False
