"""防汛水位雨量遥测: SL 651 frames from the stations, or the water bureau's CSV dump.

Readings come in reports of one frame, pictures in several packets; a note is what was typed in.

The same minute may come in several reports, one with its level, another with its rain: the rows
are partial and complete each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from etl.errors import BadRecord, Fault
from etl.formats import sheet, sl651, sl651_report
from etl.formats.cell import Row, Yielded, reject
from etl.formats.moment import iso
from etl.formats.sl651_packets import INCOMPLETE, Gathering, Picture, of_one_report, pictures
from warehouse.schema import Column, Table

TABLES = {
    "gauge_reading": Table(
        label="水位雨量读数",
        key=("station", "observed_at"),
        version=None,
        columns={
            "station": Column("text", "测站编码", wall=True),
            "observed_at": Column("timestamp", "观测时间", wall=True),
            "report": Column("text", "报文类别"),
            "level_m": Column("double", "水位", unit="m", wall=True),
            "rain_mm": Column("double", "时段降水量", unit="mm", wall=True),
            "interval_h": Column("double", "时段长", unit="h", wall=True),
            "voltage_v": Column("double", "电源电压", unit="V"),
        },
        rules={
            "观测时间在未来": "observed_at > $recorded_at + INTERVAL 1 HOUR",
            "降水量为负": "rain_mm < 0",
            "水位不可信": "level_m < -100 OR level_m > 9000",
        },
        partial=True,
    ),
    # the picture itself lies as a file under raw/gauge/
    "gauge_picture": Table(
        label="测站图片",
        key=("station", "taken_at", "sha256"),
        version=None,
        columns={
            "station": Column("text", "测站编码", wall=True),
            "taken_at": Column("timestamp", "拍摄时间", wall=True),
            "sha256": Column("text", "图片校验值"),
            "file": Column("text", "图片文件"),
            "bytes": Column("integer", "图片大小", unit="字节"),
            "packets": Column("integer", "报文包数"),
            "whole": Column("boolean", "图像完整"),
        },
        rules={"拍摄时间在未来": "taken_at > $recorded_at + INTERVAL 1 HOUR"},
    ),
    # what somebody at the station typed in, as it was typed
    "gauge_note": Table(
        label="测站报文备注",
        key=("station", "sent_at"),
        version=None,
        columns={
            "station": Column("text", "测站编码", wall=True),
            "sent_at": Column("timestamp", "发报时间", wall=True),
            "content": Column("text", "人工置数", scrub=True),
        },
        rules={"发报时间在未来": "sent_at > $recorded_at + INTERVAL 1 HOUR"},
    ),
}
DUMP = {
    "STCD": "station",
    "TM": "observed_at",
    "Z": "level_m",
    "DRP": "rain_mm",
    "INTV": "interval_h",
}
REPORTS = frozenset({*range(0x30, 0x36), *range(0x37, 0x3B)})
NOTES = frozenset({sl651.MANUAL, sl651.ASKED_MANUAL})
LEVEL, VOLTAGE = 0x39, 0x38
# rain elements and the minutes each was collected in; several in one report: the shortest counts
RAIN_MINUTES = {
    0x1A: 60, 0x1B: 120, 0x1C: 180, 0x1D: 360, 0x1E: 720, 0x1F: 1440,
    0x21: 1, 0x22: 5, 0x23: 10, 0x24: 30, sl651_report.RAIN_12: 5,
}  # fmt: skip
WANTED = frozenset({LEVEL, VOLTAGE, *RAIN_MINUTES})
_UNSEEN = re.compile(r"[\s\u200b-\u200d\ufeff]+")  # frames pasted from a page hold these
_LONG = re.compile(r"\d{7,}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")


def parse(payload: bytes) -> Iterator[Yielded]:
    """Yield readings; one that was sent as missing is kept, with a null value."""
    if payload[:2] == sl651.MARK:
        yield from _stream(payload)
        return
    digits = _UNSEEN.sub("", payload.decode("utf-8", "replace"))
    if digits[:4].upper() == "7E7E" and _HEX.fullmatch(digits):
        yield from _stream(bytes.fromhex(digits))
    else:
        yield from _dump(payload)


def _stream(payload: bytes) -> Iterator[Yielded]:
    gathering = Gathering()
    for piece in sl651.split(payload):
        if isinstance(piece, sl651.Garbage):
            if piece.reason == sl651.CUT_OFF:
                raise BadRecord(
                    "gauge",
                    f"the last frame is cut off after {len(piece.raw)} bytes",
                    fault=Fault.FILE_CUT,
                )
            yield reject(piece.reason, piece.raw.hex().upper())
        elif piece.up and piece.packet is not None:
            found = gathering.add(piece)
            yield from (reject(INCOMPLETE, lost.raw.hex().upper()) for lost in found.lost)
            if found.whole:
                yield from _report(found.whole)
        elif piece.up:
            yield from _report([piece])
    yield from (reject(INCOMPLETE, lost.raw.hex().upper()) for lost in gathering.rest())


def _report(frames: list[sl651.Frame]) -> Iterator[Yielded]:
    """The rows of one report, whole or put together from its packets."""
    frame = of_one_report(frames)
    try:
        if frame.function == sl651.PICTURE:
            rows = [("gauge_picture", _picture(each, len(frames))) for each in pictures(frame)]
        elif frame.function in NOTES and sl651_report.manual(frame) is not None:
            rows = [("gauge_note", _note(frame))]
        elif frame.function in REPORTS:
            rows = [("gauge_reading", row) for row in readings(frame)]
        else:
            return
    except sl651_report.BadFrame as fault:
        yield reject(str(fault), frame.raw.hex().upper())
        return
    yield from rows


def _note(frame: sl651.Frame) -> Row:
    return {
        "station": frame.station,
        "sent_at": sl651_report.sent(frame.head).isoformat(),
        # codes and measured values; so many digits would be somebody's number
        "content": _LONG.sub("***", sl651_report.manual(frame) or ""),
    }


def _picture(picture: Picture, packets: int) -> Row:
    return {
        "station": picture.station,
        "taken_at": picture.taken_at.isoformat(),
        "sha256": picture.digest,
        "file": picture.file,
        "bytes": str(len(picture.content)),
        "packets": str(packets),
        "whole": "true" if picture.content.endswith(b"\xff\xd9") else "false",
    }


def readings(frame: sl651.Frame) -> list[Row]:
    """The readings of one report, one row a moment; BadFrame when it does not add up."""
    rows: dict[datetime, Row] = {}
    rain: dict[datetime, int] = {}
    for element in sl651_report.elements(frame):
        if element.ident not in WANTED:
            continue
        for moment, value in sl651_report.values(element, RAIN_MINUTES[sl651_report.RAIN_12]):
            row = rows.setdefault(moment, _blank(frame, moment))
            minutes = element.step_minutes or RAIN_MINUTES.get(element.ident, 0)
            if element.ident == LEVEL:
                row["level_m"] = value
            elif element.ident == VOLTAGE:
                row["voltage_v"] = value
            elif minutes < rain.get(moment, 1 << 30):
                rain[moment] = minutes
                row["rain_mm"], row["interval_h"] = value, f"{minutes / 60:.5g}"
    return list(rows.values())


def _blank(frame: sl651.Frame, moment: datetime) -> Row:
    return {
        "station": frame.station,
        "observed_at": moment.isoformat(),
        "report": f"{frame.function:02X}",
        "level_m": None,
        "rain_mm": None,
        "interval_h": None,
        "voltage_v": None,
    }


def _dump(payload: bytes) -> Iterator[Yielded]:
    """The table of 1 row an hour; a row without station or time cannot be read."""
    for line in sheet.read("gauge", payload, DUMP):
        row = {ours: line.cells.get(theirs) for theirs, ours in DUMP.items()}
        moment = iso(row["observed_at"] or "")
        if line.fault or not row["station"] or moment is None:
            yield reject(line.fault or "缺站码或观测时间", line.cells)
            continue
        row |= {"observed_at": moment, "report": "dump", "voltage_v": None}
        yield "gauge_reading", row
