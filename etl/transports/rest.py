"""Polled JSON over HTTP: pages, an envelope, a token, a cursor by update time with overlap.

Records are asked for by "changed since"; after each page the question goes on from the update
time it reached, so that a record changing meanwhile pushes none over a page border. Where a
platform does not sort by update time, plain page numbers are used and the cursor moves at the end.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import stamina

from config.environment import environment, secret
from config.errors import ConfigError
from config.platforms import Platform, span
from etl.errors import EtlError, Refused, Retryable
from etl.formats.cell import dig, load_json, text
from etl.formats.moment import iso
from etl.transports import bounded
from etl.transports.answer import Answer

ATTEMPTS: Final = 3
stamina.instrumentation.set_on_retry_hooks([])  # a platform that is down is told once, elsewhere
_EVER = "2000-01-01T00:00:00"
_REQUIRED = {"url", "records"}
_OPTIONAL: Final[Mapping[str, Any]] = {
    "auth": "none",
    "token_env": "",
    "page": "number",
    "page_param": "page",
    "size_param": "size",
    "size": 500,
    "since_param": "",
    "first_since": _EVER,
    "overlap": "10m",
    "ok_field": "",
    "ok_value": "",
    "message_field": "",
    "total": "",
    "cursor_field": "",
    "params": {},
}


@dataclass(frozen=True)
class Question:
    """How one platform wants to be asked, from its [key.rest] block."""

    key: str
    options: Mapping[str, Any]
    overlap: timedelta

    def __getitem__(self, name: str) -> Any:
        return self.options[name]


def check(platform: Platform) -> None:
    """ConfigError when the settings of a platform cannot be used."""
    question(platform)


def poll(platform: Platform) -> Asking:
    """The platform, ready to be asked."""
    return Asking(question(platform))


def question(platform: Platform) -> Question:
    """The settings of a platform; ConfigError names the one that cannot be used."""
    file = environment().config / "platforms.toml"
    given = platform.options
    options = {**_OPTIONAL, **given}
    allowed = ", ".join(sorted(_REQUIRED | set(_OPTIONAL)))
    wrong = {name: allowed for name in sorted(set(given) - _REQUIRED - set(_OPTIONAL))}
    wrong |= {name: "a text" for name in sorted(_REQUIRED) if not given.get(name)}
    wrong = wrong or dict(_wrong(options))
    for name, said in wrong.items():
        raise ConfigError(file, f"{platform.key}.rest.{name}", given.get(name), said)
    overlap = span(options["overlap"], file, f"{platform.key}.rest.overlap")
    return Question(platform.key, options, overlap)


def _wrong(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each setting that cannot be used, and what is allowed."""
    parts = urlsplit(str(options["url"]))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield "url", "an address that begins with http:// or https://"
    if options["page"] not in ("number", "offset"):
        yield "page", "number | offset"
    if not isinstance(options["size"], int) or not 1 <= options["size"] <= 10_000:
        yield "size", "1 to 10000"
    auth = str(options["auth"])
    if auth not in ("none", "bearer") and not auth.startswith("header:"):
        yield "auth", "none | bearer | header:<Name>"
    if auth != "none" and not options["token_env"]:
        yield "token_env", "the name of the variable that holds the token"
    if options["since_param"] and not options["cursor_field"]:
        yield "cursor_field", "the field with the update time, since since_param is given"


