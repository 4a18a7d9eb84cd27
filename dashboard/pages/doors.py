"""Every number is a door: the address that opens its proof over the page it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

from config.periods import Period
from dashboard.pages.state import FILTERS, PROOF, State


@dataclass(frozen=True, slots=True)
class Doors:
    """Makes proof addresses for the figures of one page drawn from one generation."""

    state: State
    generation: int
    filters: Mapping[str, str]

    def to(
        self, metric: str, first: date, last: date, part: str | None = None, **narrower: str | None
    ) -> str:
        """The proof of a metric over some days, within the page's filters and narrower ones."""
        chosen: dict[str, str | None] = {**self.filters, **narrower}
        words: dict[str, str | None] = {"proof": metric, "from": str(first), "to": str(last)}
        words |= {f"p-{name}": chosen.get(name) for name in FILTERS}
        words |= {"part": part, "rows": None, "gen": str(self.generation)}
        return self.state.without(PROOF).but(**words).href

    def table(
        self, metric: str, first: date, last: date, due: str = "", **narrower: str | None
    ) -> str:
        """The cases of a metric themselves; of a stock those over their deadline, or near it."""
        address = f"{self.to(metric, first, last, **narrower)}&rows=1"
        return f"{address}&due={due}" if due else address

    def change(
        self,
        metric: str,
        days: tuple[date, date],
        before: Period | tuple[date, date],
        **narrower: str | None,
    ) -> str:
        """The proof of a change: both its sides and what made it."""
        first, last = (
            (before.first, before.last) if isinstance(before, Period) else (before[0], before[1])
        )
        plain = self.to(metric, days[0], days[1], None, **narrower)
        return f"{plain}&was={first}..{last}"

    def against(
        self, metric: str, days: tuple[date, date], other: str, **narrower: str | None
    ) -> str:
        """The proof of a difference between two at the same days; `other` as community:code."""
        plain = self.to(metric, days[0], days[1], None, **narrower)
        return f"{plain}&{urlencode({'against': other}, quote_via=quote, safe=':/.,')}"
