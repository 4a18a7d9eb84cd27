"""When a matter of each kind has to be done, when its deadline presses no more, when it is over.

One table for lists, pages of cases, home and map, as the models of the warehouse have it
(`limit_at`, `ended_at`): a shelved case of the urban management is not late, a spot of the illegal
building watch not once checked, a case of enforcement not once decided, a whistle not once all
have come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from config import workdays
from warehouse.read import Filter

Values = Mapping[str, tuple[Any, ...]]  # by column; none means any value
NEW, OPEN, ENDED = "new", "open", "ended"
OVER, SOON = "over", "soon"
DUE: Final = {OVER: "超期", SOON: "临期"}
SOON_WORKDAYS: Final = 2
_ENDS: Final = timedelta(hours=23, minutes=59, seconds=59)


@dataclass(frozen=True, slots=True)
class Deadline:
    """How the rows of one fact tell it: deadline, beginning, end, and what takes the press away.

    `met` is the column whose value meets the deadline, `held` are states in which it rests, `only`
    the states that need it; `eased` says so in a word. `exempt` rows have none. `within` counts
    days from a column where the platform names no deadline. `gone` ends a matter that was not
    closed; `proof` has to hold for the closing to count.
    """

    column: str = "due_at"
    began: str = ""
    met: str = ""
    held: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    eased: str = ""
    exempt: tuple[str, str] | None = None
    within: tuple[str, int] | None = None
    closed: tuple[str, ...] = ("closed_at",)
    proof: str = ""
    gone: Values | None = None

    def limit(self, row: Mapping[str, Any]) -> datetime | None:
        """When a row has to be done, whether that presses or not; None where it has no deadline."""
        if self.exempt and row.get(self.exempt[0]) == self.exempt[1]:
            return None
        named = moment(row.get(self.column))
        if named is not None or self.within is None:
            return named
        column, days = self.within
        since = row.get(column)
        return moment(since.date() + timedelta(days=days)) if since else None

    def of(self, row: Mapping[str, Any]) -> datetime | None:
        """When a row has to be done; None where nothing presses."""
        return None if self.is_eased(row) else self.limit(row)

    def is_eased(self, row: Mapping[str, Any]) -> bool:
        """Whether a deadline presses no more though the matter may be open."""
        state = str(row.get("state") or "")
        met = bool(self.met and row.get(self.met))
        return met or state in self.held or bool(self.only and state not in self.only)

    def filters(self, near: str, at: datetime) -> list[Filter]:
        """The rows of a stock that are over their deadline at a moment, or near it, as a table
        filters: the same rows that `of` gives a deadline of that nearness."""
        edge: Any = at if self.column.endswith("_at") else datetime.combine(at.date(), time())
        found = [Filter(self.column, "less", (edge,), self.within)]
        if near == SOON:
            later = datetime.combine(workdays.add_workdays(at.date(), SOON_WORKDAYS + 1), time())
            found = [
                Filter(self.column, "at_least", (edge,), self.within),
                Filter(self.column, "less", (later,), self.within),
            ]
        if self.met:
            found.append(Filter(self.met, "blank"))
        found += [Filter("state", "not_equals", (state,)) for state in self.held]
        if self.only:
            found.append(Filter("state", "among", self.only))
        if self.exempt:
            found.append(Filter(self.exempt[0], "not_equals", (self.exempt[1],)))
        return found

    def ended(self, row: Mapping[str, Any]) -> datetime | None:
        """When a row was closed; None where it was not, or only the fact is known."""
        if self.proof and not row.get(self.proof):
            return None
        found = (row[name] for name in self.closed if row.get(name))
        return moment(next(found, None), last=False)

    def stands(self, row: Mapping[str, Any]) -> str:
        """Whether a row is among the open ones, over, or has not begun to count."""
        if self.ended(row) is not None or any(
            _holds(row.get(name), values) for name, values in (self.gone or {}).items()
        ):
            return ENDED
        return OPEN if not self.began or row.get(self.began) else NEW


def _holds(value: Any, values: tuple[Any, ...]) -> bool:
    return value in values if values else value not in (None, "")


_WITHDRAWN: Final = ("退单", "退单成功", "不予受理", "并单", "作废")
FACTS: Final[Mapping[str, Deadline]] = {
    "hotline_order": Deadline(
        began="received_at",
        gone={
            "merged_into": (),
            "close_kind": _WITHDRAWN,
            "state": ("已退单", "退单成功", "不予受理", "作废"),
        },
    ),
    "mediation_case": Deadline(
        began="accepted_at",
        gone={
            "close_kind": ("并案", "撤回", "不予受理"),
            "result": ("撤回",),
            "state": ("不予受理",),
        },
    ),
    "grid_event": Deadline(began="reported_at", gone={"state": ("作废",), "valid": (False,)}),
    "urban_case": Deadline(
        began="reported_at", held=("挂账",), eased="挂账", gone={"state": ("不予立案", "作废")}
    ),
    "linkage_order": Deadline(
        began="created_at", gone={"state": ("作废",), "close_kind": ("作废",)}
    ),
    "safety_hazard": Deadline(
        "due_on", began="found_at", closed=("rechecked_at", "fixed_at"), proof="passed"
    ),
    "whistle": Deadline(
        "report_due_at", began="blown_at", only=("已吹哨", "已签收"), eased="已报到"
    ),
    "land_clue": Deadline(
        "check_due_at",
        began="found_at",
        met="checked_at",
        eased="已核查",
        closed=("cleared_at",),
    ),
    "enforcement_case": Deadline(
        "decision_due_on",
        began="filed_at",
        met="decided_at",
        eased="已决定",
        exempt=("procedure", "简易程序"),
        within=("filed_at", 90),
    ),
    "petition_case": Deadline(began="registered_at"),
    "peoples_mediation_case": Deadline(began="accepted_at", closed=("settled_at",)),
    "police_call": Deadline(began="alarm_at", met="fed_back_at", eased="已反馈"),
    "service_case": Deadline(began="accepted_at"),
    "civil_service": Deadline("due_on", closed=("decided_on",), gone={"result": ("撤回",)}),
    "market_check": Deadline("due_on", met="rectified", eased="已整改", closed=("rechecked_at",)),
    "straw_fire_alarm": Deadline("", closed=("handled_at",), gone={"state": ("误报",)}),
    "iot_event": Deadline("", closed=("recovered_at",)),
}
UNKNOWN: Final = Deadline("", closed=())  # of cameras, teams and others that nobody has to do
STOCKS: Final[Mapping[str, str]] = {
    "hotline_open": "hotline_order",
    "mediation_open": "mediation_case",
    "grid_open": "grid_event",
    "urban_open": "urban_case",
    "linkage_open": "linkage_order",
    "hazard_open": "safety_hazard",
    "whistle_open": "whistle",
    "land_open": "land_clue",
    "enforcement_open": "enforcement_case",
    "petition_open": "petition_case",
    "iot_alarms_open": "iot_event",
}


def deadline(metric: str) -> Deadline:
    """The deadline of the rows of a stock."""
    return FACTS[STOCKS[metric]]


def moment(value: Any, *, last: bool = True) -> datetime | None:
    """A day as a deadline lasts until its end."""
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time()) + (_ENDS if last else timedelta())
    return None
