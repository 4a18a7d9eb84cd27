"""What a case page says of a case: two clocks, the due day, its events in order; pure.

Platforms name their columns differently; the lists below say which one means what, best first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from config import workdays
from dashboard import wording
from dashboard.pages.deadlines import ENDED, FACTS, UNKNOWN, moment
from warehouse.read import Matter, Steps

_UNIT: Final = ("unit_main", "unit", "main_unit", "assigned_unit", "squad", "org", "handler")
_HELPING: Final = ("units_co", "co_units")
_MATTER: Final = ("class_name", "type_name", "cause", "category", "change_type", "kind", "item")
_PLACE: Final = ("community_code", "community")
_TITLE: Final = ("title",)
_PARTIES: Final = ("parties", "party", "caller_name", "owner", "subject")
_WHAT: Final = ("action", "step", "event", "kind")
_NOTES: Final = ("note", "document", "unit", "to_state", "actor_unit", "opinion", "department")
_UNSAID: Final = ("updated_at", "changed_at")
_DEADLINE: Final = "due"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, or will have to, in the life of a case."""

    at: datetime
    what: str
    note: str = ""
    by: str = ""
    deadline: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """A case in words and times.

    `due` is its deadline, `presses` the same while nothing meets or holds it, and `eased` says what
    does. `stands` tells whether it is open; `closed` is None where the moment is not known.
    """

    number: str
    matter: str
    state: str
    place: str | None
    unit: str
    helping: str
    parties: str
    began: datetime | None
    due: datetime | None
    presses: datetime | None
    eased: str
    stands: str
    closed: datetime | None
    events: Sequence[Event]

    def days(self, now: datetime) -> int | None:
        """Calendar days from its beginning until it was closed, or until now."""
        until = self._until(now)
        if self.began is None or until is None:
            return None
        return (until.date() - self.began.date()).days

    def _until(self, now: datetime) -> datetime | None:
        """The moment at which both clocks stand; none where it was withdrawn nobody knows when."""
        return self.closed if self.stands == ENDED else now

    def workday(self, now: datetime) -> int | None:
        """On which workday it stands, counted from the day after it came."""
        until = self._until(now)
        if self.began is None or until is None:
            return None
        return workdays.workdays_between(self.began.date(), until.date())

    def limit_days(self) -> int | None:
        """How many calendar days it has in all."""
        if self.began is None or self.due is None:
            return None
        return (self.due.date() - self.began.date()).days


def facts(case: Matter) -> Facts:
    """The facts of a case from its row and its steps."""
    row = case.row
    found = sorted(_events(case), key=lambda event: event.at)
    past = [event.at for event in found if not event.deadline]
    known = FACTS.get(case.fact, UNKNOWN)
    return Facts(
        number=case.key,
        matter=str(_first(row, _MATTER) or ""),
        state=str(row.get("state") or ""),
        place=_first(row, _PLACE),
        unit=str(_first(row, _UNIT) or ""),
        helping=str(_first(row, _HELPING) or ""),
        parties=str(_first(row, _PARTIES) or ""),
        began=min(past) if past else None,
        due=known.limit(row),
        presses=known.of(row),
        eased=known.eased if known.is_eased(row) else "",
        stands=known.stands(row) if known is not UNKNOWN else "",
        closed=known.ended(row),
        events=found,
    )


def _first(row: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)


def _events(case: Matter) -> Iterator[Event]:
    told = [event for name in case.steps for event in _of_steps(case.steps[name])]
    yield from told
    single = any(len(_times(steps.columns)) == 1 for steps in case.steps.values())
    for column in case.columns:
        at = moment(case.row.get(column.name))
        if at is None or column.type not in ("timestamp", "date") or column.name in _UNSAID:
            continue
        deadline = _DEADLINE in column.name
        if single and not deadline:
            continue  # the platform's own steps say it, and better
        yield Event(at, _word(column.label), deadline=deadline)


def _times(columns: Sequence[Any]) -> list[Any]:
    return [each for each in columns if each.type == "timestamp" and each.name not in _UNSAID]


def _of_steps(steps: Steps) -> Iterator[Event]:
    """A step with one time is an event; one with many, such as a department, is several."""
    times = _times(steps.columns)
    for row in steps.rows:
        for column in times:
            at = moment(row.get(column.name), last=False)
            if at is None:
                continue
            what = _first(row, _WHAT) if len(times) == 1 else _word(column.label)
            notes = [str(row[name]) for name in _NOTES if row.get(name)]
            by = str(_first(row, ("department", "unit", "actor_unit")) or "")
            yield Event(
                at,
                str(what or _word(column.label)),
                "，".join(dict.fromkeys(note for note in notes if note != by)),
                by,
                deadline=_DEADLINE in column.name,
            )


def _word(label: str) -> str:
    """受理时间 as 受理; a limit keeps its word."""
    return label.removesuffix("时间").removesuffix("时刻") or label


def clock_words(found: Facts, now: datetime) -> list[tuple[str, str, str]]:
    """The two clocks and the deadline: name, figure, small words."""
    days, workday, limit = found.days(now), found.workday(now), found.limit_days()
    over = found.stands == ENDED
    return [
        (
            "自然日",
            wording.NONE if days is None else f"{'历时' if over else '已'} {days} 天",
            "" if limit is None else f"限 {limit} 天",
        ),
        (
            "工作日",
            wording.NONE if workday is None else f"第 {workday} 天",
            "" if found.began is None else f"{wording.day(found.began.date())}次日起算",
        ),
    ]
