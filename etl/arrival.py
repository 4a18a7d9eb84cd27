"""Gauge readings on their way to the judge: at once from a stream, and again from each delivery.

A stream tells what it has on disk; a thread of its own judges all that waits, so that neither the
stations nor the loader wait for it. Every delivery is read by the loader before it goes into the
warehouse, and is judged there too: what came by file, what a sudden end left in a segment, and what
could not be judged when it came. The judge knows what it has judged, so twice is the same as once.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import structlog

from cases import arrival, pumps
from cases.arrival import Received
from cases.errors import CaseError
from cases.faults import Fault
from cases.flood_track import Reading
from cases.pumps import PumpReading
from cases.schema import local
from cases.store import Store
from config import clock
from config.flood_plans import load_flood_plans
from config.thresholds import load_thresholds
from etl import registry
from etl.errors import EtlError, Retryable
from etl.formats.cell import Row
from warehouse.batch import Batch, Rows
from warehouse.spooled import Spooled

LEVELS: Final = "gauge_reading"
PUMPS: Final = "pump_reading"  # they speak for high water
_OF_LEVELS: Final = ("station", "observed_at", "level_m", "rain_mm", "interval_h")
_OF_PUMPS: Final = ("station", "observed_at", "pumps_on")
_AGE: Final = timedelta(days=1)  # older rows of a delivery are not even read one by one
_log = structlog.get_logger("etl.arrival")


class Arrivals:
    """Hands over to the judge what has come; one for all platforms of an installation."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: queue.SimpleQueue[tuple[str, bytes, Received]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()
        load_thresholds(), load_flood_plans()  # what is right now is kept through any later slip

    def hears(self, key: str) -> bool:
        """Whether a platform sends anything that is judged on arrival."""
        return not {LEVELS, PUMPS}.isdisjoint(registry.module(key).TABLES)

    def ear(self, key: str) -> Callable[[bytes], None]:
        """What a stream calls with whole messages as soon as they are on disk."""

        def heard(data: bytes) -> None:
            self._waiting.put((key, data, Received(clock.now(), time.monotonic())))

        with self._guard:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="arrival", daemon=True)
                self._thread.start()
        return heard

    def delivered(self, batch: Batch) -> None:
        """Judge what a delivery of the site's own platform says; Retryable when it cannot be now.

        The delivery goes on into the warehouse only after this, so that whatever is in there has
        been judged.
        """
        if batch.source not in (batch.key, f"demo:{batch.key}"):
            return
        since = batch.recorded_at - _AGE
        try:
            if (at_pumps := batch.rows.get(PUMPS)) is not None:
                pumps.note(self._store, pumps_of(_recent(at_pumps, since, _OF_PUMPS)))
            if (levels := batch.rows.get(LEVELS)) is not None:
                readings = readings_of(_recent(levels, since, _OF_LEVELS))
                arrival.judge(self._store, readings, Received(batch.recorded_at))
        except CaseError as error:
            what = f"readings cannot be judged yet ({error}); they are read again"
            raise Retryable(batch.key, what, fault=Fault.STORE) from None

    def _run(self) -> None:
        while True:
            heard = [self._waiting.get()]
            with suppress(queue.Empty):
                while True:
                    heard.append(self._waiting.get_nowait())
            try:
                self._judge(heard)
            except Exception as error:  # noqa: BLE001 - the edge of this thread; the segment stays
                said = f"{type(error).__name__}: {error}"
                _log.error("not_judged_on_arrival", reason=said, effect="judged with its segment")

    def _judge(self, heard: list[tuple[str, bytes, Received]]) -> None:
        """All that waits together; the delay is that of what has waited longest."""
        rows: dict[str, list[Row]] = {LEVELS: [], PUMPS: []}
        for key, data, _ in heard:
            with suppress(EtlError):  # told when the delivery is read
                for name, row in registry.parser(key)(data):
                    if name in rows:
                        rows[name].append(row)
        if rows[PUMPS]:
            pumps.note(self._store, pumps_of(rows[PUMPS]))
        if rows[LEVELS]:
            arrival.judge(self._store, readings_of(rows[LEVELS]), heard[0][2])


def _recent(
    rows: Rows, since: datetime, columns: Sequence[str]
) -> Iterator[Mapping[str, str | None]]:
    """The rows of a delivery that are not history; most of a backlog is never looked at."""
    if isinstance(rows, Spooled):
        pieces: Iterable[pa.Table] = rows.pieces()
    elif isinstance(rows, pa.Table):
        pieces = [rows]
    else:
        yield from rows
        return
    for piece in pieces:
        times = piece.column("observed_at")
        kept = piece.select(columns).filter(pc.greater_equal(times, since.isoformat()))
        yield from kept.to_pylist()


def pumps_of(rows: Iterable[Mapping[str, str | None]]) -> Iterator[PumpReading]:
    """Rows of text as readings of pumps; one without station, time or number is none."""
    for row in rows:
        station, at, number = row["station"], _moment(row["observed_at"]), _number(row["pumps_on"])
        if station and at is not None and number is not None and 0 <= number < 1000:
            yield PumpReading(station, at, int(number))


def readings_of(rows: Iterable[Mapping[str, str | None]]) -> Iterator[Reading]:
    """Rows of text as readings; one without station or time is none."""
    for row in rows:
        station, at = row["station"], _moment(row["observed_at"])
        if station and at is not None:
            level, rain = _number(row["level_m"]), _number(row["rain_mm"])
            yield Reading(station, at, level, rain, _number(row["interval_h"]))


def _moment(text: str | None) -> datetime | None:
    with suppress(ValueError):
        return None if text is None else local(datetime.fromisoformat(text))
    return None


def _number(text: str | None) -> float | None:
    with suppress(ValueError):
        value = None if text is None else float(text)
        return value if value is not None and abs(value) < 1e9 else None
    return None
