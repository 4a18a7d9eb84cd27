"""Pumping stations and sluices of the town's polders: how they run follows from rain and river."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from config.thresholds import Station, load_thresholds
from demo import sky, water
from demo.town import Town

STEP = timedelta(minutes=5)
HOUR = timedelta(hours=1)
Record = dict[str, Any]


class Pumps(NamedTuple):
    """A pumping station: number, name, gauge outside, pumps, kW and m³/s each, levels inside."""

    code: str
    name: str
    gauge: str
    units: int
    power: float
    flow: float
    normal: float  # metres inside when it is dry
    start: float  # the first pump starts here, each further one 8 cm higher


class Gates(NamedTuple):
    """A sluice: number, name, gauge on its outer side, openings, width, level inside."""

    code: str
    name: str
    gauge: str
    units: int
    width: float
    normal: float


PUMPS = (
    Pumps("3201178001", "渔浦圩泵站", "西圩站", 4, 132, 2.1, 6.10, 6.55),
    Pumps("3201178002", "苇荡圩泵站", "胭脂河口站", 3, 110, 1.7, 6.20, 6.60),
    Pumps("3201178003", "鹭汀泵站", "鹭汀站", 3, 95, 1.4, 6.35, 6.80),
    Pumps("3201178004", "春和排涝站", "春和闸站", 2, 75, 1.1, 6.90, 7.30),
    Pumps("3201178005", "清泉下穿泵站", "兰台桥站", 3, 55, 0.6, 5.20, 5.60),
    Pumps("3201178006", "梅岗泵站", "梅岗站", 2, 75, 1.0, 6.30, 6.75),
    Pumps("3201178007", "禾丰圩泵站", "西圩站", 3, 90, 1.3, 6.15, 6.60),
)
GATES = (
    Gates("3201179001", "胭脂河口闸", "胭脂河口站", 5, 6.0, 6.75),
    Gates("3201179002", "春和闸", "春和闸站", 3, 5.0, 6.95),
    Gates("3201179003", "西圩闸", "西圩站", 2, 4.0, 6.60),
    Gates("3201179004", "鹭汀闸", "鹭汀站", 2, 4.0, 6.70),
    Gates("3201179005", "梅溪口闸", "梅溪口站", 1, 3.0, 7.40),
    Gates("3201179006", "兰台套闸", "兰台桥站", 2, 5.0, 6.65),
)
PER_MM = 0.011  # metres inside a polder for a millimetre of rain of the last day
PUMP_HEAD = ("STCD", "STNM", "TM", "PPUPZ", "PPDWZ", "OMCN", "ZJTS", "OMPWR", "PMPQ", "GZ")
GATE_HEAD = ("STCD", "STNM", "TM", "UPZ", "DWZ", "GTOPNUM", "ZKS", "GTOPHGT", "GTQ", "GZ")


def readings(town: Town, at: datetime) -> list[Record]:
    """What every station says of this moment."""
    return [pump(town, each, at) for each in PUMPS] + [gate(town, each, at) for each in GATES]


def pump(town: Town, station: Pumps, at: datetime) -> Record:
    """One pumping station: pumps hold the water inside down while they can."""
    fault = _luck(station.code, at)
    natural = station.normal + PER_MM * _held(town, at) + _ripple(station.code, at)
    wanted = math.ceil((natural - station.start) / 0.08) if natural > station.start else 0
    on = max(0, min(wanted, station.units - (fault == "2")))
    inner = natural if natural <= station.start else station.start + (natural - station.start) * 0.3
    return {
        "STTP": "DP", "STCD": station.code, "STNM": station.name, "TM": _text(at),
        "PPUPZ": f"{inner:.3f}", "PPDWZ": f"{_outside(town, station.gauge, at):.3f}",
        "OMCN": str(on), "ZJTS": str(station.units), "OMPWR": f"{on * station.power:.1f}",
        "PMPQ": f"{on * station.flow:.2f}", "GZ": fault,
    }  # fmt: skip


def gate(town: Town, station: Gates, at: datetime) -> Record:
    """One sluice: open while the water inside can run out by itself."""
    inner = station.normal + 0.6 * PER_MM * _held(town, at) + _ripple(station.code, at)
    outer = _outside(town, station.gauge, at)
    fall = inner - outer
    is_open = fall > 0.02
    number = min(station.units, 1 + int(_held(town, at) / 12)) if is_open else 0
    height = round(min(2.4, 0.5 + 0.03 * _held(town, at)), 2) if is_open else 0.0
    flow = number * station.width * height * 0.6 * math.sqrt(19.6 * min(max(fall, 0.0), 1.2))
    return {
        "STTP": "DD", "STCD": station.code, "STNM": station.name, "TM": _text(at),
        "UPZ": f"{inner:.3f}", "DWZ": f"{outer:.3f}", "GTOPNUM": str(number),
        "ZKS": str(station.units), "GTOPHGT": f"{height:.2f}", "GTQ": f"{flow:.2f}",
        "GZ": "0" if _luck(station.code, at) == "2" else _luck(station.code, at),
    }  # fmt: skip


def dump(town: Town, first: datetime, until: datetime) -> tuple[bytes, bytes]:
    """The hours before as the water bureau's two tables: pumps, gates."""
    hours = [first + n * HOUR for n in range((until - first) // HOUR + 1)]
    pumps = (pump(town, each, at) for at in hours for each in PUMPS)
    gates = (gate(town, each, at) for at in hours for each in GATES)
    return _table(PUMP_HEAD, pumps), _table(GATE_HEAD, gates)


def _table(head: tuple[str, ...], rows: Iterable[Record]) -> bytes:
    text = io.StringIO()
    lines = csv.DictWriter(text, head, extrasaction="ignore")
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue().encode("gb18030")


@lru_cache(maxsize=1)
def _gauges() -> dict[str, Station]:
    return {station.name: station for station in load_thresholds().stations}


def _outside(town: Town, gauge: str, at: datetime) -> float:
    hours = _outside_on(town, gauge, at.date())
    share = at.minute / 60
    return hours[at.hour] * (1 - share) + hours[at.hour + 1] * share


@lru_cache(maxsize=64)
def _outside_on(town: Town, gauge: str, day: date) -> list[float]:
    """The level at a gauge at the full hours of a day, both midnights included."""
    first = datetime.combine(day, datetime.min.time())
    at = water.minutes([first + n * HOUR for n in range(25)])
    return [float(level) for level in water.levels(town, _gauges()[gauge], at)]


@lru_cache(maxsize=256)
def _held_at(town: Town, hour: datetime) -> float:
    """Millimetres still in the polders at a full hour: what fell lately counts most."""
    return sum(
        sky.rain_until(town, hour, hours) * share
        for hours, share in ((6, 0.5), (24, 0.35), (60, 0.15))
    )


def _held(town: Town, at: datetime) -> float:
    hour = at.replace(minute=0, second=0, microsecond=0)
    share = at.minute / 60
    return _held_at(town, hour) * (1 - share) + _held_at(town, hour + HOUR) * share


def _ripple(code: str, at: datetime) -> float:
    minutes = at.hour * 60 + at.minute + int(code[-3:]) * 37
    return 0.02 * math.sin(2 * math.pi * minutes / 1440) + 0.006 * math.sin(minutes / 23)


def _luck(code: str, at: datetime) -> str:
    """A fault that lasts an hour, about once a month and station."""
    drawn = (at.toordinal() * 24 + at.hour + int(code[-4:]) * 7919) * 2654435761 % 100_000
    return "2" if drawn < 90 else "3" if drawn < 140 else "0"


def _text(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="seconds")
