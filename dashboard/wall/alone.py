"""One part of a takeover by itself: what goes wrong in it stays in it.

An alarm is told although its map, its curve or a file behind them cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import structlog

from cases.errors import Busy

log = structlog.get_logger()
T = TypeVar("T")
U = TypeVar("U")


class Failed:
    """Stands for the facts of a panel that could not be found out."""


FAILED: Final = Failed()


def alone(part: str, make: Callable[[], T], instead: U) -> T | U:
    """What `make` finds; if it cannot, that is logged and something else stands for it.

    A store that is held for a moment is no such thing: the watch over the alarms asks again.
    """
    try:
        return make()
    except Busy:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, bar and sound must not wait for it
        log.error("takeover_part_failed", part=part, error=str(error), kind=type(error).__name__)
        return instead
