"""Which reports a station owes the centre for a stretch of time.

Whole hours that lie back are sent as one list of levels and one hour of rains; the last hour goes
report by report every five minutes, with an hourly report at the full hour, and an added one with
a picture when the water rises fast. At eight in the morning a picture shows the staff.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple

import numpy as np

from config.thresholds import Station
from demo import gauge_picture, telemetry, water
from demo.town import Town

FIVE = timedelta(minutes=5)
HOUR = timedelta(hours=1)
FAST_RISE_M = 0.05  # in ten minutes; then a report is added between two timed ones
FRESH = timedelta(minutes=12)
PICTURE_HOUR = 8


class Report(NamedTuple):
    """One frame that is owed, and the moment up to which the centre then knows everything."""

    until: datetime
    function: int
    serial: int
    frame: bytes


class Reporter:
    """One station that writes its reports and numbers them."""

    def __init__(self, town: Town, station: Station) -> None:
        self.town = town
        self.station = station
        self._serials = count(1)

    def owed(self, after: datetime, until: datetime) -> Iterator[Report]:
        """All reports for the time after `after` up to `until`, in order of time."""
        moment = after - timedelta(minutes=after.minute % 5, seconds=after.second)
        while moment.minute and moment + FIVE <= until:
            moment += FIVE
            yield from self._live(moment, until)
        while moment + 2 * HOUR <= until:
            end = min(until.replace(minute=0, second=0, microsecond=0) - HOUR, moment + 24 * HOUR)
            yield from self._hours(moment, end, until)
            moment = end
        while moment + FIVE <= until:
            moment += FIVE
            yield from self._live(moment, until)

    def alive(self, now: datetime) -> Report:
        """The frame that only keeps the line up."""
        serial = self._serial()
        frame = telemetry.keep_alive(self.station.code, serial, now)
        return Report(datetime.min, telemetry.KEEP_ALIVE, serial, frame)

    def _live(self, moment: datetime, sent: datetime) -> Iterator[Report]:
        """The five-minute report, the hourly one at the full hour, an added one on a fast rise."""
        at = water.minutes([moment - 2 * FIVE, moment])
        before, level = water.levels(self.town, self.station, at).tolist()
        fell = float(water.rain(self.town, self.station, at[1:], 5)[0])
        total = float(water.rain_total(self.town, self.station, at[1:])[0])
        hourly = moment.minute == 0
        yield self._report(
            telemetry.TIMED, moment - FIVE if hourly else moment, moment, sent,
            telemetry.element(telemetry.LEVEL, level),
            telemetry.element(telemetry.RAIN_5_MIN, fell),
            telemetry.element(telemetry.RAIN_TOTAL, total),
            telemetry.element(telemetry.VOLTAGE, _voltage(moment)),
        )  # fmt: skip
        if hourly:
            yield self._hourly(moment, sent)
            if moment.hour == PICTURE_HOUR and self.station.kind != "rain":
                yield self._picture(moment, moment, sent, level)
        if level - before >= FAST_RISE_M and sent - moment < FRESH:
            between = moment + timedelta(minutes=2)
            if between <= sent:
                now = float(water.levels(self.town, self.station, water.minutes([between]))[0])
                yield self._report(
                    telemetry.ADDED, moment, between, sent,
                    telemetry.element(telemetry.LEVEL, now),
                    telemetry.element(telemetry.VOLTAGE, _voltage(between)),
                )  # fmt: skip
                if self.station.kind != "rain":
                    yield self._picture(moment, between, sent, now)

    def _picture(self, until: datetime, moment: datetime, sent: datetime, level: float) -> Report:
        serial = self._serial()
        packets = telemetry.picture(
            self.station.code, serial, sent,
            kind=self.station.kind, observed=moment,
            content=gauge_picture.draw(self.station.code, level, moment),
        )  # fmt: skip
        return Report(until, telemetry.PICTURE, serial, packets)

    def _hourly(self, end: datetime, sent: datetime) -> Report:
        at = water.minutes([end - n * FIVE for n in range(11, -1, -1)])
        tenths = np.round(water.rain(self.town, self.station, at, 5) * 10).astype(int).tolist()
        total = float(water.rain_total(self.town, self.station, at[-1:])[0])
        return self._hourly_frame(end, sent, tenths, total)

    def _hours(self, start: datetime, end: datetime, sent: datetime) -> Iterator[Report]:
        """Whole hours that lie back, computed together."""
        first = np.datetime64(start, "m").astype(np.int64)
        last = np.datetime64(end, "m").astype(np.int64)
        at = np.arange(first + 5, last + 1, 5, dtype=np.int64)
        levels = water.levels(self.town, self.station, at).tolist()
        rains = np.round(water.rain(self.town, self.station, at, 5) * 10).astype(int).tolist()
        totals = water.rain_total(self.town, self.station, at[11::12]).tolist()
        for n, total in enumerate(totals):
            begin = start + n * HOUR
            twelve = slice(12 * n, 12 * n + 12)
            yield self._report(
                telemetry.UNIFORM, begin, begin + FIVE, sent,
                telemetry.series(5, telemetry.LEVEL, levels[twelve]),
            )  # fmt: skip
            yield self._hourly_frame(begin + HOUR, sent, rains[twelve], total)

    def _hourly_frame(
        self, end: datetime, sent: datetime, tenths: list[int], total: float
    ) -> Report:
        return self._report(
            telemetry.HOURLY, end, end, sent,
            telemetry.rain_of_an_hour(tenths),
            telemetry.element(telemetry.RAIN_TOTAL, total),
            telemetry.element(telemetry.VOLTAGE, _voltage(end)),
        )  # fmt: skip

    def _report(
        self, function: int, until: datetime, observed: datetime, sent: datetime, *elements: bytes
    ) -> Report:
        serial = self._serial()
        frame = telemetry.report(
            self.station.code, function, serial, sent,
            kind=self.station.kind, observed=observed, elements=elements,
        )  # fmt: skip
        return Report(until, function, serial, frame)

    def _serial(self) -> int:
        return (next(self._serials) - 1) % 0xFFFF + 1


def _voltage(moment: datetime) -> float:
    """The battery: charged by day, lower towards morning."""
    hour = moment.hour + moment.minute / 60
    return round(12.35 + 0.45 * math.sin(2 * math.pi * (hour - 8) / 24), 2)
