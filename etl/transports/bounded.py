"""An HTTP answer read with limits: bytes on the wire, bytes unpacked, time; never a redirect."""

from __future__ import annotations

import time
import zlib
from collections.abc import Mapping
from typing import Final

import httpx

from etl.errors import Refused, Retryable

MAX_BYTES: Final = 50 << 20
DEADLINE_S: Final = 30.0
_STEP: Final = 1 << 20
_TIMEOUT = httpx.Timeout(10.0, connect=5.0)


def client() -> httpx.Client:
    """A client that follows nothing, trusts no proxy of the environment, keeps few connections."""
    return httpx.Client(
        follow_redirects=False,
        trust_env=False,
        timeout=_TIMEOUT,
        limits=httpx.Limits(max_connections=4, max_keepalive_connections=2),
        headers={"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "honglan"},
    )


def get(
    web: httpx.Client,
    platform: str,
    url: str,
    params: Mapping[str, str],
    headers: Mapping[str, str],
    *,
    max_bytes: int = MAX_BYTES,
    deadline_s: float = DEADLINE_S,
) -> bytes:
    """The body of one GET; Retryable or Refused says what went wrong and what to do about it."""
    until = time.monotonic() + deadline_s
    try:
        with web.stream("GET", url, params=dict(params), headers=dict(headers)) as answer:
            _judge(platform, answer)
            return _body(platform, answer, max_bytes, until)
    except httpx.TimeoutException:
        raise Retryable(platform, "no answer in time") from None
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise Refused(platform, f"the address cannot be used ({error})") from None
    except httpx.HTTPError as error:
        raise Retryable(platform, f"the connection failed ({_short(error)})") from None


def _judge(platform: str, answer: httpx.Response) -> None:
    code = answer.status_code
    if code == 200:
        return
    if code == 429 or code >= 500:
        raise Retryable(platform, f"HTTP {code}", _retry_after(answer.headers.get("Retry-After")))
    if code in (401, 403):
        raise Refused(platform, f"HTTP {code}: the platform does not accept our token")
    if 300 <= code < 400:
        raise Refused(platform, f"HTTP {code}: the platform points elsewhere (a login page?)")
    raise Refused(platform, f"HTTP {code}: the platform does not know this question")


def _body(platform: str, answer: httpx.Response, max_bytes: int, until: float) -> bytes:
    """Inflate piece by piece: a whole network chunk inflated at once could fill memory."""
    encoding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", ""):
        raise Refused(platform, f"the answer is packed as {encoding}; gzip or nothing is allowed")
    unpack = zlib.decompressobj(31) if encoding == "gzip" else None
    parts: list[bytes] = []
    size = 0
    try:
        for chunk in answer.iter_raw():
            waiting = chunk
            while waiting:
                if time.monotonic() > until:
                    raise Retryable(platform, "the answer took too long")
                if unpack is None:
                    piece, waiting = waiting, b""
                else:
                    piece = unpack.decompress(waiting, _STEP)
                    waiting = unpack.unconsumed_tail
                size += len(piece)
                if size > max_bytes:
                    raise Refused(platform, f"the answer is larger than {max_bytes >> 20} MiB")
                parts.append(piece)
        if unpack is not None and not unpack.eof:
            raise Retryable(platform, "the answer was cut off")
    except zlib.error:
        raise Retryable(platform, "the packed answer is damaged") from None
    return b"".join(parts)


def _retry_after(text: str | None) -> float | None:
    """Seconds to wait; a date is treated as not given, since clocks differ."""
    return min(float(text), 3600.0) if text and text.strip().isdecimal() else None


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
