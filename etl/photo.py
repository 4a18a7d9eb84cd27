"""Whether a file is a picture that may be kept: a whole JPEG or PNG of bounded size and pixels.

Nothing is unpacked: a picture is judged by its marks and by the sides that its header tells.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final, NamedTuple

from etl.formats import jpeg
from etl.formats.stored import WHOLE, Stored

MAX_BYTES: Final = WHOLE
MAX_SIDE: Final = 8192
MAX_PIXELS: Final = 50_000_000  # a survey camera's frame of 8192 × 5460 is 45 million
_NAMES: Final = frozenset({".jpg", ".jpeg", ".png"})
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_END: Final = b"IEND\xae\x42\x60\x82"
_HEADER: Final = slice(12, 16)


class Judged(NamedTuple):
    """What a picture is: its extension; or why it is not kept."""

    ext: str = ""
    reason: str = ""


def is_named(name: str) -> bool:
    """Whether a file calls itself a picture."""
    return PurePosixPath(name).suffix.lower() in _NAMES


def judge(data: bytes) -> Judged:
    """Judge what came; the name it came by says nothing about it."""
    if isinstance(data, Stored) or len(data) > MAX_BYTES:
        return Judged(reason=f"图片超过{MAX_BYTES >> 20} MiB")
    is_png = data.startswith(_PNG)
    if not is_png and not data.startswith(b"\xff\xd8\xff"):
        return Judged(reason="不是JPEG或PNG图片")
    sides = _png(data) if is_png else jpeg.size(data)
    if sides is None:
        return Judged(reason="图片残缺")
    width, height = sides
    if max(sides) > MAX_SIDE or width * height > MAX_PIXELS:
        return Judged(reason=f"图片像素过大({width}×{height})")
    return Judged("png" if is_png else "jpg")


def _png(data: bytes) -> tuple[int, int] | None:
    if data[_HEADER] != b"IHDR" or not data.endswith(_PNG_END):
        return None
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    return (width, height) if width and height else None
