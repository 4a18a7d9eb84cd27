"""A flood alarm on a filled state, written as the judge of water levels writes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from cases import raising
from cases.alarm_rows import changing
from cases.store import open_store
from config import clock
from tests.soak.stand import Stand

STATION, LIMIT, RISE_M = "3201170005", 9.1, 0.034  # 警戒 of the station, metres in five minutes


@contextmanager
def raised(stand: Stand) -> Iterator[None]:
    """Within it the station's water stands over 警戒 and rises."""
    store = open_store(f"sqlite:///{stand.product.var / 'cases.sqlite3'}")

    def facts(step: int, rank: int, name: str) -> raising.Facts:
        at = stand.moment - timedelta(minutes=5 * (12 - step))
        level = round(LIMIT + RISE_M * (step - 11), 2)
        return raising.Facts(
            kind="flood", subject=STATION, now=at, observed_at=at - timedelta(seconds=1),
            received_at=at, delay_ms=40, rank=rank, limit_name=name, threshold=LIMIT, value=level,
        )  # fmt: skip

    try:
        with clock.frozen(stand.moment), changing(store) as connection:
            raising.start(connection, facts(0, 4, "near"), is_raised=False)
            for step in range(1, 12):
                alarm = raising.current(connection, "flood", STATION, drill=False)
                raising.follow(connection, alarm, facts(step, 4, "near"))
            alarm = raising.current(connection, "flood", STATION, drill=False)
            raising.confirm(connection, alarm, facts(12, 3, "warning"))
        yield
    finally:
        store.close()
