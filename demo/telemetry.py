"""SL 651-2014 frames as the town's stations send them (HEX/BCD, up-link), and their confirmations.

Layout: 7E7E, centre, station, password, function, length, 02, body, 03, CRC. A picture goes in
packets: 16 and which of how many instead of 02, 17 instead of 03 while more follow. A station knows
nothing of how the centre reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

START = b"\x7e\x7e"
STX, ETX, SYN, ETB, ACK = 0x02, 0x03, 0x16, 0x17, 0x06
KEEP_ALIVE, UNIFORM, TIMED, ADDED, HOURLY, PICTURE = 0x2F, 0x31, 0x32, 0x33, 0x34, 0x36
PACKET = 1000  # bytes of a picture in one packet
CODE_WORD = "1234"  # the two bytes that the standard calls password; nobody checks them
CLASSES = {"river": 0x48, "lake": 0x4B, "reservoir": 0x4B, "rain": 0x50}

# element: id and definition byte (high 5 bits bytes, low 3 bits decimals)
LEVEL = (0x39, 0x23)
RAIN_5_MIN = (0x22, 0x19)
RAIN_TOTAL = (0x26, 0x19)
VOLTAGE = (0x38, 0x12)
RAIN_12 = (0xF4, 0x60)
STEP = (0x04, 0x18)
_CONFIRMATION_BYTES = 25


class Confirmation(NamedTuple):
    """What a down-link frame confirms."""

    station: str
    function: int
    serial: int


def crc(data: bytes) -> int:
    """CRC-16, polynomial A001 reflected, from FFFF, over everything before it."""
    value = 0xFFFF
    for byte in data:
        value = (value >> 8) ^ _TABLE[(value ^ byte) & 0xFF]
    return value


def _table() -> tuple[int, ...]:
    table = []
    for number in range(256):
        for _ in range(8):
            number = (number >> 1) ^ 0xA001 if number & 1 else number >> 1
        table.append(number)
    return tuple(table)


_TABLE = _table()


def frame(
    station: str, function: int, body: bytes, centre: int = 1, start: int = STX, end: int = ETX
) -> bytes:
    """A whole up-link frame around a body."""
    head = bytes([centre]) + bytes.fromhex(station) + bytes.fromhex(CODE_WORD)
    data = (
        START + head + bytes([function]) + len(body).to_bytes(2, "big")
        + bytes([start]) + body + bytes([end])
    )  # fmt: skip
    return data + crc(data).to_bytes(2, "big")


def keep_alive(station: str, serial: int, sent: datetime) -> bytes:
    """The frame that only says the line is up."""
    return frame(station, KEEP_ALIVE, _opening(serial, sent))


def report(
    station: str, function: int, serial: int, sent: datetime,
    *, kind: str, observed: datetime, elements: Iterable[bytes],
) -> bytes:  # fmt: skip
    """A report of one observation time with its elements."""
    body = (
        _opening(serial, sent)
        + b"\xf1\xf1" + bytes.fromhex(station) + bytes([CLASSES[kind]])
        + b"\xf0\xf0" + bytes.fromhex(f"{observed:%y%m%d%H%M}")
        + b"".join(elements)
    )  # fmt: skip
    return frame(station, function, body)


def picture(
    station: str, serial: int, sent: datetime, *, kind: str, observed: datetime, content: bytes
) -> bytes:
    """A picture in its packets, one behind the other; only the first has the opening."""
    opening = (
        _opening(serial, sent)
        + b"\xf1\xf1" + bytes.fromhex(station) + bytes([CLASSES[kind]])
        + b"\xf0\xf0" + bytes.fromhex(f"{observed:%y%m%d%H%M}") + b"\xf3\xf3"
    )  # fmt: skip
    total = -(-len(content) // PACKET)
    packets = []
    for number in range(1, total + 1):
        part = content[(number - 1) * PACKET : number * PACKET]
        body = (total << 12 | number).to_bytes(3, "big") + (opening if number == 1 else b"") + part
        end = ETX if number == total else ETB
        packets.append(frame(station, PICTURE, body, start=SYN, end=end))
    return b"".join(packets)


def element(kind: tuple[int, int], value: float | None) -> bytes:
    """One element: id, definition, value."""
    return bytes(kind) + digits(kind, value)


def series(step_minutes: int, kind: tuple[int, int], values: Sequence[float | None]) -> bytes:
    """A step and the values of one element at it, the first at the observation time."""
    step = bytes(STEP) + bytes.fromhex(f"{0:02d}{step_minutes // 60:02d}{step_minutes % 60:02d}")
    return step + bytes(kind) + b"".join(digits(kind, value) for value in values)


def rain_of_an_hour(tenths: Sequence[int | None]) -> bytes:
    """Twelve five-minute rains in tenths of a millimetre, one byte each; FF = missing."""
    return bytes(RAIN_12) + bytes(0xFF if t is None else min(t, 254) for t in tenths)


def digits(kind: tuple[int, int], value: float | None) -> bytes:
    """A value as BCD of the defined width; negative begins with FF, missing is all FF."""
    width, decimals = kind[1] >> 3, kind[1] & 7
    if value is None:
        return b"\xff" * width
    whole = round(abs(value) * 10**decimals)
    if value < 0 and whole:
        return b"\xff" + bytes.fromhex(f"{whole:0{2 * width - 2}d}")
    return bytes.fromhex(f"{whole:0{2 * width}d}")


def confirmations(buffer: bytearray) -> list[Confirmation]:
    """Take the whole confirmations out of what has arrived so far; noise is skipped."""
    found: list[Confirmation] = []
    while True:
        start = buffer.find(START)
        if start < 0:
            del buffer[: max(0, len(buffer) - 1)]
            return found
        del buffer[:start]
        if len(buffer) < _CONFIRMATION_BYTES:
            return found
        size = int.from_bytes(buffer[11:13], "big")
        whole = 17 + (size & 0x0FFF)
        if size >> 12 != 8 or whole > 64:
            del buffer[:1]  # 7E7E may begin with the second byte of a noise 7E
            continue
        if len(buffer) < whole:
            return found
        data = bytes(buffer[:whole])
        if crc(data[:-2]) != int.from_bytes(data[-2:], "big"):
            del buffer[:1]
            continue
        serial = int.from_bytes(data[14:16], "big")
        if data[-3] != ACK:  # that only says: go on with the next packet
            found.append(Confirmation(data[2:7].hex().upper(), data[10], serial))
        del buffer[:whole]


def _opening(serial: int, sent: datetime) -> bytes:
    return serial.to_bytes(2, "big") + bytes.fromhex(f"{sent:%y%m%d%H%M%S}")
