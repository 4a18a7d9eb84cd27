"""Text in the encodings that street systems write, decoded as a stream and never guessed twice.

A file says its encoding by a mark at its beginning, by declaration, or by being UTF-8 throughout;
what is none of these is GB18030. BIG5 looks like GB18030 to a machine and must be declared.
"""

from __future__ import annotations

import codecs
import io
from typing import Final, NamedTuple, TextIO

from cases.faults import Fault
from etl.errors import BadRecord
from etl.formats.stored import WHOLE, Stored, opened

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
    if isinstance(payload, Stored):
        raise BadRecord(
            platform, f"the file is larger than {WHOLE >> 20} MiB", fault=Fault.TOO_LARGE
        )
    return str(payload, _name(platform, payload, encoding))


def stream(platform: str, payload: bytes, encoding: str | None = None) -> TextIO:
    """The same text piece by piece: a big file is never held twice, a very big one not once."""
    name = _name(platform, payload, encoding)
    return io.TextIOWrapper(opened(payload), encoding=name, newline="")


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
    first: _Fault | None = None
    for name in names:
        fault = _fault(payload, name)
        if fault is None:
            return name
        first = first or fault
        if name == "utf-8" and not encoding and _has_utf8(fault.before):
            names = (name,)  # read as GB18030 it would be nonsense that raises no error
            break
    tried = encoding or marked or ("UTF-8 nor GB18030" if len(names) > 1 else "whole UTF-8")
    assert first is not None
    raise BadRecord(
        platform,
        f"the text is not {tried} (byte {first.at}, line {first.line})",
        fault=Fault.FILE_ENCODING,
    )


def _meant(encoding: str) -> tuple[str, ...]:
    known: str = codecs.lookup(encoding).name
    return _MEANT.get(known, (known,))


def _is_text(name: str) -> bool:
    """Python also has codecs that are no encodings of text (hex, zip)."""
    return codecs.lookup(name)._is_text_encoding


class _Fault(NamedTuple):
    """The first byte that a codec cannot read: where, in which line, after what."""

    at: int
    line: int
    before: bytes


def _fault(payload: bytes, name: str) -> _Fault | None:
    """Where the first byte stands that this codec cannot read; None when all can be."""
    read = codecs.getincrementaldecoder(name)()
    start, lines, before, piece = 0, 0, b"", b""
    with opened(payload) as file:
        try:
            while piece := file.read(_STEP):
                read.decode(piece)
                start += len(piece)
                lines += piece.count(b"\n")
                before = (before + piece)[-_STEP:]
            read.decode(b"", final=True)
        except UnicodeDecodeError as error:
            carried = max(0, len(error.object) - len(piece))
            at = max(0, start - carried + error.start)
            known = (before + piece)[: len(before) + at - start]
            newer = known[len(before) :].count(b"\n") if at >= start else 0
            return _Fault(at, lines + newer + 1, known[-_STEP:])
    return None


def _has_utf8(before: bytes) -> bool:
    """Whether what comes before the damage is UTF-8 beyond doubt."""
    return sum(not letter.isascii() for letter in before.decode("utf-8", "ignore")) >= _SURELY_UTF8
