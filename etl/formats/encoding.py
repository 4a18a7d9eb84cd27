"""Text in the encodings that street systems write, decoded as a stream and never guessed twice.

A file says its encoding by a mark at its beginning, by declaration, or by being UTF-8 throughout;
what is none of these is GB18030. BIG5 looks like GB18030 to a machine and must be declared.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import Final, TextIO

from cases.faults import Fault
from etl.errors import BadRecord

_STEP: Final = 1 << 20
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# what is declared by an older name is written with the characters of the newer one
_MEANT: Final = {
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "cp936": ("gb18030",),
    "big5": ("cp950", "big5hkscs"),
}
_SURELY_UTF8: Final = 3  # so many whole characters before the damage are no accident


def decode(platform: str, payload: bytes, encoding: str | None = None) -> str:
    """The text of a file: the named encoding, else by its mark, else UTF-8, else GB18030."""
    return str(payload, _name(platform, payload, encoding))


def stream(platform: str, payload: bytes, encoding: str | None = None) -> TextIO:
    """The same text piece by piece: a big file is never held twice."""
    name = _name(platform, payload, encoding)
    return io.TextIOWrapper(io.BytesIO(payload), encoding=name, newline="")


def is_known(encoding: str) -> bool:
    """Whether an encoding may be declared by this name."""
    try:
        return all(_is_text(name) for name in _meant(encoding))
    except LookupError:
        return False


def _name(platform: str, payload: bytes, encoding: str | None) -> str:
    """The codec that reads these bytes; BadRecord names the first byte that none can read."""
    marked = next((name for mark, name in _BOMS if payload.startswith(mark)), None)
    names: tuple[str, ...]
    if encoding:
        names = (*([marked] if marked else ()), *_meant(encoding))
    else:
        names = (marked,) if marked else ("utf-8", "gb18030")
    where = None
    for name in names:
        fault = _fault(payload, name)
        if fault is None:
            return name
        where = fault if where is None else where
        if name == "utf-8" and not encoding and _has_utf8(payload, fault):
            names = (name,)  # read as GB18030 it would be nonsense that raises no error
            break
    tried = encoding or marked or ("UTF-8 nor GB18030" if len(names) > 1 else "whole UTF-8")
    at = payload.count(b"\n", 0, where or 0) + 1
    raise BadRecord(
        platform, f"the text is not {tried} (byte {where}, line {at})", fault=Fault.FILE_ENCODING
    )


def _meant(encoding: str) -> tuple[str, ...]:
    known: str = codecs.lookup(encoding).name
    return _MEANT.get(known, (known,))


def _is_text(name: str) -> bool:
    """Python also has codecs that are no encodings of text (hex, zip)."""
    return codecs.lookup(name)._is_text_encoding


def _fault(payload: bytes, name: str) -> int | None:
    """Where the first byte stands that this codec cannot read; None when all can be."""
    read = codecs.getincrementaldecoder(name)()
    at = 0
    try:
        for piece in _pieces(payload):
            read.decode(piece)
            at += len(piece)
        read.decode(b"", final=True)
    except UnicodeDecodeError as error:
        carried = len(error.object) - (min(len(payload), at + _STEP) - at)
        return max(0, at - max(0, carried) + error.start)
    return None


def _pieces(payload: bytes) -> Iterator[bytes]:
    for start in range(0, len(payload), _STEP):
        yield payload[start : start + _STEP]


def _has_utf8(payload: bytes, fault: int) -> bool:
    """Whether what comes before the damage is UTF-8 beyond doubt."""
    before = payload[max(0, fault - _STEP) : fault].decode("utf-8", "ignore")
    return sum(not letter.isascii() for letter in before) >= _SURELY_UTF8
