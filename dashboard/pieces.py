"""An answer put together from ready pieces: JSON text, each piece deflated once for all who ask.

A piece ends on a full flush, so that its bytes stand anywhere in a stream and depend on nothing
before them (RFC 1951, zlib's Z_FULL_FLUSH). The checksum of the whole follows from those of the
pieces (zlib's crc32_combine), so that nothing is deflated or even read again for the next caller.
"""

from __future__ import annotations

import json
import re
import secrets
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from dash.development.base_component import Component
from plotly.utils import PlotlyJSONEncoder

from dashboard.components import described

_PLACE: Final = f"\0{secrets.token_hex(8)} "  # no text of a platform can name it
_OPEN: Final = re.compile(re.escape(json.dumps(_PLACE)[:-1].encode()) + rb'(\d+)"')
_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # gzip, no name, no time
_LAST: Final = b"\x03\x00"  # an empty final block
_POLYNOMIAL: Final = 0xEDB88320
_ONCE, _OFTEN = 1, 5  # how hard to deflate what is sent once and what is kept


@dataclass(frozen=True, slots=True)
class Later:
    """A place in what is drawn for many, filled for each one from what is so when it is given."""

    write: Callable[[Any], Any]
    about: Any


def parts(value: Any) -> tuple[list[bytes], list[Later]]:
    """A value as JSON text in parts, and the open places between each two of them."""
    later: list[Later] = []

    def plain(one: Any) -> Any:
        if isinstance(one, Later):
            later.append(one)
            return f"{_PLACE}{len(later) - 1}"
        return _plain(one)

    said = _OPEN.split(_said(value, plain))
    return said[::2], [later[int(number)] for number in said[1::2]]


def text(value: Any) -> bytes:
    """A value with components as JSON, as Dash writes it, without its detours."""
    return _said(value, _plain)


def _said(value: Any, plain: Callable[[Any], Any]) -> bytes:
    try:
        said = json.dumps(
            value, default=plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
        return said.encode()
    except ValueError:  # a number or a half sign that JSON does not have: Dash knows what to do
        return json.dumps(value, cls=PlotlyJSONEncoder, default=plain).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Component):
        return described(value)
    return PlotlyJSONEncoder().default(value)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of many answers, deflated, with what a checksum over them needs."""

    deflated: bytes
    length: int
    crc: int
    shift: int  # what a checksum is multiplied by when this piece follows

    @classmethod
    def of(cls, raw: bytes) -> Piece:
        """Bytes made a piece."""
        return cls(_flushed(raw, _OFTEN), len(raw), zlib.crc32(raw), _power(8 * len(raw)))

    @property
    def raw(self) -> bytes:
        """The bytes as they were."""
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(self.deflated)


def gzipped(parts: Iterable[Piece | bytes]) -> bytes:
    """Pieces, and bytes that are sent this once, as one gzip stream."""
    found, crc, length = [_HEAD], 0, 0
    for part in parts:
        if isinstance(part, Piece):
            found.append(part.deflated)
            crc = _times(part.shift, crc) ^ part.crc
            length += part.length
        else:
            found.append(_flushed(part, _ONCE))
            crc = zlib.crc32(part, crc)
            length += len(part)
    found += [_LAST, struct.pack("<II", crc, length & 0xFFFFFFFF)]
    return b"".join(found)


def joined(parts: Iterable[Piece | bytes]) -> bytes:
    """The same for who takes no gzip."""
    return b"".join(part.raw if isinstance(part, Piece) else part for part in parts)


def _flushed(raw: bytes, how_hard: int) -> bytes:
    deflater = zlib.compressobj(how_hard, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflater.compress(raw) + deflater.flush(zlib.Z_FULL_FLUSH)


def _times(a: int, b: int) -> int:
    """The product of two polynomials modulo that of CRC-32, both in its reflected order."""
    found, bit = 0, 1 << 31
    while b:
        if a & bit:
            found ^= b
            a ^= bit
            if not a:
                return found
        bit >>= 1
        b = (b >> 1) ^ _POLYNOMIAL if b & 1 else b >> 1
    return found


def _power(bits: int) -> int:
    """x to the power of a number of bits, by squares."""
    found, square = 1 << 31, 1 << 30
    while bits:
        if bits & 1:
            found = _times(square, found)
        square = _times(square, square)
        bits >>= 1
    return found
