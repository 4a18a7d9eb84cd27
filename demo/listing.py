"""What the town's HTTP interfaces share: stable listings and the words of a question."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from starlette.requests import Request

from config import clock
from demo.town import Town

MAX_PAGE = 1000
JUST_S = 15.0
_Row = TypeVar("_Row")


class Listings(Generic[_Row]):
    """Listings that were begun: all pages of one listing show the moment of its first page.

    Who goes on from the last time they saw gets the rest of the listing that was just made, since a
    long history would otherwise be listed anew for each of its pages.
    """

    def __init__(
        self,
        make: Callable[[datetime, datetime], list[_Row]],
        updated: Callable[[_Row], datetime],
        keep_s: float = 120,
    ) -> None:
        self._make = make
        self._updated = updated
        self._keep_s = keep_s
        self._begun: OrderedDict[datetime, tuple[float, datetime, list[_Row]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, since: datetime, first_page: bool) -> tuple[datetime, list[_Row]]:
        """The moment and the rows of the listing of this `since`; begun anew on a first page."""
        with self._lock:
            found = self._begun.get(since)
        fresh = found is not None and time.monotonic() - found[0] < self._keep_s
        if found is not None and fresh and not first_page:
            return found[1], found[2]
        now = clock.local().replace(microsecond=0)
        made = self._rest(now, since) or (time.monotonic(), now, self._make(now, since))
        with self._lock:
            self._begun[since] = made
            while len(self._begun) > 3:
                self._begun.popitem(last=False)
        return made[1], made[2]

    def _rest(self, now: datetime, since: datetime) -> tuple[float, datetime, list[_Row]] | None:
        """What a listing of a moment ago, which began earlier, holds from `since` on."""
        with self._lock:
            held = list(self._begun.items())
        for earlier, (begun, moment_, rows) in held:
            just_now = time.monotonic() - begun < JUST_S and now - moment_ < timedelta(
                seconds=JUST_S
            )
            if earlier < since and just_now and moment_ <= now:
                at = bisect_left(rows, since, key=self._updated)
                return begun, moment_, rows[at:]
        return None


def moment(request: Request, name: str, town: Town) -> datetime:
    """A time in the question, local; the first day of the history when it is not given."""
    text = request.query_params.get(name)
    if not text:
        return datetime.combine(town.first, datetime.min.time())
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{name} 格式错误：{text}，应为 2026-11-23T08:00:00") from None
    return given.astimezone(clock.ZONE).replace(tzinfo=None) if given.tzinfo else given


def number(request: Request, name: str, default: int, most: int, least: int = 1) -> int:
    """A whole number in the question."""
    text = request.query_params.get(name, str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ValueError(f"{name} 应为 {least} 到 {most} 的整数：{text}")
    return int(text)
