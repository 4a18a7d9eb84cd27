"""SL 651-2014 telemetry in its HEX/BCD form: frames cut out of a byte stream, and confirmed.

Up:   7E7E centre station password function length STX body ETX crc
Down: 7E7E station centre password function length STX body ESC crc  (length with its top bit set)
The checksum is CRC-16 (A001, initial FFFF) over everything before it, high byte first.
A report too long for one frame comes in packets: SYN instead of STX, then how many there are and
which one this is (12 bits each); all but the last end with ETB. The first one carries the head.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

MARK: Final = b"\x7e\x7e"
STX, SYN = 0x02, 0x16
ETB, ENQ, ACK, ESC = 0x17, 0x05, 0x06, 0x1B
KEEP_ALIVE, PICTURE, ASK_NOW = 0x2F, 0x36, 0x37
MANUAL, ASKED_MANUAL = 0x35, 0x39
_HEADER = 14  # mark 2, addresses 6, password 2, function 1, length 2, start 1
_AROUND = 17  # a frame without its body
CUT_OFF: Final = "报文不完整"
NO_FRAME: Final = "不是SL651报文"
WRONG_SUM: Final = "校验错误"


@dataclass(frozen=True, slots=True)
class Frame:
    """One whole frame with a right checksum."""

    raw: bytes
    up: bool
    centre: int
    station: str
    password: bytes
    function: int
    start: int
    body: bytes

    @property
    def head(self) -> bytes:
        """Serial number and sending time, the first 8 bytes of every report."""
        return self.content[:8]

    @property
    def packet(self) -> tuple[int, int] | None:
        """How many packets the report has and which of them this is; None when it is whole."""
        if self.start != SYN:
            return None
        both = int.from_bytes(self.body[:3], "big")
        return both >> 12, both & 0xFFF

    @property
    def content(self) -> bytes:
        """The body without the count of packets."""
        return self.body[3:] if self.start == SYN else self.body


@dataclass(frozen=True, slots=True)
class Garbage:
    """Bytes that are no frame, and why."""

    raw: bytes
    reason: str


def _table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (0xA001 if value & 1 else 0)
        table.append(value)
    return tuple(table)


_CRC_TABLE: Final = _table()


def checksum(data: bytes | bytearray | memoryview) -> bytes:
    """The CRC of these bytes as a frame carries it, high byte first."""
    value = 0xFFFF
    for byte in data:
        value = (value >> 8) ^ _CRC_TABLE[(value ^ byte) & 0xFF]
    return value.to_bytes(2, "big")


class Splitter:
    """Cuts frames out of what TCP delivers, in pieces or glued, and finds its way after damage."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def rest(self) -> bytes:
        """What has come of a frame that is not whole yet."""
        return bytes(self._buffer)

    def feed(self, data: bytes) -> list[Frame | Garbage]:
        """The frames that are whole now, and what between them is none, in order."""
        buffer = self._buffer
        buffer += data
        found: list[Frame | Garbage] = []
        at = 0
        while True:
            start = buffer.find(MARK, at)
            if start < 0:
                # the last byte may be the first half of a mark
                start = len(buffer) - (1 if buffer.endswith(b"\x7e") else 0)
                if start > at:
                    found.append(Garbage(bytes(buffer[at:start]), NO_FRAME))
                at = max(at, start)
                break
            if start > at:
                found.append(Garbage(bytes(buffer[at:start]), NO_FRAME))
                at = start
            piece = self._piece(at)
            if piece is None:
                break
            found.append(piece)
            at += len(piece.raw)
        del buffer[:at]
        return found

    def _piece(self, at: int) -> Frame | Garbage | None:
        """The frame or the garbage that begins here; None when more bytes must come."""
        buffer = self._buffer
        sizes = _sizes(buffer, at)
        if sizes is None:
            return None
        for size in sizes:
            frame = _whole(buffer, at, size)
            if frame is not None:
                return frame
        waiting = not sizes or len(buffer) - at >= max(sizes)
        later = self._later(at, any_mark=waiting)
        if later is not None:
            return Garbage(bytes(buffer[at:later]), "校验错误" if sizes else NO_FRAME)
        if not sizes:
            return Garbage(bytes(buffer[at : at + 1]), NO_FRAME)
        if waiting:
            return Garbage(bytes(buffer[at : at + max(sizes)]), WRONG_SUM)
        return None

    def _later(self, at: int, *, any_mark: bool) -> int | None:
        """Where to go on after a bad frame: the next mark, or the next frame that is whole.

        A frame whose length was damaged would otherwise swallow, or wait for, those behind it.
        """
        buffer = self._buffer
        limit = at + max(_sizes(buffer, at) or (1,))
        place = buffer.find(MARK, at + 1)
        while place >= 0:
            if any_mark and place <= limit:
                return place
            for size in _sizes(buffer, place) or ():
                if _whole(buffer, place, size) is not None:
                    return place
            place = buffer.find(MARK, place + 1)
        return None


def split(payload: bytes) -> Iterator[Frame | Garbage]:
    """All frames of a stored stream; an unfinished one at its end is garbage."""
    splitter = Splitter()
    yield from splitter.feed(payload)
    if splitter.rest:
        yield Garbage(splitter.rest, CUT_OFF)


def _sizes(buffer: bytearray, at: int) -> tuple[int, ...] | None:
    """How long the frame here may be: None = not enough bytes yet, () = this is no frame."""
    if len(buffer) - at < _HEADER:
        return None
    start = buffer[at + 13]
    length = int.from_bytes(buffer[at + 11 : at + 13], "big") & 0x0FFF
    if start == STX:
        return (_AROUND + length,)
    if start == SYN:  # makers differ on whether the packet count (3 bytes) is part of the length
        return (_AROUND + length, _AROUND + length + 3)
    return ()


def _whole(buffer: bytearray, at: int, size: int) -> Frame | None:
    if len(buffer) - at < size:
        return None
    raw = bytes(buffer[at : at + size])
    if checksum(raw[:-2]) != raw[-2:]:
        return None
    down = raw[11] >> 4 == 8
    centre, station = (raw[7], raw[2:7]) if down else (raw[2], raw[3:8])
    return Frame(
        raw=raw,
        up=not down,
        centre=centre,
        station=station.hex().upper(),
        password=raw[8:10],
        function=raw[10],
        start=raw[13],
        body=raw[14:-3],
    )


def joined(packets: list[Frame]) -> Frame:
    """The report that these packets, in order, are the parts of."""
    first = packets[0]
    # some makers begin every packet with the head again
    rest = (each.content.removeprefix(first.head) for each in packets[1:])
    return replace(
        first,
        raw=b"".join(each.raw for each in packets),
        start=STX,
        body=first.content + b"".join(rest),
    )


def confirmation(frame: Frame, end: int = ESC, head: bytes | None = None) -> bytes:
    """The centre's answer to a frame: same function, serial and time; ESC keeps the line up."""
    return _down(frame, frame.function, frame.head if head is None else head, end)


def question(frame: Frame, head: bytes) -> bytes:
    """The centre asks the station of this frame what it measures now (M4)."""
    return _down(frame, ASK_NOW, head, ENQ)


def _down(frame: Frame, function: int, head: bytes, end: int) -> bytes:
    start = (
        MARK
        + bytes.fromhex(frame.station)
        + bytes([frame.centre])
        + frame.password
        + bytes([function])
        + (0x8000 | len(head)).to_bytes(2, "big")
        + bytes([STX])
    )
    answer = start + head + bytes([end])
    return answer + checksum(answer)
