"""Whether JSON may be read at all: how deep it is nested and how many values it holds.

Text of 16 MB can become a gigabyte of Python objects, or exhaust the reader's stack; both are
told from the text, before a single object is made.
"""

from __future__ import annotations

import re
from typing import Final

MAX_DEPTH: Final = 64
MAX_VALUES: Final = 1_000_000
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_QUOTED = re.compile(rb'"[^"]*"')
_OTHERS: Final = bytes(byte for byte in range(256) if byte not in b'"[]{}')
_ALIKE: Final = bytes.maketrans(b"{}", b"[]")


def excess(payload: bytes) -> str | None:
    """What is too much about this JSON, in words; None when it may be read."""
    # marks inside of texts are counted too: an estimate that errs on the safe side
    if sum(payload.count(mark) for mark in (b",", b"[", b"{")) > MAX_VALUES:
        return f"holds more than {MAX_VALUES:,} values"
    if _is_deeper(payload, MAX_DEPTH):
        return f"is nested deeper than {MAX_DEPTH} levels"
    return None


def _is_deeper(payload: bytes, limit: int) -> bool:
    """Each round takes the innermost pair of brackets away; what is then left lies deeper."""
    plain = _ESCAPED.sub(b"", payload) if b"\\" in payload else payload
    marks = plain.translate(_ALIKE, _OTHERS)
    # two quotes beside each other hold no bracket; without them every other mark stays in or out
    marks = _QUOTED.sub(b"", marks.replace(b'""', b""))
    for _ in range(limit):
        fewer = marks.replace(b"[]", b"")
        if len(fewer) == len(marks):
            return False  # nothing left, or broken, which the reader tells
        marks = fewer
    return bool(marks)
