"""The figures of one week, as they were read: no words, no rounding, nothing drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from config.periods import Period


@dataclass(frozen=True, slots=True)
class Pair:
    """A rate as its numerator and denominator; (None, None) where nothing was measured."""

    num: float | None = None
    den: float | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A number now, in the period before and a year ago, like for like; None = not known."""

    now: float | None = None
    before: float | None = None
    year: float | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate now, in the period before and a year ago."""

    now: Pair = Pair()
    before: Pair = Pair()
    year: Pair = Pair()


@dataclass(frozen=True, slots=True)
class Flow:
    """Stock and flow of one kind of matter: opening + added − closed − left = open."""

    opening: float
    added: float
    closed: float
    left: float
    open: float

    @property
    def balances(self) -> bool:
        """Whether the five figures agree."""
        return self.opening + self.added - self.closed - self.left == self.open


@dataclass(frozen=True, slots=True)
class Part:
    """One class or community of a whole."""

    key: str
    name: str
    count: Count


@dataclass(frozen=True, slots=True)
class Place:
    """One community of the week."""

    name: str
    received: Count
    on_time: Pair
    open: float
    overdue: float


@dataclass(frozen=True, slots=True)
class Matter:
    """One open case, composed of codes: never a citizen's words."""

    no: str
    kind: str
    place: str
    unit: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Week:
    """One bar of the trend: a week and how many orders it had."""

    label: str
    first: date
    last: date
    value: float
    holidays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hotline:
    """The hotline's week."""

    received: Count
    closed: Count
    on_time: Rate
    response: Rate
    resolution: Rate
    satisfaction: Rate
    days: Count
    repeat: Rate
    overdue: Count
    flow: Flow | None
    classes: tuple[Part, ...]
    repeat_classes: tuple[Part, ...]
    places: tuple[Place, ...]
    weeks: tuple[Week, ...]
    per_workday: Count
    overdue_list: tuple[Matter, ...]
    due_next: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a mediation line: accepted, and how many of these are closed."""

    label: str
    accepted: float
    closed: float


@dataclass(frozen=True, slots=True)
class Line:
    """One mediation line: the centre's own cases or those of the units."""

    key: str
    accepted: Count
    closed: Count
    flow: Flow | None
    year_rate: Rate
    success: Pair
    days: Count
    months: tuple[Month, ...]
    types: tuple[Part, ...]
    due_next: tuple[tuple[date, int], ...]
    overdue: float


@dataclass(frozen=True, slots=True)
class Mediation:
    """The mediation centre's week: two lines that are never added."""

    lines: tuple[Line, ...]
    links: tuple[tuple[str, int], ...]
    overdue_list: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class Gauge:
    """One gauge's week in metres of its own datum, and its rain."""

    name: str
    river: str
    highest: float | None
    highest_at: datetime | None
    lowest: float | None
    last: float | None
    last_at: datetime | None
    start: float | None
    patrol: float | None
    warning: float | None
    guarantee: float | None
    rain: float | None
    lead: bool = False


@dataclass(frozen=True, slots=True)
class WeatherWarning:
    """A weather warning of the week or in force at its end."""

    kind: str
    level: str
    issued_at: datetime | None
    ends_at: datetime | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class Flood:
    """Levels, rain and weather of the week."""

    gauges: tuple[Gauge, ...]
    over_warning: Count
    near_margin: float
    datum: str
    warnings: tuple[WeatherWarning, ...]
    warm: float | None
    cold: float | None


@dataclass(frozen=True, slots=True)
class Feed:
    """One platform and how far its data reach."""

    name: str
    last_success: datetime | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """What a metric is and how old its data are: the text of a note."""

    metric: str
    version: str
    name: str
    basis: str
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Workdays and days off of the week, the week before, the last eight and the week to come."""

    workdays: int
    workdays_before: int
    days_off: tuple[tuple[str, int], ...]
    worked: tuple[date, ...]
    next_first: date
    next_last: date
    next_days_off: tuple[tuple[str, tuple[date, ...]], ...]
    next_worked: tuple[date, ...]
    next_workdays: int
    next_known: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything one issue stands on."""

    period: Period
    before: Period
    year: Period
    until: datetime
    finished: bool
    hotline: Hotline
    mediation: Mediation
    flood: Flood
    feeds: tuple[Feed, ...]
    calendar: Calendar
    bases: tuple[Basis, ...]
    site_name: str
    street: str
    demo: bool
    as_of: datetime | None
    generation: int
