"""What many ask for and nobody owns, made once: a bounded store of ready answers.

Whoever asks first has it made; who asks meanwhile waits for the same one. The store counts bytes
and forgets what nobody has asked for longest. The key says everything an answer depends on, above
all whose rows it may show; what is not in the key must not be in the answer.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

MOST_BYTES: Final = 24 * 1024 * 1024
_AT_ONCE: Final = 6  # drawing is mostly Python; a few that count for seconds hold up no others


@dataclass(frozen=True, slots=True)
class Made:
    """An answer with its weight; one that tells of a passing fault is given and not kept."""

    value: Any
    size: int
    lasts: bool = True
    until: datetime | None = None  # from then on it would say something else

    def holds(self, now: datetime | None) -> bool:
        """Whether it still says what would be said now."""
        return self.until is None or now is None or now < self.until


class Kept:
    """Ready answers by key, up to a number of bytes; safe to use from many threads."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most = most
        self.size = 0
        self.told: Counter[str] = Counter()  # kept, shared, made, ahead: how answers came about
        self._lock = threading.Lock()
        self._ready: OrderedDict[Hashable, Made] = OrderedDict()
        self._coming: dict[Hashable, Future[Made]] = {}
        self._makers = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="drawing")

    async def once(
        self, key: Hashable, make: Callable[[], Made], now: datetime | None = None
    ) -> Any:
        """The answer of a key: kept, being made by another, or made now in a thread."""
        with self._lock:
            found = self._ready.get(key)
            if found is not None and found.holds(now):
                self._ready.move_to_end(key)
                self.told["kept"] += 1
                return found.value
            coming = self._coming.get(key)
            self.told["made" if coming is None else "shared"] += 1
            if coming is None:
                context = contextvars.copy_context()
                coming = self._makers.submit(context.run, self._make, key, make)
                self._coming[key] = coming
        # who gives up waiting does not take the answer from the others
        return (await asyncio.shield(asyncio.wrap_future(coming))).value

    def ahead(self, key: Hashable, make: Callable[[], Made]) -> None:
        """Make an answer that nobody waits for yet, here; nothing where it is there or coming."""
        coming: Future[Made] = Future()
        with self._lock:
            if key in self._ready or key in self._coming:
                return
            self._coming[key] = coming
            self.told["ahead"] += 1
        try:
            coming.set_result(self._make(key, make))
        except BaseException as error:
            coming.set_exception(error)
            raise

    def others_first(self, seconds: float = 5.0) -> None:
        """Wait until nothing is being made for somebody who waits, but no longer than this."""
        with self._lock:
            coming = list(self._coming.values())
        wait(coming, timeout=seconds)

    def _make(self, key: Hashable, make: Callable[[], Made]) -> Made:
        try:
            made = make()
            with self._lock:
                old = self._ready.pop(key, None)
                self.size -= 0 if old is None else old.size
                if made.lasts and made.size <= self.most:
                    self._ready[key] = made
                    self.size += made.size
                while self.size > self.most:
                    _, gone = self._ready.popitem(last=False)
                    self.size -= gone.size
            return made
        finally:
            with self._lock:
                self._coming.pop(key, None)

    def clear(self) -> None:
        """Forget everything; what is being made is still given to those who wait for it."""
        with self._lock:
            self._ready.clear()
            self.size = 0

    def __len__(self) -> int:
        return len(self._ready)
