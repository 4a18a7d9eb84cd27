"""What was asked for lately is made anew as soon as something else stands behind it.

Whoever has a page open asks for it again within seconds of a publish, thirty people at once. One
thread makes what was asked for in the last minutes, most wanted first and one at a time, and steps
back while somebody waits for an answer; who asks for what is being made gets that one. Nothing old
is given meanwhile, and where nobody asks nothing is made.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from dashboard.kept import Kept, Made

RECENT_S: Final = 300.0
MOST: Final = 80
_REMEMBERED: Final = 400  # in a night without a publish, too
log = structlog.get_logger(__name__)
Again = Callable[[Any], tuple[Hashable, Callable[[], Made]]]  # its key and how, from what is so now


@dataclass
class _Wish:
    """Something that was asked for: how it is made from other circumstances, for what rights."""

    again: Again
    context: contextvars.Context
    asked_at: float = 0.0
    times: int = field(default=0)


class Ahead:
    """The wishes of the last minutes; safe to use from many threads."""

    def __init__(self, kept: Kept, most: int = MOST) -> None:
        self.kept, self.most = kept, most
        self._lock = threading.Lock()
        self._wishes: dict[Hashable, _Wish] = {}
        self._seen: Hashable = None
        self._thread: threading.Thread | None = None
        self._now: Any = None  # the circumstances to make wishes from; None when all are made

    def note(self, what: Hashable, again: Again) -> None:
        """Somebody asks for something, with the rights of the present context."""
        with self._lock:
            wish = self._wishes.pop(what, None)
            if wish is None:
                wish = _Wish(again, contextvars.copy_context())
            self._wishes[what] = wish  # what was asked for last stands last
            if len(self._wishes) > _REMEMBERED:
                self._wishes.pop(next(iter(self._wishes)))
            wish.again, wish.asked_at, wish.times = again, time.monotonic(), wish.times + 1

    def stands(self, key: Hashable, now: Any) -> None:
        """What stands behind all answers; when it is another, the wishes are made from it."""
        with self._lock:
            if key == self._seen:
                return
            is_first, self._seen = self._seen is None, key
            if is_first or not self.most:
                return
            self._now = now
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="drawing-ahead")
                self._thread.start()

    def close(self) -> None:
        """Forget the wishes and wait for what is just being made."""
        with self._lock:
            self._wishes.clear()
            thread = self._thread
        if thread is not None:
            thread.join(30)

    def _run(self) -> None:
        while True:
            with self._lock:
                now, self._now = self._now, None
                if now is None:
                    self._thread = None
                    return
                wishes = self._wanted()
            for wish in wishes:
                self.kept.others_first()
                with self._lock:
                    is_over = self._now is not None or not self._wishes
                if is_over or not threading.main_thread().is_alive():
                    break
                wish.context.run(self._make, wish, now)

    def _wanted(self) -> list[_Wish]:
        """The wishes of the last minutes, most wanted first; the others are forgotten."""
        oldest = time.monotonic() - RECENT_S
        found = sorted(self._wishes.items(), key=lambda one: -one[1].times)
        chosen = [one for one in found if one[1].asked_at > oldest][: self.most]
        self._wishes = dict(sorted(chosen, key=lambda one: one[1].asked_at))
        for _, wish in chosen:
            wish.times = (wish.times + 1) // 2  # what was wanted long ago counts less
        return [wish for _, wish in chosen]

    def _make(self, wish: _Wish, now: Any) -> None:
        try:
            key, make = wish.again(now)
            self.kept.ahead(key, make)
        except Exception:  # whoever asks is told
            log.exception("not_made_ahead")
