"""The whole state of a page is its address: period, filters, drill level, open proof.

A word that is not known stays in the address, is marked on the page and never reaches a query,
so that a link from a newer version or a mistyped one still opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, quote, urlencode

from config import periods

FILTERS = ("source", "line", "community", "grid", "unit", "class")
PROOF = (
    "proof",
    "from",
    "to",
    *(f"p-{name}" for name in FILTERS),
    "was",
    "against",
    "whole",
    "by",
    "part",
    "rows",
    "due",
    "view",
    "gen",
    "sent",
    "sent-at",
)
KEYS = (
    "no",
    "user",
    "period",
    "of",
    "at",
    *FILTERS,
    "down",
    "with",
    "beside",
    "vs",
    "step",
    "show",
    "more",
    "station",
    "platform",
    "lamp",
    "span",
    "layers",
    "shade",
    "thing",
    *PROOF,
)
DRILLED = ("community", "class")  # dimensions with a level below
LINES = {"centre": "中心牵头", "unit": "常轮随驻单位"}
UNKNOWN = {
    "community": "未定到村",
    "grid": "未定到网格",
    "unit": "未定承办单位",
    "class": "未分类",
    "line": "未定条线",
}
VERSUS = {"previous": "上期同样天数", "year": "去年同期"}
STEPS = {"day": "按日", "week": "按周", "month": "按月"}
SPANS = {"24h": "24 小时", "7d": "7 天", "30d": "30 天"}
PARTS = ("numerator", "not_numerator", "excluded")
CHOICES: Mapping[str, Mapping[str, str]] = {
    "line": LINES,
    "vs": VERSUS,
    "step": STEPS,
    "span": SPANS,
    "part": dict.fromkeys(PARTS, ""),
    "rows": {"1": ""},
}


@dataclass(frozen=True, slots=True)
class State:
    """One address: its path and its words in the order they were written."""

    path: str
    words: tuple[tuple[str, str], ...] = ()

    def get(self, key: str) -> str:
        """The first value of a word, empty when it is not there."""
        return next((value for name, value in self.words if name == key), "")

    def but(self, **changes: str | None) -> State:
        """The same address with some words changed in place, added, or left out (None).

        An underscore in a name stands for the hyphen of the address.
        """
        wanted = {name.replace("_", "-"): value for name, value in changes.items()}
        words: list[tuple[str, str]] = []
        for name, value in self.words:
            if name not in wanted:
                words.append((name, value))
                continue
            new = wanted.pop(name)
            if new:
                words.append((name, new))
            wanted[name] = None  # a second word of that name goes too
        words += [(name, value) for name, value in wanted.items() if value]
        return replace(self, words=tuple(words))

    def only(self, names: Iterable[str]) -> State:
        """The same address with nothing but these words."""
        kept = set(names)
        return replace(self, words=tuple(word for word in self.words if word[0] in kept))

    def without(self, names: Iterable[str]) -> State:
        """The same address without these words."""
        gone = set(names)
        return replace(self, words=tuple(word for word in self.words if word[0] not in gone))

    @property
    def down(self) -> tuple[str, ...]:
        """The dimensions whose chosen value has been gone into."""
        return tuple(name for name in self.get("down").split(",") if name in DRILLED)

    def toggled(self, name: str, value: str) -> State:
        """The same address with a filter set, or taken off when it was just that.

        The level that is looked at stays: a filter that is new has not been gone into.
        """
        kept = ",".join(one for one in self.down if one != name) or None
        new = None if self.get(name) == value else value
        below: dict[str, str | None] = {"grid": None} if name == "community" else {}
        return self.without(PROOF).but(**{**below, name: new, "down": kept})

    def drilled(self, name: str, *, on: bool = True) -> State:
        """The same address one level down within a filter's value, or up again."""
        names = [one for one in self.down if one != name] + ([name] if on else [])
        return self.without(PROOF).but(down=",".join(names) or None)

    def days(self, span: Span, first: date, last: date) -> State:
        """The address with some days of its period alone; where these are chosen, without them:
        `of` is the period that they were chosen from, and it comes back."""
        plain = self.without(PROOF)
        if self.has_days(span, first, last):
            return plain.but(period=self.get("of"), of=None)
        return plain.but(period=f"{first}..{last}", of=self.get("of") or span.period.key)

    def has_days(self, span: Span, first: date, last: date) -> bool:
        """Whether these days were chosen from a period."""
        return bool(self.get("of")) and (span.first, span.last) == (first, last)

    @property
    def search(self) -> str:
        """The part of the address after the path, with its question mark."""
        return f"?{urlencode(self.words, quote_via=quote, safe=':/.,')}" if self.words else ""

    @property
    def href(self) -> str:
        """The address as a link."""
        return self.path + self.search


def parse(path: str | None, search: str | None) -> State:
    """The state that an address holds; what a browser sends may be anything."""
    path, search = (text if isinstance(text, str) else "" for text in (path, search))
    words = parse_qsl(search.removeprefix("?"), keep_blank_values=False)
    return State(path or "/", tuple(words))


