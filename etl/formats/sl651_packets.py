"""Reports of SL 651 that come in several packets, put together; and the pictures among them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final, NamedTuple

from etl.formats import sl651, sl651_report
from etl.formats.sl651 import Frame
from etl.formats.sl651_report import BadFrame

MAX_BYTES: Final = 4 << 20  # of one report; a picture of a station has some 100 KB
INCOMPLETE: Final = "多包报文不完整"
Key = tuple[str, int]


class Gathered(NamedTuple):
    """What a packet made of what came before it.

    `whole`: the packets of a report that is complete now; `lost`: packets that will never be;
    `head`: serial and time of the report, needed to answer each packet.
    """

    whole: list[Frame]
    lost: list[Frame]
    head: bytes | None


class Gathering:
    """The unfinished reports of all stations, one for each station and function.

    A first packet begins anew, so that parts of two reports are never mixed.
    """

    def __init__(self) -> None:
        self._groups: dict[Key, dict[int, Frame]] = {}

    def add(self, frame: Frame) -> Gathered:
        """Take one packet."""
        assert frame.packet is not None
        total, number = frame.packet
        key = (frame.station, frame.function)
        if not 1 <= number <= total:
            return Gathered([], [frame], None)
        group = self._groups.get(key, {})
        is_again = number in group and group[number].raw == frame.raw
        lost: list[Frame] = []
        if number == 1 and not is_again:
            lost, group = list(group.values()), {}
        if number != 1 and (1 not in group or _total(group) != total):
            return Gathered([], [frame], None)
        group[number] = frame
        self._groups[key] = group
        if sum(len(each.raw) for each in group.values()) > MAX_BYTES:
            del self._groups[key]
            return Gathered([], [*lost, *group.values()], None)
        head = group[1].head
        if len(group) < total:
            return Gathered([], lost, head)
        del self._groups[key]
        return Gathered([group[each] for each in range(1, total + 1)], lost, head)

    def drop(self, key: Key) -> list[Frame]:
        """Give an unfinished report up."""
        return list(self._groups.pop(key, {}).values())

    def rest(self) -> list[Frame]:
        """The packets of all reports that are unfinished."""
        return [frame for group in self._groups.values() for frame in group.values()]


class Picture(NamedTuple):
    """A picture that a station took of its gauge."""

    station: str
    taken_at: datetime
    content: bytes

    @property
    def digest(self) -> str:
        """What tells this picture from every other."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def file(self) -> str:
        """Where it lies under the raw folder of its platform: named by what it is."""
        return f"pictures/{self.station}/{self.taken_at:%Y%m%dT%H%M}-{self.digest[:12]}.jpg"


def pictures(frame: Frame) -> list[Picture]:
    """The pictures in a whole report; BadFrame when one is none."""
    found = []
    for element in sl651_report.elements(frame):
        if element.ident != sl651_report.PICTURE:
            continue
        if element.observed_at is None:
            raise BadFrame("图片报没有观测时间")
        if not element.raw.startswith(b"\xff\xd8\xff"):
            raise BadFrame("图片不是JPEG")
        found.append(Picture(frame.station, element.observed_at, element.raw))
    return found


def of_one_report(frames: list[Frame]) -> Frame:
    """A report from its packets, or the only frame it has."""
    return frames[0] if frames[0].packet is None else sl651.joined(frames)


def _total(group: dict[int, Frame]) -> int:
    packet = group[1].packet
    return packet[0] if packet else 0
