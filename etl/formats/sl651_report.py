"""What a report of SL 651-2014 says: its elements, when each was observed, their exact values.

How wide an element is stands in its definition byte (5 bits bytes, 3 bits decimals), never in a
table; values are BCD, all F is missing, a leading FF is a minus sign.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from etl.formats.sl651 import Frame

STATION, OBSERVED, STEP, MANUAL = 0xF1, 0xF0, 0x04, 0xF2
RAIN_12, PICTURE = 0xF4, 0xF3
# status bits, a picture, 12 levels in hex
_NOT_BCD: Final = frozenset({0x45, PICTURE, *range(0xF5, 0xFD)})
_CENTURY: Final = 2000  # a two-digit year is 20xx; one that lies ahead is refused by the clock


class BadFrame(ValueError):
    """A frame whose bytes contradict themselves; str() is the reason in Chinese."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a report: its id, its bytes and decimals, when it was observed.

    `series` is set when a time step came before it: then raw holds a list of values.
    """

    ident: int
    raw: bytes
    width: int
    decimals: int
    observed_at: datetime | None
    step_minutes: int | None = None


def observed(raw: bytes) -> datetime:
    """An observation time YYMMDDhhmm in BCD; BadFrame when it is no time."""
    digits = raw.hex()
    if not digits.isdecimal():
        raise BadFrame("观测时间不是BCD码")
    year, month, day, hour, minute = (int(digits[i : i + 2]) for i in range(0, 10, 2))
    try:
        return datetime(_CENTURY + year, month, day, hour, minute)
    except ValueError:
        raise BadFrame(f"观测时间不合法 {digits}") from None


def sent(head: bytes) -> datetime:
    """When a report was sent, from its head; BadFrame when that is no time."""
    digits = head[2:8].hex()
    if len(digits) != 12 or not digits.isdecimal():
        raise BadFrame("发报时间不是BCD码")
    seconds = int(digits[10:])
    if seconds > 59:
        raise BadFrame(f"发报时间不合法 {digits}")
    return observed(head[2:7]) + timedelta(seconds=seconds)


def manual(frame: Frame) -> str | None:
    """What somebody at the station typed in (人工置数); None when the report holds none."""
    content, at = frame.content, 8
    if content[at : at + 2] == bytes([STATION, STATION]):
        at += 7 if content[at + 7 : at + 9] == bytes([MANUAL, MANUAL]) else 8
    if content[at : at + 2] != bytes([MANUAL, MANUAL]):
        return None
    typed = content[at + 2 :].decode("gb18030", "replace").replace("\0", "").strip()
    return typed or None


def number(raw: bytes, decimals: int) -> str | None:
    """A BCD value as exact text; all F (or all A) is missing, a leading FF is a minus sign."""
    digits = raw.hex()
    if not digits.strip("f") or not digits.strip("a"):
        return None
    sign = ""
    if digits.startswith("ff"):
        sign, digits = "-", digits[2:]
    if not digits.isdecimal():
        raise BadFrame(f"要素值不是BCD码 {raw.hex().upper()}")
    if decimals:
        digits = digits.rjust(decimals + 1, "0")
        return f"{sign}{int(digits[:-decimals])}.{digits[-decimals:]}"
    return f"{sign}{int(digits)}"


def elements(frame: Frame) -> Iterator[Element]:
    """The elements of a report in order; BadFrame when the body does not add up."""
    body, at = frame.body, 8
    moment: datetime | None = None
    step: int | None = None
    while at < len(body):
        ident = body[at]
        if ident in (STATION, OBSERVED):
            if ident == STATION:
                # the class of the station follows only where elements follow
                at += 8 if len(body) > at + 7 else 7
            else:
                moment = observed(_take(body, at + 2, 5))
                at += 7
            continue
        if ident == PICTURE:  # without a definition; it goes on to the end
            yield Element(ident, body[at + 2 :], 1, 0, moment)
            return
        wide = ident == 0xFF
        ident = int.from_bytes(_take(body, at, 2), "big") if wide else ident
        at += 2 if wide else 1
        define = _take(body, at, 1)[0]
        at += 1
        width, decimals = define >> 3, define & 7
        if ident == STEP:
            step = _step(_take(body, at, width))
            at += width
            continue
        size = width if step is None else len(body) - at
        if width == 0 or size % width:
            raise BadFrame(f"要素{ident:02X}的长度不合")
        yield Element(ident, _take(body, at, size), width, decimals, moment, step)
        at += size


def values(element: Element, rain_minutes: int = 5) -> Iterator[tuple[datetime, str | None]]:
    """What an element says, moment by moment: one value, a series by its step, or 12 rains.

    The 12 five-minute rains (1 byte each, 0.1 mm) end at the observation time; a series begins
    there. BadFrame when there is no observation time or a value is no number.
    """
    first = element.observed_at
    if first is None:
        raise BadFrame("报文没有观测时间")
    if element.ident == RAIN_12:
        for index, tenths in enumerate(element.raw):
            back = timedelta(minutes=rain_minutes * (len(element.raw) - 1 - index))
            yield first - back, None if tenths == 0xFF else f"{tenths // 10}.{tenths % 10}"
    elif element.ident not in _NOT_BCD:
        for index in range(len(element.raw) // element.width):
            raw = element.raw[index * element.width : (index + 1) * element.width]
            moment = first + timedelta(minutes=index * (element.step_minutes or 0))
            yield moment, number(raw, element.decimals)


def _step(raw: bytes) -> int:
    """A time step DDHHMM in minutes."""
    digits = raw.hex()
    if len(digits) != 6 or not digits.isdecimal() or not int(digits):
        raise BadFrame(f"时间步长不合法 {digits}")
    return int(digits[:2]) * 1440 + int(digits[2:4]) * 60 + int(digits[4:])


def _take(body: bytes, at: int, size: int) -> bytes:
    piece = body[at : at + size]
    if len(piece) != size:
        raise BadFrame("报文正文不完整")
    return piece
