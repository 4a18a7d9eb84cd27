"""Where the deadline of each kind of matter stands in its rows, and when it presses no more.

As the models of the warehouse have it: a shelved case of the urban management is not late, a spot
of the illegal building watch is not late once checked, a whistle not once all have come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Deadline:
    """The column of the deadline; the one that meets it; states that hold or need it."""

    column: str = "due_at"
    met: str = ""
    held: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    def of(self, row: Mapping[str, Any]) -> datetime | None:
        """When a row has to be done; None where nothing presses."""
        state = str(row.get("state") or "")
        if (self.met and row.get(self.met)) or state in self.held:
            return None
        if self.only and state not in self.only:
            return None
        return moment(row.get(self.column))


DEADLINES: Final[Mapping[str, Deadline]] = {
    "urban_open": Deadline(held=("挂账",)),
    "whistle_open": Deadline("report_due_at", only=("已吹哨", "已签收")),
    "land_open": Deadline("check_due_at", met="checked_at"),
    "enforcement_open": Deadline("decision_due_on", met="decided_at"),
    "hazard_open": Deadline("due_on"),
}
_USUAL: Final = Deadline()


def deadline(metric: str) -> Deadline:
    """The deadline of the rows of a stock."""
    return DEADLINES.get(metric, _USUAL)


def moment(value: Any) -> datetime | None:
    """A day as a deadline lasts until its end."""
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(23, 59, 59))
    return None
