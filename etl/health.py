"""How a platform is doing: one line in the log when it goes down and one when it is back.

A failed question is put again soon, then more and more rarely. After five failures in a row the
breaker opens: one careful probe at a time, so that a dead platform costs next to nothing.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from cases import health, runs
from cases.faults import Fault
from cases.store import Store
from config import clock, failpoint
from etl.errors import EtlError, Refused, Retryable, fault_of
from etl.transports.answer import Trouble

OPENS_AFTER: Final = 5
FIRST_PAUSE_S: Final = 5.0
LONGEST_PAUSE_S: Final = 600.0
LONGEST_WISH_S: Final = 3600.0  # a platform may ask for more patience than we have by ourselves
PATIENCE: Final = 6.0  # how much longer the first pause is when a person must act
_OF_STREAMS: Final = (
    Fault.BROKER, Fault.BROKER_REFUSES, Fault.SUBSCRIPTION, Fault.LISTENER, Fault.PORT,
    Fault.CONFIG, Fault.DISK_FULL,
)  # fmt: skip
_DICE: Final = random.SystemRandom()
_log = structlog.get_logger("etl.health")


@dataclass
class Tally:
    """What one run brought; `answered` says whether the platform itself gave a sign of life."""

    rows_in: int = 0
    loaded: int = 0
    unchanged: int = 0
    quarantined: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    answered: bool = False
    at: datetime | None = None  # when the newest delivery came

    def add(self, other: Tally) -> None:
        """Count another delivery in."""
        self.rows_in += other.rows_in
        self.loaded += other.loaded
        self.unchanged += other.unchanged
        self.quarantined += other.quarantined
        self.answered = self.answered or other.answered
        if other.at is not None and (self.at is None or other.at > self.at):
            self.at = other.at
        for reason, n in other.reasons.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + n


class Breaker:
    """Closed while all is well, open after too many failures, half open for one probe.

    `dice` throws 0 to 1: pauses differ a little, so that what failed together is not asked
    together again.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        dice: Callable[[], float] = _DICE.random,
    ) -> None:
        self._now = now
        self._dice = dice
        self.failures = 0
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the platform is being left alone."""
        return self.failures >= OPENS_AFTER

    def allows(self) -> bool:
        """Whether a question may be put now: after a failure only when its pause is over."""
        return self._now() >= self._until

    def failed(self, error: Exception | None = None) -> None:
        """Another failure; each doubles the pause, and its kind says where that begins.

        A platform that names a time is not asked before it; what a person must mend first is
        asked for rarely from the start.
        """
        self.failures += 1
        passes = error is None or isinstance(error, Retryable)
        first = FIRST_PAUSE_S if passes else FIRST_PAUSE_S * PATIENCE
        doubled = min(first * 2.0 ** min(self.failures - 1, 20), LONGEST_PAUSE_S)
        after = error.after if isinstance(error, Retryable) else None
        asked_for = min(after or 0.0, LONGEST_WISH_S)
        self._until = self._now() + max(doubled * (1 - self._dice() / 2), asked_for)

    def worked(self) -> None:
        """All is well again."""
        self.failures = 0
        self._until = 0.0

    def resume(self, failures: int) -> None:
        """After a start: as many failures as are on record, and a probe at once."""
        self.failures = failures
        self._until = 0.0


class Watch:
    """Writes runs and health of one platform, and says down once and up once."""

    def __init__(self, store: Store, key: str) -> None:
        self.store = store
        self.key = key
        self.breaker = Breaker()
        self.is_down = False

    def resume(self, kind: str) -> None:
        """After a start: down or up as the runs on record say, so that neither is told twice."""
        self.breaker.resume(runs.failures(self.store, self.key, kind))
        self.is_down = self.breaker.failures > 0

    @contextmanager
    def run(self, kind: str) -> Iterator[Tally]:
        """One run: what the body counts is written down, what it raises is told and kept."""
        run_id = runs.start(self.store, self.key, kind)
        failpoint.reach("run.started")
        tally = Tally()
        try:
            yield tally
        except Exception as error:
            self._went_wrong(run_id, tally, error)
            raise
        failpoint.reach("run.done")
        self._note(run_id, tally, None)
        failpoint.reach("run.noted")
        self.breaker.worked()
        if tally.answered:
            at = tally.at or clock.now()
            health.succeeded(self.store, self.key, at, rows_in=tally.rows_in)
        if self.is_down:
            self.is_down = False
            _log.info("platform_up", platform=self.key)
        if tally.rows_in:
            _log.info(
                "landed",
                platform=self.key,
                rows=tally.rows_in,
                loaded=tally.loaded,
                quarantined=tally.quarantined,
            )

    def listening(self, trouble: Trouble | None) -> None:
        """What a stream says of itself: a run when it can't work, and one when it can again.

        What it had taken before may still be loaded meanwhile and light the lamp, so the lamp is
        looked at each time.
        """
        if trouble is None:
            if health.mended(self.store, self.key, of=_OF_STREAMS):
                with self.run("listen"):
                    pass
        elif health.fault(self.store, self.key) != trouble.fault:
            with suppress(Refused), self.run("listen"):
                raise Refused(self.key, trouble.what, fault=trouble.fault)

    def _went_wrong(self, run_id: int, tally: Tally, error: Exception) -> None:
        self.breaker.failed(error)
        what = error.what if isinstance(error, EtlError) else f"{type(error).__name__}: {error}"
        fault = fault_of(error)
        self._note(run_id, tally, what, fault)
        permanent = not isinstance(error, Retryable) or self.breaker.is_open
        health.failed(self.store, self.key, clock.now(), what, permanent=permanent, fault=fault)
        if not self.is_down:
            self.is_down = True
            _log.warning("platform_down", platform=self.key, fault=fault.value, reason=what)

    def _note(
        self, run_id: int, tally: Tally, error: str | None, fault: Fault | None = None
    ) -> None:
        runs.finish(
            self.store,
            run_id,
            ok=error is None,
            rows_in=tally.rows_in,
            loaded=tally.loaded,
            unchanged=tally.unchanged,
            quarantined=tally.quarantined,
            error=error,
            fault=fault,
        )
