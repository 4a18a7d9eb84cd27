"""How much is answered at once: more than this waits outside, so that nobody starves the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from dashboard.gate.refusal import Refused


class Crowd:
    """Counts what is under way, in all and for each key."""

    def __init__(self, in_all: int, for_each: int) -> None:
        self._in_all, self._for_each = in_all, for_each
        self._each: Counter[str] = Counter()

    @property
    def size(self) -> int:
        """What is under way now."""
        return self._each.total()

    @contextmanager
    def place(self, key: str) -> Iterator[None]:
        """One place while the work goes on; Refused when there is none."""
        if self._each[key] >= self._for_each:
            raise Refused(429, headers={"retry-after": "1"})
        if self.size >= self._in_all:
            raise Refused(503, headers={"retry-after": "1"})
        self._each[key] += 1
        try:
            yield
        finally:
            self._each[key] -= 1
            if not self._each[key]:
                del self._each[key]
