"""Whether bytes are a whole JPEG picture, and how large it is, without unpacking it."""

from __future__ import annotations

from typing import Final

_START, _END = b"\xff\xd8\xff", b"\xff\xd9"
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # those that tell the size
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length


def size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a whole picture; None when it is none, or was cut off."""
    if not data.startswith(_START) or not data.rstrip(b"\0\r\n").endswith(_END):
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES:
            height = int.from_bytes(data[at + 5 : at + 7], "big")
            width = int.from_bytes(data[at + 7 : at + 9], "big")
            return (width, height) if width and height else None
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
