"""An HTTP exchange with limits: bytes on the wire, bytes unpacked, ratio, time; no redirect.

Everything that is asked over HTTP goes through here, tokens and pictures too.
"""

from __future__ import annotations

import logging
import ssl
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode

import httpx

from cases.faults import Fault
from etl.errors import Refused, Retryable, Unaccepted
from etl.transports.deadline import Deadline, Transport

MAX_BYTES: Final = 16 << 20  # a JSON answer takes eight times as much once it is read
MAX_RATIO: Final = 200  # unpacked to packed; lists of records stay below 50
DEADLINE_S: Final = 30.0
_SILENCE_S: Final = 10.0
_RATIO_FROM: Final = 4 << 20
_STEP: Final = 1 << 20
_LIMITS = httpx.Limits(max_connections=4, max_keepalive_connections=2, keepalive_expiry=60.0)
logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log addresses with what is in them
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "honglan"}


class Ask(NamedTuple):
    """One question: where, with which parameters, headers and body."""

    url: str
    params: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    body: bytes = b""

    @property
    def address(self) -> str:
        """The address with its parameters."""
        if not self.params:
            return self.url
        return f"{self.url}{'&' if '?' in self.url else '?'}{_encoded(self.params)}"

    def having(self, headers: Mapping[str, str]) -> Ask:
        """The same question with more headers."""
        return self._replace(headers=(*self.headers, *headers.items()))


class Reply(NamedTuple):
    """What came: the body, and the Link headers that tell where it goes on."""

    body: bytes
    links: tuple[str, ...] = ()


class Web:
    """Connections to one platform: follows nothing, trusts no proxy of the environment."""

    def __init__(self, ca: Path | None = None) -> None:
        self._deadline = Deadline()
        self._client = httpx.Client(
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(_SILENCE_S, connect=5.0),
            headers=_HEADERS,
            transport=Transport(self._deadline, _trusted(ca), _LIMITS),
        )

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def fetch(
        self,
        platform: str,
        ask: Ask,
        *,
        max_bytes: int = MAX_BYTES,
        deadline_s: float = DEADLINE_S,
        limit_s: float | None = None,
    ) -> Reply:
        """The answer to one question; Retryable or Refused says what to do when none came.

        `limit_s` is the limit that is told, where the deadline is what other tries left of it.
        """
        self._deadline.start(deadline_s)
        try:
            with self._client.stream(
                ask.method, ask.address, headers=list(ask.headers), content=ask.body or None
            ) as answer:
                _judge(platform, answer)
                body = _body(platform, answer, max_bytes)
                return Reply(body, tuple(answer.headers.get_list("Link")))
        except httpx.TimeoutException:
            if self._deadline.is_over:
                limit = f"{limit_s or deadline_s:.0f} s"
                raise Retryable(
                    platform, f"the answer took too long (limit {limit})", fault=Fault.TIMEOUT
                ) from None
            raise Retryable(platform, "no answer in time", fault=Fault.TIMEOUT) from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Refused(
                platform, f"the address cannot be used ({error})", fault=Fault.ADDRESS
            ) from None
        except httpx.HTTPError as error:
            distrust = _distrust(error)
            if distrust is not None:
                raise Refused(
                    platform,
                    f"its certificate is not trusted ({distrust})",
                    fault=Fault.CERTIFICATE,
                ) from None
            raise Retryable(
                platform, f"the connection failed ({_short(error)})", fault=Fault.LINE
            ) from None
        except UnicodeEncodeError:
            raise Refused(
                platform, "a token or header holds characters that HTTP forbids", fault=Fault.CONFIG
            ) from None


@lru_cache(maxsize=16)
def _trusted(ca: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=None if ca is None else str(ca))


def _encoded(params: Iterable[tuple[str, str]]) -> str:
    return urlencode(list(params), quote_via=quote, safe="")


def _judge(platform: str, answer: httpx.Response) -> None:
    code = answer.status_code
    if code in (200, 204):
        return
    if code in (408, 429) or code >= 500:
        raise Retryable(platform, f"HTTP {code}", _retry_after(answer.headers), fault=Fault.BUSY)
    if code == 401:
        raise Unaccepted(
            platform, f"HTTP {code}: the platform does not accept our token", fault=Fault.UNACCEPTED
        )
    if code == 403:
        raise Refused(
            platform,
            f"HTTP {code}: the platform does not allow this question to us",
            fault=Fault.FORBIDDEN,
        )
    if 300 <= code < 400:
        raise Refused(
            platform,
            f"HTTP {code}: the platform points elsewhere (a login page?)",
            fault=Fault.LOGIN_PAGE,
        )
    raise Refused(
        platform, f"HTTP {code}: the platform does not know this question", fault=Fault.QUESTION
    )


def _body(platform: str, answer: httpx.Response, max_bytes: int) -> bytes:
    """Inflate piece by piece: a whole network chunk inflated at once could fill memory."""
    encoding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", ""):
        raise Refused(
            platform,
            f"the answer is packed as {encoding}; gzip or nothing is allowed",
            fault=Fault.ANSWER,
        )
    unpack = zlib.decompressobj(31) if encoding == "gzip" else None
    parts: list[bytes] = []
    size = packed = 0
    try:
        for chunk in answer.iter_raw():
            waiting = chunk
            packed += len(chunk)
            while waiting:
                if unpack is None:
                    piece, waiting = waiting, b""
                else:
                    piece = unpack.decompress(waiting, _STEP)
                    waiting = unpack.unconsumed_tail
                size += len(piece)
                _measure(platform, size, packed, max_bytes)
                parts.append(piece)
        if unpack is not None and not unpack.eof:
            raise Retryable(platform, "the answer was cut off", fault=Fault.CUT)
    except zlib.error:
        raise Retryable(platform, "the packed answer is damaged", fault=Fault.CUT) from None
    return b"".join(parts)


def _measure(platform: str, size: int, packed: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise Refused(
            platform, f"the answer is larger than {_readable(max_bytes)}", fault=Fault.TOO_LARGE
        )
    if size > _RATIO_FROM and size > MAX_RATIO * packed:
        raise Refused(
            platform,
            f"the answer unpacks to more than {MAX_RATIO} times its size",
            fault=Fault.TOO_LARGE,
        )


def _readable(size: int) -> str:
    return f"{size >> 20} MiB" if size >= 1 << 20 else f"{size >> 10} KiB"


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds to wait; a date is held against the platform's own clock, since clocks differ."""
    given = headers.get("Retry-After", "").strip()
    if given.isascii() and given.isdecimal():
        return min(float(given), 3600.0)
    until, now = _moment(given), _moment(headers.get("Date", ""))
    if until is None or now is None:
        return None
    return min(max(0.0, (until - now).total_seconds()), 3600.0)


def _moment(given: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(given)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None


def _distrust(error: BaseException | None) -> str | None:
    """Why TLS does not trust the platform; None when that is not what went wrong."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return str(error.verify_message)
        error = error.__cause__ or error.__context__
    return None


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