@dataclass(frozen=True, slots=True)
class Span:
    """The period of a page: as asked, as far as it has gone, and what it is compared with."""

    period: periods.Period
    first: date
    last: date
    today: date
    previous: periods.Period
    year: periods.Period
    running: bool

    @property
    def same(self) -> bool:
        """Whether the period before and the year before are the same days."""
        return (self.previous.first, self.previous.last) == (self.year.first, self.year.last)

    def versus(self, key: str) -> periods.Period:
        """The period that `vs` asks for: the one before, or the year before."""
        return self.previous if key == "previous" else self.year


@dataclass(frozen=True, slots=True)
class Resolved:
    """What of an address a query may use, and the words that it may not."""

    span: Span
    filters: Mapping[str, str]
    unknown: tuple[tuple[str, str], ...] = ()
    versus: str = "year"
    step: str = ""
    station: str = ""
    view: str = ""
    beside: tuple[str, ...] = ()
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def name_of(self, key: str) -> str:
        """How people call the chosen value of a filter."""
        value = self.station if key == "station" else self.filters.get(key, "")
        return self.options.get(key, {}).get(value, value)


def span_of(key: str, today: date) -> Span:
    """The days of a period key up to today, with both comparisons cut to the same length."""
    whole = periods.parse(key, today)
    cut = periods.elapsed(whole, today)
    return Span(
        period=whole,
        first=cut.first,
        last=cut.last,
        today=today,
        previous=periods.previous(whole, today),
        year=periods.last_year(whole, today),
        running=cut.last < whole.last or cut.last == today,
    )


def resolve(state: State, today: date, options: Mapping[str, Mapping[str, str]]) -> Resolved:
    """Take from an address what is known; `options` are the values a filter may take, by name."""
    unknown: list[tuple[str, str]] = []
    until = _day(state.get("at"), today)
    if state.get("at") and until is None:
        unknown.append(("at", state.get("at")))
    today = until or today
    try:
        span = span_of(state.get("period"), today)
    except periods.UnknownPeriod as error:
        unknown.append(("period", error.key))
        span = span_of("", today)
    filters: dict[str, str] = {}
    for name in FILTERS:
        value = state.get(name)
        if not value:
            continue
        if value in options.get(name, {}):
            filters[name] = value
        else:
            unknown.append((name, value))
    chosen = {name: _chosen(state, name, unknown) for name in ("vs", "step", "span")}
    beside = _beside(state.get("beside"), today, options)
    if state.get("beside") and not beside:
        unknown.append(("beside", state.get("beside")))
    seen = {name for name, _ in unknown}
    known = KEYS if state.get("proof") else tuple(key for key in KEYS if key not in PROOF)
    unknown += [word for word in state.words if word[0] not in known and word[0] not in seen]
    return Resolved(
        span=span,
        filters=filters,
        unknown=tuple(unknown),
        versus=chosen["vs"] or "year",
        step=chosen["step"],
        station=state.get("station"),
        view=chosen["span"],
        beside=beside,
        options=options,
    )


def _beside(text: str, today: date, options: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Whom or which days a page is held against; nothing where it is not known."""
    dimension, _, value = text.partition(":")
    if dimension == "period":
        try:
            found = periods.parse(value, today)
        except periods.UnknownPeriod:
            return ()
        return (dimension, value) if found.first <= today else ()
    known = dimension in (*FILTERS, "station") and value in options.get(dimension, {})
    return (dimension, value) if known else ()


def lasting(state: State, today: date) -> State:
    """The address as it is copied: a running or unnamed period is pinned to the days it showed."""
    if state.get("at"):
        return state
    try:
        whole = periods.parse(state.get("period"), today)
    except periods.UnknownPeriod:
        return state
    pinned = state.but(period=whole.key)
    if whole.first <= today <= whole.last:
        pinned = pinned.but(at=today.isoformat())
    return pinned


def neighbours(span: Span) -> tuple[str, str | None]:
    """The keys of the period before and after; no period that has not begun is offered."""
    before = periods.step(span.period, -1)
    after = periods.step(span.period, 1)
    begins = periods.parse(after, span.today).first
    if span.period.kind == "ytd" and begins.year > span.today.year:
        return before, None
    return before, after if begins <= span.today else None


def months_to(last: date, count: int) -> date:
    """The first day of the month `count` - 1 months before the month of `last`."""
    index = last.year * 12 + last.month - count
    return date(index // 12, index % 12 + 1, 1)


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _chosen(state: State, name: str, unknown: list[tuple[str, str]]) -> str:
    value = state.get(name)
    if value and value not in CHOICES[name]:
        unknown.append((name, value))
        return ""
    return value


def _day(text: str, today: date) -> date | None:
    """The day a link was made on; a day that has not come is not known."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day <= today else None
