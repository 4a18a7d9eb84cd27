"""Messages that a platform pushed: one line of JSON each, with when it came and its body as text.

A segment of a stream is made of such lines: `{"at": …, "topic": …, "body": …}`. Bytes that are no
UTF-8 are kept in the text without loss, and read as GB18030 like the devices that send them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cases.faults import Fault
from etl.errors import BadRecord

_NUMBERS = {"parse_int": str, "parse_float": str, "parse_constant": str}


def line(at: datetime, body: bytes, topic: str | None = None) -> bytes:
    """One message as a stream keeps it."""
    said: dict[str, str] = {"at": at.isoformat()}
    if topic is not None:
        said["topic"] = topic
    # escaped, since a broken code point that stands for a byte could not be written as UTF-8
    said["body"] = body.decode("utf-8", "surrogateescape")
    return json.dumps(said, ensure_ascii=True).encode("ascii") + b"\n"


def whole(data: bytes) -> bytes:
    """What of a segment left open by a sudden end is complete: up to its last line."""
    return data[: data.rfind(b"\n") + 1]


def messages(key: str, payload: bytes) -> Iterator[tuple[dict[str, str], Any]]:
    """Each message: `at` and `topic`, and its body decoded, numbers as the text that was sent.

    A body that is not JSON comes as its text, for a parser to reject; BadRecord when the file
    itself is not made of messages.
    """
    lines = [each for each in payload.splitlines() if each.strip()]
    if not lines:
        raise BadRecord(key, "the file holds no message", fault=Fault.FILE_UNREADABLE)
    for number, each in enumerate(lines, start=1):
        try:
            message = json.loads(each)
        except (ValueError, RecursionError):
            raise BadRecord(
                key, f"line {number} is not JSON", fault=Fault.FILE_UNREADABLE
            ) from None
        if not isinstance(message, dict) or not isinstance(message.get("body"), str):
            raise BadRecord(key, f"line {number} has no body of text", fault=Fault.FILE_UNREADABLE)
        about = {name: str(message[name]) for name in ("at", "topic") if name in message}
        yield about, _decoded(message["body"])


def _decoded(body: str) -> Any:
    said = _readable(body)
    try:
        return json.loads(said, **_NUMBERS)  # type: ignore[arg-type]
    except (ValueError, RecursionError):
        return said


def _readable(body: str) -> str:
    """The text of a body; one that came as other bytes than UTF-8 is read as GB18030."""
    if body.isascii() or not any("\udc80" <= each <= "\udcff" for each in body):
        return body.removeprefix("\ufeff")
    try:
        return body.encode("utf-8", "surrogateescape").decode("gb18030")
    except UnicodeError:
        return body
