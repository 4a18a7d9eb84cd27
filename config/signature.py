"""How a question or a message is signed with a shared secret: the same text on both ends of a line.

HMAC-SHA256 in lower-case hex. A question signs method, path, sorted query, time, nonce and the
digest of its body, each on a line; a message signs time, nonce and the body itself. The time is
that of the real clock in whole seconds since 1970, as text: signatures are not part of the town.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

WINDOW_S: Final = 300  # a signature is good for so long before and after its time
KEY, TIME, NONCE, SIGNATURE = "X-Key-Id", "X-Timestamp", "X-Nonce", "X-Signature"


def sign(secret: str, text: bytes) -> str:
    """The signature of a text."""
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def agrees(secret: str, text: bytes, signature: str) -> bool:
    """Whether a signature is that of the text; takes equally long either way."""
    given = signature.strip().lower().encode("utf-8", "replace")
    return hmac.compare_digest(sign(secret, text).encode(), given)


def stamp() -> tuple[str, str]:
    """Time and nonce of a new signature."""
    return str(int(time.time())), secrets.token_hex(16)


def is_current(at: str) -> bool:
    """Whether the time of a signature is within the window."""
    return at.isascii() and at.isdecimal() and abs(time.time() - int(at[:15])) <= WINDOW_S


def message(at: str, nonce: str, body: bytes) -> bytes:
    """What the sender of a webhook signs."""
    return f"{at}\n{nonce}\n".encode() + body


def question(
    method: str, path: str, query: Iterable[tuple[str, str]], at: str, nonce: str, body: bytes
) -> bytes:
    """What is signed with a request to an interface."""
    digest = hashlib.sha256(body).hexdigest()
    return "\n".join((method.upper(), path, sorted_query(query), at, nonce, digest)).encode()


def sorted_query(query: Iterable[tuple[str, str]]) -> str:
    """Parameters by name and value, percent-encoded as RFC 3986 has it."""
    return "&".join(
        f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(query)
    )