class Asking:
    """Asks one platform, page by page, with one connection that is kept."""

    ext = "json"

    def __init__(self, asked: Question, web: httpx.Client | None = None) -> None:
        self.asked = asked
        self._web = web or bounded.client()

    def close(self) -> None:
        """Give the connection back."""
        self._web.close()

    def pages(self, cursor: str | None, now: datetime) -> Iterator[Answer]:
        """All pages that are new since the cursor; EtlError when one cannot be had."""
        asked = self.asked
        since = _before(cursor, asked.overlap) or asked["first_since"]
        page, seen, last, is_first = 0, 0, b"", True
        held: str | None = None  # the cursor of an unsorted answer, kept until its last page
        while True:
            payload = self._ask(since, page)
            if payload == last:
                raise Refused(asked.key, f"page {page} repeats the one before it")
            last = payload
            records, total = self._records(payload)
            stamps = self._stamps(records)
            reached = _not_ahead(max(stamps, default=None), now)
            seen += len(records)
            more = seen < total if total is not None else len(records) >= asked["size"]
            more = more and bool(records)
            is_sorted = held is None and stamps == sorted(stamps) and len(stamps) == len(records)
            if not is_sorted:
                held = max(filter(None, (held, reached)), default="") or ""
            after = reached if is_sorted else (None if more else held or None)
            yield Answer(payload, after, len(records), total if is_first else None)
            is_first = False
            if not more:
                return
            if asked["since_param"] and is_sorted and stamps and stamps[-1] > since:
                since, page, seen, last = stamps[-1], 0, 0, b""
            else:
                page += 1

    def _ask(self, since: str, page: int) -> bytes:
        asked = self.asked
        params = {name: str(value) for name, value in asked["params"].items()}
        offset = page * asked["size"]
        params[asked["page_param"]] = str(page + 1 if asked["page"] == "number" else offset)
        params[asked["size_param"]] = str(asked["size"])
        if asked["since_param"]:
            params[asked["since_param"]] = since
        wait, until = _Wait(), time.monotonic() + bounded.DEADLINE_S
        for attempt in stamina.retry_context(
            on=wait, attempts=ATTEMPTS, timeout=bounded.DEADLINE_S
        ):
            with attempt:
                return bounded.get(
                    self._web,
                    asked.key,
                    asked["url"],
                    params,
                    self._headers(),
                    deadline_s=max(1.0, until - time.monotonic()),
                )
        raise AssertionError("the last attempt either answers or raises")

    def _headers(self) -> dict[str, str]:
        auth = self.asked["auth"]
        if auth == "none":
            return {}
        token = secret(self.asked["token_env"])
        if auth == "bearer":
            return {"Authorization": f"Bearer {token}"}
        return {auth.removeprefix("header:"): token}

    def _records(self, payload: bytes) -> tuple[list[Any], int | None]:
        """The records of an answer whose envelope says that it is one."""
        asked = self.asked
        try:
            answer = load_json(asked.key, payload)
            if asked["ok_field"]:
                said = text(dig(asked.key, answer, asked["ok_field"]))
                if said != str(asked["ok_value"]):
                    raise Refused(asked.key, f"the platform says {said}: {self._message(answer)}")
            records = dig(asked.key, answer, asked["records"])
            total = text(dig(asked.key, answer, asked["total"])) if asked["total"] else None
        except Refused:
            raise
        except EtlError as error:
            raise Refused(asked.key, error.what) from None
        if not isinstance(records, list):
            raise Refused(asked.key, f"{asked['records']} of the answer is not a list")
        return records, int(total) if total and total.isdecimal() else None

    def _message(self, answer: Any) -> str:
        if not self.asked["message_field"]:
            return "no message"
        try:
            said = text(dig(self.asked.key, answer, self.asked["message_field"]))
        except EtlError:
            said = None
        return " ".join((said or "no message").split())[:200]

    def _stamps(self, records: list[Any]) -> list[str]:
        """The update times of the records that have a readable one, in ISO."""
        name = self.asked["cursor_field"]
        if not name:
            return []
        stamps = (iso(text(r.get(name)) or "") for r in records if isinstance(r, dict))
        return [stamp for stamp in stamps if stamp]


class _Wait:
    """How long until the next attempt: what the platform asks for, else full jitter."""

    def __init__(self) -> None:
        self._failed = 0

    def __call__(self, error: Exception) -> bool | float:
        if not isinstance(error, Retryable):
            return False
        self._failed += 1
        if error.after is not None:
            # longer than this is for the next poll, which comes anyway
            return error.after if error.after <= 20 else False
        return secrets.SystemRandom().uniform(0.0, min(8.0, 0.5 * 2**self._failed))


def _before(cursor: str | None, overlap: timedelta) -> str | None:
    return None if cursor is None else (datetime.fromisoformat(cursor) - overlap).isoformat()


def _not_ahead(stamp: str | None, now: datetime) -> str | None:
    """A record dated ahead of our clock must not make us skip what comes before that date."""
    return None if stamp is None else min(stamp, now.isoformat())
