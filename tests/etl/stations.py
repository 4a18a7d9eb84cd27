"""Frames as stations make them, for the tests of the telemetry line."""

from __future__ import annotations

from etl.formats import sl651

STATION = "3201170001"
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40 + b"\xff\xd9"


def frame(function: int, start: int, body: bytes, end: int, station: str = STATION) -> bytes:
    raw = (
        sl651.MARK
        + b"\x01"
        + bytes.fromhex(station)
        + b"\x12\x34"
        + bytes([function])
        + len(body).to_bytes(2, "big")
        + bytes([start])
        + body
        + bytes([end])
    )
    return raw + sl651.checksum(raw)


def report(number: int, minute: int, level: str = "00009835", station: str = STATION) -> bytes:
    """A timed report with a level and a voltage."""
    head = number.to_bytes(2, "big") + bytes.fromhex("261120080000")
    observed = f"2611{20 + minute // 1440:02d}{minute // 60 % 24:02d}{minute % 60:02d}"
    body = head + bytes.fromhex(f"F1F1{station}48F0F0{observed}3923{level}38121248")
    return frame(0x32, sl651.STX, body, 0x03, station)


def picture(
    content: bytes = JPEG,
    *,
    size: int = 4000,
    serial: int = 9,
    minute: str = "2611200805",
    station: str = STATION,
    heads: bool = False,
    function: int = sl651.PICTURE,
    intro: str | None = None,
) -> list[bytes]:
    """A picture in packets; some makers begin each with the head again."""
    head = serial.to_bytes(2, "big") + bytes.fromhex("261120080500")
    first = head + bytes.fromhex(intro or f"F1F1{station}48F0F0{minute}F3F3")
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    total = len(pieces)
    made = []
    for number, piece in enumerate(pieces, 1):
        count = (total << 12 | number).to_bytes(3, "big")
        opening = first if number == 1 else head if heads else b""
        end = 0x03 if number == total else sl651.ETB
        made.append(frame(function, sl651.SYN, count + opening + piece, end, station))
    return made
